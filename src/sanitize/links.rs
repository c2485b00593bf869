//! A link as a stranger wrote it → where a browser would go from the original's page.
//!
//! Links to a place in the body itself stay inside it: `#fn1` may lead to the `uc-fn1` of this
//! body. Whether it does, only the finished body knows, so such a link carries both answers.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use url::{ParseError, Url};

use crate::model::{Base, Role, SITE_ROOT, SafeUrl};

use super::own::Here;
use super::policy::{ID_LENGTH, ID_PREFIX, URL_LENGTH};

/// What a URL may hold after its host only in encoded form (WHATWG URL, "URL code points"), though
/// parsers let it pass. `%` and `#` are looked at one by one.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Against what links are resolved, and whose they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) base: Option<&'a SafeUrl>,
    /// The same, to resolve against.
    pub(super) resolver: &'a Base,
    pub(super) role: Role,
    /// The page or note of the owner's in which it stands.
    pub(super) here: Option<Here<'a>>,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// What to write as `href`; none if only the place in this body will do.
    pub(super) href: Option<String>,
    /// The id in this body that it leads to, if there is such an id.
    pub(super) fragment: Option<String>,
}

impl Origin<'_> {
    /// A link's target; none if there is none that is safe.
    pub(super) fn target(self, raw: &str) -> Option<Target> {
        let raw = raw.trim_matches(|c: char| c <= ' ');
        // A note's base is the site, on none of whose pages its places are.
        let base = self.base.filter(|_| self.role != Role::Note);
        if let (Some(fragment), None) = (raw.strip_prefix('#'), base) {
            return Some(Target {
                href: None,
                fragment: Some(self.id(&decoded(fragment))?),
            });
        }
        if let Some(href) = self.of_note(raw) {
            return Some(Target {
                href: Some(href),
                fragment: None,
            });
        }
        let Some((url, href)) = self.resolve(raw) else {
            return self.own_path(raw).map(|href| Target {
                href: Some(href),
                fragment: None,
            });
        };
        let here = |page: &str| {
            self.base
                .is_some_and(|base| base.without_fragment() == page)
        };
        let fragment = memchr(b'#', url.as_str().as_bytes())
            .map(|at| url.as_str().split_at(at))
            .filter(|(page, _)| here(page))
            .and_then(|(_, fragment)| self.id(&decoded(&fragment[1..])));
        Some(Target {
            href: Some(href),
            fragment,
        })
    }

    /// The URL of an image or a piece of media, which the page loads: by https, whatever was
    /// written. The pages' Content-Security-Policy lets nothing else load, and browsers ask for
    /// the images of a page that came by https in this way anyway. What a note shows of its own
    /// site is loaded as the page is.
    pub(super) fn loaded(self, raw: &str) -> Option<String> {
        let url = self.resource(raw)?;
        let Some(rest) = url.strip_prefix("http://") else {
            return Some(url);
        };
        let site = self.base.filter(|_| self.role.is_owned());
        if site
            .is_some_and(|site| SafeUrl::parse(&url).and_then(|url| url.origin()) == site.origin())
        {
            return Some(url);
        }
        self.resource(&format!("https://{rest}"))
    }

    /// The URL of something that belongs to the text: http or https.
    pub(super) fn resource(self, raw: &str) -> Option<String> {
        let raw = raw.trim_matches(|c: char| c <= ' ');
        if raw.is_empty() {
            return None;
        }
        if let Some(written) = self.of_note(raw) {
            return Some(written);
        }
        match self.resolve(raw) {
            Some((url, written)) if url.as_str().starts_with("http") => Some(written),
            Some(_) => None,
            None => self.own_path(raw),
        }
    }

    /// What `raw` means to a browser, and how it is written; none if its encoded form is too long
    /// to be read again.
    fn resolve(self, raw: &str) -> Option<(SafeUrl, String)> {
        let url = self.resolver.resolve(raw)?;
        let written = conforming(url.as_str()).into_owned();
        (written.len() <= URL_LENGTH).then_some((url, written))
    }

    /// A note's link to something of its own site, from the site's root: each page that shows the
    /// note has the root elsewhere.
    fn of_note(self, raw: &str) -> Option<String> {
        let site = self.base.filter(|_| self.role == Role::Note)?;
        if raw.is_empty() || Url::parse(raw) != Err(ParseError::RelativeUrlWithoutBase) {
            return None;
        }
        let named = self.here.map_or(Cow::Borrowed(raw), |here| here.link(raw));
        let (_, written) = self.resolve(&named)?;
        let inside = written.strip_prefix(site.as_str())?;
        Some(format!("{SITE_ROOT}{inside}"))
    }

    /// The owner's links between their own pages stay relative.
    fn own_path(self, raw: &str) -> Option<String> {
        let relative = Url::parse(raw) == Err(ParseError::RelativeUrlWithoutBase);
        let leaves = raw.starts_with(['/', '\\']) && raw[1..].starts_with(['/', '\\']);
        let odd = raw.is_empty() || raw.contains(|c: char| c.is_control() || c == ':');
        (self.role == Role::Page && self.base.is_none() && relative && !leaves && !odd).then(|| {
            match self.here {
                Some(here) => conforming(&here.link(raw)).into_owned(),
                None => conforming(raw).into_owned(),
            }
        })
    }

    /// An id as it stands in this body; none if it cannot be one, or may not have one.
    pub(super) fn id(self, raw: &str) -> Option<String> {
        let odd = raw.is_empty() || raw.len() > ID_LENGTH;
        if odd || raw.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return None;
        }
        match self.role {
            Role::Page => Some(raw.to_owned()),
            Role::Text if raw.starts_with(ID_PREFIX) => Some(raw.to_owned()),
            Role::Text => Some(format!("{ID_PREFIX}{raw}")),
            Role::Aside | Role::Note => None,
        }
    }
}

