//! Titles and names as plain text: HTML → what a reader would read, entities decoded once.
//!
//! The format says how often a title was escaped, and is often wrong about it. Atom says `html` or
//! `text`, and is believed. RSS says nothing: what is clearly markup or an entity is read as such,
//! and everything else stands, so that `Vec<T>` stays a title.
//!
//! Marks that came along from the heading of a page (`¶`, `🔗`, `#`) are taken off the end.

use memchr::memchr;
use quick_xml::escape::resolve_html5_entity;

use super::characters::{character, reference_name};
use super::reading::Reading;
use super::scan::{Kind, Next, Scanner, Token};

/// Elements that titles of real feeds contain, unescaped once too little.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark",
    "p", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
];

/// How much of a title or name is read, in bytes: markup and references take more than the text
/// that they stand for.
const TITLE_LENGTH: usize = 4_096;

/// How a title was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// Plain text.
    Text,
    /// HTML.
    Html,
    /// Plain text, or HTML: RSS does not say.
    Unsaid,
}

/// Elements whose text is for machines, or stands in for something else.
const UNREAD: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "iframe", "object", "noframes", "noembed",
];

/// A title as plain text, without the text of scripts and styles.
pub(super) fn title(raw: &str, writing: Writing, reading: &Reading) -> String {
    let written = as_written(raw, writing);
    match without_unread(readable(raw), writing).map(|bare| as_written(&bare, writing)) {
        Some(better) if better != written && reading.improves() => better,
        _ => written,
    }
}

/// HTML without the elements that nobody reads, if it has any. Where nobody says that it is HTML, the
/// element must hold code: a title may well speak of `<script>` and `</script>`.
fn without_unread(html: &str, writing: Writing) -> Option<String> {
    if writing == Writing::Text || !html.contains('<') {
        return None;
    }
    let mut out = String::new();
    let mut scanner = Scanner::new(html);
    let mut done = 0;
    loop {
        let token = match scanner.next() {
            Next::Token(token) => token,
            // A comment that never ends hides the rest.
            Next::Unclosed(at) if writing == Writing::Html && html[at..].starts_with("<!--") => {
                return Some(out + &html[done..at]);
            }
            _ => break,
        };
        let name = html[token.name.clone()].to_ascii_lowercase();
        if token.kind != Kind::Start || !UNREAD.contains(&&*name) {
            continue;
        }
        let end = format!("</{name}");
        let rest = html[token.range.end..].to_ascii_lowercase();
        let Some(found) = rest.find(&end) else {
            continue;
        };
        let inner = &rest[..found];
        if writing == Writing::Unsaid && !inner.contains(['(', '{', '<', ';', '=']) {
            continue;
        }
        let behind = token.range.end + found;
        let closed = html[behind..]
            .find('>')
            .map_or(html.len(), |end| behind + end + 1);
        out.push_str(&html[done..token.range.start]);
        done = closed;
        scanner = Scanner::starting_at(html, closed);
    }
    (done > 0).then(|| out + &html[done..])
}

fn as_written(raw: &str, writing: Writing) -> String {
    let raw = readable(raw);
    let text = match writing {
        Writing::Text => raw.to_owned(),
        Writing::Html => from_html(raw, |_| true),
        Writing::Unsaid => from_html(raw, |name| INLINE.contains(&name)),
    };
    without_anchor(&text).to_owned()
}

/// The part of a title or name that is read.
pub(super) fn readable(raw: &str) -> &str {
    let raw = raw.trim();
    &raw[..raw.floor_char_boundary(TITLE_LENGTH)]
}

/// Whether a title or name has more than is read.
pub(super) fn is_overlong(raw: &str) -> bool {
    raw.trim().len() > TITLE_LENGTH
}

/// HTML as plain text: the tags that are `meant` removed, entities decoded once.
pub(super) fn from_html(html: &str, meant: impl Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(html.len());
    let mut scanner = Scanner::new(html);
    let mut at = 0;
    while let Next::Token(token) = scanner.next() {
        if is_markup(html, &token, &meant) {
            decode(&html[at..token.range.start], &mut out);
            if breaks(&html[token.name.clone()]) {
                out.push(' ');
            }
            at = token.range.end;
        }
    }
    decode(&html[at..], &mut out);
    out
}

/// A tag counts if it is meant; comments always do. A start tag without its end, in a text that
/// need not be HTML, is a word: `the <b> element`.
fn is_markup(html: &str, token: &Token, meant: &impl Fn(&str) -> bool) -> bool {
    let name = html[token.name.clone()].to_ascii_lowercase();
    match token.kind {
        Kind::Comment | Kind::Cdata => true,
        Kind::Instruction | Kind::Doctype => meant(""),
        Kind::Empty => meant(&name),
        Kind::Start => {
            meant(&name) && (meant("") || html[token.range.end..].contains(&format!("</{name}")))
        }
        Kind::End => {
            meant(&name) && (meant("") || html[..token.range.start].contains(&format!("<{name}")))
        }
    }
}

