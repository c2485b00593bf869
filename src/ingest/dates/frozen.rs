//! Dates as version 0.1 read them, where feed-rs knew no way.
//!
//! Addresses are computed from this reading (see [`Reading`](crate::ingest::reading::Reading)), so it
//! never changes. What is better stands in [`forms`](super::forms).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime;
use jiff::tz::Offset;

/// The longest text that can be a date, in bytes: the longest name of each part, twice over.
const DATE_LENGTH: usize = 120;
/// The longest abbreviation of a zone.
const ZONE_LENGTH: usize = 5;

/// Minutes east of UTC. Where an abbreviation means several zones, it is what RFC 822 says (`EST`,
/// `CST` and `MST` are American), else what most feeds mean by it (`BST` is British, `IST` Indian).
const ZONES: &[(&str, i32)] = &[
    ("Z", 0),
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("MEZ", 60),
    ("CEST", 120),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("IST", 330),
    ("AWST", 480),
    ("SGT", 480),
    ("HKT", 480),
    ("JST", 540),
    ("KST", 540),
    ("ACST", 570),
    ("AEST", 600),
    ("ACDT", 630),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("NDT", -150),
    ("NST", -210),
    ("BRT", -180),
    ("ADT", -180),
    ("AST", -240),
    ("EDT", -240),
    ("EST", -300),
    ("CDT", -300),
    ("CST", -360),
    ("MDT", -360),
    ("MST", -420),
    ("PDT", -420),
    ("PST", -480),
    ("AKDT", -480),
    ("AKST", -540),
    ("HST", -600),
];

/// How the names of months begin in English, German, French and Spanish, as jiff calls them.
const MONTHS: &[(&[&str], &str)] = &[
    (&["jan", "jän", "ene"], "Jan"),
    (&["feb", "fév", "fev"], "Feb"),
    (&["mar", "mär", "mrz"], "Mar"),
    (&["apr", "avr", "abr"], "Apr"),
    (&["mai", "may"], "May"),
    (&["jun", "juin"], "Jun"),
    (&["jul", "juil"], "Jul"),
    (&["aug", "aoû", "aou", "ago"], "Aug"),
    (&["sep"], "Sep"),
    (&["oct", "okt"], "Oct"),
    (&["nov"], "Nov"),
    (&["dec", "déc", "dez", "dic"], "Dec"),
];

/// Words that stand in a date and say nothing.
const FILLERS: &[&str] = &[
    "at", "um", "uhr", "à", "de", "del", "of", "the", "le", "den",
];

/// The point in time that a text means.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > DATE_LENGTH {
        return None;
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    if let Ok(local) = text.parse::<DateTime>() {
        return Offset::UTC.to_timestamp(local).ok();
    }
    let mut parts = Parts::default();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')')) {
        parts.word(word.trim_end_matches('.'))?;
    }
    parts.timestamp()
}

/// What was found of a date.
#[derive(Default)]
struct Parts<'a> {
    /// The word before everything else: nothing depends on it, and it is often wrong.
    weekday: Option<&'a str>,
    date: Option<Date>,
    day: Option<&'a str>,
    month: Option<&'static str>,
    year: Option<&'a str>,
    time: Option<&'a str>,
    /// `am` or `pm`.
    half: Option<&'a str>,
    zone: Option<Offset>,
}

impl<'a> Parts<'a> {
    /// Takes a word; none if it has no place in a date.
    fn word(&mut self, word: &'a str) -> Option<()> {
        match word.as_bytes() {
            [] => Some(()),
            [b'0'..=b'9', ..] => self.number(word),
            [b'+' | b'-', ..] => self.zone(offset(word)?),
            _ => self.name(word),
        }
    }

