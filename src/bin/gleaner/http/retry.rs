//! When to ask again, after an answer that may be another one soon.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;

/// How often one thing is asked for.
pub(super) const TRIES: u32 = 3;
/// The longest time that a server may have us wait; beyond it, the next run comes first.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How much longer each wait is than the one before.
const GROWTH: u32 = 4;

/// Answers that say: not now (RFC 9110, section 15; RFC 6585, section 4).
pub(super) fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599)
}

/// How long to wait after so many tries, if the server does not say. Always the same: few hosts are
/// asked, once a day, and who waits for chance cannot be tested.
pub(super) fn backoff(unit: Duration, tries: u32) -> Duration {
    unit * GROWTH.pow(tries.saturating_sub(1))
}

/// The time that `Retry-After` names (RFC 9110, section 10.2.3): seconds, or a date. What is too large
/// to be a time, or makes no sense as one (a negative number), is longer than anyone waits: who answers
/// like that wants to be left in peace.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let number = value.strip_prefix(['-', '+']).unwrap_or(value);
    let whole = number.split_once('.').map_or(number, |(whole, _)| whole);
    if !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = whole.parse().unwrap_or(u64::MAX);
        return match value.starts_with('-') && seconds > 0 {
            true => Some(Duration::MAX),
            false if number == whole || seconds > LONGEST_WAIT.as_secs() => {
                Some(Duration::from_secs(seconds))
            }
            // Not a number of seconds as HTTP has it.
            false => None,
        };
    }
    match date(value) {
        // A date in the past means: now.
        Some(date) => Some(Duration::try_from(date.duration_since(now)).unwrap_or_default()),
        None => is_far(value, now).then_some(Duration::MAX),
    }
}

/// A date in one of the three forms of HTTP (RFC 9110, section 5.6.7), or in that of RFC 3339.
fn date(value: &str) -> Option<Timestamp> {
    if let Ok(date) = DateTimeParser::new().parse_timestamp(value) {
        return Some(date);
    }
    let forms = ["%A, %d-%b-%y %H:%M:%S", "%a %b %e %H:%M:%S %Y"];
    let plain = value.trim_end_matches(" GMT");
    let mut dates = forms
        .iter()
        .filter_map(|form| DateTime::strptime(form, plain).ok());
    let date = dates
        .next()
        .and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    date.map(|date| date.timestamp())
        .or_else(|| value.parse().ok())
}

/// Whether what is no date names a year to come, such as 9999 or 10000.
fn is_far(value: &str, now: Timestamp) -> bool {
    let this_year = now.to_zoned(TimeZone::UTC).year();
    let mut numbers = value
        .split(|c: char| !c.is_ascii_digit())
        .filter(|number| number.len() >= 4);
    numbers.any(|number| number.parse::<i16>().map_or(true, |year| year > this_year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_how_long_to_wait_in_seconds_or_by_a_date() {
        let now: Timestamp = "2026-11-21T14:00:00Z".parse().unwrap();
        for (value, seconds) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("Sat, 21 Nov 2026 14:02:00 GMT", Some(120)),
            ("Sat, 21 Nov 2026 13:00:00 GMT", Some(0)),
            ("Saturday, 21-Nov-26 14:02:00 GMT", Some(120)),
            ("Sat Nov 21 14:02:00 2026", Some(120)),
            ("2026-11-21T14:02:00Z", Some(120)),
            ("-0", Some(0)),
            ("1.5", None),
            ("soon", None),
            ("", None),
            ("-", None),
            ("in 10 minutes", None),
        ] {
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(retry_after(value, now), expected, "{value}");
        }
    }

    #[test]
    fn a_wait_beyond_all_measure_is_too_long_and_not_unsaid() {
        let now: Timestamp = "2026-11-21T14:00:00Z".parse().unwrap();
        for value in [
            "4294967296",
            "99999999999",
            "99999999999999999999999999",
            "99999999999.5",
            "86400.0",
            "-5",
            "-99999999999",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Sat, 01 Jan 10000 00:00:00 GMT",
            "Fri, 31 Dec 99999 23:59:59 GMT",
            "9999-12-31T23:59:59Z",
            "Mon, 99 Nov 2027 00:00:00 GMT",
        ] {
            let wait = retry_after(value, now);
            assert!(
                wait.is_some_and(|wait| wait > LONGEST_WAIT),
                "{value}: {wait:?}"
            );
        }
    }

    #[test]
    fn each_wait_is_longer_than_the_one_before() {
        let unit = Duration::from_secs(1);
        assert_eq!([1, 2].map(|tries| backoff(unit, tries).as_secs()), [1, 4]);
    }

    #[test]
    fn only_what_may_pass_is_asked_again() {
        let passing: Vec<u16> = (200..600).filter(|status| may_pass(*status)).collect();
        assert!(passing.starts_with(&[408, 425, 429, 500]) && passing.len() == 103);
    }
}
