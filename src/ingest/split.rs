//! One feed's text → its entries as ranges of bytes, and what stands outside them.
//!
//! A ladder of three rungs, each slower and more forgiving than the one before:
//!
//! 1. the quick scanner, which counts depth and compares names at the level of entries only;
//! 2. where that is in doubt (a tag that does not match, a second root, a piece that never ends),
//!    quick-xml reads the whole text, and says where and why it is not well-formed;
//! 3. where quick-xml fails, too, everything from the doubtful place on is cut by names alone.
//!
//! A text that just ends is no doubt: it was cut off, and what was complete is kept.
//!
//! Invariants: entries are in order, do not overlap, and each begins and ends with a tag that
//! bears the name of an entry; the same text always gives the same entries.

use std::ops::Range;

use super::kind::Format;
use super::namespace::{Namespaces, native};
use super::scan::{Kind, Next, Scanner, Token, split_name};
use super::{split_careful, split_salvage};

/// The largest number of entries that are read from one file; feeds have tens, archives of a
/// whole life thousands.
pub(super) const MAX_ENTRIES: usize = 50_000;

/// A feed, cut.
#[derive(Debug, Default)]
pub(super) struct Split {
    /// The entries, from `<` to `>`.
    pub(super) entries: Vec<Range<usize>>,
    /// The start tag of the root.
    pub(super) root: Range<usize>,
    /// The start tag of the channel (RSS, RDF).
    pub(super) channel: Option<Range<usize>>,
    /// The DOCTYPE.
    pub(super) doctype: Option<Range<usize>>,
    /// Where entries begin that stand in the wrong place.
    pub(super) misplaced: Vec<usize>,
    /// Where entries begin that never end, as far as names tell.
    pub(super) unclosed: Vec<usize>,
    /// What is wrong with the whole.
    pub(super) flaw: Option<Flaw>,
    /// Whether there were more entries than are read.
    pub(super) too_many: bool,
}

/// What is wrong with a feed as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It ends too early; what begins here is not complete.
    Truncated(usize),
    /// It is not well-formed, for this reason.
    Malformed(usize, String),
}

/// Names of entries, as the root's declarations make them.
pub(super) struct EntryName {
    format: Format,
    namespaces: Namespaces,
}

impl EntryName {
    /// Whether a qualified name is that of an entry.
    pub(super) fn matches(&self, name: &str) -> bool {
        let (prefix, local) = split_name(name);
        local == self.format.entry_name()
            && self.namespaces.resolve(self.format, prefix).0 == native(self.format)
    }
}

/// Cuts a feed that begins at `start`.
pub(super) fn split(text: &str, format: Format, start: usize) -> Split {
    let mut quick = Quick::new(text, format);
    let doubt = quick.run(start);
    let mut split = quick.split;
    let Some(doubt) = doubt else {
        return split;
    };
    let name = quick.name;
    match split_careful::split(text, start, &name) {
        Ok(entries) => {
            split.entries = entries;
            split.flaw = Some(Flaw::Malformed(doubt.at, doubt.why.to_owned()));
        }
        Err((at, why)) => {
            let from = quick.open.map_or(doubt.at, |open| open.start);
            let salvaged = split_salvage::split(text, from, &name);
            split.entries.extend(salvaged.entries);
            split.unclosed = salvaged.unclosed;
            split.flaw = Some(Flaw::Malformed(at, why));
        }
    }
    if split.entries.len() > MAX_ENTRIES {
        split.entries.truncate(MAX_ENTRIES);
        split.too_many = true;
    }
    split
}

/// Why the quick scanner does not trust itself.
struct Doubt {
    at: usize,
    why: &'static str,
}

/// An entry that has begun.
struct Open {
    start: usize,
    name: Range<usize>,
    /// Elements open inside it.
    depth: usize,
    /// Elements of the same name open inside it.
    same: usize,
}

/// The first rung.
struct Quick<'a> {
    text: &'a str,
    name: EntryName,
    split: Split,
    open: Option<Open>,
    /// Elements open outside of entries.
    depth: usize,
    root_name: Range<usize>,
    root_end: Option<usize>,
}

impl<'a> Quick<'a> {
    fn new(text: &'a str, format: Format) -> Self {
        Quick {
            text,
            name: EntryName {
                format,
                namespaces: Namespaces::default(),
            },
            split: Split::default(),
            open: None,
            depth: 0,
            root_name: 0..0,
            root_end: None,
        }
    }

