//! Names as parts of paths: slugs, keys of tags and sharers, and the names of their pages.
//!
//! Invariants: all of them are pure functions of the name alone, never of what else exists in the
//! archive, and all are frozen by `tests/fixtures/frozen.tsv`, to which rows are only added.

use data_encoding::Encoding;
use unicode_normalization::UnicodeNormalization;

use super::Hash;

/// A slug is cut at the last word that ends within this many bytes: long enough to be read, short
/// enough for every file system and for a line of a letter.
const SLUG_LENGTH: usize = 64;
/// What stands for a title of which a slug keeps nothing.
const NO_SLUG: &str = "untitled";
/// Length of the hash that tells names apart whose slugs are equal.
const NAME_HASH_LENGTH: usize = 4;

/// The name of an index by count, beside `index`: no tag, source or sharer stands there.
const BY_COUNT: &str = "by-count";

/// RFC 4648 base32 without padding, in lower case: safe in URLs and on file systems that fold case.
pub(crate) const BASE32: Encoding = data_encoding::BASE32_NOPAD_NOCASE;

/// The slug of a title: ASCII letters, digits and single hyphens, never empty. An apostrophe joins
/// what it stands between: `don’t` is `dont`.
pub(crate) fn slugify(title: &str) -> String {
    let mut slug = slug::slugify(title.replace(['\'', '’', 'ʼ'], ""));
    if let Some(end) = slug.as_bytes().get(SLUG_LENGTH) {
        slug.truncate(match (end, slug[..SLUG_LENGTH].rfind('-')) {
            // A single word longer than that is cut where it is.
            (b'-', _) | (_, None) => SLUG_LENGTH,
            (_, Some(words)) => words,
        });
    }
    if slug.is_empty() {
        NO_SLUG.clone_into(&mut slug);
    }
    slug
}

/// What makes two tags or two sharers the same: compatibility forms, case, a leading `#`, and the
/// choice between space, hyphen and underscore make no difference. `C`, `C++` and `C#` are three.
pub(crate) fn tag_key(name: &str) -> String {
    let name = name.trim().trim_start_matches('#');
    let mut key = String::with_capacity(name.len());
    if name.is_ascii() {
        // Nothing to normalize.
        let letters = name.chars();
        push_key(letters.map(|letter| letter.to_ascii_lowercase()), &mut key);
    } else {
        push_key(name.nfkc().flat_map(char::to_lowercase), &mut key);
    }
    key.truncate(key.trim_end_matches('-').len());
    key
}

fn push_key(letters: impl Iterator<Item = char>, key: &mut String) {
    for character in letters {
        if character.is_whitespace() || character == '_' || character == '-' {
            if !key.is_empty() && !key.ends_with('-') {
                key.push('-');
            }
        } else {
            key.push(character);
        }
    }
}

/// The file name, without an ending, of the page of a tag or sharer: the slug where that is the
/// key itself, else the slug and a short hash of the key.
pub(crate) fn path_name(key: &str) -> String {
    let slug = slug::slugify(key);
    let short: String = slug.chars().take(SLUG_LENGTH).collect();
    let short = short.trim_end_matches('-');
    if short == key && !key.is_empty() && !is_reserved(key) && key != BY_COUNT {
        return slug;
    }
    with_hash(short, key)
}

/// The file name, without an ending, of the page of a source: the host itself, which is a valid
/// name already, but for what only some file systems accept.
pub(crate) fn host_name(host: &str) -> String {
    let plain = host.bytes().all(|byte| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.'
    });
    let first_label = host.split('.').next().unwrap_or_default();
    let fits = (1..=120).contains(&host.len()) && !host.ends_with('.') && !host.starts_with('.');
    if plain && fits && !is_reserved(first_label) && host != BY_COUNT {
        return host.to_owned();
    }
    let short: String = slug::slugify(host).chars().take(SLUG_LENGTH).collect();
    with_hash(short.trim_end_matches('-'), host)
}

fn with_hash(slug: &str, key: &str) -> String {
    let hash = BASE32
        .encode(Hash::of(key.as_bytes()).as_bytes())
        .to_ascii_lowercase();
    let hash = &hash[..NAME_HASH_LENGTH];
    if slug.is_empty() {
        hash.to_owned()
    } else {
        format!("{slug}-{hash}")
    }
}

/// Names that our own pages have, or that Windows gives to devices.
fn is_reserved(name: &str) -> bool {
    let device = |prefix: &str| {
        name.strip_prefix(prefix)
            .is_some_and(|rest| matches!(rest.as_bytes(), [digit] if digit.is_ascii_digit()))
    };
    matches!(name, "index" | "con" | "prn" | "aux" | "nul") || device("com") || device("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_ends_at_a_word_and_is_never_empty() {
        assert_eq!(slugify("Grüße aus Köln"), "grusse-aus-koln");
        assert_eq!(slugify("GitHub\u{a0}Actions"), "github-actions");
        assert_eq!(slugify("Cool URIs don’t change"), "cool-uris-dont-change");
        assert_eq!(slugify("¿¡!?"), NO_SLUG);
        let long = slugify(&"word ".repeat(50));
        assert!(
            long.len() <= SLUG_LENGTH && long.ends_with("word"),
            "{long}"
        );
        assert_eq!(slugify(&"x".repeat(200)).len(), SLUG_LENGTH);
    }

    #[test]
    fn tags_that_look_the_same_are_the_same() {
        assert_eq!(tag_key(" Machine  Learning "), "machine-learning");
        assert_eq!(tag_key("machine_learning"), "machine-learning");
        assert_eq!(tag_key("#Rust"), "rust");
        assert_eq!(tag_key("ＡＩ"), "ai");
        assert_eq!(tag_key("###"), "");
    }

    #[test]
    fn names_of_pages_depend_on_the_name_alone() {
        assert_eq!(path_name("rust"), "rust");
        assert_eq!(path_name("c"), "c");
        let c: std::collections::BTreeSet<_> =
            ["c", "c++", "c#"].into_iter().map(path_name).collect();
        assert_eq!(c.len(), 3, "{c:?}");
        for reserved in ["index", "by-count", "con", "com1", ""] {
            assert_ne!(path_name(reserved), reserved);
        }
        assert_eq!(host_name("www.example.org"), "www.example.org");
        assert_ne!(host_name("con.example.org"), "con.example.org");
        assert_ne!(host_name("[::1]"), "[::1]");
        assert_ne!(host_name("by-count"), "by-count");
    }
}
