//! A date as it was written → the same with plain digits, spaces, dashes and marks.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::ingest::plain;

/// The first digit of each script whose ten digits follow each other: Arabic, Persian, Devanagari,
/// Bengali, Gurmukhi, Gujarati, Tamil, Telugu, Thai, Lao, Burmese, Khmer.
const ZEROS: &[char] = &[
    '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{be6}', '\u{c66}',
    '\u{e50}', '\u{ed0}', '\u{1040}', '\u{17e0}',
];

/// A text in which only the words are still foreign.
pub(super) fn clean(text: &str) -> String {
    if text.is_ascii() && !text.contains('&') {
        return text.trim().to_owned();
    }
    let mut decoded = String::with_capacity(text.len());
    plain::decode(text, &mut decoded);
    let clean: String = decoded
        .nfkc()
        .filter(|character| !is_invisible(*character))
        .map(plain_character)
        .collect();
    clean.trim().to_owned()
}

/// A word by which tables are searched: lower case, without accents.
pub(super) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for character in word.to_lowercase().nfkd() {
        match character {
            'ı' => out.push('i'),
            'ł' => out.push('l'),
            'ø' => out.push('o'),
            'đ' => out.push('d'),
            'ς' => out.push('σ'),
            _ if is_combining_mark(character) || is_invisible(character) => {}
            _ => out.push(character),
        }
    }
    out
}

fn plain_character(character: char) -> char {
    match character {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`' | '´' => '\'',
        '、' | '،' | '·' | '•' | '|' | '・' => ',',
        _ if character.is_whitespace() => ' ',
        _ => digit(character).unwrap_or(character),
    }
}

fn digit(character: char) -> Option<char> {
    let zero = ZEROS.iter().find(|zero| {
        let distance = u32::from(character).wrapping_sub(u32::from(**zero));
        distance < 10
    })?;
    char::from_digit(u32::from(character) - u32::from(*zero), 10)
}

/// Marks of direction and width, which are left over from the page that a date was copied from.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}
