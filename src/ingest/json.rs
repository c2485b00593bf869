//! A JSON Feed's text → its items as ranges of bytes, and its header.
//!
//! Items are cut by structure alone (brackets and strings), so that one bad item, or a file that
//! was cut off, costs no other. Invariants: no recursion, one pass, nothing fails.

use std::ops::Range;

use serde_json::Value;

use super::bounds::Shears;
use super::environment::Environment;
use super::exports;
use super::json_item::{self, fields};
use super::parse::judge;
use super::reading::Reading;
use super::repair::{Mended, Mends, Notes, Repair};
use super::snapshot::Cut;
use super::split::MAX_ENTRIES;
use crate::diag::Code;

/// A feed, cut.
#[derive(Debug, Default)]
pub(super) struct Split {
    pub(super) items: Vec<Range<usize>>,
    /// The feed without its items, as JSON.
    pub(super) header: String,
    /// What was mended in the header, in bytes of the text.
    pub(super) mended: Mends,
    /// Where the text ends too early.
    pub(super) truncated: Option<usize>,
    pub(super) too_many: bool,
}

/// Whether an object is a JSON Feed: its version says so, or its items do.
pub(super) fn is_feed(text: &str) -> bool {
    let (members, _) = members(text);
    let mut versions = members.iter().filter(|member| member.key == "version");
    versions.any(|member| text[member.value.clone()].contains("jsonfeed.org"))
        || exports::looks_like_feed(text, &members)
}

/// Cuts a feed.
pub(super) fn split(text: &str) -> Split {
    let (members, truncated) = members(text);
    let mut split = Split {
        truncated,
        ..Split::default()
    };
    let mut header = Vec::new();
    for member in members {
        let value = &text[member.value.clone()];
        if member.key == "items" {
            let (items, too_many) = elements(text, member.value);
            split.items = items;
            split.too_many = too_many;
        } else if let (Ok(read), mends) = json_item::value(value) {
            let key = Value::from(member.key);
            header.push(match mends.as_slice() {
                [] => format!("{key}: {value}"),
                _ => format!("{key}: {read}"),
            });
            let start = member.value.start;
            let moved = mends.into_iter().map(|mended| Mended {
                at: start + mended.at,
                ..mended
            });
            split.mended.extend(moved);
        }
    }
    split.header = format!("{{{}}}", header.join(", "));
    if let Some(last) = split
        .items
        .last()
        .filter(|last| split.truncated.is_some() && last.end == text.len())
    {
        // The last one is what is missing its end, if it does.
        if value_end(text.as_bytes(), last.start).is_none() {
            split.truncated = Some(last.start);
            split.items.pop();
        }
    }
    split
}

/// Cuts a feed, and reads its header.
pub(super) fn cut(text: &str, notes: &mut Notes) -> Cut {
    let split = split(text);
    if let Some(at) = split.truncated {
        let why = format!(
            "a feed that was cut off; entries kept: {}",
            split.items.len()
        );
        notes.tell(Code::FeedTruncated, at, why);
    } else if split.items.is_empty() {
        notes.tell(Code::FeedEmpty, 0, "a feed without entries");
    }
    if split.too_many {
        let why = format!("more entries than are read from one file: {MAX_ENTRIES}");
        notes.tell(Code::FeedTooManyEntries, text.len(), why);
    }
    if !split.header.contains("jsonfeed.org/version/1") {
        notes.mend(Repair::Version, 0);
    }
    notes.mend_all(&split.mended, 0);
    let reading = Reading::current();
    let header = fields(&split.header, &reading).unwrap_or_default();
    notes.mend_all(&header.mended, 0);
    let frozen = Reading::frozen();
    let read_again = || fields(&split.header, &frozen).unwrap_or_default();
    let frozen_header = reading.improved().then(read_again);
    let bare = Environment::json(Vec::new(), None);
    // What it cuts is reported where the snapshot's own header is read. The addresses of entries depend
    // on the page, so it is that of the frozen reading.
    let inherited = frozen_header.as_ref().unwrap_or(&header);
    let judged = judge(inherited, &bare, &mut Shears::default(), &frozen).ok();
    let page = judged.as_ref().and_then(|judged| judged.link.clone());
    let authors = judged.map(|judged| judged.authors).unwrap_or_default();
    let mut inheritance = Shears::default();
    let authors = inheritance.inherited(authors);
    if inheritance.used {
        notes.mend(Repair::Shortened, 0);
    }
    let environment = Environment {
        feed_language: header.language.clone(),
        ..Environment::json(authors, page)
    };
    Cut {
        environment,
        header,
        frozen_header,
        entries: split.items,
    }
}

