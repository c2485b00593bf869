//! Plan: from an [`Archive`] to all pages of the site, each with its path, its template, and
//! everything that the template may know.
//!
//! 1. Every entry gets the view that lists and its own page share ([`entries`]).
//! 2. One planner for each kind of page: entries with redirects and revisions, home, lists of tags,
//!    sources, sharers ([`lists`], indexed by [`terms`]), months and days of the year ([`dates`],
//!    [`days`]), the [`statistics`] with their [`charts`], the owner's pages ([`own`]). What lists
//!    share: [`sections`] says under which headings their entries stand, [`facets`] what they are
//!    about.
//! 3. The feeds that we write are planned as lists of entries ([`feeds`]), the list of sources for
//!    feed readers as outlines ([`opml`]).
//! 4. Every entry page names entries that are about the same ([`related`]).
//! 5. [`claim`] holds that no two of them want the same file.
//!
//! Most of it comes from the archive: what does is the [`ground`], on which the rest is planned.
//!
//! Planning never reads a text: it knows [`SafeBody`] by its facts.

mod charts;
mod claim;
mod context;
mod dates;
mod days;
mod direction;
mod entries;
mod facets;
mod feeds;
mod former;
mod ground;
mod home;
mod hue;
mod lists;
mod names;
mod opml;
mod own;
mod related;
mod search;
mod sections;
mod sitemap;
mod statistics;
#[cfg(test)]
mod stories;
mod terms;
#[cfg(test)]
mod worlds;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::config::{Config, ListsConfig, SyndicationConfig, TagsConfig};
use crate::diag::Diagnostic;
use crate::model::{
    Archive, Entry, Originals, OutPath, OwnPage, PagePath, SafeBody, SafeUrl, UrlStyle,
};

pub(crate) use claim::{StaticFile, StaticSource};
pub(crate) use context::When;
pub(crate) use context::{
    DatesPage, DaysPage, EntryLink, EntryPage, EntryView, Group, HomePage, License, Link, ListPage,
    OwnPageView, PageView, RedirectPage, Ref, RevisionView, SearchPage, Section, ShareView,
    SiteView, StatisticsPage, TermsPage, YearPage,
};
#[cfg(test)]
pub(crate) use context::{FeedLink, GoneView, HeadingView, Wayback};
pub(crate) use entries::EntryKey;
pub(crate) use feeds::{Format, OutFeed};
pub(crate) use ground::Ground;
pub(crate) use opml::{Opml, Outline};
pub(crate) use related::Remembered;
pub(crate) use search::{Search, SearchYear};
pub(crate) use sitemap::Sitemap;

/// All pages and files of a site, without collision.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// What every page knows.
    pub(crate) site: SiteView,
    /// The entries as templates see them, in the order of the archive; pages name them by index.
    pub(crate) entries: Vec<Arc<EntryView>>,
    /// A key of each entry.
    pub(crate) keys: Vec<EntryKey>,
    /// Sorted by path.
    pub(crate) pages: Vec<Arc<Page>>,
    /// The search indexes; none if the owner turned search off, or the theme cannot read them.
    pub(crate) search: Option<Search>,
    /// Feeds to write, sorted by path.
    pub(crate) feeds: Vec<OutFeed>,
    /// The list of sources for feed readers, if it is wanted.
    pub(crate) opml: Option<Opml>,
    /// Files that are copied as they are, from the site's `content/static` and from the theme.
    pub(crate) statics: Vec<StaticFile>,
    /// Small files of our own: `robots.txt`, `.nojekyll`.
    pub(crate) texts: BTreeMap<OutPath, String>,
    /// The files of the sitemap: one, or an index and its parts.
    pub(crate) sitemap: Sitemap,
    /// What makes the next plan quicker, and no other.
    pub(crate) remembered: Arc<Remembered>,
}

/// One page: where it stands, which template draws it, and what the template is given.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// Its file.
    pub(crate) path: OutPath,
    /// What it knows of itself.
    pub(crate) view: PageView,
    /// What it knows of its matter.
    pub(crate) matter: Matter,
    /// Entries that it lists.
    pub(crate) sections: Vec<Section>,
    /// The day on which the newest thing on it happened, for the sitemap.
    pub(crate) changed: Option<jiff::Timestamp>,
}

