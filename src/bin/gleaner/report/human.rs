//! Draws diagnostics with the source around them, as rustc does.
//!
//! A feed with a thousand odd entries must not hide the one warning that matters: of each code, the
//! first warnings are drawn and the others counted. Errors are folded only if code and message, and so
//! their cause, are the same.

use std::collections::BTreeMap;
use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anstream::adapter::strip_str;
use gleaner::diag::{Code, Diagnostic, Place, Severity};

/// How the renderer marks a piece of source that does not follow on what stands above it.
const COLONS: &str = ":::";
/// Diagnostics of one kind that are drawn, before the others are only counted.
const DRAWN_PER_KIND: usize = 8;

/// Prints diagnostics, each followed by an empty line.
pub(super) fn print(out: &mut impl Write, diagnostics: &[Diagnostic]) -> io::Result<()> {
    let renderer = Renderer::styled();
    let mut left = per_kind(diagnostics);
    let mut drawn: BTreeMap<Kind<'_>, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let drawn = drawn.entry(kind(diagnostic)).or_default();
        if *drawn == DRAWN_PER_KIND {
            continue;
        }
        *drawn += 1;
        let left = left.entry(kind(diagnostic)).or_default();
        *left -= 1;
        draw(out, &renderer, diagnostic)?;
        if *drawn == DRAWN_PER_KIND && *left > 0 {
            let code = diagnostic.code.as_str();
            writeln!(
                out,
                "… and {left} more of `{code}`; `--message-format short` shows all"
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// What makes diagnostics count as the same: the code, and of errors the message.
type Kind<'a> = (Code, Option<&'a str>);

fn kind(diagnostic: &Diagnostic) -> Kind<'_> {
    let is_error = diagnostic.severity == Severity::Error;
    (
        diagnostic.code,
        is_error.then_some(diagnostic.message.as_str()),
    )
}

/// One diagnostic as plain text.
pub(super) fn drawn(diagnostic: &Diagnostic) -> String {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = draw(&mut out, &Renderer::plain(), diagnostic);
    String::from_utf8_lossy(&out).into_owned()
}

fn draw(out: &mut impl Write, renderer: &Renderer, diagnostic: &Diagnostic) -> io::Result<()> {
    let drawn = renderer.render(&[group(diagnostic)]);
    writeln!(out, "{}", without_colons(&drawn))?;
    match &diagnostic.hint {
        Some(hint) if diagnostic.place.is_none() => writeln!(out, " = hint: {hint}"),
        _ => Ok(()),
    }
}

/// The renderer puts a row of `:::` before a piece of a long line. It tells nothing, and a machine
/// that reads the log could take it for a command, so that [`super::inert`] would escape it.
/// No text of a diagnostic can be such a row, for each stands behind a number, a margin or a title.
fn without_colons(drawn: &str) -> String {
    let is_colons =
        |row: &&str| row.contains(COLONS) && strip_str(row).to_string().trim() == COLONS;
    let rows = drawn.split_inclusive('\n');
    rows.filter(|row| !is_colons(row)).collect()
}

/// Prints where more is told of what was found, if anything was: of an error before a warning.
pub(super) fn print_advice(out: &mut impl Write, diagnostics: &[Diagnostic]) -> io::Result<()> {
    let worst = diagnostics.iter().min_by_key(|one| match one.severity {
        Severity::Error => 0,
        Severity::Warning => 1,
    });
    match worst {
        Some(one) => writeln!(out, "More: `gleaner explain {}`", one.code.as_str()),
        None => Ok(()),
    }
}

fn per_kind(diagnostics: &[Diagnostic]) -> BTreeMap<Kind<'_>, usize> {
    let mut counts = BTreeMap::new();
    for diagnostic in diagnostics {
        *counts.entry(kind(diagnostic)).or_default() += 1;
    }
    counts
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str());
    let mut group = Group::with_title(title.id(diagnostic.code.as_str()));
    if let Some(place) = &diagnostic.place {
        group = with_place(group, place);
    }
    match &diagnostic.hint {
        Some(hint) if diagnostic.place.is_some() => {
            group.element(Level::HELP.with_name("hint").message(hint.as_str()))
        }
        // Without a place there is no margin that a hint could stand beside.
        _ => group,
    }
}

