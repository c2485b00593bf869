//! The template engine: templates of all layers compiled together, and their errors as
//! diagnostics with file, line and caret.
//!
//! Templates see their context and nothing else: the engine has no function that reads the site,
//! a file, the network or the clock. Its `safe` filter is taken away: HTML that may stand in a
//! page is marked as such before a template sees it, and nothing else ever becomes HTML.

mod describe;
mod meter;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use crate::diag::{Code, Diagnostic, Place};
use crate::model::{OutPath, grouped};
use crate::theme::{Template, Theme};
use describe::{as_it_is, describe, describe_all, template_named};
use meter::{Limits, Metered};

/// Compiled templates.
pub(super) struct Engine {
    tera: Tera,
    /// The templates of the site's own layer, as they were compiled.
    metered: BTreeMap<String, Metered>,
    limits: Limits,
}

impl Engine {
    /// Compiles all templates of a theme. Every template that does not compile is reported; then
    /// there is no engine, because a page could silently look like another theme's.
    pub(super) fn compile(theme: &Theme, global: &Context) -> (Option<Self>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut templates: Vec<&Template> = theme.templates.iter().collect();
        loop {
            // As they are written first: what the engine says of them is about what the owner sees.
            let error = match load(theme, &templates, &BTreeMap::new(), global) {
                Ok(tera) if diagnostics.is_empty() => {
                    return (Some(Engine::metered(tera, theme, global)), diagnostics);
                }
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
            diagnostics.push(describe(&error, theme, Code::TemplateSyntax, &as_it_is));
            let before = templates.len();
            templates.retain(|template| template.name != report.filename());
            if templates.len() == before {
                return (None, diagnostics);
            }
        }
    }

    /// The same with limits, for templates that compile.
    fn metered(tera: Tera, theme: &Theme, global: &Context) -> Self {
        let base = theme.base.map(|base| format!("{base}/"));
        let is_own = |template: &&Template| {
            let base = base.as_deref();
            !base.is_some_and(|base| template.name.starts_with(base))
        };
        let own = theme.templates.iter().filter(is_own);
        let metered: BTreeMap<String, Metered> = own
            .map(|template| (template.name.clone(), meter::metered(&template.source)))
            .collect();
        let limits = Limits::default();
        if metered.is_empty() {
            return Engine {
                tera,
                metered,
                limits,
            };
        }
        let templates: Vec<&Template> = theme.templates.iter().collect();
        match load(theme, &templates, &metered, global) {
            Ok(tera) => Engine {
                tera,
                metered,
                limits,
            },
            // No template is known that compiles only as it is written; if there is one, it is
            // rendered without counting rather than not at all.
            Err(_) => Engine {
                tera,
                metered: BTreeMap::new(),
                limits,
            },
        }
    }

    /// Renders one page.
    pub(super) fn render(
        &self,
        template: &str,
        context: &Context,
        buffer: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        meter::begin(self.limits);
        let mut page = Bounded {
            bytes: buffer,
            limit: self.limits.page,
        };
        let rendered = self.tera.render_to(template, context, &mut page);
        rendered.map_err(|error| Failure {
            error: match error.kind() {
                ErrorKind::Io(_) => meter::exceeded(&format!(
                    "the page grows beyond {} MB. Look at the loops of the template",
                    self.limits.page / 1_000_000
                )),
                _ => error,
            },
            is_endless: meter::is_exceeded(),
        })
    }

    /// An error with its place in the template as its owner wrote it.
    fn describe(&self, error: &tera::Error, theme: &Theme) -> Diagnostic {
        let as_written = |template: &str, place: Range<usize>| match self.metered.get(template) {
            Some(metered) => metered.original(place),
            None => place,
        };
        describe(error, theme, Code::TemplateFailed, &as_written)
    }
}

/// Why a page could not be rendered.
pub(super) struct Failure {
    error: tera::Error,
    /// Whether the template was stopped because it did not come to an end.
    is_endless: bool,
}

impl From<tera::Error> for Failure {
    fn from(error: tera::Error) -> Self {
        Failure {
            error,
            is_endless: false,
        }
    }
}

/// A page that does not grow for ever.
struct Bounded<'b> {
    bytes: &'b mut Vec<u8>,
    limit: usize,
}

impl Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn load(
    theme: &Theme,
    templates: &[&Template],
    metered: &BTreeMap<String, Metered>,
    global: &Context,
) -> TeraResult<Tera> {
    let mut tera = Tera::new();
    meter::register(&mut tera);
    if let Some(base) = theme.base {
        tera.set_fallback_prefixes([format!("{base}/")])?;
    }
    tera.register_filter("safe", refuse_safe);
    tera.register_filter("number", number);
    tera.set_escape_fn(super::escape::html);
    let under_own_names = templates
        .iter()
        .map(|template| match metered.get(&template.name) {
            Some(metered) => (template.name.as_str(), metered.source.as_str()),
            None => (template.name.as_str(), template.source.as_str()),
        });
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

/// Pages that could not be rendered, by what went wrong: a broken template breaks many pages, and
/// is told once.
#[derive(Default)]
pub(super) struct Failures {
    failed: Mutex<BTreeMap<String, Failed>>,
    /// The templates that did not come to an end, with the error of the first page: to find out takes
    /// seconds, and there may be thousands of pages.
    endless: Mutex<BTreeMap<&'static str, ErrorKind>>,
    has_endless: AtomicBool,
}

struct Failed {
    error: tera::Error,
    template: &'static str,
    first: OutPath,
    pages: usize,
}

impl Failures {
    /// Whether this template may still be rendered; else the error that it is known to give.
    pub(super) fn check(&self, template: &str) -> Result<(), Failure> {
        if !self.has_endless.load(Ordering::Relaxed) {
            return Ok(());
        }
        let endless = self.endless.lock().unwrap_or_else(PoisonError::into_inner);
        match endless.get(template) {
            Some(kind) => Err(tera::Error::new(kind.clone()).into()),
            None => Ok(()),
        }
    }

    /// Notes that a page failed.
    pub(super) fn add(&self, page: &OutPath, template: &'static str, failure: &Failure) {
        let error = &failure.error;
        if failure.is_endless {
            let mut endless = self.endless.lock().unwrap_or_else(PoisonError::into_inner);
            endless
                .entry(template)
                .or_insert_with(|| error.kind().clone());
            self.has_endless.store(true, Ordering::Relaxed);
        }
        let mut failures = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = failures.entry(error.to_string()).or_insert_with(|| Failed {
            error: tera::Error::new(error.kind().clone()),
            template,
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
    pub(super) fn into_diagnostics(self, engine: &Engine, theme: &Theme) -> Vec<Diagnostic> {
        let failures = self.failed.into_inner();
        failures
            .unwrap_or_else(PoisonError::into_inner)
            .into_values()
            .map(|failed| {
                let mut diagnostic = engine.describe(&failed.error, theme);
                if diagnostic.place.is_none()
                    && let Some(template) = template_named(theme, failed.template)
                {
                    diagnostic = diagnostic.at(Place::file(&*template.file));
                }
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

#[cfg(test)]
mod tests;
