//! What was found of a date → the moment that is meant, if only one can be.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ToSpan};

use super::months::{self, Evidence};
use super::weekdays;
use super::zones::Zone;

/// A part that stands in a date once.
#[derive(Debug, Clone, Copy)]
pub(super) enum Field {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// Before or after noon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Half {
    Morning,
    Afternoon,
}

/// Parts of a date between the same signs, in an order that is still to be found.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) parts: Vec<String>,
    pub(super) sign: char,
}

impl Group {
    /// Whether it can be a time: `10.30`.
    pub(super) fn is_time(&self) -> bool {
        self.sign == '.' && self.parts.len() == 2 && self.parts.iter().all(|part| part.len() <= 2)
    }
}

/// Languages in which a date with dots always begins with the day.
const DAY_BEFORE_MONTH: &[&str] = &[
    "de", "da", "no", "fi", "is", "et", "lv", "cs", "sk", "pl", "sl", "hr", "sr", "mk", "bg", "ru",
    "uk", "be", "ro", "tr", "el", "it", "fr", "he",
];

/// What was found of a date.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// A word before everything else that nobody knows: a weekday, in all likelihood.
    pub(super) has_front_word: bool,
    /// The days that a weekday can mean.
    pub(super) weekday: Vec<weekdays::Candidate>,
    pub(super) zone: Option<Zone>,
    /// Year, month, day, hour, minute and second, where it is known which is which.
    fields: [Option<i32>; 6],
    nanosecond: i32,
    date: Option<Date>,
    /// Numbers with their lengths.
    numbers: Vec<(i32, usize)>,
    group: Option<Group>,
    month: Vec<months::Candidate>,
    /// Whether the name of the month may be that of a weekday.
    month_may_be_weekday: bool,
    half: Option<Half>,
}

impl Parts {
    /// Takes a part; none if it was there before.
    pub(super) fn set(&mut self, field: Field, number: &str) -> Option<()> {
        let mut value = number.parse().ok()?;
        if matches!(field, Field::Year) {
            value = full_year(value, number.len())?;
        }
        let known = self.fields.get_mut(field as usize)?;
        known.replace(value).is_none().then_some(())
    }

    pub(super) fn set_fraction(&mut self, digits: &str) {
        self.nanosecond = nanoseconds(digits);
    }

    pub(super) fn set_date(&mut self, date: Date) -> Option<()> {
        self.date.replace(date).is_none().then_some(())
    }

    pub(super) fn set_half(&mut self, half: Half) -> Option<()> {
        self.half.replace(half).is_none().then_some(())
    }

    /// Takes a zone. A second one repeats the first, by another name; if it contradicts, which of them
    /// counts is a guess.
    pub(super) fn set_zone(&mut self, zone: Zone) -> Option<()> {
        match &self.zone {
            Some(known)
                if known != &zone && matches!((known, &zone), (Zone::Fixed(_), Zone::Fixed(_))) =>
            {
                None
            }
            Some(_) => Some(()),
            None => {
                self.zone = Some(zone);
                Some(())
            }
        }
    }

    /// Takes a number of which it is not yet known what it counts.
    pub(super) fn number(&mut self, number: &str) -> Option<()> {
        self.numbers.push((number.parse().ok()?, number.len()));
        (self.numbers.len() <= 3).then_some(())
    }

    /// Takes the name of a month. Of two, that is the month which cannot be a weekday, else the last.
    pub(super) fn month(
        &mut self,
        month: Vec<months::Candidate>,
        weekday: Vec<weekdays::Candidate>,
    ) -> Option<()> {
        let may_be_weekday = !weekday.is_empty();
        if !self.month.is_empty() {
            if may_be_weekday && !self.month_may_be_weekday {
                return Some(());
            }
            if !self.month_may_be_weekday {
                return None;
            }
        }
        self.weekday.extend(weekday);
        (self.month, self.month_may_be_weekday) = (month, may_be_weekday);
        Some(())
    }

