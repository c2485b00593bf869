//! How well the snapshots cover their feeds: a line for each.

use std::io::{self, Write};

use gleaner::diag::escape_controls;
use gleaner::pipeline::FeedCoverage;

use super::words::counted;

/// Prints a line for each feed, with advice on how often to fetch it.
pub(super) fn print(out: &mut impl Write, coverage: &[FeedCoverage]) -> io::Result<()> {
    let names = coverage.iter().map(|feed| escape_controls(&feed.feed));
    let names: Vec<_> = names.collect();
    let width = names.iter().map(|name| name.chars().count()).max();
    let width = width.unwrap_or_default();
    for (name, feed) in names.iter().zip(coverage) {
        writeln!(out, "{name:>width$}: {}", words(feed))?;
    }
    Ok(())
}

/// `112 snapshots, 2 gaps; holds about 25 entries, 9 on its busiest day: fetch at least every day`
fn words(feed: &FeedCoverage) -> String {
    let snapshots = counted(feed.snapshots, "snapshot", "snapshots");
    let gaps = match feed.gaps.len() {
        0 => "no gap".to_owned(),
        gaps => counted(gaps, "gap", "gaps"),
    };
    let pace = feed.holds.zip(feed.busiest).zip(feed.advice);
    let pace = pace.map(|((holds, busiest), advice)| {
        let holds = counted(holds, "entry", "entries");
        format!("; holds about {holds}, {busiest} on its busiest day: fetch at least {advice}")
    });
    format!("{snapshots}, {gaps}{}", pace.unwrap_or_default())
}
