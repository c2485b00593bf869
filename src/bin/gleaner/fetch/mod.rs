//! `gleaner fetch`: from the feeds of a site to new snapshots. Beside
//! `check --links`, the only command that uses the network.
//!
//! 1. [`state`]: what the last fetch remembered;
//! 2. [`feed`]: each feed is asked for, judged and stored; several hosts at a time, one feed of each;
//! 3. [`history`]: with `--history`, what is older than the feed still says;
//! 4. what came of each feed is remembered as it ends, and told in the order of their names.
//!
//! One feed that fails never stops the others.

mod feed;
mod history;
mod outcome;
mod secret;
mod state;

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gleaner::diag::{Code, Diagnostic};
use gleaner::pipeline::{FeedToFetch, FetchOptions, Fetching};
use url::Url;

use crate::args::FetchArgs;
use crate::exit::Exit;
use crate::granted::Granted;
use crate::http::{Client, Patience, host};
use crate::report::{self, Border};
use feed::Errand;
pub(crate) use outcome::{End, Outcome};
pub(crate) use secret::looks_secret;
use state::State;

/// How many hosts are asked at a time: each of them waits more than it works.
const HOSTS: usize = 8;

pub(crate) fn run(args: &FetchArgs) -> Exit {
    let options = FetchOptions {
        root: args.place.root.clone(),
        config: args.place.config.clone(),
        cache: args.cache.cache_dir.clone(),
        names: args.names.clone(),
        follow_links_outside: args.place.follow.follow_links_outside,
    };
    let border = Border::of_place(&args.place);
    let (fetching, diagnostics) = Fetching::open(&options);
    let mut diagnostics = border.cross(diagnostics);
    report::diagnostics(&diagnostics, args.report.message_format);
    let outcomes = fetching.map(|fetching| {
        let (outcomes, found) = fetch_all(&fetching, args);
        let found = border.cross(found);
        report::diagnostics(&found, args.report.message_format);
        diagnostics.extend(found);
        outcomes
    });
    let outcomes = outcomes.unwrap_or_default();
    let told = outcomes.iter().flat_map(|outcome| &outcome.diagnostics);
    diagnostics.extend(told.cloned());
    if let Some(file) = &args.told.summary
        && let Err(problem) = report::append_fetch(file, &outcomes, &diagnostics)
    {
        report::diagnostics(std::slice::from_ref(&problem), args.report.message_format);
        diagnostics.push(problem);
    }
    report::annotations(&diagnostics, args.report.message_format);
    let exit = Exit::of(&diagnostics, args.report.deny_warnings);
    report::fetched(&outcomes, &diagnostics, exit, args);
    exit
}

fn fetch_all(fetching: &Fetching, args: &FetchArgs) -> (Vec<Outcome>, Vec<Diagnostic>) {
    let clock = args.pace.clock();
    let patience = Patience {
        request: Duration::from_secs(args.timeout.into()),
        unit: args.pace.unit(),
    };
    let text = fetching.recall().filter(|_| !args.cache.no_cache);
    let state = State::read(text.as_deref());
    let client = Client::new(patience, clock);
    let errand = Errand {
        fetching,
        client: &client,
        clock,
        state: &state,
        granted: Granted::by(&args.grants),
        budget: args.budget(),
        history: args.history,
    };
    let mut keeper = Keeper {
        fetching,
        state: state.clone(),
        forgets: args.cache.no_cache,
        failed: None,
    };
    let outcomes = visit_all(&errand, &fetching.feeds, args, &mut keeper);
    (outcomes, keeper.failed.into_iter().collect())
}

/// Remembers what came of each feed as soon as it has ended: a run that is killed loses nothing of it.
struct Keeper<'a> {
    fetching: &'a Fetching,
    state: State,
    /// Whether nothing is to be remembered.
    forgets: bool,
    /// Why it could not be written; once is enough.
    failed: Option<Diagnostic>,
}

impl Keeper<'_> {
    fn keep(&mut self, outcome: &Outcome) {
        let Some(memory) = outcome.memory.clone().filter(|_| !self.forgets) else {
            return;
        };
        self.state.set(&outcome.feed, memory);
        let kept = self.fetching.remember(&self.state.write());
        self.failed = kept.err();
    }
}

/// A feed in a queue: its number, itself, its address.
type Waiting<'a> = (usize, &'a FeedToFetch, Url);

/// Visits all feeds, those of one host one after the other.
fn visit_all(
    errand: &Errand<'_>,
    feeds: &[FeedToFetch],
    args: &FetchArgs,
    keeper: &mut Keeper<'_>,
) -> Vec<Outcome> {
    let (sender, receiver) = mpsc::channel();
    let mut hosts: BTreeMap<String, VecDeque<Waiting<'_>>> = BTreeMap::new();
    for (number, feed) in feeds.iter().enumerate() {
        match feed::address(feed) {
            Ok(url) => hosts
                .entry(host(&url))
                .or_default()
                .push_back((number, feed, url)),
            Err(problem) => {
                let _ = sender.send((number, Outcome::new(&feed.name).failed(problem)));
            }
        }
    }
    let threads = hosts.len().min(HOSTS);
    let queue = Mutex::new(hosts.into_values().collect::<VecDeque<_>>());
    let next = || {
        queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            let next = &next;
            scope.spawn(move || {
                while let Some(feeds) = next() {
                    for (number, feed, url) in feeds {
                        let _ = sender.send((number, feed::fetch(errand, feed, &url)));
                    }
                }
            });
        }
        drop(sender);
        in_order(&receiver, feeds, args, keeper)
    })
}

/// Tells what came of each feed as soon as all before it have been told.
fn in_order(
    receiver: &Receiver<(usize, Outcome)>,
    feeds: &[FeedToFetch],
    args: &FetchArgs,
    keeper: &mut Keeper<'_>,
) -> Vec<Outcome> {
    let mut early: BTreeMap<usize, Outcome> = BTreeMap::new();
    let mut outcomes = Vec::new();
    let border = Border::of_place(&args.place);
    let mut tell = |mut outcome: Outcome| {
        outcome.diagnostics = border.cross(outcome.diagnostics);
        outcome
            .stored
            .iter_mut()
            .for_each(|path| *path = border.seen(path));
        report::feed(&outcome, args);
        outcomes.push(outcome);
    };
    let mut next = 0;
    for (number, outcome) in receiver {
        keeper.keep(&outcome);
        early.insert(number, outcome);
        while let Some(outcome) = early.remove(&next) {
            tell(outcome);
            next += 1;
        }
    }
    // Only a thread that died says nothing; its feed must not be passed over in silence.
    for (number, feed) in feeds.iter().enumerate().skip(next) {
        let outcome = early.remove(&number).unwrap_or_else(|| {
            let message = format!("{}: something in Gleaner went wrong", feed.name);
            let problem = Diagnostic::error(Code::FetchFailed, message).at(feed.place.clone());
            Outcome::new(&feed.name).failed(problem)
        });
        tell(outcome);
    }
    outcomes
}
