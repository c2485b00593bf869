//! From a look at the files to the next edition: each piece of the straight line is run again if
//! something changed that it is made of, else what it gave is used again.
//!
//! Within merging, sanitizing and planning, which are given values, the values themselves tell what
//! may be used again: equal settings, and entries that are shared with the archive before.
//!
//! Invariant: what is used again is what running it again would give. So a piece names all that it
//! is made of (`due`), and what is not certain to be the same is run.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::edition::{Compiled, Content, Edition, Indexes, Looks};
use super::seen::{Role, Seen, Touched};
use super::{Change, ChangeKind};
use crate::cache::{Cache, Damage};
use crate::config::Config;
use crate::diag::{Code, Diagnostic};
use crate::merge::{self, Gathered};
use crate::model::{Note, Originals, OwnPage, SafeBody, Snapshot};
use crate::pipeline::memory::{self, Memory};
use crate::pipeline::site::Site;
use crate::pipeline::{Observer, Options, Stage, folder, report_in_order, stages};
use crate::plan::{Ground, Plan, Remembered};
use crate::render::{self, Globals, Templates};
use crate::sanitize::{OwnPages, Safe};
use crate::theme::Theme;
use crate::write;

/// What a piece of the line gave, and what it told.
#[derive(Debug, Default)]
struct Piece<T> {
    value: T,
    told: Vec<Diagnostic>,
}

/// What the next refresh begins with.
#[derive(Default)]
pub(super) struct Work {
    options: Options,
    memory: Option<Arc<Memory>>,
    /// What was told of the cache when it was opened.
    opened: Vec<Diagnostic>,
    /// The files as of the last look.
    last: Arc<Seen>,
    /// The files that all below is made of.
    made_of: Arc<Seen>,
    theme: Piece<Option<Arc<Theme>>>,
    snapshots: Piece<Vec<Snapshot>>,
    notes: Piece<Vec<Note>>,
    /// What the snapshots hold, and the settings by which it was gathered.
    gathered: Option<(merge::Rules, Gathered)>,
    archive: Piece<Option<Safe>>,
    own: Piece<Vec<(OwnPage, SafeBody)>>,
    originals: Piece<Originals>,
    ground: Option<Ground>,
    plan: Piece<Option<Arc<Plan>>>,
    related: Arc<Remembered>,
    /// The templates, what they were compiled for, and what was told then.
    looks: Piece<Option<(Globals, Option<Arc<Compiled>>)>>,
    before: Option<Arc<Compiled>>,
    indexes: Arc<Indexes>,
    replaced: Replaced,
}

/// What is not needed any more. To free so many small things takes a while, and nobody need wait.
#[derive(Default)]
pub(super) struct Replaced {
    gathered: Option<(merge::Rules, Gathered)>,
    safe: Option<Safe>,
    ground: Option<Ground>,
}

impl std::fmt::Debug for Work {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Work({:?})", self.options.root)
    }
}

/// What changed, as far as pieces of the line are made of it.
struct Due {
    roles: BTreeSet<Role>,
    /// Whether a file that is copied came or went.
    statics: bool,
}

impl Due {
    fn of(changes: &[(Role, Change)]) -> Self {
        let came_or_went = |(role, change): &(Role, Change)| {
            *role == Role::Static && change.kind != ChangeKind::Edited
        };
        Due {
            roles: changes.iter().map(|(role, _)| *role).collect(),
            statics: changes.iter().any(came_or_went),
        }
    }

    fn has(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.roles.contains(role))
    }
}

impl Work {
    pub(super) fn new(options: Options) -> Self {
        Work {
            options,
            ..Work::default()
        }
    }

    /// What the last refresh replaced.
    pub(super) fn take_replaced(&mut self) -> Replaced {
        std::mem::take(&mut self.replaced)
    }

    /// The next edition, and what changed; none if nothing did.
    pub(super) fn refresh(
        &mut self,
        before: &Edition,
        touched: &[PathBuf],
        observer: &dyn Observer,
    ) -> Option<(Edition, Vec<Change>)> {
        observer.stage(Stage::Load, 0);
        let mut told = Vec::new();
        let site = Site::open(&self.options, &mut told);
        let looked = site.map(|site| self.look(site, touched, &mut told, observer));
        report_in_order(&mut told);
        let is_told = told == before.diagnostics && before.number > 0;
        let (content, changed) = match looked {
            Some(looked) => looked,
            None if is_told => return None,
            None => (None, settings_changed(&told)),
        };
        if changed.is_empty() && is_told {
            return None;
        }
        let edition = Edition {
            number: before.number + 1,
            // What cannot be used leaves the last good state in place.
            content: content.map(Arc::new).or_else(|| before.content.clone()),
            diagnostics: told,
        };
        Some((edition, changed))
    }

