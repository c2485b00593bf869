//! A date as a person or a program writes it → its [`Parts`].
//!
//! The text is read from left to right, piece by piece: numbers with what is attached to them, words,
//! offsets. A piece that has no place in a date ends the reading, for then it is not known what the
//! rest means.

use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::clean::fold;
use super::parts::{Field, Half, Parts};
use super::pieces::{
    ERAS, FILLERS, ORDINALS, ZONE_LENGTH, digits, group, half, is_letter, letters,
};
use super::zones::{self, Zone};
use super::{months, weekdays};

/// Reads a text that is [clean](super::clean::clean).
pub(super) fn parts(text: &str) -> Option<Parts> {
    let mut reader = Reader {
        rest: text,
        parts: Parts::default(),
    };
    while !reader.rest.is_empty() {
        let before = reader.rest.len();
        reader.piece()?;
        if reader.rest.len() >= before {
            return None;
        }
    }
    Some(reader.parts)
}

struct Reader<'a> {
    rest: &'a str,
    parts: Parts,
}

impl<'a> Reader<'a> {
    fn piece(&mut self) -> Option<()> {
        let first = self.rest.chars().next()?;
        match first {
            // What explains a zone adds nothing: `+0100 (CET)`.
            '(' if self.parts.zone.is_some() => {
                let end = self.rest.find(')')?;
                self.take(end + 1);
                Some(())
            }
            ' ' | ',' | '(' | ')' | '[' | ']' | ';' | '"' | '.' => {
                self.take(1);
                Some(())
            }
            '0'..='9' => self.number(),
            '+' | '-' => self.sign(),
            '\'' => self.short_year(),
            ':' | '/' if self.parts.has_date() => {
                self.take(1);
                Some(())
            }
            _ if is_letter(first) => self.word(),
            _ => None,
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (head, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        self.rest = rest;
        head
    }

    /// A number, with what is attached to it.
    fn number(&mut self) -> Option<()> {
        let length = digits(self.rest);
        let after = &self.rest[length..];
        if let Some(zone) = self.zone_without_sign(length) {
            self.take(length + usize::from(after.starts_with(':')) * 3);
            return self.parts.set_zone(zone);
        }
        if length <= 2 && after.starts_with(':') && digits(&after[1..]) > 0 {
            return self.time(length);
        }
        if self.marked(length)? || self.week_or_day_of_year(length)? {
            return Some(());
        }
        let wants_time = self.parts.has_date() && !self.parts.has(Field::Hour);
        if let Some(found) = group(self.rest)
            .filter(|found| !self.parts.has_date() || wants_time && found.1.is_time())
        {
            self.take(found.0);
            return self.parts.group(found.1);
        }
        match length {
            8 | 12 | 14 => self.compact(length),
            1..=4 => {
                let number = self.take(length);
                let suffix = letters(self.rest);
                let is_ordinal = ORDINALS.contains(&fold(&self.rest[..suffix]).as_str());
                if is_ordinal && length <= 2 {
                    self.take(suffix);
                    return self.parts.set(Field::Day, number);
                }
                self.parts.number(number)
            }
            _ => None,
        }
    }

    /// `20241225`, `202412251000`, `20241225100000`.
    fn compact(&mut self, length: usize) -> Option<()> {
        let number = self.take(length);
        self.parts.set(Field::Year, &number[..4])?;
        self.parts.set(Field::Month, &number[4..6])?;
        self.parts.set(Field::Day, &number[6..8])?;
        if length == 8 {
            return Some(());
        }
        self.parts.set(Field::Hour, &number[8..10])?;
        self.parts.set(Field::Minute, &number[10..12])?;
        match &number[12..] {
            "" => Some(()),
            second => self.parts.set(Field::Second, second),
        }
    }

    /// `2024-W52-3`, `2024W52`, `2024-360`. False if it is something else.
    fn week_or_day_of_year(&mut self, length: usize) -> Option<bool> {
        let after = &self.rest[length..];
        let (dash, after) = match after.strip_prefix('-') {
            Some(after) => (1, after),
            None => (0, after),
        };
        if length != 4 || self.parts.has_date() {
            return Some(false);
        }
        let year: i16 = self.rest[..length].parse().ok()?;
        if let Some(week) = after.strip_prefix(['W', 'w'])
            && digits(week) >= 2
        {
            let (number, rest) = week.split_at(2);
            let day = rest.strip_prefix('-').unwrap_or(rest);
            let day_length = digits(day);
            let (day, used) = match day_length {
                0 => ("1", 0),
                1 => (&day[..1], rest.len() - day.len() + 1),
                _ => return None,
            };
            let weekday = Weekday::from_monday_one_offset(day.parse().ok()?).ok()?;
            let date = ISOWeekDate::new(year, number.parse().ok()?, weekday).ok()?;
            self.take(length + dash + 3 + used);
            return self.parts.set_date(date.date()).map(|()| true);
        }
        if dash == 1 && digits(after) == 3 && !after[3..].starts_with('-') {
            let first = Date::new(year, 1, 1).ok()?;
            let day: i16 = after[..3].parse().ok()?;
            let date = first.with().day_of_year(day).build().ok()?;
            self.take(length + 4);
            return self.parts.set_date(date).map(|()| true);
        }
        Some(false)
    }

    /// `10:00`, `10:00:00.123`, `10:30h`.
    fn time(&mut self, length: usize) -> Option<()> {
        let hour = self.take(length);
        self.parts.set(Field::Hour, hour)?;
        for field in [Field::Minute, Field::Second] {
            let part = self.rest.strip_prefix(':').map_or(0, digits);
            if part == 0 {
                break;
            }
            if part > 2 {
                return None;
            }
            self.take(1);
            let value = self.take(part);
            self.parts.set(field, value)?;
        }
        let fraction = self.rest.strip_prefix(['.', ',', ':']).map_or(0, digits);
        if fraction > 0 && self.parts.has(Field::Second) {
            self.take(1);
            let value = self.take(fraction);
            self.parts.set_fraction(value);
        }
        Some(())
    }

    /// A number that is followed by what it counts: `2024年`, `10 時`, `10h30`, `3pm`. False if not.
    fn marked(&mut self, length: usize) -> Option<bool> {
        let after = &self.rest[length..];
        let gap = after.len() - after.trim_start_matches(' ').len();
        let unit = &after[gap..];
        let number = &self.rest[..length];
        let next = unit.chars().next().unwrap_or(' ');
        let counted = match next {
            '年' | '년' if length == 4 || length == 2 => Some(Field::Year),
            '月' | '월' if length <= 2 => Some(Field::Month),
            '日' | '일' | '號' | '号' if length <= 2 => Some(Field::Day),
            '時' | '时' | '시' | '点' | '點' if length <= 2 => Some(Field::Hour),
            '分' | '분' if length <= 2 => Some(Field::Minute),
            '秒' | '초' if length <= 2 => Some(Field::Second),
            _ => None,
        };
        if let Some(field) = counted {
            self.take(length + gap + next.len_utf8());
            return self.parts.set(field, number).map(|()| true);
        }
        if length > 2 || self.parts.has(Field::Hour) {
            return Some(false);
        }
        if half(unit).is_some() && number.parse().is_ok_and(|hour: u8| hour <= 12) {
            self.take(length + gap);
            return self.parts.set(Field::Hour, number).map(|()| true);
        }
        let word = letters(unit);
        if matches!(&fold(&unit[..word])[..], "h" | "uhr") {
            self.take(length + gap + word);
            self.parts.set(Field::Hour, number)?;
            return self.minutes().map(|()| true);
        }
        Some(false)
    }

    /// The minutes behind `10h`, and the seconds behind `10h30m`.
    fn minutes(&mut self) -> Option<()> {
        for field in [Field::Minute, Field::Second] {
            let next = self.rest.trim_start_matches([' ', ':']);
            let length = digits(next);
            let gap = self.rest.len() - next.len();
            let is_minute = length == 2 && gap <= 1 && !next[2..].starts_with(['.', '/', '-']);
            if !is_minute {
                break;
            }
            self.take(gap);
            let value = self.take(length);
            self.parts.set(field, value)?;
            let unit = letters(self.rest);
            if matches!(
                &self.rest[..unit],
                "m" | "min" | "mn" | "s" | "sec" | "'" | "h"
            ) {
                self.take(unit);
            }
        }
        Some(())
    }

    /// A zone that lost its sign on the way, as `+` in an address does: `10:00:00 0100`.
    fn zone_without_sign(&self, length: usize) -> Option<Zone> {
        if !self.parts.has(Field::Second) || !self.parts.has_date() || self.parts.zone.is_some() {
            return None;
        }
        let after = &self.rest[length..];
        let has_colon = length == 2
            && after.starts_with(':')
            && digits(&after[1..]) == 2
            && !after[3..].starts_with(':');
        if length != 4 && !has_colon {
            return None;
        }
        let text = format!("+{}", &self.rest[..if has_colon { 5 } else { 4 }]);
        let (_, offset) = zones::offset(&text)?;
        (offset.seconds() % (15 * 60) == 0).then_some(Zone::Fixed(offset))
    }

    /// An offset, or a dash between parts.
    fn sign(&mut self) -> Option<()> {
        let behind = self.rest[1..].chars().next().unwrap_or(' ');
        if self.rest.starts_with('-') && (behind == ' ' || is_letter(behind)) {
            self.take(1);
            return Some(());
        }
        if !self.parts.has(Field::Hour) && !self.parts.has_date() {
            return None;
        }
        let (length, offset) = zones::offset(self.rest)?;
        self.take(length);
        self.parts.set_zone(Zone::Fixed(offset))
    }

    /// `'24`.
    fn short_year(&mut self) -> Option<()> {
        if digits(&self.rest[1..]) != 2 {
            return None;
        }
        self.take(1);
        let year = self.take(2);
        self.parts.set(Field::Year, year)
    }

    fn word(&mut self) -> Option<()> {
        if let Some((length, place)) = zones::iana(self.rest) {
            self.take(length);
            return self.parts.set_zone(place);
        }
        if let Some((length, half)) = self.half() {
            self.take(length);
            return self.parts.set_half(half);
        }
        if let Some((name, before)) = ERAS.iter().find(|(name, _)| self.rest.starts_with(name)) {
            self.take(name.len());
            return self.era(*before);
        }
        let length = letters(self.rest);
        let (word, behind) = self.rest.split_at(length);
        let folded = fold(word);
        if self.begins_time(word, behind) {
            self.take(length);
            return Some(());
        }
        if let Some((length, zone)) = self.zone() {
            self.take(length);
            return self.zone_and_offset(zone);
        }
        let (month, weekday) = (months::candidates(&folded), weekdays::candidates(&folded));
        let is_first = self.parts.is_empty();
        let is_abbreviation =
            word.len() <= ZONE_LENGTH && word.bytes().all(|byte| byte.is_ascii_uppercase());
        self.take(length);
        if folded == "thu" && self.vietnamese_weekday() {
            return Some(());
        }
        if !month.is_empty() {
            self.parts.month(month, weekday)
        } else if !weekday.is_empty() {
            self.parts.weekday.extend(weekday);
            Some(())
        } else if self.parts.has(Field::Hour) && is_abbreviation {
            // RFC 5322, section 4.3.
            self.parts.set_zone(Zone::UTC)
        } else if matches!(&*folded, "thang") && digits(self.rest.trim_start()) > 0 {
            self.counted(Field::Month)
        } else if matches!(&*folded, "nam") && digits(self.rest.trim_start()) == 4 {
            self.counted(Field::Year)
        } else if FILLERS.contains(&&*folded) {
            Some(())
        } else {
            // A weekday in a language that nobody thought of.
            is_first.then(|| self.parts.has_front_word = true)
        }
    }

    /// The `T` between date and time.
    fn begins_time(&self, word: &str, behind: &str) -> bool {
        matches!(word, "T" | "t") && self.parts.has_date() && digits(behind) > 0
    }

    /// A number behind its name: Vietnamese `tháng 12`.
    fn counted(&mut self, field: Field) -> Option<()> {
        self.rest = self.rest.trim_start();
        let length = digits(self.rest);
        let number = self.take(length);
        self.parts.set(field, number)
    }

    /// The second word of `Thứ Tư`, or its number.
    fn vietnamese_weekday(&mut self) -> bool {
        let next = self.rest.trim_start();
        let length = letters(next);
        let known = ["hai", "ba", "tu", "nam", "sau", "bay"];
        let is_named = known.contains(&fold(&next[..length]).as_str());
        let is_number = digits(next) == 1 && next[1..].starts_with(',');
        if is_named || is_number {
            self.rest = &next[length.max(usize::from(is_number))..];
        }
        is_named || is_number
    }

    fn era(&mut self, before: i32) -> Option<()> {
        self.rest = self.rest.trim_start();
        let length = digits(self.rest);
        let number = self.take(length);
        let unit = self.rest.trim_start();
        self.rest = unit.strip_prefix('年')?;
        // The first year has a name instead of a number.
        let year = before + number.parse::<i32>().ok()?;
        self.parts.set(Field::Year, &year.to_string())
    }

    fn half(&self) -> Option<(usize, Half)> {
        let is_before = self
            .rest
            .chars()
            .next()
            .is_some_and(|c| u32::from(c) > 0x2e80);
        half(self.rest).filter(|_| is_before || self.parts.has(Field::Hour))
    }

    /// A zone in words, where one may stand.
    fn zone(&self) -> Option<(usize, Zone)> {
        if !self.parts.has(Field::Hour) && !self.parts.has_date() {
            return None;
        }
        let lower = self.rest.to_lowercase();
        zones::named(&lower).filter(|(length, _)| self.rest.is_char_boundary(*length))
    }

    /// A zone that was named, with the offset behind `GMT` or `UTC`.
    fn zone_and_offset(&mut self, zone: Zone) -> Option<()> {
        let offset = zones::offset(self.rest).filter(|_| zone == Zone::UTC);
        match offset {
            Some((length, offset)) => {
                self.take(length);
                self.parts.set_zone(Zone::Fixed(offset))
            }
            None => self.parts.set_zone(zone),
        }
    }
}
