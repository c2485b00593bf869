//! Whole builds of one site: from nothing, again, and after each kind of edit.

use std::error::Error;
use std::fs;

use crate::figures::{Page, build_heading, build_row, count, known, size, time};
use crate::floor;
use crate::measure::Runs;
use crate::place::Asked;
use crate::site::{Site, WITHOUT_SEARCH, weigh};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Measures every kind of build, and says what came out.
pub(crate) fn measure(site: &Site, asked: &Asked, page: &mut Page) -> Outcome<()> {
    let cold = cold(site, asked.runs)?;
    describe(site, &cold, page)?;
    let floor = floor::measure(site, asked.runs)?;
    let wrote = weigh(&site.output())?;
    let mut builds = vec![
        cold,
        unchanged(site, asked.runs)?,
        new_snapshot(site, asked.runs)?,
    ];
    builds.extend(edits(site, asked.runs)?);
    builds.push(checkout(site, asked.runs)?);
    if asked.search {
        builds.push(searchable(site, asked.runs)?);
    }

    let entries = site.size.entries;
    let mut rows = vec![build_heading("build")];
    rows.extend(builds.iter().map(|runs| build_row(runs, entries, None)));
    rows.push(build_row(&floor, entries, Some(wrote)));
    page.table(&rows);
    compare(&builds[0], &floor, page);
    if let Some(added) = builds[2].summary() {
        let [written, removed] = [added.written, added.removed].map(|files| count(files as f64));
        page.say(&format!(
            "One new entry: {written} files written, {removed} removed.\n"
        ));
    }
    stages(&builds[0], page);
    Ok(())
}

/// Builds without output and cache.
pub(crate) fn cold(site: &Site, runs: usize) -> Outcome<Runs> {
    let mut cold = Runs::new("cold");
    for _ in 0..runs {
        site.remove_output()?;
        site.remove_cache()?;
        cold.build(&site.root)?;
    }
    Ok(cold)
}

/// Builds again.
pub(crate) fn unchanged(site: &Site, runs: usize) -> Outcome<Runs> {
    let mut unchanged = Runs::new("nothing changed");
    for _ in 0..runs {
        unchanged.build(&site.root)?;
    }
    Ok(unchanged)
}

/// Builds after each of some new snapshots, then without them again.
pub(crate) fn new_snapshot(site: &Site, runs: usize) -> Outcome<Runs> {
    let mut new = Runs::new("one new snapshot");
    let mut added = Vec::new();
    for more in 1..=runs {
        added.push(site.add_snapshot(more)?);
        new.build(&site.root)?;
    }
    for snapshot in added {
        fs::remove_file(snapshot)?;
    }
    settle(site)?;
    Ok(new)
}

/// Builds after a note, the theme, and the configuration were edited.
fn edits(site: &Site, runs: usize) -> Outcome<[Runs; 3]> {
    let mut note = Runs::new("one note edited");
    let mut theme = Runs::new("theme edited");
    let mut config = Runs::new("config edited");
    for edition in 1..=runs {
        site.edit_note(&format!("A note, edition {edition}"))?;
        note.build(&site.root)?;
    }
    for edition in 1..=runs {
        site.edit_theme(edition)?;
        theme.build(&site.root)?;
    }
    site.remove_theme()?;
    settle(site)?;
    for edition in 1..=runs {
        site.edit_config(&format!("Generated {edition}"), WITHOUT_SEARCH)?;
        config.build(&site.root)?;
    }
    Ok([note, theme, config])
}

/// Builds as a machine does that kept the cache alone.
fn checkout(site: &Site, runs: usize) -> Outcome<Runs> {
    let mut checkout = Runs::new("output deleted, cache kept");
    for _ in 0..runs {
        site.remove_output()?;
        site.check_out()?;
        checkout.build(&site.root)?;
    }
    Ok(checkout)
}

/// Builds from nothing, with search.
fn searchable(site: &Site, runs: usize) -> Outcome<Runs> {
    site.edit_config("Generated", "")?;
    let mut searchable = cold(site, runs)?;
    searchable.name = "cold, with search";
    site.edit_config("Generated", WITHOUT_SEARCH)?;
    Ok(searchable)
}

/// A build that nobody measures, after which all is as before.
fn settle(site: &Site) -> Outcome<()> {
    Runs::new("settle").build(&site.root)
}

fn describe(site: &Site, cold: &Runs, page: &mut Page) -> Outcome<()> {
    let (_, input) = weigh(&site.root.join("content"))?;
    let Some(summary) = cold.summary() else {
        return Ok(());
    };
    page.say(&format!(
        "{} entries of {} on average, {} sightings in {} snapshots ({}); the build says {} warnings.\n",
        count(site.size.entries as f64),
        size(site.size.body as u64),
        count(summary.sightings as f64),
        count(summary.snapshots as f64),
        size(input),
        count(summary.warnings as f64),
    ));
    Ok(())
}

fn compare(cold: &Runs, floor: &Runs, page: &mut Page) {
    let cpu = cold.cpu().zip(floor.cpu());
    page.say(&format!(
        "A cold build takes {:.1} times the floor in time, {} in CPU.\n",
        cold.wall() / floor.wall(),
        known(cpu, |(cold, floor)| format!("{:.1} times", cold / floor)),
    ));
}

fn stages(cold: &Runs, page: &mut Page) {
    let stages = cold.summary().map_or(&[][..], |summary| &summary.stages);
    let all: f64 = stages.iter().map(|stage| stage.milliseconds).sum();
    let mut rows = vec![
        ["stage of a cold build", "time", "share"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(stages.iter().map(|stage| {
        vec![
            stage.name.clone(),
            time(stage.milliseconds / 1e3),
            format!("{:.1} %", 100.0 * stage.milliseconds / all),
        ]
    }));
    page.table(&rows);
}
