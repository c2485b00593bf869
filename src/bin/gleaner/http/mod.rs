//! An address → the document that is there, fetched carefully and politely.
//!
//! 1. [`hosts`]: one request at a time for each host;
//! 2. [`address`]: names become addresses, and only those are connected to that may be asked;
//! 3. [`Client::get`] follows redirects by hand, so that each target is checked as the first was;
//! 4. [`retry`]: what may be another answer soon is asked for again;
//! 5. [`budget`]: all of that within the time that one feed may take;
//! 6. [`failure`]: what went wrong is told in words that hold no secret.
//!
//! [`look`] only asks whether something is there.
//!
//! Proxies that the environment names are not used: behind one, no address could be checked.
//!
//! Invariants: http and https only; never from https to http for what is kept ([`look`] keeps nothing);
//! no more than [`LARGEST`] bytes are held, however far a response unpacks; a login is sent to the host
//! that it was written for, and no other; a private address is asked only if its owner named it, or if
//! all that led there came from private addresses.

mod address;
mod budget;
mod failure;
mod hosts;
mod look;
mod redirect;
mod retry;

use std::io::Read;
use std::time::Duration;

use data_encoding::BASE64;
use gleaner::diag::Code;
use jiff::Timestamp;
use ureq::http::HeaderMap;
use ureq::unversioned::transport::DefaultConnector;
use url::Url;

use crate::clock::Clock;
use address::Guard;
pub(crate) use address::Reach;
pub(crate) use budget::Budget;
use failure::refusal;
pub(crate) use failure::{Failure, shown};
use hosts::Hosts;
pub(crate) use hosts::host;
pub(crate) use look::Look;
pub(crate) use redirect::follow;
use redirect::{Moved, is_redirect, target};

/// The largest response, unpacked: an archive of thousands of long entries in one document.
const LARGEST: usize = gleaner::pipeline::LARGEST_RESPONSE;
/// The most redirects that are followed: as many as feed readers do, far more than an honest feed has.
const REDIRECTS: usize = 10;
/// How long it may take to connect: a server that is there answers in a fraction of this.
const CONNECT: Duration = Duration::from_secs(10);
/// Who asks.
const USER_AGENT: &str = match option_env!("CARGO_PKG_REPOSITORY") {
    Some(url) if !url.is_empty() => concat!(
        "Gleaner/",
        env!("CARGO_PKG_VERSION"),
        " (+",
        env!("CARGO_PKG_REPOSITORY"),
        ")"
    ),
    _ => concat!("Gleaner/", env!("CARGO_PKG_VERSION")),
};
/// What is wanted, feeds first.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
                      application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5";

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// One request, from the first word to the last.
    pub(crate) request: Duration,
    /// The wait before the second try, and between two requests to one host.
    pub(crate) unit: Duration,
}

/// Asks for documents; shared between threads.
#[derive(Debug)]
pub(crate) struct Client {
    /// Asks the public net alone.
    public: ureq::Agent,
    /// Asks this machine and its network, too.
    private: ureq::Agent,
    hosts: Hosts,
    patience: Patience,
    clock: Clock,
}

/// What a server said of the document that is here already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Validators {
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
}

/// What a server answered in the end.
#[derive(Debug)]
pub(crate) struct Answer {
    /// None if nothing has changed.
    pub(crate) document: Option<Document>,
    /// Where it is to be asked for from now on.
    pub(crate) moved: Option<Url>,
    /// All addresses that were asked on the way, the last one with the answer.
    pub(crate) way: Vec<Url>,
}

/// A document.
#[derive(Debug)]
pub(crate) struct Document {
    /// Where it came from.
    pub(crate) url: Url,
    /// What it is, unpacked.
    pub(crate) bytes: Vec<u8>,
    /// What to ask with next time.
    pub(crate) validators: Validators,
    /// Why it ends before its end.
    pub(crate) cut: Option<String>,
    /// How far what it names may reach: no further than where it came from.
    pub(crate) reach: Reach,
}

/// What is asked, and within which bounds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) validators: &'a Validators,
    /// Whether nobody may be shown the address.
    pub(crate) secret: bool,
    pub(crate) reach: Reach,
    pub(crate) budget: &'a Budget,
}

/// One answer.
struct Reply {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
    cut: Option<String>,
    too_large: bool,
    /// Where it came from.
    reach: Reach,
}

impl Reply {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn header_bytes(&self, name: &str) -> Option<&[u8]> {
        Some(self.headers.get(name)?.as_bytes())
    }
}

