//! The internal entities of a DOCTYPE → text with the references to them replaced.
//!
//! Entries are read outside of their document, so what its DOCTYPE defines has to be put in
//! before. Entities may stand for each other; ten lines can stand for gigabytes that way. Each
//! value is expanded once, under a cap, and what would grow beyond it is left as a reference.
//!
//! External entities are never read. Invariants: no recursion without an end; what is added to a
//! slice is in proportion to its length, and so what is added to a file is, however many slices it
//! has. The bound depends on the slice alone, so that a slice is the same in every file and run.

use std::borrow::Cow;
use std::collections::BTreeMap;

use memchr::memchr;

use super::scan::{Kind, Next, Scanner};

/// The largest text that one entity may stand for.
const VALUE_LENGTH: usize = 64 * 1024;
/// How much larger a slice may become, whatever its length.
const SLICE_GROWTH: usize = 1024 * 1024;
/// How many bytes may be added for each byte of a slice: one reference may stand for much more, but
/// real slices consist of other text for the most part.
const GROWTH_RATE: usize = 4;
/// What may be added to the shortest slice.
const FREE_GROWTH: usize = 4 * 1024;
/// How many entities of one DOCTYPE are read.
const MAX_ENTITIES: usize = 256;
/// The longest name of an entity, in bytes.
const NAME_LENGTH: usize = 256;

/// The entities of a feed: their full text, or none if it grows too large.
#[derive(Debug, Clone, Default)]
pub(super) struct Entities(BTreeMap<String, Option<Value>>);

/// What an entity stands for.
#[derive(Debug, Clone)]
struct Value {
    text: String,
    /// In an attribute, where a value must not end it.
    in_tag: String,
}

impl Value {
    fn new(text: String) -> Self {
        let in_tag = text
            .replace('<', "&lt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;");
        Value { text, in_tag }
    }
}

impl Entities {
    /// Reads a DOCTYPE.
    pub(super) fn read(doctype: &str) -> Self {
        let raw = declarations(doctype);
        let mut done = BTreeMap::new();
        for name in raw.keys() {
            resolve(name, &raw, &mut done);
        }
        let values = done.into_iter();
        Entities(
            values
                .map(|(name, text)| (name, text.map(Value::new)))
                .collect(),
        )
    }

    /// What identifies these entities.
    pub(super) fn key(&self) -> String {
        if self.0.is_empty() {
            String::new()
        } else {
            format!("{:?}", self.0)
        }
    }

    /// A slice with its references replaced, and whether one was left because of its size.
    pub(super) fn expand<'a>(&self, slice: &'a str) -> (Cow<'a, str>, bool) {
        if self.0.is_empty() || memchr(b'&', slice.as_bytes()).is_none() {
            return (slice.into(), false);
        }
        let mut expansion = Expansion {
            entities: self,
            out: String::with_capacity(slice.len()),
            room: SLICE_GROWTH.min(FREE_GROWTH + GROWTH_RATE * slice.len()),
            bomb: false,
        };
        let mut scanner = Scanner::new(slice);
        let mut at = 0;
        while let Next::Token(token) = scanner.next() {
            expansion.text(&slice[at..token.range.start], false);
            let piece = &slice[token.range.clone()];
            match token.kind {
                Kind::Start | Kind::Empty => expansion.text(piece, true),
                _ => expansion.out.push_str(piece),
            }
            at = token.range.end;
        }
        expansion.text(&slice[at..], false);
        (expansion.out.into(), expansion.bomb)
    }
}

struct Expansion<'a> {
    entities: &'a Entities,
    out: String,
    /// How much may still be added.
    room: usize,
    bomb: bool,
}

impl Expansion<'_> {
    fn text(&mut self, mut rest: &str, in_tag: bool) {
        while let Some((before, name, after)) = next_reference(rest) {
            self.out.push_str(before);
            match self.entities.0.get(name) {
                Some(value) => self.replace(name, value.as_ref(), in_tag),
                None => self
                    .out
                    .push_str(&rest[before.len()..rest.len() - after.len()]),
            }
            rest = after;
        }
        self.out.push_str(rest);
    }

    fn replace(&mut self, name: &str, value: Option<&Value>, in_tag: bool) {
        let value = value.map(|value| if in_tag { &value.in_tag } else { &value.text });
        match value.filter(|value| value.len() <= self.room) {
            Some(value) => {
                self.room -= value.len();
                self.out.push_str(value);
            }
            None => {
                self.bomb = true;
                // What stays is text: the reference itself, to be read.
                self.out.push_str(&format!("&amp;{name};"));
            }
        }
    }
}

