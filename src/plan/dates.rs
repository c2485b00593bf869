//! Years and months, in the site's time zone, and what has no date.

use std::collections::BTreeMap;

use super::context::{DatesPage, Link, Term, YearPage, YearTerm};
use super::lists::{List, list_pages};
use super::{Matter, Page, Planner};
use crate::model::PagePath;

/// Where the index of all years stands.
pub(super) const INDEX: &str = "dates/index";
const UNDATED: &str = "undated/index";

/// The entries by year and month.
pub(super) struct Calendar {
    /// From the oldest year to the newest; months likewise.
    years: Vec<(String, PagePath, Vec<List>)>,
    undated: Option<List>,
}

impl Calendar {
    pub(super) fn collect(planner: &Planner) -> Self {
        // Key: `2025-08`, and the month's name for people.
        let mut months: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        let mut undated = Vec::new();
        for (index, entry) in planner.archive.entries.iter().enumerate() {
            match entry.date {
                None => undated.push(index),
                Some(date) => {
                    let local = date.to_zoned(planner.config.site.timezone.clone());
                    let key = local.strftime("%Y-%m").to_string();
                    let name = local.strftime("%B %Y").to_string();
                    months.entry((key, name)).or_default().push(index);
                }
            }
        }
        let mut years: Vec<(String, PagePath, Vec<List>)> = Vec::new();
        for ((key, name), entries) in months {
            let Some((year, month)) = key.split_once('-') else {
                continue;
            };
            let at = |path: String| PagePath::new(&path);
            let (Some(year_path), Some(path)) = (
                at(format!("{year}/index")),
                at(format!("{year}/{month}/index")),
            ) else {
                continue;
            };
            let list = List {
                kind: "month",
                name,
                path,
                entries,
                link: None,
                feed: false,
            };
            match years.last_mut() {
                Some((last, _, months)) if last == year => months.push(list),
                _ => years.push((year.to_owned(), year_path, vec![list])),
            }
        }
        let undated = PagePath::new(UNDATED)
            .filter(|_| !undated.is_empty())
            .map(|path| List {
                kind: "undated",
                name: "Undated".to_owned(),
                path,
                entries: undated,
                link: None,
                feed: false,
            });
        Calendar { years, undated }
    }

    /// The years with their counts, the newest first.
    pub(super) fn years(&self, planner: &Planner) -> Vec<Term> {
        let year = |(name, path, months): &(String, PagePath, Vec<List>)| Term {
            name: name.clone(),
            href: planner.href(path),
            count: months.iter().map(|month| month.entries.len()).sum(),
            hue: None,
            aliases: Vec::new(),
        };
        self.years.iter().rev().map(year).collect()
    }

    /// The same, each with its months.
    pub(super) fn years_with_months(&self, planner: &Planner) -> Vec<YearTerm> {
        let months = self.years.iter().rev().map(|(_, _, months)| months);
        self.years(planner)
            .into_iter()
            .zip(months)
            .map(|(year, months)| YearTerm {
                year,
                months: terms(planner, months),
            })
            .collect()
    }
}

/// The pages of all months and years, and their index.
pub(super) fn pages(planner: &Planner, calendar: &Calendar) -> Vec<Page> {
    let mut pages = month_pages(planner, calendar);
    pages.extend(year_pages(planner, calendar));
    pages.extend(index_page(planner, calendar));
    if let Some(undated) = &calendar.undated {
        pages.extend(list_pages(planner, undated, None, None));
    }
    pages
}

fn month_pages(planner: &Planner, calendar: &Calendar) -> Vec<Page> {
    let months: Vec<&List> = calendar
        .years
        .iter()
        .flat_map(|(_, _, months)| months)
        .collect();
    let link = |index: Option<usize>| Some(months.get(index?)?.link(planner));
    months
        .iter()
        .enumerate()
        .flat_map(|(index, month)| {
            list_pages(
                planner,
                month,
                link(index.checked_sub(1)),
                link(Some(index + 1)),
            )
        })
        .collect()
}

fn year_pages(planner: &Planner, calendar: &Calendar) -> Vec<Page> {
    let years = &calendar.years;
    let link = |index: Option<usize>| {
        let (name, path, _) = years.get(index?)?;
        Some(Link {
            title: name.clone(),
            href: planner.href(path),
        })
    };
    let page = |(index, (name, path, months)): (usize, &(String, PagePath, Vec<List>))| {
        let entries = || {
            months
                .iter()
                .flat_map(|month| month.entries.iter().copied())
        };
        let matter = YearPage {
            name: name.clone(),
            count: entries().count(),
            months: terms(planner, months),
            tags: Vec::new(),
            sources: Vec::new(),
            previous: link(index.checked_sub(1)),
            next: link(Some(index + 1)),
        };
        let mut page = planner.page(path, name.clone(), Matter::Year(matter));
        page.changed = planner.changed(entries());
        page
    };
    years.iter().enumerate().map(page).collect()
}

fn index_page(planner: &Planner, calendar: &Calendar) -> Option<Page> {
    let matter = DatesPage {
        years: calendar.years_with_months(planner),
        undated: calendar.undated.as_ref().map(|list| list.term(planner)),
    };
    Some(planner.page(&PagePath::new(INDEX)?, "Dates", Matter::Dates(matter)))
}

/// Months without their year, the newest first.
fn terms(planner: &Planner, months: &[List]) -> Vec<Term> {
    let term = |list: &List| {
        let term = list.term(planner);
        let name = term.name.split(' ').next().unwrap_or_default().to_owned();
        Term { name, ..term }
    };
    months.iter().rev().map(term).collect()
}
