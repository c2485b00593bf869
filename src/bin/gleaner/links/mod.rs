//! `gleaner check --links`: asks the originals of all entries whether they are still there.
//!
//! 1. [`state`]: when each was asked last; what was asked lately is not asked again.
//! 2. Hosts are asked side by side, what lies on one host one after the other, with a pause.
//! 3. What was found out is kept every now and then, at the end, and when somebody says stop: what is
//!    gone in the list among the owner's files, the rest in the cache.
//!
//! A host that wants to be left in peace is left in peace until the next check. One that does not
//! answer twice in a row is not waited for again: the rest of what lies there is not known either.

mod asking;
mod state;

use std::collections::BTreeMap;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use gleaner::diag::Diagnostic;
use gleaner::pipeline::{GoneOriginal, Options, Original, Originals};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::args::LinksArgs;
use crate::granted::Granted;
use crate::http::{Client, Look, Patience, Reach};
use crate::progress::Pace;
use crate::signals::Stop;
use asking::Answer;
use state::{Asked, Memory, State};

/// How long one request may take: a page that is slower than this will be asked again another day.
const REQUEST: Duration = Duration::from_secs(20);
/// How long to wait for an answer before looking whether somebody says stop.
const LISTEN: Duration = Duration::from_millis(100);
/// How often what was found out is kept.
const KEEP: Duration = Duration::from_secs(30);
/// Days after which an original is asked again of which nothing could be said.
const SOON: u16 = 7;

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// How many originals there are.
    pub(crate) originals: usize,
    /// How many were asked.
    pub(crate) asked: usize,
    /// How many of them were answered, whatever was said.
    pub(crate) answered: usize,
    /// How many were to be asked, and were not.
    pub(crate) left: usize,
    /// How many are there, by what is known now.
    pub(crate) alive: usize,
    /// How many are gone.
    pub(crate) gone: usize,
    /// Of how many nothing can be said.
    pub(crate) unknown: usize,
    /// What was found gone, and was not known to be, by address.
    pub(crate) newly_gone: Vec<Found>,
    /// What was known to be gone, and is there again.
    pub(crate) back: Vec<Found>,
    /// Of what nothing can be said, and why.
    pub(crate) unsaid: Vec<Found>,
    /// Whether somebody said stop.
    pub(crate) stopped: bool,
    /// What went wrong with keeping it.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// What was found out about one original.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) url: String,
    /// The page of its entry.
    pub(crate) page: String,
    /// What was answered, or why there was no answer.
    pub(crate) words: String,
}

/// A check of originals while it runs.
struct Check<'a> {
    place: &'a Originals,
    today: Date,
    /// The page of each original.
    pages: BTreeMap<&'a str, &'a str>,
    memory: Memory,
    gone_before: BTreeMap<String, GoneOriginal>,
    /// What this run found gone, or back.
    found: BTreeMap<String, Option<GoneOriginal>>,
    links: Links,
}

/// Asks those of these originals that are due.
pub(crate) fn run(
    originals: &[Original],
    options: &Options,
    args: &LinksArgs,
    stop: &Stop,
    with_bar: bool,
) -> Links {
    let Some(place) = Originals::open(options) else {
        return Links::default();
    };
    let clock = args.pace.clock();
    let patience = Patience {
        request: REQUEST,
        unit: args.pace.unit(),
    };
    let client = Client::new(patience, clock);
    let granted = Granted::by_links(&args.grants);
    let reach = granted.reach(place.allow_private_addresses);
    let today = clock.now().to_zoned(TimeZone::UTC).date();
    let mut memory = state::read(place.recall().as_deref());
    let pages: BTreeMap<&str, &str> = originals.iter().map(|it| (&*it.url, &*it.page)).collect();
    memory.retain(|url, _| pages.contains_key(&**url));
    let gone_before = place.gone();
    let mut check = Check {
        place: &place,
        today,
        pages,
        memory,
        gone_before,
        found: BTreeMap::new(),
        links: Links::default(),
    };
    let due = check.due(args);
    check.ask((client, reach), due, stop, with_bar);
    check.keep();
    check.counted()
}

