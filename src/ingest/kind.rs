//! What a file is, by its content: its name says nothing (`.xml`, `.txt`, `.json`, none).
//!
//! A server that fails answers with an HTML page, and a fetch script stores it under the name of a
//! feed; so what is no feed is named as exactly as possible, for the owner to recognise.

use super::exports;
use super::json;
use super::scan::{Kind as TokenKind, Next, Scanner, split_name};

/// How much of other text (warnings of a server's script, mostly) may stand before a feed.
const JUNK_LENGTH: usize = 8_192;

/// How a feed begins.
const FEED_STARTS: &[&str] = &["<?xml", "<rss", "<feed", "<rdf:RDF", "<atom:feed"];
/// How a page begins that is no feed, whatever it shows, in lower case.
const PAGE_STARTS: &[&str] = &["<!doctype html", "<html", "<head", "<body"];

/// The families of feeds: how entries are called, and what their children mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Format {
    /// Atom 1.0 and 0.3.
    Atom,
    /// RSS 2.0 and 0.9x.
    Rss,
    /// RSS 1.0 and 0.90: items beside the channel, in RDF.
    Rdf,
    /// JSON Feed.
    Json,
}

impl Format {
    /// The local name of an entry's element.
    pub(super) fn entry_name(self) -> &'static str {
        match self {
            Format::Atom => "entry",
            Format::Rss | Format::Rdf => "item",
            Format::Json => "",
        }
    }
}

/// What a file seems to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A feed, which begins at this offset; what stands before it is junk.
    Feed(Format, usize),
    /// An export that is no feed, in words.
    Export(&'static str),
    /// Something else, in words.
    Other(String),
}

/// What to do with an export.
pub(super) const EXPORT_HINT: &str = "keep the file: a later version of Gleaner will read such exports; move it out of `content/snapshots` until then";

/// Looks at a text.
pub(super) fn kind(text: &str) -> Kind {
    let body = text.trim_start();
    match body.as_bytes().first() {
        None => Kind::Other("an empty file".to_owned()),
        Some(b'<') => markup(text, text.len() - body.len()),
        Some(b'{') if json::is_feed(text) => Kind::Feed(Format::Json, 0),
        Some(b'{' | b'[') => named(exports::of_json(text), "JSON of another kind"),
        Some(_) => junk(text),
    }
}

/// An export, if it is known, and something else if it is not.
fn named(export: Option<&'static str>, otherwise: &str) -> Kind {
    export.map_or_else(|| Kind::Other(otherwise.to_owned()), Kind::Export)
}

/// Text before the markup: a feed may still follow.
fn junk(text: &str) -> Kind {
    let head = head(text, JUNK_LENGTH);
    if let Some(feed) = feed_behind(text, 0) {
        return feed;
    }
    if is_binary(text) {
        return Kind::Other("a binary file".to_owned());
    }
    if is_html_name(&first_name(head)) {
        return Kind::Other("an HTML page".to_owned());
    }
    named(exports::of_text(text), "plain text")
}

/// The feed behind junk that reaches at least to `from`; none behind the beginning of a whole
/// page, which may well speak of feeds.
fn feed_behind(text: &str, from: usize) -> Option<Kind> {
    let head = head(text, JUNK_LENGTH);
    let rest = head.get(from..)?;
    let first = |starts: &[&str], text: &str| starts.iter().filter_map(|s| text.find(s)).min();
    let at = from + first(FEED_STARTS, rest)?;
    if first(PAGE_STARTS, &head[..at].to_ascii_lowercase()).is_some() {
        return None;
    }
    root(text, at).and_then(Root::feed)
}

fn first_name(head: &str) -> String {
    let mut scanner = Scanner::new(head);
    while let Next::Token(token) = scanner.next() {
        if matches!(token.kind, TokenKind::Start | TokenKind::Empty) {
            return head[token.name].to_ascii_lowercase();
        }
    }
    String::new()
}

/// What the first element says.
enum Root {
    Feed(Format, usize),
    /// An HTML page by its doctype or root.
    Page,
    /// HTML that begins here, in the middle of a page or none.
    Fragment(usize),
    Other(String),
}

impl Root {
    fn feed(self) -> Option<Kind> {
        match self {
            Root::Feed(format, start) => Some(Kind::Feed(format, start)),
            Root::Page | Root::Fragment(_) | Root::Other(_) => None,
        }
    }
}

/// The first element decides.
fn markup(text: &str, start: usize) -> Kind {
    let page = || named(exports::of_text(text), "an HTML page");
    match root(text, start) {
        Some(Root::Feed(format, start)) => Kind::Feed(format, start),
        Some(Root::Page) => page(),
        // A server's script warns in HTML, before the feed.
        Some(Root::Fragment(at)) => feed_behind(text, at).unwrap_or_else(page),
        Some(Root::Other(name)) => {
            let otherwise = format!("XML with the root `{}`", head(&name, 80));
            named(exports::of_root(text, &name), &otherwise)
        }
        None if is_binary(text) => Kind::Other("a binary file".to_owned()),
        None => Kind::Other("the beginning of a file, without any element".to_owned()),
    }
}

