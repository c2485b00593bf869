//! Attributes that are kept only if a validator would accept their value.

use super::links::Origin;
use super::tree::{Attributes, Element};

/// Most columns or rows that a cell spans.
const SPAN: u32 = 100;
/// Highest number of a list's item, up or down.
const ITEM: i32 = 1_000_000;
/// Languages of ISO 639-1 that are in use; the registry of the rest is too long to carry.
const LANGUAGES: &str = " af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gd gl gu he hi hr hu hy id \
    is it ja ka kk km kn ko ku ky la lb lo lt lv mk ml mn mr ms mt my nb ne nl nn no oc pa pl ps pt ro ru rw \
    sa si sk sl so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi xh yi yo zh zu ";
/// Scripts that tell the texts of one language apart.
const SCRIPTS: [&str; 5] = ["Arab", "Cyrl", "Hans", "Hant", "Latn"];

/// Copies what is valid of an element's own attributes.
pub(super) fn copy<'a>(raw: &Element<'a>, out: &mut Attributes<'a>, origin: Origin<'_>) {
    for (name, value) in &raw.attributes {
        let valid = match *name {
            "title" if matches!(raw.name(), "abbr" | "dfn") => {
                Some(value.trim().to_owned()).filter(|title| !title.is_empty())
            }
            "cite" => origin.resource(value),
            "datetime" => date(value.trim()),
            "open" | "reversed" => Some(String::new()),
            "start" | "value" => number(value),
            "type" if raw.name() == "ol" => {
                let kind = value.trim();
                matches!(kind, "1" | "a" | "A" | "i" | "I").then(|| kind.to_owned())
            }
            "colspan" | "rowspan" => span(value),
            "scope" => scope(value),
            _ => None,
        };
        if let Some(valid) = valid {
            out.push((name, valid.into()));
        }
    }
}

/// `ltr`, `rtl` or `auto`.
pub(super) fn direction(raw: &str) -> Option<&'static str> {
    ["ltr", "rtl", "auto"]
        .into_iter()
        .find(|known| raw.trim().eq_ignore_ascii_case(known))
}

/// A language, with its script if that is needed to read it; never a region.
pub(super) fn language(raw: &str) -> Option<String> {
    let mut parts = raw.trim().split(['-', '_']);
    let primary = parts.next()?.to_ascii_lowercase();
    if primary.len() != 2 || !LANGUAGES.contains(&format!(" {primary} ")) {
        return None;
    }
    let second = parts.next().unwrap_or_default();
    let script = SCRIPTS
        .into_iter()
        .find(|script| script.eq_ignore_ascii_case(second));
    Some(script.map_or(primary.clone(), |script| format!("{primary}-{script}")))
}

/// `video/mp4`, without parameters.
pub(super) fn media_type(raw: &str) -> Option<String> {
    let kind = raw.split(';').next()?.trim().to_ascii_lowercase();
    let (family, format) = kind.split_once('/')?;
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-.+".contains(&byte))
    };
    (matches!(family, "video" | "audio" | "application") && plain(format)).then_some(kind)
}

fn number(raw: &str) -> Option<String> {
    let number: i32 = raw.trim().parse().ok()?;
    (number.abs() <= ITEM).then(|| number.to_string())
}

fn span(raw: &str) -> Option<String> {
    let span: u32 = raw.trim().parse().ok()?;
    (span > 1).then(|| span.min(SPAN).to_string())
}

fn scope(raw: &str) -> Option<String> {
    let scope = raw.trim().to_ascii_lowercase();
    matches!(scope.as_str(), "row" | "col" | "rowgroup" | "colgroup").then_some(scope)
}

/// A year, month, day, or an instant of a day (WHATWG HTML, section 2.3.5), as far as feeds use
/// them.
fn date(raw: &str) -> Option<String> {
    let (day, time) = match raw.find(['T', ' ']) {
        Some(at) => (&raw[..at], Some(&raw[at + 1..])),
        None => (raw, None),
    };
    let parts: Vec<&str> = day.split('-').collect();
    let digits = |part: &str, length: usize| {
        (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<i16>().ok())?
    };
    let year = digits(parts.first()?, 4).filter(|year| *year > 0)?;
    let month = parts.get(1).map_or(Some(1), |month| {
        digits(month, 2).filter(|month| (1..=12).contains(month))
    })?;
    let day = parts.get(2).map_or(Some(1), |day| digits(day, 2))?;
    let is_day =
        jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).is_ok();
    let is_time = time.is_none_or(|time| parts.len() == 3 && is_time(time));
    (is_day && is_time && parts.len() <= 3).then(|| raw.to_owned())
}

/// `12:34`, `12:34:56`, `12:34:56.789`, each with `Z` or an offset or neither.
fn is_time(raw: &str) -> bool {
    let (clock, offset) = match raw.find(['Z', '+', '-']) {
        Some(at) => (&raw[..at], &raw[at..]),
        None => (raw, ""),
    };
    let pair = |part: &str, limit: u8| {
        part.len() == 2
            && part
                .parse::<u8>()
                .is_ok_and(|number| number < limit && part.as_bytes()[0] != b'+')
    };
    let zone = match offset.strip_prefix(['+', '-']) {
        Some(zone) => zone
            .split_once(':')
            .is_some_and(|(hours, minutes)| pair(hours, 24) && pair(minutes, 60)),
        None => matches!(offset, "" | "Z"),
    };
    let (whole, part) = clock
        .split_once('.')
        .map_or((clock, None), |(whole, part)| (whole, Some(part)));
    let parts: Vec<&str> = whole.split(':').collect();
    let limits = [24, 60, 60];
    let in_range = (2..=3).contains(&parts.len())
        && parts
            .iter()
            .zip(limits)
            .all(|(part, limit)| pair(part, limit));
    let fraction = part.is_none_or(|part| {
        parts.len() == 3
            && (1..=3).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    zone && in_range && fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_kept_if_they_exist() {
        for valid in [
            "2025",
            "2025-02",
            "2024-02-29",
            "2025-01-02T03:04",
            "2025-01-02 03:04:05",
            "2025-01-02T03:04:05.678Z",
            "2025-01-02T03:04+01:00",
        ] {
            assert_eq!(date(valid).as_deref(), Some(valid));
        }
        for odd in [
            "",
            "yesterday",
            "0000",
            "2025-13",
            "2025-02-30",
            "2025-1-2",
            "2025-01T03:04",
            "2025-01-02T25:00",
            "2025-01-02T03",
            "2025-01-02T03:04:05.6789",
            "2025-01-02T03:04+0100",
            "2025-01-02-03",
            "ä",
        ] {
            assert_eq!(date(odd), None, "{odd}");
        }
    }

    #[test]
    fn languages_are_those_that_validators_know() {
        for (raw, kept) in [
            ("en-US", Some("en")),
            ("DE", Some("de")),
            ("zh_hant-TW", Some("zh-Hant")),
            ("jp", None),
            ("", None),
            ("x-default", None),
            ("english", None),
            (" f", None),
        ] {
            assert_eq!(language(raw).as_deref(), kept, "{raw}");
        }
    }
}
