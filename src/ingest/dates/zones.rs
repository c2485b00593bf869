//! The name of a time zone → its rules.
//!
//! An abbreviation counts only where one zone is meant by it in practice; the others are left to the
//! reading of version 0.1, which takes what it does not know for UTC.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// A zone as a date names it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Zone {
    /// Always the same distance from UTC.
    Fixed(Offset),
    /// By the rules of a place, with its summer time.
    Place(TimeZone),
}

impl Zone {
    pub(super) const UTC: Zone = Zone::Fixed(Offset::UTC);

    /// The moment at which clocks in the zone show this. What they show twice is the first time; what
    /// they skip is taken as if they had not been changed yet.
    pub(super) fn moment(&self, local: DateTime) -> Option<Timestamp> {
        match self {
            Zone::Fixed(offset) => offset.to_timestamp(local).ok(),
            Zone::Place(place) => place.to_timestamp(local).ok(),
        }
    }
}

/// Minutes east of UTC. Where an abbreviation means several zones, it is what RFC 822 says (`EST`,
/// `CST` and `MST` are American), else what most feeds mean by it (`BST` is British, `IST` Indian).
#[rustfmt::skip]
const ABBREVIATIONS: &[(&str, i32)] = &[
    ("z", 0), ("ut", 0), ("utc", 0), ("gmt", 0), ("wet", 0), ("wez", 0),
    ("west", 60), ("wesz", 60), ("bst", 60), ("cet", 60), ("met", 60), ("mez", 60), ("wat", 60),
    ("cest", 120), ("cedt", 120), ("mest", 120), ("mesz", 120), ("eet", 120), ("oez", 120), ("sast", 120), ("cat", 120),
    ("eest", 180), ("oesz", 180), ("msk", 180), ("trt", 180), ("eat", 180), ("idt", 180),
    ("msd", 240), ("samt", 240), ("irst", 210), ("aft", 270), ("pkt", 300), ("yekt", 300), ("uzt", 300),
    ("ist", 330), ("npt", 345), ("novt", 420), ("krat", 420), ("ict", 420), ("wib", 420),
    ("awst", 480), ("sgt", 480), ("hkt", 480), ("myt", 480), ("pht", 480), ("irkt", 480), ("wita", 480),
    ("jst", 540), ("kst", 540), ("wit", 540), ("yakt", 540), ("acst", 570),
    ("aest", 600), ("chst", 600), ("vlat", 600), ("acdt", 630), ("aedt", 660), ("magt", 660),
    ("nzst", 720), ("pett", 720), ("nzdt", 780),
    ("ndt", -150), ("nst", -210), ("brst", -120), ("brt", -180), ("clst", -180), ("uyt", -180), ("adt", -180),
    ("ast", -240), ("edt", -240), ("hae", -240), ("clt", -240), ("vet", -240),
    ("est", -300), ("hne", -300), ("cdt", -300), ("cot", -300),
    ("cst", -360), ("mdt", -360), ("mst", -420), ("pdt", -420), ("pst", -480), ("akdt", -480), ("akst", -540), ("hdt", -540), ("hst", -600),
];

/// Zones whose clocks are meant, whether or not it is summer: in Windows' names, `Standard` says
/// nothing about the time of year.
#[rustfmt::skip]
const PLACES: &[(&str, &str)] = &[
    ("et", "America/New_York"), ("ct", "America/Chicago"), ("mt", "America/Denver"), ("pt", "America/Los_Angeles"),
    ("eastern time", "America/New_York"), ("us eastern time", "America/New_York"),
    ("central time", "America/Chicago"), ("mountain time", "America/Denver"),
    ("pacific time", "America/Los_Angeles"), ("us pacific time", "America/Los_Angeles"),
    ("uk time", "Europe/London"), ("london time", "Europe/London"), ("gmt standard time", "Europe/London"),
    ("berlin time", "Europe/Berlin"), ("paris time", "Europe/Paris"),
    ("w. europe standard time", "Europe/Berlin"), ("romance standard time", "Europe/Paris"),
    ("central europe standard time", "Europe/Budapest"), ("fle standard time", "Europe/Kiev"),
    ("gtb standard time", "Europe/Bucharest"), ("e. south america standard time", "America/Sao_Paulo"),
    ("aus eastern standard time", "Australia/Sydney"), ("new zealand standard time", "Pacific/Auckland"),
    ("heure de paris", "Europe/Paris"), ("hora de madrid", "Europe/Madrid"), ("ora di roma", "Europe/Rome"),
];

