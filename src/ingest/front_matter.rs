//! Where the head of a Markdown file is, and in which format it is written.
//!
//! Gleaner's own format is TOML between two lines of `+++`. It is read like site.toml
//! (`config::spanned`): unknown keys are refused with a suggestion, all problems are told at once,
//! each with its place in the file. Other generators write YAML between two lines of `---`, or JSON:
//! those heads are found, too, so that none is ever taken for the text of a page ([`foreign`]).
//!
//! Invariant: what may be a head is a head. A line of `---` is a thematic break only where no other
//! such line follows, or where what stands between them does not begin like a mapping of YAML.
//!
//! [`foreign`]: super::foreign

use std::ops::Range;

/// The line before and after TOML.
const FENCE: &str = "+++";
/// The line before and after YAML.
const YAML_FENCE: &str = "---";
/// What also ends a document of YAML.
const YAML_END: &str = "...";

/// Whether a text begins with a head, and where its parts are.
pub(super) enum Head {
    None,
    /// It has a beginning and no end.
    Open(Range<usize>),
    /// The TOML, and where the body begins.
    Closed(Range<usize>, usize),
    /// A head in the format of other generators, and where the body begins.
    Foreign(Format, Range<usize>, usize),
}

/// A format of other generators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Yaml,
    Json,
}

/// Finds the head of a text.
pub(super) fn head(text: &str) -> Head {
    let start = text.len() - text.trim_start_matches(['\u{feff}', '\n', '\r']).len();
    toml(text, start)
        .or_else(|| yaml(text, start))
        .or_else(|| json(text, start))
        .unwrap_or(Head::None)
}

fn toml(text: &str, start: usize) -> Option<Head> {
    let from = after_fence(text, start, FENCE)?;
    let found = closed(text, from, |line| line == FENCE);
    Some(match found {
        Some((end, body)) => Head::Closed(from..end, body),
        None => Head::Open(start..start + FENCE.len()),
    })
}

fn yaml(text: &str, start: usize) -> Option<Head> {
    let from = after_fence(text, start, YAML_FENCE)?;
    let (end, body) = closed(text, from, |line| matches!(line, YAML_FENCE | YAML_END))?;
    let mut lines = text[from..end].lines().map(str::trim_end);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    let is_head = first.is_none_or(|line| key(line).is_some());
    is_head.then_some(Head::Foreign(Format::Yaml, from..end, body))
}

fn json(text: &str, start: usize) -> Option<Head> {
    if !text[start..].starts_with('{') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter();
    let value: serde_json::Value = values.next()?.ok()?;
    let end = start + values.byte_offset();
    let rest = &text[end..];
    let line = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
    let is_head = value.is_object() && rest[..line].trim().is_empty();
    is_head.then_some(Head::Foreign(Format::Json, start..end, end + line))
}

/// Where the line after a fence begins, if a text has a fence here.
fn after_fence(text: &str, start: usize, fence: &str) -> Option<usize> {
    let after = text[start..].strip_prefix(fence)?;
    let line = after.find('\n').map_or(after.len(), |newline| newline + 1);
    let is_fence = after[..line].trim().is_empty();
    is_fence.then_some(start + fence.len() + line)
}

/// Where the first line is that ends a head, and where the line after it begins.
fn closed(text: &str, from: usize, is_end: impl Fn(&str) -> bool) -> Option<(usize, usize)> {
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        if is_end(line.trim_end()) {
            return Some((at, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// The key and the value of a line of YAML that is not indented: `title: About me`.
pub(super) fn key(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let key = key.trim_end();
    let bare = key.trim_matches(['"', '\'']);
    let is_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let is_apart = value.is_empty() || value.starts_with([' ', '\t']);
    (is_apart && !bare.is_empty() && bare.chars().all(is_key)).then_some((bare, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The format, the head and the body.
    fn parts(text: &str) -> Option<(&'static str, &str, &str)> {
        match head(text) {
            Head::None => None,
            Head::Open(span) => Some(("open", &text[span], "")),
            Head::Closed(head, body) => Some(("toml", &text[head], &text[body..])),
            Head::Foreign(Format::Yaml, head, body) => Some(("yaml", &text[head], &text[body..])),
            Head::Foreign(Format::Json, head, body) => Some(("json", &text[head], &text[body..])),
        }
    }

    #[test]
    fn every_head_is_found_and_no_text_is_one() {
        for (text, expected) in [
            ("+++\na = 1\n+++\nx", Some(("toml", "a = 1\n", "x"))),
            (
                "\u{feff}+++\r\na = 1\r\n+++\r\nx",
                Some(("toml", "a = 1\r\n", "x")),
            ),
            ("+++\na = 1\n", Some(("open", "+++", ""))),
            ("---\na: 1\n---\nx", Some(("yaml", "a: 1\n", "x"))),
            (
                "\u{feff}---\r\na: 1\r\n---\r\nx",
                Some(("yaml", "a: 1\r\n", "x")),
            ),
            (
                "--- \n# c\n\n'a':\n  - b\n...\nx",
                Some(("yaml", "# c\n\n'a':\n  - b\n", "x")),
            ),
            (
                "---\na: 1\nbroken\n---\n",
                Some(("yaml", "a: 1\nbroken\n", "")),
            ),
            ("---\n---\nx", Some(("yaml", "", "x"))),
            (
                "{\n\"a\": {\"b\": 1}\n}\nx",
                Some(("json", "{\n\"a\": {\"b\": 1}\n}", "x")),
            ),
            ("{\"a\": 1}", Some(("json", "{\"a\": 1}", ""))),
            // A thematic break.
            ("---\n\nA page.\n", None),
            ("---\n\nOne page: two parts\n\n---\n\nx", None),
            ("---\n\nOne part.\n\n---\n\nAnother.", None),
            ("----\na: 1\n----\n", None),
            ("---\nhttps://e.org/\n---\n", None),
            ("{curly} words\n", None),
            ("{\"a\": 1} words\n", None),
            ("", None),
        ] {
            assert_eq!(parts(text), expected, "{text:?}");
        }
    }
}
