//! TOML with places: from a text to a [`Table`] that is asked for its keys by name and type.
//!
//! site.toml, theme.toml and front matters are all read with it, so that each of them names its
//! problems in the same words. A table remembers what it was asked for: what is left when it goes
//! out of scope is unknown, so the list of known keys cannot go stale.
//!
//! Invariants: nothing stops at the first problem; every problem has a place; a line that is no
//! TOML is reported once, not again for what could not be read from it; a key that is only
//! misspelt, or stands in the wrong table, is not reported as missing, too.

mod slips;
mod table;
mod unknown;
mod values;

use std::cell::RefCell;
use std::ops::Range;

use toml::de::DeTable;

use crate::diag::{Code, Diagnostic, Place};
use unknown::{Asked, Missing, Unknown};

pub(crate) use table::Table;
pub(crate) use values::parse_web_url;

/// A value, and where the file says it: bytes of the whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said<T> {
    /// What it says.
    pub(crate) value: T,
    /// Where.
    pub(crate) span: Range<usize>,
}

impl<T> Said<T> {
    /// The same place, with what was made of the value.
    pub(crate) fn with<U>(self, value: U) -> Said<U> {
        Said {
            value,
            span: self.span,
        }
    }
}

/// Reads the part of a file that is TOML (all of site.toml, the front matter of a page) and
/// returns what `read` made of it, and all problems in the order of the file.
pub(crate) fn read_toml<T>(
    file: &str,
    text: &str,
    part: Range<usize>,
    read: impl FnOnce(&Table<'_>) -> T,
) -> (T, Vec<Diagnostic>) {
    let document = Document::new(file, text, part.start);
    let (tree, errors) = DeTable::parse_recoverable(text.get(part).unwrap_or_default());
    let value = {
        let root = Table::new(&document, String::new(), Some(tree.get_ref()), None);
        read(&root)
    };
    let mut problems = unknown::settle(&document);
    problems.extend(document.problems.take());
    if !errors.is_empty() {
        let (lines, errors) = document.syntax_errors(&errors);
        problems.retain(|problem| is_sound(problem, &lines, &errors));
        problems.extend(errors);
    }
    problems.sort_by(Diagnostic::report_order);
    (value, problems)
}

/// Whether a problem holds although the file could not be read as a whole. A key may be missing
/// because its line is broken, and unknown because the `[table]` that it stands in is.
fn is_sound(problem: &Diagnostic, broken: &[usize], errors: &[Diagnostic]) -> bool {
    let position = problem.place.as_ref().and_then(|place| place.position);
    let line = position.map(|position| position.line);
    let header_is_broken = errors.iter().any(|error| {
        let excerpt = error
            .place
            .as_ref()
            .and_then(|place| place.excerpt.as_ref());
        excerpt.is_some_and(|excerpt| excerpt.text.trim_start().starts_with('['))
    });
    match problem.code {
        Code::ConfigMissingKey => false,
        Code::ConfigUnknownKey if header_is_broken => false,
        _ => line.is_none_or(|line| !broken.contains(&line)),
    }
}

/// A file that is being read, and its problems so far.
#[derive(Debug)]
struct Document<'t> {
    file: &'t str,
    text: &'t str,
    /// Where the TOML starts in `text`.
    offset: usize,
    problems: RefCell<Vec<Diagnostic>>,
    /// What the tables that were read were asked for.
    asked: RefCell<Vec<Asked>>,
    missing: RefCell<Vec<Missing>>,
    unknown: RefCell<Vec<Unknown>>,
    /// Keys whose values are of the wrong type: nothing below them is missing.
    mistyped: RefCell<Vec<String>>,
}

impl<'t> Document<'t> {
    fn new(file: &'t str, text: &'t str, offset: usize) -> Self {
        Document {
            file,
            text,
            offset,
            problems: RefCell::default(),
            asked: RefCell::default(),
            missing: RefCell::default(),
            unknown: RefCell::default(),
            mistyped: RefCell::default(),
        }
    }

    fn span(&self, span: Range<usize>) -> Range<usize> {
        span.start + self.offset..span.end + self.offset
    }

    /// The broken lines, and one problem for each of them, but only one for lines that are broken in
    /// the same way: who writes one value without quotation marks writes all of them so.
    fn syntax_errors(&self, errors: &[toml::de::Error]) -> (Vec<usize>, Vec<Diagnostic>) {
        let mut lines: Vec<usize> = Vec::new();
        let mut broken: Vec<Broken> = Vec::new();
        for error in errors {
            let problem = self.broken(error);
            if problem.line.is_some_and(|line| lines.contains(&line)) {
                continue;
            }
            lines.extend(problem.line);
            let same = broken.iter_mut().find(|other| other.kind == problem.kind);
            match same.filter(|_| problem.kind.is_some()) {
                Some(first) => first.again.extend(problem.line),
                None => broken.push(problem),
            }
        }
        let problems = broken.into_iter().map(Broken::into_diagnostic);
        (lines, problems.collect())
    }