/// What a page is about: the kind of page decides its template. Entries are named by their indices
/// in the plan. The guide for theme authors quotes what is said of each kind.
#[derive(Debug, Clone)]
pub(crate) enum Matter {
    /// The home page.
    Home(Box<HomePage>),
    /// The page of an entry.
    Entry(usize, Box<EntryPage>),
    /// The earlier versions of the text of an entry.
    Revisions(usize, Vec<RevisionView>),
    /// A page of a list: a tag, source, sharer, month, day of all years, or what has no date.
    List(Box<ListPage>),
    /// An index of tags, sources or sharers.
    Terms(Box<TermsPage>),
    /// A year and its months.
    Year(Box<YearPage>),
    /// The index of years and months.
    Dates(DatesPage),
    /// The index of the days of the year.
    Days(DaysPage),
    /// The statistics.
    Statistics(Box<StatisticsPage>),
    /// The search page.
    Search(Box<SearchPage>),
    /// A page that the owner wrote.
    Own(OwnPageView),
    /// A page that leads to another: an entry, or a list.
    Redirect(RedirectPage),
    /// What a server shows for what is not there.
    NotFound,
}

impl Matter {
    /// The kind, as templates know it (`page.kind`).
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Matter::Home(_) => "home",
            Matter::Entry(..) => "entry",
            Matter::Revisions(..) => "revisions",
            Matter::List(_) => "list",
            Matter::Terms(_) => "terms",
            Matter::Year(_) => "year",
            Matter::Dates(_) => "dates",
            Matter::Days(_) => "days",
            Matter::Statistics(_) => "statistics",
            Matter::Search(_) => "search",
            Matter::Own(_) => "own",
            Matter::Redirect(_) => "redirect",
            Matter::NotFound => "not-found",
        }
    }

    /// The template that draws it.
    pub(crate) fn template(&self) -> &'static str {
        match self {
            Matter::Home(_) => "home.html",
            Matter::Entry(..) => "entry.html",
            Matter::Revisions(..) => "revisions.html",
            Matter::List(_) => "list.html",
            Matter::Terms(_) => "terms.html",
            Matter::Year(_) => "year.html",
            Matter::Dates(_) => "dates.html",
            Matter::Days(_) => "days.html",
            Matter::Statistics(_) => "statistics.html",
            Matter::Search(_) => "search.html",
            Matter::Own(_) => "page.html",
            Matter::Redirect(_) => "redirect.html",
            Matter::NotFound => "404.html",
        }
    }
}

/// Every template that a theme must have: those of [`Matter::template`].
#[cfg(test)]
pub(crate) const TEMPLATES: [&str; 13] = [
    "home.html",
    "entry.html",
    "revisions.html",
    "list.html",
    "terms.html",
    "year.html",
    "dates.html",
    "days.html",
    "statistics.html",
    "search.html",
    "page.html",
    "redirect.html",
    "404.html",
];

/// What the files beside the entries are: the owner's pages, sanitized, and files to copy.
#[derive(Debug)]
pub(crate) struct Beside {
    /// `content/pages/`, with their sanitized text.
    pub(crate) own: Vec<(OwnPage, SafeBody)>,
    /// Files of `content/static/`: their place in the output, and their path in the site.
    pub(crate) statics: Vec<(String, String)>,
    /// Files of the theme, by their name in its `static` folder.
    pub(crate) assets: Vec<String>,
    /// The originals that are gone.
    pub(crate) originals: Originals,
}

/// Plans all pages of a site. What cannot be placed is reported and left out. What the plan of an
/// earlier build remembers makes this one quicker.
pub(crate) fn plan(
    archive: &Archive<SafeBody>,
    beside: &Beside,
    config: &Config,
    remembered: &Remembered,
) -> (Plan, Vec<Diagnostic>) {
    Ground::of(archive, &beside.originals, config, remembered, None).plan(beside, config)
}

