//! The preview's server: from requests to files of the site, made when they are asked for, and to
//! events that tell a tab when its page is another.
//!
//! - `listen`, `hosts`: where it listens, and to whom it answers.
//! - `resolve`, `types`: what an address leads to, and what the browser is told that it is.
//! - `shown`, `assets`: what an address shows at this moment.
//! - `script`, `events`, `client/`: what only the preview adds; its script patches the page in its
//!   place, or loads it again.
//! - `notice`: what it says where the site has nothing.
//!
//! One thread answers all requests; what takes a while runs on others.
//!
//! Invariants: nothing here reads a disk. It may be asked before the site was read. What it sends of
//! a page is what `build` writes, but for one element.

mod assets;
mod events;
mod hosts;
mod listen;
mod notice;
mod reply;
mod resolve;
mod script;
mod shown;
mod types;

use std::io;
use std::sync::Arc;
use std::thread;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt;
use gleaner::pipeline::{Preview, Refreshed};

use hosts::Hosts;
use shown::Shown;

pub(crate) use listen::{Listening, PORT};

/// How many pages are made at the same time: the cores, but for a browser that has many tabs.
const AT_ONCE: usize = 8;

/// What those are told who ask for another server.
const NOT_OUR_NAME: &str = "This server does not answer to that name: a page of somebody else may \
    have sent you here.\nTo use the name, start it as `gleaner serve --host NAME`.\n";

/// A server that runs.
#[derive(Debug)]
pub(crate) struct Server {
    shown: Shown,
    hosts: Hosts,
}

impl Server {
    /// Answers whoever asks at this socket, from now on until the process ends.
    pub(crate) fn start(
        listening: Listening,
        preview: Arc<Preview>,
        process: u64,
    ) -> io::Result<Arc<Self>> {
        let server = Arc::new(Server {
            shown: Shown::new(preview, process),
            hosts: Hosts::new(listening.address.ip(), &listening.host),
        });
        listening.socket.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(AT_ONCE)
            .build()?;
        let app = app(&server);
        thread::Builder::new()
            .name("server".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    let socket = tokio::net::TcpListener::from_std(listening.socket)?;
                    // Events are small, and late if they wait for more to send.
                    let socket = socket.tap_io(|stream| {
                        let _ = stream.set_nodelay(true);
                    });
                    axum::serve(socket, app).await
                })
            })?;
        Ok(server)
    }

    /// Lets all tabs look again, after a refresh of the preview.
    pub(crate) fn announce(&self, refreshed: &Refreshed) {
        self.shown.announce(&refreshed.edition, &refreshed.changed);
    }
}

fn app(server: &Arc<Server>) -> Router {
    Router::new()
        .route(script::EVENTS, get(events::stream))
        .route(script::SCRIPT, get(client_script))
        .route(script::STYLES, get(client_styles))
        .fallback(site)
        .layer(from_fn_with_state(Arc::clone(server), guard))
        .with_state(Arc::clone(server))
}

async fn client_script(headers: HeaderMap) -> Response {
    reply::embedded("reload.js", script::SCRIPT_TEXT, &headers)
}

async fn client_styles(headers: HeaderMap) -> Response {
    reply::embedded("overlay.css", script::STYLES_TEXT, &headers)
}

/// Answers only to those who ask for this server by its name, and from its own pages.
async fn guard(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let mut response = match server.refuses(request.headers(), request.uri()) {
        Some((status, why)) => reply::text(status, why),
        None => next.run(request).await,
    };
    // A page of somebody else may not show or run what is here: such requests carry no origin.
    let own = HeaderValue::from_static("same-origin");
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), own);
    response
}

impl Server {
    fn refuses(&self, headers: &HeaderMap, uri: &Uri) -> Option<(StatusCode, &'static str)> {
        let header = |name| {
            let value = headers.get(name);
            value.map(|value| value.to_str().unwrap_or("?"))
        };
        let Some(host) = header(HOST) else {
            return Some((StatusCode::BAD_REQUEST, "The request names no host.\n"));
        };
        // A request may name its host in two places.
        let is_ours = |host: &str| self.hosts.allow(host);
        if !is_ours(host) || !uri.host().is_none_or(is_ours) {
            return Some((StatusCode::FORBIDDEN, NOT_OUR_NAME));
        }
        // Behind a proxy, a page of ours may come by https.
        let is_own = |origin: &str| {
            let (scheme, bare) = origin.split_once("://").unwrap_or_default();
            matches!(scheme, "http" | "https") && bare.eq_ignore_ascii_case(host)
        };
        let not_ours = "The request comes from a page of somebody else.\n";
        (!header(ORIGIN).is_none_or(is_own)).then_some((StatusCode::FORBIDDEN, not_ours))
    }
}

/// Answers with the site.
async fn site(
    State(server): State<Arc<Server>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return reply::not_allowed();
    }
    let is_head = method == Method::HEAD;
    let make = move || reply::site(&server.shown, &uri, &headers);
    match tokio::task::spawn_blocking(make).await {
        Ok(response) if is_head => reply::without_body(response),
        Ok(response) => response,
        // The panic was told where it happened.
        Err(_) => reply::text(
            StatusCode::INTERNAL_SERVER_ERROR,
            "This page could not be made: see the terminal.\n",
        ),
    }
}
