//! TOML with places: from a text to a [`Table`] that is asked for its keys by name and type.
//!
//! site.toml, theme.toml and front matters are all read with it, so that each of them names its
//! problems in the same words. A table remembers what it was asked for: what is left when it goes
//! out of scope is unknown, so the list of known keys cannot go stale.
//!
//! Invariants: nothing stops at the first problem; every problem has a place; a line that is no
//! TOML is reported once, not again for what could not be read from it.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::suggest;
use crate::diag::{Code, Diagnostic, Place};
use crate::model::{SafeUrl, Text};

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

/// A table of the file, or the place where one would stand.
#[derive(Debug)]
pub(crate) struct Table<'d> {
    document: &'d Document<'d>,
    /// Its name as a header would write it; empty for the root.
    name: String,
    table: Option<&'d DeTable<'d>>,
    span: Option<Range<usize>>,
    /// The keys that it was asked for, in that order.
    asked: RefCell<Vec<&'static str>>,
    /// Whether any key may stand in it.
    open: RefCell<bool>,
}

impl<'d> Table<'d> {
    fn new(
        document: &'d Document<'d>,
        name: String,
        table: Option<&'d DeTable<'d>>,
        span: Option<Range<usize>>,
    ) -> Self {
        Table {
            document,
            name,
            table,
            span,
            asked: RefCell::default(),
            open: RefCell::new(table.is_none()),
        }
    }

    /// The table under a key; an empty one if there is none.
    pub(crate) fn table(&self, key: &'static str) -> Table<'d> {
        match self.value(key) {
            Some(value) => self.child(key, value),
            None => Table::new(self.document, self.path(key), None, None),
        }
    }

    fn child(&self, key: &str, value: &'d Spanned<DeValue<'d>>) -> Table<'d> {
        let span = self.document.span(value.span());
        let name = self.path(key);
        if let DeValue::Table(table) = value.get_ref() {
            return Table::new(self.document, name, Some(table), Some(span));
        }
        self.wrong_type(key, "a table", value);
        Table::new(self.document, name, None, Some(span))
    }

    /// The tables under keys that the file chooses (`[feeds.NAME]`), by the key, with its place.
    pub(crate) fn tables(&self) -> Vec<(Said<&'d str>, Table<'d>)> {
        self.entries()
            .map(|(key, value)| {
                let table = self.child(key.value, value);
                (key, table)
            })
            .collect()
    }

    /// The plain values under keys that the file chooses (`[theme.options]`).
    pub(crate) fn values(&self) -> Vec<(Said<&'d str>, Said<toml::Value>)> {
        let mut values = Vec::new();
        for (key, value) in self.entries() {
            match plain(value.get_ref(), true) {
                Some(plain) => values.push((key, self.said(value, plain))),
                None => {
                    let wanted = "a string, an integer, a boolean or a list of these";
                    self.wrong_type(key.value, wanted, value);
                }
            }
        }
        values
    }

    /// The strings under keys that the file chooses (`[tags.aliases]`).
    pub(crate) fn strings_by_key(&self) -> Vec<(Said<&'d str>, Said<&'d str>)> {
        self.entries()
            .filter_map(|(key, value)| Some((key.clone(), self.as_string(key.value, value)?)))
            .collect()
    }

    /// All keys and values; from now on no key is unknown.
    fn entries(&self) -> impl Iterator<Item = (Said<&'d str>, &'d Spanned<DeValue<'d>>)> {
        *self.open.borrow_mut() = true;
        self.table.into_iter().flatten().map(|(key, value)| {
            let said = Said {
                value: key.get_ref().as_ref(),
                span: self.document.span(key.span()),
            };
            (said, value)
        })
    }

    /// A string.
    pub(crate) fn string(&self, key: &'static str) -> Option<Said<&'d str>> {
        self.as_string(key, self.value(key)?)
    }

    /// Text that is shown: a string of which something can be seen.
    pub(crate) fn text(&self, key: &'static str) -> Option<Said<Text>> {
        let said = self.string(key)?;
        match Text::new(said.value) {
            Some(text) => Some(said.with(text)),
            None => {
                self.invalid(&said.span, format!("`{}` is empty", self.path(key)), None);
                None
            }
        }
    }

    /// An absolute http or https URL.
    pub(crate) fn web_url(&self, key: &'static str) -> Option<Said<SafeUrl>> {
        let said = self.string(key)?;
        match parse_web_url(said.value) {
            Ok(url) => Some(said.with(url)),
            Err(hint) => {
                let message = format!(
                    "`{}` is no URL of a website: {}",
                    self.path(key),
                    said.value
                );
                self.invalid(&said.span, message, Some(hint));
                None
            }
        }
    }

    /// A boolean.
    pub(crate) fn boolean(&self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        if let DeValue::Boolean(boolean) = value.get_ref() {
            return Some(*boolean);
        }
        self.wrong_type(key, "`true` or `false`", value);
        None
    }

    /// An integer.
    pub(crate) fn integer(&self, key: &'static str) -> Option<Said<i64>> {
        let value = self.value(key)?;
        let DeValue::Integer(integer) = value.get_ref() else {
            self.wrong_type(key, "an integer", value);
            return None;
        };
        let parsed = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        if parsed.is_none() {
            let span = self.document.span(value.span());
            self.invalid(&span, format!("`{}` is out of range", self.path(key)), None);
        }
        parsed.map(|integer| self.said(value, integer))
    }

    /// A number of things within a range.
    pub(crate) fn count(&self, key: &'static str, range: RangeInclusive<usize>) -> Option<usize> {
        let said = self.integer(key)?;
        let count = usize::try_from(said.value)
            .ok()
            .filter(|count| range.contains(count));
        if count.is_none() {
            let (path, value) = (self.path(key), said.value);
            let message = format!("`{path}` is out of range: {value}");
            let hint = format!("between {} and {}", range.start(), range.end());
            self.invalid(&said.span, message, Some(hint));
        }
        count
    }

    /// A list of strings.
    pub(crate) fn strings(&self, key: &'static str) -> Vec<Said<&'d str>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong_type(key, "a list of strings", value);
            return Vec::new();
        };
        array
            .iter()
            .filter_map(|value| self.as_string(key, value))
            .collect()
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let said = self.string(key)?;
        let chosen = choices.iter().find(|(word, _)| *word == said.value);
        if chosen.is_none() {
            let words = choices.iter().map(|(word, _)| *word);
            let hint = suggest::did_you_mean(said.value, words.clone())
                .unwrap_or_else(|| format!("one of {}", suggest::list(words)));
            let message = format!("unknown value for `{}`: {}", self.path(key), said.value);
            self.invalid(&said.span, message, Some(hint));
        }
        chosen.map(|(_, value)| *value)
    }

