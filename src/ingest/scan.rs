//! The quick scanner: XML text → tags, comments, CDATA sections and the like, as ranges of bytes.
//!
//! It jumps from `<` to `<` and looks at nothing else, so that a text of escaped HTML costs one
//! search. It is not a validating parser: it knows just enough of XML 1.0 that a tag inside a
//! comment, a CDATA section, an attribute or a DOCTYPE is never mistaken for one.
//!
//! Invariants: tokens do not overlap and come in order; every byte is looked at a bounded number
//! of times, whatever the text; all ranges lie on character boundaries.

use std::ops::Range;

use memchr::{memchr, memmem};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `<name …>`
    Start,
    /// `<name …/>`
    Empty,
    /// `</name>`
    End,
    /// `<![CDATA[…]]>`
    Cdata,
    /// `<!--…-->`
    Comment,
    /// `<?…?>`
    Instruction,
    /// `<!DOCTYPE …>` and other declarations
    Doctype,
}

/// One token: where it stands, and the name of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    /// The qualified name (`atom:entry`); empty for what is no tag.
    pub(super) name: Range<usize>,
}

/// The next thing in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// A token.
    Token(Token),
    /// A token that begins here and never ends.
    Unclosed(usize),
    /// Nothing more.
    End,
}

/// Walks over a text.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Scanner::starting_at(text, 0)
    }

    /// A scanner that begins at an offset, which must not lie within a token.
    pub(super) fn starting_at(text: &'a str, at: usize) -> Self {
        Scanner { text, at }
    }

    /// The next token. A `<` that begins none is text.
    pub(super) fn next(&mut self) -> Next {
        let bytes = self.text.as_bytes();
        while let Some(found) = memchr(b'<', bytes.get(self.at..).unwrap_or_default()) {
            let start = self.at + found;
            match self.token(start) {
                Next::Token(token) => {
                    self.at = token.range.end;
                    return Next::Token(token);
                }
                Next::Unclosed(at) => {
                    self.at = bytes.len();
                    return Next::Unclosed(at);
                }
                Next::End => self.at = start + 1,
            }
        }
        Next::End
    }

    /// The token that begins at this `<`; [`Next::End`] if it is mere text.
    fn token(&self, start: usize) -> Next {
        let rest = &self.text.as_bytes()[start..];
        match rest.get(1) {
            Some(b'!') if rest.starts_with(b"<!--") => {
                self.delimited(start, 4, b"-->", Kind::Comment)
            }
            Some(b'!') if rest.starts_with(b"<![CDATA[") => {
                self.delimited(start, 9, b"]]>", Kind::Cdata)
            }
            Some(b'!') if "<![CDATA[".as_bytes().starts_with(rest) || rest == b"<!-" => {
                Next::Unclosed(start)
            }
            Some(b'!') => self.declaration(start),
            Some(b'?') => self.delimited(start, 2, b"?>", Kind::Instruction),
            Some(b'/') => self.tag(start, start + 2),
            Some(_) => self.tag(start, start + 1),
            None => Next::Unclosed(start),
        }
    }

    fn delimited(&self, start: usize, skip: usize, end: &[u8], kind: Kind) -> Next {
        let bytes = self.text.as_bytes();
        match memmem::find(&bytes[start + skip..], end) {
            None => Next::Unclosed(start),
            Some(found) => Next::Token(Token {
                kind,
                range: start..start + skip + found + end.len(),
                name: start..start,
            }),
        }
    }

    /// A DOCTYPE may hold declarations of its own between square brackets.
    fn declaration(&self, start: usize) -> Next {
        let bytes = self.text.as_bytes();
        let (mut quote, mut depth) = (None, 0usize);
        let mut at = start + 2;
        while let Some(&byte) = bytes.get(at) {
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'<') if bytes[at..].starts_with(b"<!--") => {
                    match memmem::find(&bytes[at..], b"-->") {
                        Some(end) => at += end + 2,
                        None => return Next::Unclosed(start),
                    }
                }
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'[') => depth += 1,
                (None, b']') => depth = depth.saturating_sub(1),
                (None, b'>') if depth == 0 => {
                    return Next::Token(Token {
                        kind: Kind::Doctype,
                        range: start..at + 1,
                        name: start..start,
                    });
                }
                _ => {}
            }
            at += 1;
        }
        Next::Unclosed(start)
    }

    /// A tag ends at the first `>` outside quotes; a `<` before that shows that it is none, which
    /// also bounds the search by the next `<`.
    fn tag(&self, start: usize, name_start: usize) -> Next {
        let bytes = self.text.as_bytes();
        let Some(first) = bytes.get(name_start) else {
            return Next::Unclosed(start);
        };
        if !is_name_start(*first) {
            return Next::End;
        }
        let name_end = name_start
            + bytes[name_start..]
                .iter()
                .position(|byte| !is_name_byte(*byte))
                .unwrap_or(bytes.len() - name_start);
        let Some(end) = attributes_end(bytes, name_end) else {
            return if memchr(b'<', &bytes[name_end..]).is_some() {
                Next::End
            } else {
                Next::Unclosed(start)
            };
        };
        let kind = if bytes[start + 1] == b'/' {
            Kind::End
        } else if bytes[end - 1] == b'/' {
            Kind::Empty
        } else {
            Kind::Start
        };
        Next::Token(Token {
            kind,
            range: start..end + 1,
            name: name_start..name_end,
        })
    }
}

