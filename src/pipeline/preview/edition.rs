//! A site between two changes: from the path of a file to its bytes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::diag::{Code, Diagnostic, Severity};
use crate::load;
use crate::model::{Archive, Hash, OutPath, SafeBody};
use crate::pipeline::indexes::search_input;
use crate::pipeline::memory::{Memory, held};
use crate::pipeline::site::Site;
use crate::plan::{Plan, StaticSource};
use crate::render::{self, Planned, Templates};
use crate::sanitize;
use crate::search;
use crate::theme::{self, Theme};

/// The site between two changes. Cheap to hold; what is asked of it is made then.
#[derive(Debug, Default)]
pub struct Edition {
    pub(super) number: u64,
    pub(super) content: Option<Arc<Content>>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// All that files are made of.
pub(super) struct Content {
    pub(super) site: Site,
    pub(super) theme: Arc<Theme>,
    pub(super) archive: Arc<Archive<SafeBody>>,
    pub(super) plan: Arc<Plan>,
    pub(super) memory: Arc<Memory>,
    pub(super) looks: Looks,
    pub(super) indexes: Arc<Indexes>,
}

/// How pages look.
#[derive(Default)]
pub(super) struct Looks {
    /// None if a template is wrong.
    pub(super) now: Option<Arc<Compiled>>,
    /// The last that made every page it was asked for, before this one.
    pub(super) before: Option<Arc<Compiled>>,
}

impl Looks {
    fn is_none(&self) -> bool {
        self.now.is_none() && self.before.is_none()
    }
}

/// Templates that were compiled.
pub(super) struct Compiled {
    templates: Templates,
    /// Whether a page failed.
    failed: AtomicBool,
}

impl Compiled {
    pub(super) fn new(templates: Templates) -> Self {
        Compiled {
            templates,
            failed: AtomicBool::new(false),
        }
    }

    /// Whether one of the pages that somebody asked for could not be made with them.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}

/// The search indexes that somebody asked for, by their folder, each with what it is made of.
#[derive(Default)]
pub(super) struct Indexes(Mutex<BTreeMap<OutPath, (Hash, Made)>>);

type Made = Result<Arc<Vec<search::File>>, Diagnostic>;

/// A file of the site, made when it was asked for.
#[derive(Debug, Clone)]
pub struct Served {
    /// What `build` would write, or, where that fails, what it would have written before.
    pub bytes: Vec<u8>,
    /// Of the bytes, in hex: two editions show the same file if their hashes are equal.
    pub hash: String,
    /// What is wrong with this very file; then the bytes are those that the last good templates
    /// make, and none if there are none.
    pub problems: Vec<Diagnostic>,
}

impl Edition {
    /// Counts up with every change; 0 before anything was read.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether there is a site at all: not before the first refresh, and not where that found no
    /// valid settings or theme.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.content.is_some()
    }

    /// The path of the base URL, under which the site is published: `/`, or `/archive/`.
    #[must_use]
    pub fn mount(&self) -> &str {
        let content = self.content.as_ref();
        content.map_or("/", |content| content.site.config.site.base_url.path())
    }

    /// How many entries and pages there are.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let count = |content: &Arc<Content>| (content.plan.entries.len(), content.plan.pages.len());
        self.content.as_ref().map_or((0, 0), count)
    }

    /// What is wrong with the site, in the order of files and places.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether the site has a file at this path: decoded, and relative to the mount, such as
    /// `tags/rust.html`.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        let found = self.content.as_ref().zip(OutPath::new(path));
        found.is_some_and(|(content, path)| content.has(&path))
    }

    /// Whether the file at this path is, byte for byte, the one that built-in themes have there.
    #[must_use]
    pub fn is_built_in(&self, path: &str) -> bool {
        let content = self.content.as_ref().zip(OutPath::new(path));
        let copied = content.and_then(|(content, path)| content.of_theme(&path));
        copied.is_some_and(|(name, bytes)| theme::is_built_in(name, bytes))
    }

    /// Makes the file at this path, if the site has one.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<Served> {
        let content = self.content.as_ref()?;
        let path = OutPath::new(path)?;
        let mut served = content.file(&path)?;
        if content.looks.is_none() && content.is_rendered(&path) {
            // No page was ever made: what is wrong with the site is what is wrong with this one.
            let errors = self.diagnostics.iter();
            let errors = errors.filter(|found| found.severity == Severity::Error);
            served.problems.extend(errors.cloned());
        }
        Some(served)
    }
}

