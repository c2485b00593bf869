//! One file of a plan, made when somebody asks for it, by the same functions as all of them.

use std::sync::Mutex;

use super::engine::{Engine, Failures};
use super::key::Keys;
use super::values::Entries;
use super::{Input, Pages, Sink, draw_feed, global_context, output_failed, render_opml, sitemap};
use crate::diag::Diagnostic;
use crate::model::{Key, OutPath};
use crate::plan::{OutFeed, Page};

/// The templates of a theme, compiled for what [`super::globals`] say.
pub(crate) struct Templates(Engine);

impl Templates {
    /// Compiles them; none if one of them is wrong.
    pub(crate) fn compile(input: &Input) -> (Option<Self>, Vec<Diagnostic>) {
        let (engine, diagnostics) = Engine::compile(input.theme, &global_context(input));
        (engine.map(Templates), diagnostics)
    }
}

/// The rendered file at this path; none if none is planned there. Files that are copied, and those
/// of search indexes, are not rendered.
pub(crate) fn single(
    input: &Input,
    templates: &Templates,
    path: &OutPath,
) -> Option<Result<Vec<u8>, Vec<Diagnostic>>> {
    let plan = input.plan;
    if let Ok(at) = plan.pages.binary_search_by(|page| page.path.cmp(path)) {
        return Some(page(input, templates, &plan.pages[at]));
    }
    if let Ok(at) = plan.feeds.binary_search_by(|feed| feed.path.cmp(path)) {
        return Some(feed(input, &plan.feeds[at]));
    }
    if let Some(text) = plan.texts.get(path) {
        return Some(Ok(text.clone().into_bytes()));
    }
    if plan.opml.as_ref().is_some_and(|opml| opml.path == *path) {
        return caught(path, |sink| render_opml(input, sink).into_iter().collect());
    }
    let files = &plan.sitemap;
    if files.file.as_ref() == Some(path) || files.parts.contains(path) {
        return caught(path, |sink| sitemap::render(plan, &input.config.site, sink));
    }
    None
}

/// The pages of `now` that do not look as they did `before`, sorted; new ones are among them.
pub(crate) fn changed<'a>(before: &Input, now: &Input<'a>) -> Vec<&'a OutPath> {
    let same_globals = super::globals(before) == super::globals(now);
    let (old, new) = rayon::join(|| Keys::new(before), || Keys::new(now));
    let was = |page: &Page| {
        let pages = &before.plan.pages;
        let at = pages.binary_search_by(|other| other.path.cmp(&page.path));
        at.ok().map(|at| old.page(&pages[at]))
    };
    let differs = |page: &&Page| !same_globals || was(page) != Some(new.page(page));
    let changed = now.plan.pages.iter().filter(differs);
    changed.map(|page| &page.path).collect()
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
        Err(error) => {
            pages.failures.add(&page.path, &error);
            Err(pages.failures.into_diagnostics(input.theme))
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
) -> Option<Result<Vec<u8>, Vec<Diagnostic>>> {
    let catch = Catch {
        path,
        bytes: Mutex::default(),
    };
    let problems = render(&catch);
    let bytes = catch.bytes.into_inner().ok().flatten();
    match bytes {
        Some(bytes) => Some(Ok(bytes)),
        None => Some(Err(problems)),
    }
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
