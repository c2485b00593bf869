//! The first rung of splitting: tags are counted, and names compared at the level of entries only.
//!
//! It costs one search for `<`, so a text of escaped articles is cut at the speed of memory. What
//! it cannot be sure of it does not decide: it says where its doubt begins.

use std::ops::Range;

use super::kind::{self, Format};
use super::namespace::Namespaces;
use super::scan::{Kind, Next, Scanner, Token, split_name};
use super::split::{EntryName, Flaw, MAX_ENTRIES, NO_START, SWALLOWED, Split};

/// Why the quick scanner does not trust itself.
pub(super) struct Doubt {
    pub(super) at: usize,
    pub(super) why: &'static str,
}

/// An entry that has begun.
pub(super) struct Open {
    pub(super) start: usize,
    name: Range<usize>,
    /// Elements open inside it.
    depth: usize,
    /// Elements of the same name open inside it.
    same: usize,
    /// Where the first of them began.
    inner: usize,
}

/// The walk.
pub(super) struct Quick<'a> {
    text: &'a str,
    pub(super) name: EntryName,
    pub(super) split: Split,
    /// The entry in which the walk ended.
    pub(super) open: Option<Open>,
    /// Elements open outside of entries.
    depth: usize,
    root_name: Range<usize>,
    root_end: Option<usize>,
}

impl<'a> Quick<'a> {
    /// A walk over a text that was not begun.
    pub(super) fn new(text: &'a str, format: Format) -> Self {
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

    /// Walks to the end, or to the first doubt.
    pub(super) fn run(&mut self, start: usize) -> Option<Doubt> {
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
            // One more than is read: whether there are more is known only then.
            if self.split.entries.len() > MAX_ENTRIES {
                return None;
            }
        }
    }

    fn outside(&mut self, token: &Token) -> Option<Doubt> {
        let is_tag = matches!(token.kind, Kind::Start | Kind::Empty);
        if is_tag && self.root_end.is_some() {
            return doubt(
                token.range.start,
                after_the_end(&self.text[token.name.clone()]),
            );
        }
        if is_tag && self.split.root.is_empty() {
            self.split.root = token.range.clone();
            self.root_name = token.name.clone();
            self.name
                .namespaces
                .declare(&self.text[token.range.clone()]);
        }
        if is_tag && self.starts_entry(token) {
            self.entry(token);
            return None;
        }
        if token.kind == Kind::End && self.name.matches(&self.text[token.name.clone()]) {
            self.stray_end(token);
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

    /// The end of an entry that did not begin; one that is written twice is no loss.
    fn stray_end(&mut self, token: &Token) {
        let after = self.split.entries.last().map_or(0, |last| last.end);
        if !self.text[after..token.range.start].trim().is_empty() {
            self.split.damage(token.range.start, NO_START);
        }
    }

    fn starts_entry(&self, token: &Token) -> bool {
        let tag = &self.text[token.range.clone()];
        self.name.starts(&self.text[token.name.clone()], tag)
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
            inner: token.range.start,
        });
    }

    fn inside(&mut self, mut open: Open, token: &Token) -> Option<Doubt> {
        let mut doubts = None;
        match token.kind {
            Kind::Start => {
                open.depth += 1;
                if self.is_same(&open, token) {
                    if open.same == 0 {
                        open.inner = token.range.start;
                    }
                    open.same += 1;
                }
            }
            Kind::End => {
                let same = self.is_same(&open, token);
                if open.depth == 0 && same {
                    if open.same > 0 {
                        self.split.damage(open.inner, SWALLOWED);
                    }
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

/// What an element behind the feed is: a server adds scripts and banners to all that it sends.
fn after_the_end(name: &str) -> &'static str {
    let local = split_name(name).1;
    let lower = local.to_ascii_lowercase();
    if kind::format(local).is_some() {
        "a second feed after the end of the first"
    } else if lower == "script" {
        "a script after the end of the feed"
    } else if kind::is_html_name(&lower) || lower == "html" {
        "HTML after the end of the feed"
    } else {
        "another element after the end of the feed"
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