/// What is asked, wherever redirects lead.
struct Question<'a> {
    ask: Ask<'a>,
    login: Option<(url::Origin, String)>,
}

impl Client {
    pub(crate) fn new(patience: Patience, clock: Clock) -> Self {
        Client::guarded(patience, clock, Guard::new)
    }

    fn guarded(patience: Patience, clock: Clock, guard: fn(Reach) -> Guard) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(USER_AGENT)
            .accept(ACCEPT)
            // Most hosts are asked once; what waited for the next page may have been closed.
            .max_idle_connections(0)
            .timeout_connect(Some(CONNECT.min(patience.request)))
            .timeout_global(Some(patience.request))
            .build();
        let agent = |reach| {
            let connector = DefaultConnector::default();
            ureq::Agent::with_parts(config.clone(), connector, guard(reach))
        };
        Client {
            public: agent(Reach::Public),
            private: agent(Reach::Private),
            hosts: Hosts::default(),
            patience,
            clock,
        }
    }

    /// Asks for a document, unless what the validators speak of is still the same.
    pub(crate) fn get(&self, url: &Url, ask: Ask<'_>) -> Result<Answer, Failure> {
        let question = Question {
            ask,
            login: login(url).map(|login| (url.origin(), login)),
        };
        let secret = ask.secret;
        let mut at = bare(url);
        let mut way = vec![at.clone()];
        let mut moved = Moved::default();
        let mut reach = ask.reach;
        for hop in 0..=REDIRECTS {
            let reply = self.ask(&at, &question, reach, hop)?;
            reach = reply.reach;
            if !is_redirect(reply.status) {
                return answer(reply, way, moved.to, &question);
            }
            let target = target(&at, reply.status, reply.header_bytes("location"), secret)?;
            moved.hop(reply.status, &target);
            if way.contains(&target) {
                let message = format!("redirects lead in a circle: {}", shown(&target, secret));
                return Err(Failure::new(message));
            }
            way.push(target.clone());
            at = target;
        }
        Err(Failure::new(format!("more than {REDIRECTS} redirects")))
    }

    /// One address, asked until it answers or patience ends. Of a response that breaks off each time,
    /// the longest beginning.
    fn ask(
        &self,
        url: &Url,
        question: &Question<'_>,
        reach: Reach,
        hop: usize,
    ) -> Result<Reply, Failure> {
        let budget = question.ask.budget;
        let mut best: Option<Reply> = None;
        let mut tries = 0;
        loop {
            if budget.left().is_none() {
                return best.ok_or_else(|| budget.spent());
            }
            tries += 1;
            let is_first = tries == 1 && hop == 0;
            let pause = Some(self.patience.unit).filter(|_| is_first);
            let asked = || self.ask_once(url, question, reach);
            let mut wait = retry::backoff(self.patience.unit, tries);
            let failure = match self.hosts.ask(url, pause.unwrap_or_default(), asked) {
                Err(error) => match failure::unanswered(&error, url) {
                    (true, failure) => failure,
                    (false, failure) => return Err(failure),
                },
                Ok(reply) if retry::may_pass(reply.status) => {
                    wait = wait.max(self.wanted_wait(&reply, url)?);
                    refusal(reply.status, url, question.ask.secret)
                }
                Ok(reply) if reply.cut.is_some() => {
                    let length = best.as_ref().map(|best| best.bytes.len());
                    if length.is_none_or(|length| length < reply.bytes.len()) {
                        best = Some(reply);
                    }
                    Failure::new("the response broke off".to_owned())
                }
                Ok(reply) => return Ok(reply),
            };
            if tries == retry::TRIES {
                return best.ok_or(failure);
            }
            if budget.left().is_none_or(|left| left <= wait) {
                return best.ok_or_else(|| budget.spent());
            }
            std::thread::sleep(wait);
        }
    }

    /// How long the server has us wait; a failure if that is too long.
    fn wanted_wait(&self, reply: &Reply, url: &Url) -> Result<Duration, Failure> {
        let now = self.clock.now();
        let wanted = reply.header("retry-after");
        let wanted = wanted.and_then(|value| retry::retry_after(value, now));
        let wanted = wanted.unwrap_or_default();
        if wanted <= retry::LONGEST_WAIT {
            return Ok(wanted);
        }
        let until = i64::try_from(wanted.as_secs()).ok();
        let until =
            until.and_then(|wait| Timestamp::from_second(now.as_second().checked_add(wait)?).ok());
        let until = until.map_or_else(|| "later".to_owned(), |until| format!("not before {until}"));
        let host = url.host_str().unwrap_or_default();
        let message = format!(
            "{host} answered {}: come again {until}",
            failure::status(reply.status)
        );
        Err(Failure::new(message).hint("fetch less often, and not at the full hour"))
    }

    fn ask_once(
        &self,
        url: &Url,
        question: &Question<'_>,
        reach: Reach,
    ) -> Result<Reply, ureq::Error> {
        let Validators {
            etag,
            last_modified,
        } = question.ask.validators;
        let login = question.login.as_ref();
        let login = login.filter(|(origin, _)| *origin == url.origin());
        let left = question
            .ask
            .budget
            .left()
            .unwrap_or(Duration::from_millis(1));
        let timeout = self.patience.request.min(left);
        let (mut response, reach) = self.call(reach, |agent| {
            let mut request = agent.get(url.as_str());
            for (name, value) in [
                ("if-none-match", etag.as_ref()),
                ("if-modified-since", last_modified.as_ref()),
                ("authorization", login.map(|(_, login)| login)),
            ] {
                if let Some(value) = value {
                    request = request.header(name, value);
                }
            }
            let request = request.config().timeout_global(Some(timeout)).build();
            request.call()
        })?;
        let status = response.status().as_u16();
        let mut reply = Reply {
            status,
            headers: std::mem::take(response.headers_mut()),
            bytes: Vec::new(),
            cut: None,
            too_large: false,
            reach,
        };
        if (200..300).contains(&status) {
            reply.read(response.body_mut().as_reader());
        }
        Ok(reply)
    }

    /// Asks the public net first, and a private one only if the host is nowhere else. Returns where the
    /// answer came from: what it leads to is asked no further than there.
    fn call<T>(
        &self,
        reach: Reach,
        request: impl Fn(&ureq::Agent) -> Result<T, ureq::Error>,
    ) -> Result<(T, Reach), ureq::Error> {
        match request(&self.public) {
            Err(error) if reach == Reach::Private && failure::is_private(&error) => {
                Ok((request(&self.private)?, Reach::Private))
            }
            answered => Ok((answered?, Reach::Public)),
        }
    }
}

