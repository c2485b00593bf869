//! On this day: for each day of the year a list of what was shared on it in any year, and an index
//! of all of them. The build does not know what day it is; a reader's browser does.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use rayon::prelude::*;

use super::context::{DayTerm, DaysPage, MonthDays};
use super::facets::Facets;
use super::lists::{List, list_pages};
use super::{Matter, Page, Planner};
use crate::model::{PagePath, Text};

/// Where the index stands.
pub(super) const INDEX: &str = "on-this-day/index";
/// What it is called.
pub(super) const TITLE: &str = "On this day";
/// The first day of a year that has all days.
const LEAP_YEAR: Date = date(2000, 1, 1);

/// The lists of all days on which something was shared, and their index.
pub(super) fn pages(facets: &Facets) -> Vec<Page> {
    let planner = facets.planner;
    let days = collect(planner);
    let lists: Vec<&List> = days.values().collect();
    let link = |index: Option<usize>| Some(lists.get(index?)?.link(planner));
    let mut pages: Vec<Page> = lists
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, list)| {
            let (previous, next) = (link(index.checked_sub(1)), link(Some(index + 1)));
            list_pages(facets, list, previous, next)
        })
        .collect();
    pages.extend(index(planner, &days));
    pages
}

/// The days that have entries, by their key: `08-28`.
fn collect(planner: &Planner) -> BTreeMap<String, List> {
    let mut entries: BTreeMap<(i8, i8), Vec<usize>> = BTreeMap::new();
    for (index, day) in planner.days.iter().enumerate() {
        if let Some(day) = day {
            let day = (day.month(), day.day());
            entries.entry(day).or_default().push(index);
        }
    }
    let mut list = |day: Date| {
        let entries = entries.remove(&(day.month(), day.day()))?;
        let path = PagePath::new(&format!("on-this-day/{}", key(day)))?;
        Some((key(day), List::new("day", name(day), path, entries)))
    };
    all_days().filter_map(&mut list).collect()
}

/// All 366.
fn all_days() -> impl Iterator<Item = Date> {
    LEAP_YEAR
        .series(1.day())
        .take_while(|day| day.year() == LEAP_YEAR.year())
}

fn key(day: Date) -> String {
    day.strftime("%m-%d").to_string()
}

fn name(day: Date) -> String {
    day.strftime("%-d %B").to_string()
}

fn index(planner: &Planner, days: &BTreeMap<String, List>) -> Option<Page> {
    let mut months: Vec<MonthDays> = Vec::new();
    for day in all_days() {
        if day.day() == 1 {
            months.push(MonthDays {
                name: day.strftime("%B").to_string(),
                days: Vec::new(),
            });
        }
        let list = days.get(&key(day));
        let term = DayTerm {
            key: key(day),
            number: day.day().unsigned_abs(),
            name: name(day),
            href: list.map(|list| planner.href(&list.path)),
            count: list.map_or(0, |list| list.entries.len()),
        };
        if let Some(month) = months.last_mut() {
            month.days.push(term);
        }
    }
    let matter = Matter::Days(DaysPage { months });
    let mut page = planner.page(&PagePath::new(INDEX)?, TITLE, matter);
    page.view.description = Text::new("What was shared on each day of the year, in all years");
    Some(page)
}