    /// Something that begins with a digit.
    fn number(&mut self, word: &'a str) -> Option<()> {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = word.split_at(digits);
        match rest.chars().next() {
            Some(':') => self.time(word),
            Some('-' | '/') => self.dashed(word),
            None if digits == 4 => set(&mut self.year, number),
            None | Some('.') if digits <= 2 && self.day.is_some() => set(&mut self.year, number),
            None if digits <= 2 => set(&mut self.day, number),
            // `1st`, `2nd`, `1er`: an ordinal, or an hour.
            _ if digits > 2 => None,
            _ if is_half(rest) => {
                self.half = Some(rest);
                set(&mut self.time, number)
            }
            _ => matches!(rest, "st" | "nd" | "rd" | "th" | "er" | "º")
                .then(|| set(&mut self.day, number))?,
        }
    }

    /// `10:00:00`, and what stands directly behind it.
    fn time(&mut self, word: &'a str) -> Option<()> {
        let is_time = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.');
        let end = word.find(|c| !is_time(c)).unwrap_or(word.len());
        set(&mut self.time, word[..end].trim_end_matches('.'))?;
        self.word(&word[end..])
    }

    /// `2025-9-1`, with a time behind a `T`; `2025/09/01`; `2025-09`; `01-Sep-25`.
    fn dashed(&mut self, word: &'a str) -> Option<()> {
        let is_date = |c: char| c.is_ascii_digit() || matches!(c, '-' | '/');
        if let Some((date, time)) = word.split_once(['T', 't'])
            && date.chars().all(is_date)
        {
            self.dashed(date)?;
            return self.word(time);
        }
        let forms = ["%Y-%m-%d", "%Y/%m/%d"];
        let date = forms
            .iter()
            .find_map(|form| Date::strptime(form, word).ok());
        let date = date.or_else(|| Date::strptime("%Y-%m-%d", format!("{word}-01")).ok());
        if let Some(date) = date.filter(|_| word.find(['-', '/']) == Some(4)) {
            return set(&mut self.date, date);
        }
        if !word.contains(char::is_alphabetic) {
            // Which of two numbers is the month is a guess.
            return None;
        }
        word.split(['-', '/']).try_for_each(|part| self.word(part))
    }

    /// A month, a half of the day, a zone; before everything else, any name of a weekday.
    fn name(&mut self, word: &'a str) -> Option<()> {
        let lower = word.to_lowercase();
        if let Some(month) = month(&lower) {
            // Of two, the last one: `mar. 2 sept.` begins with a `mardi`.
            self.month = Some(month);
        } else if is_half(word) && self.time.is_some() {
            self.half = Some(word);
        } else if let Some(zone) = zone(word) {
            return self.zone(zone);
        } else if self.time.is_some() && is_abbreviation(word) {
            return self.zone(Offset::UTC);
        } else if self.is_empty() {
            return set(&mut self.weekday, word);
        } else if !FILLERS.contains(&lower.as_str()) {
            return None;
        }
        Some(())
    }

    /// The first zone counts: `GMT+0200 (CEST)` says it twice.
    fn zone(&mut self, zone: Offset) -> Option<()> {
        self.zone = self.zone.or(Some(zone));
        Some(())
    }

    fn is_empty(&self) -> bool {
        self.date.is_none() && self.day.is_none() && self.year.is_none() && self.time.is_none()
    }

    fn timestamp(&self) -> Option<Timestamp> {
        let date = match (self.date, self.month) {
            (Some(date), None) if self.day.is_none() && self.year.is_none() => date,
            (None, None) if self.day.is_none() && self.weekday.is_none() => {
                Date::strptime("%Y-%m-%d", format!("{}-01-01", self.year?)).ok()?
            }
            (None, Some(month)) => self.named_date(month)?,
            _ => return None,
        };
        let local = date.to_datetime(self.time_of_day()?);
        self.zone.unwrap_or(Offset::UTC).to_timestamp(local).ok()
    }

    fn named_date(&self, month: &str) -> Option<Date> {
        let year = self.year?;
        let form = if year.len() == 4 {
            "%d %b %Y"
        } else {
            "%d %b %y"
        };
        let day = self.day.unwrap_or("1");
        Date::strptime(form, format!("{day} {month} {year}")).ok()
    }

