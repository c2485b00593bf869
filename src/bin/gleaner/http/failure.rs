//! Why nothing came, in words that never hold a secret address: what the HTTP library says of itself
//! is not repeated, for it may quote what it was given.

use std::error::Error as _;
use std::io;

use gleaner::diag::Code;
use url::Url;

use super::address::Refused;

/// Why there is no document.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(super) fn new(message: String) -> Self {
        Failure {
            code: Code::FetchFailed,
            message,
            hint: None,
        }
    }

    pub(super) fn code(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    pub(super) fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }
}

/// What people may be shown of an address: of a secret one, the host.
pub(crate) fn shown(url: &Url, secret: bool) -> String {
    let host = url.host_str().unwrap_or_default();
    if secret {
        return format!("an address at {host}");
    }
    let mut shown = url.clone();
    shown.set_fragment(None);
    // Nobody's password belongs into a log.
    let _ = shown.set_password(None);
    let _ = shown.set_username("");
    shown.into()
}

/// A request that gave no answer: whether another try may help, and why it failed.
pub(super) fn unanswered(error: &ureq::Error, url: &Url) -> (bool, Failure) {
    let host = url.host_str().unwrap_or_default();
    match error {
        ureq::Error::Other(other) => match other.downcast_ref::<Refused>() {
            Some(refused) => (false, not_allowed(refused, host)),
            None => (false, Failure::new(format!("{host} could not be asked"))),
        },
        ureq::Error::HostNotFound => (true, Failure::new(format!("{host} was not found"))),
        ureq::Error::Timeout(_) => (true, Failure::new(format!("{host} did not answer in time"))),
        ureq::Error::Io(error) => io_failure(error, host),
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => (false, insecure(host)),
        ureq::Error::LargeResponseHeader(..) | ureq::Error::Protocol(_) | ureq::Error::Http(_) => {
            let message = format!("what {host} answered is not HTTP as Gleaner knows it");
            (true, Failure::new(message))
        }
        _ => (true, Failure::new(format!("{host} could not be asked"))),
    }
}

/// Why a response broke off, after its beginning.
pub(super) fn cut(error: &io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(ureq::Error::Timeout(_)) => "not all of it came in time".to_owned(),
        Some(ureq::Error::Decompress(..)) => "what came cannot be unpacked".to_owned(),
        Some(ureq::Error::Io(error)) => system_words(error),
        Some(_) => "what came does not follow the protocol".to_owned(),
        None => system_words(error),
    }
}

/// An answer that is no document.
pub(super) fn refusal(code: u16, url: &Url, secret: bool) -> Failure {
    let host = url.host_str().unwrap_or_default();
    let failure = Failure::new(format!("{host} answered {}", status(code)));
    match code {
        401 | 403 => failure.hint(match secret {
            true => "the address in the variable may have expired",
            false => "it wants a secret address (`url_env`), or lets no programs in",
        }),
        404 => failure.hint("look at the address in a browser: the feed may have moved"),
        410 => Failure::new(format!("gone for good, says {host} ({})", status(410)))
            .code(Code::FetchGone)
            .hint("take its address out of site.toml; what was fetched stays in the archive"),
        429 => failure.hint("fetch less often, and not at the full hour"),
        _ => failure,
    }
}

/// A status with its name: `404 Not Found`.
pub(super) fn status(code: u16) -> String {
    let name = ureq::http::StatusCode::from_u16(code).ok();
    match name.and_then(|status| status.canonical_reason()) {
        Some(name) => format!("{code} {name}"),
        None => code.to_string(),
    }
}

/// Whether a request was refused because its host belongs to a private network.
pub(super) fn is_private(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Other(other) => other
            .downcast_ref::<Refused>()
            .is_some_and(|refused| !refused.never),
        _ => false,
    }
}

fn not_allowed(refused: &Refused, host: &str) -> Failure {
    let is_itself =
        |address: std::net::IpAddr| host.trim_matches(['[', ']']) == address.to_string();
    let message = match refused.address.is_some_and(is_itself) {
        true => format!("refused: {refused}"),
        false => format!("refused: {host} is {refused}"),
    };
    let failure = Failure::new(message).code(Code::FetchRefused);
    match refused.never {
        true => failure.hint("no setting allows it: nobody keeps a feed there"),
        false => failure.hint(
            "if the feed is your own, on this machine or network: `allow_private_addresses = true` \
             next to its `url`, and in a CI `--allow-private-addresses`; a redirect or link from a \
             public address may never lead there",
        ),
    }
}

fn io_failure(error: &io::Error, host: &str) -> (bool, Failure) {
    if error.kind() == io::ErrorKind::InvalidData {
        return (false, insecure(host));
    }
    let is_name = error.raw_os_error().is_none() && error.to_string().contains("lookup");
    let message = match is_name {
        true => format!("{host} was not found"),
        false => format!("{host} could not be reached: {}", system_words(error)),
    };
    let failure = Failure::new(message);
    match error.kind() {
        io::ErrorKind::ConnectionRefused | io::ErrorKind::TimedOut => {
            // Who sits behind a proxy sees no more than this.
            (true, failure.hint("proxies of the environment are not used: no address could be checked behind one"))
        }
        _ => (true, failure),
    }
}

fn insecure(host: &str) -> Failure {
    Failure::new(format!("no secure connection to {host}: its certificate is not valid, or not known"))
        .hint("the certificates that Gleaner trusts are those of Mozilla; look at the address in a browser")
}

/// What the system says, which knows nothing of addresses.
fn system_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "the connection was refused".to_owned(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            "the connection was closed".to_owned()
        }
        io::ErrorKind::UnexpectedEof => "the connection was closed too early".to_owned(),
        io::ErrorKind::TimedOut => "no answer in time".to_owned(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            "what came cannot be unpacked".to_owned()
        }
        // Words of the system itself quote nothing.
        _ if error.raw_os_error().is_some() && error.source().is_none() => error.to_string(),
        _ => "the connection failed".to_owned(),
    }
}