    /// Takes a group: a date, a day and a month, or a time (`10.30`) where the date is complete.
    pub(super) fn group(&mut self, group: Group) -> Option<()> {
        if let [year, name, day] = group.parts.as_slice()
            && name.contains(char::is_alphabetic)
        {
            let candidates = months::candidates(&super::clean::fold(name));
            if candidates.is_empty() {
                return None;
            }
            self.month(candidates, Vec::new())?;
            self.number(year)?;
            return self.number(day);
        }
        if let [number, name] = group.parts.as_slice()
            && name.contains(char::is_alphabetic)
        {
            let candidates = months::candidates(&super::clean::fold(name));
            if candidates.is_empty() {
                return None;
            }
            self.month(candidates, Vec::new())?;
            return self.number(number);
        }
        if group
            .parts
            .iter()
            .any(|part| part.contains(char::is_alphabetic))
        {
            return None;
        }
        if self.has_date() {
            let [hour, minute] = group.parts.as_slice() else {
                return None;
            };
            self.set(Field::Hour, hour)?;
            return self.set(Field::Minute, minute);
        }
        self.group.replace(group).is_none().then_some(())
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.get(field).is_some()
    }

    fn get(&self, field: Field) -> Option<i32> {
        self.fields.get(field as usize).copied().flatten()
    }

    /// Whether a date is complete, so that what follows is a time or a zone.
    pub(super) fn has_date(&self) -> bool {
        let is_whole = |group: &Group| group.parts.len() == 3;
        let year = self.has(Field::Year) || self.numbers.iter().any(|(_, length)| *length == 4);
        self.date.is_some()
            || self.group.as_ref().is_some_and(is_whole)
            || self.has(Field::Year) && self.has(Field::Month) && self.has(Field::Day)
            || year && !self.month.is_empty() && (self.numbers.len() == 2 || self.has(Field::Day))
    }

    /// Whether nothing was found yet.
    pub(super) fn is_empty(&self) -> bool {
        !self.has_front_word
            && self.fields == [None; 6]
            && self.date.is_none()
            && self.group.is_none()
            && self.numbers.is_empty()
            && self.month.is_empty()
            && self.weekday.is_empty()
    }

    /// The moment that is meant.
    pub(super) fn moment(&self, language: Option<&str>) -> Option<Timestamp> {
        let date = self.date(language)?;
        let local = self.local(date)?;
        self.zone.as_ref().unwrap_or(&Zone::UTC).moment(local)
    }

    fn date(&self, language: Option<&str>) -> Option<Date> {
        if let Some(date) = self.date {
            let is_alone = self.numbers.is_empty()
                && self.group.is_none()
                && self.month.is_empty()
                && self.fields[..3] == [None; 3];
            return is_alone.then_some(date);
        }
        if !self.month.is_empty() {
            return self.named(language);
        }
        let fields = [Field::Year, Field::Month, Field::Day].map(|field| self.get(field));
        match (fields, &self.group, self.numbers.as_slice()) {
            ([Some(year), Some(month), day], None, []) => date_of(year, month, day.unwrap_or(1)),
            ([None, None, None], Some(group), numbers) => self.grouped(group, numbers, language),
            ([None, None, None], None, [(year, 4), (month, 1 | 2), (day, 1 | 2)]) => {
                date_of(*year, *month, *day)
            }
            // Vietnamese: `25 tháng 12, 2024`.
            ([year, Some(month), None], None, numbers) => {
                let (day, year) = day_and_year(numbers, None, year)?;
                date_of(year, month, day)
            }
            ([None, Some(month), Some(day)], None, [(year, 4)]) => date_of(*year, month, day),
            _ => None,
        }
    }

    /// A date with the name of a month.
    fn named(&self, language: Option<&str>) -> Option<Date> {
        if self.group.is_some() || self.has(Field::Month) {
            return None;
        }
        let (day, year) = day_and_year(&self.numbers, self.get(Field::Day), self.get(Field::Year))?;
        let year = match year {
            2400.. if months::is_thai(&self.month) => year - 543,
            year => year,
        };
        let date = |month: i8| date_of(year, i32::from(month), day);
        let evidence = Evidence {
            language,
            weekday: &self.weekday,
        };
        date(months::decide(&self.month, &evidence, date)?)
    }

    /// A date in numbers, if only one date can be meant.
    fn grouped(
        &self,
        group: &Group,
        rest: &[(i32, usize)],
        language: Option<&str>,
    ) -> Option<Date> {
        let mut parts: Vec<(i32, usize)> = Vec::new();
        for part in &group.parts {
            parts.push((part.parse().ok()?, part.len()));
        }
        match (parts.as_slice(), rest) {
            // `2024-12`, `12/2024`.
            ([(year, 4), (month, 2)], []) | ([(month, 1 | 2), (year, 4)], []) => {
                date_of(*year, *month, 1)
            }
            // `25.12. 2024`
            ([day, month], [year @ (_, 4)]) => {
                self.one_date([*day, *month, *year], group.sign, language)
            }
            ([first, second, third], []) => {
                self.one_date([*first, *second, *third], group.sign, language)
            }
            _ => None,
        }
    }

