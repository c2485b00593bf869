//! Entries of a page → sections under their months or years.
//!
//! Home has months and in them days; a month has its days; every other list has years, in which
//! dates stand at the entries. Entries without a date come last, under no month and no year.
//!
//! All functions take indices of entries, the newest first.

use jiff::civil::Date;

use super::context::{Group, Link, Section};
use super::{Planner, dates};

/// What entries without a date are called.
pub(super) const UNDATED: &str = "Undated";

/// Months, each with its days.
pub(super) fn months(
    planner: &Planner,
    newest_first: impl IntoIterator<Item = usize>,
) -> Vec<Section> {
    let month = |date: Date| (date.year(), date.month());
    chunks(newest_first, |index| planner.days[index].map(month))
        .into_iter()
        .map(|entries| Section {
            heading: heading(planner, &entries, dates::month_link),
            groups: groups(planner, entries),
        })
        .collect()
}

/// Years, in which entries of many days stand together.
pub(super) fn years(
    planner: &Planner,
    newest_first: impl IntoIterator<Item = usize>,
) -> Vec<Section> {
    chunks(newest_first, |index| planner.days[index].map(Date::year))
        .into_iter()
        .map(|entries| {
            let heading = heading(planner, &entries, dates::year_link);
            let title = heading.is_none().then(|| UNDATED.to_owned());
            Section {
                heading,
                groups: vec![Group {
                    title,
                    day: None,
                    entries,
                }],
            }
        })
        .collect()
}

/// One section with the days of its entries.
pub(super) fn days(
    planner: &Planner,
    newest_first: impl IntoIterator<Item = usize>,
) -> Vec<Section> {
    vec![Section {
        heading: None,
        groups: groups(planner, newest_first),
    }]
}

/// One section of which the page's own title says all.
pub(super) fn plain(newest_first: impl IntoIterator<Item = usize>) -> Vec<Section> {
    vec![Section {
        heading: None,
        groups: vec![Group {
            title: None,
            day: None,
            entries: newest_first.into_iter().collect(),
        }],
    }]
}

fn heading(
    planner: &Planner,
    entries: &[usize],
    link: impl Fn(&Planner, Date) -> Option<Link>,
) -> Option<Link> {
    let first = entries.first()?;
    link(planner, planner.days[*first]?)
}

fn groups(planner: &Planner, newest_first: impl IntoIterator<Item = usize>) -> Vec<Group> {
    chunks(newest_first, |index| planner.days[index])
        .into_iter()
        .map(|entries| {
            let day = entries.first().and_then(|index| planner.days[*index]);
            let title = day.map(|day| day.strftime("%-d %B %Y").to_string());
            Group {
                title: Some(title.unwrap_or_else(|| UNDATED.to_owned())),
                day: day.map(|day| day.strftime("%Y-%m-%d").to_string()),
                entries,
            }
        })
        .collect()
}

/// Neighbours with the same key, together.
fn chunks<K: PartialEq>(
    entries: impl IntoIterator<Item = usize>,
    key: impl Fn(usize) -> K,
) -> Vec<Vec<usize>> {
    let mut chunks: Vec<(K, Vec<usize>)> = Vec::new();
    for index in entries {
        let key = key(index);
        match chunks.last_mut() {
            Some((last, chunk)) if *last == key => chunk.push(index),
            _ => chunks.push((key, vec![index])),
        }
    }
    chunks.into_iter().map(|(_, chunk)| chunk).collect()
}
