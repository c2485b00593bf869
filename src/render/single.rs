//! One file of a plan, made when somebody asks for it, by the same functions as all of them.

use std::sync::Mutex;

use super::engine::{Engine, Failures};
use super::values::Entries;
use super::{Input, Pages, Sink, draw_feed, global_context, output_failed, render_opml, sitemap};
use crate::diag::Diagnostic;
use crate::model::{Key, OutPath};
use crate::plan::{OutFeed, Page, Plan};

/// The templates of a theme, compiled for what [`super::globals`] say.
pub(crate) struct Templates(Engine);

impl Templates {
    /// Compiles them; none if one of them is wrong.
    pub(crate) fn compile(input: &Input) -> (Option<Self>, Vec<Diagnostic>) {
        let (engine, diagnostics) = Engine::compile(input.theme, &global_context(input));
        (engine.map(Templates), diagnostics)
    }
}

/// What is planned to be rendered at a path. Files that are copied, and those of search indexes, are
/// not rendered.
pub(crate) enum Planned<'a> {
    Page(&'a Page),
    Feed(&'a OutFeed),
    Text(&'a str),
    Opml,
    /// The sitemap, its index or a part of it.
    Sitemap,
}

impl<'a> Planned<'a> {
    /// What is planned at this path, if anything is.
    pub(crate) fn at(plan: &'a Plan, path: &OutPath) -> Option<Self> {
        let page = plan.pages.binary_search_by(|page| page.path.cmp(path));
        let feed = plan.feeds.binary_search_by(|feed| feed.path.cmp(path));
        let text = || plan.texts.get(path).map(|text| Planned::Text(text));
        let is_opml = || plan.opml.as_ref().is_some_and(|opml| opml.path == *path);
        let sitemap = &plan.sitemap;
        let is_part = || sitemap.parts.iter().any(|(part, _)| part == path);
        let is_sitemap = || sitemap.file.as_ref() == Some(path) || is_part();
        match (page, feed) {
            (Ok(at), _) => Some(Planned::Page(&plan.pages[at])),
            (_, Ok(at)) => Some(Planned::Feed(&plan.feeds[at])),
            _ => text()
                .or_else(|| is_opml().then_some(Planned::Opml))
                .or_else(|| is_sitemap().then_some(Planned::Sitemap)),
        }
    }
}

/// Renders what is planned at this path.
pub(crate) fn single(
    input: &Input,
    templates: &Templates,
    path: &OutPath,
    planned: &Planned,
) -> Result<Vec<u8>, Vec<Diagnostic>> {
    match planned {
        Planned::Page(one) => page(input, templates, one),
        Planned::Feed(one) => feed(input, one),
        Planned::Text(text) => Ok(text.as_bytes().to_vec()),
        Planned::Opml => caught(path, |sink| render_opml(input, sink).into_iter().collect()),
        Planned::Sitemap => caught(path, |sink| {
            sitemap::render(input.plan, &input.config.site, sink)
        }),
    }
}

fn page(input: &Input, templates: &Templates, page: &Page) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let pages = Pages {
        input,
        engine: &templates.0,
        entries: Entries::new(&input.plan.entries, input.bodies),
        failures: Failures::default(),
    };
    let mut bytes = Vec::new();
    match pages.draw(page, &mut bytes) {
        Ok(()) => Ok(bytes),
        Err(failure) => {
            let template = page.matter.template();
            pages.failures.add(&page.path, template, &failure);
            Err(pages.failures.into_diagnostics(&templates.0, input.theme))
        }
    }
}

fn feed(input: &Input, feed: &OutFeed) -> Result<Vec<u8>, Vec<Diagnostic>> {
    draw_feed(input, feed).map_err(|why| vec![output_failed(&feed.path, &why)])
}

/// The one file of this path, of all that are handed over.
fn caught(
    path: &OutPath,
    render: impl FnOnce(&dyn Sink) -> Vec<Diagnostic>,
) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let catch = Catch {
        path,
        bytes: Mutex::default(),
    };
    let problems = render(&catch);
    let bytes = catch.bytes.into_inner().ok().flatten();
    bytes.ok_or(problems)
}

/// A sink that keeps one file.
struct Catch<'a> {
    path: &'a OutPath,
    bytes: Mutex<Option<Vec<u8>>>,
}

impl Sink for Catch<'_> {
    fn keeps(&self, _: &OutPath, _: &Key) -> bool {
        false
    }

    fn file(&self, path: &OutPath, bytes: &[u8], _: Option<&Key>) {
        if path == self.path
            && let Ok(mut kept) = self.bytes.lock()
        {
            *kept = Some(bytes.to_vec());
        }
    }

    fn page(&self, _: &str, render: &mut dyn FnMut()) {
        render();
    }
}