impl Reply {
    /// Reads the body; what came before it broke off is kept.
    fn read(&mut self, body: impl Read) {
        let mut body = body.take(LARGEST as u64 + 1);
        if let Err(error) = body.read_to_end(&mut self.bytes) {
            self.cut = Some(failure::cut(&error));
        }
        if self.bytes.len() > LARGEST {
            self.too_large = true;
            self.cut = None;
        }
    }
}

/// What the last reply means. The way is never empty.
fn answer(
    reply: Reply,
    way: Vec<Url>,
    moved: Option<Url>,
    question: &Question<'_>,
) -> Result<Answer, Failure> {
    let was_asked = *question.ask.validators != Validators::default();
    let Some(url) = way.last().cloned() else {
        return Err(Failure::new("nothing was asked".to_owned()));
    };
    match reply.status {
        304 if was_asked => Ok(Answer {
            document: None,
            moved,
            way,
        }),
        _ if reply.too_large => Err(too_large()),
        200 | 203 => {
            let validators = Validators {
                etag: reply.header("etag").map(str::to_owned),
                last_modified: reply.header("last-modified").map(str::to_owned),
            };
            let document = Document {
                url,
                bytes: reply.bytes,
                validators,
                cut: reply.cut,
                reach: reply.reach,
            };
            Ok(Answer {
                document: Some(document),
                moved,
                way,
            })
        }
        _ => Err(refusal(reply.status, &url, question.ask.secret)),
    }
}

/// A response that is larger than what is stored, as it came or unpacked.
pub(crate) fn too_large() -> Failure {
    let message = format!("larger than Gleaner stores: {} MB", LARGEST >> 20);
    Failure::new(message).code(Code::FetchTooLarge)
}

/// An address without what is not asked with it: its fragment and its login.
fn bare(url: &Url) -> Url {
    let mut bare = url.clone();
    bare.set_fragment(None);
    let _ = bare.set_username("");
    let _ = bare.set_password(None);
    bare
}

/// The login that an address holds, as a server wants it (RFC 7617).
fn login(url: &Url) -> Option<String> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let plain = |text: &str| percent_encoding::percent_decode_str(text).collect::<Vec<u8>>();
    let password = plain(url.password().unwrap_or_default());
    let login = [plain(url.username()), b":".to_vec(), password].concat();
    Some(format!("Basic {}", BASE64.encode(&login)))
}

#[cfg(test)]
mod tests;
