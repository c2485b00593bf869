//! A diagnostic as bytes: what a build that stops early has to tell again.
//!
//! [`Diagnostic`] is serialized for programs, in the shape that they read; this is its twin without
//! that shape.

use serde::{Deserialize, Serialize};

use crate::diag::{Code, Diagnostic, Excerpt, Place, Position, Severity};

/// A diagnostic, to be remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    is_error: bool,
    code: Code,
    message: String,
    place: Option<TellingPlace>,
    hint: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct TellingPlace {
    file: String,
    position: Option<(usize, usize)>,
    excerpt: Option<(String, usize, usize)>,
}

impl From<&Diagnostic> for Told {
    fn from(diagnostic: &Diagnostic) -> Self {
        let Diagnostic {
            severity,
            code,
            message,
            place,
            hint,
        } = diagnostic;
        let place = place.as_ref().map(|place| TellingPlace {
            file: place.file.clone(),
            position: place.position.map(|at| (at.line, at.column)),
            excerpt: place.excerpt.as_ref().map(|excerpt| {
                let marked = &excerpt.marked;
                (excerpt.text.clone(), marked.start, marked.end)
            }),
        });
        Told {
            is_error: *severity == Severity::Error,
            code: *code,
            message: message.clone(),
            place,
            hint: hint.clone(),
        }
    }
}

impl From<&Told> for Diagnostic {
    fn from(told: &Told) -> Self {
        let place = told.place.as_ref().map(|place| Place {
            file: place.file.clone(),
            position: place
                .position
                .map(|(line, column)| Position { line, column }),
            excerpt: place.excerpt.as_ref().map(|(text, start, end)| Excerpt {
                text: text.clone(),
                marked: *start..*end,
            }),
        });
        Diagnostic {
            severity: if told.is_error {
                Severity::Error
            } else {
                Severity::Warning
            },
            code: told.code,
            message: told.message.clone(),
            place,
            hint: told.hint.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_told_again() {
        let at = Place::span("a.xml", "one\ntwo three", 8..13);
        for diagnostic in [
            Diagnostic::error(Code::ReadFailed, "x"),
            Diagnostic::warning(Code::NotAFeed, "y").at(at).hint("z"),
            Diagnostic::warning(Code::NotAFeed, "y").at(Place::file("b")),
        ] {
            let told = postcard::to_allocvec(&Told::from(&diagnostic)).unwrap();
            let told: Told = postcard::from_bytes(&told).unwrap();
            assert_eq!(Diagnostic::from(&told), diagnostic);
        }
    }
}