/// The position of the `>` that ends a tag; none if there is a `<` before it, or nothing. A quote
/// opens a value only after `=`: `<p title=it's>` is a tag.
fn attributes_end(bytes: &[u8], from: usize) -> Option<usize> {
    let (mut quote, mut after_equals) = (None, false);
    for (at, &byte) in bytes.iter().enumerate().skip(from) {
        match (quote, byte) {
            (_, b'<') => return None,
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') if after_equals => {
                quote = Some(byte);
                after_equals = false;
            }
            (None, b'=') => after_equals = true,
            (None, _) => after_equals &= byte.is_ascii_whitespace(),
        }
    }
    None
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' || byte >= 0x80
}

fn is_name_byte(byte: u8) -> bool {
    is_name_start(byte) || byte.is_ascii_digit() || byte == b'-' || byte == b'.'
}

/// Prefix and local name of a qualified name.
pub(super) fn split_name(name: &str) -> (Option<&str>, &str) {
    match name.rsplit_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    }
}

/// The attributes of a start tag: names and raw values, entities still in place.
pub(super) fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let bytes = tag.as_bytes();
    let mut out = Vec::new();
    let mut at = skip(bytes, 1, |byte| is_name_byte(byte) || byte == b'/');
    loop {
        at = skip(bytes, at, |byte| !is_name_start(byte));
        let name_end = skip(bytes, at, is_name_byte);
        if at >= bytes.len() {
            return out;
        }
        let name = &tag[at..name_end];
        at = skip(bytes, name_end, |byte| byte.is_ascii_whitespace());
        if bytes.get(at) != Some(&b'=') {
            continue;
        }
        at = skip(bytes, at + 1, |byte| byte.is_ascii_whitespace());
        let value = match bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) => at + 1..skip(bytes, at + 1, |byte| byte != quote),
            _ => {
                at..skip(bytes, at, |byte| {
                    !byte.is_ascii_whitespace() && byte != b'>'
                })
            }
        };
        at = value.end + 1;
        out.push((name, &tag[value]));
    }
}

/// The first position from `at` on whose byte does not pass; the end if all do.
fn skip(bytes: &[u8], at: usize, pass: impl Fn(u8) -> bool) -> usize {
    bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| !pass(*byte)))
        .map_or(bytes.len(), |found| at + found)
}

/// The raw value of an attribute.
pub(super) fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    attributes(tag)
        .into_iter()
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut scanner = Scanner::new(text);
        let mut out = Vec::new();
        loop {
            match scanner.next() {
                Next::Token(token) => out.push(format!("{:?} {}", token.kind, &text[token.name])),
                Next::Unclosed(at) => {
                    out.push(format!("unclosed {at}"));
                    return out.join(", ");
                }
                Next::End => return out.join(", "),
            }
        }
    }

    #[test]
    fn what_looks_like_a_tag_and_is_none() {
        for (text, tokens) in [
            ("<a><b/></a>", "Start a, Empty b, End a"),
            ("<a title='>' alt=\"/>\">", "Start a"),
            ("<p title=it's>x</p>", "Start p, End p"),
            ("1 < 2 and <3 <b>", "Start b"),
            ("<![CDATA[</item>]]><x>", "Cdata , Start x"),
            ("<!-- <item> --><x>", "Comment , Start x"),
            ("<?php echo '<x>' ?><x>", "Instruction , Start x"),
            (
                "<!DOCTYPE a [<!ENTITY b '<x>]>'> <!-- ' ]> --> ]><x>",
                "Doctype , Start x",
            ),
            ("<x><![CDATA[ never", "Start x, unclosed 3"),
            ("<x><!", "Start x, unclosed 3"),
            ("<x a='", "unclosed 0"),
            ("<x <y>", "Start y"),
            ("</atom:entry >", "End atom:entry"),
            ("<ä:ö>", "Start ä:ö"),
            ("<", "unclosed 0"),
        ] {
            assert_eq!(shown(text), tokens, "{text}");
        }
    }

    #[test]
    fn attributes_as_people_write_them() {
        for (tag, pairs) in [
            (
                "<a href=\"x\" b = 'y z'>",
                vec![("href", "x"), ("b", "y z")],
            ),
            ("<a checked href=x/y>", vec![("href", "x/y")]),
            ("<a", vec![]),
            ("<a b=", vec![("b", "")]),
            ("<a b='x", vec![("b", "x")]),
            ("<a xml:base='ü'/>", vec![("xml:base", "ü")]),
        ] {
            assert_eq!(attributes(tag), pairs, "{tag}");
        }
    }
}
