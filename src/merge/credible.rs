//! A snapshot → which of its entries' dates can be believed.
//!
//! A feed's clock may be wrong, a program may write 1970 for want of a date, a post may be scheduled. A
//! date that cannot be true would sort its entry wrongly in every list, so it is left out, and
//! [`doubts`](super::doubts) reports it.
//!
//! A file's name tells when a snapshot was made. The feed's own word is weaker: some feeds carry the
//! same `lastBuildDate` for years. So it is only a lower bound, and the dates of entries lead on from it.
//!
//! The rules improve; [`frozen`] holds those of version 0.1, from which addresses are computed.
//!
//! Invariant: a pure function of the snapshot.

use jiff::civil::{self, Date};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::model::Snapshot;

/// 1990-01-01, before there was a web page to link to. What is older is a text from before the web, or
/// a mistake.
const WEB: Timestamp = Timestamp::constant(631_152_000, 0);
/// 1500-01-01. Years before it are those of another calendar, or none at all.
const EARLIEST: Timestamp = Timestamp::constant(-14_831_769_600, 0);
/// 2100-01-01. Dates after it stand for "never".
const LATEST: Timestamp = Timestamp::constant(4_102_444_800, 0);
/// Where time ends on 32 bits.
const OVERFLOW: Timestamp = Timestamp::constant(2_147_483_647, 0);
/// How far a date may lie after its snapshot: feeds are often wrong by hours, by their clocks or
/// by their time zones.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(24);
const YEAR: SignedDuration = SignedDuration::from_hours(366 * 24);
/// The longest silence of a feed after which the date of an entry can still be true.
const SILENCE: SignedDuration = SignedDuration::from_hours(10 * 366 * 24);
/// Days from which programs count, and which they write where they know no date.
const DEFAULTS: &[Date] = &[
    civil::date(1582, 10, 15),
    civil::date(1601, 1, 1),
    civil::date(1753, 1, 1),
    civil::date(1858, 11, 17),
    civil::date(1899, 12, 30),
    civil::date(1899, 12, 31),
    civil::date(1900, 1, 1),
    civil::date(1904, 1, 1),
    civil::date(1969, 12, 31),
    civil::date(1970, 1, 1),
    civil::date(1970, 1, 2),
    civil::date(1980, 1, 1),
];

/// Why a date cannot be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    /// It is what programs write where they know no date.
    Default,
    /// It lies before any date that a feed could mean.
    TooEarly,
    /// Every entry has the same, from before the web.
    Shared,
    /// It lies after the snapshot.
    AfterSnapshot,
    /// It lies after any date that an entry could have.
    TooLate,
}

/// The dates that can be believed in a snapshot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judgement {
    /// When the snapshot was made, if that is known.
    pub(super) time: Option<Timestamp>,
    /// The date from before the web that all its entries have.
    shared: Option<Timestamp>,
}

impl Judgement {
    /// Judges by a snapshot's own time and dates.
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        Judgement {
            time: time_of(snapshot),
            shared: shared(snapshot),
        }
    }

    /// Why a date cannot be true; none if it can.
    pub(super) fn doubt(&self, date: Timestamp) -> Option<Doubt> {
        by_itself(date).or_else(|| match self.time {
            _ if self.shared == Some(date) => Some(Doubt::Shared),
            Some(_) if is_after(date, self.time) => Some(Doubt::AfterSnapshot),
            _ => None,
        })
    }

    /// Whether a date can be true.
    pub(super) fn believes(&self, date: Timestamp) -> bool {
        self.doubt(date).is_none()
    }
}

/// Why a date can never be true, whatever the snapshot.
fn by_itself(date: Timestamp) -> Option<Doubt> {
    if date >= LATEST {
        Some(Doubt::TooLate)
    } else if date == OVERFLOW {
        Some(Doubt::Default)
    } else if date >= WEB {
        None
    } else if date < EARLIEST {
        Some(Doubt::TooEarly)
    } else {
        is_default(date).then_some(Doubt::Default)
    }
}

/// Whether this is midnight of a day from which programs count, in any time zone; or a moment of
/// January 1970, which is a date of today in seconds that was taken for one in milliseconds.
fn is_default(date: Timestamp) -> bool {
    let local = Offset::UTC.to_datetime(date);
    if (local.year(), local.month()) == (1970, 1) && local.time() != civil::Time::midnight() {
        return true;
    }
    let (east, west) = (
        SignedDuration::from_hours(-14),
        SignedDuration::from_hours(12),
    );
    DEFAULTS.iter().any(|day| {
        let midnight = Offset::UTC.to_timestamp(day.to_datetime(civil::Time::midnight()));
        midnight.is_ok_and(|midnight| (east..=west).contains(&date.duration_since(midnight)))
    })
}

