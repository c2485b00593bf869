//! Annotations of GitHub Actions: a workflow command for each diagnostic, to stdout.
//!
//! `::error file=…,line=…,col=…,endLine=…,endColumn=…,title=<code>::<message>`; the hint is the
//! second line of the message. GitHub shows ten errors and ten warnings of a step and drops the
//! rest in silence: so errors come first, of each severity one of every code before a second of any,
//! and one notice counts what is left to the log.

use std::collections::BTreeMap;
use std::io::{self, Write};

use gleaner::diag::{Code, Diagnostic, Severity};

use super::words::counted;
use super::workspace::Workspace;

/// How many annotations of one severity GitHub shows for a step.
const SHOWN: usize = 10;

/// Prints the annotations of a run.
pub(super) fn print(
    out: &mut impl Write,
    diagnostics: &[Diagnostic],
    workspace: &Workspace,
) -> io::Result<()> {
    let mut left = Vec::new();
    for (severity, one, many) in [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
    ] {
        let ordered = in_turn(diagnostics, severity);
        for diagnostic in ordered.iter().take(SHOWN) {
            annotate(out, diagnostic, workspace)?;
        }
        if ordered.len() > SHOWN {
            left.push(counted(ordered.len() - SHOWN, one, many));
        }
    }
    if left.is_empty() {
        return Ok(());
    }
    let left = left.join(" and ");
    writeln!(
        out,
        "::notice title=gleaner::{left} more: the log of this step names them"
    )
}

/// The diagnostics of a severity: the first of each code, the second of each, and so on.
fn in_turn(diagnostics: &[Diagnostic], severity: Severity) -> Vec<&Diagnostic> {
    let mut seen: BTreeMap<Code, usize> = BTreeMap::new();
    let mut turns: Vec<(usize, &Diagnostic)> = diagnostics
        .iter()
        .filter(|one| one.severity == severity)
        .map(|one| {
            let turn = seen.entry(one.code).or_default();
            *turn += 1;
            (*turn, one)
        })
        .collect();
    // Stable: within a turn, they stay in the order of files and places.
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, one)| one).collect()
}

fn annotate(
    out: &mut impl Write,
    diagnostic: &Diagnostic,
    workspace: &Workspace,
) -> io::Result<()> {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    write!(out, "::{command} ")?;
    if let Some(place) = &diagnostic.place {
        write!(out, "file={},", property(&workspace.file(&place.file)))?;
        if let Some(position) = place.position {
            let (line, column) = (position.line, position.column);
            write!(out, "line={line},col={column},")?;
            if let Some(excerpt) = &place.excerpt {
                let marked = excerpt.text.get(excerpt.marked.clone());
                let length = marked.map_or(0, |marked| marked.chars().count());
                write!(out, "endLine={line},endColumn={},", column + length)?;
            }
        }
    }
    let title = property(diagnostic.code.as_str());
    write!(out, "title={title}::{}", data(&diagnostic.message))?;
    match &diagnostic.hint {
        Some(hint) => writeln!(out, "{}hint: {}", data("\n"), data(hint)),
        None => writeln!(out),
    }
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use gleaner::diag::Place;

    use super::*;

    fn printed(diagnostics: &[Diagnostic]) -> String {
        let mut out = Vec::new();
        print(&mut out, diagnostics, &Workspace::default()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_diagnostic_is_an_annotation_at_its_place() {
        let warning = Diagnostic::warning(Code::ConfigUnknownKey, "unknown key: `site.titel`")
            .at(Place::span("site.toml", "[site]\ntitel = \"x\"\n", 7..12))
            .hint("did you mean `title`?");
        let file = Diagnostic::error(Code::NotAFeed, "no feed").at(Place::file("a,b:c.txt"));
        let none = Diagnostic::error(Code::FetchFailed, "100% gone");
        assert_eq!(
            printed(&[warning, file, none]),
            "::error file=a%2Cb%3Ac.txt,title=not-a-feed::no feed\n\
             ::error title=fetch-failed::100%25 gone\n\
             ::warning file=site.toml,line=2,col=1,endLine=2,endColumn=6,title=config-unknown-key::\
             unknown key: `site.titel`%0Ahint: did you mean `title`?\n"
        );
    }

    #[test]
    fn what_is_quoted_cannot_begin_a_line() {
        let mut hostile = Diagnostic::warning(Code::FeedMalformed, "x\n::error::y\r\n%0A::debug::")
            .at(Place::file("a\n::error::b.xml"));
        // Messages come escaped; this must not depend on it.
        hostile.message = "x\n::error::y\r\n%0A::debug::".to_owned();
        hostile.hint = Some("\n::stop-commands::z".to_owned());
        let text = printed(&[hostile]);
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(
            text.contains("::x%0A::error::y%0D%0A%250A::debug::"),
            "{text}"
        );
    }

    #[test]
    fn ten_of_each_severity_are_annotated_and_no_code_crowds_out_another() {
        let warnings = (0..30).map(|n| Diagnostic::warning(Code::FeedRepaired, format!("w{n}")));
        let last = Diagnostic::warning(Code::NotAFeed, "the one that matters");
        let errors = (0..11).map(|n| Diagnostic::error(Code::FetchFailed, format!("e{n}")));
        let text = printed(&warnings.chain([last]).chain(errors).collect::<Vec<_>>());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 21, "{text}");
        assert!(lines[..10].iter().all(|line| line.starts_with("::error ")));
        assert!(lines[11].ends_with("::the one that matters"), "{text}");
        assert_eq!(
            lines[20],
            "::notice title=gleaner::1 error and 21 warnings more: the log of this step names them"
        );
    }
}
