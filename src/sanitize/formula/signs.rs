//! The characters of formulas: which stand between two things, which are raised or lowered, and when a
//! text needs parentheses.

use std::borrow::Cow;

/// Sums, products, integrals, and what else works on all that follows.
pub(super) fn is_large(c: char) -> bool {
    matches!(c, '∏'..='∑' | '∫'..='∳' | '⋀'..='⋃' | '⨀'..='⨆')
}

/// The name of a function, or a word: more than one letter.
pub(super) fn is_word(sign: &str) -> bool {
    sign.chars().count() > 1 && sign.chars().all(char::is_alphabetic)
}

pub(super) fn opens(text: &str) -> bool {
    text.trim().starts_with(['(', '[', '{', '⟨', '|', '⌊', '⌈'])
}

/// Operators that stand between two things, with space around them.
pub(super) fn is_infix(sign: &str) -> bool {
    let mut characters = sign.chars();
    let Some(first) = characters.next() else {
        return false;
    };
    matches!(
        first,
        '+' | '-' | '−' | '=' | '<' | '>' | '±' | '×' | '÷' | '∣'
    ) || matches!(first, '←'..='⇿' | '∈'..='∌' | '∓' | '∗' | '∘' | '∝' | '∥'..='∪' | '∴'..='⋬' | '⟵'..='⟿' | '⪅'..='⪼')
        || sign == ":="
}

/// In parentheses, if it is more than one thing.
pub(super) fn grouped(text: &str) -> Cow<'_, str> {
    let joint = |c: char| {
        !(c.is_alphanumeric() || matches!(c, '.' | '′' | '°' | '√' | '∞' | '\u{300}'..='\u{36f}'))
            && raised_digit(c).is_none()
            && lowered_digit(c).is_none()
    };
    if text.chars().count() > 1 && text.contains(joint) && !is_enclosed(text) {
        Cow::Owned(format!("({text})"))
    } else {
        Cow::Borrowed(text)
    }
}

/// What a fraction is divided by: a product must not be taken for a divisor and a factor.
pub(super) fn divisor(text: &str) -> Cow<'_, str> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let product = letters > 1 && !is_word(text)
        || letters == 1 && text.starts_with(|c: char| c.is_ascii_digit());
    if product && !is_enclosed(text) {
        return Cow::Owned(format!("({text})"));
    }
    grouped(text)
}

/// Whether the parentheses at both ends belong to each other.
pub(super) fn is_enclosed(text: &str) -> bool {
    if !text.starts_with('(') {
        return false;
    }
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + c.len_utf8() == text.len();
        }
    }
    false
}

pub(super) fn raised(text: &str) -> Option<String> {
    text.chars().map(raise).collect()
}

pub(super) fn lowered(text: &str) -> Option<String> {
    text.chars().map(lower).collect()
}

/// The characters that stand high in every font, and low.
const SCRIPTS: [(char, char, char); 15] = [
    ('0', '⁰', '₀'),
    ('1', '¹', '₁'),
    ('2', '²', '₂'),
    ('3', '³', '₃'),
    ('4', '⁴', '₄'),
    ('5', '⁵', '₅'),
    ('6', '⁶', '₆'),
    ('7', '⁷', '₇'),
    ('8', '⁸', '₈'),
    ('9', '⁹', '₉'),
    ('+', '⁺', '₊'),
    ('−', '⁻', '₋'),
    ('-', '⁻', '₋'),
    ('(', '⁽', '₍'),
    (')', '⁾', '₎'),
];

pub(super) fn raise(c: char) -> Option<char> {
    let known = SCRIPTS.iter().find(|(plain, ..)| *plain == c);
    known.map_or((c == 'n').then_some('ⁿ'), |(_, high, _)| Some(*high))
}

pub(super) fn lower(c: char) -> Option<char> {
    let known = SCRIPTS.iter().find(|(plain, ..)| *plain == c);
    known.map(|(.., low)| *low)
}

pub(super) fn raised_digit(c: char) -> Option<char> {
    let known = SCRIPTS.iter().find(|(_, high, _)| *high == c);
    known.map(|(plain, ..)| *plain)
}

pub(super) fn lowered_digit(c: char) -> Option<char> {
    let known = SCRIPTS.iter().find(|(.., low)| *low == c);
    known.map(|(plain, ..)| *plain)
}