/// The settings that have a part in the pages of entries and lists.
#[derive(Debug, Clone, PartialEq)]
struct Layout {
    base_url: SafeUrl,
    language: String,
    timezone: TimeZone,
    urls: UrlStyle,
    lists: ListsConfig,
    syndication: SyndicationConfig,
    tags: TagsConfig,
}

impl Layout {
    fn of(config: &Config) -> Self {
        let site = &config.site;
        Layout {
            base_url: site.base_url.clone(),
            language: site.language.clone(),
            timezone: site.timezone.clone(),
            urls: config.output.urls,
            lists: config.lists,
            syndication: config.syndication,
            tags: config.tags.clone(),
        }
    }
}

/// What all planners share: the archive, the settings, and the views of the entries.
struct Planner {
    archive: Archive<SafeBody>,
    originals: Originals,
    layout: Layout,
    names: names::Names,
    entries: Vec<Arc<EntryView>>,
    keys: Vec<EntryKey>,
    /// The day of each entry, in the site's time zone.
    days: Vec<Option<jiff::civil::Date>>,
    /// When each entry was shared or changed.
    changes: Vec<Option<jiff::Timestamp>>,
}

impl Planner {
    fn new(
        archive: &Archive<SafeBody>,
        originals: &Originals,
        layout: Layout,
        before: Option<&Planner>,
    ) -> Self {
        let names = names::Names::of(archive, layout.urls);
        let (entries, keys) = entries::views(archive, &names, &layout, before);
        let day = |entry: &Arc<EntryView>| entry.date.map(|date| date.date());
        let change = |entry: &Arc<Entry<SafeBody>>| entry.updated.max(entry.date);
        Planner {
            archive: archive.clone(),
            originals: originals.clone(),
            layout,
            names,
            days: entries.iter().map(day).collect(),
            changes: archive.entries.iter().map(change).collect(),
            entries,
            keys,
        }
    }

    /// The file of a page.
    fn file(&self, page: &PagePath) -> OutPath {
        page.file(self.layout.urls)
    }

    /// The link to a page, from the site's root.
    fn href(&self, page: &PagePath) -> String {
        self.file(page).href(self.layout.urls)
    }

    fn url(&self, path: &OutPath) -> String {
        path.url(&self.layout.base_url)
    }

    /// A page at this place, with what every page knows of itself.
    fn page(&self, at: &PagePath, title: impl Into<Arc<str>>, matter: Matter) -> Page {
        let path = self.file(at);
        let href = path.href(self.layout.urls).into();
        self.page_of(path, href, title.into(), matter)
    }

    /// The same of a file to which there is a link already.
    fn page_of(&self, path: OutPath, href: Arc<str>, title: Arc<str>, matter: Matter) -> Page {
        let view = PageView {
            kind: matter.kind(),
            title,
            description: None,
            root: path.root(),
            href,
            url: self.url(&path).into(),
            indexed: true,
            feed: None,
        };
        Page {
            path,
            view,
            matter,
            sections: Vec::new(),
            changed: None,
        }
    }

    /// A page that leads to another, and says nothing of its own.
    fn redirect(&self, from: &PagePath, to: &PagePath, title: impl Into<Arc<str>>) -> Page {
        let title = title.into();
        let target = Link {
            title: title.to_string(),
            href: self.href(to),
        };
        let mut page = self.page(from, title, Matter::Redirect(RedirectPage { target }));
        page.view.indexed = false;
        page.view.url = self.url(&self.file(to)).into();
        page
    }

    fn date(&self, instant: jiff::Timestamp) -> When {
        When::new(instant, &self.layout.timezone)
    }

    /// A day of the calendar, which is the same everywhere.
    fn day(&self, day: jiff::civil::Date) -> Option<When> {
        // Every day has a noon, whatever is done to clocks at night.
        let noon = day.at(12, 0, 0, 0);
        let noon = noon.to_zoned(self.layout.timezone.clone()).ok()?;
        Some(self.date(noon.timestamp()))
    }

    /// When the newest of these entries was shared or changed.
    fn changed(&self, entries: impl IntoIterator<Item = usize>) -> Option<jiff::Timestamp> {
        entries
            .into_iter()
            .filter_map(|index| self.changes[index])
            .max()
    }
}
