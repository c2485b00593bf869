//! The markup of a formula → a small tree of its elements and their texts.
//!
//! Invariants: linear, and no deeper than [`DEPTH`]; what is nested deeper stands in the element
//! above it.

use super::decode::decode;
use super::token::{Token, Tokens};

/// Deepest nesting of a formula that is understood.
const DEPTH: usize = 48;
/// Elements of a formula without content.
const EMPTY: [&str; 4] = ["mspace", "mprescripts", "none", "mglyph"];

/// An element of a formula.
#[derive(Debug, Default)]
pub(super) struct Part<'a> {
    /// As it is written, without a prefix.
    pub(super) name: &'a str,
    /// What `open`, `close`, `separators`, `linethickness` and `encoding` say.
    attributes: Vec<(&'a str, &'a str)>,
    /// What stands in it, in order.
    pub(super) children: Vec<Part<'a>>,
    /// Its own text, of a part that is nothing but text.
    pub(super) text: String,
}

impl<'a> Part<'a> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut all = self.attributes.iter();
        let found = all.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| *value)
    }

    /// All text in it.
    pub(super) fn all_text(&self) -> String {
        let mut out = self.text.clone();
        for child in &self.children {
            out.push_str(&child.all_text());
        }
        out
    }
}

/// Reads what stands between `<math>` and `</math>`.
pub(super) fn read(markup: &str) -> Part<'_> {
    let mut tokens = Tokens::new(markup);
    let mut open = vec![Part {
        name: "math",
        ..Part::default()
    }];
    // Start tags too deep to be read, whose end tags end nothing.
    let mut deep = 0_usize;
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => {
                if let Some(last) = open.last_mut().filter(|_| !text.is_empty()) {
                    last.children.push(Part {
                        text: decode(text).into_owned(),
                        ..Part::default()
                    });
                }
            }
            Token::Start(name) => {
                let name = name.rsplit(':').next().unwrap_or(name);
                let is = |known: &str| name.eq_ignore_ascii_case(known);
                let skipped = ["script", "style"].into_iter().find(|known| is(known));
                if let Some(name) = skipped {
                    tokens.skip_past_end(name);
                    continue;
                }
                let part = Part {
                    name,
                    attributes: tokens.all_attributes().to_vec(),
                    ..Part::default()
                };
                let empty = tokens.is_self_closing() || EMPTY.iter().any(|known| is(known));
                if !empty && open.len() < DEPTH {
                    open.push(part);
                } else if empty {
                    if let Some(last) = open.last_mut() {
                        last.children.push(part);
                    }
                } else {
                    deep += 1;
                }
            }
            Token::End(_) if deep > 0 => deep -= 1,
            Token::End(name) => {
                let name = name.rsplit(':').next().unwrap_or(name);
                let at = open.iter().rposition(|part| part.is(name));
                close(&mut open, at.unwrap_or(usize::MAX).max(1));
            }
        }
    }
    close(&mut open, 1);
    open.pop().unwrap_or_default()
}

/// Closes what is open from here on.
fn close<'a>(open: &mut Vec<Part<'a>>, length: usize) {
    while open.len() > length
        && let Some(part) = open.pop()
    {
        match open.last_mut() {
            Some(last) => last.children.push(part),
            None => return,
        }
    }
}
