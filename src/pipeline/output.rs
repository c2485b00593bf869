//! Where files go: to the writer, which keeps what is made of the same, or nowhere in a check.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::api::{Observer, Rebuilt, Stage, Why};
use super::links::Links;
use super::memory::{Memory, held};
use super::site::Site;
use crate::diag::Diagnostic;
use crate::model::{Hash, Key, OutPath};
use crate::plan::{Plan, StaticFile, StaticSource};
use crate::render::{Globals, Sink};
use crate::theme::Theme;
use crate::write::{Stale, Writer};

/// Where files go.
pub(super) struct Output<'a> {
    /// None in a check.
    pub(super) writer: Option<&'a Writer>,
    pub(super) observer: &'a dyn Observer,
    /// While its texts are damaged, nothing is written: it could be made of what is not there.
    memory: &'a Memory,
    /// Why no file of the last build is kept, if none is.
    stale: Option<Why>,
    rebuilt: Mutex<Vec<Rebuilt>>,
    /// What looks at the links of all pages; none in a build, which does not make all of them.
    links: Option<Links<'a>>,
}

impl<'a> Output<'a> {
    pub(super) fn new(
        writer: Option<&'a Writer>,
        links: Option<Links<'a>>,
        observer: &'a dyn Observer,
        memory: &'a Memory,
        globals: [Hash; 2],
    ) -> Self {
        let manifest = memory.manifest.as_ref();
        let stale = match manifest.map(|manifest| manifest.globals) {
            None => Some(Why::FirstBuild),
            Some([theme, _]) if theme != globals[0] => Some(Why::Theme),
            Some([_, site]) if site != globals[1] => Some(Why::Settings),
            Some(_) => None,
        };
        Output {
            writer,
            observer,
            memory,
            stale,
            rebuilt: Mutex::default(),
            links,
        }
    }

    /// What was made again, by its path; and what is to be told of all pages.
    pub(super) fn into_found(self) -> (Vec<Rebuilt>, Vec<Diagnostic>) {
        let rebuilt = self.rebuilt.into_inner();
        let mut rebuilt = rebuilt.unwrap_or_else(PoisonError::into_inner);
        rebuilt.sort();
        let broken = self.links.map(Links::diagnostics);
        (rebuilt, broken.unwrap_or_default())
    }

    fn why(&self, writer: &Writer, path: &OutPath, key: &Key) -> Option<Why> {
        if let Some(why) = self.stale {
            return Some(why);
        }
        let stale = writer.keep(path, key).err()?;
        Some(match stale {
            Stale::New => Why::New,
            Stale::Subject => Why::Matter,
            Stale::Around => Why::Links,
            Stale::Missing => Why::Missing,
            Stale::Changed => Why::Touched,
        })
    }

    /// Copies the files of the plan that are copied.
    pub(super) fn copy(&self, plan: &Plan, site: &Site, theme: &Theme) -> Vec<Diagnostic> {
        let copy = |file: &StaticFile| {
            let found = match &file.from {
                StaticSource::Theme(name) => {
                    if let Some(bytes) = theme.assets.get(name) {
                        self.file(&file.path, bytes, None);
                    }
                    Vec::new()
                }
                StaticSource::Site(index) => self.copy_static(*index, &file.path, site),
            };
            self.observer.step(Stage::Write);
            found
        };
        plan.statics.par_iter().flat_map_iter(copy).collect()
    }

    /// Copies a file of the site, unless it is known to be the one that stands there.
    fn copy_static(&self, index: usize, to: &OutPath, site: &Site) -> Vec<Diagnostic> {
        let Some(file) = site.listing.statics.get(index) else {
            return Vec::new();
        };
        // Neither theme nor settings have a part in a copy.
        let key = |hash| Key {
            subject: hash,
            around: Hash::of(b"a copy"),
        };
        if let Some(hash) = self.memory.hash(file) {
            let kept = self.writer.map(|writer| writer.keep(to, &key(hash)));
            if matches!(kept, Some(Ok(()))) {
                self.memory.note(file, hash);
                return Vec::new();
            }
        }
        let (source, found) = self.memory.read(file);
        if let Some((source, hash)) = source {
            self.file(to, &source.bytes, Some(&key(hash)));
        }
        found
    }
}

impl Sink for Output<'_> {
    fn keeps(&self, path: &OutPath, key: &Key) -> bool {
        let Some(writer) = self.writer else {
            return false;
        };
        let Some(why) = self.why(writer, path, key) else {
            self.observer.step(Stage::Render);
            return true;
        };
        let rebuilt = Rebuilt {
            why,
            path: path.to_string(),
        };
        held(&self.rebuilt).push(rebuilt);
        false
    }

    fn file(&self, path: &OutPath, bytes: &[u8], key: Option<&Key>) {
        if let Some(writer) = self.writer
            && !self.memory.bodies().is_damaged()
        {
            writer.file(path, bytes, key);
        }
        if let Some(links) = &self.links {
            links.look(path, bytes);
        }
    }

    fn page(&self, template: &str, render: &mut dyn FnMut()) {
        self.observer.template(template, render);
        self.observer.step(Stage::Render);
    }
}

/// The hashes of what all pages are made of, as the manifest has them.
pub(super) fn hashes(globals: Globals) -> [Hash; 2] {
    [globals.theme, globals.site]
}
