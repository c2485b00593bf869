//! Whether a text is written from left to right or from right to left: by its first letter with a
//! direction (UAX 9, rules P2 and P3), else by the language that the feed says.

use crate::model::{Entry, SafeBody};

pub(super) const LTR: &str = "ltr";
pub(super) const RTL: &str = "rtl";

/// Languages that are written from right to left, unless the tag says another script.
const RTL_LANGUAGES: &[&str] = &[
    "ar", "arc", "arz", "ckb", "dv", "fa", "glk", "he", "iw", "khw", "lrc", "mzn", "ps", "sd",
    "syr", "ug", "ur", "yi", "ji",
];
/// Scripts that are written from right to left (ISO 15924).
const RTL_SCRIPTS: &[&str] = &[
    "adlm", "arab", "aran", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa", "yezi",
];

/// How the language of this tag (BCP 47) is written; none for a language that we do not know.
pub(super) fn of_language(tag: &str) -> Option<&'static str> {
    let tag = tag.to_ascii_lowercase();
    let mut parts = tag.split('-');
    let language = parts.next().filter(|language| !language.is_empty())?;
    let script = parts.find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_lowercase()));
    let is_rtl = script.map_or(RTL_LANGUAGES.contains(&language), |script| {
        RTL_SCRIPTS.contains(&script)
    });
    Some(if is_rtl { RTL } else { LTR })
}

/// How pages in a language are written.
pub(super) fn of_site(language: &str) -> &'static str {
    of_language(language).unwrap_or(LTR)
}

/// How an entry is written: by its words, because feeds often declare the language of their
/// platform; by its language where its words do not tell.
pub(super) fn of_entry(entry: &Entry<SafeBody>) -> &'static str {
    let excerpt = entry
        .body
        .as_ref()
        .and_then(|body| body.facts.excerpt.as_ref());
    let texts = [entry.title.as_ref(), excerpt];
    let by_words = texts
        .into_iter()
        .flatten()
        .find_map(|text| of_text(text.as_str()));
    by_words
        .or_else(|| of_language(entry.language.as_deref()?))
        .unwrap_or(LTR)
}

fn of_text(text: &str) -> Option<&'static str> {
    text.chars()
        .filter(|letter| letter.is_alphabetic())
        .map(|letter| if is_rtl(letter) { RTL } else { LTR })
        .next()
}

/// Letters of the bidirectional classes R and AL, by the blocks that are set aside for them.
fn is_rtl(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_decides_over_the_language() {
        for (tag, direction) in [
            ("en", LTR),
            ("ar", RTL),
            ("he-IL", RTL),
            ("az-Arab", RTL),
            ("ar-Latn", LTR),
            ("de-CH-1996", LTR),
        ] {
            assert_eq!(of_language(tag), Some(direction), "{tag}");
        }
    }

    #[test]
    fn the_first_letter_decides_over_digits_and_signs() {
        for (text, direction) in [
            ("12. שלום world", Some(RTL)),
            ("«hello» שלום", Some(LTR)),
            ("مرحبا", Some(RTL)),
            ("12 + 3", None),
        ] {
            assert_eq!(of_text(text), direction, "{text}");
        }
    }
}
