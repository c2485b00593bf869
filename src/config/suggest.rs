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