/// Whether a date lies after its snapshot.
fn is_after(date: Timestamp, snapshot: Option<Timestamp>) -> bool {
    snapshot.is_some_and(|time| date.duration_since(time) > TOLERANCE)
}

/// The point in time of a snapshot, as far as its file's name or its words say.
pub(crate) fn moment(snapshot: &Snapshot) -> Option<Timestamp> {
    time_of(snapshot).or_else(|| {
        let dates = sorted(snapshot);
        let middle = *dates.get(dates.len() / 2)?;
        Some(reached(&dates, middle, SILENCE))
    })
}

/// When a snapshot was made: by its file's name, else by the feed's word and the dates that lead on
/// from it. None if most of the entries are newer than that all the same: then the word is worth nothing.
pub(super) fn time_of(snapshot: &Snapshot) -> Option<Timestamp> {
    if snapshot.taken.is_some() {
        return snapshot.taken;
    }
    let word = snapshot
        .updated
        .filter(|time| (WEB..LATEST).contains(time))?;
    if !dates(snapshot).any(|date| is_after(date, Some(word))) {
        return Some(word);
    }
    let dates = sorted(snapshot);
    let time = reached(&dates, word, YEAR);
    let newer = dates.iter().filter(|date| is_after(**date, Some(time)));
    (newer.count() * 2 <= dates.len()).then_some(time)
}

/// The newest date to which dates lead on from this moment: each is the next within a while, or within
/// twice the longest silence of the feed before.
fn reached(sorted: &[Timestamp], from: Timestamp, while_at_least: SignedDuration) -> Timestamp {
    let (mut reached, mut longest) = (from, while_at_least);
    let mut before = None;
    for date in sorted {
        if date.duration_since(reached) > longest {
            break;
        }
        let silence = before.map(|before| date.duration_since(before));
        let twice = silence.map(|silence| silence.saturating_mul(2));
        longest = longest.max(twice.unwrap_or_default()).min(SILENCE);
        before = Some(*date);
        reached = reached.max(*date);
    }
    reached
}

/// The dates of a snapshot's entries that may be true, whatever its time.
fn dates(snapshot: &Snapshot) -> impl Iterator<Item = Timestamp> {
    let sightings = snapshot.sightings.iter();
    sightings.filter_map(|sighting| {
        let dates = [sighting.published, sighting.updated].into_iter().flatten();
        dates.into_iter().find(|date| by_itself(*date).is_none())
    })
}

fn sorted(snapshot: &Snapshot) -> Vec<Timestamp> {
    let mut dates: Vec<Timestamp> = dates(snapshot).collect();
    dates.sort_unstable();
    dates
}

/// The one date from before the web that all entries of a snapshot have: a mistake of the program, not
/// a text of that time. One entry alone proves nothing.
fn shared(snapshot: &Snapshot) -> Option<Timestamp> {
    let mut dates = dates(snapshot);
    let first = dates.next().filter(|date| *date < WEB)?;
    let second = dates.next()?;
    (second == first && dates.all(|date| date == first)).then_some(first)
}

/// The rules of version 0.1, on the frozen reading. They never change.
pub(super) mod frozen {
    use jiff::Timestamp;

    use super::{WEB, is_after};
    use crate::model::Snapshot;

    /// The dates that version 0.1 believed in a snapshot.
    #[derive(Debug, Clone, Copy)]
    pub(in super::super) struct Judgement {
        time: Option<Timestamp>,
    }

    impl Judgement {
        /// Judges a snapshot as version 0.1 did.
        pub(in super::super) fn of(snapshot: &Snapshot) -> Self {
            let time = snapshot.taken;
            Judgement {
                time: time.or_else(|| by_its_word(snapshot)),
            }
        }

        /// Whether version 0.1 believed a date.
        pub(in super::super) fn believes(&self, date: Timestamp) -> bool {
            date >= WEB && !is_after(date, self.time)
        }
    }

    /// The feed's own time, unless most of its entries' dates are newer.
    fn by_its_word(snapshot: &Snapshot) -> Option<Timestamp> {
        let updated = snapshot.frozen_updated.filter(|time| *time >= WEB)?;
        let parts = || snapshot.sightings.iter().map(|one| one.address_parts());
        let dates = || {
            let dates = parts().filter_map(|parts| parts.date());
            dates.filter(|date| *date >= WEB)
        };
        let newer = dates().filter(|date| is_after(*date, Some(updated)));
        (newer.count() * 2 <= dates().count()).then_some(updated)
    }
}
