//! An address that is a secret: read from the environment, and given to nobody.

use super::server::{Answer, Server};
use super::{feed, feed_with, site};
use crate::site::{Outcome, Site, files};

const TOKEN: &str = "s3cr3t-t0ken-4711";

/// A site whose one feed has the address of this path in `FEED_URL`.
fn secret_site(server: &Server, path: &str, settings: &str) -> Site {
    let url: &'static str = Box::leak(server.url(path).into_boxed_str());
    let settings = format!("url_env = \"FEED_URL\"\n{settings}");
    site(&[("starred", &settings)]).variable("FEED_URL", url)
}

/// Asserts that the token stands nowhere: neither in what was said, nor in what was written.
#[track_caller]
fn is_silent(site: &Site, outcomes: &[Outcome]) {
    for outcome in outcomes {
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(!said.contains(TOKEN), "{said}");
    }
    for file in files(site.path()) {
        let bytes = site.read_bytes(&file).unwrap();
        let found = memchr::memmem::find(&bytes, TOKEN.as_bytes());
        assert_eq!(found, None, "{file}");
    }
}

#[test]
fn a_secret_address_is_asked_and_never_told() {
    let server = Server::start();
    let path = format!("/feed?token={TOKEN}");
    let site = secret_site(&server, &path, "");
    let answer = Answer::ok(feed("2026-11-01T00:00:00Z", &["a"]));
    server.says(&path, [answer.clone().etag(&format!("\"{TOKEN}\""))]);
    let mut outcomes = vec![site.fetch_on(1, &[])];
    assert_eq!(
        (outcomes[0].code, site.snapshots().len()),
        (0, 1),
        "{outcomes:?}"
    );
    for answer in [
        Answer::new(403, TOKEN),
        Answer::new(410, TOKEN),
        Answer::new(500, TOKEN),
        Answer::ok(format!("<html>{TOKEN}</html>")),
        Answer::redirect(302, &path),
        Answer::redirect(301, &format!("gopher://x/{TOKEN}")),
        Answer::redirect(301, &format!("/gone?token={TOKEN}")),
        Answer::redirect(301, &format!("http://256.256.256.256/{TOKEN}")),
        answer.cut(50),
    ] {
        server.says(&path, [answer]);
        for format in ["human", "json", "short"] {
            outcomes.push(site.fetch_on(2, &["--message-format", format]));
        }
    }
    // Moved for good: that is said, where to is not.
    let moved = format!("/moved?token={TOKEN}");
    server.says(&path, [Answer::redirect(301, &moved)]);
    server.says(&moved, [Answer::ok(feed("2026-11-01T00:00:00Z", &["b"]))]);
    let outcome = site.fetch_on(3, &[]);
    assert!(
        outcome
            .stderr
            .contains("moved for good to an address at 127.0.0.1"),
        "{outcome:?}"
    );
    outcomes.push(outcome);
    is_silent(&site, &outcomes);
}

#[test]
fn a_response_that_holds_the_secret_is_not_stored_unless_that_is_allowed() {
    let server = Server::start();
    let path = format!("/feed?user=1&token={TOKEN}");
    let link = format!(
        "<link rel='self' href='{}'/>",
        server.url(&path).replace('&', "&amp;")
    );
    let echo = feed_with("2026-11-01T00:00:00Z", &link, &["a"]);
    server.says(&path, [Answer::ok(&echo)]);
    let site = secret_site(&server, &path, "");
    let outcome = site.fetch_on(1, &[]);
    outcome.told(
        1,
        &["site.toml:6:8: error[fetch-secret]: starred: the response holds the secret address; it was not stored"],
    );
    is_silent(&site, &[outcome]);
    // Stored, if that is allowed; printed, never, not even where it is what is broken.
    let allowed = secret_site(&server, &path, "store_secret = true");
    let broken = format!(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>&{TOKEN}</title><entry><id>urn:z</id></entry><entry><id>{TOKEN}"
    );
    server.says(&path, [Answer::ok(echo), Answer::ok(broken)]);
    for day in [1, 2] {
        let outcome = allowed.fetch_on(day, &["--message-format", "human"]);
        assert!(
            outcome.code == 0 && !outcome.stderr.contains(TOKEN),
            "{outcome:?}"
        );
    }
    assert!(allowed.snapshots().len() == 2, "{:?}", allowed.snapshots());
}

#[test]
fn a_variable_that_holds_no_address_is_an_error_and_a_build_never_reads_it() {
    let site = site(&[("starred", "url_env = \"FEED_URL\"")]);
    site.fetch_on(1, &[]).told(
        1,
        &["site.toml:6:8: error[fetch-no-address]: starred: no address in `FEED_URL`"],
    );
    let site = site.variable("FEED_URL", "s3cr3t-t0ken-4711");
    let outcome = site.fetch_on(1, &[]);
    outcome.told(
        1,
        &["site.toml:6:8: error[fetch-no-address]: starred: FEED_URL holds no address of a website"],
    );
    is_silent(&site, &[outcome]);
    let checked = site.gleaner(&["check"]);
    assert_eq!(checked.code, 0, "{checked:?}");
}

#[test]
fn a_login_is_sent_to_the_host_that_it_is_for() {
    let (server, other) = (Server::start(), Server::start());
    let url = server
        .url("/feed")
        .replace("http://", "http://ada:p4ssw0rd!@");
    let url: &'static str = Box::leak(url.into_boxed_str());
    let site = site(&[("starred", "url_env = \"FEED_URL\"")]).variable("FEED_URL", url);
    server.says("/feed", [Answer::redirect(302, "/here")]);
    server.says("/here", [Answer::redirect(302, &other.url("/feed"))]);
    other.says("/feed", [Answer::ok(feed("2026-11-01T00:00:00Z", &["a"]))]);
    assert_eq!(site.fetch_on(1, &[]).code, 0);
    let logins: Vec<_> = server.asked();
    let login = |it: &super::server::Asked| it.header("authorization").map(str::to_owned);
    assert!(
        logins
            .iter()
            .all(|it| login(it).as_deref() == Some("Basic YWRhOnA0c3N3MHJkIQ=="))
    );
    assert_eq!(other.asked().iter().map(login).collect::<Vec<_>>(), [None]);
}
