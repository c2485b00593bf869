//! What a check tells of how well the snapshots cover their feeds: figures, and warnings of gaps.
//!
//! A build is silent about gaps: most of them cannot be mended any more, and what cannot be mended
//! must not fail every build for ever. The statistics page shows them all the same.

use serde::Serialize;

use crate::diag::{Code, Diagnostic, Place};
use crate::model::{Coverage, Pace};

/// What the snapshots of a feed cover. Times are in UTC (RFC 3339).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedCoverage {
    /// The name of the feed.
    pub feed: String,
    /// How many snapshots there are.
    pub snapshots: usize,
    /// When the first was made, if any of them tells its time.
    pub first: Option<String>,
    /// When the last was made.
    pub last: Option<String>,
    /// Between which snapshots something may be missing, the oldest first.
    pub gaps: Vec<FeedGap>,
    /// How many entries it holds at a time, if that can be told.
    pub holds: Option<usize>,
    /// How many entries its busiest day brought.
    pub busiest: Option<usize>,
    /// How often to fetch it at least: `every day`.
    pub advice: Option<&'static str>,
}

/// Two snapshots in a row that have no entry in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedGap {
    /// When the earlier one was made.
    pub since: String,
    /// When the later one was made.
    pub until: String,
    /// The file of the later one.
    pub file: String,
}

impl FeedCoverage {
    pub(super) fn of(coverage: &Coverage) -> Self {
        let gaps = coverage.gaps.iter().map(|gap| FeedGap {
            since: gap.since.to_string(),
            until: gap.until.to_string(),
            file: gap.file.to_string(),
        });
        FeedCoverage {
            feed: coverage.feed.to_string(),
            snapshots: coverage.snapshots,
            first: coverage.first.map(|time| time.to_string()),
            last: coverage.last.map(|time| time.to_string()),
            gaps: gaps.collect(),
            holds: coverage.pace.map(|pace| pace.holds),
            busiest: coverage.pace.map(|pace| pace.busiest),
            advice: coverage.pace.map(Pace::advice),
        }
    }
}

/// A warning of each gap.
pub(super) fn gaps(coverage: &Coverage) -> Vec<Diagnostic> {
    let feed = &coverage.feed;
    let often = coverage.pace.map_or("more often", Pace::advice);
    let gaps = coverage.gaps.iter().map(|gap| {
        let day = "%Y-%m-%d";
        let message = format!(
            "{feed}: something may be missing between {} and {}: these snapshots have no entry in common",
            gap.since.strftime(day),
            gap.until.strftime(day),
        );
        Diagnostic::warning(Code::FeedGap, message)
            .at(Place::file(&*gap.file))
            .hint(format!(
                "fetch it {often}; what is missing, `gleaner fetch {feed} --history` may still find"
            ))
    });
    gaps.collect()
}
