//! What templates know of the statistics: charts whose geometry is computed, so that a template only
//! writes it down, as a picture (SVG, by attributes) and as a table.

use std::sync::Arc;

use serde::Serialize;

use super::{GoneView, Link, When};
use crate::model::Text;

/// The statistics of the archive.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct StatisticsPage {
    /// How many entries there are.
    pub(crate) entries: usize,
    /// How many of them have a stored text.
    pub(crate) with_text: usize,
    /// How many words the stored texts have.
    pub(crate) words: usize,
    /// How many hours it takes to read them all.
    pub(crate) hours: usize,
    /// How many sources.
    pub(crate) sources: usize,
    /// How many sharers.
    pub(crate) sharers: usize,
    /// How many tags.
    pub(crate) tags: usize,
    /// The date of the oldest entry.
    pub(crate) since: Option<When>,
    /// The date of the newest entry.
    pub(crate) until: Option<When>,
    /// The day on which the most was shared, with the page of its month, and how many entries.
    pub(crate) busiest_day: Option<(Link, usize)>,
    /// The charts, in their order.
    pub(crate) charts: Vec<Chart>,
    /// How many entries have an original whose address is known.
    pub(crate) linked: usize,
    /// How many of these originals are gone.
    pub(crate) gone_originals: usize,
    /// The entries of the last of them that were found gone, a hundred at most.
    pub(crate) lost: Vec<LostView>,
    /// What the snapshots of each feed cover, in the order of the feeds' names.
    pub(crate) coverage: Vec<CoverageView>,
}

/// An entry whose original is gone (`lost[]`).
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct LostView {
    /// Its title.
    pub(crate) title: Text,
    /// Its page.
    pub(crate) href: Arc<str>,
    /// The host of the original.
    pub(crate) host: Option<String>,
    /// What is known of the original.
    pub(crate) gone: GoneView,
}

/// What the snapshots of a feed cover (`coverage[]`). A feed carries its last few entries only: what
/// came and went between two snapshots was never seen.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct CoverageView {
    /// The feed: the name of its folder.
    pub(crate) feed: String,
    /// What it is called.
    pub(crate) title: String,
    /// How many snapshots there are.
    pub(crate) snapshots: usize,
    /// When the first was made, if any of them tells its time.
    pub(crate) since: Option<When>,
    /// When the last was made.
    pub(crate) until: Option<When>,
    /// Between which snapshots something may be missing, the oldest first.
    pub(crate) gaps: Vec<GapView>,
    /// How fast it forgets, where its entries tell it.
    pub(crate) pace: Option<PaceView>,
}

/// Two snapshots in a row that have no entry in common (`coverage[].gaps[]`).
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct GapView {
    /// When the earlier one was made.
    pub(crate) since: When,
    /// When the later one was made.
    pub(crate) until: When,
}

/// How fast a feed forgets (`coverage[].pace`).
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct PaceView {
    /// How many entries it holds at a time.
    pub(crate) holds: usize,
    /// How many entries its busiest day brought.
    pub(crate) busiest: usize,
    /// How often to fetch it at least: `every day`.
    pub(crate) advice: &'static str,
}

/// A bar chart (`charts[]`). All lengths are in units of the picture's own.
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct Chart {
    /// What it is known by: `months`, `years`, `sources`, `tags`, `lengths`.
    pub(crate) id: &'static str,
    /// Its heading.
    pub(crate) title: String,
    /// One sentence of what it shows, for who cannot see it.
    pub(crate) summary: String,
    /// `columns` (bars that stand, side by side) or `rows` (bars that lie, with names to read).
    pub(crate) kind: &'static str,
    /// What the labels are: `Month`.
    pub(crate) label: &'static str,
    /// What the numbers are: `Entries`.
    pub(crate) unit: &'static str,
    /// The width of the picture; rows have none, they stand in a list.
    pub(crate) width: u32,
    /// Its height, to the line on which columns stand; their names go below it.
    pub(crate) height: u32,
    /// The bars.
    pub(crate) bars: Vec<Bar>,
    /// Words below the columns, where not every one can have its own.
    pub(crate) ticks: Vec<Tick>,
}

/// A bar (`charts[].bars[]`).
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct Bar {
    /// What it stands for: `August 2025`.
    pub(crate) label: String,
    /// Its page.
    pub(crate) href: Option<String>,
    /// The number.
    pub(crate) value: usize,
    /// The left end.
    pub(crate) x: u32,
    /// The upper end.
    pub(crate) y: u32,
    /// How wide; a row is 1000 at most.
    pub(crate) width: u32,
    /// How high.
    pub(crate) height: u32,
    /// The colour of a source, 0 to 23.
    pub(crate) hue: Option<u8>,
}

/// Words below a chart (`charts[].ticks[]`).
#[derive(Debug, Clone, Hash, Serialize)]
pub(crate) struct Tick {
    /// The middle of what it names.
    pub(crate) x: u32,
    /// The words.
    pub(crate) text: String,
}
