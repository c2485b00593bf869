//! Render: from a [`Plan`] and a [`Theme`] to bytes.
//!
//! 1. [`key`] says of each page and feed what it is made of, and the sink whether it has a file
//!    that is made of the same: that one stays.
//! 2. [`engine`] compiles the templates and says what is wrong with them, with its place. It is
//!    asked only where there is a page to render: no page stays that broken templates made.
//! 3. [`values`] turns an entry into a template value when the first page shows it; pages share it.
//! 4. Pages are rendered in parallel, each into a buffer that its thread reuses, and handed to the
//!    sink at once: nothing waits in memory.
//!    Links of notes to the site, which are the same text on each of them, get the page's own way
//!    to the root ([`rooted`]).
//! 5. Feeds ([`atom`], [`rss`], [`json`]), the list of sources ([`opml`]) and the [`sitemap`] are
//!    written by the crates that know their formats.
//!
//! Invariant: the bytes of a page depend on the plan, the theme and the bodies that it names, not
//! on the order or the thread in which it is rendered.

mod atom;
mod engine;
mod escape;
mod feed;
mod json;
mod key;
mod opml;
mod rooted;
mod rss;
mod single;
mod sitemap;
mod values;

use std::cell::RefCell;

use rayon::prelude::*;
use tera::{Context, Value};

use crate::config::{Config, Embeds, Images};
use crate::diag::{Code, Diagnostic};
use crate::model::{Archive, Bodies, Key, OutPath, SafeBody, Text};
use crate::plan::{Format, Matter, OutFeed, Page, Plan};
use crate::theme::Theme;

use engine::{Engine, Failures};
pub(crate) use key::Globals;
use key::Keys;
pub(crate) use single::{Planned, Templates, single};
use values::Entries;

/// What rendering reads.
pub(crate) struct Input<'a> {
    /// What to render.
    pub(crate) plan: &'a Plan,
    /// How it looks.
    pub(crate) theme: &'a Theme,
    /// The entries, for the feeds.
    pub(crate) archive: &'a Archive<SafeBody>,
    /// The texts.
    pub(crate) bodies: &'a Bodies,
    /// The settings.
    pub(crate) config: &'a Config,
    /// Where frames may come from, if the owner lets embeds open on a click.
    pub(crate) frame_hosts: &'a [&'a str],
}

/// Where rendered files go; called from many threads.
pub(crate) trait Sink: Sync {
    /// Whether a file made of the same stands in its place already: then it is not made again.
    fn keeps(&self, path: &OutPath, key: &Key) -> bool;
    /// Takes a file that is ready; without a key, it is made anew in every build.
    fn file(&self, path: &OutPath, bytes: &[u8], key: Option<&Key>);
    /// Lets an observer stand around the rendering of one page.
    fn page(&self, template: &str, render: &mut dyn FnMut());
}

thread_local! {
    /// One buffer for each thread, so that pages do not allocate anew.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Renders everything that is planned and that the sink does not keep, but for files that are
/// copied. What fails is reported, and the rest is rendered all the same.
pub(crate) fn render(input: &Input, sink: &dyn Sink) -> Vec<Diagnostic> {
    let keys = Keys::new(input);
    let (mut diagnostics, others) = rayon::join(
        || render_pages(input, &keys, sink),
        || render_others(input, &keys, sink),
    );
    diagnostics.extend(others);
    diagnostics
}

/// All that is no page.
fn render_others(input: &Input, keys: &Keys, sink: &dyn Sink) -> Vec<Diagnostic> {
    let feeds = input.plan.feeds.par_iter();
    let feeds = feeds.filter_map(|feed| render_feed(input, feed, &keys.feed(feed), sink));
    let (mut diagnostics, of_sitemap) = rayon::join(
        || feeds.collect::<Vec<Diagnostic>>(),
        || sitemap::render(input.plan, &input.config.site, sink),
    );
    diagnostics.extend(of_sitemap);
    diagnostics.extend(render_opml(input, sink));
    for (path, text) in &input.plan.texts {
        sink.file(path, text.as_bytes(), None);
    }
    diagnostics
}

/// What the globals of a build are: where they differ, no file of another build is kept.
pub(crate) fn globals(input: &Input) -> Globals {
    Globals::new(input)
}

fn output_failed(path: &OutPath, why: &str) -> Diagnostic {
    Diagnostic::error(
        Code::OutputFailed,
        format!("`{path}` could not be made: {why}"),
    )
}

fn render_pages(input: &Input, keys: &Keys, sink: &dyn Sink) -> Vec<Diagnostic> {
    let pages = input.plan.pages.par_iter();
    let keyed = pages.map(|page| (&**page, keys.page(page)));
    let due: Vec<(&Page, Key)> = keyed
        .filter(|(page, key)| !sink.keeps(&page.path, key))
        .collect();
    if due.is_empty() {
        return Vec::new();
    }
    let (engine, mut diagnostics) = Engine::compile(input.theme, &global_context(input));
    let Some(engine) = engine else {
        return diagnostics;
    };
    let pages = Pages {
        input,
        engine: &engine,
        entries: Entries::new(&input.plan.entries, input.bodies),
        failures: Failures::default(),
    };
    due.par_iter().for_each(|(page, key)| {
        sink.page(page.matter.template(), &mut || {
            pages.render(page, key, sink);
        });
    });
    diagnostics.extend(pages.failures.into_diagnostics(input.theme));
    diagnostics
}

/// What the rendering of pages shares between threads.
struct Pages<'a> {
    input: &'a Input<'a>,
    engine: &'a Engine,
    entries: Entries<'a>,
    failures: Failures,
}

