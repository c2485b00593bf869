//! The statistics of the archive: its numbers, and charts of them.
//!
//! Charts are made where there is something to show: an archive without entries has none, one
//! without dates has none of time.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::charts::{Value, Words, columns, rows};
use super::context::{Chart, CoverageView, GapView, Link, LostView, PaceView, StatisticsPage};
use super::dates::{month_link, year_link};
use super::entries::{WORDS_PER_MINUTE, gone};
use super::lists::{List, Terms, most};
use super::{Matter, Page, Planner};
use crate::model::grouped;
use crate::model::{Coverage, PagePath, Text};

/// Where the page stands.
pub(super) const PATH: &str = "statistics/index";
/// What it is called.
pub(super) const TITLE: &str = "Statistics";
/// How many sources and tags have a row.
const ROWS: usize = 20;
/// How many columns of time a picture holds, so that each can be seen.
const COLUMNS: usize = 120;
/// How many entries are named whose originals are gone.
const LOST: usize = 100;
/// Texts by the minutes that they take at most; the last ones take longer.
const LENGTHS: [(usize, &str); 5] = [
    (1, "under 1 min"),
    (3, "1–3 min"),
    (5, "3–5 min"),
    (10, "5–10 min"),
    (20, "10–20 min"),
];
const LONGER: &str = "over 20 min";
const WITHOUT_TEXT: &str = "no text";

/// The page.
pub(super) fn page(planner: &Planner, terms: &Terms) -> Option<Page> {
    let entries = &planner.archive.entries;
    let words = planner.entries.iter().map(|entry| entry.words).sum();
    let lost = lost(planner);
    let dated = || planner.entries.iter().filter_map(|entry| entry.date);
    let matter = StatisticsPage {
        entries: entries.len(),
        with_text: entries.iter().filter(|entry| entry.body.is_some()).count(),
        words,
        hours: hours(words),
        sources: terms.sources.len(),
        sharers: terms.sharers.len(),
        tags: terms.tags.len(),
        since: dated().next(),
        until: dated().next_back(),
        busiest_day: busiest_day(planner),
        charts: charts(planner, terms),
        linked: linked(planner),
        gone_originals: lost.len(),
        lost: lost.into_iter().take(LOST).collect(),
        coverage: coverage(planner),
    };
    let mut page = planner.page(
        &PagePath::new(PATH)?,
        TITLE,
        Matter::Statistics(Box::new(matter)),
    );
    page.view.description =
        Text::new("The archive in numbers: what was shared, when, and from where");
    page.changed = planner.changed(0..entries.len());
    Some(page)
}

fn linked(planner: &Planner) -> usize {
    let links = planner.archive.entries.iter();
    let links = links.filter_map(|entry| entry.link.as_ref());
    links.filter(|link| link.is_web()).count()
}

/// The entries whose originals are gone: what was found last comes first, then the newest.
fn lost(planner: &Planner) -> Vec<LostView> {
    let entries = planner.archive.entries.iter().zip(&planner.entries);
    let lost = entries.rev().filter_map(|(entry, view)| {
        Some(LostView {
            title: view.title.clone(),
            href: Arc::clone(&view.href),
            host: view.host.clone(),
            gone: gone(planner, entry)?,
        })
    });
    let mut lost: Vec<LostView> = lost.collect();
    lost.sort_by_key(|lost| std::cmp::Reverse(lost.gone.since.date()));
    lost
}

/// Of the feeds that the site shows.
fn coverage(planner: &Planner) -> Vec<CoverageView> {
    let view = |feed: &Coverage| CoverageView {
        feed: feed.feed.to_string(),
        title: match &feed.title {
            Some(title) => title.to_string(),
            None => feed.feed.to_string(),
        },
        snapshots: feed.snapshots,
        since: feed.first.map(|time| planner.date(time)),
        until: feed.last.map(|time| planner.date(time)),
        gaps: feed
            .gaps
            .iter()
            .map(|gap| GapView {
                since: planner.date(gap.since),
                until: planner.date(gap.until),
            })
            .collect(),
        pace: feed.pace.map(|pace| PaceView {
            holds: pace.holds,
            busiest: pace.busiest,
            advice: pace.advice(),
        }),
    };
    let feeds = planner.archive.coverage.iter();
    feeds.filter(|feed| !feed.hidden).map(view).collect()
}

/// To the nearest hour; but no text takes no time at all.
fn hours(words: usize) -> usize {
    let hour = WORDS_PER_MINUTE * 60;
    ((words + hour / 2) / hour).max(usize::from(words > 0))
}

/// The day with the most entries; of equal ones, the first.
fn busiest_day(planner: &Planner) -> Option<(Link, usize)> {
    let mut days: BTreeMap<Date, usize> = BTreeMap::new();
    for day in planner.days.iter().flatten() {
        *days.entry(*day).or_default() += 1;
    }
    let (day, count) = days.into_iter().rev().max_by_key(|(_, count)| *count)?;
    let month = month_link(planner, day)?;
    let title = day.strftime("%-d %B %Y").to_string();
    Some((Link { title, ..month }, count))
}

