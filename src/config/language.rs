//! Language tags: whether a tag is well-formed by BCP 47 (RFC 5646, section 2.1).
//!
//! Well-formed is not registered: `xy` passes. A page's `lang` needs no more, and a registry would
//! have to be kept up to date.

/// The longest tag that is taken for one; RFC 5646, section 4.4.1, asks for at least 35.
const TAG_LENGTH: usize = 100;

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
