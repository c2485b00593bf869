//! A snapshot → which of its entries' dates can be believed.
//!
//! A feed's clock may be wrong, a theme may print a date of 1970, a post may be scheduled. A date
//! that cannot be true would sort its entry wrongly in every list, so such an entry has none.
//!
//! The rules improve; [`frozen`] holds those of version 0.1, from which addresses are computed.
//!
//! Invariant: a pure function of the snapshot.

use jiff::{SignedDuration, Timestamp};

use crate::model::Snapshot;

/// 1990-01-01, before there was a web page to link to.
const EARLIEST: Timestamp = Timestamp::constant(631_152_000, 0);
/// How far a date may lie after its snapshot: feeds are often wrong by hours, by their clocks or
/// by their time zones.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(24);

/// The dates that can be believed in a snapshot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judgement {
    /// When the snapshot was made, if that is known.
    pub(super) time: Option<Timestamp>,
    earliest: Timestamp,
}

impl Judgement {
    /// Judges by a snapshot's own time and dates.
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        Judgement {
            time: time_of(snapshot),
            earliest: EARLIEST,
        }
    }

    /// Whether a date can be true.
    pub(super) fn believes(&self, date: Timestamp) -> bool {
        date >= self.earliest && !is_after(date, self.time)
    }
}

/// Whether a date lies after its snapshot.
fn is_after(date: Timestamp, snapshot: Option<Timestamp>) -> bool {
    snapshot.is_some_and(|time| date.duration_since(time) > TOLERANCE)
}

/// The point in time of a snapshot, as far as its file's name or its words say.
pub(crate) fn moment(snapshot: &Snapshot) -> Option<Timestamp> {
    time_of(snapshot).or_else(|| dates(snapshot).max())
}

/// When a snapshot was made: by its file's name, else by the feed's word, unless most of its
/// entries are newer than that. Some feeds carry the same `updated` for years; to believe it
/// would take the dates from all of their entries.
pub(super) fn time_of(snapshot: &Snapshot) -> Option<Timestamp> {
    let dates = || dates(snapshot);
    snapshot
        .taken
        .or_else(|| by_its_word(snapshot.updated, dates))
}

/// The dates of a snapshot's entries that are not too early to be true.
fn dates(snapshot: &Snapshot) -> impl Iterator<Item = Timestamp> {
    let sightings = snapshot.sightings.iter();
    let dates = sightings.filter_map(|sighting| sighting.published.or(sighting.updated));
    dates.filter(|date| *date >= EARLIEST)
}

/// The feed's own time, unless most of its entries' dates are newer.
fn by_its_word<D: Iterator<Item = Timestamp>>(
    updated: Option<Timestamp>,
    dates: impl Fn() -> D,
) -> Option<Timestamp> {
    let updated = updated.filter(|time| *time >= EARLIEST)?;
    let newer = dates()
        .filter(|date| is_after(*date, Some(updated)))
        .count();
    (newer * 2 <= dates().count()).then_some(updated)
}

/// The rules of version 0.1, on the frozen reading. They never change.
pub(super) mod frozen {
    use super::{EARLIEST, Judgement, by_its_word};
    use crate::model::Snapshot;

    /// Judges a snapshot as version 0.1 did.
    pub(in super::super) fn judgement(snapshot: &Snapshot) -> Judgement {
        let dates = || {
            let parts = snapshot.sightings.iter().map(|one| one.address_parts());
            parts
                .filter_map(|parts| parts.date())
                .filter(|date| *date >= EARLIEST)
        };
        let time = snapshot.taken;
        Judgement {
            time: time.or_else(|| by_its_word(snapshot.frozen_updated, dates)),
            earliest: EARLIEST,
        }
    }
}