impl Check<'_> {
    /// What is to be asked, first what was never asked, then what was asked the longest time ago.
    fn due(&self, args: &LinksArgs) -> Vec<String> {
        let is_due = |asked: &Asked| {
            let days = match asked.state {
                State::Unknown => args.older_than.min(SOON),
                State::Alive | State::Gone => args.older_than,
            };
            let age = asked
                .on
                .until(self.today)
                .map_or(i32::MAX, |age| age.get_days());
            age < 0 || age >= i32::from(days)
        };
        let mut due: Vec<(Option<Date>, &str)> = Vec::new();
        for url in self.pages.keys() {
            match self.memory.get(*url) {
                None => due.push((None, url)),
                Some(asked) if is_due(asked) => due.push((Some(asked.on), url)),
                Some(_) => {}
            }
        }
        due.sort_unstable();
        let limit = args.limit.unwrap_or(usize::MAX);
        let due = due.into_iter().take(limit);
        due.map(|(_, url)| url.to_owned()).collect()
    }

    fn ask(&mut self, client: (Client, Reach), due: Vec<String>, stop: &Stop, with_bar: bool) {
        let mut pace = Pace::start(due.len(), with_bar, KEEP);
        self.links.left = due.len();
        let answers = asking::start(client, due);
        loop {
            match answers.recv_timeout(LISTEN) {
                Ok(answer) => {
                    self.take(answer);
                    pace.step(self.links.asked, self.links.newly_gone.len());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if stop.is_told() {
                self.links.stopped = true;
                break;
            }
            if pace.is_time() {
                self.keep();
            }
        }
    }

    fn take(&mut self, Answer { url, look }: Answer) {
        self.links.answered += usize::from(!matches!(look, Look::Silent(_)));
        let was_gone = self.gone_before.contains_key(&url);
        let page = self.pages.get(&*url).copied().unwrap_or_default();
        let found = |words| Found {
            url: url.clone(),
            page: page.to_owned(),
            words,
        };
        let state = match look {
            Look::Alive if was_gone => {
                self.found.insert(url.clone(), None);
                self.links.back.push(found("is there again".to_owned()));
                State::Alive
            }
            Look::Alive => State::Alive,
            Look::Gone(status) => {
                let since = self.today;
                let gone = GoneOriginal { status, since };
                self.found.insert(url.clone(), Some(gone));
                if !was_gone {
                    self.links.newly_gone.push(found(status.to_string()));
                }
                State::Gone
            }
            Look::Unknown(why) | Look::Silent(why) | Look::Busy(why) => {
                self.links.unsaid.push(found(why));
                State::Unknown
            }
        };
        self.links.asked += 1;
        self.links.left = self.links.left.saturating_sub(1);
        let on = self.today;
        self.memory.insert(url, Asked { state, on });
    }

    /// Keeps what was found out so far: nothing, as long as nobody at all has answered. That says
    /// something of this machine, and not of the originals.
    fn keep(&mut self) {
        if self.links.answered == 0 {
            return;
        }
        let kept = self.place.keep(&self.found);
        // Only what stands in the list is remembered as asked.
        let kept = kept.and_then(|()| self.place.remember(&state::write(&self.memory)));
        self.links.diagnostics = kept.err().into_iter().collect();
    }

    fn counted(mut self) -> Links {
        let links = &mut self.links;
        links.originals = self.pages.len();
        let gone = self.place.gone();
        for url in self.pages.keys() {
            match self.memory.get(*url).map(|asked| asked.state) {
                _ if gone.contains_key(*url) => links.gone += 1,
                Some(State::Alive) => links.alive += 1,
                Some(State::Unknown) => links.unknown += 1,
                // Of the latter, a line of the list was taken out by hand.
                None | Some(State::Gone) => {}
            }
        }
        for found in [&mut links.newly_gone, &mut links.back, &mut links.unsaid] {
            found.sort_by(|a, b| a.url.cmp(&b.url));
        }
        self.links
    }
}
