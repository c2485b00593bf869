//! Sighting → its names: what may tell that two sightings are one entry, the best first.
//!
//! 1. The name: the guid, else the link, else a hash of everything. A guid that is unique only in
//!    its feed is prefixed with the feed's key. Compared as a link where it is one, so that a site
//!    that moves to https does not double its archive.
//! 2. The name, letter by letter: for feeds whose guids differ only in what links may differ in.
//! 3. The link, its fragment kept: an anchor may be all that tells a list's items apart.
//! 4. A hash of all that makes a sighting: the key, guid, link, title, date and text.
//!
//! [`identity`](super::identity) takes the first that is reliable in the feed.
//!
//! Invariants: names are a pure function of the sighting and its feed's key. All of them but the page
//! are computed from the [frozen](crate::model::Frozen) reading: the id stands in permalinks, and what
//! is ambiguous decides which addresses exist.

use std::borrow::Cow;

use url::Url;

use crate::model::{EntryId, Hash, SafeUrl, Sighting, Text, canonical_link};

/// The names of a sighting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    /// What the names are unique in: a number for each key of feeds.
    pub(super) scope: usize,
    /// The id that its name makes.
    pub(super) id: EntryId,
    /// The name, as it is compared.
    pub(super) name: Hash,
    /// The name, letter by letter.
    exact: Hash,
    /// The link.
    link: Option<Hash>,
    /// What it is known by if nothing else is reliable: differs between any two sightings that
    /// differ in more than trifles.
    pub(super) content: Hash,
    /// What makes it the same as an entry of another feed: its canonical link.
    pub(super) page: Option<Hash>,
}

/// The first two keys are names for the whole world (their scope is written into them), the others
/// are good within a feed only.
pub(super) const WORLD_KEYS: usize = 2;

impl Named {
    /// The names of a sighting of a feed with this key.
    pub(super) fn of(sighting: &Sighting, scope: usize, key: &str) -> Self {
        let content = content_hash(sighting, key);
        let parts = sighting.address_parts();
        let link = parts.link.map(SafeUrl::as_str);
        let canonical = parts.link.map(canonical_link);
        let link_name = link.zip(canonical.as_deref());
        let link_name = link_name.map(|(link, page)| with_fragment(link, page));
        let (name, is_global) = match (sighting.guid.as_deref(), link) {
            // Most guids that are links are the link of the entry: no need to read it again.
            (Some(guid), Some(same)) if guid == same => {
                let is_public = parts.link.is_some_and(SafeUrl::has_public_name);
                (Cow::Borrowed(guid), is_public)
            }
            (Some(guid), _) => (Cow::Borrowed(guid), is_global(guid)),
            (None, Some(link)) => (Cow::Borrowed(link), true),
            (None, None) => (Cow::Owned(content.to_string()), false),
        };
        let in_scope = |name: &str| {
            if is_global {
                name.to_owned()
            } else {
                format!("{key}\n{name}")
            }
        };
        let exact = in_scope(&name);
        let loose = match &link_name {
            Some(link_name) if link == Some(&*name) => in_scope(link_name),
            _ => in_scope(&as_link(&name)),
        };
        // Joining entries moves no address, so the best reading of the link decides it.
        let page = match &sighting.link {
            link if link.as_ref() == parts.link => canonical.as_deref().map(self::page),
            link => link.as_ref().map(|link| self::page(&canonical_link(link))),
        };
        Named {
            scope,
            id: EntryId::of(&exact),
            name: tagged("name", &loose),
            exact: tagged("exact", &exact),
            link: link_name.map(|link| tagged("link", &link)),
            content,
            page,
        }
    }

    /// What it may be known by, the best first.
    pub(super) fn keys(&self) -> [Option<Hash>; 3] {
        [Some(self.name), Some(self.exact), self.link]
    }
}

/// What all that lead to one page have in common, by its canonical link.
pub(super) fn page(canonical: &str) -> Hash {
    tagged("page", canonical)
}

fn tagged(kind: &str, name: &str) -> Hash {
    Hash::of_parts([kind.as_bytes(), name.as_bytes()])
}

/// A name as it is compared: as a link, if it is one.
fn as_link(name: &str) -> String {
    SafeUrl::parse(name).map_or_else(
        || name.to_owned(),
        |url| with_fragment(url.as_str(), &canonical_link(&url)),
    )
}

/// A link as it is compared within a feed: its canonical form and its fragment.
fn with_fragment(link: &str, canonical: &str) -> String {
    match link.split_once('#') {
        Some((_, fragment)) if !canonical.contains('#') => format!("{canonical}#{fragment}"),
        _ => canonical.to_owned(),
    }
}

fn content_hash(sighting: &Sighting, key: &str) -> Hash {
    let frozen = sighting.address_parts();
    let date = frozen.date().map(|date| date.as_nanosecond().to_string());
    let text = frozen.text.map(|hash| *hash.as_bytes());
    let parts = [
        Some(key),
        sighting.guid.as_deref(),
        frozen.link.map(SafeUrl::as_str),
        frozen.title.map(Text::as_str),
        date.as_deref(),
    ];
    let words = parts.map(|part| part.unwrap_or_default().as_bytes());
    let text = text.as_ref().map_or(&[][..], |bytes| &bytes[..]);
    Hash::of_parts(words.into_iter().chain([text]))
}

/// Whether a guid is unique in the world and not only in its feed: a URI that its scheme makes
/// unique, or a URL of a host that has a public name. `post:12`, `12` and `http://localhost/?p=1`
/// (what remains of a blog that was set up at home) are not.
fn is_global(guid: &str) -> bool {
    if guid.contains(char::is_whitespace) {
        return false;
    }
    let scheme = guid.split_once(':').map(|(scheme, _)| scheme);
    let registered = scheme.is_some_and(|scheme| {
        ["urn", "tag"]
            .iter()
            .any(|unique| scheme.eq_ignore_ascii_case(unique))
    });
    registered
        || Url::parse(guid).is_ok_and(|url| url.domain().is_some_and(|domain| domain.contains('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_global_where_its_scheme_or_host_makes_it_so() {
        for (guid, global) in [
            ("https://example.org/a", true),
            ("HTTP://example.org/?p=1", true),
            ("tag:example.org,2025:1", true),
            ("urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66", true),
            ("URN:isbn:0451450523", true),
            ("1234", false),
            ("post:1234", false),
            ("2025-08-01T12:00:00Z", false),
            ("a note: on https://example.org", false),
            ("http://localhost/?p=1", false),
            ("http://192.168.0.2/?p=1", false),
            ("/posts/1", false),
            ("https://", false),
        ] {
            assert_eq!(is_global(guid), global, "{guid}");
        }
    }

    #[test]
    fn a_link_keeps_its_fragment_within_a_feed() {
        let name = as_link;
        assert_eq!(name("http://www.example.org/a/"), "example.org/a");
        assert_ne!(
            name("https://example.org/a#x"),
            name("https://example.org/a#y")
        );
        assert_eq!(name("https://example.org/#!/x"), "example.org#!/x");
    }
}
