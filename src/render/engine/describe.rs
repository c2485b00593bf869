//! Errors of the template engine → diagnostics with file, line and caret.
//!
//! The engine writes long texts; what is kept is its first sentence as the message, what follows as the
//! hint, and the place in the file of the theme.

use std::ops::Range;

use tera::ErrorKind;

use crate::diag::{Code, Diagnostic, Place};
use crate::theme::{Template, Theme};

/// The template that the engine knows by this name.
pub(super) fn template_named<'a>(theme: &'a Theme, name: &str) -> Option<&'a Template> {
    let is_it = |template: &&Template| template.name == name;
    let built_in = |template: &&Template| {
        let short = template.name.strip_prefix(theme.base?)?;
        (short.strip_prefix('/')? == name).then_some(())
    };
    let mut templates = theme.templates.iter();
    let exactly = templates.find(is_it);
    exactly.or_else(|| {
        let mut templates = theme.templates.iter();
        templates.find(|template| built_in(template).is_some())
    })
}

/// What is wrong with templates that were loaded together. The engine tells several problems in
/// one text, each as `error: …` and, on the next line, ` --> template:line:column`.
pub(super) fn describe_all(error: &tera::Error, theme: &Theme) -> Vec<Diagnostic> {
    let ErrorKind::Msg(text) = error.kind() else {
        return vec![describe(error, theme, Code::TemplateSyntax, &as_it_is)];
    };
    let lines: Vec<&str> = text.lines().collect();
    let told: Vec<Diagnostic> = lines
        .windows(2)
        .filter_map(|pair| {
            let message = pair[0].strip_prefix("error: ")?;
            let place = place_of(pair[1].trim_start().strip_prefix("--> ")?, theme)?;
            let problem = Diagnostic::error(Code::TemplateSyntax, one_line(message)).at(place);
            Some(match message.contains("filter") {
                true => problem.hint("filters are listed in Tera's documentation"),
                false => problem,
            })
        })
        .collect();
    match told.is_empty() {
        true => vec![describe(error, theme, Code::TemplateSyntax, &as_it_is)],
        false => told,
    }
}

/// The place that the engine writes as `entry.html:3:12`, columns counted in characters from 1.
fn place_of(written: &str, theme: &Theme) -> Option<Place> {
    let (rest, column) = written.rsplit_once(':')?;
    let (name, line) = rest.rsplit_once(':')?;
    let (line, column): (usize, usize) = (line.parse().ok()?, column.parse().ok()?);
    let template = template_named(theme, name)?;
    let source = &template.source;
    let start: usize = source
        .split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum();
    let rest = source.get(start..)?;
    let offset: usize = rest.chars().take(column - 1).map(char::len_utf8).sum();
    let at = start + offset;
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '/' | '-');
    let length = source.get(at..)?.find(|c| !word(c)).unwrap_or(1).max(1);
    Some(Place::span(&*template.file, source, at..at + length))
}

/// The place in a template that was compiled as it is written.
pub(super) fn as_it_is(_: &str, place: Range<usize>) -> Range<usize> {
    place
}

/// An error of the engine, with its place in the theme's files; `as_written` gives the place in a
/// template as its owner wrote it.
pub(super) fn describe(
    error: &tera::Error,
    theme: &Theme,
    code: Code,
    as_written: &dyn Fn(&str, Range<usize>) -> Range<usize>,
) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            // The first sentence says what is wrong; what follows it helps.
            let (message, help) = match report.message().split_once(". ") {
                Some((message, help)) => (message, Some(help)),
                None => (report.message(), None),
            };
            let diagnostic = Diagnostic::error(code, one_line(message));
            let diagnostic = match help {
                Some(help) => diagnostic.hint(one_line(help)),
                None => diagnostic,
            };
            let file = report.filename();
            match template_named(theme, file) {
                Some(template) => {
                    let span = as_written(file, report.span().range.clone());
                    diagnostic.at(Place::span(&*template.file, &template.source, span))
                }
                None => diagnostic.at(Place::file(file)),
            }
        }
        ErrorKind::MissingParent { current, parent } => {
            let message = format!("`{current}` extends `{parent}`, which does not exist");
            let diagnostic = Diagnostic::error(code, message);
            let hint = theme.base.map(|base| {
                format!("the built-in templates are called `{base}/…`, as in `{base}/entry.html`")
            });
            let diagnostic = match template_named(theme, current) {
                Some(template) => diagnostic.at(Place::file(&*template.file)),
                None => diagnostic,
            };
            match hint {
                Some(hint) => diagnostic.hint(hint),
                None => diagnostic,
            }
        }
        ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => {
            let message = format!("the template `{tpl}` leads back to itself");
            let problem = Diagnostic::error(code, message);
            let problem = match template_named(theme, tpl) {
                Some(template) => problem.at(Place::file(&*template.file)),
                None => problem,
            };
            match theme.base {
                Some(base) => problem.hint(format!("the built-in one is called `{base}/{tpl}`")),
                None => problem,
            }
        }
        ErrorKind::TemplateNotFound(name) => {
            let message = format!("the theme has no template `{name}`");
            Diagnostic::error(code, message)
                .hint("a theme needs one for each kind of page, unless it `extends` a built-in one")
        }
        other => {
            // Our own errors have their hint behind the first sentence, as those with a place do.
            let text = other.to_string();
            match text.split_once(". ") {
                Some((message, hint)) => {
                    Diagnostic::error(code, one_line(message)).hint(one_line(hint))
                }
                None => Diagnostic::error(code, one_line(&text)),
            }
        }
    }
}

fn one_line(message: &str) -> String {
    let line = message
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    let mut letters = line.chars();
    // The engine begins its messages with a capital, ours do not.
    match letters.next() {
        Some(first) if !letters.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => line.to_owned(),
    }
}
