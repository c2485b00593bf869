//! Titles, names and lists of a feed → what is kept of them: the head of what is too long, the
//! first of what is too many, each once.
//!
//! A feed may say anything, and a name of a megabyte would stand on every page that shows it.
//! Limits are applied before anything compares, copies or parses what they cut off, so that the
//! cost of a slice stays in proportion to its length. Invariant: what was cut off is told.

use std::collections::HashSet;

use super::plain::{self, Writing};
use super::reading::Reading;
use crate::model::Text;

/// The longest title, name or tag, in characters: the longest real ones have a few hundred.
pub(super) const TEXT_LENGTH: usize = 1_024;
/// How many tags, and how many authors, an entry may have: real ones have some tens at most.
pub(super) const LIST_LENGTH: usize = 100;
/// What entries inherit of the names of a feed's authors, in bytes: each entry has a copy.
pub(super) const INHERITED_LENGTH: usize = 4 * TEXT_LENGTH;

/// Cuts, and remembers whether it had to.
#[derive(Debug, Default)]
pub(super) struct Shears {
    /// Whether something was cut off.
    pub(super) used: bool,
}

impl Shears {
    /// The head of a text.
    pub(super) fn cut<'a>(&mut self, text: &'a str) -> &'a str {
        match text.char_indices().nth(TEXT_LENGTH) {
            Some((end, _)) => {
                self.used = true;
                &text[..end]
            }
            None => text,
        }
    }

    /// The head of a text that is clean already.
    pub(super) fn shorten(&mut self, text: Text) -> Text {
        let head = self.cut(text.as_str());
        if head.len() == text.as_str().len() {
            return text;
        }
        Text::new(head).unwrap_or_default()
    }

    /// The head of a text as a feed wrote it, without what nobody sees.
    pub(super) fn visible(&mut self, raw: &str, reading: &Reading) -> Option<Text> {
        let text = reading.visible(Text::new(raw)?)?;
        Some(self.shorten(text))
    }

    /// The head of a title as a feed wrote it.
    pub(super) fn title(&mut self, raw: &str, writing: Writing, reading: &Reading) -> Option<Text> {
        self.used |= plain::is_overlong(raw);
        self.visible(&plain::title(raw, writing, reading), reading)
    }

    /// The first different ones of a list.
    pub(super) fn list<'a>(&mut self, raw: &'a [String]) -> Vec<&'a str> {
        let mut known = HashSet::new();
        let mut out = Vec::new();
        for text in raw.iter().map(|text| text.trim()) {
            let text = self.cut(text);
            if text.is_empty() || known.contains(text) {
                continue;
            }
            if out.len() == LIST_LENGTH {
                self.used = true;
                break;
            }
            known.insert(text);
            out.push(text);
        }
        out
    }

    /// The first names of a list that entries can afford to inherit.
    pub(super) fn inherited(&mut self, mut names: Vec<Text>) -> Vec<Text> {
        let mut length = 0;
        let affordable = names
            .iter()
            .take_while(|name| {
                length += name.as_str().len();
                length <= INHERITED_LENGTH
            })
            .count();
        self.used |= affordable < names.len();
        names.truncate(affordable);
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_is_told() {
        let long = "ü".repeat(TEXT_LENGTH);
        let longer = format!("{long}!");
        let many: Vec<String> = (0..=LIST_LENGTH).map(|n| format!("t{n}")).collect();
        let twice = ["a", " a ", "", "b"].map(str::to_owned);
        let mut shears = Shears::default();
        assert_eq!(shears.cut(&long), long);
        assert_eq!(shears.list(&twice), ["a", "b"]);
        assert_eq!(shears.list(&many[1..]).len(), LIST_LENGTH);
        assert!(!shears.used);
        assert_eq!(shears.cut(&longer), long);
        assert!(std::mem::take(&mut shears).used);
        assert_eq!(shears.list(&many).len(), LIST_LENGTH);
        assert!(std::mem::take(&mut shears).used);
        let names = vec![Text::new(&long).unwrap(); 3];
        assert_eq!(shears.inherited(names).len(), 2);
        assert!(shears.used);
    }
}