    /// What a key must hold; its absence is a problem.
    pub(crate) fn required<T>(
        &self,
        key: &'static str,
        hint: &str,
        read: impl FnOnce(&Self, &'static str) -> Option<T>,
    ) -> Option<T> {
        if self.value(key).is_none() {
            let message = format!("`{}` is missing", self.path(key));
            let place = match &self.span {
                Some(span) => self.place(span),
                None => Place::file(self.document.file),
            };
            let problem = Diagnostic::error(Code::ConfigMissingKey, message);
            self.report(problem.at(place).hint(hint));
        }
        read(self, key)
    }

    /// Reports a value that cannot stand where it does.
    pub(crate) fn invalid(&self, span: &Range<usize>, message: String, hint: Option<String>) {
        let problem = Diagnostic::error(Code::ConfigInvalidValue, message).at(self.place(span));
        self.report(match hint {
            Some(hint) => problem.hint(hint),
            None => problem,
        });
    }

    /// Reports any other problem.
    pub(crate) fn report(&self, problem: Diagnostic) {
        self.document.problems.borrow_mut().push(problem);
    }

    /// A place in the file.
    pub(crate) fn place(&self, span: &Range<usize>) -> Place {
        Place::span(self.document.file, self.document.text, span.clone())
    }

    /// The text at a place, as it is written.
    pub(crate) fn written(&self, span: &Range<usize>) -> &'d str {
        self.document.text.get(span.clone()).unwrap_or_default()
    }

    /// The full name of a key: `site.title`.
    pub(crate) fn path(&self, key: &str) -> String {
        if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.name)
        }
    }

    fn value(&self, key: &'static str) -> Option<&'d Spanned<DeValue<'d>>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        self.table?.get(key)
    }

    fn as_string(&self, key: &str, value: &'d Spanned<DeValue<'d>>) -> Option<Said<&'d str>> {
        if let DeValue::String(string) = value.get_ref() {
            return Some(self.said(value, string.as_ref()));
        }
        self.wrong_type(key, "a string", value);
        None
    }

    fn said<T>(&self, at: &Spanned<DeValue<'_>>, value: T) -> Said<T> {
        let span = self.document.span(at.span());
        Said { value, span }
    }

    fn wrong_type(&self, key: &str, wanted: &str, found: &Spanned<DeValue<'_>>) {
        let (path, found_type) = (self.path(key), type_name(found.get_ref()));
        let message = format!("`{path}`: expected {wanted}, found {found_type}");
        self.invalid(&self.document.span(found.span()), message, None);
    }

    fn report_unknown(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.into_iter().flatten() {
            let name = key.get_ref().as_ref();
            if asked.contains(&name) {
                continue;
            }
            let known = asked.iter().copied();
            let hint = suggest::did_you_mean(name, known.clone())
                .unwrap_or_else(|| format!("known here: {}", suggest::list(known)));
            let message = format!("unknown key: `{}`", self.path(name));
            let place = self.place(&self.document.span(key.span()));
            let problem = Diagnostic::error(Code::ConfigUnknownKey, message);
            self.report(problem.at(place).hint(hint));
        }
    }
}

impl Drop for Table<'_> {
    fn drop(&mut self) {
        if !*self.open.borrow() {
            self.report_unknown();
        }
    }
}

/// An http or https URL, or what is wrong with it.
pub(crate) fn parse_web_url(raw: &str) -> Result<SafeUrl, String> {
    let is_web = |url: &SafeUrl| url.as_str().starts_with("http");
    match SafeUrl::parse(raw) {
        Some(url) if is_web(&url) => Ok(url),
        _ if !raw.contains("://") && SafeUrl::parse(&format!("https://{raw}")).is_some() => {
            Err(format!("did you mean `https://{raw}`?"))
        }
        _ => Err("a URL starts with `https://` or `http://`, without a user name".to_owned()),
    }
}

fn plain(value: &DeValue<'_>, lists: bool) -> Option<toml::Value> {
    match value {
        DeValue::String(string) => Some(toml::Value::String(string.clone().into_owned())),
        DeValue::Boolean(boolean) => Some(toml::Value::Boolean(*boolean)),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .ok()
            .map(toml::Value::Integer),
        DeValue::Array(array) if lists => array
            .iter()
            .map(|value| plain(value.get_ref(), false))
            .collect::<Option<Vec<_>>>()
            .map(toml::Value::Array),
        _ => None,
    }
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a floating-point number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
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
            root.required("title", "", |root, key| root.text(key));
            root.count("count", 1..=9);
            root.required("other", "", |root, key| root.text(key));
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
