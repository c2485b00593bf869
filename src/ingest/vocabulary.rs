//! What the children of an entry mean, in every format: names → roles.
//!
//! Formats have different words for the same things, and old ones have their own. A name that is
//! not here is left out of what feed-rs is given: it could only fail there.

use super::kind::Format;
use super::namespace::Ns;

/// What a child says about its entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    /// A link as text.
    Link,
    /// A link as attributes (`rel`, `href`).
    AtomLink,
    /// The id, or guid.
    Id,
    /// A date; of several, the one with the lowest number counts.
    Published(u8),
    Updated(u8),
    /// An author with a name inside.
    Person,
    /// An author as text.
    Author,
    /// A tag as attributes.
    Category,
    /// A tag as text.
    Subject,
    /// Several tags in one element.
    Subjects,
    /// The full text, as Atom writes it.
    Content,
    /// The full text, as HTML.
    Encoded,
    /// A summary, as Atom writes it.
    Summary,
    /// A summary, as HTML.
    Description,
    /// What stands in for a text where there is none.
    Substitute,
    /// A title that stands in where there is none.
    SubstituteTitle,
    /// What may hold a substitute.
    Group,
    /// A film or recording with a title or text inside.
    Nested,
    /// A file that belongs to the entry.
    Enclosure,
    Source,
    Language,
}

/// The role of a child with this name.
pub(super) fn role(format: Format, ns: Ns, local: &str) -> Option<Role> {
    match (format, ns) {
        (Format::Atom, Ns::Atom) => atom(local),
        (_, Ns::Rss) => rss(local),
        (Format::Rss | Format::Rdf, Ns::Atom) => atom_in_rss(local),
        (_, Ns::Dc) => dublin_core(local),
        (_, Ns::Content) => (local == "encoded").then_some(Role::Encoded),
        (_, Ns::Xhtml) => matches!(local, "body" | "div").then_some(Role::Encoded),
        (_, Ns::Itunes) => (local == "summary").then_some(Role::Substitute),
        (_, Ns::Media) => media(local),
        (_, Ns::Atom | Ns::Wp | Ns::App | Ns::Blogger | Ns::Other) => None,
    }
}

fn atom(local: &str) -> Option<Role> {
    Some(match local {
        "id" => Role::Id,
        "title" => Role::Title,
        "link" => Role::AtomLink,
        "published" | "issued" | "pubDate" => Role::Published(0),
        "created" => Role::Published(2),
        "updated" | "modified" => Role::Updated(0),
        "author" => Role::Person,
        "category" => Role::Category,
        "categories" | "tags" => Role::Subjects,
        "content" => Role::Content,
        "summary" => Role::Summary,
        "source" => Role::Source,
        _ => return None,
    })
}

fn rss(local: &str) -> Option<Role> {
    Some(match local {
        "title" => Role::Title,
        "link" => Role::Link,
        "guid" => Role::Id,
        "pubDate" => Role::Published(0),
        "updated" | "lastBuildDate" => Role::Updated(0),
        "author" | "managingEditor" => Role::Author,
        "category" => Role::Subject,
        "categories" | "tags" => Role::Subjects,
        "description" => Role::Description,
        "enclosure" => Role::Enclosure,
        "source" => Role::Source,
        "language" => Role::Language,
        _ => return None,
    })
}

fn atom_in_rss(local: &str) -> Option<Role> {
    Some(match local {
        "link" => Role::AtomLink,
        "updated" => Role::Updated(1),
        "published" => Role::Published(1),
        "author" => Role::Person,
        "content" => Role::Content,
        "summary" => Role::Summary,
        _ => return None,
    })
}

fn media(local: &str) -> Option<Role> {
    Some(match local {
        "description" => Role::Substitute,
        "title" => Role::SubstituteTitle,
        "group" => Role::Group,
        "content" => Role::Nested,
        _ => return None,
    })
}

fn dublin_core(local: &str) -> Option<Role> {
    Some(match local {
        "creator" => Role::Author,
        "date" | "issued" => Role::Published(1),
        "modified" => Role::Updated(2),
        "subject" => Role::Subject,
        "language" => Role::Language,
        "title" => Role::Title,
        "description" => Role::Substitute,
        _ => return None,
    })
}
