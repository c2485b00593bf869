//! Links that are safe to follow, and when two links are the same.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use url::Url;

use crate::diag::is_bidi_control;

/// The longest URL that is taken for one, in bytes; what is longer is data in disguise.
const URL_LENGTH: usize = 8_192;

/// Query parameters that say how a reader came, not what is read. Frozen: identity depends on
/// them; see `tests/fixtures/frozen.tsv`.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "yclid",
    "twclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "oly_anon_id",
    "oly_enc_id",
    "vero_id",
    "wickedid",
    "featured_on",
];
/// Beginnings of such parameters.
const TRACKING_PREFIXES: &[&str] = &["utm_", "pk_", "mtm_"];

/// An absolute URL of the scheme http, https or mailto, as the WHATWG URL standard writes it. Cloning
/// is cheap.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub(crate) struct SafeUrl(#[serde(deserialize_with = "super::text::shared_str")] Arc<str>);

impl SafeUrl {
    /// An absolute URL; none if it is not absolute, or of another scheme.
    pub(crate) fn parse(raw: &str) -> Option<Self> {
        SafeUrl::resolve(None, raw)
    }

    /// A URL as a browser would resolve it against a base (an empty one is the base itself).
    pub(crate) fn resolve(base: Option<&SafeUrl>, raw: &str) -> Option<Self> {
        Base::new(base).resolve(raw)
    }

    fn allow(url: Url) -> Option<Self> {
        let safe = match url.scheme() {
            // A user name before the host is how a link pretends to lead elsewhere.
            "http" | "https" => {
                url.has_host() && url.username().is_empty() && url.password().is_none()
            }
            "mailto" => true,
            _ => false,
        };
        // Encoding may have made it longer; what is written must be short enough to be read again.
        (safe && url.as_str().len() <= URL_LENGTH).then(|| SafeUrl(String::from(url).into()))
    }

    /// The URL.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Its path and what follows, from the `/` behind the host; empty for mailto.
    pub(crate) fn path(&self) -> &str {
        let behind = self.0.split_once("://").map_or("", |(_, behind)| behind);
        behind.find('/').map_or("", |at| &behind[at..])
    }

    /// Whether it has a host: http or https, not mailto.
    pub(crate) fn is_web(&self) -> bool {
        self.0.starts_with("http")
    }

    /// The host, without `www.`; none for mailto.
    pub(crate) fn host(&self) -> Option<String> {
        let host = self.parts()?.host;
        let bare = host.strip_prefix("www.").filter(|rest| rest.contains('.'));
        Some(bare.unwrap_or(host).to_owned())
    }

    /// Whether its host has a name in the public net: neither an address nor a name without a dot.
    pub(crate) fn has_public_name(&self) -> bool {
        self.parts().is_some_and(|parts| {
            // What ends in a number is an address (WHATWG URL, section 3.5), and has been written
            // as one.
            let host = parts.host.strip_suffix('.').unwrap_or(parts.host);
            let last = host.rsplit('.').next().unwrap_or_default();
            let is_digit = |byte: u8| byte.is_ascii_digit();
            let is_number = !last.is_empty() && last.bytes().all(is_digit);
            parts.host.contains('.') && !parts.host.starts_with('[') && !is_number
        })
    }

    /// Scheme, host and port, with a slash at the end: the home page of the site that a link leads
    /// into; none for mailto.
    pub(crate) fn origin(&self) -> Option<SafeUrl> {
        let parts = self.parts()?;
        let end = self.0.len() - parts.rest.len();
        Some(SafeUrl(format!("{}/", &self.0[..end]).into()))
    }

    /// The parts of a URL of the web. It need not be parsed: it is as the standard writes it, where
    /// the path begins with a slash, and nobody is named before the host.
    fn parts(&self) -> Option<Parts<'_>> {
        let rest = self.0.strip_prefix("https://");
        let rest = rest.or_else(|| self.0.strip_prefix("http://"))?;
        let (authority, rest) = rest.split_at(rest.find(['/', '?', '#'])?);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        Some(Parts { host, port, rest })
    }

    /// Without its fragment.
    pub(crate) fn without_fragment(&self) -> &str {
        self.0.split('#').next().unwrap_or_default()
    }
}

/// The parts of a URL of the web.
struct Parts<'a> {
    host: &'a str,
    /// If it is not the usual one.
    port: Option<&'a str>,
    /// Path, query and fragment.
    rest: &'a str,
}

/// What many links are resolved against, read once.
#[derive(Debug, Clone)]
pub(crate) struct Base(Option<Url>);

impl Base {
    /// A base; without one, only absolute URLs resolve.
    pub(crate) fn new(base: Option<&SafeUrl>) -> Self {
        Base(base.and_then(|base| Url::parse(&base.0).ok()))
    }

    /// A URL as a browser would resolve it (an empty one is the base itself).
    pub(crate) fn resolve(&self, raw: &str) -> Option<SafeUrl> {
        let hides = || !raw.is_ascii() && raw.chars().any(is_bidi_control);
        if raw.len() > URL_LENGTH || hides() {
            return None;
        }
        let url = Url::options().base_url(self.0.as_ref()).parse(raw).ok()?;
        SafeUrl::allow(url)
    }
}

