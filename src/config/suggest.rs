//! "Did you mean": from a word that nobody knows to the known word that looks most like it.

/// One change for each so many letters still counts as a slip of the pen.
const LETTERS_PER_SLIP: usize = 3;

/// The candidate that a word was probably meant to be; of equally near ones, the first.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = word.to_lowercase();
    let slips = (word.chars().count() / LETTERS_PER_SLIP).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(distance, _)| *distance <= slips)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Words that other programs use for what Gleaner calls by the second.
const SYNONYMS: &[(&str, &str)] = &[
    ("address", "url"),
    ("alias", "aliases"),
    ("author", "sharer"),
    ("baseurl", "base_url"),
    ("categories", "tags"),
    ("dir", "folder"),
    ("directory", "folder"),
    ("draft", "hidden"),
    ("feed", "url"),
    ("href", "url"),
    ("id", "entry"),
    ("keywords", "tags"),
    ("lang", "language"),
    ("link", "entry"),
    ("link", "url"),
    ("locale", "language"),
    ("menu", "nav"),
    ("name", "title"),
    ("order", "nav"),
    ("path", "folder"),
    ("permalink", "permalinks"),
    ("subtitle", "description"),
    ("summary", "description"),
    ("tagline", "description"),
    ("token", "url_env"),
    ("tz", "timezone"),
    ("url", "base_url"),
    ("url", "entry"),
    ("weight", "nav"),
];

/// The known key that another was probably meant to be: one that looks like it, or one that other
/// programs call so.
pub(crate) fn key(word: &str, known: &[&'static str]) -> Option<&'static str> {
    let near = nearest(word, known.iter().copied());
    let near = near.and_then(|near| known.iter().find(|key| **key == near));
    near.copied().or_else(|| {
        let word = word.to_lowercase().replace(['-', '_'], "");
        let mut meant = SYNONYMS.iter().filter(|(other, _)| *other == word);
        meant.find_map(|(_, key)| known.iter().find(|known| *known == key).copied())
    })
}

fn distance(word: &str, candidate: &str) -> usize {
    // `base-url` for `base_url` is one habit, not one mistake for each hyphen.
    let plain = |text: &str| text.to_lowercase().replace(['-', '_'], "");
    strsim::damerau_levenshtein(&plain(word), &plain(candidate))
}

/// The hint that names the nearest candidate, if there is one.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// The candidates in a row, each in backticks.
pub(crate) fn list<'a>(candidates: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = candidates
        .into_iter()
        .map(|candidate| format!("`{candidate}`"))
        .collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognized_and_another_word_is_not() {
        let keys = ["title", "base_url", "description", "tags"];
        for (word, meant) in [
            ("titel", Some("title")),
            ("Title", Some("title")),
            ("baseUrl", Some("base_url")),
            ("base-url", Some("base_url")),
            ("descripton", Some("description")),
            ("tag", Some("tags")),
            ("url", None),
            ("x", None),
        ] {
            assert_eq!(nearest(word, keys), meant, "{word}");
        }
    }
}
