//! The last rung of splitting: by the names of entries alone.
//!
//! The text is not well-formed, so depth means nothing any more. An entry is what stands between
//! a start tag and the next end tag of its name; one that is interrupted by the next start is
//! given up. Comments and CDATA sections are stepped over as long as they end.
//!
//! Invariant: one pass; no more is remembered than [`MAX_ENTRIES`] of each kind.

use std::ops::Range;

use memchr::{memchr, memmem};

use super::scan::split_name;
use super::split::{EntryName, MAX_ENTRIES};

/// What could be saved.
#[derive(Default)]
pub(super) struct Salvaged {
    pub(super) entries: Vec<Range<usize>>,
    /// Where entries begin that were given up: the first of them.
    pub(super) unclosed: Vec<usize>,
    /// How many more were given up.
    pub(super) more_unclosed: usize,
    /// Where an entry ends that did not begin, the first of them.
    pub(super) strays: Vec<usize>,
}

impl Salvaged {
    fn give_up(&mut self, entry: usize) {
        if self.unclosed.len() < MAX_ENTRIES {
            self.unclosed.push(entry);
        } else {
            self.more_unclosed += 1;
        }
    }
}

/// The entries of a text, from `start` on, but no more than there is room for.
pub(super) fn split(text: &str, start: usize, name: &EntryName, room: usize) -> Salvaged {
    let mut salvaged = Salvaged::default();
    let mut skips = Skips::default();
    let mut open = None;
    let mut at = start;
    while salvaged.entries.len() < room
        && let Some(found) = memchr(b'<', &text.as_bytes()[at..])
    {
        let tag = at + found;
        if let Some(end) = skips.skip(text, tag) {
            at = end;
            continue;
        }
        at = tag + 1;
        let is_end = text[at..].starts_with('/');
        let from = at + usize::from(is_end);
        let tag_name = tag_name(&text[from..]);
        if split_name(tag_name).1 != name.format.entry_name() {
            continue;
        }
        let Some(end) = tag_end(text, from + tag_name.len()) else {
            continue;
        };
        let is_own =
            |open: Option<usize>| open.is_some_and(|open| text[open + 1..].starts_with(tag_name));
        let is_entry = if is_end {
            name.matches(tag_name) || is_own(open)
        } else {
            name.starts(tag_name, &text[tag..end])
        };
        if !is_entry {
            continue;
        }
        at = end;
        match (is_end, open) {
            (true, Some(entry)) => {
                salvaged.entries.push(entry..end);
                open = None;
            }
            (true, None) => {
                let after = salvaged.entries.last().map_or(start, |last| last.end);
                let doubled = text[after..tag].trim().is_empty();
                if !doubled && salvaged.strays.len() < MAX_ENTRIES {
                    salvaged.strays.push(tag);
                }
            }
            (false, unclosed) => {
                if let Some(entry) = unclosed {
                    salvaged.give_up(entry);
                }
                open = (!text[..end].ends_with("/>")).then_some(tag);
                if open.is_none() {
                    salvaged.entries.push(tag..end);
                }
            }
        }
    }
    if let Some(entry) = open {
        salvaged.give_up(entry);
    }
    salvaged
}

/// Whether comments and CDATA sections still end somewhere: looking for an end that is not there
/// again and again would take quadratic time.
#[derive(Default)]
struct Skips {
    no_comment_end: bool,
    no_cdata_end: bool,
}

impl Skips {
    /// The end of a comment or CDATA section that begins here.
    fn skip(&mut self, text: &str, at: usize) -> Option<usize> {
        let rest = &text[at..];
        let (exhausted, open, close) = if rest.starts_with("<!--") {
            (&mut self.no_comment_end, 4, "-->")
        } else if rest.starts_with("<![CDATA[") {
            (&mut self.no_cdata_end, 9, "]]>")
        } else {
            return None;
        };
        if *exhausted {
            return Some(at + open);
        }
        match memmem::find(&rest.as_bytes()[open..], close.as_bytes()) {
            Some(found) => Some(at + open + found + close.len()),
            None => {
                *exhausted = true;
                Some(at + open)
            }
        }
    }
}

fn tag_name(text: &str) -> &str {
    // Names of entries are short: no need to look far.
    let end = text
        .bytes()
        .take(64)
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/' | b'<'))
        .unwrap_or(0);
    &text[..end]
}

/// Behind the `>` of a tag whose name ends here; none if a `<` comes first.
fn tag_end(text: &str, from: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[from..];
    let end = memchr::memchr2(b'>', b'<', bytes)?;
    (bytes[end] == b'>').then_some(from + end + 1)
}