/// The link to an id of the same page.
pub(super) fn to_id(id: &str) -> String {
    format!(
        "#{}",
        conforming(&id.replace('%', "%25").replace('#', "%23"))
    )
}

fn decoded(fragment: &str) -> Cow<'_, str> {
    percent_decode_str(fragment).decode_utf8_lossy()
}

/// The same URL, written as the standard wants it: what a parser only tolerates is encoded.
pub(super) fn conforming(url: &str) -> Cow<'_, str> {
    let bytes = url.as_bytes();
    let mut colons = memchr_iter(b':', bytes);
    let scheme = colons.find(|at| bytes[*at..].starts_with(b"://"));
    let path = scheme.map_or(0, |scheme| {
        let host = scheme + 3;
        memchr(b'/', &bytes[host..]).map_or(url.len(), |length| host + length)
    });
    let fragment = memchr(b'#', bytes).map_or(url.len(), |at| at + 1);
    let fine = url[path..]
        .bytes()
        .enumerate()
        .all(|(at, byte)| match byte {
            b'%' => is_encoded(&url[path + at..]),
            b'#' => path + at < fragment,
            b' ' | b'"' | b'<' | b'>' | b'[' | b'\\' | b']' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                false
            }
            byte => byte > b' ' && byte != 0x7f,
        });
    if fine {
        return Cow::Borrowed(url);
    }
    let mut out = url[..path].to_owned();
    for (at, character) in url[path..].char_indices() {
        match character {
            '%' if !is_encoded(&url[path + at..]) => out.push_str("%25"),
            '#' if path + at >= fragment => out.push_str("%23"),
            _ => out.extend(utf8_percent_encode(
                &url[path + at..][..character.len_utf8()],
                ENCODED,
            )),
        }
    }
    Cow::Owned(out)
}

fn is_encoded(rest: &str) -> bool {
    let digits = rest.as_bytes().get(1..3);
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(base: Option<&str>, raw: &str) -> Option<(Option<String>, Option<String>)> {
        let base = base.and_then(SafeUrl::parse);
        let origin = Origin {
            base: base.as_ref(),
            resolver: &Base::new(base.as_ref()),
            role: Role::Text,
            here: None,
        };
        origin
            .target(raw)
            .map(|target| (target.href, target.fragment))
    }

    #[test]
    fn odd_links_end_where_a_browser_would_go() {
        let base = Some("https://example.org/a/b.html");
        for (raw, href, fragment) in [
            ("", "https://example.org/a/b.html", None),
            ("#", "https://example.org/a/b.html#", None),
            (".", "https://example.org/a/", None),
            ("?", "https://example.org/a/b.html?", None),
            (
                "#fn:1",
                "https://example.org/a/b.html#fn:1",
                Some("uc-fn:1"),
            ),
            (
                "/a/b.html#x%20y",
                "https://example.org/a/b.html#x%20y",
                None,
            ),
            (
                "#%C3%A4",
                "https://example.org/a/b.html#%C3%A4",
                Some("uc-ä"),
            ),
            (
                "#:~:text=foo",
                "https://example.org/a/b.html#:~:text=foo",
                Some("uc-:~:text=foo"),
            ),
            (
                "video.mp4#t=10,20",
                "https://example.org/a/video.mp4#t=10,20",
                None,
            ),
            (
                "/x|y[1]?a=100%&b={c}#d#e",
                "https://example.org/x%7Cy%5B1%5D?a=100%25&b={c}#d%23e",
                None,
            ),
            ("mailto:a b@x.org", "mailto:a%20b@x.org", None),
        ] {
            let (found, place) = target(base, raw).unwrap();
            let href = href.replace("{c}", "%7Bc%7D");
            assert_eq!(
                (found.as_deref(), place.as_deref()),
                (Some(&*href), fragment),
                "{raw}"
            );
        }
        for raw in [
            "//",
            "data:text/html,x",
            "javascript:alert(1)",
            "java\nscript:x",
            "tel:1",
        ] {
            assert_eq!(target(base, raw), None, "{raw}");
        }
        let long = format!("/{}", "ä".repeat(3000));
        assert_eq!(target(base, &long), None);
        assert_eq!(target(None, "relative"), None);
        assert_eq!(target(None, "#x"), Some((None, Some("uc-x".to_owned()))));
    }

    #[test]
    fn the_owner_may_link_to_paths_of_the_site() {
        let own = Origin {
            base: None,
            resolver: &Base::new(None),
            role: Role::Page,
            here: None,
        };
        for (raw, href) in [
            ("about.html", Some("about.html")),
            ("tags/a b.html", Some("tags/a%20b.html")),
            ("/static/x.png", Some("/static/x.png")),
            ("//evil.example/", None),
            ("/\\evil.example/", None),
            ("javascript:x", None),
            ("\u{1}javascript:x", None),
            ("java\tscript:x", None),
        ] {
            assert_eq!(
                own.target(raw).and_then(|target| target.href).as_deref(),
                href,
                "{raw:?}"
            );
        }
        assert_eq!(own.id("x").as_deref(), Some("x"));
    }

    #[test]
    fn a_conforming_url_stays_as_it_is() {
        for raw in [
            "https://x.org/a%20b?c#d",
            "https://[::1]/[",
            "https://x.org/%zz|",
            "a#b#c",
        ] {
            let once = conforming(raw).into_owned();
            assert_eq!(conforming(&once), once);
        }
        assert_eq!(conforming("https://[::1]/["), "https://[::1]/%5B");
    }
}
