//! A page that was fetched instead of a feed → the feeds that it names, as feed readers find them:
//! `<link rel="alternate" type="application/rss+xml" href="…">`.
//!
//! Invariants: only the beginning of a page is looked at, and only so many feeds are named; what comes
//! out are addresses of the web, as the URL standard writes them, so that they can be printed.

use std::collections::BTreeMap;

use memchr::{memchr, memmem};
use url::Url;

/// How much of a page is searched, in bytes: the head of a real one is far shorter.
const SEARCHED: usize = 1 << 20;
/// How many feeds are named.
const MOST: usize = 8;
/// How long an address may be that somebody is to copy.
const LONGEST: usize = 500;
/// What feeds are served as.
const TYPES: &[&str] = &[
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/rss+xml",
];
/// Elements whose text is no markup.
const RAW: &[&str] = &[
    "iframe", "noembed", "noframes", "script", "style", "template", "textarea", "title", "xmp",
];

/// The feeds that a page names, in its order.
pub(super) fn named_feeds(page: &str, address: &str) -> Vec<Url> {
    let mut end = page.len().min(SEARCHED);
    while !page.is_char_boundary(end) {
        end -= 1;
    }
    let Ok(address) = Url::parse(address) else {
        return Vec::new();
    };
    let (mut base, mut feeds) = (None, Vec::new());
    for tag in Tags(&page[..end]) {
        match &*tag.name {
            "base" if base.is_none() => {
                let href = tag.attributes.get("href");
                base = href.and_then(|href| address.join(href.trim()).ok());
            }
            "link" if tag.names_a_feed() => {
                feeds.extend(tag.attributes.get("href").cloned());
            }
            _ => {}
        }
    }
    let base = base.unwrap_or(address);
    let mut named: Vec<Url> = Vec::new();
    for href in feeds {
        let Some(mut url) = base
            .join(href.trim())
            .ok()
            .filter(|_| !href.trim().is_empty())
        else {
            continue;
        };
        url.set_fragment(None);
        // The standard lets these stand in a query; in a message or in site.toml they would mean more.
        let query = url
            .query()
            .map(|query| query.replace('`', "%60").replace('\\', "%5C"));
        url.set_query(query.as_deref());
        // A password in a page is nobody's to print, and a feed that needs one is not found here.
        let is_plain = url.username().is_empty() && url.password().is_none();
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        if is_web && is_plain && url.as_str().len() <= LONGEST && !named.contains(&url) {
            named.push(url);
        }
        if named.len() == MOST {
            break;
        }
    }
    named
}

/// A start tag.
struct Tag {
    /// In lower case.
    name: String,
    /// Names in lower case; of several with one name, the first, as browsers do.
    attributes: BTreeMap<String, String>,
}

impl Tag {
    fn names_a_feed(&self) -> bool {
        let said = |name: &str| self.attributes.get(name).map_or("", String::as_str);
        let mut relations = said("rel").split_ascii_whitespace();
        let is_alternate = relations.any(|it| it.eq_ignore_ascii_case("alternate"));
        let kind = said("type").split(';').next().unwrap_or_default().trim();
        is_alternate && TYPES.iter().any(|it| it.eq_ignore_ascii_case(kind))
    }
}

/// The start tags of a page.
struct Tags<'a>(&'a str);

impl Iterator for Tags<'_> {
    type Item = Tag;

    fn next(&mut self) -> Option<Tag> {
        loop {
            self.0 = &self.0[memchr(b'<', self.0.as_bytes())? + 1..];
            if let Some(comment) = self.0.strip_prefix("!--") {
                self.0 = after(comment, "-->");
            } else if self.0.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let tag = self.tag();
                if RAW.contains(&&*tag.name) {
                    self.skip_to_end_of(&tag.name);
                }
                return Some(tag);
            }
        }
    }
}

/// What comes after the first place of this; nothing if it never comes.
fn after<'a>(text: &'a str, what: &str) -> &'a str {
    memmem::find(text.as_bytes(), what.as_bytes()).map_or("", |at| &text[at + what.len()..])
}

impl Tags<'_> {
    fn skip_to_end_of(&mut self, name: &str) {
        while let Some(at) = memmem::find(self.0.as_bytes(), b"</") {
            self.0 = &self.0[at + 2..];
            let head = self.0.get(..name.len()).unwrap_or_default();
            if head.eq_ignore_ascii_case(name) {
                return;
            }
        }
        self.0 = "";
    }

    /// Reads a tag, from its name to its end.
    fn tag(&mut self) -> Tag {
        let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
        let name = self.take_until(is_end).to_ascii_lowercase();
        let mut attributes = BTreeMap::new();
        loop {
            let is_between = |c: char| c.is_ascii_whitespace() || c == '/';
            self.0 = self.0.trim_start_matches(is_between);
            if self.0.is_empty() {
                break;
            }
            if let Some(rest) = self.0.strip_prefix('>') {
                self.0 = rest;
                break;
            }
            // An equals sign may begin a name, and no other place in it.
            let first = self.0.chars().next().map_or(0, char::len_utf8);
            let (first, rest) = self.0.split_at(first);
            self.0 = rest;
            let rest = self.take_until(|c| is_end(c) || c == '=');
            let key = format!("{first}{rest}").to_ascii_lowercase();
            let value = self.value();
            attributes.entry(key).or_insert(value);
        }
        Tag { name, attributes }
    }

    fn value(&mut self) -> String {
        let Some(rest) = self.0.trim_ascii_start().strip_prefix('=') else {
            return String::new();
        };
        self.0 = rest.trim_ascii_start();
        let raw = match self.0.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                self.0 = &self.0[1..];
                let raw = self.take_until(|c| c == quote);
                self.0 = self.0.get(1..).unwrap_or_default();
                raw
            }
            _ => self.take_until(|c| c.is_ascii_whitespace() || c == '>'),
        };
        plain(raw)
    }

    fn take_until<'a>(&mut self, is_end: impl Fn(char) -> bool) -> &'a str
    where
        Self: 'a,
    {
        let (taken, rest) = self.0.split_at(self.0.find(is_end).unwrap_or(self.0.len()));
        self.0 = rest;
        taken
    }
}

