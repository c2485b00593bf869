//! From what an address shows to a response: status, headers, bytes.

use axum::body::Body;
use axum::http::header::{
    ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, LOCATION, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use gleaner::pipeline::{Edition, Served};

use super::notice;
use super::script::{About, hash};
use super::shown::{Answer, Shown};
use super::types::{content_type, is_page};

const TEXT: &str = "text/plain; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// What this address shows.
pub(super) fn site(shown: &Shown, uri: &Uri, headers: &HeaderMap) -> Response {
    let edition = shown.edition();
    let answer = shown.answer(&edition, uri.path());
    let token = shown.token(&edition);
    let state = shown.state(&edition, &answer);
    let known = match &answer {
        // It has no script of ours.
        Answer::File { path, .. } if !is_page(path) => String::new(),
        _ => known_scripts(&edition),
    };
    let about = |is_ours| About {
        page: uri.path(),
        state: &state,
        edition: &token,
        known: &known,
        is_ours,
    };
    match answer {
        Answer::Waiting => {
            let page = notice::waiting(edition.diagnostics(), &about(true));
            let mut response = ours(StatusCode::SERVICE_UNAVAILABLE, page);
            set(&mut response, RETRY_AFTER, "1");
            response
        }
        Answer::Failed(served) => {
            let mut problems = served.problems;
            problems.extend_from_slice(edition.diagnostics());
            let page = notice::failed(&problems, &about(true));
            ours(StatusCode::INTERNAL_SERVER_ERROR, page)
        }
        Answer::File {
            path,
            served,
            is_missing,
        } => file(&path, served, is_missing, &about(false), headers),
        Answer::Moved { to, for_good } => moved(&to, for_good, uri.query()),
        Answer::Nothing => text(StatusCode::NOT_FOUND, "There is no such page.\n"),
        Answer::Outside => outside(&edition, &about(true), headers),
        Answer::Invalid => text(
            StatusCode::BAD_REQUEST,
            "This is no address of a website.\n",
        ),
    }
}

/// Scripts that look at the page when somebody does something, and keep nothing of it: it may be
/// patched under them. What else they do when they run, `client/patch.js` leaves alone.
const KNOWN: [&str; 3] = ["assets/click.js", "assets/gleaner.js", "assets/theme.js"];

/// Those of the scripts that the site has as we made them: their paths.
fn known_scripts(edition: &Edition) -> String {
    let is_ours = |name: &&str| edition.is_built_in(name);
    let ours = KNOWN.iter().copied().filter(is_ours);
    let paths: Vec<String> = ours
        .map(|name| format!("{}{name}", edition.mount()))
        .collect();
    paths.join(" ")
}

/// A file of the program.
pub(super) fn embedded(name: &str, content: &'static str, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", hash(content));
    if is_known(&tag, headers) {
        return not_modified(&tag);
    }
    let mut response = response(StatusCode::OK, &content_type(name), content.into());
    set(&mut response, ETAG, &tag);
    response
}

/// A sentence.
pub(super) fn text(status: StatusCode, text: &str) -> Response {
    response(status, TEXT, text.to_owned().into())
}

/// The answer to all that would change something.
pub(super) fn not_allowed() -> Response {
    let mut response = text(
        StatusCode::METHOD_NOT_ALLOWED,
        "Here one can only read: GET and HEAD.\n",
    );
    set(&mut response, ALLOW, "GET, HEAD");
    response
}

/// The same response as to a HEAD.
pub(super) fn without_body(response: Response) -> Response {
    let (parts, _) = response.into_parts();
    Response::from_parts(parts, Body::empty())
}

fn file(
    path: &str,
    served: Served,
    is_missing: bool,
    about: &About<'_>,
    headers: &HeaderMap,
) -> Response {
    let (tag, bytes) = if is_page(path) {
        // Its element names the edition, too.
        let tag = format!("\"{}-{}\"", served.hash, about.edition);
        (tag, about.add_to(&served.bytes))
    } else {
        (format!("\"{}\"", served.hash), served.bytes)
    };
    if is_missing {
        return response(StatusCode::NOT_FOUND, &content_type(path), bytes);
    }
    if is_known(&tag, headers) {
        return not_modified(&tag);
    }
    let mut response = response(StatusCode::OK, &content_type(path), bytes);
    set(&mut response, ETAG, &tag);
    response
}

fn outside(edition: &Edition, about: &About<'_>, headers: &HeaderMap) -> Response {
    let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    if accepts.is_some_and(|accepts| accepts.contains("text/html")) {
        return ours(
            StatusCode::NOT_FOUND,
            notice::outside(edition.mount(), about),
        );
    }
    let mount = edition.mount();
    let sentence = format!("Nothing is published here: the site is at {mount}\n");
    text(StatusCode::NOT_FOUND, &sentence)
}

fn moved(to: &str, for_good: bool, query: Option<&str>) -> Response {
    let status = if for_good {
        StatusCode::MOVED_PERMANENTLY
    } else {
        StatusCode::FOUND
    };
    let to = match query {
        Some(query) => format!("{to}?{query}"),
        None => to.to_owned(),
    };
    let mut response = text(status, &format!("Moved to {to}\n"));
    set(&mut response, LOCATION, &to);
    response
}

fn ours(status: StatusCode, page: String) -> Response {
    let mut response = response(status, HTML, page.into());
    set(&mut response, CONTENT_SECURITY_POLICY, notice::POLICY);
    response
}

fn not_modified(tag: &str) -> Response {
    let mut response = response(StatusCode::NOT_MODIFIED, TEXT, Vec::new());
    response.headers_mut().remove(CONTENT_TYPE);
    response.headers_mut().remove(CONTENT_LENGTH);
    set(&mut response, ETAG, tag);
    response
}

/// Whether the browser has this version already.
fn is_known(tag: &str, headers: &HeaderMap) -> bool {
    headers.get_all(IF_NONE_MATCH).iter().any(|value| {
        let tags = value.to_str().unwrap_or_default().split(',');
        tags.map(str::trim)
            .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
    })
}

fn response(status: StatusCode, content_type: &str, bytes: Vec<u8>) -> Response {
    let length = bytes.len().to_string();
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    set(&mut response, CONTENT_TYPE, content_type);
    set(&mut response, CONTENT_LENGTH, &length);
    // Always asked for again, and never sent again if it is the same.
    set(&mut response, CACHE_CONTROL, "no-cache");
    set(&mut response, X_CONTENT_TYPE_OPTIONS, "nosniff");
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    // All that we set is ASCII, but for a query that somebody made up: then there is no such header.
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
