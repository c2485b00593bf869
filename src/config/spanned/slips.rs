//! A line that is no TOML → the slip that most likely broke it, with a hint that mends it.
//!
//! The parser says what it expected; people who come from YAML, or who write on a phone, need to
//! hear what they typed instead. Each slip is looked for in the line where the parser gave up, and
//! only outside of strings that are closed: what stands in those is text.
//!
//! Invariant: nothing here decides whether a line is TOML. It only words what the parser refused.

use std::ops::Range;

/// The kinds of slips that people make in line after line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Quotes,
    Character,
    Colon,
    String,
    Bare,
    Header,
}

/// A slip: what is wrong, where in the line, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slip {
    pub(super) kind: Kind,
    pub(super) message: String,
    pub(super) at: Range<usize>,
    pub(super) hint: String,
}

/// The characters that a keyboard or an editor sets in place of straight quotation marks.
const QUOTES: &[char] = &[
    '“', '”', '„', '‟', '‘', '’', '‚', '‛', '«', '»', '‹', '›', '″', '′', '＂', '＇',
];

/// The longest value that a hint repeats, in characters.
const REPEATED: usize = 60;

/// The slip in a line, if it is one of those that are known; `message` is the parser's.
pub(super) fn find(line: &str, message: &str) -> Option<Slip> {
    quotes(line)
        .or_else(|| odd_character(line))
        .or_else(|| colon(line))
        .or_else(|| unclosed(line, message))
        .or_else(|| bare_value(line))
        .or_else(|| header(line))
}

fn quotes(line: &str) -> Option<Slip> {
    let outside = Outside::of(line);
    let is_quote = |(_, c): &(usize, char)| QUOTES.contains(c);
    let first = outside.characters(line).find(is_quote);
    // A string that begins with a straight mark may end with another one.
    let last = || {
        let open = outside.open?;
        let mut found = line[open..].char_indices().filter(is_quote);
        found.next_back().map(|(at, c)| (open + at, c))
    };
    let (at, c) = first.or_else(last)?;
    Some(Slip {
        kind: Kind::Quotes,
        message: format!("`{c}` is a typographic quotation mark"),
        at: at..at + c.len_utf8(),
        hint: "use straight ones: `\"`".to_owned(),
    })
}

/// Characters that look like one of TOML's and are another.
fn odd_character(line: &str) -> Option<Slip> {
    let (at, c) = Outside::of(line).characters(line).find(|(_, c)| {
        let is_space = c.is_whitespace() && !c.is_ascii();
        is_space || matches!(c, '\u{200b}' | '\u{feff}' | '\u{ff01}'..='\u{ff5e}')
    })?;
    let at = at..at + c.len_utf8();
    let code = format!("U+{:04X}", u32::from(c));
    let narrow = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        _ => None,
    };
    Some(match (narrow, c) {
        (Some(narrow), _) => Slip {
            kind: Kind::Character,
            message: format!("`{c}` is a full-width character ({code})"),
            at,
            hint: format!("write `{narrow}`"),
        },
        (None, '\u{200b}' | '\u{feff}') => Slip {
            kind: Kind::Character,
            message: format!("an invisible character ({code})"),
            at,
            hint: "delete it, and type the line again if you cannot see it".to_owned(),
        },
        (None, _) => Slip {
            kind: Kind::Character,
            message: format!("a space that is not an ordinary one ({code})"),
            at,
            hint: "replace it with an ordinary space".to_owned(),
        },
    })
}

/// `title: My archive`, as in YAML.
fn colon(line: &str) -> Option<Slip> {
    let start = line.len() - line.trim_start().len();
    let (key, value) = line[start..].split_once(':')?;
    if !is_key(key.trim_end()) {
        return None;
    }
    let (key, value) = (key.trim_end(), value.trim());
    let written = match value {
        "" => format!("{key} = …"),
        _ => format!("{key} = {}", as_value(value)?),
    };
    let at = start + line[start..].find(':')?;
    Some(Slip {
        kind: Kind::Colon,
        message: "a key and its value are separated by `=`, not by `:`".to_owned(),
        at: at..at + 1,
        hint: format!("write `{written}`"),
    })
}

/// A string that begins and does not end.
fn unclosed(line: &str, message: &str) -> Option<Slip> {
    let at = Outside::of(line).open?;
    // One of three marks may go on for many lines, and ends somewhere else.
    let is_long = ["\"\"\"", "'''"]
        .iter()
        .any(|mark| line[..=at].ends_with(mark));
    let is_about_strings = message.contains("string") && !is_long;
    let mark = line[at..].chars().next().filter(|_| is_about_strings)?;
    Some(Slip {
        kind: Kind::String,
        message: "a string that is not closed".to_owned(),
        at: at..line.len(),
        hint: format!("end it with `{mark}` on the same line"),
    })
}

/// `title = My archive`, `hidden = yes`, `title =`.
fn bare_value(line: &str) -> Option<Slip> {
    let (key, value) = line.split_once('=')?;
    let key = key.trim();
    let at = line.len() - value.trim_start().len();
    let value = value.trim();
    if !is_key(key) || value.starts_with(['"', '\'', '[', '{', '=']) {
        return None;
    }
    if value.is_empty() {
        return Some(Slip {
            kind: Kind::Bare,
            message: format!("`{key}` has no value"),
            at: line.len() - line.trim_start().len()..line.trim_end().len(),
            hint: format!("write one behind the `=`, or put `#` before `{key}`"),
        });
    }
    let at = at..at + value.len();
    let written = as_value(value)?;
    let message = match written.as_str() {
        "true" | "false" => format!("`{value}` is no value of TOML"),
        _ => "text must stand in quotation marks".to_owned(),
    };
    let hint = format!("write `{key} = {written}`");
    let kind = Kind::Bare;
    Some(Slip {
        kind,
        message,
        at,
        hint,
    })
}

