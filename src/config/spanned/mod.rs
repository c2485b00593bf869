//! TOML with places: from a text to a [`Table`] that is asked for its keys by name and type.
//!
//! site.toml, theme.toml and front matters are all read with it, so that each of them names its
//! problems in the same words. A table remembers what it was asked for: what is left when it goes
//! out of scope is unknown, so the list of known keys cannot go stale.
//!
//! Invariants: nothing stops at the first problem; every problem has a place; a line that is no
//! TOML is reported once, not again for what could not be read from it.

mod table;
mod values;

use std::cell::RefCell;
use std::ops::Range;

use toml::de::DeTable;

use crate::diag::{Code, Diagnostic, Place};

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
    let document = Document {
        file,
        text,
        offset: part.start,
        problems: RefCell::default(),
    };
    let (tree, errors) = DeTable::parse_recoverable(text.get(part).unwrap_or_default());
    let value = {
        let root = Table::new(&document, String::new(), Some(tree.get_ref()), None);
        read(&root)
    };
    let mut problems = document.problems.take();
    if !errors.is_empty() {
        let errors = document.syntax_errors(&errors);
        problems.retain(|problem| is_sound(problem, &errors));
        problems.extend(errors);
    }
    problems.sort_by(Diagnostic::report_order);
    (value, problems)
}

/// Whether a problem holds although the file could not be read as a whole. A key may be missing
/// because its line is broken, and unknown because the `[table]` that it stands in is.
fn is_sound(problem: &Diagnostic, errors: &[Diagnostic]) -> bool {
    let line = |diagnostic: &Diagnostic| {
        let position = diagnostic.place.as_ref().and_then(|place| place.position);
        position.map(|position| position.line)
    };
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
        _ => errors.iter().all(|error| line(error) != line(problem)),
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
}

impl Document<'_> {
    fn span(&self, span: Range<usize>) -> Range<usize> {
        span.start + self.offset..span.end + self.offset
    }

    fn syntax_errors(&self, errors: &[toml::de::Error]) -> Vec<Diagnostic> {
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        for error in errors {
            let place = match error.span() {
                Some(span) => Place::span(self.file, self.text, self.span(span)),
                None => Place::file(self.file),
            };
            // One broken line can break the parser's expectations several times.
            let line = |place: &Place| place.position.map(|position| position.line);
            let told = diagnostics
                .iter()
                .filter_map(|diagnostic| diagnostic.place.as_ref())
                .any(|other| line(other) == line(&place));
            if !told {
                let message = format!("invalid TOML: {}", error.message());
                diagnostics.push(Diagnostic::error(Code::ConfigSyntax, message).at(place));
            }
        }
        diagnostics
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
            assert_eq!(
                found_problems,
                [format!("`x`: expected a string, found {found}")]
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
