//! The head of a Markdown file → spanned values: TOML between two lines of `+++`.
//!
//! Unknown keys are refused with a suggestion, wrong types with what was expected; all problems of
//! a file at once, each with its line. Offsets are those of the file, not of the head.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diag::{Code, Diagnostic, Place};
use crate::model::Text;

/// The line before and after the head.
const FENCE: &str = "+++";
/// How alike a key must be to one that exists, to be suggested (Jaro-Winkler).
const ALIKE: f64 = 0.8;

/// A head that was read, and the problems found so far.
pub(super) struct FrontMatter<'a> {
    file: &'a str,
    text: &'a str,
    /// Where the TOML begins in the text.
    offset: usize,
    table: DeTable<'a>,
    /// The span of the whole head.
    pub(super) span: Range<usize>,
    /// Where the body begins.
    pub(super) body: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Whether a text begins with a head, and where its parts stand.
pub(super) enum Head {
    None,
    /// It has a beginning and no end.
    Open(Range<usize>),
    /// The TOML, and where the body begins.
    Closed(Range<usize>, usize),
}

/// Finds the head of a text.
pub(super) fn head(text: &str) -> Head {
    let start = text.len() - text.trim_start_matches(['\u{feff}', '\n', '\r']).len();
    let Some(after) = text[start..].strip_prefix(FENCE) else {
        return Head::None;
    };
    let first_line = after.find('\n').map_or(after.len(), |newline| newline + 1);
    if !after[..first_line].trim().is_empty() {
        return Head::None;
    }
    let from = start + FENCE.len() + first_line;
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        if line.trim_end() == FENCE {
            return Head::Closed(from..at, at + line.len());
        }
        at += line.len();
    }
    Head::Open(start..start + FENCE.len())
}

impl<'a> FrontMatter<'a> {
    /// Reads the TOML of a head; only these keys may be in it.
    pub(super) fn read(
        file: &'a str,
        text: &'a str,
        toml: Range<usize>,
        body: usize,
        keys: &[&str],
    ) -> Self {
        let offset = toml.start;
        let (table, errors) = DeTable::parse_recoverable(&text[toml.clone()]);
        let mut matter = FrontMatter {
            file,
            text,
            offset,
            table: table.into_inner(),
            span: toml,
            body,
            diagnostics: Vec::new(),
        };
        for error in errors {
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            matter.problem(Code::ConfigSyntax, message, error.span().unwrap_or(0..0));
        }
        matter.refuse_unknown(keys);
        matter
    }

    /// A front matter without anything in it.
    pub(super) fn empty(file: &'a str, text: &'a str) -> Self {
        FrontMatter::read(file, text, 0..0, 0, &[])
    }

    fn refuse_unknown(&mut self, keys: &[&str]) {
        let unknown: Vec<(String, Range<usize>)> = self
            .table
            .iter()
            .filter(|(key, _)| !keys.contains(&key.get_ref().as_ref()))
            .map(|(key, _)| (key.get_ref().to_string(), key.span()))
            .collect();
        for (key, span) in unknown {
            let hint = match nearest(&key, keys) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known keys: {}", quoted(keys)),
            };
            self.problem(Code::ConfigUnknownKey, format!("unknown key `{key}`"), span);
            self.hint(hint);
        }
    }

    /// A string, with its span in the file.
    pub(super) fn string(&mut self, key: &str) -> Option<(String, Range<usize>)> {
        let value = self.table.get(key)?.clone();
        let span = self.in_file(&value);
        match value.get_ref() {
            DeValue::String(text) => Some((text.to_string(), span)),
            other => {
                self.wrong(key, "a string", other, value.span());
                None
            }
        }
    }

    /// One line of text.
    pub(super) fn text(&mut self, key: &str) -> Option<Text> {
        self.string(key).and_then(|(raw, _)| Text::new(&raw))
    }

    /// True or false; false if it is not there.
    pub(super) fn boolean(&mut self, key: &str) -> bool {
        let Some(value) = self.table.get(key).cloned() else {
            return false;
        };
        match value.get_ref() {
            DeValue::Boolean(value) => *value,
            other => {
                self.wrong(key, "`true` or `false`", other, value.span());
                false
            }
        }
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, key: &str) -> Vec<Text> {
        let Some(value) = self.table.get(key).cloned() else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(key, "a list of strings", value.get_ref(), value.span());
            return Vec::new();
        };
        let mut out = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(text) => out.extend(Text::new(text)),
                other => self.wrong(key, "a list of strings", other, item.span()),
            }
        }
        out
    }

    /// A place in the navigation: a whole number, `false` for none, 0 if it is not there.
    pub(super) fn place(&mut self, key: &str) -> Option<i64> {
        let Some(value) = self.table.get(key).cloned() else {
            return Some(0);
        };
        let number = match value.get_ref() {
            DeValue::Boolean(false) => return None,
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        if number.is_none() {
            self.wrong(
                key,
                "a whole number or `false`",
                value.get_ref(),
                value.span(),
            );
        }
        number.or(Some(0))
    }

    /// Whether anything that was read so far must be mended by the owner.
    pub(super) fn is_broken(&self) -> bool {
        !self.diagnostics.is_empty()
    }

    /// Says that a key must be there.
    pub(super) fn missing(&mut self, key: &str) {
        let fence = self.offset.saturating_sub(FENCE.len() + 1);
        let place = Place::span(self.file, self.text, fence..fence + FENCE.len());
        let message = format!("missing key `{key}`");
        self.diagnostics
            .push(Diagnostic::error(Code::ConfigMissingKey, message).at(place));
    }

    fn wrong(&mut self, key: &str, expected: &str, found: &DeValue<'_>, span: Range<usize>) {
        let found = found.type_str();
        let message = format!("`{key}` must be {expected}, found: {found}");
        self.problem(Code::ConfigInvalidValue, message, span);
    }

    fn problem(&mut self, code: Code, message: String, span: Range<usize>) {
        let span = self.offset + span.start..self.offset + span.end;
        let place = Place::span(self.file, self.text, span);
        self.diagnostics
            .push(Diagnostic::error(code, message).at(place));
    }

    /// Gives the last problem a hint.
    fn hint(&mut self, hint: String) {
        if let Some(last) = self.diagnostics.pop() {
            self.diagnostics.push(last.hint(hint));
        }
    }

    fn in_file(&self, value: &Spanned<DeValue<'_>>) -> Range<usize> {
        let span = value.span();
        self.offset + span.start..self.offset + span.end
    }
}

fn nearest<'a>(key: &str, keys: &[&'a str]) -> Option<&'a str> {
    keys.iter()
        .map(|known| (strsim::jaro_winkler(key, known), *known))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

fn quoted(keys: &[&str]) -> String {
    let quoted: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    quoted.join(", ")
}
