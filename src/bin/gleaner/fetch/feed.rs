//! One feed: asked for, judged, stored.
//!
//! 1. The address: from site.toml, from the environment, or where the feed moved for good.
//! 2. One conditional request, if what was fetched before is stored still; once a week, for all of it.
//! 3. What came is stored only if it is a feed, gives no secret away, and says something new.
//! 4. What the server said of it is remembered only after it was stored, or found to be nothing new:
//!    a "not modified" must never hide something that was lost on the way.

use gleaner::diag::{Code, Diagnostic};
use gleaner::pipeline::{
    FeedAddress, FeedToFetch, Fetching, Judgement, SnapshotPlace, Stored, Verdict,
};
use url::Url;

use super::history;
use super::outcome::{End, Outcome};
use super::secret::gives_away;
use super::state::{Memory, State};
use crate::clock::Clock;
use crate::http::{Answer, Client, Document, Failure, Validators, shown};

/// What all feeds have in common.
pub(crate) struct Errand<'a> {
    pub(crate) fetching: &'a Fetching,
    pub(crate) client: &'a Client,
    pub(crate) clock: Clock,
    pub(crate) state: &'a State,
    /// Whether the history of feeds is followed back.
    pub(crate) history: bool,
}

/// One feed, while it is fetched.
pub(crate) struct Visit<'a> {
    pub(crate) feed: &'a FeedToFetch,
    /// Its address, as its owner wrote it.
    pub(crate) address: &'a Url,
    pub(crate) client: &'a Client,
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
    let url = Url::parse(raw.trim()).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| {
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
        stored: errand.fetching.stored(feed),
        memory: errand.state.of(&feed.name, address),
        outcome: Outcome::new(&feed.name),
    };
    let answer = match visit.ask(errand) {
        Ok(answer) => answer,
        Err(failure) => {
            let problem = visit.failure(failure);
            return visit.outcome.failed(problem);
        }
    };
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

    /// Asks where the feed is now, else where its owner says that it is.
    fn ask(&self, errand: &Errand<'_>) -> Result<Answer, Failure> {
        let kept = self.memory.snapshot.as_deref();
        let kept = kept.is_some_and(|path| self.stored.has(path));
        let validators = match kept && !errand.history {
            true => self.memory.validators(errand.clock.now()),
            false => Validators::default(),
        };
        let secret = self.is_secret();
        let moved = self.memory.moved.as_deref();
        if let Some(moved) = moved.and_then(|moved| Url::parse(moved).ok())
            && let Ok(answer) = self.client.get(&moved, &validators, secret)
        {
            let moved = answer.moved.or(Some(moved));
            return Ok(Answer { moved, ..answer });
        }
        self.client.get(self.address, &validators, secret)
    }

    /// Judges a document, tells what there is to tell, and stores it if it says something new. None
    /// if it is nothing that may be stored: then nothing is remembered of it.
    pub(crate) fn take(&mut self, document: &Document, place: SnapshotPlace) -> Option<Judgement> {
        if !self.may_be_stored(&document.bytes) {
            let problem = self.secret_inside();
            self.fail(problem);
            return None;
        }
        let judgement = self
            .stored
            .judge(&document.bytes, document.url.as_str(), place);
        self.tell(&judgement.diagnostics);
        if let Some(why) = &document.cut {
            let length = document.bytes.len();
            let message = format!("the response broke off after {length} bytes: {why}");
            let hint = "what came was looked at; the next fetch asks for all of it again";
            let problem = self.problem(Diagnostic::warning, Code::FetchIncomplete, &message);
            self.outcome.diagnostics.push(problem.hint(hint));
        }
        match &judgement.verdict {
            Verdict::NotAFeed(what) => {
                let problem = self.not_a_feed(what, document);
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
        let found = found.iter().cloned().map(|mut it| {
            if let (true, Some(place)) = (is_secret, &mut it.place) {
                place.excerpt = None;
            }
            it
        });
        self.outcome.diagnostics.extend(found);
    }

    fn finish(mut self, moved: Option<Url>) -> Outcome {
        // The address where a secret one has moved is a secret, too.
        self.memory.moved = moved.filter(|_| !self.is_secret()).map(String::from);
        self.memory.snapshot = self.stored.newest().map(str::to_owned);
        self.outcome.memory = Some(self.memory);
        self.outcome
    }

    fn may_be_stored(&self, bytes: &[u8]) -> bool {
        !self.is_secret() || self.feed.store_secret || !gives_away(bytes, self.address)
    }

    fn without_secret(&self, validators: Validators) -> Validators {
        let harmless =
            |value: &String| !self.is_secret() || !gives_away(value.as_bytes(), self.address);
        Validators {
            etag: validators.etag.filter(harmless),
            last_modified: validators.last_modified.filter(harmless),
        }
    }

    /// Ends the feed with an error, unless it has ended well before.
    pub(crate) fn fail(&mut self, problem: Diagnostic) {
        self.outcome.diagnostics.push(problem);
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

    fn not_a_feed(&self, what: &str, document: &Document) -> Diagnostic {
        let from = shown(&document.url, self.is_secret());
        let message = format!("what came is no feed, but {what}; it was not stored");
        self.problem(Diagnostic::error, Code::FetchNotAFeed, &message)
            .hint(format!("look at it in a browser: {from}"))
    }

    fn secret_inside(&self) -> Diagnostic {
        let message = "the response holds the secret address; it was not stored";
        self.problem(Diagnostic::error, Code::FetchSecret, message)
            .hint("where nobody else can read the snapshots: `store_secret = true`")
    }

    fn tell_move(&mut self, moved: &Url) {
        let message = format!("moved for good to {}", shown(moved, self.is_secret()));
        let hint = match &self.feed.address {
            FeedAddress::Public(_) => format!("change `url` to `{}`", shown(moved, false)),
            FeedAddress::Secret(variable) => format!("put its new address into `{variable}`"),
        };
        let problem = self.problem(Diagnostic::warning, Code::FetchMoved, &message);
        self.outcome.diagnostics.push(problem.hint(hint));
    }
}