fn root(text: &str, start: usize) -> Option<Root> {
    let mut scanner = Scanner::starting_at(text, start);
    while let Next::Token(token) = scanner.next() {
        if !matches!(token.kind, TokenKind::Start | TokenKind::Empty) {
            if token.kind == TokenKind::Doctype && is_html_doctype(&text[token.range]) {
                return Some(Root::Page);
            }
            continue;
        }
        let name = &text[token.name];
        let local = split_name(name).1;
        let lower = local.to_ascii_lowercase();
        return Some(match format(local) {
            Some(format) => Root::Feed(format, start),
            None if matches!(lower.as_str(), "html" | "head" | "body") => Root::Page,
            None if is_html_name(&lower) => Root::Fragment(token.range.start),
            None => Root::Other(name.to_owned()),
        });
    }
    None
}

/// The format of a feed with this root.
pub(super) fn format(local: &str) -> Option<Format> {
    Some(match local {
        "feed" | "entry" => Format::Atom,
        "rss" | "channel" => Format::Rss,
        "RDF" => Format::Rdf,
        _ => return None,
    })
}

fn is_html_doctype(declaration: &str) -> bool {
    declaration
        .get(9..)
        .and_then(|rest| rest.trim_start().get(..4))
        .is_some_and(|name| name.eq_ignore_ascii_case("html"))
}

/// Whether an element of this name, in lower case, is one of HTML with which a page or a message
/// may begin.
pub(super) fn is_html_name(name: &str) -> bool {
    matches!(
        name,
        "html"
            | "head"
            | "body"
            | "title"
            | "meta"
            | "link"
            | "style"
            | "script"
            | "div"
            | "p"
            | "h1"
            | "h2"
            | "center"
            | "table"
            | "br"
            | "b"
            | "a"
            | "pre"
            | "hr"
            | "span"
    )
}

/// Text does not hold NUL.
fn is_binary(text: &str) -> bool {
    let head = head(text, JUNK_LENGTH);
    let odd = head
        .chars()
        .filter(|c| *c == '\u{fffd}' || (c.is_control() && !c.is_whitespace()))
        .count();
    head.contains('\0') || odd * 10 > head.chars().count()
}

/// At most this many bytes from the start, on a character boundary.
fn head(text: &str, length: usize) -> &str {
    let mut end = length.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_says_what_it_is() {
        for (text, format) in [
            ("<feed xmlns='http://www.w3.org/2005/Atom'/>", Format::Atom),
            (
                "<a:feed xmlns:a='http://www.w3.org/2005/Atom'/>",
                Format::Atom,
            ),
            ("\n <?xml version='1.0'?><!-- hi --><rss>", Format::Rss),
            ("<!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>", Format::Rss),
            ("<rdf:RDF>", Format::Rdf),
            (
                "{\"version\": \"https://jsonfeed.org/version/1\"}",
                Format::Json,
            ),
        ] {
            assert_eq!(
                kind(text),
                Kind::Feed(format, if text.starts_with('\n') { 2 } else { 0 })
            );
        }
        let noisy =
            "Warning: cannot connect in /srv/feed.php on line 3\n<?xml version='1.0'?><rss/>";
        assert_eq!(
            kind(noisy),
            Kind::Feed(Format::Rss, noisy.find('<').unwrap())
        );
        for (junk, feed, format) in [
            (
                "<br />\n<b>Warning</b>: x<br />\n",
                "<?xml version='1.0'?><rss/>",
                Format::Rss,
            ),
            ("\n<p>é</p>", "<feed/>", Format::Atom),
            ("<?xml version='1.0'?><br />", "<rdf:RDF/>", Format::Rdf),
            ("Notice: <br />", "<rss/>", Format::Rss),
        ] {
            let text = format!("{junk}{feed}");
            assert_eq!(kind(&text), Kind::Feed(format, junk.len()), "{text}");
        }
    }

    #[test]
    fn what_is_no_feed_is_named() {
        for (text, what) in [
            ("", "an empty file"),
            (" \n", "an empty file"),
            ("<!doctype html><title>502</title>", "an HTML page"),
            ("<HTML><body>", "an HTML page"),
            ("<br /><b>Fatal error</b>", "an HTML page"),
            ("<br /><!DOCTYPE html><p><rss>", "an HTML page"),
            ("<p>x<body><rss>", "an HTML page"),
            ("<br><?xml version='1.0'?><opml>", "an HTML page"),
            ("502 <b>Bad Gateway</b>", "an HTML page"),
            ("Not found", "plain text"),
            ("<opml version='2.0'>", "XML with the root `opml`"),
            ("{\"message\": \"Not Found\"}", "JSON of another kind"),
            ("[1, 2]", "JSON of another kind"),
            ("\u{0}PNG\u{1}", "a binary file"),
            ("<?xml ver", "the beginning of a file, without any element"),
        ] {
            assert_eq!(kind(text), Kind::Other(what.to_owned()), "{text}");
        }
    }
}
