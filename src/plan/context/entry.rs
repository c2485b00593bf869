//! What templates know of entries: in lists, on their own page, and on those of their earlier texts
//! and former permalinks.

use std::marker::PhantomData;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::{Link, When};
use crate::model::{EntryId, Facts, FeedName, SafeHtml, SafeUrl, Text};

/// An entry, in a list (`sections[].groups[].entries[]`) and on its own page (`entry`).
#[derive(Debug, Clone, Hash)]
pub(crate) struct EntryView {
    /// The 8 characters that name it in permalinks.
    pub(crate) id: EntryId,
    /// Its title; where it has none, its first words, else its host.
    pub(crate) title: Text,
    /// Whether the title is its own.
    pub(crate) titled: bool,
    /// The page of the entry: its permalink.
    pub(crate) href: Arc<str>,
    /// The original.
    pub(crate) link: Option<SafeUrl>,
    /// The host of the original, without `www.`
    pub(crate) host: Option<String>,
    /// When it was first shared.
    pub(crate) date: Option<When>,
    /// When its text last changed, if that was later.
    pub(crate) updated: Option<When>,
    /// Who wrote the original.
    pub(crate) authors: Vec<Text>,
    /// Where the original lives.
    pub(crate) source: Option<Arc<Link>>,
    /// The colour of its source: one of 24 hues, 0 to 23, made of the host alone.
    pub(crate) hue: u8,
    /// Its tags.
    pub(crate) tags: Vec<Arc<Link>>,
    /// Who shared it, the earliest first.
    pub(crate) shares: Vec<ShareView>,
    /// Who shared it, each of them once.
    pub(crate) sharers: Vec<Arc<Link>>,
    /// The owner's comments. `notes` is a list of HTML.
    pub(crate) notes: Vec<SafeHtml>,
    /// The beginning of its text, ending at a word.
    pub(crate) excerpt: Option<Text>,
    /// How many words the text has; 0 where none was stored.
    pub(crate) words: usize,
    /// How many minutes it takes to read; 0 where no text was stored.
    pub(crate) minutes: usize,
    /// The language of the text (BCP 47), if the feed says one.
    pub(crate) language: Option<String>,
    /// How its text is written: `ltr` or `rtl`.
    pub(crate) direction: &'static str,
    /// Whether its language or its direction is not the site's.
    pub(crate) foreign: bool,
}

/// Who shared an entry (`entry.shares[]`).
#[derive(Debug, Clone, Hash)]
pub(crate) struct ShareView {
    /// The feed through which it came: the name of its folder.
    pub(crate) feed: FeedName,
    /// The sharer, and their page here.
    pub(crate) sharer: Option<Arc<Link>>,
    /// The page of the share, elsewhere.
    pub(crate) permalink: Option<SafeUrl>,
    /// When.
    pub(crate) date: Option<When>,
    /// The sharer's own words, as HTML.
    pub(crate) comment: Option<SafeHtml>,
}

/// Entries of one month, of one year, or of the whole page (`sections[]`), the newest first.
#[derive(Debug, Clone, Hash)]
pub(crate) struct Section {
    /// The page of the month or year; none where the page is about just that.
    pub(crate) heading: Option<Link>,
    /// The days; or one group without a title, where dates stand at the entries.
    pub(crate) groups: Vec<Group>,
}

/// Entries of one day (`sections[].groups[]`), the newest first.
#[derive(Debug, Clone, Hash)]
pub(crate) struct Group {
    /// The day: `28 August 2025`; `Undated`; none where entries of many days stand together.
    pub(crate) title: Option<String>,
    /// The day for machines: `2025-08-28`; none for undated entries.
    pub(crate) day: Option<String>,
    /// Indices of its entries in the plan: `entries` in a template.
    pub(crate) entries: Vec<usize>,
}