/// A member of an object.
pub(super) struct Member {
    pub(super) key: String,
    /// Its value, in bytes of the text.
    pub(super) value: Range<usize>,
}

/// The members of the outer object, and where it is cut off. The last value may be incomplete.
pub(super) fn members(text: &str) -> (Vec<Member>, Option<usize>) {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let Some(start) = text.find('{') else {
        return (found, None);
    };
    let mut at = start + 1;
    loop {
        at = skip_filler(bytes, at);
        match bytes.get(at) {
            None => return (found, Some(text.len())),
            Some(b'"') => {}
            Some(_) => return (found, None),
        }
        let Some(key_end) = value_end(bytes, at) else {
            return (found, Some(at));
        };
        let key = serde_json::from_str(&text[at..key_end]).unwrap_or_default();
        let start = skip_filler(bytes, key_end);
        let end = value_end(bytes, start);
        let value = start..end.unwrap_or(bytes.len());
        found.push(Member { key, value });
        match end {
            Some(end) => at = end,
            None => return (found, Some(start)),
        }
    }
}

/// The elements of an array, and whether there are more than are read.
pub(super) fn elements(text: &str, array: Range<usize>) -> (Vec<Range<usize>>, bool) {
    let bytes = &text.as_bytes()[..array.end];
    let mut found = Vec::new();
    if bytes.get(array.start) != Some(&b'[') {
        return (found, false);
    }
    let mut at = array.start + 1;
    loop {
        at = skip_filler(bytes, at);
        if at >= bytes.len() || bytes[at] == b']' {
            return (found, false);
        }
        if found.len() == MAX_ENTRIES {
            return (found, true);
        }
        let end = value_end(bytes, at).unwrap_or(bytes.len());
        found.push(at..end);
        at = end;
    }
}

/// Behind white space, commas and colons.
fn skip_filler(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let filler = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b':');
    at + rest
        .iter()
        .position(|byte| !filler(byte))
        .unwrap_or(rest.len())
}

/// Behind the value that begins here; none if the text ends first.
fn value_end(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (at, &byte) in bytes.iter().enumerate().skip(start) {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            if !in_string && depth == 0 {
                return Some(at + 1);
            }
            continue;
        }
        match byte {
            b'"' => (in_string, escaped) = (true, false),
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return Some(at.max(start + 1)),
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b',' if depth == 0 => return Some(at.max(start + 1)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> (Vec<&str>, bool) {
        let split = split(text);
        (
            split.items.into_iter().map(|range| &text[range]).collect(),
            split.truncated.is_some(),
        )
    }

    #[test]
    fn items_are_cut_by_structure() {
        let text = r#"{"title": "}]\"", "items": [{"a": [1, {"b": "]"}]}, {"c": 2} , 3], "x": 1}"#;
        assert_eq!(
            items(text),
            (vec![r#"{"a": [1, {"b": "]"}]}"#, r#"{"c": 2}"#, "3"], false)
        );
        assert_eq!(split(text).header, r#"{"title": "}]\"", "x": 1}"#);
    }

    #[test]
    fn a_cut_off_feed_keeps_its_complete_items() {
        let text = r#"{"items": [{"a": 1}, {"b": 2}]}"#;
        let first = text.find("}, ").unwrap() + 1;
        let second = text.find("}]").unwrap() + 1;
        for end in 0..text.len() {
            let complete = usize::from(end >= first) + usize::from(end >= second);
            let (found, truncated) = items(&text[..end]);
            assert_eq!(found.len(), complete, "{}", &text[..end]);
            assert!(truncated || end == 0, "{}", &text[..end]);
        }
    }
}
