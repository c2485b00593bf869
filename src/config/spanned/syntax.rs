//! What the parser of TOML refused → one problem for each cause.
//!
//! One broken line can break the parser's expectations several times, and a person who writes one
//! value without quotation marks writes all of them so: neither is reported twice.

use std::ops::Range;

use super::{Document, slips};
use crate::diag::{Code, Diagnostic, Place};

impl Document<'_> {
    /// The broken lines, and one problem for each of them, but only one for lines that are broken in
    /// the same way: who writes one value without quotation marks writes all of them so.
    pub(super) fn syntax_errors(
        &self,
        errors: &[toml::de::Error],
    ) -> (Vec<usize>, Vec<Diagnostic>) {
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