    /// What the parser refused, in the words of the slip that it most likely is.
    fn broken(&self, error: &toml::de::Error) -> Broken {
        let told = |message: &str| {
            Diagnostic::error(Code::ConfigSyntax, format!("invalid TOML: {message}"))
        };
        let Some(span) = error.span() else {
            let place = Place::file(self.file);
            return Broken::of(told(error.message()).at(place), None, None);
        };
        let span = self.span(span);
        let line = self.line_at(span.start);
        let number = self.text[..line.start].matches('\n').count() + 1;
        let written = &self.text[line.clone()];
        if error.message() == "duplicate key" {
            let (message, hint) = self.twice(&span, &line);
            let place = Place::span(self.file, self.text, span);
            return Broken::of(told(&message).at(place).hint(hint), Some(number), None);
        }
        match slips::find(written, error.message()) {
            Some(slip) => {
                let at = line.start + slip.at.start..line.start + slip.at.end;
                let place = Place::span(self.file, self.text, at);
                let problem = told(&slip.message).at(place).hint(slip.hint);
                Broken::of(problem, Some(number), Some(slip.kind))
            }
            None => {
                let place = Place::span(self.file, self.text, span);
                Broken::of(told(error.message()).at(place), Some(number), None)
            }
        }
    }

    /// The line that holds this byte, without its end.
    fn line_at(&self, at: usize) -> Range<usize> {
        let at = self.text.floor_char_boundary(at);
        // What ends at a line's end is about that line.
        let before = self.text[..at]
            .strip_suffix('\n')
            .filter(|_| at == self.text.len());
        let before = before.unwrap_or(&self.text[..at]);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let start = start.max(self.offset.min(at));
        let length = self.text[start..].find(['\n', '\r']);
        start..length.map_or(self.text.len(), |length| start + length)
    }

    /// What to say of a key, or a table, that is there twice, and where it stands first.
    fn twice(&self, span: &Range<usize>, line: &Range<usize>) -> (String, String) {
        let key = self.text.get(span.clone()).unwrap_or_default();
        let written = self.text[line.clone()].trim();
        let before = self.text.get(self.offset..line.start).unwrap_or_default();
        let first_line = self.text[..self.offset].matches('\n').count() + 1;
        let numbered: Vec<(usize, &str)> =
            (first_line..).zip(before.lines().map(str::trim)).collect();
        let first = if written.starts_with('[') {
            numbered.iter().find(|(_, line)| *line == written)
        } else {
            let sets = |line: &str| {
                let rest = line.strip_prefix(key).map(str::trim_start);
                rest.is_some_and(|rest| rest.starts_with(['=', '.']))
            };
            let same_table = numbered
                .iter()
                .rev()
                .take_while(|(_, line)| !line.starts_with('['));
            same_table.filter(|(_, line)| sets(line)).last()
        };
        let what = match written.starts_with('[') {
            true => format!("the table `{written}` is there twice"),
            false => format!("`{key}` is there twice"),
        };
        match first {
            Some((number, _)) => (
                format!("{what}, first in line {number}"),
                "keep one of the two".to_owned(),
            ),
            None => (what, "a key can have only one value".to_owned()),
        }
    }
}

/// A line that is no TOML.
struct Broken {
    problem: Diagnostic,
    line: Option<usize>,
    /// The kind of slip, if it is one.
    kind: Option<slips::Kind>,
    /// Other lines with the same slip.
    again: Vec<usize>,
}

impl Broken {
    fn of(problem: Diagnostic, line: Option<usize>, kind: Option<slips::Kind>) -> Self {
        Broken {
            problem,
            line,
            kind,
            again: Vec::new(),
        }
    }