fn charts(planner: &Planner, terms: &Terms) -> Vec<Chart> {
    let (fine, coarse) = STEPS.split_at(2);
    [
        over_time(planner, "months", fine),
        // A single year would be a single bar.
        over_time(planner, "years", coarse).filter(|chart| chart.bars.len() > 1),
        of_terms(planner, "sources", "Source", &terms.sources),
        of_terms(planner, "tags", "Tag", &terms.tags),
        of_lengths(planner),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A length of time that has one column.
struct Step {
    label: &'static str,
    months: i32,
}

const STEPS: [Step; 5] = [
    step("Month", 1),
    step("Quarter", 3),
    step("Year", 12),
    step("Decade", 120),
    step("Century", 1200),
];

const fn step(label: &'static str, months: i32) -> Step {
    Step { label, months }
}

impl Step {
    /// The number of the period in which a day lies.
    fn period(&self, day: Date) -> i32 {
        let months = i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
        months.div_euclid(self.months)
    }

    /// The first day of a period.
    fn start(&self, period: i32) -> Option<Date> {
        let months = period * self.months;
        let year = i16::try_from(months.div_euclid(12)).ok()?;
        let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
        Date::new(year, month, 1).ok()
    }

    /// What the period is called that begins on this day.
    fn name(&self, start: Date) -> String {
        let year = start.year();
        match self.months {
            1 => start.strftime("%B %Y").to_string(),
            3 => {
                let last = Date::new(year, start.month() + 2, 1);
                let last = last.map_or_else(
                    |_| String::new(),
                    |last| last.strftime(" to %B").to_string(),
                );
                format!("{}{last} {year}", start.strftime("%B"))
            }
            12 => year.to_string(),
            120 => format!("{year}s"),
            _ => format!("{year}–{}", year + 99),
        }
    }
}

/// Entries by the first of these steps that gives no more columns than one can see; the whole
/// time, with the months in which there was nothing.
fn over_time(planner: &Planner, id: &'static str, steps: &[Step]) -> Option<Chart> {
    let days = || planner.days.iter().flatten().copied();
    let (first, last) = (days().min()?, days().max()?);
    let columns_of = |step: &Step| step.period(first)..=step.period(last);
    let step = steps
        .iter()
        .find(|step| columns_of(step).count() <= COLUMNS)?;
    let mut counts: BTreeMap<i32, usize> = columns_of(step).map(|period| (period, 0)).collect();
    for day in days() {
        *counts.entry(step.period(day)).or_default() += 1;
    }
    let values: Vec<Value> = counts
        .into_iter()
        .filter_map(|(period, count)| {
            let start = step.start(period)?;
            Some(Value {
                label: step.name(start),
                href: href(planner, step, start).filter(|_| count > 0),
                value: count,
                hue: None,
                tick: match step.months {
                    ..=12 => start.year().to_string(),
                    _ => step.name(start),
                },
            })
        })
        .collect();
    let most = greatest(&values)?;
    let words = Words {
        id,
        title: format!("Entries by {}", step.label.to_lowercase()),
        summary: format!(
            "Most entries were shared in {}: {}.",
            most.label,
            grouped(most.value as u64)
        ),
        label: step.label,
    };
    Some(columns(words, values))
}

fn href(planner: &Planner, step: &Step, start: Date) -> Option<String> {
    let link = match step.months {
        1 => month_link(planner, start),
        12 => year_link(planner, start),
        _ => None,
    };
    link.map(|link| link.href)
}

fn of_terms(
    planner: &Planner,
    id: &'static str,
    label: &'static str,
    lists: &[List],
) -> Option<Chart> {
    let values: Vec<Value> = most(lists, ROWS)
        .into_iter()
        .map(|list| Value {
            label: list.name.clone(),
            href: Some(planner.href(&list.path)),
            value: list.entries.len(),
            hue: list.hue,
            tick: String::new(),
        })
        .collect();
    let most = greatest(&values)?;
    let words = Words {
        id,
        title: format!("{label}s with the most entries"),
        summary: format!(
            "The {} with the most entries is {}: {}.",
            label.to_lowercase(),
            most.label,
            grouped(most.value as u64)
        ),
        label,
    };
    Some(rows(words, values))
}

/// Entries by the time that their texts take.
fn of_lengths(planner: &Planner) -> Option<Chart> {
    let names = LENGTHS.iter().map(|(_, name)| *name);
    let names: Vec<&str> = [WITHOUT_TEXT]
        .into_iter()
        .chain(names)
        .chain([LONGER])
        .collect();
    let mut counts = vec![0_usize; names.len()];
    for entry in &planner.archive.entries {
        let length = entry.body.as_ref().map_or(0, |body| {
            let shorter =
                |(minutes, _): &&(usize, &str)| minutes * WORDS_PER_MINUTE <= body.facts.words;
            1 + LENGTHS.iter().take_while(shorter).count()
        });
        counts[length] += 1;
    }
    let value = |(name, count): (&str, usize)| Value {
        label: name.to_owned(),
        href: None,
        value: count,
        hue: None,
        tick: name.to_owned(),
    };
    let values: Vec<Value> = names.into_iter().zip(counts).map(value).collect();
    let most = greatest(&values).filter(|most| most.value > 0)?;
    let words = Words {
        id: "lengths",
        title: "Length of the texts".to_owned(),
        summary: match most.label.as_str() {
            WITHOUT_TEXT => format!(
                "Most entries have no stored text: {}.",
                grouped(most.value as u64)
            ),
            label => format!(
                "Most entries take {label} to read: {}.",
                grouped(most.value as u64)
            ),
        },
        label: "Reading time",
    };
    Some(columns(words, values))
}

/// Of equal ones, the first.
fn greatest(values: &[Value]) -> Option<&Value> {
    values.iter().rev().max_by_key(|value| value.value)
}
