//! The archive: all sightings merged into entries, before (`B` = [`RawBody`]) and after
//! (`B` = [`SafeBody`]) sanitizing.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::names::BASE32;
use super::{Coverage, FeedName, Hash, Keywords, PagePath, RawHtml, SafeHtml, SafeUrl, Text};

/// Bytes of an id in a permalink: 8 characters of base32.
const ID_BYTES: usize = 5;
/// The name space of our entries' UUIDs: the v5 UUID of `gleaner:entry` in the OID name space.
const UUID_SPACE: Uuid = Uuid::from_u128(0x6f2a_93c1_5d1e_5b0a_9c7e_4b1d_8e55_2f90);

/// What names an entry for good: a hash of its guid, else of its link, else of its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EntryId(Hash);

impl EntryId {
    /// The id that belongs to a name (a guid, made unique among feeds).
    pub(crate) fn of(name: &str) -> Self {
        EntryId(Hash::of(name.as_bytes()))
    }

    /// The 8 characters that stand in permalinks.
    pub(crate) fn short(self) -> String {
        let mut id = BASE32.encode(&self.0.as_bytes()[..ID_BYTES]);
        id.make_ascii_lowercase();
        id
    }

    /// The id that stands in the feeds that we write (RFC 9562 version 5).
    pub(crate) fn uuid(self) -> Uuid {
        Uuid::new_v5(&UUID_SPACE, self.0.as_bytes())
    }
}

/// Every entry that is not hidden, and what the snapshots of each feed cover.
#[derive(Debug, Clone)]
pub(crate) struct Archive<B> {
    /// From the oldest to the newest, those without a date first; equal dates by id.
    pub(crate) entries: Vec<Arc<Entry<B>>>,
    /// In the order of the feeds' names, hidden ones with them.
    pub(crate) coverage: Vec<Coverage>,
}

/// All sightings of the same thing: one page of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry<B> {
    /// What names it.
    pub(crate) id: EntryId,
    /// Where its page stands, for good.
    pub(crate) permalink: PagePath,
    /// Every other permalink that one of its sightings would have had, sorted: redirects.
    pub(crate) aliases: Vec<PagePath>,
    /// The note's title, else the newest; none if no sighting has one.
    pub(crate) title: Option<Text>,
    /// The original.
    pub(crate) link: Option<SafeUrl>,
    /// The date of the earliest share.
    pub(crate) date: Option<Timestamp>,
    /// When the text was last changed, by the feed's word, if that is after `date`.
    pub(crate) updated: Option<Timestamp>,
    /// The time of the earliest snapshot that shows it, where one knows its time.
    pub(crate) first_seen: Option<Timestamp>,
    /// Who wrote the original.
    pub(crate) authors: Vec<Text>,
    /// Sorted by key, without those that the owner hides.
    pub(crate) tags: Vec<Tag>,
    /// Where the original lives.
    pub(crate) source: Source,
    /// The language of the text, if the feed says one (well-formed BCP 47).
    pub(crate) language: Option<String>,
    /// The text that is shown; none where the feed carried none.
    pub(crate) body: Option<B>,
    /// By date, the earliest first, those without a date last; never empty.
    pub(crate) shares: Vec<Share<B>>,
    /// The owner's own comments, in the order of their notes' paths.
    pub(crate) notes: Vec<B>,
    /// Earlier or shorter texts that are not shown, the newest first.
    pub(crate) revisions: Vec<Revision<B>>,
    /// The lists in which the entry stood by the frozen reading.
    pub(crate) former: FormerLists,
}

/// The lists in which an entry stood as version 0.1 read it, and no longer stands: their addresses
/// still answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FormerLists {
    /// The keys of tags, each with that of the tag that it became, if it became one.
    pub(crate) tags: Vec<(String, Option<String>)>,
    /// The host of the source.
    pub(crate) host: Option<String>,
    /// The names of sharers.
    pub(crate) sharers: Vec<Text>,
    /// The date, where it was another one, or none.
    pub(crate) date: Option<Option<Timestamp>>,
}

