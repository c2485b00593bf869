//! The theme API: what a template may know. Every field here is a promise to theme authors, and its
//! documentation speaks to them: the tables of their guide, `content/pages/themes.md`, are made of it.
//!
//! All templates see `site` ([`SiteView`]), `page` ([`PageView`]), `theme` (the options of
//! theme.toml) and `csp` (the Content-Security-Policy). Beside these, each kind of page has its
//! own names: the fields of its view in this folder, and `sections` where it lists entries.
//!
//! Links to pages of the site are given from the root (`tags/rust.html`): a template writes
//! `{{ page.root }}{{ tag.href }}`. HTML (`body`, `comment`) is sanitized and comes unescaped; all
//! else is text, and Tera escapes it. A field without a value is `none`: `{% if entry.source %}`.
//!
//! Invariant: nothing here tells the time of the build, the version, or how many there are of
//! anything but the page's own matter: so a new entry changes few pages.

mod entry;
mod lists;
mod statistics;

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::{Serialize, Serializer};

use crate::model::{SafeHtml, SafeUrl, Text};

pub(crate) use entry::{
    EntryLink, EntryPage, EntryView, GoneView, Group, HeadingView, RedirectPage, Ref, RevisionView,
    Section, ShareView, Wayback,
};
pub(crate) use lists::{
    DatesPage, DayTerm, DaysPage, HomePage, ListPage, MonthDays, SearchIndex, SearchPage, Term,
    TermSection, TermsPage, YearPage, YearTerm,
};
pub(crate) use statistics::{
    Bar, Chart, CoverageView, GapView, LostView, PaceView, StatisticsPage, Tick,
};

/// `site`: the same on every page.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct SiteView {
    /// The title of the archive.
    pub(crate) title: Text,
    /// One sentence about it.
    pub(crate) description: Option<Text>,
    /// Where it is published, with a slash at its end.
    pub(crate) base_url: SafeUrl,
    /// The language of the pages (BCP 47).
    pub(crate) language: String,
    /// How that language is written: `ltr` or `rtl`.
    pub(crate) direction: &'static str,
    /// Who keeps the archive.
    pub(crate) author: Option<Text>,
    /// The fixed navigation, and the owner's pages that want to be in it.
    pub(crate) nav: Vec<Link>,
    /// Pages of the archive that are looked up now and then: on this day, statistics.
    pub(crate) more: Vec<Link>,
    /// The search page, unless the owner turned search off.
    pub(crate) search: Option<Link>,
    /// The feeds of the site.
    pub(crate) feeds: Vec<FeedLink>,
    /// A list of the sources for feed readers (OPML).
    pub(crate) opml: Option<FeedLink>,
    /// Under which licence the owner's own words stand.
    pub(crate) license: Option<License>,
    /// What the owner has to say of the copies of other people's texts.
    pub(crate) copy_notice: Option<Text>,
    /// Whether embeds or images of stored texts open on a click, for which a page needs a script.
    pub(crate) opens_on_click: bool,
}

/// A licence (`site.license`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct License {
    /// Its name: `CC BY 4.0`.
    pub(crate) title: Text,
    /// Where its words are.
    pub(crate) link: Option<SafeUrl>,
}

/// A link to a page of the site.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct Link {
    /// Its words.
    pub(crate) title: String,
    /// Where it leads, from the site's root.
    pub(crate) href: String,
}

/// A feed of the site, or of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct FeedLink {
    /// Its title.
    pub(crate) title: String,
    /// Where it is, from the site's root.
    pub(crate) href: String,
    /// Its media type.
    pub(crate) mime: &'static str,
}

/// `page`: what every page knows of itself.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct PageView {
    /// `home`, `entry`, `revisions`, `list`, `terms`, `year`, `dates`, `days`, `statistics`,
    /// `search`, `own`, `redirect` or `not-found`.
    pub(crate) kind: &'static str,
    /// Its title, without the site's.
    pub(crate) title: Arc<str>,
    /// One sentence about it, for search engines and previews.
    pub(crate) description: Option<Text>,
    /// From here to the site's root: `./`, `../../`; on the 404 page, which is served at any depth,
    /// the base URL.
    pub(crate) root: Cow<'static, str>,
    /// Itself, from the site's root.
    pub(crate) href: Arc<str>,
    /// Its one absolute URL.
    pub(crate) url: Box<str>,
    /// Whether search engines should list it.
    pub(crate) indexed: bool,
    /// The feed of just this page's entries.
    pub(crate) feed: Option<Box<FeedLink>>,
}

/// A point in time, in the site's time zone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct DateView {
    /// For machines (RFC 3339): `2025-08-28T16:03:57+02:00`.
    pub(crate) iso: String,
    /// The day alone: `2025-08-28`.
    pub(crate) day: String,
    /// For people: `28 August 2025`.
    pub(crate) text: String,
    /// For people in a hurry: `28 Aug 2025`.
    pub(crate) short: String,
}

/// What templates see as a [`DateView`]: few of all dates are ever written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct When {
    instant: Timestamp,
    offset: Offset,
}

impl When {
    pub(crate) fn new(instant: Timestamp, zone: &TimeZone) -> Self {
        let offset = zone.to_offset(instant);
        When { instant, offset }
    }

    pub(crate) fn date(&self) -> Date {
        self.offset.to_datetime(self.instant).date()
    }

    pub(crate) fn view(&self) -> DateView {
        let local = self.instant.to_zoned(TimeZone::fixed(self.offset));
        DateView {
            iso: local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            day: local.strftime("%Y-%m-%d").to_string(),
            text: local.strftime("%-d %B %Y").to_string(),
            short: local.strftime("%-d %b %Y").to_string(),
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.view().serialize(serializer)
    }
}

/// A page that the owner wrote.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct OwnPageView {
    /// `body`: its text as HTML.
    #[serde(skip)]
    pub(crate) body: Option<SafeHtml>,
    /// The headings of the text.
    pub(crate) headings: Vec<HeadingView>,
}
