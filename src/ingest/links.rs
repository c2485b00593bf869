//! Links as feeds write them → the links that were meant.
//!
//! A browser takes `www.example.org/a` for a file beside the feed, and `http//example.org` for a folder.
//! Where the slip is plain from the letters, the link is read as it was meant. Everything else resolves
//! as in a browser.

use feed_rs::model::Link;

use super::fields::Fields;
use super::reading::Reading;
use crate::model::SafeUrl;

/// Ends of names that no file has, so that `example.org/a` is a site. Short on purpose: `notes.md/a` could
/// be a folder.
const COMMON_ENDS: &[&str] = &["com", "org", "net", "edu", "gov"];
/// References to `&` that were escaped once more than they should be.
const AMPERSANDS: &[&str] = &["&amp;", "&#38;", "&#038;", "&#x26;"];
/// Beginnings that stand for `http://` and `https://`.
const SLIPS: &[(&str, &str)] = &[
    ("http//", "http://"),
    ("https//", "https://"),
    ("http:///", "http://"),
    ("https:///", "https://"),
    ("http:/", "http://"),
    ("https:/", "https://"),
    ("http:", "http://"),
    ("https:", "https://"),
    ("http;//", "http://"),
    ("https;//", "https://"),
    ("htp://", "http://"),
    ("htps://", "https://"),
    ("ttp://", "http://"),
    ("ttps://", "https://"),
    ("hhttp://", "http://"),
    ("hhttps://", "https://"),
    ("://", "https://"),
];

/// The original: a page that is linked, or a guid that is a link.
pub(super) fn link(
    links: &[Link],
    fields: &Fields,
    base: Option<&SafeUrl>,
    reading: &Reading,
) -> Option<SafeUrl> {
    let meant = |raw: &str| resolve(base, raw, reading);
    let with_rel = |rel: &str| {
        links
            .iter()
            .filter(|link| link.rel.as_deref() == Some(rel))
            .find_map(|link| meant(&link.href))
    };
    let text = fields.link.as_deref().and_then(meant);
    text.or_else(|| with_rel("alternate"))
        .or_else(|| with_rel("alternate-other"))
        .or_else(|| with_rel("via"))
        .or_else(|| {
            // An id is a link only where it is one by itself.
            let id = fields.id.as_deref().filter(|_| fields.permalink)?;
            SafeUrl::parse(id).filter(|_| id.starts_with("http"))
        })
        .or_else(|| {
            let link = fields.text_link.as_deref().and_then(meant)?;
            reading.improves().then_some(link)
        })
        // No page at all: what it would have shown.
        .or_else(|| with_rel("content"))
        .or_else(|| with_rel("enclosure"))
        .or_else(|| {
            // By the letter, an Atom id is no address. But who writes one has a page there, mostly.
            let id = fields.id.as_deref().filter(|_| fields.id_as_link)?;
            let link = SafeUrl::parse(id).filter(|link| link.is_web() && link.has_public_name())?;
            reading.improves().then_some(link)
        })
}

/// A link against a base, as it was meant.
pub(super) fn resolve(base: Option<&SafeUrl>, raw: &str, reading: &Reading) -> Option<SafeUrl> {
    let raw = raw.trim();
    let written = SafeUrl::resolve(base, raw);
    let meant = meant(base, raw).and_then(|meant| SafeUrl::resolve(base, &meant));
    match meant {
        Some(meant) if written.as_ref() != Some(&meant) && reading.improves() => Some(meant),
        _ => written,
    }
}

/// The link that was meant, if it was written wrongly.
fn meant(base: Option<&SafeUrl>, raw: &str) -> Option<String> {
    let mut link = without_login(raw);
    // Twice: some escape what is escaped twice already.
    for _ in 0..2 {
        for ampersand in AMPERSANDS {
            link = link.replace(ampersand, "&");
        }
    }
    let meant = with_scheme(base, &link).unwrap_or(link);
    (meant != raw).then_some(meant)
}