impl Content {
    pub(super) fn input(&self) -> render::Input<'_> {
        render::Input {
            plan: &self.plan,
            theme: &self.theme,
            archive: &self.archive,
            bodies: self.memory.bodies(),
            config: &self.site.config,
            frame_hosts: sanitize::frame_hosts(),
        }
    }

    fn has(&self, path: &OutPath) -> bool {
        let statics = &self.plan.statics;
        let is_copied = statics.binary_search_by(|one| one.path.cmp(path)).is_ok();
        is_copied || self.is_rendered(path) || self.index(path).is_some()
    }

    fn is_rendered(&self, path: &OutPath) -> bool {
        Planned::at(&self.plan, path).is_some()
    }

    fn file(&self, path: &OutPath) -> Option<Served> {
        let copied = self.copied(path).map(Served::of);
        copied.or_else(|| self.rendered(path)).or_else(|| {
            let made = self.index(path)?;
            Some(made.map_or_else(|problem| Served::failed(vec![problem]), Served::of))
        })
    }

    /// A file of the theme: its name there, and what is in it.
    fn of_theme(&self, path: &OutPath) -> Option<(&str, &[u8])> {
        match self.copy_at(path)? {
            StaticSource::Theme(name) => Some((name, self.theme.assets.get(name)?)),
            StaticSource::Site(_) => None,
        }
    }

    /// What the file at this path is a copy of.
    fn copy_at(&self, path: &OutPath) -> Option<&StaticSource> {
        let statics = &self.plan.statics;
        let at = statics.binary_search_by(|one| one.path.cmp(path)).ok()?;
        Some(&statics[at].from)
    }

    fn copied(&self, path: &OutPath) -> Option<Vec<u8>> {
        match self.copy_at(path)? {
            StaticSource::Theme(name) => self.theme.assets.get(name).cloned(),
            StaticSource::Site(index) => {
                let (source, _) = load::read_plain(self.site.listing.statics.get(*index)?);
                Some(source?.bytes)
            }
        }
    }

    fn rendered(&self, path: &OutPath) -> Option<Served> {
        let planned = Planned::at(&self.plan, path)?;
        let input = self.input();
        let make = |looks: &Compiled| {
            let made = render::single(&input, &looks.templates, path, &planned);
            match self.memory.bodies().is_damaged() {
                true => Err(vec![damaged()]),
                false => made,
            }
        };
        let Looks { now, before } = &self.looks;
        // What an older look says is wrong is told by the newer one.
        let mut problems = None;
        for looks in [now, before].into_iter().flatten() {
            match make(looks) {
                Ok(bytes) => {
                    return Some(Served {
                        problems: problems.unwrap_or_default(),
                        ..Served::of(bytes)
                    });
                }
                Err(found) => {
                    looks.failed.store(true, Ordering::Relaxed);
                    problems.get_or_insert(found);
                }
            }
        }
        Some(Served::failed(problems.unwrap_or_default()))
    }

    /// A file of a search index, which is made first where nobody asked for one of its files yet.
    fn index(&self, path: &OutPath) -> Option<Result<Vec<u8>, Diagnostic>> {
        let planned = self.plan.search.as_ref()?;
        let made = if path.is_below(&planned.core) {
            let language = &self.site.config.site.language;
            let key = search::core_key(language);
            let make = || search::core(language, &planned.core);
            self.indexes.made(&planned.core, key, make)
        } else {
            let mut years = planned.years.iter();
            let year = years.find(|year| path.is_below(&year.folder))?;
            let input = search_input(&self.input());
            let year = search::year(&input, year);
            let make = || search::index(&year, &planned.core);
            self.indexes.made(&year.folder, year.key, make)
        };
        match made {
            Ok(files) => {
                let file = files.iter().find(|file| file.path == *path)?;
                Some(Ok(file.bytes.clone()))
            }
            Err(problem) => Some(Err(problem)),
        }
    }
}

impl Indexes {
    /// One at a time: each takes the memory of a year.
    fn made(
        &self,
        folder: &OutPath,
        key: Hash,
        make: impl FnOnce() -> Result<Vec<search::File>, Diagnostic>,
    ) -> Made {
        let mut indexes = held(&self.0);
        match indexes.get(folder) {
            Some((known, made)) if *known == key => made.clone(),
            _ => {
                let made = make().map(Arc::new);
                indexes.insert(folder.clone(), (key, made.clone()));
                made
            }
        }
    }
}

impl Served {
    fn of(bytes: Vec<u8>) -> Self {
        Served {
            hash: Hash::of(&bytes).to_string(),
            bytes,
            problems: Vec::new(),
        }
    }

    fn failed(problems: Vec<Diagnostic>) -> Self {
        Served {
            problems,
            ..Served::of(Vec::new())
        }
    }
}

fn damaged() -> Diagnostic {
    Diagnostic::error(
        Code::CacheFailed,
        "texts that lay in the cache were changed by something else",
    )
    .hint("save any file of the site: then all of them are read again")
}

impl fmt::Debug for Content {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = &self.plan;
        write!(formatter, "Content({} pages)", plan.pages.len())
    }
}
