//! What went wrong, as data: stages return diagnostics, the binary draws them.
//!
//! A [`Diagnostic`] carries all that a drawing needs, its excerpt of the source included, so that
//! a terminal, a JSON line and the preview's overlay draw the same thing without reading a file
//! again. Nothing here prints, colours or wraps.
//!
//! Invariants: a [`Code`] is unique and kebab-case; an [`Excerpt`] is short, whatever the length
//! of the line it was cut from, and free of control and bidi characters; the same holds for a
//! message and a hint, whatever they quote.

mod code;
mod quote;

use std::cmp::Ordering;
use std::ops::Range;

use serde::Serialize;

pub use code::Code;
use quote::{HINT, MESSAGE, one_line};
pub use quote::{escape_controls, is_bidi_control};

/// The longest piece of a line that an excerpt shows before and after its span, in bytes.
const EXCERPT_CONTEXT: usize = 72;
/// The longest part of a span that an excerpt shows, in bytes.
const EXCERPT_SPAN: usize = 120;

/// How bad it is: an error fails the run (exit code 1), a warning is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something of the site could not be built.
    Error,
    /// The site was built, but its owner should know.
    Warning,
}

/// A place in a file: a line and column to go to, and the excerpt that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, relative to the site's folder, with `/` on every system; control characters
    /// of its name are made visible.
    pub file: String,
    /// The line and column where it starts, counted from 1; none where the file as a whole is meant.
    #[serde(flatten)]
    pub position: Option<Position>,
    /// The source around the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
}

/// A line and a column, both counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// One line of source, shortened around the span that a caret marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The text, without line ends and control characters.
    pub text: String,
    /// What to mark: a range of bytes of `text`, on character boundaries.
    pub marked: Range<usize>,
}

impl Place {
    /// A file as a whole.
    #[must_use]
    pub fn file(file: impl Into<String>) -> Self {
        Place {
            file: escape_controls(&file.into()),
            position: None,
            excerpt: None,
        }
    }

    /// A span of bytes of a file's text; ends beyond the text are moved to its end.
    #[must_use]
    pub fn span(file: impl Into<String>, text: &str, span: Range<usize>) -> Self {
        let start = text.floor_char_boundary(span.start);
        let end = text.floor_char_boundary(span.end.max(start));
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let position = Position {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
        };
        let line_end = text[start..]
            .find('\n')
            .map_or(text.len(), |newline| start + newline);
        let excerpt = Excerpt::cut(text, line_start..line_end, start..end.min(line_end));
        Place {
            file: escape_controls(&file.into()),
            position: Some(position),
            excerpt: Some(excerpt),
        }
    }

    /// The same for bytes that need not be UTF-8 as a whole.
    #[must_use]
    pub fn span_in_bytes(file: impl Into<String>, bytes: &[u8], span: Range<usize>) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Place::span(file, text, span),
            Err(_) => {
                // Lossy decoding changes lengths: decode the part before the span on its own.
                let start = span.start.min(bytes.len());
                let end = span.end.clamp(start, bytes.len());
                let mut text = String::from_utf8_lossy(&bytes[..start]).into_owned();
                let from = text.len();
                text.push_str(&String::from_utf8_lossy(&bytes[start..end]));
                let to = text.len();
                text.push_str(&String::from_utf8_lossy(&bytes[end..]));
                Place::span(file, &text, from..to)
            }
        }
    }
}

impl Excerpt {
    fn cut(text: &str, line: Range<usize>, span: Range<usize>) -> Self {
        let from = if span.start - line.start > EXCERPT_CONTEXT {
            text.floor_char_boundary(span.start - EXCERPT_CONTEXT)
        } else {
            line.start
        };
        let span_end = if span.len() > EXCERPT_SPAN {
            text.floor_char_boundary(span.start + EXCERPT_SPAN)
        } else {
            span.end
        };
        let to = text.floor_char_boundary((span_end + EXCERPT_CONTEXT).min(line.end));
        let mut shown = String::with_capacity(to - from + 6);
        if from > line.start {
            shown.push('…');
        }
        shown.push_str(&escape_controls(&text[from..span.start]));
        let marked_start = shown.len();
        shown.push_str(&escape_controls(&text[span.start..span_end]));
        let marked_end = shown.len();
        shown.push_str(&escape_controls(
            text[span_end..to.max(span_end)].trim_end_matches('\r'),
        ));
        if to < line.end {
            shown.push('…');
        }
        Excerpt {
            text: shown,
            marked: marked_start..marked_end,
        }
    }
}

