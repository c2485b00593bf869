//! Search: the page, and which entries stand in which index.
//!
//! Invariant: the page names the years and counts nothing, so it changes with the first entry of a
//! new year alone.

use std::collections::BTreeMap;

use super::claim::Claims;
use super::context::{Link, SearchIndex, SearchPage};
use super::{Beside, Matter, Page, Planner, dates, own};
use crate::config::{Config, SiteConfig};
use crate::model::{OutPath, PagePath, Text};

/// Where the search page stands.
const PATH: &str = "search";
/// What it is called.
const TITLE: &str = "Search";
/// The folder of the indexes.
const FOLDER: &str = "pagefind";
/// The file of a theme's `static` folder that reads an index.
const SCRIPT: &str = "search.js";
/// Below it, the folder of what all indexes share.
const CORE: &str = "core";
/// Below it, the folder of the entries that have no date.
const UNDATED: &str = "undated";

/// The indexes of a site.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    /// Where the files stand that all of them share.
    pub(crate) core: OutPath,
    /// One for each year, the newest first, entries without a date last.
    pub(crate) years: Vec<SearchYear>,
}

/// The index of a year.
#[derive(Debug, Clone)]
pub(crate) struct SearchYear {
    /// Where it stands.
    pub(crate) folder: OutPath,
    /// Its entries, in the order of the archive.
    pub(crate) entries: Vec<usize>,
}

/// The link to the search page.
pub(super) fn link(planner: &Planner) -> Option<Link> {
    Some(own::link(planner, TITLE, &PagePath::new(PATH)?))
}

/// Claims the search page, if the owner wants it, and says whether there is one.
pub(super) fn claim_page(planner: &Planner, config: &Config, claims: &mut Claims) -> bool {
    let indexes = years(planner).into_iter().map(|(name, _)| SearchIndex {
        title: match name.as_str() {
            UNDATED => "Undated".to_owned(),
            year => year.to_owned(),
        },
        name,
    });
    let page = || page(planner, &config.site, indexes.collect());
    config.search.enabled && page().is_some_and(|page| claims.page(page))
}

/// Claims the folder of the indexes, if the theme can read them.
pub(super) fn plan(planner: &Planner, beside: &Beside, claims: &mut Claims) -> Option<Search> {
    let below = |name: &str| OutPath::new(&format!("{FOLDER}/{name}"));
    let is_read = beside.assets.iter().any(|name| name == SCRIPT);
    if !is_read || !claims.folder(&OutPath::new(FOLDER)?, "the search index") {
        return None;
    }
    let years = years(planner).into_iter().filter_map(|(name, entries)| {
        let folder = below(&name)?;
        Some(SearchYear { folder, entries })
    });
    Some(Search {
        core: below(CORE)?,
        years: years.collect(),
    })
}

/// The entries of each year, the newest first, then those without a date.
fn years(planner: &Planner) -> Vec<(String, Vec<usize>)> {
    let mut years: BTreeMap<i16, Vec<usize>> = BTreeMap::new();
    let mut undated = Vec::new();
    for (index, day) in planner.days.iter().enumerate() {
        match day {
            Some(day) => years.entry(day.year()).or_default().push(index),
            None => undated.push(index),
        }
    }
    let years = years.into_iter().rev();
    let years = years.map(|(year, entries)| (format!("{year:04}"), entries));
    let undated = Some((UNDATED.to_owned(), undated)).filter(|(_, entries)| !entries.is_empty());
    years.chain(undated).collect()
}

fn page(planner: &Planner, site: &SiteConfig, years: Vec<SearchIndex>) -> Option<Page> {
    let matter = SearchPage {
        folder: format!("{FOLDER}/"),
        years,
        tags: own::link(planner, "Tags", &PagePath::new("tags/index")?),
        dates: own::link(planner, "Dates", &PagePath::new(dates::INDEX)?),
    };
    let mut page = planner.page(
        &PagePath::new(PATH)?,
        TITLE,
        Matter::Search(Box::new(matter)),
    );
    page.view.description = Text::new(&format!(
        "Search {} for words, tags, sources and dates",
        site.title
    ));
    Some(page)
}
