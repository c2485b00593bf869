//! One feed: asked for, judged, stored.
//!
//! 1. The address: from site.toml, from the environment, or where the feed moved for good.
//! 2. One conditional request, if what was fetched before is stored still; once a week, for all of it.
//! 3. What came is stored only if it is a feed, gives no secret away, and says something new.
//! 4. What the server said of it is remembered only after it was stored, or found to be nothing new:
//!    a "not modified" must never hide something that was lost on the way.

use std::time::Duration;

use gleaner::diag::{Code, Diagnostic};
use gleaner::pipeline::{
    FeedAddress, FeedToFetch, Fetching, Judgement, SnapshotPlace, Stored, Verdict,
};
use url::Url;

use super::history;
use super::outcome::{End, Outcome};
use super::secret::Secrets;
use super::state::{Memory, State};
use crate::args::web_address;
use crate::clock::Clock;
use crate::granted::Granted;
use crate::http::{
    Answer, Ask, Budget, Client, Document, Failure, Reach, Validators, follow, shown, too_large,
};

/// What all feeds have in common.
pub(crate) struct Errand<'a> {
    pub(crate) fetching: &'a Fetching,
    pub(crate) client: &'a Client,
    pub(crate) clock: Clock,
    pub(crate) state: &'a State,
    /// What the owner of the run allows, whatever site.toml says.
    pub(crate) granted: Granted,
    /// How long one feed may take in all.
    pub(crate) budget: Duration,
    /// Whether the history of feeds is followed back.
    pub(crate) history: bool,
}

/// One feed, while it is fetched.
pub(crate) struct Visit<'a> {
    pub(crate) feed: &'a FeedToFetch,
    /// Its address, as its owner wrote it.
    pub(crate) address: &'a Url,
    pub(crate) client: &'a Client,
    granted: Granted,
    pub(crate) budget: Budget,
    /// All addresses that were asked for it, and those that its documents lead on to.
    way: Vec<Url>,
    pub(crate) stored: Stored,
    pub(crate) memory: Memory,
    pub(crate) outcome: Outcome,
}