    /// The date that three numbers mean: in all orders that people use, only one date may come out, or
    /// only one with the weekday beside it. A year before the month settles it, and so do dots in most
    /// languages.
    fn one_date(
        &self,
        parts: [(i32, usize); 3],
        sign: char,
        language: Option<&str>,
    ) -> Option<Date> {
        let date = |year: (i32, usize), month: (i32, usize), day: (i32, usize)| {
            let is_short = month.1 <= 2 && day.1 <= 2;
            date_of(full_year(year.0, year.1)?, month.0, day.0).filter(|_| is_short)
        };
        let [first, second, third] = parts;
        if first.1 == 4 {
            return date(first, second, third).or_else(|| date(first, third, second));
        }
        let day_first = date(third, second, first);
        let orders = [
            day_first,
            date(third, first, second),
            date(first, second, third),
        ];
        let mut dates: Vec<Date> = orders.into_iter().flatten().collect();
        dates.sort_unstable();
        dates.dedup();
        if let [date] = dates.as_slice() {
            return Some(*date);
        }
        let language = language.map(months::primary).unwrap_or_default();
        if sign == '.' && DAY_BEFORE_MONTH.contains(&&*language) {
            return day_first;
        }
        dates.retain(|date| self.weekday.iter().any(|(_, day)| *day == date.weekday()));
        match dates.as_slice() {
            [date] => Some(*date),
            _ => None,
        }
    }

    fn local(&self, date: Date) -> Option<DateTime> {
        let part = |field| self.get(field).map(i8::try_from).transpose().ok();
        let [hour, minute, second] = [Field::Hour, Field::Minute, Field::Second].map(part);
        let (hour, minute, second) = (hour?, minute?.unwrap_or(0), second?.unwrap_or(0));
        let Some(hour) = hour else {
            return self
                .half
                .is_none()
                .then(|| date.to_datetime(Time::midnight()));
        };
        let hour = match (self.half, hour) {
            (None, 24) if (minute, second) == (0, 0) => {
                let next = date.checked_add(1.day()).ok()?;
                return Some(next.to_datetime(Time::midnight()));
            }
            (None, hour)
            | (Some(Half::Morning), hour @ 0..12)
            | (Some(Half::Afternoon), hour @ 12..) => hour,
            (Some(Half::Morning), 12) => 0,
            (Some(Half::Afternoon), hour @ 1..12) => hour + 12,
            _ => return None,
        };
        let time = Time::new(hour, minute, second.min(59), self.nanosecond).ok();
        (second <= 60).then_some(date.to_datetime(time?))
    }
}

/// What stands behind the point of a second.
pub(super) fn nanoseconds(digits: &str) -> i32 {
    let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
    nine.parse().unwrap_or_default()
}

/// Which of the numbers beside a month is the day, and which the year.
fn day_and_year(
    numbers: &[(i32, usize)],
    day: Option<i32>,
    year: Option<i32>,
) -> Option<(i32, i32)> {
    match (numbers, day, year) {
        ([], day, Some(year)) => Some((day.unwrap_or(1), year)),
        ([(day, 1 | 2)], None, Some(year)) => Some((*day, year)),
        ([(year, 4)], day, None) => Some((day.unwrap_or(1), *year)),
        ([(year, length @ (2 | 3))], Some(day), None) => Some((day, full_year(*year, *length)?)),
        ([(year, 4), (day, 1 | 2)] | [(day, 1 | 2), (year, 4)], None, None) => Some((*day, *year)),
        ([(day, 1 | 2), (year, length @ (2 | 3))], None, None) => {
            Some((*day, full_year(*year, *length)?))
        }
        _ => None,
    }
}

/// Years of two and three digits, by RFC 5322, section 4.3.
fn full_year(year: i32, digits: usize) -> Option<i32> {
    match (digits, year) {
        (2, 0..50) => Some(year + 2000),
        (2 | 3, _) => Some(year + 1900),
        (4, _) => Some(year),
        _ => None,
    }
}

fn date_of(year: i32, month: i32, day: i32) -> Option<Date> {
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}