/// One thing to tell the site's owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind it is.
    pub code: Code,
    /// What happened: one line, no full stop at its end.
    pub message: String,
    /// Where it happened.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error.
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Diagnostic::new(Severity::Error, code, &message.into())
    }

    /// A warning.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Diagnostic::new(Severity::Warning, code, &message.into())
    }

    fn new(severity: Severity, code: Code, message: &str) -> Self {
        // Messages quote feeds: what they quote must neither steer a terminal nor fill it.
        Diagnostic {
            severity,
            code,
            message: one_line(message, MESSAGE),
            place: None,
            hint: None,
        }
    }

    /// The same, at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same, with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(one_line(&hint.into(), HINT));
        self
    }

    /// The order in which a run reports: by file, place, severity, code and message.
    #[must_use]
    pub fn report_order(&self, other: &Self) -> Ordering {
        let key = |diagnostic: &Self| {
            let place = diagnostic.place.as_ref();
            (
                place.map(|place| place.file.clone()),
                place.and_then(|place| place.position),
                diagnostic.severity,
                diagnostic.code,
                diagnostic.message.clone(),
            )
        };
        key(self).cmp(&key(other))
    }
}

/// Whether any of these fails the run.
#[must_use]
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_kebab_case() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert!(names.iter().all(|name| {
            name.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        }));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let place = Place::span("a.toml", "x = 1\nü = ?\n", 11..12);
        assert_eq!(place.position, Some(Position { line: 2, column: 5 }));
        let excerpt = place.excerpt.unwrap();
        assert_eq!(excerpt.text, "ü = ?");
        assert_eq!(&excerpt.text[excerpt.marked], "?");
    }

    #[test]
    fn a_long_line_is_cut_around_the_span() {
        let text = format!("{}HERE{}", "ä".repeat(5000), "b".repeat(5000));
        let place = Place::span("f", &text, 10_000..10_004);
        let excerpt = place.excerpt.unwrap();
        assert!(excerpt.text.len() < 300, "{}", excerpt.text.len());
        assert_eq!(&excerpt.text[excerpt.marked.clone()], "HERE");
        assert!(excerpt.text.starts_with('…') && excerpt.text.ends_with('…'));
    }

    #[test]
    fn spans_beyond_the_end_and_inside_a_character_do_not_panic() {
        for span in [0..0, 0..99, 50..99, 1..2, 3..3] {
            let _ = Place::span("f", "ä€\n", span);
        }
        let place = Place::span_in_bytes("f", b"\xff\xfe<x>", 2..5);
        assert_eq!(place.excerpt.unwrap().text, "\u{fffd}\u{fffd}<x>");
    }

    #[test]
    fn what_a_feed_says_cannot_steer_a_terminal() {
        let diagnostic = Diagnostic::warning(Code::NotAFeed, "a\u{1b}[31m\u{202e}b");
        assert_eq!(Place::file("\u{1b}c.xml").file, "\\u{1b}c.xml");
        assert_eq!(diagnostic.message, "a\\u{1b}[31m\\u{202e}b");
    }

    #[test]
    fn a_message_stays_a_line_whatever_it_quotes() {
        let name = "y".repeat(1_000_000);
        let message = format!("expected `</entry>`, but `</{name}>` was found");
        let diagnostic = Diagnostic::warning(Code::FeedMalformed, message).hint(&name);
        assert!(
            diagnostic.message.chars().count() < 120 && diagnostic.message.ends_with("was found"),
            "{}",
            diagnostic.message
        );
        assert!(diagnostic.hint.unwrap().chars().count() < 120);
    }
}