    /// What there is to show, and what changed since the last look.
    fn look(
        &mut self,
        site: Site,
        touched: &[PathBuf],
        told: &mut Vec<Diagnostic>,
        observer: &dyn Observer,
    ) -> (Option<Content>, Vec<Change>) {
        if self.is_damaged() {
            *self = Work::new(self.options.clone());
        }
        let seen = Seen::look(&site, &self.last, &Touched::new(touched));
        let changes = seen.since(&self.last);
        let due = Due::of(&seen.since(&self.made_of));
        self.last = Arc::new(seen);
        let content = self.content(site, &due, told, observer);
        let changed = changes.into_iter().map(|(_, change)| change);
        (content, changed.collect())
    }

    fn is_damaged(&self) -> bool {
        let memory = self.memory.as_ref();
        memory.is_some_and(|memory| memory.bodies().is_damaged())
    }

    /// What an edition shows; none if the theme or the cache cannot be used.
    fn content(
        &mut self,
        site: Site,
        due: &Due,
        told: &mut Vec<Diagnostic>,
        observer: &dyn Observer,
    ) -> Option<Content> {
        let output = folder(&self.options, &site.config);
        told.extend(write::misplaced(&self.options.root, &output));
        if self.memory.is_none() {
            return self.first(site, told, observer);
        }
        let memory = self.memory.clone()?;
        memory.go_by(Arc::clone(&self.last));
        let content = self.made(site, &memory, due, observer);
        self.tell(told);
        content
    }

    /// The first content is made with the cache of builds, which is given back then.
    fn first(
        &mut self,
        site: Site,
        told: &mut Vec<Diagnostic>,
        observer: &dyn Observer,
    ) -> Option<Content> {
        self.opened.clear();
        let Some(mut cache) = self.open_cache() else {
            told.append(&mut self.opened);
            return None;
        };
        let output = folder(&self.options, &site.config);
        if let Some(misplaced) = memory::in_output(&cache, &output) {
            told.push(misplaced);
            return None;
        }
        let everything = Due::of(&self.last.since(&Seen::default()));
        let mut site = Some(site);
        loop {
            // A site is used up by what is made of it: it is read again where that is damaged.
            let again = || Site::open(&self.options, &mut Vec::new());
            let this = site.take().or_else(again)?;
            let made = Memory::earlier(&cache).map(Arc::new).and_then(|memory| {
                // What was made of the texts of another memory is not used again.
                (self.gathered, self.ground) = (None, None);
                self.archive = Piece::default();
                self.related = memory.related.clone().into();
                let content = self.made(this, &memory, &everything, observer);
                match memory.bodies().is_damaged() {
                    true => Err(Damage),
                    false => Ok((memory, content)),
                }
            });
            let Ok((memory, content)) = made else {
                self.opened.extend(cache.forget());
                continue;
            };
            if content.is_some() {
                let kept = memory.keep(&cache, &self.related);
                self.opened
                    .extend(kept.err().map(|error| cache.failed(&error)));
                memory.let_go();
                memory.go_by(Arc::clone(&self.last));
                self.memory = Some(memory);
            }
            self.tell(told);
            return content;
        }
    }

    /// The cache of builds; none where it cannot be one. Where a build holds it, the preview does
    /// without, and so has to read everything.
    fn open_cache(&mut self) -> Option<Cache> {
        let opened = memory::open(&self.options, &mut self.opened);
        let is_held = |found: &Diagnostic| found.code == Code::SiteLocked;
        let held = self.opened.iter().any(is_held);
        self.opened.retain(|found| !is_held(found));
        opened.or_else(|| held.then(|| memory::none(&self.options)))
    }

    /// Runs what is due.
    fn made(
        &mut self,
        site: Site,
        memory: &Arc<Memory>,
        due: &Due,
        observer: &dyn Observer,
    ) -> Option<Content> {
        let config = &site.config;
        let assets = self.asset_names();
        if self.theme.value.is_none() || due.has(&[Role::Settings, Role::Theme]) {
            let (theme, told) = site.theme(memory);
            let value = theme.map(Arc::new);
            self.theme = Piece { value, told };
        }
        let theme = self.theme.value.clone()?;

        observer.stage(Stage::Ingest, site.listing.snapshots.len());
        if due.has(&[Role::Snapshot]) {
            self.snapshots = stages::snapshots(&site.listing, memory, observer).into();
            self.replaced.gathered = self.gathered.take();
        }
        if due.has(&[Role::Note]) {
            self.notes = stages::notes(&site.listing, memory).into();
        }
        let reads_pages = due.has(&[Role::Settings, Role::Page]);
        let linked = self.linked_pages(config);
        if reads_pages {
            self.read_pages(&site, memory);
        }
        // Notes link to pages: where one came or went, they are made safe again.
        let merges = due.has(&[Role::Settings, Role::Snapshot, Role::Note])
            || linked != self.linked_pages(config);
        if merges {
            self.merge(config, memory, observer);
        }

        let reads_originals = due.has(&[Role::Originals]);
        if reads_originals {
            self.originals = stages::originals(&site.listing, memory).into();
        }

        let archive = Arc::clone(&self.archive.value.as_ref()?.archive);

        observer.stage(Stage::Plan, 0);
        let others = due.statics || assets != self.asset_names();
        if merges || reads_pages || reads_originals || others || self.plan.value.is_none() {
            let beside = site.beside(self.own.value.clone(), self.originals.value.clone(), &theme);
            let mut before = self.ground.take();
            let same = before.take_if(|before| before.follow(&archive, &beside.originals, config));
            let ground = same.unwrap_or_else(|| {
                Ground::of(
                    &archive,
                    &beside.originals,
                    config,
                    &self.related,
                    before.as_mut(),
                )
            });
            self.replaced.ground = before;
            let (plan, told) = ground.plan(&beside, config);
            self.related = Arc::clone(&ground.remembered);
            self.ground = Some(ground);
            let value = Some(Arc::new(plan));
            self.plan = Piece { value, told };
        }
        Arc::make_mut(&mut self.last).learn(&memory.take_inputs());
        self.made_of = Arc::clone(&self.last);
        let mut content = Content {
            theme,
            archive,
            plan: self.plan.value.clone()?,
            memory: Arc::clone(memory),
            looks: Looks::default(),
            indexes: Arc::clone(&self.indexes),
            site,
        };
        content.looks = self.looks(&content.input());
        Some(content)
    }

