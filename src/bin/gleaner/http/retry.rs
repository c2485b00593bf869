//! When to ask again, after an answer that may be another one soon.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

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

/// The time that `Retry-After` names (RFC 9110, section 10.2.3): seconds, or a date.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let date = DateTimeParser::new().parse_timestamp(value).ok()?;
    // A date in the past means: now.
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
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
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
            ("99999999999", None),
        ] {
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(retry_after(value, now), expected, "{value}");
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
