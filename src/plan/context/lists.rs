//! What templates know of lists and indexes: home, tags, sources, sharers, years, months and days.

use serde::Serialize;

use super::{Link, When};
use crate::model::{SafeUrl, Text};

/// The home page, beside `sections`: the latest entries.
#[derive(Debug, Clone, Hash, Serialize)]
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
    pub(crate) since: Option<When>,
    /// The years with their months, the newest first.
    pub(crate) years: Vec<YearTerm>,
    /// The entries without a date, if there are any.
    pub(crate) undated: Option<Term>,
    /// The tags with the most entries.
    pub(crate) top_tags: Vec<Term>,
    /// The sources with the most entries.
    pub(crate) top_sources: Vec<Term>,
}

/// A page of a list (a tag, source, sharer, month, day of all years, or what has no date), beside
/// `sections`.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct ListPage {
    /// `tag`, `source`, `sharer`, `month`, `day` or `undated`.
    pub(crate) list: &'static str,
    /// What is listed: `rust`, `August 2025`.
    pub(crate) name: String,
    /// Its newest page, which knows the count and the older pages.
    pub(crate) newest: Link,
    /// How many entries the whole list has; only on its newest page.
    pub(crate) count: Option<usize>,
    /// The home page of a source; only on its newest page.
    pub(crate) link: Option<SafeUrl>,
    /// The colour of a source, 0 to 23.
    pub(crate) hue: Option<u8>,
    /// Other names of a tag, which site.toml counts as this one.
    pub(crate) aliases: Vec<Text>,
    /// The tags that its entries carry most; for a tag, those that are nearest to it. Each counts
    /// the entries of this list. Only on its newest page.
    pub(crate) tags: Vec<Term>,
    /// The sources that its entries have most, each with a count within this list; only on its
    /// newest page.
    pub(crate) sources: Vec<Term>,
    /// The full, older pages, titled by their dates, the newest first; only on the newest page.
    pub(crate) archive: Vec<Link>,
    /// The page before this one, with older entries.
    pub(crate) older: Option<Link>,
    /// The lists beside this one: the months before and after.
    pub(crate) previous: Option<Link>,
    /// See `previous`.
    pub(crate) next: Option<Link>,
}

/// The index of all tags, sources or sharers: one page by name, one by count.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct TermsPage {
    /// `tags`, `sources` or `sharers`.
    pub(crate) list: &'static str,
    /// `name` or `count`.
    pub(crate) order: &'static str,
    /// The index by name.
    pub(crate) by_name: Link,
    /// The index by count.
    pub(crate) by_count: Link,
    /// How many there are.
    pub(crate) count: usize,
    /// The terms; of a long index by name, those of each first letter apart.
    pub(crate) sections: Vec<TermSection>,
}

/// A part of an index (`sections[]`).
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct TermSection {
    /// The letter with which its terms begin; none where all stand together.
    pub(crate) title: Option<String>,
    /// An id to link to, where it has a title.
    pub(crate) id: Option<String>,
    /// In the order of the index.
    pub(crate) terms: Vec<Term>,
}

/// A tag, source, sharer, year or month, with its count.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct Term {
    /// Its name.
    pub(crate) name: String,
    /// Its page.
    pub(crate) href: String,
    /// How many entries it has, of those that the page is about.
    pub(crate) count: usize,
    /// The colour of a source, 0 to 23.
    pub(crate) hue: Option<u8>,
    /// Other names of a tag, in an index of tags.
    pub(crate) aliases: Vec<Text>,
}

/// A year: its months; the list of its entries stands on theirs.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct YearPage {
    /// The year: `2025`.
    pub(crate) name: String,
    /// How many entries it has.
    pub(crate) count: usize,
    /// Its months, the newest first.
    pub(crate) months: Vec<Term>,
    /// The tags that its entries carry most.
    pub(crate) tags: Vec<Term>,
    /// The sources that its entries have most.
    pub(crate) sources: Vec<Term>,
    /// The year before.
    pub(crate) previous: Option<Link>,
    /// The year after.
    pub(crate) next: Option<Link>,
}

/// The index of all years and months.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct DatesPage {
    /// The years, the newest first.
    pub(crate) years: Vec<YearTerm>,
    /// The entries without a date, if there are any.
    pub(crate) undated: Option<Term>,
}

/// A year with its months (`years[]`).
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct YearTerm {
    /// The year.
    pub(crate) year: Term,
    /// Its months, the newest first.
    pub(crate) months: Vec<Term>,
}

/// The search page: what its script needs to find the indexes. A theme whose `static` folder has no
/// `search.js` gets none.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct SearchPage {
    /// The folder of the indexes, from the site's root, with a slash at its end.
    pub(crate) folder: String,
    /// The indexes: one for each year, the newest first, then entries without a date.
    pub(crate) years: Vec<SearchIndex>,
    /// The index of tags, for readers who cannot search.
    pub(crate) tags: Link,
    /// The index of dates, for the same.
    pub(crate) dates: Link,
}

/// The index of a year (`years[]`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct SearchIndex {
    /// The name of its folder: `2025`, `undated`.
    pub(crate) name: String,
    /// Its name for people.
    pub(crate) title: String,
}

/// The index of the days of the year, all years together (`months[]`).
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct DaysPage {
    /// The twelve months, from January.
    pub(crate) months: Vec<MonthDays>,
}

/// A month of any year with its days (`months[]`).
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct MonthDays {
    /// `August`.
    pub(crate) name: String,
    /// All its days, the 29th of February included.
    pub(crate) days: Vec<DayTerm>,
}

/// A day of any year (`months[].days[]`).
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct DayTerm {
    /// For machines: `08-28`.
    pub(crate) key: String,
    /// The number of the day in its month.
    pub(crate) number: u8,
    /// For people: `28 August`.
    pub(crate) name: String,
    /// Its page; none if nothing was ever shared on it.
    pub(crate) href: Option<String>,
    /// How many entries it has.
    pub(crate) count: usize,
}
