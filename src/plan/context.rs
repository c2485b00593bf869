//! The theme API: what a template may know. Every field here is a promise to theme authors.
//!
//! All templates see `site` ([`SiteView`]), `page` ([`PageView`]), `theme` (the options of
//! theme.toml) and `csp` (the Content-Security-Policy). Beside these, each kind of page has its
//! own names: the fields of its view below, and `groups` where it lists entries.
//!
//! Links to pages of the site are given from the root (`tags/rust.html`): a template writes
//! `{{ page.root }}{{ tag.href }}`. HTML (`body`, `comment`) is sanitized and comes unescaped; all
//! else is text, and Tera escapes it. A field without a value is `none`: `{% if entry.source %}`.
//!
//! Invariant: nothing here tells the time of the build, the version, or how many there are of
//! anything but the page's own matter: so a new entry changes few pages.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::model::{Facts, SafeHtml, SafeUrl, Text};

/// `site`: the same on every page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SiteView {
    /// The title of the archive.
    pub(crate) title: Text,
    /// One sentence about it.
    pub(crate) description: Option<Text>,
    /// Where it is published, with a slash at its end.
    pub(crate) base_url: SafeUrl,
    /// The language of the pages (BCP 47).
    pub(crate) language: String,
    /// Who keeps the archive.
    pub(crate) author: Option<Text>,
    /// The fixed navigation, and the owner's pages that want to be in it.
    pub(crate) nav: Vec<Link>,
    /// The feeds of the site.
    pub(crate) feeds: Vec<FeedLink>,
    /// Whether embeds or images of stored texts open on a click, for which a page needs a script.
    pub(crate) opens_on_click: bool,
}

/// A link to a page of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Link {
    /// Its words.
    pub(crate) title: String,
    /// Where it leads, from the site's root.
    pub(crate) href: String,
}

/// A feed of the site, or of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FeedLink {
    /// Its title.
    pub(crate) title: String,
    /// Where it is, from the site's root.
    pub(crate) href: String,
    /// Its media type.
    pub(crate) mime: &'static str,
}

/// `page`: what every page knows of itself.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PageView {
    /// `home`, `entry`, `revisions`, `list`, `terms`, `year`, `dates`, `own`, `redirect` or `not-found`.
    pub(crate) kind: &'static str,
    /// Its title, without the site's.
    pub(crate) title: String,
    /// One sentence about it, for search engines and previews.
    pub(crate) description: Option<Text>,
    /// From here to the site's root: `./`, `../../`; on the 404 page, which is served at any depth,
    /// the base URL.
    pub(crate) root: String,
    /// Itself, from the site's root.
    pub(crate) href: String,
    /// Its one absolute URL.
    pub(crate) url: String,
    /// Whether search engines should list it.
    pub(crate) indexed: bool,
    /// The feed of just this page's entries.
    pub(crate) feed: Option<FeedLink>,
}

/// A point in time, in the site's time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DateView {
    /// For machines (RFC 3339): `2025-08-28T16:03:57+02:00`.
    pub(crate) iso: String,
    /// The day alone: `2025-08-28`.
    pub(crate) day: String,
    /// For people: `28 August 2025`.
    pub(crate) text: String,
}

impl DateView {
    pub(crate) fn new(instant: Timestamp, zone: &TimeZone) -> Self {
        let local = instant.to_zoned(zone.clone());
        DateView {
            iso: local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            day: local.strftime("%Y-%m-%d").to_string(),
            text: local.strftime("%-d %B %Y").to_string(),
        }
    }
}

/// An entry, in a list (`groups[].entries[]`) and on its own page (`entry`).
#[derive(Debug, Clone)]
pub(crate) struct EntryView {
    /// The 8 characters that name it in permalinks.
    pub(crate) id: String,
    /// Its title; where it has none, its first words, else its host.
    pub(crate) title: Text,
    /// Whether the title is its own.
    pub(crate) titled: bool,
    /// The page of the entry: its permalink.
    pub(crate) href: String,
    /// The original.
    pub(crate) link: Option<SafeUrl>,
    /// The host of the original, without `www.`
    pub(crate) host: Option<String>,
    /// When it was first shared.
    pub(crate) date: Option<DateView>,
    /// When its text last changed, if that was later.
    pub(crate) updated: Option<DateView>,
    /// Who wrote the original.
    pub(crate) authors: Vec<Text>,
    /// Where the original lives.
    pub(crate) source: Option<Link>,
    /// Its tags.
    pub(crate) tags: Vec<Link>,
    /// Who shared it, the earliest first.
    pub(crate) shares: Vec<ShareView>,
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
}