fn breaks(name: &str) -> bool {
    matches!(name, "br" | "p" | "div" | "BR" | "li")
}

/// Entities, once; what is none stays.
pub(super) fn decode(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(ampersand) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..ampersand]);
        rest = &rest[ampersand..];
        let resolved = reference_name(rest).and_then(|name| {
            let text = match name.strip_prefix('#') {
                Some(number) => character(number)?.to_string(),
                None => resolve_html5_entity(name)?.to_owned(),
            };
            Some((text, name.len() + 2))
        });
        let (text, length) = resolved.unwrap_or_else(|| ("&".to_owned(), 1));
        out.push_str(&text);
        rest = &rest[length..];
    }
    out.push_str(rest);
}

/// Without the marks of a heading's own link at the end. `#` is one where it ends a longer word,
/// or follows no letter; the names of languages (`C#`, `F#`, `Q#`) have one letter.
fn without_anchor(title: &str) -> &str {
    let mut text = title.trim_end();
    loop {
        let cut = match text.chars().next_back() {
            Some('¶' | '🔗' | '\u{fe0f}') => {
                let bare = text.trim_end_matches('\u{fe0f}');
                bare.strip_suffix(['¶', '🔗'])
            }
            Some('#') => text
                .strip_suffix('#')
                .filter(|rest| !ends_in_single_letter(rest)),
            _ => None,
        };
        match cut.map(str::trim_end) {
            // A title that is nothing but such a mark keeps it.
            Some(rest) if !rest.is_empty() => text = rest,
            _ => return text,
        }
    }
}

fn ends_in_single_letter(text: &str) -> bool {
    let mut last = text.chars().rev();
    let letter = last.next().is_some_and(char::is_alphabetic);
    letter && !last.next().is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_what_a_reader_would_read() {
        use Writing::{Html, Text, Unsaid};
        for (raw, writing, read) in [
            ("AT&amp;T", Text, "AT&amp;T"),
            ("AT&amp;T <em>now</em>", Html, "AT&T now"),
            ("Vec&lt;T&gt;", Html, "Vec<T>"),
            ("a<br>b", Html, "a b"),
            ("AT&amp;T &#8217; &nbsp;x", Unsaid, "AT&T ’ \u{a0}x"),
            ("The <em>new</em> thing", Unsaid, "The new thing"),
            ("Vec<T> and Option<U>", Unsaid, "Vec<T> and Option<U>"),
            ("The <b> element", Unsaid, "The <b> element"),
            ("&amp;lt;", Unsaid, "&lt;"),
            ("R&D", Unsaid, "R&D"),
        ] {
            assert_eq!(title(raw, writing, &Reading::current()), read, "{raw}");
        }
    }

    #[test]
    fn the_text_of_scripts_is_in_no_title() {
        use Writing::{Html, Text, Unsaid};
        for (raw, writing, read) in [
            (
                "The lamp<script>count(7)</script><style>b{color:red}</style> is lit",
                Html,
                "The lamp is lit",
            ),
            (
                "The lamp<script>count(7)</script> is lit",
                Unsaid,
                "The lamp is lit",
            ),
            ("A<SCRIPT src='x'>f()</SCRIPT > b", Html, "A b"),
            ("A<noscript>no script</noscript>", Html, "A"),
            ("A <template><b>x</b></template>b", Html, "A b"),
            ("<svg><title>Icon</title></svg> Home", Html, "Home"),
            ("A <!-- b", Html, "A"),
            (
                "How <script> and </script> work",
                Unsaid,
                "How <script> and </script> work",
            ),
            ("<script>f()</script>", Text, "<script>f()</script>"),
            ("The <style> tag", Unsaid, "The <style> tag"),
            ("<script>f()</script>", Html, ""),
        ] {
            assert_eq!(
                title(raw, writing, &Reading::current()).trim(),
                read,
                "{raw}"
            );
        }
        let frozen = title("a<script>f()</script>", Html, &Reading::frozen());
        assert_eq!(frozen, "af()");
    }

    #[test]
    fn marks_of_headings_are_no_part_of_a_title() {
        for (raw, read) in [
            (
                "Disaggregated Prefilling (experimental)¶",
                "Disaggregated Prefilling (experimental)",
            ),
            ("Introduction#", "Introduction"),
            ("Introduction #", "Introduction"),
            ("Usage \u{a0}🔗", "Usage"),
            ("Usage ⛓🔗\u{fe0f}", "Usage ⛓"),
            ("Why C#", "Why C#"),
            ("F#", "F#"),
            ("Version 2#", "Version 2"),
            ("Q# and C##", "Q# and C#"),
            ("#", "#"),
            ("Issue #12", "Issue #12"),
            ("# ¶", "#"),
        ] {
            assert_eq!(
                title(raw, Writing::Text, &Reading::current()),
                read,
                "{raw}"
            );
        }
    }
}