/// Names in words, in minutes east of UTC.
#[rustfmt::skip]
const NAMES: &[(&str, i32)] = &[
    ("coordinated universal time", 0), ("universal time", 0), ("greenwich mean time", 0), ("western european time", 0),
    ("western european standard time", 0), ("western european summer time", 60), ("british summer time", 60), ("irish standard time", 60),
    ("central european time", 60), ("central european standard time", 60), ("central european summer time", 120),
    ("mitteleuropaische zeit", 60), ("mitteleuropaische normalzeit", 60), ("mitteleuropaische sommerzeit", 120),
    ("eastern european time", 120), ("eastern european standard time", 120), ("eastern european summer time", 180),
    ("moscow standard time", 180), ("moscow time", 180), ("turkey time", 180), ("south africa standard time", 120),
    ("east africa time", 180), ("west africa time", 60), ("israel standard time", 120), ("israel daylight time", 180),
    ("india standard time", 330), ("indian standard time", 330), ("singapore standard time", 480), ("singapore time", 480),
    ("china standard time", 480), ("hong kong time", 480), ("hong kong standard time", 480), ("taipei standard time", 480),
    ("japan standard time", 540), ("tokyo standard time", 540), ("korea standard time", 540), ("korean standard time", 540),
    ("australian eastern standard time", 600), ("australian eastern daylight time", 660), ("australian western standard time", 480),
    ("new zealand daylight time", 780), ("newfoundland standard time", -210), ("newfoundland daylight time", -150),
    ("atlantic standard time", -240), ("atlantic daylight time", -180),
    ("eastern standard time", -300), ("eastern daylight time", -240), ("central standard time", -360), ("central daylight time", -300),
    ("mountain standard time", -420), ("mountain daylight time", -360), ("pacific standard time", -480), ("pacific daylight time", -420),
    ("alaska standard time", -540), ("alaska daylight time", -480), ("hawaii standard time", -600),
    ("brasilia standard time", -180), ("brasilia time", -180), ("argentina standard time", -180), ("argentina time", -180),
];

/// The zone that a text begins with, in lower case, and the length of its name: the longest one.
pub(super) fn named(lower: &str) -> Option<(usize, Zone)> {
    let starts = |name: &str| {
        let rest = lower.strip_prefix(name);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    let fixed = |minutes: i32| Offset::from_seconds(minutes * 60).ok().map(Zone::Fixed);
    let names = NAMES.iter().chain(ABBREVIATIONS);
    let fixed = names
        .filter(|(name, _)| starts(name))
        .filter_map(|(name, minutes)| Some((name.len(), fixed(*minutes)?)));
    let places = PLACES
        .iter()
        .filter(|(name, _)| starts(name))
        .filter_map(|(name, place)| Some((name.len(), Zone::Place(TimeZone::get(place).ok()?))));
    fixed.chain(places).max_by_key(|(length, _)| *length)
}

/// The zone of a place by its name in the IANA database, `Europe/Berlin`, and the length of the name.
pub(super) fn iana(text: &str) -> Option<(usize, Zone)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let name = text[..end].trim_end_matches(['-', '/']);
    if !name.contains('/') || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    Some((name.len(), Zone::Place(TimeZone::get(name).ok()?)))
}

/// `+0200`, `+02:00`, `+02`, `+2`, `+2:00`, and the length of it; none if no clock is set so.
pub(super) fn offset(text: &str) -> Option<(usize, Offset)> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let first = digits(&text[1..]);
    let head = &text[1..1 + first];
    let after = &text[1 + first..];
    let colon = after.strip_prefix(':').map(|rest| (digits(rest), rest));
    let (hours, minutes, length) = match (first, colon) {
        (1 | 2, Some((2, rest))) => (head, &rest[..2], first + 4),
        (1 | 2, None) => (head, "0", 1 + first),
        (3 | 4, None) => (&head[..first - 2], &head[first - 2..], 1 + first),
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    let seconds = sign * (hours * 60 + minutes) * 60;
    Some((length, Offset::from_seconds(seconds).ok()?))
}
