//! A table that is asked for its keys by name and type, and reports what it cannot answer.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::unknown::{Asked, Missing, Unknown};
use super::values::{Wanted, mended, parse_web_url, plain, type_name};
use super::{Document, Said};
use crate::config::suggest;
use crate::diag::{Code, Diagnostic, Place};
use crate::model::{SafeUrl, Text};

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
    pub(super) fn new(
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
        self.document.mistyped.borrow_mut().push(name.clone());
        self.wrong_type(key, Wanted::Table, value);
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
                None => self.wrong_type(key.value, Wanted::Plain, value),
            }
        }
        values
    }

    /// A plain value of any type.
    pub(crate) fn plain(&self, key: &'static str) -> Option<Said<toml::Value>> {
        let value = self.value(key)?;
        let plain = plain(value.get_ref(), true);
        if plain.is_none() {
            self.wrong_type(key, Wanted::Plain, value);
        }
        plain.map(|plain| self.said(value, plain))
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
        self.wrong_type(key, Wanted::Boolean, value);
        None
    }

    /// An integer.
    pub(crate) fn integer(&self, key: &'static str) -> Option<Said<i64>> {
        let value = self.value(key)?;
        let DeValue::Integer(integer) = value.get_ref() else {
            self.wrong_type(key, Wanted::Integer, value);
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
            self.wrong_type(key, Wanted::Strings, value);
            return Vec::new();
        };
        array
            .iter()
            .filter_map(|value| match value.get_ref() {
                DeValue::String(string) => Some(self.said(value, string.as_ref())),
                _ => {
                    self.wrong_type(key, Wanted::Item, value);
                    None
                }
            })
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

    /// Whether something stands there, be it wrong.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.value(key).is_some()
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
                // The part before the TOML is the fence of a front matter.
                None if self.document.offset > 0 => self.place(&(0..self.document.offset)),
                None => Place::file(self.document.file),
            };
            let problem = Diagnostic::error(Code::ConfigMissingKey, message);
            self.document.missing.borrow_mut().push(Missing {
                path: self.path(key),
                problem: problem.at(place).hint(hint),
            });
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

    /// The place of the value of a key; the table's own, or the file, if there is none.
    pub(crate) fn place_of(&self, key: &'static str) -> Place {
        let span = self
            .value(key)
            .map(|value| self.document.span(value.span()));
        match span.as_ref().or(self.span.as_ref()) {
            Some(span) => self.place(span),
            None => Place::file(self.document.file),
        }
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
        self.wrong_type(key, Wanted::String, value);
        None
    }

    fn said<T>(&self, at: &Spanned<DeValue<'_>>, value: T) -> Said<T> {
        let span = self.document.span(at.span());
        Said { value, span }
    }

    fn wrong_type(&self, key: &str, wanted: Wanted, found: &Spanned<DeValue<'_>>) {
        let (path, found_type) = (self.path(key), type_name(found.get_ref()));
        let message = format!("`{path}`: expected {wanted}, found {found_type}");
        let span = self.document.span(found.span());
        let written = self.written(&span);
        // A header is written with the names of all tables around it.
        let name = match wanted {
            Wanted::Table => path.as_str(),
            _ => key,
        };
        let hint = mended(name, wanted, found.get_ref(), written);
        self.invalid(&span, message, hint);
    }

    fn note_unknown(&self) {
        let asked = self.asked.borrow();
        let keys = self.table.into_iter().flatten().map(|(key, _)| key);
        let unknown = keys.filter(|key| !asked.contains(&key.get_ref().as_ref()));
        let unknown = unknown.map(|key| Unknown {
            table: self.name.clone(),
            key: key.get_ref().to_string(),
            span: self.document.span(key.span()),
            known: asked.clone(),
        });
        self.document.unknown.borrow_mut().extend(unknown);
    }
}

impl Drop for Table<'_> {
    fn drop(&mut self) {
        if !*self.open.borrow() {
            self.note_unknown();
        }
        self.document.asked.borrow_mut().push(Asked {
            table: std::mem::take(&mut self.name),
            keys: self.asked.take(),
        });
    }
}