    fn into_diagnostic(self) -> Diagnostic {
        let numbers: Vec<String> = self.again.iter().map(ToString::to_string).collect();
        let hint = self.problem.hint.clone().unwrap_or_default();
        match numbers.as_slice() {
            [] => self.problem,
            [one] => self.problem.hint(format!("{hint}; the same in line {one}")),
            several => {
                let lines = several.join(", ");
                self.problem
                    .hint(format!("{hint}; the same in lines {lines}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str, read: impl FnOnce(&Table<'_>)) -> Vec<String> {
        let ((), problems) = read_toml("f.toml", text, 0..text.len(), read);
        problems
            .into_iter()
            .map(|problem| {
                let hint = problem.hint.map(|hint| format!(" ({hint})"));
                format!("{}{}", problem.message, hint.unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn a_table_knows_the_keys_that_it_was_asked_for() {
        let found = problems("title = 'x'\ntitel = 'y'\nsomething = 1", |root| {
            root.string("title");
            root.boolean("hidden");
        });
        assert_eq!(
            found,
            [
                "unknown key: `titel` (did you mean `title`?)",
                "unknown key: `something` (known here: `title`, `hidden`)"
            ]
        );
    }

    #[test]
    fn each_type_is_named_as_it_was_found() {
        for (value, found) in [
            ("1", "an integer"),
            ("1.5", "a floating-point number"),
            ("true", "a boolean"),
            ("2026-01-01", "a date"),
            ("[]", "a list"),
            ("{}", "a table"),
        ] {
            let text = format!("x = {value}");
            let found_problems = problems(&text, |root| assert!(root.string("x").is_none()));
            assert_eq!(found_problems.len(), 1);
            let message = format!("`x`: expected a string, found {found}");
            assert!(
                found_problems[0].starts_with(&message),
                "{found_problems:?}"
            );
        }
    }

    #[test]
    fn a_broken_line_is_told_once_and_hides_no_other_problem() {
        let found = problems("title = \ncount = 'many'\n", |root| {
            root.required("title", "", Table::text);
            root.count("count", 1..=9);
            root.required("other", "", Table::text);
        });
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("invalid TOML: "), "{found:?}");
        assert_eq!(found[1], "`count`: expected an integer, found a string");
    }

    #[test]
    fn one_cause_is_one_problem() {
        let read = |root: &Table<'_>| {
            let site = root.table("site");
            site.required("title", "", Table::text);
            site.required("base_url", "", Table::web_url);
            let other = root.table("other");
            other.text("only_here");
        };
        for (text, told) in [
            // A slip in a key or in a header.
            (
                "[site]\ntitel = 'x'\nbase_url = 'https://e.example/'",
                &["unknown key: `site.titel` (did you mean `title`?)"][..],
            ),
            (
                "[sites]\ntitle = 'x'\nbase_url = 'https://e.example/'",
                &["unknown key: `sites` (did you mean `site`?)"],
            ),
            // The right key in the wrong table.
            (
                "title = 'x'\n[site]\nbase_url = 'https://e.example/'",
                &["unknown key: `title` (`title` belongs under `[site]`)"],
            ),
            (
                "[site]\ntitle = 'x'\n[other]\nbase_url = 'https://e.example/'",
                &["unknown key: `other.base_url` (`base_url` belongs under `[site]`)"],
            ),
            (
                "[site]\ntitle = 'x'\nbase_url = 'https://e.example/'\nonly_here = 'x'",
                &["unknown key: `site.only_here` (`only_here` belongs under `[other]`)"],
            ),
            // What should be a table and is none.
            (
                "site = 'x'",
                &[
                    "`site`: expected a table, found a string (write `[site]` on a line of its own, \
                   and its keys on the lines below)",
                ],
            ),
            // Two causes are two problems.
            (
                "[site]\ntitel = 'x'",
                &[
                    "`site.base_url` is missing ()",
                    "unknown key: `site.titel` (did you mean `title`?)",
                ],
            ),
            (
                "title = 'x'\n[site]\ntitle = 'y'\n",
                &[
                    "unknown key: `title` (`title` belongs under `[site]`)",
                    "`site.base_url` is missing ()",
                ],
            ),
        ] {
            assert_eq!(problems(text, read), told, "{text}");
        }
    }

    #[test]
    fn what_is_there_twice_names_both_places() {
        for (text, told) in [
            (
                "[a]\nx = 1\ny = 2\nx = 3\n",
                "`x` is there twice, first in line 2 (keep one of the two)",
            ),
            (
                "x = 0\n[a]\nx = 1\n'z' = 2\nx = 3\n",
                "`x` is there twice, first in line 3 (keep one of the two)",
            ),
            (
                "[a]\nx = 1\n[b]\n[a]\ny = 2\n",
                "the table `[a]` is there twice, first in line 1 (keep one of the two)",
            ),
            (
                "a = { x = 1, x = 2 }",
                "`x` is there twice (a key can have only one value)",
            ),
        ] {
            let found = problems(text, |root| {
                root.tables();
            });
            let syntax: Vec<_> = found.iter().filter(|one| one.contains("TOML")).collect();
            assert_eq!(syntax, [&format!("invalid TOML: {told}")], "{found:?}");
        }
    }

    #[test]
    fn lines_with_the_same_slip_are_one_problem() {
        let text = "+++\ncount = “x”\nother = “y”\ntitle: One\ntags:\nnav: 2\n+++\n";
        let ((), found) = read_toml("a.md", text, 4..text.len() - 4, |root| {
            root.values();
        });
        let told: Vec<_> = found
            .iter()
            .map(|one| one.hint.as_deref().unwrap())
            .collect();
        assert_eq!(
            told,
            [
                "use straight ones: `\"`; the same in line 3",
                "write `title = \"One\"`; the same in lines 5, 6",
            ]
        );
    }

    #[test]
    fn places_in_a_front_matter_count_from_the_start_of_the_file() {
        let text = "+++\ntitle = 1\n+++\n";
        let ((), found) = read_toml("a.md", text, 4..14, |root| {
            root.string("title");
        });
        let position = found[0].place.as_ref().unwrap().position.unwrap();
        assert_eq!((position.line, position.column), (2, 9));
    }

    #[test]
    fn a_count_has_a_range() {
        for (value, fits) in [("1", true), ("9", true), ("0", false), ("-1", false)] {
            let text = format!("n = {value}");
            let found = problems(&text, |root| {
                assert_eq!(root.count("n", 1..=9).is_some(), fits, "{value}");
            });
            assert_eq!(found.is_empty(), fits, "{value}");
        }
    }
}
