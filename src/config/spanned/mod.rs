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
mod syntax;
mod table;
mod unknown;
mod values;

use std::cell::RefCell;
use std::ops::Range;

use toml::de::DeTable;

use crate::diag::{Code, Diagnostic};
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
}

#[cfg(test)]
mod tests;