/// What makes two links across feeds the same: without scheme, `www.`, tracking parameters, the
/// last slash, and the fragment, unless it is a route of a page that draws itself (`#!`, `#/`).
/// A key to compare, not a URL to follow.
pub(crate) fn canonical_link(link: &SafeUrl) -> String {
    // A mail address has no host and no slashes: all of it is path and query.
    let (host, port, rest) = match link.parts() {
        Some(parts) => (parts.host, parts.port, parts.rest),
        None => (
            "",
            None,
            link.0.split_once(':').map_or("", |(_, rest)| rest),
        ),
    };
    let (rest, fragment) = match rest.split_once('#') {
        Some((rest, fragment)) => (rest, fragment),
        None => (rest, ""),
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut key = String::with_capacity(link.0.len());
    key.push_str(host.strip_prefix("www.").unwrap_or(host));
    if let Some(port) = port {
        key.push(':');
        key.push_str(port);
    }
    key.push_str(path.trim_end_matches('/'));
    let mut mark = '?';
    for pair in query.split('&') {
        let name = pair.split('=').next().unwrap_or_default();
        if !pair.is_empty() && !is_tracking(name) {
            key.push(mark);
            key.push_str(pair);
            mark = '&';
        }
    }
    if fragment.starts_with(['!', '/']) {
        key.push('#');
        key.push_str(fragment);
    }
    key
}

fn is_tracking(parameter: &str) -> bool {
    let parameter = parameter.to_ascii_lowercase();
    TRACKING.contains(&parameter.as_str())
        || TRACKING_PREFIXES
            .iter()
            .any(|prefix| parameter.starts_with(prefix))
}

impl fmt::Display for SafeUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for SafeUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl Serialize for SafeUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_links_that_are_safe_to_follow() {
        for (raw, url) in [
            ("https://example.org", Some("https://example.org/")),
            (
                "HTTP://Example.org/ä b",
                Some("http://example.org/%C3%A4%20b"),
            ),
            ("mailto:a@example.org", Some("mailto:a@example.org")),
            ("javascript:alert(1)", None),
            ("java\nscript:alert(1)", None),
            (" \u{1}javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("vbscript:x", None),
            ("file:///etc/passwd", None),
            ("https://google.com@evil.example/", None),
            ("/relative", None),
            ("//", None),
        ] {
            assert_eq!(
                SafeUrl::parse(raw).as_ref().map(SafeUrl::as_str),
                url,
                "{raw:?}"
            );
        }
    }

    #[test]
    fn links_resolve_as_browsers_do() {
        let base = SafeUrl::parse("https://example.org/a/b?q#f").unwrap();
        for (raw, url) in [
            ("", Some("https://example.org/a/b?q")),
            ("#", Some("https://example.org/a/b?q#")),
            (".", Some("https://example.org/a/")),
            ("?", Some("https://example.org/a/b?")),
            ("//", None),
            ("//cdn.example/x", Some("https://cdn.example/x")),
            (
                "#:~:text=foo",
                Some("https://example.org/a/b?q#:~:text=foo"),
            ),
        ] {
            assert_eq!(
                SafeUrl::resolve(Some(&base), raw)
                    .as_ref()
                    .map(SafeUrl::as_str),
                url,
                "{raw:?}"
            );
        }
    }

    proptest! {
        /// What is cut out of a URL is what parsing finds in it.
        #[test]
        fn parts_are_those_that_parsing_finds(
            raw in "(https?|HTTP)://(www\\.)?([a-z0-9]{1,3}\\.){0,3}([a-z]{1,4}|[0-9]{1,3}|0x1f|\\[::[0-9]\\]|ä)(:[0-9]{1,4})?[/?#:a-z0-9.&=%! ä-]{0,12}",
        ) {
            let Some(link) = SafeUrl::parse(&raw) else { return Ok(()) };
            let url = Url::parse(link.as_str()).unwrap();
            let parts = link.parts().unwrap();
            prop_assert_eq!(Some(parts.host), url.host_str());
            let port = url.port().map(|port| port.to_string());
            prop_assert_eq!(parts.port, port.as_deref());
            prop_assert_eq!(parts.rest, &url[url::Position::BeforePath..]);
            let is_public = url.domain().is_some_and(|domain| domain.contains('.'));
            prop_assert_eq!(link.has_public_name(), is_public);
            let origin = link.origin().unwrap();
            let home = url.join("/").unwrap();
            prop_assert_eq!(origin.as_str(), home.as_str());
        }
    }

    #[test]
    fn the_same_page_has_the_same_canonical_link() {
        let key = |raw| canonical_link(&SafeUrl::parse(raw).unwrap());
        let same = key("https://example.org/a");
        for raw in [
            "http://www.example.org/a/?utm_source=x&UTM_Medium=y#section",
            "https://example.org:443/a?fbclid=1",
        ] {
            assert_eq!(key(raw), same, "{raw}");
        }
        for raw in [
            "https://example.org/b",
            "https://example.org/a?id=1",
            "https://example.org/a#!/x",
        ] {
            assert_ne!(key(raw), same, "{raw}");
        }
        assert_eq!(key("https://www.example.org/"), "example.org");
    }
}
