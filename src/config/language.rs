//! Language tags: whether a tag is well-formed by BCP 47 (RFC 5646, section 2.1).
//!
//! Well-formed is not registered: `xy` passes. A page's `lang` needs no more, and a registry would
//! have to be kept up to date.

/// The longest tag that is taken for one; RFC 5646, section 4.4.1, asks for at least 35.
const TAG_LENGTH: usize = 100;

/// The longest code of a language that is in use. BCP 47 allows longer ones, and has none.
const CODE_LENGTH: usize = 3;

/// Languages by their names in English and in themselves, without marks.
const NAMES: &[(&str, &str)] = &[
    ("arabic", "ar"),
    ("catala", "ca"),
    ("catalan", "ca"),
    ("cestina", "cs"),
    ("chinese", "zh"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dansk", "da"),
    ("deutsch", "de"),
    ("dutch", "nl"),
    ("english", "en"),
    ("espanol", "es"),
    ("finnish", "fi"),
    ("francais", "fr"),
    ("french", "fr"),
    ("german", "de"),
    ("greek", "el"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("hungarian", "hu"),
    ("italian", "it"),
    ("italiano", "it"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("magyar", "hu"),
    ("nederlands", "nl"),
    ("norsk", "no"),
    ("norwegian", "no"),
    ("persian", "fa"),
    ("polish", "pl"),
    ("polski", "pl"),
    ("portugues", "pt"),
    ("portuguese", "pt"),
    ("romana", "ro"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("spanish", "es"),
    ("suomi", "fi"),
    ("svenska", "sv"),
    ("swedish", "sv"),
    ("turkce", "tr"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
    ("vietnamese", "vi"),
];

/// Whether a tag can be the language of a site: well-formed, and beginning with a code that languages
/// have. `german` is well-formed, and means nothing to a browser.
pub(super) fn is_language(tag: &str) -> bool {
    let first = tag.split('-').next().unwrap_or_default();
    is_well_formed(tag) && first.len() <= CODE_LENGTH
}

/// The tag of a language that is called by its name.
pub(super) fn tag_of(name: &str) -> Option<&'static str> {
    // What is left of `Français` and `Español` is enough to know them by.
    let plain = |c: char| match c {
        'ç' => 'c',
        'ñ' => 'n',
        'ê' | 'é' => 'e',
        'à' | 'ă' | 'â' => 'a',
        'č' => 'c',
        'š' => 's',
        'ü' => 'u',
        other => other,
    };
    let name: String = name.trim().to_lowercase().chars().map(plain).collect();
    let mut names = NAMES.iter();
    let (_, tag) = names.find(|(known, _)| *known == name)?;
    Some(tag)
}

/// Whether a language tag is well-formed: `en`, `de-CH`, `zh-Hant-TW`, `x-klingon`.
pub(crate) fn is_well_formed(tag: &str) -> bool {
    let subtags: Vec<&str> = tag.split('-').collect();
    let alphanumeric = subtags.iter().all(|subtag| {
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if !alphanumeric || tag.len() > TAG_LENGTH {
        return false;
    }
    let mut rest = subtags.as_slice();
    if !is_private(rest) {
        let [language, after @ ..] = rest else {
            return false;
        };
        if !is_alphabetic(language, 2..=8) {
            return false;
        }
        rest = after;
        if language.len() < 4 {
            // Extended languages: `zh-cmn`.
            for _ in 0..3 {
                rest = skip(rest, |subtag| is_alphabetic(subtag, 3..=3));
            }
        }
        rest = skip(rest, |subtag| is_alphabetic(subtag, 4..=4));
        rest = skip(rest, is_region);
        while rest.first().is_some_and(|subtag| is_variant(subtag)) {
            rest = &rest[1..];
        }
        while let Some(after) = skip_extension(rest) {
            rest = after;
        }
    }
    rest.is_empty() || is_private(rest)
}

/// `x-` and at least one more subtag.
fn is_private(subtags: &[&str]) -> bool {
    matches!(subtags, [first, _, ..] if first.eq_ignore_ascii_case("x"))
}

/// A single character other than `x`, and its subtags of two and more characters.
fn skip_extension<'a, 'b>(subtags: &'a [&'b str]) -> Option<&'a [&'b str]> {
    let [singleton, first, ..] = subtags else {
        return None;
    };
    if singleton.len() != 1 || singleton.eq_ignore_ascii_case("x") || first.len() < 2 {
        return None;
    }
    let parts = subtags[1..]
        .iter()
        .take_while(|part| part.len() > 1)
        .count();
    Some(&subtags[1 + parts..])
}

fn skip<'a, 'b>(subtags: &'a [&'b str], matches: impl Fn(&str) -> bool) -> &'a [&'b str] {
    match subtags {
        [first, rest @ ..] if matches(first) => rest,
        _ => subtags,
    }
}

fn is_alphabetic(subtag: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_region(subtag: &str) -> bool {
    let digits = subtag.bytes().all(|byte| byte.is_ascii_digit());
    is_alphabetic(subtag, 2..=2) || (subtag.len() == 3 && digits)
}

fn is_variant(subtag: &str) -> bool {
    subtag.len() >= 5
        || (subtag.len() == 4
            && subtag
                .bytes()
                .next()
                .is_some_and(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_called_by_its_code_and_not_by_its_name() {
        for (name, tag) in [
            ("german", "de"),
            ("English", "en"),
            ("Français", "fr"),
            ("Español", "es"),
            ("Čeština", "cs"),
            ("Português", "pt"),
        ] {
            assert!(!is_language(name), "{name}");
            assert_eq!(tag_of(name), Some(tag), "{name}");
        }
        for tag in ["en", "de-CH", "zh-Hant", "yue", "x-klingon"] {
            assert!(is_language(tag) && tag_of(tag).is_none(), "{tag}");
        }
    }

    #[test]
    fn tags_of_rfc_5646_are_well_formed_and_others_are_not() {
        for tag in [
            "en",
            "de-CH",
            "zh-Hant-TW",
            "zh-cmn-Hans-CN",
            "sl-rozaj-biske-1994",
            "es-419",
            "de-CH-x-phonebk",
            "en-a-myext-b-another",
            "x-whatever",
            "hy-Latn-IT-arevela",
            "DE-de",
        ] {
            assert!(is_well_formed(tag), "{tag}");
        }
        for tag in [
            "",
            "e",
            "en_US",
            "en-",
            "-en",
            "deutsch-und-mehr-x",
            "en-x",
            "de-419-DE",
            "a-DE",
            "überall",
            "en us",
            "en-a",
            "1en",
        ] {
            assert!(!is_well_formed(tag), "{tag}");
        }
    }
}