/// `[site`.
fn header(line: &str) -> Option<Slip> {
    let name = line.trim().strip_prefix('[')?;
    let name = name.trim_matches(['[', ']']).trim();
    let is_name = !name.is_empty() && name.split('.').all(is_key);
    let start = line.len() - line.trim_start().len();
    is_name.then(|| Slip {
        kind: Kind::Header,
        message: "the header of a table that is not closed as it is opened".to_owned(),
        at: start..line.trim_end().len(),
        hint: format!("write `[{name}]`"),
    })
}

/// Whether this could be a key without quotation marks.
fn is_key(key: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    !key.is_empty() && key.chars().all(fits)
}

/// What a bare value was meant to be, as TOML writes it; none if that is not plain.
fn as_value(value: &str) -> Option<String> {
    let value = match value.split_once(" #") {
        Some((value, _)) => value.trim_end(),
        None => value,
    };
    let is_number = value.chars().all(|c| c.is_ascii_digit());
    Some(match value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => "true".to_owned(),
        "false" | "no" | "off" => "false".to_owned(),
        _ if is_number || value.starts_with(['"', '\'', '[']) => value.to_owned(),
        _ if value.contains(['"', '\\']) || value.chars().count() > REPEATED => return None,
        _ => format!("\"{value}\""),
    })
}

/// The parts of a line outside of strings and comments.
struct Outside {
    parts: Vec<Range<usize>>,
    /// Where a string begins that does not end.
    open: Option<usize>,
}

impl Outside {
    fn of(line: &str) -> Self {
        let mut parts = Vec::new();
        let mut from = 0;
        let mut mark: Option<(usize, char)> = None;
        let mut is_escaped = false;
        for (at, c) in line.char_indices() {
            match mark {
                Some((_, '"')) if is_escaped => is_escaped = false,
                Some((_, '"')) if c == '\\' => is_escaped = true,
                Some((_, open)) if c == open => {
                    (mark, from) = (None, at + 1);
                }
                Some(_) => {}
                None if matches!(c, '"' | '\'') => {
                    parts.push(from..at);
                    mark = Some((at, c));
                }
                None if c == '#' => {
                    parts.push(from..at);
                    return Outside { parts, open: None };
                }
                None => {}
            }
        }
        if mark.is_none() {
            parts.push(from..line.len());
        }
        Outside {
            parts,
            open: mark.map(|(at, _)| at),
        }
    }

    fn characters<'l>(&self, line: &'l str) -> impl Iterator<Item = (usize, char)> + use<'l, '_> {
        self.parts.iter().flat_map(move |part| {
            let characters = line[part.clone()].char_indices();
            characters.map(|(at, c)| (part.start + at, c))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_with_what_to_write() {
        for (line, message, hint) in [
            ("title = “Rome”", "`“` is a typographic", "straight ones"),
            ("title = \"Rome”", "`”` is a typographic", "straight ones"),
            ("tags = [«a», \"b\"]", "`«` is a typographic", "straight"),
            (
                "title\u{a0}= \"x\"",
                "not an ordinary one (U+00A0)",
                "ordinary space",
            ),
            ("title\u{3000}= \"x\"", "(U+3000)", "ordinary space"),
            (
                "\u{feff}title = \"x\"",
                "invisible character (U+FEFF)",
                "delete",
            ),
            (
                "title ＝ \"x\"",
                "full-width character (U+FF1D)",
                "write `=`",
            ),
            (
                "title: My archive",
                "`=`, not by `:`",
                "`title = \"My archive\"`",
            ),
            ("title: \"x\"", "`=`, not by `:`", "`title = \"x\"`"),
            ("tags:", "`=`, not by `:`", "`tags = …`"),
            ("title = \"Rome", "not closed", "end it with `\"`"),
            ("title = 'Rome", "not closed", "end it with `'`"),
            (
                "title = My archive # x",
                "quotation marks",
                "`title = \"My archive\"`",
            ),
            (
                "entry = https://e.example/",
                "quotation marks",
                "`entry = \"https://e.example/\"`",
            ),
            ("hidden = yes", "`yes` is no value", "`hidden = true`"),
            ("hidden = True", "`True` is no value", "`hidden = true`"),
            ("title =", "`title` has no value", "behind the `=`"),
            ("[site", "not closed as it is opened", "write `[site]`"),
            ("[[site]", "not closed as it is opened", "write `[site]`"),
        ] {
            let slip = find(line, "a string is expected").unwrap();
            assert!(slip.message.contains(message), "{line}: {slip:?}");
            assert!(slip.hint.contains(hint), "{line}: {slip:?}");
            assert!(line.get(slip.at.clone()).is_some(), "{line}: {slip:?}");
        }
    }

    #[test]
    fn what_stands_in_a_string_or_a_comment_is_no_slip() {
        for line in [
            "title = \"It’s “quoted”: 1\" ]",
            "= 5",
            "x = \"a\" # “later”",
            "",
            "{",
        ] {
            assert_eq!(find(line, "expected something"), None, "{line}");
        }
    }
}
