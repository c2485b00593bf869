//! The template engine: templates of all layers compiled together, and their errors as
//! diagnostics with file, line and caret.
//!
//! Templates see their context and nothing else: the engine has no function that reads the site,
//! a file, the network or the clock. Its `safe` filter is taken away: HTML that may stand in a
//! page is marked as such before a template sees it, and nothing else ever becomes HTML.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use crate::diag::{Code, Diagnostic, Place};
use crate::model::{OutPath, grouped};
use crate::theme::{Template, Theme};

/// Compiled templates.
pub(super) struct Engine {
    tera: Tera,
}

impl Engine {
    /// Compiles all templates of a theme. Every template that does not compile is reported; then
    /// there is no engine, because a page could silently look like another theme's.
    pub(super) fn compile(theme: &Theme, global: &Context) -> (Option<Self>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut templates: Vec<&Template> = theme.templates.iter().collect();
        loop {
            let error = match load(theme, &templates, global) {
                Ok(tera) if diagnostics.is_empty() => return (Some(Engine { tera }), diagnostics),
                Ok(_) => return (None, diagnostics),
                Err(error) => error,
            };
            let report = match error.kind() {
                ErrorKind::SyntaxError(report) => report,
                // Of what follows from a template that was taken out, the first error said all.
                _ if !diagnostics.is_empty() => return (None, diagnostics),
                _ => {
                    diagnostics.extend(describe_all(&error, theme));
                    return (None, diagnostics);
                }
            };
            diagnostics.push(describe(&error, theme, Code::TemplateSyntax));
            let before = templates.len();
            templates.retain(|template| template.name != report.filename());
            if templates.len() == before {
                return (None, diagnostics);
            }
        }
    }

    /// Renders one page.
    pub(super) fn render(
        &self,
        template: &str,
        context: &Context,
        buffer: &mut Vec<u8>,
    ) -> TeraResult<()> {
        self.tera.render_to(template, context, buffer)
    }
}

fn load(theme: &Theme, templates: &[&Template], global: &Context) -> TeraResult<Tera> {
    let mut tera = Tera::new();
    if let Some(base) = theme.base {
        tera.set_fallback_prefixes([format!("{base}/")])?;
    }
    tera.register_filter("safe", refuse_safe);
    tera.register_filter("number", number);
    tera.set_escape_fn(super::escape::html);
    let under_own_names = templates
        .iter()
        .map(|template| (template.name.as_str(), template.source.as_str()));
    tera.add_raw_templates(under_own_names.chain(short_names(theme, templates)))?;
    *tera.global_context() = global.clone();
    Ok(tera)
}

/// The built-in templates that nothing overrides, under the names by which others include them.
/// Without these, each `include` of a page would look in vain and put a longer name together first.
fn short_names<'a>(
    theme: &Theme,
    templates: &[&'a Template],
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let known: BTreeSet<&str> = theme.templates.iter().map(|one| &*one.name).collect();
    let prefix = theme.base.map(|base| format!("{base}/"));
    templates.iter().filter_map(move |template| {
        let name = template.name.strip_prefix(prefix.as_deref()?)?;
        (!known.contains(name)).then_some((name, template.source.as_str()))
    })
}

/// The template that the engine knows by this name.
fn template_named<'a>(theme: &'a Theme, name: &str) -> Option<&'a Template> {
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

fn refuse_safe(_: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    Err(tera::Error::message(
        "there is no filter `safe`: `body`, `comment` and `notes` are HTML already, all else is text",
    ))
}

/// A whole number as people read it; what is none stays as it is.
fn number(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    let grouped = value.as_u64().map(|number| grouped(number).into());
    Ok(grouped.unwrap_or_else(|| value.clone()))
}

/// What is wrong with templates that were loaded together. The engine tells several problems in
/// one text, each as `error: …` and, on the next line, ` --> template:line:column`.
fn describe_all(error: &tera::Error, theme: &Theme) -> Vec<Diagnostic> {
    let ErrorKind::Msg(text) = error.kind() else {
        return vec![describe(error, theme, Code::TemplateSyntax)];
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
        true => vec![describe(error, theme, Code::TemplateSyntax)],
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

/// An error of the engine, with its place in the theme's files.
fn describe(error: &tera::Error, theme: &Theme, code: Code) -> Diagnostic {
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
                    let span = report.span().range.clone();
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
        other => Diagnostic::error(code, one_line(&other.to_string())),
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

/// Pages that could not be rendered, by what went wrong: a broken template breaks many pages, and
/// is told once.
#[derive(Default)]
pub(super) struct Failures(Mutex<BTreeMap<String, Failed>>);

struct Failed {
    error: tera::Error,
    first: OutPath,
    pages: usize,
}

impl Failures {
    /// Notes that a page failed.
    pub(super) fn add(&self, page: &OutPath, error: &tera::Error) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = failures.entry(error.to_string()).or_insert_with(|| Failed {
            error: tera::Error::new(error.kind().clone()),
            first: page.clone(),
            pages: 0,
        });
        failed.pages += 1;
        // The same page is named whatever the order of threads.
        if *page < failed.first {
            failed.first = page.clone();
        }
    }

    /// One diagnostic for each thing that went wrong.
    pub(super) fn into_diagnostics(self, theme: &Theme) -> Vec<Diagnostic> {
        let failures = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        failures
            .into_values()
            .map(|failed| {
                let mut diagnostic = describe(&failed.error, theme, Code::TemplateFailed);
                let page = &failed.first;
                diagnostic.message.push_str(&match failed.pages {
                    1 => format!(", while rendering `{page}`"),
                    pages => format!(", while rendering `{page}` and {} more", pages - 1),
                });
                diagnostic
            })
            .collect()
    }
}
