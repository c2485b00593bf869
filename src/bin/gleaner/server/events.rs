//! What a tab is told, over Server-Sent Events, from the moment it opens its stream:
//!
//! - `diagnostics`: what is wrong with the site and with its page; at first, and when it changes.
//! - `reload`: its address shows something else than what the tab says that it has. How it comes to
//!   show that is its own affair.
//! - `assets`: these style sheets, scripts, images or fonts are others than when its page was made.
//!
//! A tab says in the stream's address what it shows, so what it is told never depends on what it, or
//! the server, has been told before. After each edition every stream looks again; one that has
//! nothing to tell sends nothing. In between, nothing runs.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::Uri;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use gleaner::diag::{Diagnostic, Severity};
use gleaner::pipeline::Edition;
use serde::Serialize;
use tokio::sync::watch;

use super::Server;
use super::resolve::decoded;
use super::shown::{Glance, Shown, is_stale};

/// How often a silent stream says that it lives: less than what proxies wait for.
const ALIVE: Duration = Duration::from_secs(25);
/// Diagnostics that a tab is told: more than anyone reads in a browser; the terminal has them all.
const TOLD: usize = 100;

/// A tab with an open stream.
#[derive(Debug, Clone)]
struct Tab {
    page: String,
    hash: String,
    /// The edition that its assets are of, if it is one of this process.
    assets_of: Option<u64>,
    told: Option<String>,
}

/// An event: its name, and what it says.
type News = (&'static str, String);

/// A stream and what it has still to send.
struct Open {
    server: Arc<Server>,
    news: watch::Receiver<u64>,
    tab: Tab,
    queue: VecDeque<News>,
    is_new: bool,
}

/// `GET /-gleaner/events?page=…&hash=…&edition=…`
pub(super) async fn stream(
    State(server): State<Arc<Server>>,
    uri: Uri,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let open = Open {
        tab: Tab::from_query(uri.query().unwrap_or_default(), &server.shown),
        news: server.shown.news(),
        server,
        queue: VecDeque::new(),
        is_new: true,
    };
    let events = unfold(open, |mut open| async {
        let (name, data) = open.next().await?;
        Some((Ok(Event::default().event(name).data(data)), open))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE))
}

impl Open {
    /// The next event; none when the server ends.
    async fn next(&mut self) -> Option<News> {
        loop {
            if let Some(event) = self.queue.pop_front() {
                return Some(event);
            }
            if !std::mem::take(&mut self.is_new) {
                self.news.changed().await.ok()?;
            }
            // Marked before the look: an edition that comes meanwhile gives another one.
            self.news.mark_unchanged();
            self.look().await?;
        }
    }

    /// Makes the page, which takes a while, away from the thread of all streams.
    async fn look(&mut self) -> Option<()> {
        let server = Arc::clone(&self.server);
        let mut tab = self.tab.clone();
        let look = move || {
            let events = tab.look(&server.shown);
            (tab, events)
        };
        let (tab, events) = tokio::task::spawn_blocking(look).await.ok()?;
        self.tab = tab;
        self.queue.extend(events);
        Some(())
    }
}

impl Tab {
    fn from_query(query: &str, shown: &Shown) -> Self {
        let mut tab = Tab {
            page: String::new(),
            hash: String::new(),
            assets_of: None,
            told: None,
        };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "page" => tab.page = value.into_owned(),
                "hash" => tab.hash = value.into_owned(),
                "edition" => tab.assets_of = shown.number(&value),
                _ => {}
            }
        }
        tab
    }

    /// What the tab is to be told now.
    fn look(&mut self, shown: &Shown) -> Vec<News> {
        let edition = shown.edition();
        let glance = shown.glance(&edition, &self.page);
        if is_stale(&self.hash, &glance.state) {
            // The page that comes opens a stream of its own, and is told the rest.
            self.hash = glance.state;
            return vec![("reload", "{}".to_owned())];
        }
        let mut events = Vec::new();
        let told = Told::new(edition.diagnostics(), &glance);
        if let Ok(told) = serde_json::to_string(&told)
            && self.told.as_ref() != Some(&told)
        {
            events.push(("diagnostics", told.clone()));
            self.told = Some(told);
        }
        if edition.is_ready() {
            events.extend(self.look_at_assets(shown, &edition));
        }
        events
    }

    fn look_at_assets(&mut self, shown: &Shown, edition: &Edition) -> Option<News> {
        let since = shown.assets_since(self.assets_of.replace(edition.number()));
        if since.as_ref().is_some_and(Vec::is_empty) {
            return None;
        }
        let mount = decoded(edition.mount()).unwrap_or_default();
        let assets = Assets {
            edition: shown.token(edition),
            paths: since.map(|paths| paths.iter().map(|path| format!("{mount}{path}")).collect()),
        };
        Some(("assets", serde_json::to_string(&assets).ok()?))
    }
}

/// What `assets` says.
#[derive(Debug, Serialize)]
struct Assets {
    /// The edition that the tab's assets are of once it has them.
    edition: String,
    /// Their paths, decoded; null where nobody knows.
    paths: Option<Vec<String>>,
}

/// What `diagnostics` says.
#[derive(Debug, Serialize)]
struct Told<'a> {
    errors: usize,
    warnings: usize,
    /// Errors first, of these the page's own; not all, where there are too many.
    items: Vec<&'a Diagnostic>,
}

impl<'a> Told<'a> {
    fn new(site: &'a [Diagnostic], page: &'a Glance) -> Self {
        let own = page.problems.iter();
        let others = site.iter().filter(|one| !page.problems.contains(one));
        let (errors, warnings): (Vec<_>, Vec<_>) = own
            .chain(others)
            .partition(|one| one.severity == Severity::Error);
        Told {
            errors: errors.len(),
            warnings: warnings.len(),
            items: errors.into_iter().chain(warnings).take(TOLD).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use gleaner::diag::Code;

    use super::*;

    #[test]
    fn the_errors_of_the_page_come_first_and_nothing_twice() {
        let warning = Diagnostic::warning(Code::FeedEmpty, "w");
        let error = Diagnostic::error(Code::ConfigSyntax, "site");
        let own = Diagnostic::error(Code::TemplateFailed, "page");
        let site = [warning.clone(), error.clone(), own.clone()];
        let page = Glance {
            state: String::new(),
            problems: vec![own.clone()],
        };
        let told = Told::new(&site, &page);
        assert_eq!((told.errors, told.warnings), (2, 1));
        assert_eq!(told.items, [&own, &error, &warning]);
        let many = vec![warning; 300];
        let told = Told::new(&many, &page);
        assert_eq!((told.warnings, told.items.len()), (300, TOLD));
    }
}