/// The text before the next `&name;`, the name, and the text after it.
fn next_reference(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let ampersand = from + memchr(b'&', &text.as_bytes()[from..])?;
        let rest = &text[ampersand + 1..];
        let length = rest
            .bytes()
            .position(|byte| {
                !(byte.is_ascii_alphanumeric() || b"._-:".contains(&byte) || byte >= 0x80)
            })
            .unwrap_or(rest.len());
        if length > 0 && rest.as_bytes().get(length) == Some(&b';') {
            return Some((&text[..ampersand], &rest[..length], &rest[length + 1..]));
        }
        from = ampersand + 1;
    }
}

/// `<!ENTITY name "value">`, as they stand; parameter and external entities are left out.
fn declarations(doctype: &str) -> BTreeMap<&str, &str> {
    let mut found = BTreeMap::new();
    let mut rest = doctype;
    while let Some(at) = rest.find("<!ENTITY")
        && found.len() < MAX_ENTITIES
    {
        rest = rest[at + 8..].trim_start();
        // Looking further for the end of each name would take quadratic time.
        let head = &rest[..rest.floor_char_boundary(NAME_LENGTH)];
        let Some(length) = head.find(|c: char| c.is_whitespace() || c == '>') else {
            continue;
        };
        let (name, after) = rest.split_at(length);
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        if let Some(quote) = quote
            && let Some((value, after)) = after[1..].split_once(quote)
        {
            // The first declaration of a name holds (XML 1.0, section 4.2).
            found.entry(name).or_insert(value);
            rest = after;
        }
    }
    found
}

/// Expands one entity, and all that it stands for.
fn resolve(
    name: &str,
    raw: &BTreeMap<&str, &str>,
    done: &mut BTreeMap<String, Option<String>>,
) -> Option<String> {
    if let Some(known) = done.get(name) {
        return known.clone();
    }
    // While it is being expanded it counts as too large, which breaks circles.
    done.insert(name.to_owned(), None);
    let mut out = String::new();
    let mut rest = *raw.get(name)?;
    while let Some((before, inner, after)) = next_reference(rest) {
        out.push_str(before);
        if raw.contains_key(inner) {
            out.push_str(&resolve(inner, raw, done)?);
        } else {
            out.push_str(&rest[before.len()..rest.len() - after.len()]);
        }
        if out.len() > VALUE_LENGTH {
            return None;
        }
        rest = after;
    }
    out.push_str(rest);
    if out.len() > VALUE_LENGTH {
        return None;
    }
    done.insert(name.to_owned(), Some(out.clone()));
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_stand_for_text_and_for_each_other() {
        let entities = Entities::read(
            "<!DOCTYPE rss [<!ENTITY who \"J. \"><!ENTITY all '&who;&amp; co'>\
             <!ENTITY who 'second'><!ENTITY % p 'x'><!ENTITY ext SYSTEM 'file:///etc/passwd'>]>",
        );
        for (slice, expanded) in [
            ("<a b='&who;'>&all;</a>", "<a b='J. '>J. &amp; co</a>"),
            ("<![CDATA[&who;]]>", "<![CDATA[&who;]]>"),
            ("&ext; &p; &amp; & &;", "&ext; &p; &amp; & &;"),
        ] {
            assert_eq!(entities.expand(slice), (expanded.into(), false), "{slice}");
        }
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let mut doctype = "<!DOCTYPE r [<!ENTITY a0 'lol'>".to_owned();
        for level in 1..30 {
            let inner = format!("&a{};", level - 1).repeat(10);
            doctype.push_str(&format!("<!ENTITY a{level} '{inner}'>"));
        }
        doctype.push_str("<!ENTITY x '&y;'><!ENTITY y '&x;'>]>");
        let entities = Entities::read(&doctype);
        let (text, bomb) = entities.expand("&a1; &a29; &x;");
        assert_eq!(
            (&*text, bomb),
            ("lollollollollollollollollollol &amp;a29; &amp;x;", true)
        );
        let many = "&a4;".repeat(1_000);
        assert!(entities.expand(&many).0.len() <= 5 * many.len() + SLICE_GROWTH);
    }

    #[test]
    fn what_is_added_is_in_proportion() {
        let quotes = "'".repeat(4_000);
        let long = "x".repeat(VALUE_LENGTH + 1);
        let entities = Entities::read(&format!(
            "<!DOCTYPE r [<!ENTITY q \"{quotes}\"><!ENTITY long '{long}'><!ENTITY t '&q;{long}'>]>"
        ));
        for (slice, bomb) in [
            ("&q;", false),
            ("&q;&q;", true),
            // Escaped, it is five times as long.
            ("<a b='&q;'/>", true),
            ("&long;", true),
            ("&t;", true),
        ] {
            let (text, found) = entities.expand(slice);
            assert_eq!(found, bomb, "{slice}");
            assert!(text.len() <= 6 * slice.len() + FREE_GROWTH, "{slice}");
        }
    }
}