    /// Reads the owner's pages.
    fn read_pages(&mut self, site: &Site, memory: &Memory) {
        let (pages, mut told) = stages::pages(&site.listing, memory);
        let among = OwnPages::new(pages.iter(), site.config.output.urls);
        let (value, found) = stages::own_pages(pages, &among, memory, &site.config);
        told.extend(found);
        self.own = Piece { value, told };
    }

    /// The owner's pages, as links name them.
    fn linked_pages(&self, config: &Config) -> OwnPages {
        let pages = self.own.value.iter().map(|(page, _)| page);
        OwnPages::new(pages, config.output.urls)
    }

    /// From snapshots and notes to an archive.
    fn merge(&mut self, config: &Config, memory: &Memory, observer: &dyn Observer) {
        observer.stage(Stage::Merge, 0);
        let rules = merge::Rules::of(config);
        if self.gathered.as_ref().is_some_and(|(by, _)| *by != rules) {
            self.replaced.gathered = self.gathered.take();
        }
        let (_, gathered) = self.gathered.get_or_insert_with(|| {
            let gathered = Gathered::of(&self.snapshots.value, memory.bodies(), &rules);
            (rules, gathered)
        });
        let (archive, mut told) = gathered.annotate(&self.notes.value, &config.site.base_url);
        observer.stage(Stage::Sanitize, archive.entries.len());
        let before = self.archive.value.as_ref();
        let own = self.linked_pages(config);
        let safe = stages::sanitized(archive, own, memory, config, before);
        told.extend(safe.told().cloned());
        self.replaced.safe = self.archive.value.replace(safe);
        self.archive.told = told;
    }

    fn asset_names(&self) -> Vec<String> {
        let theme = self.theme.value.as_ref();
        theme.map_or_else(Vec::new, |theme| theme.assets.keys().cloned().collect())
    }

    /// The templates, compiled again if they or what all pages know changed.
    fn looks(&mut self, input: &render::Input) -> Looks {
        let globals = render::globals(input);
        let known = self.looks.value.as_ref();
        if known.is_none_or(|(known, _)| *known != globals) {
            if let Some((_, Some(last))) = self.looks.value.take()
                && !last.has_failed()
            {
                self.before = Some(last);
            }
            let (templates, told) = Templates::compile(input);
            let compiled = templates.map(|templates| Arc::new(Compiled::new(templates)));
            let value = Some((globals, compiled));
            self.looks = Piece { value, told };
        }
        let now = self.looks.value.as_ref().and_then(|(_, now)| now.clone());
        let before = self.before.clone();
        Looks { now, before }
    }

    /// All that is told of what was made.
    fn tell(&self, told: &mut Vec<Diagnostic>) {
        let pieces = [
            &self.opened,
            &self.theme.told,
            &self.snapshots.told,
            &self.notes.told,
            &self.archive.told,
            &self.own.told,
            &self.originals.told,
            &self.plan.told,
            &self.looks.told,
        ];
        told.extend(pieces.into_iter().flatten().cloned());
    }
}

impl<T> From<(T, Vec<Diagnostic>)> for Piece<T> {
    fn from((value, told): (T, Vec<Diagnostic>)) -> Self {
        Piece { value, told }
    }
}

/// Settings that cannot be used say by what is told of them what changed.
fn settings_changed(told: &[Diagnostic]) -> Vec<Change> {
    let file = told.iter().find_map(|found| found.place.as_ref());
    let change = file.map(|place| Change {
        file: place.file.clone(),
        kind: match told.iter().any(|found| found.code == Code::ConfigMissing) {
            true => ChangeKind::Removed,
            false => ChangeKind::Edited,
        },
    });
    change.into_iter().collect()
}
