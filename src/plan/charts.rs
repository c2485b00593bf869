//! Numbers with names → a bar chart whose geometry is computed, in whole units.
//!
//! Invariants: a bar of 0 has no height, every other bar has some; no bar leaves the picture; names
//! below the columns do not overlap.

use super::context::{Bar, Chart, Tick};

/// Width of a chart of columns.
const WIDTH: u32 = 720;
/// Height of a chart of columns, to the line on which they stand.
const HEIGHT: u32 = 192;
/// The widest column: a chart of three bars is no wall.
const COLUMN: u32 = 56;
/// How far apart the middles of two names are at least: a year has four digits.
const TICK_DISTANCE: u32 = 36;
/// How near to the edge the middle of a name may be, so that the name is not cut.
const TICK_EDGE: u32 = 16;
/// The length of the longest row.
const ROW: u32 = 1000;

/// A number to show.
pub(super) struct Value {
    /// What it stands for.
    pub(super) label: String,
    /// Its page.
    pub(super) href: Option<String>,
    /// The number.
    pub(super) value: usize,
    /// The colour of a source.
    pub(super) hue: Option<u8>,
    /// What stands below its column; neighbours with the same words share them.
    pub(super) tick: String,
}

/// What a chart says of itself.
pub(super) struct Words {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) label: &'static str,
}

/// Bars that stand, side by side.
pub(super) fn columns(words: Words, values: Vec<Value>) -> Chart {
    let count = units(values.len());
    let ticks = ticks(&values);
    let most = values.iter().map(|value| value.value).max().unwrap_or(0);
    let slot = WIDTH / count.max(1);
    let gap = (slot / 5).clamp(u32::from(slot > 1), 8);
    let width = (slot - gap).clamp(1, COLUMN);
    let bars = values.into_iter().zip(0..).map(|(value, index)| {
        let height = scaled(value.value, most, HEIGHT);
        let x = edge(index, count) + (slot - width) / 2;
        bar(value, (x, HEIGHT - height), (width, height))
    });
    Chart {
        bars: bars.collect(),
        ticks,
        ..chart(words, "columns", WIDTH, HEIGHT)
    }
}

/// Bars that lie, with names to read.
pub(super) fn rows(words: Words, values: Vec<Value>) -> Chart {
    let most = values.iter().map(|value| value.value).max().unwrap_or(0);
    let bars = values.into_iter().map(|value| {
        let width = scaled(value.value, most, ROW);
        bar(value, (0, 0), (width, width.min(1)))
    });
    Chart {
        bars: bars.collect(),
        ..chart(words, "rows", 0, 0)
    }
}

fn bar(value: Value, (x, y): (u32, u32), (width, height): (u32, u32)) -> Bar {
    Bar {
        label: value.label,
        href: value.href,
        value: value.value,
        x,
        y,
        width,
        height,
        hue: value.hue,
    }
}

fn chart(words: Words, kind: &'static str, width: u32, height: u32) -> Chart {
    Chart {
        id: words.id,
        title: words.title,
        summary: words.summary,
        kind,
        label: words.label,
        unit: "Entries",
        width,
        height,
        bars: Vec::new(),
        ticks: Vec::new(),
    }
}

/// The left edge of the room of a column.
fn edge(index: u32, count: u32) -> u32 {
    index * WIDTH / count.max(1)
}

/// A number as a length, where the greatest number has the greatest length.
fn scaled(value: usize, most: usize, length: u32) -> u32 {
    if value == 0 || most == 0 {
        return 0;
    }
    let scaled = value as u128 * u128::from(length) / most as u128;
    u32::try_from(scaled).unwrap_or(length).clamp(1, length)
}

fn units(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The names below the columns. Where not all have room, those of the widest groups stay, from the
/// newest on: so the years that are whole are named evenly.
fn ticks(values: &[Value]) -> Vec<Tick> {
    let count = units(values.len());
    let mut at = 0;
    let mut groups: Vec<(u32, Tick)> = Vec::new();
    for group in values.chunk_by(|a, b| a.tick == b.tick) {
        let length = units(group.len());
        let middle = (edge(at, count) + edge(at + length, count)) / 2;
        if let Some(first) = group.first() {
            groups.push((
                length,
                Tick {
                    x: middle.clamp(TICK_EDGE, WIDTH - TICK_EDGE),
                    text: first.tick.clone(),
                },
            ));
        }
        at += length;
    }
    groups.reverse();
    groups.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    let mut ticks: Vec<Tick> = Vec::new();
    for (_, tick) in groups {
        if ticks
            .iter()
            .all(|other| other.x.abs_diff(tick.x) >= TICK_DISTANCE)
        {
            ticks.push(tick);
        }
    }
    ticks.sort_by_key(|tick| tick.x);
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words() -> Words {
        Words {
            id: "x",
            title: String::new(),
            summary: String::new(),
            label: "X",
        }
    }

    fn value(value: usize, tick: usize) -> Value {
        Value {
            label: String::new(),
            href: None,
            value,
            hue: None,
            tick: (2000 + tick).to_string(),
        }
    }

    proptest! {
        #[test]
        fn bars_and_names_stay_in_the_picture_and_apart(
            numbers in prop::collection::vec(0_usize..1_000_000, 0..200),
            group in 1_usize..13,
        ) {
            let values = || numbers.iter().enumerate().map(|(at, n)| value(*n, at / group)).collect();
            let chart = columns(words(), values());
            prop_assert_eq!(chart.bars.len(), numbers.len());
            for (bar, number) in chart.bars.iter().zip(&numbers) {
                prop_assert_eq!(bar.height == 0, *number == 0);
                prop_assert_eq!(bar.y + bar.height, HEIGHT);
                prop_assert!(bar.width > 0 && bar.x + bar.width <= WIDTH);
            }
            prop_assert!(chart.bars.windows(2).all(|two| two[0].x + two[0].width <= two[1].x));
            prop_assert!(chart.ticks.windows(2).all(|two| two[0].x + TICK_DISTANCE <= two[1].x));
            prop_assert_eq!(chart.ticks.is_empty(), numbers.is_empty());
            let rows = rows(words(), values());
            prop_assert!(rows.bars.iter().all(|bar| bar.width <= ROW && (bar.width == 0) == (bar.value == 0)));
        }
    }

    #[test]
    fn the_greatest_number_has_the_greatest_length() {
        let chart = rows(words(), [50, 100, 0].map(|n| value(n, 0)).into());
        let widths: Vec<u32> = chart.bars.iter().map(|bar| bar.width).collect();
        assert_eq!(widths, [500, 1000, 0]);
    }

    #[test]
    fn years_are_named_evenly_where_not_all_have_room() {
        let months = (0_usize..120).map(|month| value(1, month.div_ceil(12)));
        let chart = columns(words(), months.collect());
        let names: Vec<&str> = chart.ticks.iter().map(|tick| &*tick.text).collect();
        // The first year has one month; its name would lie on the next one's.
        assert_eq!(names.first(), Some(&"2001"));
        assert_eq!(names.len(), 10);
        let years = columns(words(), (0..60).map(|year| value(1, year)).collect());
        let names: Vec<&str> = years.ticks.iter().map(|tick| &*tick.text).collect();
        assert_eq!(names.last(), Some(&"2059"));
        assert_eq!(names.len(), 20);
    }
}
