//! The pieces that a text of a date begins with: groups of numbers, words for the half of the day, and
//! the words that stand beside a date.

use unicode_normalization::char::is_combining_mark;

use super::parts::{Group, Half};

/// The longest abbreviation of a zone.
pub(super) const ZONE_LENGTH: usize = 5;

/// Words that stand in a date and say nothing, without accents.
#[rustfmt::skip]
pub(super) const FILLERS: &[&str] = &[
    "at", "on", "of", "the", "um", "uhr", "am", "den", "de", "del", "da", "do", "dia", "a", "as", "la", "las", "los", "le", "el", "il", "les", "els", "feira",
    "ore", "alle", "kl", "klo", "kello", "o", "ob", "u", "ur", "h", "hrs", "godz", "godzina", "hodin", "saat", "pukul", "jam", "lucn", "luc", "ngay", "gada", "ko",
    "g", "r", "rok", "roku", "m", "d", "god", "godine", "года", "год", "г", "в", "р", "року", "о", "στισ", "בשעה", "יום", "الساعة", "ساعة", "ساعت",
    "op", "om",
];

/// What follows the number of a day, directly.
pub(super) const ORDINALS: &[&str] = &[
    "st", "nd", "rd", "th", "er", "re", "e", "eme", "o", "a", "ο", "η", "ος", "го", "й", "ko",
    "an", "en", "i",
];

/// Eras of Japan and Taiwan, and the year before their first.
pub(super) const ERAS: &[(&str, i32)] = &[
    ("令和", 2018),
    ("平成", 1988),
    ("昭和", 1925),
    ("民國", 1911),
];

/// Up to three parts of a date between the same signs, and the length of it: `25.12.2024`,
/// `25. 12. 2024`, `01-Sep-25`.
pub(super) fn group(text: &str) -> Option<(usize, Group)> {
    let first = digits(text);
    let sign = text[first..].chars().next()?;
    if !matches!(sign, '-' | '/' | '.') {
        return None;
    }
    let mut parts = vec![text[..first].to_owned()];
    let mut at = first;
    while parts.len() < 3 && text[at..].starts_with(sign) {
        let behind = &text[at + 1..];
        let inner = behind.trim_start_matches(' ');
        let gap = if sign == '.' {
            behind.len() - inner.len()
        } else {
            0
        };
        let next = &behind[gap..];
        let length = match digits(next) {
            // Behind a dot and a space stands the next part only if it is a number.
            0 if gap == 0 => letters(next),
            length => length,
        };
        // `25. 12. 10:00`: the time is no part of it.
        if length == 0 || next[length..].starts_with(':') && gap > 0 {
            break;
        }
        parts.push(next[..length].to_owned());
        at += 1 + gap + length;
    }
    (parts.len() > 1).then_some((at, Group { parts, sign }))
}

/// Before or after noon, and the length of the words for it.
pub(super) fn half(text: &str) -> Option<(usize, Half)> {
    const WORDS: &[(&str, Half)] = &[
        ("午前", Half::Morning),
        ("上午", Half::Morning),
        ("오전", Half::Morning),
        ("午後", Half::Afternoon),
        ("下午", Half::Afternoon),
        ("오후", Half::Afternoon),
        ("π.μ.", Half::Morning),
        ("πμ", Half::Morning),
        ("μ.μ.", Half::Afternoon),
        ("μμ", Half::Afternoon),
        ("öö", Half::Morning),
        ("ös", Half::Afternoon),
        ("sa", Half::Morning),
        ("ch", Half::Afternoon),
        ("ص", Half::Morning),
        ("م", Half::Afternoon),
        ("a.m", Half::Morning),
        ("p.m", Half::Afternoon),
        ("a. m", Half::Morning),
        ("p. m", Half::Afternoon),
        ("am", Half::Morning),
        ("pm", Half::Afternoon),
    ];
    let ends = |rest: &str, word: &str| {
        let is_cjk = word.starts_with(|c: char| u32::from(c) > 0x2e80);
        is_cjk || word.ends_with('.') || !rest.starts_with(is_letter)
    };
    WORDS.iter().find_map(|(word, half)| {
        let head = text.get(..word.len())?;
        let is_it = head.to_lowercase() == *word && ends(&text[word.len()..], word);
        is_it.then_some((word.len(), *half))
    })
}

pub(super) fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The length of the word that a text begins with.
pub(super) fn letters(text: &str) -> usize {
    let is_inside = |c: char| is_letter(c) || c == '\'';
    text.find(|c| !is_inside(c)).unwrap_or(text.len())
}

pub(super) fn is_letter(character: char) -> bool {
    character.is_alphabetic() || is_combining_mark(character)
}