    fn run(&mut self, start: usize) -> Option<Doubt> {
        let mut scanner = Scanner::starting_at(self.text, start);
        loop {
            let doubt = match scanner.next() {
                Next::End => return self.at_end(self.text.len()),
                Next::Unclosed(at) => return self.at_end(at),
                Next::Token(token) => match self.open.take() {
                    Some(open) => self.inside(open, &token),
                    None => self.outside(&token),
                },
            };
            if doubt.is_some() {
                return doubt;
            }
            if self.split.entries.len() == MAX_ENTRIES {
                self.split.too_many = true;
                return None;
            }
        }
    }

    fn outside(&mut self, token: &Token) -> Option<Doubt> {
        let is_tag = matches!(token.kind, Kind::Start | Kind::Empty);
        if is_tag && self.root_end.is_some() {
            return doubt(
                token.range.start,
                "a second feed after the end of the first",
            );
        }
        if is_tag && self.split.root.is_empty() {
            self.split.root = token.range.clone();
            self.root_name = token.name.clone();
            self.name
                .namespaces
                .declare(&self.text[token.range.clone()]);
        }
        if is_tag && self.name.matches(&self.text[token.name.clone()]) {
            self.entry(token);
            return None;
        }
        match token.kind {
            Kind::Doctype => self.split.doctype = Some(token.range.clone()),
            Kind::Start => self.element(token),
            Kind::Empty if self.depth == 0 => self.root_end = Some(token.range.end),
            Kind::End if self.depth == 0 => {
                return doubt(token.range.start, "an end tag without a start");
            }
            Kind::End => {
                self.depth -= 1;
                if self.depth == 0 {
                    self.root_end = Some(token.range.end);
                }
            }
            _ => {}
        }
        None
    }

    fn element(&mut self, token: &Token) {
        self.depth += 1;
        let local = split_name(&self.text[token.name.clone()]).1;
        if local == "channel" && self.split.channel.is_none() {
            self.split.channel = Some(token.range.clone());
            // Declarations are rare here, and hold for the items of RSS.
            self.name
                .namespaces
                .declare(&self.text[token.range.clone()]);
        }
    }

    fn entry(&mut self, token: &Token) {
        let usual = match (self.name.format, self.split.channel.is_some()) {
            (Format::Atom, _) => self.depth <= 1,
            (Format::Rss, true) => self.depth == 2,
            (Format::Rss, false) => false,
            (Format::Rdf | Format::Json, _) => self.depth == 1,
        };
        if !usual {
            self.split.misplaced.push(token.range.start);
        }
        if token.kind == Kind::Empty {
            self.split.entries.push(token.range.clone());
            return;
        }
        self.open = Some(Open {
            start: token.range.start,
            name: token.name.clone(),
            depth: 0,
            same: 0,
        });
    }

    fn inside(&mut self, mut open: Open, token: &Token) -> Option<Doubt> {
        let mut doubts = None;
        match token.kind {
            Kind::Start => {
                open.depth += 1;
                open.same += usize::from(self.is_same(&open, token));
            }
            Kind::End => {
                let same = self.is_same(&open, token);
                if open.depth == 0 && same {
                    self.close(&open, token);
                    return None;
                }
                if open.depth == 0 || (same && open.same == 0) {
                    doubts = doubt(token.range.start, "an end tag that does not match");
                }
                open.same -= usize::from(same && open.same > 0);
                open.depth = open.depth.saturating_sub(1);
            }
            _ => {}
        }
        self.open = Some(open);
        doubts
    }

    fn is_same(&self, open: &Open, token: &Token) -> bool {
        self.text[open.name.clone()] == self.text[token.name.clone()]
    }

    fn close(&mut self, open: &Open, token: &Token) {
        self.split.entries.push(open.start..token.range.end);
        if self.depth == 0 {
            // A document that is one entry (RFC 4287, section 2).
            self.root_end = Some(token.range.end);
        }
    }

    /// The text ends, or something in it never does.
    fn at_end(&mut self, at: usize) -> Option<Doubt> {
        let from = self.open.as_ref().map_or(at, |open| open.start);
        match self.root_end {
            Some(end) if self.text[end..].trim().is_empty() => None,
            Some(end) => {
                if only_comments(&self.text[end..]) {
                    return None;
                }
                self.split.flaw = Some(Flaw::Malformed(
                    end,
                    "text after the end of the feed".to_owned(),
                ));
                None
            }
            None if self.is_finished() => doubt(from, "something that is never closed"),
            None => {
                self.split.flaw = Some(Flaw::Truncated(from));
                None
            }
        }
    }