/// The references that addresses need.
fn plain(raw: &str) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&sol;", "/"),
        ("&colon;", ":"),
        ("&period;", "."),
        ("&equals;", "="),
        ("&quest;", "?"),
        ("&amp;", "&"),
    ];
    let mut out = String::new();
    let mut rest = raw;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let named = NAMES.iter().find_map(|(name, plain)| {
            let after = rest.strip_prefix(name)?;
            Some(((*plain).to_owned(), after))
        });
        match named.or_else(|| numbered(rest)) {
            Some((plain, after)) => {
                out.push_str(&plain);
                rest = after;
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// `&#x2f;` or `&#47;` at the beginning, and what comes after it.
fn numbered(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix("&#")?;
    let (number, after) = inner.split_at(inner.find(';').filter(|at| *at < 10)?);
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    Some((char::from_u32(code)?.to_string(), &after[1..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(page: &str) -> Vec<String> {
        let named = named_feeds(page, "https://e.org/blog/index.html");
        named.into_iter().map(String::from).collect()
    }

    #[test]
    fn a_page_names_its_feeds() {
        let page = "<!doctype html><html><head><title>B</title>\
            <link rel=stylesheet href=style.css>\
            <link rel=\"alternate\" type=\"application/rss+xml\" title=\"RSS\" href=\"/feed.xml\">\
            <LINK HREF='atom.xml?a=1&amp;b=2#top' TYPE='application/atom+xml; charset=utf-8' REL='Alternate home'/>\
            <link rel=alternate type=application/feed+json href=//json.e.org/feed.json>\
            <link rel=alternate type=application/rss+xml href=/feed.xml>\
            <link rel=alternate hreflang=de href=/de/>\
            <link rel='alternate' type='text/html' href='/print'></head>";
        assert_eq!(
            named(page),
            [
                "https://e.org/feed.xml",
                "https://e.org/blog/atom.xml?a=1&b=2",
                "https://json.e.org/feed.json",
            ]
        );
    }

    #[test]
    fn a_base_counts_wherever_it_stands_and_only_the_first() {
        let link = "<link rel=alternate type=application/rss+xml href=feed.xml>";
        for page in [
            format!("<base href='/other/'>{link}<base href='/third/'>"),
            format!("{link}<base target=_top href='https://e.org/other/x'>"),
        ] {
            assert_eq!(named(&page), ["https://e.org/other/feed.xml"], "{page}");
        }
    }

    #[test]
    fn what_is_no_element_names_nothing() {
        let link = "<link rel=alternate type=application/rss+xml href=feed.xml>";
        for page in [
            format!("<!-- {link} -->"),
            format!("<script>'{link}'</script>"),
            format!("<title>{link}</title>"),
            format!("<textarea>{link}</textarea"),
            format!("<a title=\"{link}\">"),
            format!("{}{link}", " ".repeat(SEARCHED)),
            link.replace("rss+xml", "rss"),
            link.replace("feed.xml", "''"),
            link.replace("feed.xml", "javascript:alert(1)"),
            link.replace("feed.xml", "file:///etc/passwd"),
            link.replace("feed.xml", "https://me:pw@e.org/feed"),
            link.replace("feed.xml", &"x".repeat(LONGEST)),
        ] {
            assert_eq!(named(&page), [""; 0], "{page}");
        }
    }

    #[test]
    fn a_hostile_page_is_printed_safely_and_names_only_so_many() {
        let link =
            |href: &str| format!("<link rel=alternate type=application/rss+xml href=\"{href}\">");
        let odd = named(&link("/a`b\u{1b}[31m ::error::\u{202e}&#10;&#x1b;<script>"));
        assert!(
            odd[0].is_ascii() && !odd[0].contains(['`', '\u{1b}', '\n', ' ', '<']),
            "{odd:?}"
        );
        let many: String = (0..1_000).map(|number| link(&number.to_string())).collect();
        assert_eq!(named(&many).len(), MOST);
    }

    proptest! {
        #[test]
        fn no_page_is_too_odd(page in "(<|/|=|>|'|\"|!--|-->|link|base| |href|&#|;|é|title|script){0,60}") {
            named(&page);
        }
    }
}