/// The address of a feed. A secret one is never quoted.
pub(crate) fn address(feed: &FeedToFetch) -> Result<Url, Diagnostic> {
    let (raw, variable) = match &feed.address {
        FeedAddress::Public(url) => (url.clone(), None),
        FeedAddress::Secret(variable) => (from_environment(feed, variable)?, Some(variable)),
    };
    web_address(raw.trim()).map_err(|_| {
        let what = variable.map_or("its address", |name| name);
        let message = format!("{}: {what} holds no address of a website", feed.name);
        Diagnostic::error(Code::FetchNoAddress, message)
            .at(feed.place.clone())
            .hint("it begins with `https://` or `http://`")
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the environment belongs to the binary"
)]
fn from_environment(feed: &FeedToFetch, variable: &str) -> Result<String, Diagnostic> {
    let value = std::env::var(variable).unwrap_or_default();
    if value.trim().is_empty() {
        let message = format!("{}: no address in `{variable}`", feed.name);
        return Err(Diagnostic::error(Code::FetchNoAddress, message)
            .at(feed.place.clone())
            .hint("set this variable of the environment; in a CI, from its secrets"));
    }
    Ok(value)
}

/// Fetches one feed.
pub(crate) fn fetch(errand: &Errand<'_>, feed: &FeedToFetch, address: &Url) -> Outcome {
    let mut visit = Visit {
        feed,
        address,
        client: errand.client,
        granted: errand.granted,
        budget: Budget::start(errand.budget),
        way: Vec::new(),
        stored: errand.fetching.stored(feed),
        memory: errand.state.of(&feed.name, address),
        outcome: Outcome::new(&feed.name),
    };
    let answer = match visit.ask(errand) {
        Ok(answer) => answer,
        Err(failure) => {
            let problem = visit.failure(failure);
            visit.fail(problem);
            return visit.outcome;
        }
    };
    visit.way.extend(answer.way);
    if let Some(moved) = &answer.moved {
        visit.tell_move(moved);
    }
    let Some(document) = answer.document else {
        visit.outcome.end = End::NotModified;
        return visit.finish(answer.moved);
    };
    let now = errand.clock.now();
    let place = visit.stored.place(now);
    let Some(judgement) = visit.take(&document, place) else {
        return visit.outcome;
    };
    let is_whole = document.cut.is_none() && judgement.whole;
    if errand.history {
        history::walk(&mut visit, &document, &judgement);
    }
    let validators = match is_whole {
        true => visit.without_secret(document.validators),
        false => Validators::default(),
    };
    visit.memory.etag = validators.etag;
    visit.memory.last_modified = validators.last_modified;
    visit.memory.whole = now.as_second();
    visit.finish(answer.moved)
}

impl Visit<'_> {
    pub(crate) fn is_secret(&self) -> bool {
        matches!(self.feed.address, FeedAddress::Secret(_))
    }

    /// How far the owner's address may reach.
    fn reach(&self) -> Reach {
        self.granted.reach(self.feed.allow_private_addresses)
    }

    /// What is asked with, as far as this reaches.
    pub(crate) fn question<'b>(&'b self, validators: &'b Validators, reach: Reach) -> Ask<'b> {
        Ask {
            validators,
            secret: self.is_secret(),
            reach,
            budget: &self.budget,
        }
    }

    /// Asks where the feed is now, else where its owner says that it is.
    fn ask(&self, errand: &Errand<'_>) -> Result<Answer, Failure> {
        let kept = self.memory.snapshot.as_deref();
        let kept = kept.is_some_and(|path| self.stored.has(path));
        let validators = match kept && !errand.history {
            true => self.memory.validators(errand.clock.now()),
            false => Validators::default(),
        };
        if let Some(moved) = self.moved() {
            // A server said so, and that may have been a public one.
            let reach = match moved.origin() == self.address.origin() {
                true => self.reach(),
                false => Reach::Public,
            };
            if let Ok(answer) = self.client.get(&moved, self.question(&validators, reach)) {
                let moved = answer.moved.or(Some(moved));
                return Ok(Answer { moved, ..answer });
            }
        }
        let question = self.question(&validators, self.reach());
        self.client.get(self.address, question)
    }

    /// Where the feed has moved to, if that may be asked as a redirect may.
    fn moved(&self) -> Option<Url> {
        let moved = Url::parse(self.memory.moved.as_deref()?).ok()?;
        follow(self.address, &moved, self.is_secret(), "redirect").ok()
    }

    /// Notes that these addresses were asked, too.
    pub(crate) fn went(&mut self, way: Vec<Url>) {
        self.way.extend(way);
    }

    fn secrets(&self) -> Secrets {
        Secrets::of(self.address, &self.way)
    }

    /// Judges a document, tells what there is to tell, and stores it if it says something new. None
    /// if it is nothing that may be stored: then nothing is remembered of it.
    pub(crate) fn take(&mut self, document: &Document, place: SnapshotPlace) -> Option<Judgement> {
        let judgement = self
            .stored
            .judge(&document.bytes, document.url.as_str(), place);
        // Whoever knows where a secret feed goes on can read it there.
        let onward = [&judgement.archive, &judgement.page].into_iter().flatten();
        self.way
            .extend(onward.filter_map(|url| Url::parse(url).ok()));
        if judgement.verdict != Verdict::TooLarge && !self.may_be_stored(&document.bytes) {
            let problem = self.secret_inside();
            self.fail(problem);
            return None;
        }
        self.tell(&judgement.diagnostics);
        if let Some(why) = &document.cut {
            let length = document.bytes.len();
            let message = format!("the response broke off after {length} bytes: {why}");
            let hint = "its complete entries were kept; the next fetch asks for all of it again";
            let problem = self.problem(Diagnostic::warning, Code::FetchIncomplete, &message);
            self.say(problem.hint(hint));
        }
        match &judgement.verdict {
            Verdict::NotAFeed(what) => {
                let problem = self.not_a_feed(what, &judgement.named, document);
                self.fail(problem);
                return None;
            }
            Verdict::TooLarge => {
                let problem = self.failure(too_large());
                self.fail(problem);
                return None;
            }
            Verdict::NothingNew => {}
            Verdict::New { .. } => {
                if let Err(problem) = self.stored.store(&judgement, &document.bytes) {
                    self.fail(problem);
                    return None;
                }
                let length = document.bytes.len();
                self.outcome
                    .count(&judgement.path, &judgement.verdict, length);
            }
        }
        Some(judgement)
    }

    /// Tells what was found in a response. What is stored with the secret in it is not printed with it.
    fn tell(&mut self, found: &[Diagnostic]) {
        let is_secret = self.is_secret();
        for mut it in found.iter().cloned() {
            if let (true, Some(place)) = (is_secret, &mut it.place) {
                place.excerpt = None;
            }
            self.say(it);
        }
    }

    /// Says something of this feed, without what quotes its secret.
    pub(crate) fn say(&mut self, mut problem: Diagnostic) {
        if self.is_secret() {
            let secrets = self.secrets();
            let quotes = |text: &str| secrets.are_in(text.as_bytes());
            if quotes(&problem.message) {
                let name = &self.feed.name;
                problem.message =
                    format!("{name}: not shown here, for it quotes the secret address");
            }
            problem.hint = problem.hint.filter(|hint| !quotes(hint));
        }
        self.outcome.diagnostics.push(problem);
    }

    fn finish(mut self, moved: Option<Url>) -> Outcome {
        // The address where a secret one has moved is a secret, too.
        self.memory.moved = moved.filter(|_| !self.is_secret()).map(String::from);
        self.memory.snapshot = self.stored.newest().map(str::to_owned);
        self.outcome.memory = Some(self.memory);
        self.outcome
    }

    /// Whether nothing is given away if this is stored.
    pub(crate) fn may_be_stored(&self, bytes: &[u8]) -> bool {
        !self.is_secret()
            || self.granted.store_secret(self.feed.store_secret)
            || !self.secrets().are_in_response(bytes)
    }

    fn without_secret(&self, validators: Validators) -> Validators {
        let secrets = self.secrets();
        let harmless = |value: &String| !self.is_secret() || !secrets.are_in(value.as_bytes());
        Validators {
            etag: validators.etag.filter(harmless),
            last_modified: validators.last_modified.filter(harmless),
        }
    }

    /// Ends the feed with an error, unless it has ended well before.
    pub(crate) fn fail(&mut self, problem: Diagnostic) {
        self.say(problem);
        if self.outcome.stored.is_empty() {
            self.outcome.end = End::Failed;
        }
    }

    /// Something to tell of this feed.
    pub(crate) fn problem(
        &self,
        severity: fn(Code, String) -> Diagnostic,
        code: Code,
        message: &str,
    ) -> Diagnostic {
        severity(code, format!("{}: {message}", self.feed.name)).at(self.feed.place.clone())
    }

    pub(crate) fn failure(&self, failure: Failure) -> Diagnostic {
        let Failure {
            code,
            message,
            hint,
        } = failure;
        let problem = self.problem(Diagnostic::error, code, &message);
        match hint {
            Some(hint) => problem.hint(hint),
            None => problem,
        }
    }

    fn not_a_feed(&self, what: &str, named: &[Url], document: &Document) -> Diagnostic {
        let message = format!("the response is {what}, not a feed; it was not stored");
        let problem = self.problem(Diagnostic::error, Code::FetchNotAFeed, &message);
        problem.hint(match (named, &self.feed.address) {
            ([], _) => {
                let from = shown(&document.url, self.is_secret());
                format!("look at it in a browser: {from}")
            }
            // Where a secret page leads may be a secret, too.
            (_, FeedAddress::Secret(variable)) => {
                let (feeds, that) = match named.len() {
                    1 => ("a feed", "its address"),
                    _ => ("feeds", "the address of one of them"),
                };
                format!("this page names {feeds} in its source: put {that} into `{variable}`")
            }
            ([one], FeedAddress::Public(_)) => {
                format!("this page names a feed: `{one}`; put that into `url`")
            }
            (several, FeedAddress::Public(_)) => {
                let list: Vec<String> = several.iter().map(|url| format!("`{url}`")).collect();
                format!(
                    "this page names several feeds: {}; put one of them into `url`",
                    list.join(", ")
                )
            }
        })
    }

    fn secret_inside(&self) -> Diagnostic {
        let message = "the response holds the secret address, or may hold it; it was not stored";
        let problem = self.problem(Diagnostic::error, Code::FetchSecret, message);
        problem.hint(match self.feed.store_secret {
            true => {
                "in a CI, `store_secret = true` needs `--store-secret` on the command line, or \
                     `GLEANER_STORE_SECRET=1` in the environment"
            }
            false => "where nobody else can read the snapshots: `store_secret = true`",
        })
    }

    fn tell_move(&mut self, moved: &Url) {
        let message = format!("moved for good to {}", shown(moved, self.is_secret()));
        let hint = match &self.feed.address {
            FeedAddress::Public(_) => format!("change `url` to `{}`", shown(moved, false)),
            FeedAddress::Secret(variable) => format!("put its new address into `{variable}`"),
        };
        let problem = self.problem(Diagnostic::warning, Code::FetchMoved, &message);
        self.say(problem.hint(hint));
    }
}
