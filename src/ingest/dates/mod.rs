//! Dates as feeds write them → points in time.
//!
//! What a person can read without a guess is read: most forms and languages, by [`forms`] and its
//! tables ([`months`], [`weekdays`], [`zones`]). What is a guess (`01/09/2025`) is no date.
//!
//! 1. [`clean`] brings digits, spaces and dashes of all scripts to one form;
//! 2. [`forms`] takes the text apart, and [`parts`] finds the one moment that it can mean;
//! 3. what neither understands is left to [`frozen`], the reading of version 0.1: entries without a
//!    date stand under `undated`, so nothing that was read once may be lost.
//!
//! Invariants: pure in the text and the language; a date without a zone, or with one that nobody
//! knows, is in UTC (RFC 5322, section 4.3); a date without a time is the first moment of its day,
//! month or year.

mod clean;
mod forms;
mod frozen;
mod months;
mod parts;
mod pieces;
mod weekdays;
mod zones;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::reading::Reading;
use zones::Zone;

/// The longest text that can be a date, in bytes.
const DATE_LENGTH: usize = 240;
/// Seconds since 1970 that can be the date of an entry: from 1990 to 2100. Smaller and larger numbers
/// are more likely something else.
const UNIX: std::ops::Range<i64> = 631_152_000..4_102_444_800;

/// The date that a text means. `standard` is what feed-rs made of it; `language` is that of the entry or
/// its feed (BCP 47).
pub(super) fn read(
    standard: Option<Timestamp>,
    written: Option<&str>,
    language: Option<&str>,
    reading: &Reading,
) -> Option<Timestamp> {
    let written = written?;
    let known = standard.or_else(|| frozen::timestamp(written));
    if known.is_some() && is_plain(written) {
        return known;
    }
    let better = timestamp(written, language).filter(|better| Some(*better) != known);
    better.filter(|_| reading.improves()).or(known)
}

/// Whether a date has only words that version 0.1 understood, and a year of four digits. Most dates are
/// so.
fn is_plain(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "T", "Z", "GMT", "UTC", "UT", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT",
        "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Jan", "Feb", "Mar", "Apr", "May", "Jun",
        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut words = text.split(|c: char| !c.is_alphabetic());
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    text.is_ascii()
        && numbers.any(|number| number.len() == 4)
        && !text.contains("24:")
        && words.all(|word| word.is_empty() || WORDS.contains(&word))
}

/// The date that a text means without doubt.
fn timestamp(text: &str, language: Option<&str>) -> Option<Timestamp> {
    if text.len() > DATE_LENGTH {
        return None;
    }
    let text = &*clean::clean(text);
    unix(text)
        .or_else(|| text.parse::<Timestamp>().ok())
        .or_else(|| {
            text.parse::<DateTime>()
                .ok()
                .and_then(|local| Zone::UTC.moment(local))
        })
        .or_else(|| forms::parts(text)?.moment(language))
}

/// The time of Unix, in seconds, milliseconds or microseconds.
fn unix(text: &str) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let per_second = match whole.len() {
        9 | 10 => 1,
        12 | 13 => 1_000,
        15 | 16 => 1_000_000,
        _ => return None,
    };
    let below = number % per_second * (1_000_000_000 / per_second);
    let nanoseconds = match per_second {
        1 => parts::nanoseconds(fraction),
        _ => i32::try_from(below).ok()?,
    };
    let instant = Timestamp::new(number / per_second, nanoseconds).ok()?;
    UNIX.contains(&instant.as_second()).then_some(instant)
}
