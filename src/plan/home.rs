//! The home page: what this archive is, and the latest of it.

use std::cmp::Reverse;

use super::context::{HomePage, Section};
use super::dates::Calendar;
use super::lists::{List, Terms};
use super::{Matter, Page, Planner};
use crate::model::PagePath;

/// Where the home page stands.
pub(super) const PATH: &str = "index";
/// Tags on the home page.
const TOP_TAGS: usize = 24;

/// The home page.
pub(super) fn page(planner: &Planner, terms: &Terms, calendar: &Calendar) -> Option<Page> {
    let entries = &planner.archive.entries;
    let newest = (0..entries.len()).rev().take(planner.config.lists.home);
    let mut tags: Vec<&List> = terms.tags.iter().collect();
    tags.sort_by_key(|tag| Reverse(tag.entries.len()));
    tags.truncate(TOP_TAGS);
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
        undated: None,
        top_sources: Vec::new(),
        top_tags: tags.into_iter().map(|tag| tag.term(planner)).collect(),
    };
    let site = &planner.config.site;
    let mut page = planner.page(
        &PagePath::new(PATH)?,
        site.title.to_string(),
        Matter::Home(matter),
    );
    page.view.description.clone_from(&site.description);
    page.sections = vec![Section {
        heading: None,
        groups: planner.days(newest.clone()),
    }];
    page.changed = planner.changed(newest);
    Some(page)
}