    fn time_of_day(&self) -> Option<Time> {
        let Some(time) = self.time else {
            return Some(Time::midnight());
        };
        let (forms, text) = match self.half {
            None => (["%H:%M:%S%.f", "%H:%M"].as_slice(), time.to_owned()),
            Some(half) => {
                let half = half.replace('.', "");
                let forms = ["%I:%M:%S %p", "%I:%M %p", "%I %p"].as_slice();
                (forms, format!("{time} {half}"))
            }
        };
        forms
            .iter()
            .find_map(|form| Time::strptime(form, &text).ok())
    }
}

/// A part that stands in a date once; none if it was there before.
fn set<T>(part: &mut Option<T>, value: T) -> Option<()> {
    part.replace(value).is_none().then_some(())
}

fn month(lower: &str) -> Option<&'static str> {
    MONTHS
        .iter()
        .find(|(beginnings, _)| beginnings.iter().any(|start| lower.starts_with(start)))
        .map(|(_, month)| *month)
}

fn is_half(word: &str) -> bool {
    let halves = ["am", "pm", "a.m", "p.m"];
    halves.iter().any(|half| word.eq_ignore_ascii_case(half))
}

fn is_abbreviation(word: &str) -> bool {
    word.len() <= ZONE_LENGTH && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// `CEST`, `UTC+2`, `GMT-0500`.
fn zone(word: &str) -> Option<Offset> {
    let sign = word.find(['+', '-']).unwrap_or(word.len());
    let (name, rest) = word.split_at(sign);
    let (_, minutes) = ZONES
        .iter()
        .find(|(zone, _)| zone.eq_ignore_ascii_case(name))?;
    match rest {
        "" => Offset::from_seconds(minutes * 60).ok(),
        _ => offset(rest).filter(|_| *minutes == 0),
    }
}

/// `+0200`, `+02:00`, `+02`, `+2`.
fn offset(word: &str) -> Option<Offset> {
    let (sign, digits) = word.split_at_checked(1)?;
    let digits = digits.replace(':', "");
    let digits = match digits.len() {
        1 => format!("0{digits}00"),
        2 => format!("{digits}00"),
        3 => format!("0{digits}"),
        _ => digits,
    };
    strtime::parse("%z", format!("{sign}{digits}"))
        .ok()?
        .offset()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_all_the_forms_that_leave_no_doubt() {
        for (text, read) in [
            // No zone: UTC.
            ("2025-09-01T10:00:00", "2025-09-01T10:00:00Z"),
            ("2025-09-01 10:00:00", "2025-09-01T10:00:00Z"),
            ("2025-09-01 10:00", "2025-09-01T10:00:00Z"),
            ("2025-9-1 9:05", "2025-09-01T09:05:00Z"),
            ("Mon, 1 Sep 2025 10:00:00", "2025-09-01T10:00:00Z"),
            // Other forms of ISO 8601.
            ("20250901T100000Z", "2025-09-01T10:00:00Z"),
            ("2025-09-01T10:00Z", "2025-09-01T10:00:00Z"),
            ("2025-09-01T10:00:00+02", "2025-09-01T08:00:00Z"),
            ("2025-09-01 10:00:00 +0200", "2025-09-01T08:00:00Z"),
            ("2025-09-01T10:00:00 CEST", "2025-09-01T08:00:00Z"),
            ("2025-09-01T10:00:00CEST", "2025-09-01T08:00:00Z"),
            ("2025/09/01 10:00:00", "2025-09-01T10:00:00Z"),
            // Days, months and years alone.
            ("2025-09-01", "2025-09-01T00:00:00Z"),
            ("2025-09", "2025-09-01T00:00:00Z"),
            ("2025", "2025-01-01T00:00:00Z"),
            ("September 2025", "2025-09-01T00:00:00Z"),
            ("01/Sep/2025", "2025-09-01T00:00:00Z"),
            // RFC 850, and the outputs of programs.
            ("Monday, 01-Sep-25 10:00:00 GMT", "2025-09-01T10:00:00Z"),
            ("Mon Sep  1 10:00:00 2025", "2025-09-01T10:00:00Z"),
            ("Mon Sep 1 10:00:00 CEST 2025", "2025-09-01T08:00:00Z"),
            (
                "Mon Sep 01 2025 10:00:00 GMT+0200 (CEST)",
                "2025-09-01T08:00:00Z",
            ),
            ("September 1st, 2025 at 1:05 pm", "2025-09-01T13:05:00Z"),
            ("1 Sep 2025 12:05:06 AM EST", "2025-09-01T05:05:06Z"),
            // Zones.
            ("Mon, 01 Sep 2025 10:00:00 CEST", "2025-09-01T08:00:00Z"),
            ("Mon, 01 Sep 2025 10:00:00 CET", "2025-09-01T09:00:00Z"),
            ("Mon, 01 Sep 2025 10:00:00 BST", "2025-09-01T09:00:00Z"),
            ("Mon, 01 Sep 2025 10:00:00 EST", "2025-09-01T15:00:00Z"),
            ("Mon, 01 Sep 2025 10:00:00 PDT", "2025-09-01T17:00:00Z"),
            ("Mon, 01 Sep 2025 10:00:00 MST", "2025-09-01T17:00:00Z"),
            ("Mon, 01 Sep 2025 10:00:00 XYZT", "2025-09-01T10:00:00Z"),
            ("Mon, 01 Sep 2025 10:00:00 UTC+2", "2025-09-01T08:00:00Z"),
            // Slips.
            ("Mon, 01 Sep 2025 10:00:60 GMT", "2025-09-01T10:00:59Z"),
            ("2025-09-01T10:00:60", "2025-09-01T10:00:59Z"),
            ("1 sep 2025 10:00 GMT", "2025-09-01T10:00:00Z"),
            ("fri, 1 sep 2025 10:00:00 gmt", "2025-09-01T10:00:00Z"),
            // German, French and Spanish.
            ("Mo, 1. März 2025 10:00:00 +0100", "2025-03-01T09:00:00Z"),
            ("mar., 02 sept. 2025 10:00:00 +0200", "2025-09-02T08:00:00Z"),
            ("1er août 2025", "2025-08-01T00:00:00Z"),
            ("lunes, 1 de diciembre de 2025", "2025-12-01T00:00:00Z"),
        ] {
            let found = timestamp(text).map(|found| found.to_string());
            assert_eq!(found.as_deref(), Some(read), "{text}");
        }
    }

    #[test]
    fn a_guess_is_no_date() {
        for text in [
            "",
            "last Thursday",
            "01/09/2025",
            "01-09-2025",
            "10:00:00",
            "31 Sep 2025",
            "2025-13-01",
            "1 Sep 2025 25:00:00",
            "1 Sep 2025 10:00:00 +9999",
            "1 2 3 Sep 2025",
            "Posted on May 3 by Ada, 2025",
            "12345",
            "1/a/b-c/2025",
            "last week 1 Sep 2025",
            "－1 é 2025",
            &"1 ".repeat(100),
        ] {
            assert_eq!(timestamp(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in "[0-9a-eé１TZ:/+., ()-]{0,40}") {
            timestamp(&text);
        }

        #[test]
        fn what_programs_print_is_read_back(second in 0_i64..4_000_000_000) {
            let instant = Timestamp::from_second(second).unwrap();
            for form in [
                "%Y-%m-%dT%H:%M:%S",
                "%Y%m%dT%H%M%SZ",
                "%a, %d %b %Y %H:%M:%S GMT",
                "%a %b %e %H:%M:%S UTC %Y",
                "%B %-d, %Y %-I:%M:%S %p",
                "%d-%b-%Y %H:%M:%S",
            ] {
                let text = instant.strftime(form).to_string();
                proptest::prop_assert_eq!(timestamp(&text), Some(instant), "{}", text);
            }
        }
    }
}