fn with_place<'a>(group: Group<'a>, place: &'a Place) -> Group<'a> {
    let origin = Origin::path(place.file.as_str());
    let (Some(position), Some(excerpt)) = (place.position, &place.excerpt) else {
        return group.element(match place.position {
            Some(position) => origin.line(position.line).char_column(position.column),
            None => origin,
        });
    };
    let snippet = Snippet::source(excerpt.text.as_str())
        .line_start(position.line)
        .annotation(AnnotationKind::Primary.span(excerpt.marked.clone()));
    let before = excerpt.text.get(..excerpt.marked.start).unwrap_or_default();
    if before.chars().count() + 1 == position.column {
        return group.element(snippet.path(place.file.as_str()));
    }
    // Of a long line, only a piece is shown: the true column must be told beside it.
    let origin = origin.line(position.line).char_column(position.column);
    group.element(origin).element(snippet)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(diagnostics: &[Diagnostic]) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        print(&mut out, diagnostics).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn a_place_is_drawn_with_its_line() {
        let text = "[site]\ntitel = \"x\"\n";
        let diagnostic = Diagnostic::error(Code::ConfigUnknownKey, "unknown key: `site.titel`")
            .at(Place::span("site.toml", text, 7..12))
            .hint("did you mean `title`?");
        insta::assert_snapshot!(printed(&[diagnostic]), @r#"
        error[config-unknown-key]: unknown key: `site.titel`
         --> site.toml:2:1
          |
        2 | titel = "x"
          | ^^^^^
          |
          = hint: did you mean `title`?
        "#);
    }

    #[test]
    fn a_long_line_keeps_its_true_column() {
        let text = format!("{}HERE{}", "a".repeat(500), "b".repeat(500));
        let place = Place::span("f.xml", &text, 500..504);
        let drawn = printed(&[Diagnostic::warning(Code::FeedMalformed, "x").at(place)]);
        assert!(drawn.contains("--> f.xml:1:501"), "{drawn}");
        assert!(drawn.contains("^^^^"), "{drawn}");
    }

    #[test]
    fn no_row_of_a_drawing_could_be_a_command() {
        // Feeds that stand on one line, with what would be a command in each place of a diagnostic.
        let command = "::error::x ::: ";
        let text = format!("{}{command}{}", "a".repeat(500), command.repeat(40));
        for (text, span) in [
            (text.as_str(), 500..515),
            (text.as_str(), 500..1_000),
            ("\n::error::x\n", 1..4),
            (":::\n", 0..3),
            ("", 0..0),
        ] {
            let place = Place::span("::error::f.xml", text, span);
            let diagnostic = Diagnostic::warning(Code::FeedMalformed, command)
                .at(place)
                .hint(command);
            let drawn = printed(&[diagnostic]);
            for row in drawn.lines() {
                assert!(!row.trim_start().starts_with("::"), "{drawn}");
            }
        }
        // A colour, which the runner takes off, changes nothing.
        let mut colourful = Vec::new();
        let place = Place::span("f.xml", &"a".repeat(1_000), 500..504);
        print(
            &mut colourful,
            &[Diagnostic::warning(Code::FeedMalformed, "x").at(place)],
        )
        .unwrap();
        assert!(!String::from_utf8(colourful).unwrap().contains(":::"));
    }

    #[test]
    fn a_file_as_a_whole_and_no_file_at_all() {
        let file = Diagnostic::warning(Code::NotAFeed, "no feed").at(Place::file("a.txt"));
        let none = Diagnostic::error(Code::ConfigInvalidValue, "`--base-url` is no URL");
        insta::assert_snapshot!(printed(&[file, none]), @r"
        warning[not-a-feed]: no feed
        --> a.txt

        error[config-invalid-value]: `--base-url` is no URL
        ");
    }

    #[test]
    fn many_warnings_of_one_code_and_errors_of_one_cause_are_counted() {
        let warnings = (0..12).map(|n| Diagnostic::warning(Code::FeedRepaired, format!("w{n}")));
        let errors = (0..12).map(|n| Diagnostic::error(Code::TemplateFailed, format!("e{n}")));
        let drawn = printed(&warnings.chain(errors).collect::<Vec<_>>());
        assert!(drawn.contains("w7") && !drawn.contains("w8"), "{drawn}");
        assert!(drawn.contains("… and 4 more of `feed-repaired`"), "{drawn}");
        assert!(drawn.contains("e11"), "{drawn}");
        let same: Vec<_> = (0..12)
            .map(|_| Diagnostic::error(Code::OutputForeign, "no build wrote this"))
            .collect();
        let drawn = printed(&same);
        assert!(
            drawn.contains("… and 4 more of `output-foreign`"),
            "{drawn}"
        );
        let few: Vec<_> = (0..8)
            .map(|_| Diagnostic::warning(Code::FeedEmpty, "w"))
            .collect();
        assert!(!printed(&few).contains("more"));
    }
}
