//! What an address shows at this moment: the one answer that both the browser's requests and its
//! question "has my page changed?" are given.
//!
//! What a page shows is told by its [`State`]: a tab holds the one that it was given with its page,
//! and is to reload when it is another. So it does not matter what a tab missed, a restart of the
//! server included.
//!
//! Invariant: a page and the answer about it come from the same edition and the same function; else
//! a tab could reload for ever.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use gleaner::diag::{Diagnostic, has_errors};
use gleaner::pipeline::{Change, Edition, Preview, Served};
use tokio::sync::watch;

use super::assets::Assets;
use super::resolve::{Target, resolve};
use super::types::{is_asset, is_page};

/// The page for what is not there.
const NOT_FOUND: &str = "404.html";

/// What an address shows, in short: a hash of the page, or why there is none.
pub(super) type State = String;

/// How the states of our own pages start, which stand where the site has none to show.
const WAITING: &str = "waiting-";

/// The site as browsers see it.
#[derive(Debug)]
pub(super) struct Shown {
    preview: Arc<Preview>,
    /// Tells the editions of this process from those of one before.
    process: u64,
    glances: Mutex<Glances>,
    assets: Mutex<Assets>,
    /// The number of the edition that is shown: what tabs wait for.
    news: watch::Sender<u64>,
}

/// What is known of the pages of one edition, so that each is made once for all tabs that show it.
#[derive(Debug, Default)]
struct Glances {
    edition: u64,
    pages: BTreeMap<String, Arc<OnceLock<Glance>>>,
}

/// A page without its bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Glance {
    pub(super) state: State,
    pub(super) problems: Vec<Diagnostic>,
}

/// What a request is answered with.
#[derive(Debug)]
pub(super) enum Answer {
    /// There is no site yet.
    Waiting,
    /// A file of the site.
    File {
        path: String,
        served: Served,
        /// Whether it stands for a file that is not there.
        is_missing: bool,
    },
    /// A file that cannot be made, and never could.
    Failed(Served),
    /// Another address.
    Moved { to: String, for_good: bool },
    /// Nothing, and no page that says so.
    Nothing,
    /// An address outside of the site.
    Outside,
    /// No address.
    Invalid,
}

impl Shown {
    /// The site of this preview; `process` is another number in each process.
    pub(super) fn new(preview: Arc<Preview>, process: u64) -> Self {
        Shown {
            news: watch::Sender::new(preview.edition().number()),
            preview,
            process,
            glances: Mutex::default(),
            assets: Mutex::default(),
        }
    }

    /// What is shown now.
    pub(super) fn edition(&self) -> Arc<Edition> {
        self.preview.edition()
    }

    /// The name of an edition, as tabs are told.
    pub(super) fn token(&self, edition: &Edition) -> String {
        self.token_of(edition.number())
    }

    fn token_of(&self, number: u64) -> String {
        format!("{:x}-{number}", self.process)
    }

    /// The number of the edition with this name, if it is one of this process.
    pub(super) fn number(&self, token: &str) -> Option<u64> {
        let (process, number) = token.split_once('-')?;
        let number = number.parse().ok()?;
        (self.token_of(number) == token && !process.is_empty()).then_some(number)
    }

    /// Where tabs wait for the next edition.
    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Lets all tabs look again. The edition is in place by now.
    pub(super) fn announce(&self, edition: &Edition, changed: &[Change]) {
        self.assets().follow(edition, changed);
        let number = edition.number();
        self.news.send_if_modified(|shown| {
            let is_new = *shown != number;
            *shown = number;
            is_new
        });
    }

    /// What this address shows, to be sent.
    pub(super) fn answer(&self, edition: &Edition, address: &str) -> Answer {
        if !edition.is_ready() {
            return Answer::Waiting;
        }
        let (path, is_missing) = match target(edition, address) {
            Target::File(path) => (path, false),
            Target::Missing => (NOT_FOUND.to_owned(), true),
            Target::Moved { to, for_good } => return Answer::Moved { to, for_good },
            Target::Outside => return Answer::Outside,
            Target::Invalid => return Answer::Invalid,
        };
        let Some(served) = edition.file(&path) else {
            return Answer::Nothing;
        };
        if is_asset(&path) && !is_missing {
            self.assets().note(&path, &served.hash, edition.number());
        }
        if has_failed(edition, &path, &served) {
            return Answer::Failed(served);
        }
        Answer::File {
            path,
            served,
            is_missing,
        }
    }

