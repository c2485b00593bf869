//! Character references that say no more than the character itself → that character.
//!
//! To the parser behind ammonia each reference is a piece of text on its own, a thousand times as
//! dear as a letter, and most texts are full of them. What is read here means the same to every
//! parser: a reference with its semicolon, to a character that begins nothing and that no parser
//! replaces. All others stay as they are written.

use memchr::memchr;

use crate::model::is_forbidden;

/// Names that feeds use most.
const NAMED: [(&str, char); 15] = [
    ("amp", '&'),
    ("apos", '\''),
    ("gt", '>'),
    ("hellip", '…'),
    ("laquo", '«'),
    ("ldquo", '“'),
    ("lsquo", '‘'),
    ("mdash", '—'),
    ("middot", '·'),
    ("nbsp", '\u{a0}'),
    ("ndash", '–'),
    ("quot", '"'),
    ("raquo", '»'),
    ("rdquo", '”'),
    ("rsquo", '’'),
];
/// The longest reference that is read, without its `&`.
const LENGTH: usize = 9;

/// The character that `text`, which begins with `&`, refers to, and the length of the reference.
pub(super) fn plain(text: &str) -> Option<(char, usize)> {
    let bytes = text.as_bytes();
    let head = bytes.get(1..bytes.len().min(LENGTH + 1))?;
    let length = memchr(b';', head)?;
    let name = &text[1..=length];
    let follows = bytes.get(length + 2);
    let character = match name.strip_prefix('#') {
        Some(number) => numbered(number)?,
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    let is_plain = match character {
        // What follows must not make a reference of it, nor become something that does.
        '&' => follows.is_some_and(|byte| {
            !byte.is_ascii_alphanumeric() && !matches!(byte, b'#' | b'&' | b'<')
        }),
        '<' | '\u{feff}' => false,
        // What stands before must not become a reference by it.
        '#' | ';' => false,
        // White space has rules of its own, and the codes of Windows mean others.
        _ if character.is_ascii() => character.is_ascii_punctuation(),
        _ => character >= '\u{a0}' && !is_forbidden(character),
    };
    is_plain.then_some((character, length + 2))
}

fn numbered(number: &str) -> Option<char> {
    let (digits, base) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, base).ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sanitize::policy::AMMONIA;
    use crate::sanitize::prepare::{Unseen, prepare};

    /// Whole references and parts of them, so that each may complete another.
    const PIECES: [&str; 26] = [
        "&", "#", "x", ";", "1", "38", "8217", "g", "t", "amp", "lt", "&amp;", "&lt;", "&#38;",
        "&#35;", "&#59;", "&#103;", "&#x74;", "&quot;", "&not", "&rsquo;", " ", "\n", "=", "é",
        "\u{feff}",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_text_means_the_same_without_its_references(
            pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12),
        ) {
            let text = pieces.concat();
            let read = |html: &str| AMMONIA.clean(html).to_string();
            prop_assert_eq!(read(&prepare(&text, Unseen::Goes).html), read(&text));
        }
    }

    #[test]
    fn only_what_every_parser_reads_alike_is_read() {
        for (text, read) in [
            ("&quot;a", Some('"')),
            ("&amp; b", Some('&')),
            ("&amp;ä", Some('&')),
            ("&#8217;", Some('’')),
            ("&#x27;", Some('\'')),
            ("&#X1F680;", Some('🚀')),
            ("&nbsp;", Some('\u{a0}')),
            ("&amp;amp;", None),
            ("&amp;#38;", None),
            ("&amp;&#108;t;", None),
            ("&amp;<b>", None),
            ("&amp;", None),
            ("&lt;", None),
            ("&#60;", None),
            ("&#59;", None),
            ("&#97;", None),
            ("&#38;lt;", None),
            ("&#10;", None),
            ("&#32;", None),
            ("&#146;", None),
            ("&#0;", None),
            ("&#xd800;", None),
            ("&#xfeff;", None),
            ("&#xfffe;", None),
            ("&#+65;", None),
            ("&#;", None),
            ("&quot", None),
            ("&unknown;", None),
            ("&ä;", None),
            ("&", None),
        ] {
            let found = plain(text);
            assert_eq!(found.map(|(character, _)| character), read, "{text}");
            if let Some((_, length)) = found {
                assert_eq!(&text[length - 1..length], ";");
            }
        }
    }
}
