//! One line for each diagnostic, in the form that editors and `grep` understand.

use std::io::{self, Write};

use gleaner::diag::{Diagnostic, Severity};

/// Prints `file:line:column: severity[code]: message`; what a diagnostic does not know is left out.
pub(super) fn print(out: &mut impl Write, diagnostics: &[Diagnostic]) -> io::Result<()> {
    for diagnostic in diagnostics {
        if let Some(place) = &diagnostic.place {
            write!(out, "{}:", place.file)?;
            if let Some(position) = place.position {
                write!(out, "{}:{}:", position.line, position.column)?;
            }
            write!(out, " ")?;
        }
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let code = diagnostic.code.as_str();
        writeln!(out, "{severity}[{code}]: {}", diagnostic.message)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use gleaner::diag::{Code, Place};

    use super::*;

    #[test]
    fn what_is_known_of_the_place_comes_first() {
        let mut out = Vec::new();
        let warning = || Diagnostic::warning(Code::FeedEmpty, "no entries");
        let diagnostics = [
            warning().at(Place::span("a.xml", "x\nyz", 3..4)),
            warning().at(Place::file("b.xml")),
            warning(),
        ];
        print(&mut out, &diagnostics).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "a.xml:2:2: warning[feed-empty]: no entries\n\
             b.xml: warning[feed-empty]: no entries\n\
             warning[feed-empty]: no entries\n"
        );
    }
}
