//! The time in a snapshot's file name → the moment when it was taken, in UTC.
//!
//! `2025-08-28T14-03-57Z.xml`, `20250828T140357Z-feed.gz`, `2025-08-28_14-03`, `2025-08-28.xml`. A
//! day alone means its end: the snapshot holds all of the day. A name without a time means
//! nothing; a file's own time is never asked, for a checkout has none.
//!
//! A snapshot outside of its feed's folder bears the feed's name before the first dot, and its time
//! behind it: `devto.2025-08-28.xml.gz`.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

/// The moment that a file's path names.
pub(crate) fn taken(path: &str) -> Option<Timestamp> {
    let name = path.rsplit('/').next().unwrap_or(path);
    moment(name).or_else(|| moment(name.split_once('.')?.1))
}

/// The moment with which a name begins.
fn moment(name: &str) -> Option<Timestamp> {
    let (date, rest) = date(name)?;
    let time = time(rest).or_else(|| {
        // A longer number is something else than a day.
        (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some(())?;
        Time::new(23, 59, 59, 0).ok()
    })?;
    Offset::UTC.to_timestamp(date.to_datetime(time)).ok()
}

/// `2025-08-28` or `20250828`, and what follows.
fn date(name: &str) -> Option<(Date, &str)> {
    let (year, rest) = number(name, 4)?;
    let dashed = rest.strip_prefix('-');
    let (month, rest) = number(dashed.unwrap_or(rest), 2)?;
    let rest = if dashed.is_some() {
        rest.strip_prefix('-')?
    } else {
        rest
    };
    let (day, rest) = number(rest, 2)?;
    if !(1970..=9000).contains(&year) {
        return None;
    }
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((date, rest))
}

/// `T14-03-57`, `T140357`, `_14-03`, `140357`; seconds may be missing.
fn time(rest: &str) -> Option<Time> {
    let start = rest.trim_start_matches(['T', 't', '_', ' ']);
    let (hour, rest) = number(start, 2)?;
    let (minute, rest) = number(separated(rest), 2)?;
    let second = number(separated(rest), 2).map_or(0, |(second, _)| second);
    let small = |value: i16| i8::try_from(value).ok();
    Time::new(small(hour)?, small(minute)?, small(second)?.min(59), 0).ok()
}

fn separated(rest: &str) -> &str {
    rest.strip_prefix(['-', ':', '.']).unwrap_or(rest)
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize) -> Option<(i16, &str)> {
    let head = text.get(..digits)?;
    let plain = head.bytes().all(|byte| byte.is_ascii_digit());
    Some((plain.then(|| head.parse().ok()).flatten()?, &text[digits..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_a_time() {
        for (name, time) in [
            ("2025-08-28T14-03-57Z.xml", Some("2025-08-28T14:03:57Z")),
            (
                "content/snapshots/x/20250828T140357Z.xml.gz",
                Some("2025-08-28T14:03:57Z"),
            ),
            ("2025-08-28T140357Z", Some("2025-08-28T14:03:57Z")),
            ("2025-08-28_14-03", Some("2025-08-28T14:03:00Z")),
            (
                "2025-08-28_14-03-57_feed.json",
                Some("2025-08-28T14:03:57Z"),
            ),
            ("20250828140357", Some("2025-08-28T14:03:57Z")),
            ("2025-08-28.xml", Some("2025-08-28T23:59:59Z")),
            ("2025-08-28-2.xml", Some("2025-08-28T23:59:59Z")),
            ("20250828.xml", Some("2025-08-28T23:59:59Z")),
            ("2025082812345678.xml", Some("2025-08-28T12:34:56Z")),
            (
                "content/snapshots/devto.2026-01-31.xml.gz",
                Some("2026-01-31T23:59:59Z"),
            ),
            (
                "devto.2025-08-28T14-03-57Z.xml",
                Some("2025-08-28T14:03:57Z"),
            ),
            ("devto.feed.2026-01-31.xml", None),
            ("devto.7.xml", None),
            ("202508289.xml", None),
            ("2025-13-28.xml", None),
            ("2025-02-30.xml", None),
            ("000_371c8bfa.txt", None),
            ("feed.xml", None),
            ("ü2025-08-28", None),
            ("", None),
        ] {
            let expected = time.map(|time| time.parse::<Timestamp>().unwrap());
            assert_eq!(taken(name), expected, "{name}");
        }
    }
}
