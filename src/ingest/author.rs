//! Names of authors as feeds write them → names of people.
//!
//! RSS asks for an e-mail address and gets `jane@example.org (Jane Doe)`; services fill in
//! `noreply@…`, `No Author` or `unknown` where they know nobody. A bare address is no name, and an
//! archive should not hand addresses to harvesters: it is left out.

use std::collections::HashSet;

use super::reading::Reading;
use crate::model::Text;

/// What services write where nobody is known.
const NOBODY: &[&str] = &[
    "no author",
    "noauthor",
    "none",
    "null",
    "nil",
    "unknown",
    "unknown author",
    "anonymous",
    "n/a",
    "(none)",
    "(unknown)",
    "undefined",
    "-",
    "author",
    "admin",
];

/// The name in a string, if there is one.
pub(super) fn name(raw: &str) -> Option<Text> {
    let raw = raw.trim();
    let raw = behind_host(raw).unwrap_or(raw);
    let name = match raw.split_whitespace().find(|word| is_address(word)) {
        None => raw,
        Some(_) => beside_address(raw)?,
    };
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | ',' | ';'));
    let known = !NOBODY.contains(&name.to_ascii_lowercase().as_str());
    known.then(|| Text::new(name)).flatten()
}

/// Names in the order of the feed, each once.
pub(super) fn names<'a>(raw: impl IntoIterator<Item = &'a str>, reading: &Reading) -> Vec<Text> {
    let names = raw.into_iter().filter_map(name);
    distinct(names.filter_map(|name| reading.visible(name)))
}

/// Texts in their order, each once.
pub(super) fn distinct(texts: impl Iterator<Item = Text>) -> Vec<Text> {
    let mut known = HashSet::new();
    texts.filter(|text| known.insert(text.clone())).collect()
}

/// `jane@example.org (Jane Doe)`, `Jane Doe <jane@example.org>`, `Jane Doe jane@example.org`.
fn beside_address(raw: &str) -> Option<&str> {
    if let (Some(open), Some(close)) = (raw.find('('), raw.rfind(')'))
        && open < close
        && !is_address(raw[open + 1..close].trim())
    {
        return Some(&raw[open + 1..close]);
    }
    let address = raw.split_whitespace().find(|word| is_address(word))?;
    let (before, after) = raw.split_once(address)?;
    let (before, after) = (before.trim(), after.trim());
    let name = if before.len() >= after.len() {
        before
    } else {
        after
    };
    (!name.is_empty() && !name.contains('@')).then_some(name)
}

/// `ed@x (Ed)`: in front of a name in brackets, an address needs no dot.
fn behind_host(raw: &str) -> Option<&str> {
    let (address, name) = raw.split_once(char::is_whitespace)?;
    let (local, host) = address.split_once('@')?;
    let name = name.trim().strip_prefix('(')?.strip_suffix(')')?;
    let is_host = !host.is_empty() && !host.contains(['@', '.']);
    (!local.is_empty() && is_host).then_some(name)
}

fn is_address(word: &str) -> bool {
    let word = word.trim_matches(|c| matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';'));
    let word = word.strip_prefix("mailto:").unwrap_or(word);
    // `@jane@example.social` is a name on the fediverse, `@jane` one elsewhere.
    word.split_once('@')
        .is_some_and(|(local, host)| !local.is_empty() && host.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_placeholders_are_no_names() {
        for (raw, read) in [
            ("Jane Doe", Some("Jane Doe")),
            ("nomail@bock.nu (No Author)", None),
            ("noreply@blogger.com (Jane Doe)", Some("Jane Doe")),
            ("Jane Doe <jane@example.org>", Some("Jane Doe")),
            ("jane@example.org Jane Doe", Some("Jane Doe")),
            ("jane@example.org", None),
            ("jane@example.org (jane@example.org)", None),
            ("ü@example.org é", Some("é")),
            ("é jane@example.org", Some("é")),
            ("@jane@example.social", Some("@jane@example.social")),
            ("Jane (she/her)", Some("Jane (she/her)")),
            ("ed@x (Ed)", Some("Ed")),
            ("root@localhost (No Author)", None),
            ("root@localhost ()", None),
            ("@ed (Ed)", Some("@ed (Ed)")),
            ("Ed @ Work (Berlin)", Some("Ed @ Work (Berlin)")),
            ("None", None),
            ("Unknown", None),
            ("  ", None),
        ] {
            assert_eq!(name(raw).as_ref().map(Text::as_str), read, "{raw}");
        }
        assert_eq!(names(["A", "B", "A", "none"], &Reading::current()).len(), 2);
    }
}