impl Pages<'_> {
    fn render(&self, page: &Page, key: &Key, sink: &dyn Sink) {
        BUFFER.with_borrow_mut(|buffer| {
            buffer.clear();
            match self.draw(page, buffer) {
                Ok(()) => sink.file(&page.path, buffer, Some(key)),
                Err(error) => self.failures.add(&page.path, &error),
            }
        });
    }

    fn draw(&self, page: &Page, buffer: &mut Vec<u8>) -> tera::TeraResult<()> {
        let context = page_context(self.input, &self.entries, page)?;
        let template = page.matter.template();
        self.engine.render(template, &context, buffer)?;
        rooted::fill(buffer, &page.view.root);
        Ok(())
    }
}

/// What all templates know.
fn global_context(input: &Input) -> Context {
    let mut context = Context::new();
    context.insert("site", &input.plan.site);
    context.insert("theme", &input.theme.options);
    context.insert("csp", &content_security_policy(input, ""));
    context
}

/// What the search page adds to the sources of scripts: it runs the WebAssembly of the index.
const WASM: &str = " 'wasm-unsafe-eval'";

/// The policy that each page carries (CSP Level 3): nothing runs and nothing loads but our own
/// files, and images and media where the owner lets stored texts show them.
fn content_security_policy(input: &Input, scripts: &str) -> String {
    let content = input.config.content;
    let images = match content.images {
        Images::Remote | Images::Click => "'self' data: https:",
        Images::None => "'self' data:",
    };
    let frames = match content.embeds {
        Embeds::Click => {
            let hosts = input
                .frame_hosts
                .iter()
                .map(|host| format!(" https://{host}"));
            format!("; frame-src{}", hosts.collect::<String>())
        }
        Embeds::Link | Embeds::None => String::new(),
    };
    format!(
        "default-src 'none'; script-src 'self'{scripts}; style-src 'self'; img-src {images}; \
         media-src https:; connect-src 'self'; worker-src 'self'; form-action 'self'; \
         base-uri 'none'{frames}"
    )
}

/// What the template of one page knows beside that; see `plan/context/`.
fn page_context(input: &Input, entries: &Entries, page: &Page) -> tera::TeraResult<Context> {
    let bodies = input.bodies;
    let body = |html: Option<_>| match html {
        Some(html) => bodies.with_safe(html, Value::safe_string),
        None => Value::none(),
    };
    let mut context = match &page.matter {
        Matter::Home(home) => Context::from_serialize(home)?,
        Matter::List(list) => Context::from_serialize(list)?,
        Matter::Terms(terms) => Context::from_serialize(terms)?,
        Matter::Year(year) => Context::from_serialize(year)?,
        Matter::Dates(dates) => Context::from_serialize(dates)?,
        Matter::Days(days) => Context::from_serialize(days)?,
        Matter::Statistics(statistics) => Context::from_serialize(statistics)?,
        Matter::Redirect(redirect) => Context::from_serialize(redirect)?,
        Matter::Search(search) => Context::from_serialize(search)?,
        Matter::NotFound => Context::new(),
        Matter::Own(own) => {
            let mut context = Context::from_serialize(own)?;
            context.insert_value("body", body(own.body));
            context
        }
        Matter::Entry(index, entry) => {
            let mut context = Context::from_serialize(entry)?;
            context.insert_value("body", body(entry.body));
            context.insert_value("newer", entries.neighbour(entry.newer.as_ref()));
            context.insert_value("older", entries.neighbour(entry.older.as_ref()));
            context.insert_value("related", entries.links(&entry.related));
            context.insert_value("later", entries.links(&entry.later));
            context.insert_value("entry", entries.value(*index));
            context
        }
        Matter::Revisions(index, revisions) => {
            let mut context = Context::new();
            context.insert_value("revisions", values::revisions(revisions, bodies));
            context.insert_value("entry", entries.value(*index));
            context
        }
    };
    if matches!(page.matter, Matter::Home(_) | Matter::List(_)) {
        context.insert_value("sections", values::sections(&page.sections, entries));
    }
    if matches!(page.matter, Matter::Search(_)) {
        context.insert("csp", &content_security_policy(input, WASM));
    }
    context.insert("page", &page.view);
    Ok(context)
}

fn render_opml(input: &Input, sink: &dyn Sink) -> Option<Diagnostic> {
    let opml = input.plan.opml.as_ref()?;
    let owner = input.config.site.author.as_ref();
    match opml::render(opml, owner.map(Text::as_str)) {
        Ok(bytes) => {
            sink.file(&opml.path, &bytes, None);
            None
        }
        Err(why) => Some(output_failed(&opml.path, &why)),
    }
}

fn render_feed(input: &Input, feed: &OutFeed, key: &Key, sink: &dyn Sink) -> Option<Diagnostic> {
    if sink.keeps(&feed.path, key) {
        return None;
    }
    match draw_feed(input, feed) {
        Ok(bytes) => {
            sink.file(&feed.path, &bytes, Some(key));
            None
        }
        Err(why) => Some(output_failed(&feed.path, &why)),
    }
}

fn draw_feed(input: &Input, feed: &OutFeed) -> Result<Vec<u8>, String> {
    match feed.format {
        Format::Atom => atom::render(input, feed),
        Format::Rss => rss::render(input, feed),
        Format::Json => json::render(input, feed),
    }
}