/// The link with a whole scheme.
fn with_scheme(base: Option<&SafeUrl>, link: &str) -> Option<String> {
    let lower = link.to_ascii_lowercase();
    for scheme in ["http://", "https://"] {
        if let Some(rest) = lower.strip_prefix(scheme) {
            let twice = rest.starts_with("http://") || rest.starts_with("https://");
            if twice {
                return Some(link[scheme.len()..].to_owned());
            }
            if !rest.starts_with('/') {
                return None;
            }
        }
    }
    let slip = SLIPS.iter().find_map(|(slip, scheme)| {
        let rest = &link[lower
            .strip_prefix(slip)
            .map(|rest| link.len() - rest.len())?..];
        let host = host(rest.trim_start_matches('/'))?;
        (host.contains('.')).then(|| format!("{scheme}{}", rest.trim_start_matches('/')))
    });
    slip.or_else(|| {
        let host = host(link)?.to_ascii_lowercase();
        let rest = &link[host.len()..];
        let own = base.and_then(SafeUrl::host);
        let bare = host.strip_prefix("www.").unwrap_or(&host);
        let is_own = own.as_deref() == Some(bare) && bare.contains('.');
        let is_www = host.starts_with("www.") && bare.contains('.');
        let end = host.rsplit('.').next().unwrap_or_default();
        let is_common = bare.contains('.') && COMMON_ENDS.contains(&end) && rest.starts_with('/');
        (is_own || is_www || is_common).then(|| format!("https://{link}"))
    })
}

/// What could be the name of a host, up to the path.
fn host(link: &str) -> Option<&str> {
    let end = link.find(['/', '?', '#']).unwrap_or(link.len());
    let host = &link[..end];
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.');
    let is_host = host.starts_with(char::is_alphanumeric) && host.chars().all(is_name);
    is_host.then_some(host)
}

/// Whether a link names a user, or holds a password: both are removed, because they would be published,
/// and that is reported.
pub(super) fn is_private(raw: &str) -> bool {
    login(raw.trim()).is_some()
}

/// A link without the user name and the password in it.
fn without_login(raw: &str) -> String {
    match login(raw) {
        Some((scheme, rest)) => format!("{scheme}://{rest}"),
        None => raw.to_owned(),
    }
}

/// The scheme of a link that has a login, and what follows the login.
fn login(raw: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = raw.split_once("://")?;
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let at = rest[..end].rfind('@')?;
    Some((scheme, &rest[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_as_it_was_meant() {
        let base = SafeUrl::parse("https://l.example/feed/").unwrap();
        for (raw, link) in [
            ("www.l.example/d", "https://www.l.example/d"),
            ("www.other.example", "https://www.other.example/"),
            ("l.example/e", "https://l.example/e"),
            ("other.com/e", "https://other.com/e"),
            ("//cdn.example/x", "https://cdn.example/x"),
            ("http:/a.example/x", "http://a.example/x"),
            ("https:/a.example/x", "https://a.example/x"),
            ("https:a.example/x", "https://a.example/x"),
            ("http//a.example/x", "http://a.example/x"),
            ("http:///a.example/x", "http://a.example/x"),
            ("hhttps://a.example/x", "https://a.example/x"),
            ("http://https://a.example/x", "https://a.example/x"),
            ("://a.example/x", "https://a.example/x"),
            ("https://ada:pass@a.example/x", "https://a.example/x"),
            ("https://a@b:c@a.example/x@y", "https://a.example/x@y"),
            (
                "https://a.example/?x=1&amp;y=2",
                "https://a.example/?x=1&y=2",
            ),
            (
                "https://a.example/?x=1&#038;y=2",
                "https://a.example/?x=1&y=2",
            ),
            ("https://a.example/g h", "https://a.example/g%20h"),
            // As a browser reads them.
            ("/b", "https://l.example/b"),
            ("page.html", "https://l.example/feed/page.html"),
            ("notes.md/a", "https://l.example/feed/notes.md/a"),
            ("https:page", "https://l.example/feed/page"),
            (
                "?q=www.a.example",
                "https://l.example/feed/?q=www.a.example",
            ),
            ("", "https://l.example/feed/"),
        ] {
            let found = resolve(Some(&base), raw, &Reading::current());
            assert_eq!(found.as_ref().map(SafeUrl::as_str), Some(link), "{raw}");
        }
        let frozen = resolve(Some(&base), "www.l.example/d", &Reading::frozen()).unwrap();
        assert_eq!(frozen.as_str(), "https://l.example/feed/www.l.example/d");
        assert!(is_private("https://ada:secret@l.example/j"));
        assert!(!is_private("https://l.example/@ada"));
    }
}
