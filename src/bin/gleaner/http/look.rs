//! An address → whether something is still there, found out with as little as possible: HEAD first; GET
//! where HEAD says anything but yes, for many servers answer it wrongly. Of a body, nothing is read.
//!
//! Gone is only what says so twice: 404 or 410, and one of them to GET. Whoever refuses (401, 403), is
//! busy (429) or broken (5xx), or does not answer, may have it still: that is not known. Nothing is
//! asked again at once; the next check does.
//!
//! Redirects are followed, from https to http, too: nothing is told to who is asked, and nothing of the
//! answer is kept. What another host says, or does not, is not held against the one that led there.

use std::error::Error as _;
use std::io;

use ureq::http::header::LOCATION;
use url::Url;

use super::failure::{self, status as named};
use super::redirect::is_redirect;
use super::{Client, REDIRECTS, Reach, bare};

/// What is wanted: pages for people.
const ACCEPT: &str = "text/html, application/xhtml+xml;q=0.9, */*;q=0.8";
/// How many answers must say that it is gone.
const CONFIRMED: usize = 2;

/// What came of asking for an original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Look {
    /// It is there.
    Alive,
    /// It is gone, by this answer.
    Gone(u16),
    /// Nothing can be said, and why.
    Unknown(String),
    /// The server wants to be left in peace for now.
    Busy(String),
    /// Nobody answered.
    Silent(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Head,
    Get,
}

/// What the last of some redirects answered.
struct Answered {
    status: u16,
    /// Whether another host did.
    elsewhere: bool,
}

/// Why there was no answer.
struct Unanswered {
    words: String,
    /// Whether it is another host that gave none.
    elsewhere: bool,
    /// Whether it can be that only HEAD was not understood.
    by_head: bool,
}

impl Client {
    /// Asks whether something is there.
    pub(crate) fn look(&self, url: &Url, reach: Reach) -> Look {
        let mut gone = 0;
        for method in [Method::Head, Method::Get, Method::Get] {
            let Answered { status, elsewhere } = match self.walk(url, method, reach) {
                Ok(answered) => answered,
                Err(Unanswered { by_head: true, .. }) if method == Method::Head => continue,
                Err(it) if it.elsewhere => return Look::Unknown(it.words),
                Err(it) => return Look::Silent(it.words),
            };
            let words = format!("answered {}", named(status));
            match status {
                200..=299 => return Look::Alive,
                429 if !elsewhere => return Look::Busy(words),
                429 => return Look::Unknown(words),
                404 | 410 => {
                    gone += 1;
                    // HEAD is asked but once: the last of them is to GET.
                    if gone >= CONFIRMED {
                        return Look::Gone(status);
                    }
                }
                // A server that does not know HEAD may say so with any of these.
                501 | 100..=499 if method == Method::Head => {}
                _ => return Look::Unknown(words),
            }
        }
        Look::Unknown("answered now this, now that".to_owned())
    }

    /// The answer at the end of all redirects.
    fn walk(&self, url: &Url, method: Method, reach: Reach) -> Result<Answered, Unanswered> {
        let mut at = bare(url);
        let mut seen = vec![at.clone()];
        let mut reach = reach;
        for hop in 0..=REDIRECTS {
            let pause = if hop == 0 {
                self.patience.unit
            } else {
                Default::default()
            };
            let asked = self
                .hosts
                .ask(&at, pause, || self.glance(&at, method, reach));
            let elsewhere = at.host_str() != url.host_str();
            let asked = asked.map_err(|error| unanswered(&error, &at, elsewhere))?;
            let (status, location, from) = asked;
            reach = from;
            let location = location.filter(|_| is_redirect(status));
            let target = location.and_then(|location| target(&at, &location));
            let Some(target) = target.filter(|target| !seen.contains(target)) else {
                return Ok(Answered { status, elsewhere });
            };
            seen.push(target.clone());
            at = target;
        }
        Err(Unanswered {
            words: format!("more than {REDIRECTS} redirects"),
            // There are answers enough.
            elsewhere: true,
            by_head: false,
        })
    }

    /// One answer: its status, where it leads, and where it came from.
    fn glance(&self, url: &Url, method: Method, reach: Reach) -> Result<Glance, ureq::Error> {
        let (response, reach) = self.call(reach, |agent| {
            let request = match method {
                Method::Head => agent.head(url.as_str()),
                Method::Get => agent.get(url.as_str()),
            };
            request.header("accept", ACCEPT).call()
        })?;
        let location = response.headers().get(LOCATION);
        let location = location.map(|value| value.as_bytes().to_vec());
        Ok((response.status().as_u16(), location, reach))
    }
}

type Glance = (u16, Option<Vec<u8>>, Reach);

fn unanswered(error: &ureq::Error, url: &Url, elsewhere: bool) -> Unanswered {
    let by_head = match error {
        ureq::Error::Protocol(_) | ureq::Error::Http(_) => true,
        ureq::Error::Io(error) => {
            use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
            let kinds = [
                BrokenPipe,
                ConnectionAborted,
                ConnectionReset,
                UnexpectedEof,
            ];
            kinds.contains(&error.kind()) && error.source().is_none()
        }
        _ => false,
    };
    let (_, failure) = failure::unanswered(error, url);
    Unanswered {
        words: failure.message,
        elsewhere,
        by_head,
    }
}

fn target(from: &Url, location: &[u8]) -> Option<Url> {
    let location = std::str::from_utf8(location).ok()?;
    let target = from.join(location).ok()?;
    let is_web = matches!(target.scheme(), "http" | "https") && target.has_host();
    is_web.then(|| bare(&target))
}
