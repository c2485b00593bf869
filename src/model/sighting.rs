//! What ingest hands to merge: snapshots, and the entries that were seen in them.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Hash, RawHtml, SafeUrl, Text};

/// The name of a feed: the name of its folder under `content/snapshots/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FeedName(pub(crate) Arc<str>);

impl FeedName {
    /// A feed with this folder.
    pub(crate) fn new(name: &str) -> Self {
        FeedName(name.into())
    }

    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FeedName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One stored response of one feed, read: what it says of the feed, and its entries.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    /// The feed that it belongs to.
    pub(crate) feed: FeedName,
    /// Its file, relative to the site's folder.
    pub(crate) path: Arc<str>,
    /// When it was taken, by its file name; none if the name holds no time.
    pub(crate) taken: Option<Timestamp>,
    /// When the feed says that it was updated.
    pub(crate) updated: Option<Timestamp>,
    /// The same by the [frozen](Frozen) reading.
    pub(crate) frozen_updated: Option<Timestamp>,
    /// The feed's title.
    pub(crate) title: Option<Text>,
    /// The page that the feed belongs to.
    pub(crate) link: Option<SafeUrl>,
    /// The feed's own authors.
    pub(crate) authors: Vec<Text>,
    /// The feed's language (BCP 47), unchecked.
    pub(crate) language: Option<Text>,
    /// Its entries, in the order of the file.
    pub(crate) sightings: Vec<Arc<Sighting>>,
}

/// One entry as it stands in one snapshot. A pure function of its slice of the file and of the
/// environment that the slice was read in: equal slices are one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sighting {
    /// Hash of the slice and its environment.
    pub(crate) slice: Hash,
    /// Atom `id`, RSS `guid`, JSON Feed `id`, as it was written, trimmed; none if missing or empty.
    pub(crate) guid: Option<Box<str>>,
    /// The original: Atom `link rel=alternate`, RSS `link` (or a `guid` that is a permalink), JSON
    /// Feed `external_url`, else `url`.
    pub(crate) link: Option<SafeUrl>,
    /// The title, as plain text: markup removed, entities decoded once.
    pub(crate) title: Option<Text>,
    /// Who wrote the original.
    pub(crate) authors: Vec<Text>,
    /// When it was published; in a blurblog, when it was shared.
    #[serde(with = "super::instant")]
    pub(crate) published: Option<Timestamp>,
    /// When it was last changed, by its own word.
    #[serde(with = "super::instant")]
    pub(crate) updated: Option<Timestamp>,
    /// Categories, in the order of the feed.
    pub(crate) tags: Vec<Text>,
    /// The full text: Atom `content`, RSS `content:encoded`, JSON Feed `content_html`; a
    /// `description` or `summary` that stands alone.
    pub(crate) content: Option<RawHtml>,
    /// The summary that stands beside a full text.
    pub(crate) summary: Option<RawHtml>,
    /// What relative links in the text are resolved against (`xml:base`); none means `link`.
    pub(crate) base: Option<SafeUrl>,
    /// The language of the text (BCP 47), unchecked.
    pub(crate) language: Option<Text>,
    /// Where the original lives, as far as the entry says.
    pub(crate) source: RawSource,
    /// Who shared it, where a dialect says so.
    pub(crate) share: Option<RawShare>,
    /// The frozen reading, where it differs from the fields above.
    pub(crate) frozen: Option<Box<Frozen>>,
}

impl Sighting {
    /// The parts that ids, content hashes and addresses are computed from: those of the frozen reading.
    pub(crate) fn address_parts(&self) -> AddressParts<'_> {
        match &self.frozen {
            Some(frozen) => AddressParts {
                link: frozen.link.as_ref(),
                title: frozen.title.as_ref(),
                published: frozen.published,
                updated: frozen.updated,
                text: frozen.text,
            },
            None => AddressParts {
                link: self.link.as_ref(),
                title: self.title.as_ref(),
                published: self.published,
                updated: self.updated,
                text: self.content.or(self.summary).map(RawHtml::hash),
            },
        }
    }
}

/// The parts of a sighting that ids, content hashes and addresses are computed from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AddressParts<'a> {
    /// The link.
    pub(crate) link: Option<&'a SafeUrl>,
    /// The title.
    pub(crate) title: Option<&'a Text>,
    /// The date of publication.
    pub(crate) published: Option<Timestamp>,
    /// The date of the last change.
    pub(crate) updated: Option<Timestamp>,
    /// The hash of the content, else of the summary.
    pub(crate) text: Option<Hash>,
}

impl AddressParts<'_> {
    /// The date in the feed: of publication, else of the last change.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        self.published.or(self.updated)
    }
}

/// A sighting as version 0.1 read it: the parts that ids, content hashes and addresses are computed
/// from.
///
/// Readings improve: dates are recovered, titles cleaned, links repaired. Computing addresses from
/// the improved reading alone would move published pages, so this one is kept beside it, and a better
/// reading only adds an address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Frozen {
    /// The link.
    pub(crate) link: Option<SafeUrl>,
    /// The title.
    pub(crate) title: Option<Text>,
    /// The date of publication.
    #[serde(with = "super::instant")]
    pub(crate) published: Option<Timestamp>,
    /// The date of the last change.
    #[serde(with = "super::instant")]
    pub(crate) updated: Option<Timestamp>,
    /// The hash of the content, else of the summary.
    pub(crate) text: Option<Hash>,
    /// The tags.
    pub(crate) tags: Vec<Text>,
    /// The name of the sharer.
    pub(crate) sharer: Option<Text>,
}

impl Frozen {
    /// These parts of a sighting as it is read today.
    pub(crate) fn current(sighting: &Sighting) -> Self {
        let parts = sighting.address_parts();
        let share = sighting.share.as_ref();
        Frozen {
            link: parts.link.cloned(),
            title: parts.title.cloned(),
            published: parts.published,
            updated: parts.updated,
            text: parts.text,
            tags: sighting.tags.clone(),
            sharer: share.map(|share| share.sharer.clone()),
        }
    }
}

/// Where the original lives, as far as an entry says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RawSource {
    /// The title of the site.
    pub(crate) title: Option<Text>,
    /// The site.
    pub(crate) link: Option<SafeUrl>,
    /// Its feed.
    pub(crate) feed: Option<SafeUrl>,
}

/// Who shared an entry, as a dialect says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RawShare {
    /// The name of the sharer.
    pub(crate) sharer: Text,
    /// The page of the share.
    pub(crate) permalink: Option<SafeUrl>,
    /// What the sharer said about it.
    pub(crate) comment: Option<RawHtml>,
}
