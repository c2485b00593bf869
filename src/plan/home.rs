//! The home page: what this archive is, and the latest of it.

use super::context::{HomePage, Term};
use super::dates::Calendar;
use super::lists::{List, Terms};
use super::{Matter, Page, Planner, sections};
use crate::config::SiteConfig;
use crate::model::PagePath;

/// Where the home page stands.
pub(super) const PATH: &str = "index";
/// Tags on the home page.
const TOP_TAGS: usize = 24;
/// Sources on the home page.
const TOP_SOURCES: usize = 12;

/// The home page.
pub(super) fn page(
    planner: &Planner,
    site: &SiteConfig,
    terms: &Terms,
    calendar: &Calendar,
) -> Option<Page> {
    let entries = &planner.archive.entries;
    let newest = (0..entries.len()).rev().take(planner.layout.lists.home);
    let matter = HomePage {
        entries: entries.len(),
        sources: terms.sources.len(),
        sharers: terms.sharers.len(),
        tags: terms.tags.len(),
        since: entries
            .iter()
            .find_map(|entry| entry.date)
            .map(|date| planner.date(date)),
        years: calendar.years_with_months(planner),
        undated: calendar.undated_term(planner),
        top_tags: top(planner, &terms.tags, TOP_TAGS),
        top_sources: top(planner, &terms.sources, TOP_SOURCES),
    };
    let mut page = planner.page(
        &PagePath::new(PATH)?,
        site.title.to_string(),
        Matter::Home(Box::new(matter)),
    );
    page.view.description.clone_from(&site.description);
    page.sections = sections::months(planner, newest.clone());
    page.changed = planner.changed(newest);
    Some(page)
}

fn top(planner: &Planner, lists: &[List], length: usize) -> Vec<Term> {
    super::lists::most(lists, length)
        .into_iter()
        .map(|list| list.term(planner))
        .collect()
}
