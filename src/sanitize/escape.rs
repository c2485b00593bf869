//! Text with the few references that ammonia writes ↔ text as it is meant.
//!
//! Most texts hold no reference at all, so both ways look for one before they copy anything.

use std::borrow::Cow;

use memchr::memchr3;

use crate::model::is_forbidden;

/// A rule about bytes as a table.
macro_rules! table {
    ($is:ident) => {{
        const TABLE: [bool; 256] = {
            let mut table = [false; 256];
            let mut byte: u8 = 0;
            loop {
                table[byte as usize] = $is(byte);
                if byte == u8::MAX {
                    break table;
                }
                byte += 1;
            }
        };
        &TABLE
    }};
}

/// The references that ammonia writes.
const REFERENCES: [(&str, &str); 5] = [
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&nbsp;", "\u{a0}"),
];

/// Decodes what ammonia wrote, without the characters that no HTML may hold.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    let Some(first) = find_care(text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(character) = rest.chars().next() {
        let reference = match character {
            '&' => REFERENCES
                .iter()
                .find(|(written, _)| rest.starts_with(written)),
            _ => None,
        };
        let read = match reference {
            Some((written, meant)) => {
                out.push_str(meant);
                written.len()
            }
            None if is_forbidden(character) => character.len_utf8(),
            None => {
                out.push(character);
                character.len_utf8()
            }
        };
        rest = &rest[read..];
        let plain = find_care(rest.as_bytes()).unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        rest = &rest[plain..];
    }
    Cow::Owned(out)
}

/// Bytes that are looked at together. Most texts are shorter, and for them a table is quicker.
const BLOCK: usize = 32;

/// Where a reference, or a character that no HTML may hold, may begin first.
fn find_care(bytes: &[u8]) -> Option<usize> {
    // Without an early end inside a block, the compiler looks at many bytes at once.
    let blocks = bytes.chunks_exact(BLOCK);
    let clean = blocks
        .take_while(|block| {
            !block
                .iter()
                .fold(false, |any, byte| any | needs_care(*byte))
        })
        .count();
    find(bytes, clean * BLOCK, table!(needs_care))
}

/// Where the first byte is that is written as a reference.
fn find_escaped(bytes: &[u8], in_quotes: bool) -> Option<usize> {
    if in_quotes {
        find(bytes, 0, table!(is_escaped_in_quotes))
    } else if bytes.len() < BLOCK {
        find(bytes, 0, table!(is_escaped))
    } else {
        memchr3(b'&', b'<', b'>', bytes)
    }
}

/// Where the first byte is, from `start` on, that is marked in a table.
fn find(bytes: &[u8], start: usize, table: &[bool; 256]) -> Option<usize> {
    let mut rest = bytes[start..].iter();
    let found = rest.position(|byte| table[usize::from(*byte)])?;
    Some(start + found)
}

/// Whether a reference, or a character that no HTML may hold, may begin with this byte.
const fn needs_care(byte: u8) -> bool {
    matches!(byte, b'&' | 0..=8 | 0xb..=0x1f | 0x7f | 0xc2 | 0xef..)
}

/// Whether a byte of a text is written as a reference.
const fn is_escaped(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'>')
}

/// Whether a byte of a quoted value is written as a reference.
const fn is_escaped_in_quotes(byte: u8) -> bool {
    is_escaped(byte) || byte == b'"'
}

/// Writes a text with the references that it needs.
pub(super) fn escape(text: &str, in_quotes: bool, out: &mut String) {
    let mut rest = text;
    while let Some(at) = find_escaped(rest.as_bytes(), in_quotes) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_html_may_not_hold_go() {
        assert_eq!(
            decode("a\u{1}b\u{85}c\u{fffe}d\u{7f}e&nbsp;ä\u{fdd0}"),
            "abcde\u{a0}ä"
        );
    }
}