/// What only the page of an entry knows, beside `entry`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EntryPage {
    /// `body`: the stored text as HTML, if there is one.
    #[serde(skip)]
    pub(crate) body: Option<SafeHtml>,
    /// The headings of the text.
    pub(crate) headings: Vec<HeadingView>,
    /// The first image of the text.
    pub(crate) image: Option<SafeUrl>,
    /// A copy of the original near the time of the share, at web.archive.org.
    pub(crate) wayback: Option<Wayback>,
    /// The entry after this one.
    #[serde(skip)]
    pub(crate) newer: Option<Ref<Link>>,
    /// The entry before this one.
    #[serde(skip)]
    pub(crate) older: Option<Ref<Link>>,
    /// The page with earlier versions of the text, if there are any.
    pub(crate) revisions: Option<Link>,
    /// Older entries that are about the same, the nearest first; five at most.
    #[serde(skip)]
    pub(crate) related: Vec<Ref<EntryLink>>,
    /// The first newer entries that have this one among their related ones; five at most.
    #[serde(skip)]
    pub(crate) later: Vec<Ref<EntryLink>>,
    /// Whether `body` is only the beginning of the text, because the owner publishes no more.
    pub(crate) excerpted: bool,
    /// What is known of the original if it is gone.
    pub(crate) gone: Option<GoneView>,
}

/// An original that is gone (`gone`), as `gleaner check --links` found out.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct GoneView {
    /// What its server answers: 404 or 410.
    pub(crate) status: u16,
    /// The day on which that was found out.
    pub(crate) since: When,
}

/// An entry by its index in the plan, which templates see as a `T`: pages of which none is rendered
/// need no more, and those that are share what is made of it.
#[derive(Debug)]
pub(crate) struct Ref<T> {
    index: u32,
    seen_as: PhantomData<fn() -> T>,
}

impl<T> Ref<T> {
    pub(crate) fn new(index: u32) -> Self {
        Ref {
            index,
            seen_as: PhantomData,
        }
    }

    pub(crate) fn index(&self) -> usize {
        self.index as usize
    }
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        Ref::new(self.index)
    }
}

/// The copy of a page at the Wayback Machine that is nearest to a time: templates see its URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Wayback {
    /// When.
    pub(crate) time: Timestamp,
    /// The page.
    pub(crate) link: SafeUrl,
}

/// Where copies are looked up (a prefix: time and URL follow).
const WAYBACK: &str = "https://web.archive.org/web/";

impl Serialize for Wayback {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let time = self.time.strftime("%Y%m%d%H%M%S");
        serializer.collect_str(&format_args!("{WAYBACK}{time}/{}", self.link))
    }
}

/// An entry that another one names (`related[]`, `later[]`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct EntryLink {
    /// Its title.
    pub(crate) title: Text,
    /// Its page.
    pub(crate) href: Arc<str>,
    /// What its source is called.
    pub(crate) source: Option<String>,
    /// When it was first shared.
    pub(crate) date: Option<When>,
    /// The colour of its source, 0 to 23.
    pub(crate) hue: u8,
    /// The language of its text, if the feed says one.
    pub(crate) language: Option<String>,
    /// How it is written: `ltr` or `rtl`.
    pub(crate) direction: &'static str,
}

impl EntryLink {
    pub(crate) fn of(entry: &EntryView) -> Self {
        EntryLink {
            title: entry.title.clone(),
            href: Arc::clone(&entry.href),
            source: entry.source.as_ref().map(|source| source.title.clone()),
            date: entry.date,
            hue: entry.hue,
            language: entry.language.clone(),
            direction: entry.direction,
        }
    }
}

/// A heading of a text (`headings[]`).
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct HeadingView {
    /// 2 to 6.
    pub(crate) level: u8,
    /// Its id, to link to.
    pub(crate) id: Option<String>,
    /// Its words.
    pub(crate) text: Text,
}

impl HeadingView {
    pub(crate) fn all(facts: &Facts) -> Vec<Self> {
        facts
            .headings
            .iter()
            .map(|heading| HeadingView {
                level: heading.level,
                id: heading.id.clone(),
                text: heading.text.clone(),
            })
            .collect()
    }
}

/// The page with the earlier versions of an entry's text (`revisions[]`), beside `entry`.
#[derive(Debug, Clone, Hash)]
pub(crate) struct RevisionView {
    /// Its title, where that was another.
    pub(crate) title: Option<Text>,
    /// Since when a snapshot has it.
    pub(crate) first_seen: Option<When>,
    /// The text, as HTML.
    pub(crate) body: SafeHtml,
}

/// A page that leads to an entry's permalink.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct RedirectPage {
    /// The entry or list.
    pub(crate) target: Link,
}