#[cfg(test)]
impl<B> Entry<B> {
    /// An entry of which nothing is known but its name and its place.
    pub(crate) fn bare(name: &str, permalink: &str) -> Self {
        Entry {
            id: EntryId::of(name),
            permalink: PagePath::new(permalink).unwrap(),
            aliases: Vec::new(),
            title: None,
            link: None,
            date: None,
            updated: None,
            first_seen: None,
            authors: Vec::new(),
            tags: Vec::new(),
            source: Source::default(),
            language: None,
            body: None,
            shares: Vec::new(),
            notes: Vec::new(),
            revisions: Vec::new(),
            former: FormerLists::default(),
        }
    }
}

/// A tag of an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Tag {
    /// What makes it the same as another (`tag_key`).
    pub(crate) key: String,
    /// How it is written.
    pub(crate) name: Text,
}

/// Where an original lives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Source {
    /// The host of the original, without `www.`; none where an entry has no link.
    pub(crate) host: Option<String>,
    /// The title that the feed gives it; none means that the host names it.
    pub(crate) title: Option<Text>,
    /// Its home page.
    pub(crate) link: Option<SafeUrl>,
    /// Its own feed, where an entry names it.
    pub(crate) feed: Option<SafeUrl>,
}

/// Who shared an entry, when, with what comment, through which feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Share<B> {
    /// The feed.
    pub(crate) feed: FeedName,
    /// The sharer: the dialect's word, else the setting of the feed, else the feed's author.
    pub(crate) sharer: Option<Text>,
    /// The page of the share.
    pub(crate) permalink: Option<SafeUrl>,
    /// When.
    pub(crate) date: Option<Timestamp>,
    /// The sharer's own words.
    pub(crate) comment: Option<B>,
}

/// A text of an entry that is not shown any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Revision<B> {
    /// The text.
    pub(crate) body: B,
    /// Its title, where that differs from the entry's.
    pub(crate) title: Option<Text>,
    /// When a snapshot had it first; none if no such snapshot knows its time.
    pub(crate) first_seen: Option<Timestamp>,
}

/// HTML to be sanitized, and what its relative links are resolved against.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RawBody {
    /// The HTML.
    pub(crate) html: RawHtml,
    /// The base of its links.
    pub(crate) base: Option<SafeUrl>,
    /// What it is on its page.
    pub(crate) role: Role,
}

/// Whose text it is, and whether it has its page to itself: of several texts on one page, only one
/// can keep its ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Role {
    /// The text of an entry: its ids get a prefix, for a stranger chose them.
    Text,
    /// What stands beside others on a page (a sharer's comment, an earlier version): without ids.
    Aside,
    /// The owner's comment on an entry, which stands beside others on many pages: without ids.
    Note,
    /// A page of the owner's own: its ids stay as they are.
    Page,
}

impl Role {
    /// Whether the site's owner wrote it.
    pub(crate) fn is_owned(self) -> bool {
        matches!(self, Role::Note | Role::Page)
    }
}

/// Sanitized HTML, and what planning needs to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SafeBody {
    /// The HTML.
    pub(crate) html: SafeHtml,
    /// What is in it; the same text has them in common.
    pub(crate) facts: Arc<Facts>,
}

/// What planning needs to know of a text without reading it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facts {
    /// Its beginning as plain text, cut at the end of a word; none if it holds no words.
    pub(crate) excerpt: Option<Text>,
    /// How many words it has; of a text that is not published in full, the whole text.
    pub(crate) words: usize,
    /// Whether the HTML is only its beginning, because the owner publishes no more.
    pub(crate) excerpted: bool,
    /// Its first image.
    pub(crate) image: Option<SafeUrl>,
    /// Its headings, in order.
    pub(crate) headings: Vec<Heading>,
    /// The words that characterize it.
    pub(crate) keywords: Keywords,
}

/// A heading of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heading {
    /// 2 to 6.
    pub(crate) level: u8,
    /// Its id, if it has one.
    pub(crate) id: Option<String>,
    /// Its words.
    pub(crate) text: Text,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_eight_characters_of_base32() {
        let id = EntryId::of("https://example.org/a");
        assert_eq!(id.short().len(), 8);
        assert!(
            id.short()
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
        );
        assert_ne!(id.short(), EntryId::of("https://example.org/b").short());
        assert_eq!(id.uuid(), EntryId::of("https://example.org/a").uuid());
    }
}
