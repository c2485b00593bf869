//! Dates that were left out → warnings, one for each snapshot and cause.
//!
//! An entry is counted once, where it was first seen, however many snapshots repeat it; and only if no
//! other sighting has the date: a post that was scheduled is dated as soon as its day has come.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::credible::{Doubt, Judgement};
use super::seen::{Register, Seen};
use crate::diag::{Code, Diagnostic, Place};
use crate::model::{Snapshot, Text};

/// The longest part of a title that a warning quotes, in characters.
const TITLE: usize = 60;

/// What was left out of one snapshot for one cause.
struct Dropped<'a> {
    entries: usize,
    /// The first of them.
    seen: &'a Seen<'a>,
    date: Timestamp,
}

/// Warns about the dates that no sighting of an entry has, each entry being its positions in the register.
pub(super) fn of(register: &Register<'_>, entries: &[Vec<usize>]) -> Vec<Diagnostic> {
    let mut dropped: BTreeMap<(usize, Doubt), Dropped<'_>> = BTreeMap::new();
    for entry in entries {
        let mut causes: Vec<(usize, Doubt)> = Vec::new();
        for (number, doubt, seen, date) in first_drops(register, entry).into_iter().flatten() {
            if causes.contains(&(number, doubt)) {
                continue;
            }
            causes.push((number, doubt));
            let known = dropped.entry((number, doubt)).or_insert(Dropped {
                entries: 0,
                seen,
                date,
            });
            known.entries += 1;
        }
    }
    let warned = dropped.iter().filter_map(|((number, doubt), dropped)| {
        let (snapshot, _) = register.snapshots.get(*number)?;
        Some(warning(snapshot, *doubt, dropped))
    });
    warned.collect()
}

/// Of the date of publishing and that of a change, where each was first left out, if it always was.
fn first_drops<'a>(
    register: &'a Register<'a>,
    entry: &[usize],
) -> [Option<(usize, Doubt, &'a Seen<'a>, Timestamp)>; 2] {
    type Dates = fn(&Seen<'_>) -> (Option<Timestamp>, Option<Timestamp>);
    let fields: [Dates; 2] = [
        |seen| (seen.sighting.published, seen.published),
        |seen| (seen.sighting.updated, seen.updated),
    ];
    fields.map(|dates| {
        let seen = |position: &usize| register.seen.get(*position);
        if entry
            .iter()
            .filter_map(seen)
            .any(|seen| dates(seen).1.is_some())
        {
            return None;
        }
        let drop = |position: &usize| Some((*position, seen(position)?, dates(seen(position)?).0?));
        let (position, seen, date) = entry.iter().find_map(drop)?;
        let number = register
            .snapshots
            .partition_point(|(_, part)| part.end <= position);
        let (snapshot, _) = register.snapshots.get(number)?;
        let doubt = Judgement::of(snapshot).doubt(date)?;
        Some((number, doubt, seen, date))
    })
}

fn warning(snapshot: &Snapshot, doubt: Doubt, dropped: &Dropped<'_>) -> Diagnostic {
    let is_timed = snapshot.taken.is_some();
    let date = dropped.date.strftime("%Y-%m-%d");
    let cause = match doubt {
        Doubt::Default => "a date that programs write where they know none",
        Doubt::TooEarly => "before the year 1500",
        Doubt::Shared => "a date before 1990 that every entry of the snapshot has",
        Doubt::AfterSnapshot => "more than a day after the snapshot was made",
        Doubt::TooLate => "after the year 2099",
    };
    let title = dropped
        .seen
        .sighting
        .title
        .as_ref()
        .map_or("", Text::as_str);
    let mut quoted: String = title.chars().take(TITLE).collect();
    if quoted.len() < title.len() {
        quoted.push('…');
    }
    let of = match (dropped.entries, quoted.as_str()) {
        (1, "") => String::new(),
        (1, title) => format!(" of “{title}”"),
        (count, "") => format!(" of {count} entries"),
        (count, title) => format!(" of {count} entries, “{title}” among them"),
    };
    let hint = match doubt {
        Doubt::AfterSnapshot if is_timed => {
            "if the time in the file's name is wrong, rename the file; if the entry was scheduled, a later snapshot dates it"
        }
        Doubt::AfterSnapshot => {
            "put the time of the snapshot into the file's name, as in `2025-08-28T14-03-57Z.xml`, so that it does not depend on the feed's own date"
        }
        _ => {
            "if the feed is yours, correct the date there; the entry is dated as soon as a snapshot has a date that can be true"
        }
    };
    Diagnostic::warning(
        Code::DateDropped,
        format!("left out the date{of}: {date} is {cause}"),
    )
    .at(Place::file(&*snapshot.path))
    .hint(hint)
}
