//! Years and months, in the site's time zone, and what has no date.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rayon::prelude::*;

use super::context::{DatesPage, Link, Term, YearPage, YearTerm};
use super::facets::Facets;
use super::lists::{List, list_pages};
use super::sections::UNDATED;
use super::{Matter, Page, Planner};
use crate::model::{PagePath, Text};

/// Where the index of all years stands.
pub(super) const INDEX: &str = "dates/index";
pub(super) const UNDATED_PATH: &str = "undated/index";

/// The entries by year and month.
pub(super) struct Calendar {
    /// From the oldest to the newest.
    years: Vec<Year>,
    undated: Option<List>,
}

struct Year {
    name: String,
    path: PagePath,
    /// From the oldest to the newest; never empty.
    months: Vec<List>,
}

impl Year {
    fn entries(&self) -> impl Iterator<Item = usize> {
        self.months
            .iter()
            .flat_map(|month| month.entries.iter().copied())
    }

    fn link(&self, planner: &Planner) -> Link {
        Link {
            title: self.name.clone(),
            href: planner.href(&self.path),
        }
    }
}

pub(super) fn year_path(day: Date) -> Option<PagePath> {
    PagePath::new(&day.strftime("%Y/index").to_string())
}

pub(super) fn month_path(day: Date) -> Option<PagePath> {
    PagePath::new(&day.strftime("%Y/%m/index").to_string())
}

fn year_name(day: Date) -> String {
    day.strftime("%Y").to_string()
}

fn month_name(day: Date) -> String {
    day.strftime("%B %Y").to_string()
}

/// The page of the year of this day.
pub(super) fn year_link(planner: &Planner, day: Date) -> Option<Link> {
    Some(Link {
        title: year_name(day),
        href: planner.href(&year_path(day)?),
    })
}

/// The page of the month of this day.
pub(super) fn month_link(planner: &Planner, day: Date) -> Option<Link> {
    Some(Link {
        title: month_name(day),
        href: planner.href(&month_path(day)?),
    })
}

impl Calendar {
    pub(super) fn collect(planner: &Planner) -> Self {
        let mut months: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
        let mut undated = Vec::new();
        for (index, day) in planner.days.iter().enumerate() {
            match day {
                None => undated.push(index),
                Some(day) => months.entry(day.first_of_month()).or_default().push(index),
            }
        }
        let mut years: Vec<Year> = Vec::new();
        for (month, entries) in months {
            let (Some(path), Some(month_path)) = (year_path(month), month_path(month)) else {
                continue;
            };
            let list = List::new("month", month_name(month), month_path, entries);
            match years.last_mut() {
                Some(last) if last.path == path => last.months.push(list),
                _ => years.push(Year {
                    name: year_name(month),
                    path,
                    months: vec![list],
                }),
            }
        }
        let undated = PagePath::new(UNDATED_PATH)
            .filter(|_| !undated.is_empty())
            .map(|path| List::new("undated", UNDATED.to_owned(), path, undated));
        Calendar { years, undated }
    }

    /// The years with their months and counts, the newest first.
    pub(super) fn years_with_months(&self, planner: &Planner) -> Vec<YearTerm> {
        let year = |year: &Year| YearTerm {
            year: Term {
                name: year.name.clone(),
                href: planner.href(&year.path),
                count: year.entries().count(),
                hue: None,
                aliases: Vec::new(),
            },
            months: terms(planner, &year.months),
        };
        self.years.iter().rev().map(year).collect()
    }

    /// The entries without a date, if there are any.
    pub(super) fn undated_term(&self, planner: &Planner) -> Option<Term> {
        self.undated.as_ref().map(|list| list.term(planner))
    }
}

/// The pages of all months and years, and their index.
pub(super) fn pages(facets: &Facets, calendar: &Calendar) -> Vec<Page> {
    let mut pages = month_pages(facets, calendar);
    pages.extend(year_pages(facets, calendar));
    pages.extend(index_page(facets.planner, calendar));
    if let Some(undated) = &calendar.undated {
        pages.extend(list_pages(facets, undated, None, None));
    }
    pages
}

fn month_pages(facets: &Facets, calendar: &Calendar) -> Vec<Page> {
    let years = calendar.years.iter();
    let months: Vec<&List> = years.flat_map(|year| &year.months).collect();
    let link = |index: Option<usize>| Some(months.get(index?)?.link(facets.planner));
    months
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, month)| {
            let (previous, next) = (link(index.checked_sub(1)), link(Some(index + 1)));
            list_pages(facets, month, previous, next)
        })
        .collect()
}

fn year_pages(facets: &Facets, calendar: &Calendar) -> Vec<Page> {
    let planner = facets.planner;
    let link = |index: Option<usize>| Some(calendar.years.get(index?)?.link(planner));
    let page = |(index, year): (usize, &Year)| {
        let entries: Vec<usize> = year.entries().collect();
        let matter = YearPage {
            name: year.name.clone(),
            count: entries.len(),
            months: terms(planner, &year.months),
            tags: facets.tags(&entries),
            sources: facets.sources(&entries),
            previous: link(index.checked_sub(1)),
            next: link(Some(index + 1)),
        };
        let mut page = planner.page(
            &year.path,
            year.name.clone(),
            Matter::Year(Box::new(matter)),
        );
        page.view.description = Text::new(&format!("What was shared in {}", year.name));
        page.changed = planner.changed(entries);
        page
    };
    calendar.years.iter().enumerate().map(page).collect()
}

fn index_page(planner: &Planner, calendar: &Calendar) -> Option<Page> {
    let matter = Matter::Dates(DatesPage {
        years: calendar.years_with_months(planner),
        undated: calendar.undated_term(planner),
    });
    let mut page = planner.page(&PagePath::new(INDEX)?, "Dates", matter);
    page.view.description = Text::new("All years and months of the archive");
    Some(page)
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