/// Who shared an entry (`entry.shares[]`).
#[derive(Debug, Clone)]
pub(crate) struct ShareView {
    /// The feed through which it came: the name of its folder.
    pub(crate) feed: String,
    /// The sharer, and their page here.
    pub(crate) sharer: Option<Link>,
    /// The page of the share, elsewhere.
    pub(crate) permalink: Option<SafeUrl>,
    /// When.
    pub(crate) date: Option<DateView>,
    /// The sharer's own words, as HTML.
    pub(crate) comment: Option<SafeHtml>,
}

/// Entries under one heading (`groups[]`), the newest first.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The day: `28 August 2025`; `Undated`.
    pub(crate) title: String,
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
    pub(crate) wayback: Option<String>,
    /// The entry after this one.
    pub(crate) newer: Option<Link>,
    /// The entry before this one.
    pub(crate) older: Option<Link>,
    /// The page with earlier versions of the text, if there are any.
    pub(crate) revisions: Option<Link>,
}

/// A heading of a text (`headings[]`).
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone)]
pub(crate) struct RevisionView {
    /// Its title, where that was another.
    pub(crate) title: Option<Text>,
    /// Since when a snapshot has it.
    pub(crate) first_seen: Option<DateView>,
    /// The text, as HTML.
    pub(crate) body: SafeHtml,
}

/// The home page, beside `groups`: the latest entries.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct HomePage {
    /// How many entries there are.
    pub(crate) entries: usize,
    /// How many sources.
    pub(crate) sources: usize,
    /// How many sharers.
    pub(crate) sharers: usize,
    /// How many tags.
    pub(crate) tags: usize,
    /// The date of the oldest entry.
    pub(crate) since: Option<DateView>,
    /// The years, the newest first.
    pub(crate) years: Vec<Term>,
    /// The tags with the most entries.
    pub(crate) top_tags: Vec<Term>,
}

/// A page of a list (a tag, source, sharer, month, or what has no date), beside `groups`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ListPage {
    /// `tag`, `source`, `sharer`, `month` or `undated`.
    pub(crate) list: &'static str,
    /// What is listed: `rust`, `August 2025`.
    pub(crate) name: String,
    /// Its newest page, which knows the count and the older pages.
    pub(crate) newest: Link,
    /// How many entries the whole list has; only on its newest page.
    pub(crate) count: Option<usize>,
    /// The home page of a source.
    pub(crate) link: Option<SafeUrl>,
    /// The full, older pages, titled by their dates, the newest first; only on the newest page.
    pub(crate) archive: Vec<Link>,
    /// The page before this one, with older entries.
    pub(crate) older: Option<Link>,
    /// The lists beside this one: the months before and after.
    pub(crate) previous: Option<Link>,
    /// See `previous`.
    pub(crate) next: Option<Link>,
}

/// The index of all tags, sources or sharers.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TermsPage {
    /// `tags`, `sources` or `sharers`.
    pub(crate) list: &'static str,
    /// By name.
    pub(crate) terms: Vec<Term>,
}

/// A tag, source, sharer, year or month, with its count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Term {
    /// Its name.
    pub(crate) name: String,
    /// Its page.
    pub(crate) href: String,
    /// How many entries it has.
    pub(crate) count: usize,
}

/// A year: its months; the list of its entries stands on theirs.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct YearPage {
    /// The year: `2025`.
    pub(crate) name: String,
    /// How many entries it has.
    pub(crate) count: usize,
    /// Its months, the newest first.
    pub(crate) months: Vec<Term>,
    /// The year before.
    pub(crate) previous: Option<Link>,
    /// The year after.
    pub(crate) next: Option<Link>,
}

/// The index of all years and months.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct DatesPage {
    /// The years, the newest first.
    pub(crate) years: Vec<YearTerm>,
    /// The entries without a date, if there are any.
    pub(crate) undated: Option<Term>,
}

/// A year with its months (`years[]`).
#[derive(Debug, Clone, Serialize)]
pub(crate) struct YearTerm {
    /// The year.
    pub(crate) year: Term,
    /// Its months, the newest first.
    pub(crate) months: Vec<Term>,
}

/// A page that the owner wrote.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct OwnPageView {
    /// `body`: its text as HTML.
    #[serde(skip)]
    pub(crate) body: Option<SafeHtml>,
    /// The headings of the text.
    pub(crate) headings: Vec<HeadingView>,
}

/// A page that leads to an entry's permalink.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RedirectPage {
    /// The entry.
    pub(crate) target: Link,
}