    /// What this address shows, for a tab that has it already.
    pub(super) fn glance(&self, edition: &Edition, address: &str) -> Glance {
        let path = match target(edition, address) {
            _ if !edition.is_ready() => return self.bare(edition, &Answer::Waiting),
            Target::File(path) => path,
            Target::Missing => NOT_FOUND.to_owned(),
            Target::Moved { to, for_good } => {
                return self.bare(edition, &Answer::Moved { to, for_good });
            }
            Target::Outside => return self.bare(edition, &Answer::Outside),
            Target::Invalid => return self.bare(edition, &Answer::Invalid),
        };
        let place = self
            .glances()
            .of(edition)
            .entry(path.clone())
            .or_default()
            .clone();
        let made = place.get_or_init(|| match edition.file(&path) {
            Some(served) => Glance {
                state: self.state_of_file(edition, &path, &served),
                problems: served.problems,
            },
            None => self.bare(edition, &Answer::Nothing),
        });
        made.clone()
    }

    fn bare(&self, edition: &Edition, answer: &Answer) -> Glance {
        Glance {
            state: self.state(edition, answer),
            problems: Vec::new(),
        }
    }

    /// What a tab that is given this answer is to know of it.
    pub(super) fn state(&self, edition: &Edition, answer: &Answer) -> State {
        match answer {
            // Ours change with what they tell.
            Answer::Waiting => format!("{WAITING}{}", self.token(edition)),
            Answer::File { served, .. } => served.hash.clone(),
            Answer::Failed(_) => self.failed(edition),
            Answer::Moved { to, .. } => format!("moved-{to}"),
            Answer::Nothing => "nothing".to_owned(),
            Answer::Outside => format!("outside-{}", edition.mount()),
            Answer::Invalid => "invalid".to_owned(),
        }
    }

    fn state_of_file(&self, edition: &Edition, path: &str, served: &Served) -> State {
        if has_failed(edition, path, served) {
            self.failed(edition)
        } else {
            served.hash.clone()
        }
    }

    fn failed(&self, edition: &Edition) -> State {
        format!("failed-{}", self.token(edition))
    }

    /// The assets that changed after an edition; all of them, as far as one can know, if it was one
    /// of another process.
    pub(super) fn assets_since(&self, number: Option<u64>) -> Option<Vec<String>> {
        number.map(|number| self.assets().since(number))
    }

    fn assets(&self) -> MutexGuard<'_, Assets> {
        self.assets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn glances(&self) -> MutexGuard<'_, Glances> {
        self.glances.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Glances {
    /// The pages of this edition; those of another are forgotten.
    fn of(&mut self, edition: &Edition) -> &mut BTreeMap<String, Arc<OnceLock<Glance>>> {
        if self.edition != edition.number() {
            self.edition = edition.number();
            self.pages.clear();
        }
        &mut self.pages
    }
}

/// Whether a tab that shows `held` is to load its page again, now that this is what it would get. A
/// page is better than none: while there is no site yet, it stays.
pub(super) fn is_stale(held: &str, now: &str) -> bool {
    held != now && (!now.starts_with(WAITING) || held.starts_with(WAITING))
}

fn target(edition: &Edition, address: &str) -> Target {
    resolve(address, edition.mount(), |path| edition.has(path))
}

/// Whether there is nothing to show of a file. Where templates were wrong from the start, no page can
/// be made, and the edition says why.
fn has_failed(edition: &Edition, path: &str, served: &Served) -> bool {
    let is_told = || is_page(path) && has_errors(edition.diagnostics());
    served.bytes.is_empty() && (!served.problems.is_empty() || is_told())
}

#[cfg(test)]
mod tests {
    use gleaner::pipeline::Options;

    use super::*;

    #[test]
    fn a_tab_reloads_when_its_page_is_another_one() {
        for (held, now, expected) in [
            ("abc", "abc", false),
            ("abc", "def", true),
            ("abc", "failed-1-2", true),
            ("abc", "waiting-1-0", false),
            ("waiting-1-0", "waiting-1-0", false),
            ("waiting-1-0", "waiting-1-1", true),
            ("waiting-1-1", "abc", true),
            ("", "abc", true),
        ] {
            assert_eq!(is_stale(held, now), expected, "{held} {now}");
        }
    }

    #[test]
    fn an_edition_of_another_process_is_none_of_ours() {
        let shown = Shown::new(Arc::new(Preview::new(Options::default())), 0x2a);
        assert_eq!(shown.token(&shown.edition()), "2a-0");
        for (token, number) in [
            ("2a-7", Some(7)),
            ("2b-7", None),
            ("-7", None),
            ("2a-07", None),
            ("", None),
        ] {
            assert_eq!(shown.number(token), number, "{token}");
        }
    }
}
