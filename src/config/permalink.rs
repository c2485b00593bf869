//! The pattern of permalinks: text and fields in braces, checked before any entry is named by it.
//!
//! Invariants of a [`PermalinkPattern`]: every field is known, `{id}` is among them (else two
//! entries could want one page), and what it makes is a path inside the output folder.

use std::ops::Range;

use super::spanned::{Said, Table};
use super::{PermalinkPattern, suggest};
use crate::model::PagePath;

/// The pattern, unless site.toml gives another.
const PATTERN: &str = "{year}/{month}/{slug}-{id}";
/// The fields, each with a value as it may be.
const FIELDS: &[(&str, &str)] = &[
    ("year", "2026"),
    ("month", "08"),
    ("day", "31"),
    ("slug", "a-slug"),
    ("id", "abcdefgh"),
];

/// Reads the pattern under a key; none if it is no pattern, which is reported.
pub(crate) fn read(table: &Table<'_>, key: &'static str) -> Option<PermalinkPattern> {
    let Some(said) = table.string(key) else {
        return Some(PermalinkPattern(PATTERN.to_owned()));
    };
    match check(said.value) {
        Ok(()) => Some(PermalinkPattern(said.value.to_owned())),
        Err(problem) => {
            let span = part_span(table, &said, problem.part);
            table.invalid(&span, problem.message, Some(problem.hint));
            None
        }
    }
}

#[derive(Debug)]
struct Problem<'a> {
    message: String,
    hint: String,
    /// The part of the pattern that is wrong.
    part: &'a str,
}

fn check(pattern: &str) -> Result<(), Problem<'_>> {
    let problem = |message: String, hint: String, part| {
        Err(Problem {
            message,
            hint,
            part,
        })
    };
    let mut sample = String::new();
    let mut has_id = false;
    let mut rest = pattern;
    while let Some(brace) = rest.find(['{', '}']) {
        let (text, field) = rest.split_at(brace);
        let end = field.find('}').filter(|_| field.starts_with('{'));
        let Some(end) = end else {
            let message = "a brace without its partner in the pattern".to_owned();
            return problem(message, "fields are written `{id}`".to_owned(), field);
        };
        let name = &field[1..end];
        let Some((_, value)) = FIELDS.iter().find(|(known, _)| *known == name) else {
            let known = FIELDS.iter().map(|(known, _)| *known);
            let hint = suggest::did_you_mean(name, known.clone())
                .unwrap_or_else(|| format!("the fields are {}", suggest::list(known)));
            let part = &field[..=end];
            return problem(format!("unknown field of permalinks: `{part}`"), hint, part);
        };
        has_id |= name == "id";
        sample.push_str(text);
        sample.push_str(value);
        rest = &field[end + 1..];
    }
    sample.push_str(rest);
    if let Some(part) = foreign_field(pattern) {
        let message = format!("`{part}` is no field of permalinks");
        let hint = format!("fields are written in braces: `{PATTERN}`");
        return problem(message, hint, part);
    }
    if !has_id {
        let hint = "add `{id}`: two entries may have the same date and title".to_owned();
        return problem(
            "the pattern of permalinks lacks `{id}`".to_owned(),
            hint,
            pattern,
        );
    }
    if [".html", ".htm", "/"]
        .iter()
        .any(|ending| sample.ends_with(ending))
    {
        let hint = "leave it out: `output.urls` decides how URLs end".to_owned();
        return problem(
            "the pattern of permalinks has an ending".to_owned(),
            hint,
            pattern,
        );
    }
    if PagePath::new(&sample).is_none() {
        let hint = "no `/` at the start, no empty part, no `.` or `..`".to_owned();
        return problem(
            format!("permalinks would be no paths: {pattern}"),
            hint,
            pattern,
        );
    }
    Ok(())
}

/// A field as other generators write it: `:year`, `%Y`, `$slug`, `<id>`.
fn foreign_field(pattern: &str) -> Option<&str> {
    pattern.split('/').find(|part| {
        let mark = part.chars().next();
        let name = part.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_field = FIELDS.iter().any(|(field, _)| *field == name) || name == "title";
        match mark {
            Some(':' | '$' | '<') => is_field,
            Some('%') => name.len() == 1,
            _ => false,
        }
    })
}

/// Where a part of a string stands in the file: the whole string, if escapes hide it.
fn part_span(table: &Table<'_>, said: &Said<&str>, part: &str) -> Range<usize> {
    match table.written(&said.span).find(part) {
        Some(start) if part != said.value => {
            let start = said.span.start + start;
            start..start + part.len()
        }
        _ => said.span.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_has_known_fields_an_id_and_no_ending() {
        for pattern in [
            PATTERN,
            "{id}",
            "p/{id}/x",
            "{year}-{month}-{day}/{slug}.{id}",
        ] {
            assert!(check(pattern).is_ok(), "{pattern}");
        }
        for pattern in [
            "",
            "{slug}",
            "{id}/",
            "{id}.html",
            "/{id}",
            "../{id}",
            "a//{id}",
            "{id",
            "id}",
            "{ID}",
            "{}{id}",
            "{{id}}",
            ":year/:slug-{id}",
            "%Y/%m/{id}",
            "{year}/{monht}/{id}",
            "./{id}",
            "a\\{id}",
        ] {
            assert!(check(pattern).is_err(), "{pattern}");
        }
    }
}