    /// Whether the text ends with the root's end tag, so that it was not cut off.
    fn is_finished(&self) -> bool {
        let root = &self.text[self.root_name.clone()];
        self.text
            .trim_end()
            .strip_suffix('>')
            .map(str::trim_end)
            .and_then(|rest| rest.strip_suffix(root))
            .is_some_and(|rest| !root.is_empty() && rest.ends_with("</"))
    }
}

fn doubt(at: usize, why: &'static str) -> Option<Doubt> {
    Some(Doubt { at, why })
}

/// Whether nothing but comments and instructions follow.
fn only_comments(text: &str) -> bool {
    let mut scanner = Scanner::new(text);
    let mut at = 0;
    loop {
        match scanner.next() {
            Next::Token(token) if matches!(token.kind, Kind::Comment | Kind::Instruction) => {
                if !text[at..token.range.start].trim().is_empty() {
                    return false;
                }
                at = token.range.end;
            }
            Next::End => return text[at..].trim().is_empty(),
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The entries of an RSS text, without their outer tags, and the flaw.
    fn entries(text: &str) -> (Vec<String>, Option<Flaw>) {
        let split = split(text, Format::Rss, 0);
        let inner = split
            .entries
            .iter()
            .map(|range| text[range.clone()].to_owned())
            .collect();
        (inner, split.flaw)
    }

    #[test]
    fn only_real_tags_begin_and_end_entries() {
        let text = "<rss><channel><title>x</title><!-- <item>no</item> -->\
            <item>a<![CDATA[</item><item>]]></item>\
            <item><x:group><item>inner</item></x:group></item><item/>\
            <media:item>no</media:item></channel></rss>\n<!-- end -->";
        let (entries, flaw) = entries(text);
        assert_eq!(
            entries,
            [
                "<item>a<![CDATA[</item><item>]]></item>",
                "<item><x:group><item>inner</item></x:group></item>",
                "<item/>"
            ]
        );
        assert_eq!(flaw, None);
    }

    #[test]
    fn a_text_that_was_cut_off_keeps_what_was_complete() {
        let whole = "<rss><channel><item>a</item><item><b>c</b></item></channel></rss>";
        let second = whole.rfind("<item>").unwrap();
        for end in second + 1..whole.len() {
            let (found, flaw) = entries(&whole[..end]);
            let complete = if whole[..end].ends_with("</rss>") || end >= second + 21 {
                2
            } else {
                1
            };
            assert_eq!(found.len(), complete, "{}", &whole[..end]);
            assert!(
                matches!(flaw, Some(Flaw::Truncated(_))),
                "{}",
                &whole[..end]
            );
        }
    }

    #[test]
    fn one_bad_entry_costs_itself() {
        for (text, count, place) in [
            (
                "<rss><channel><item>a</item><item><b>c</item><item>d</item></channel></rss>",
                3,
                "</item><item>d",
            ),
            (
                "<rss><channel><item>a</item><item>c<item>d</item></channel></rss>",
                2,
                "</channel>",
            ),
            (
                "<rss><channel><item>a</item></channel></rss><rss><channel><item>b</item></channel></rss>",
                2,
                "<rss><channel><item>b",
            ),
            (
                "<rss><channel><item>a</item></channel></rss> junk",
                1,
                " junk",
            ),
        ] {
            let (found, flaw) = entries(text);
            assert_eq!(found.len(), count, "{text}");
            let Some(Flaw::Malformed(at, why)) = flaw else {
                panic!("{text}: {flaw:?}");
            };
            assert!(
                text[at..].starts_with(place),
                "{text}: {why} at {}",
                &text[at..]
            );
        }
    }

    #[test]
    fn entries_outside_their_place_are_found() {
        for text in [
            "<rss><item>a</item><channel></channel></rss>",
            "<rss><channel></channel><item>a</item></rss>",
        ] {
            let split = split(text, Format::Rss, 0);
            assert_eq!(
                (split.entries.len(), split.misplaced.len()),
                (1, 1),
                "{text}"
            );
        }
    }
}
