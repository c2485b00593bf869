//! Who gets which file of the output: no two things share one, not even where a file system folds
//! the case of names, and no file stands where a folder must be.
//!
//! The first claim wins, so claims are made in the order of what must not move: entries first.
//! Whoever comes too late is reported and left out; a redirect gives way in silence.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Beside, Opml, OutFeed, Page, Plan, Planner, Search, SiteView, Sitemap, sitemap};
use crate::diag::{Code, Diagnostic, Place};
use crate::model::{OutPath, OwnPage};

const SITEMAP: &str = "sitemap.xml";
const ROBOTS: &str = "robots.txt";
/// Tells GitHub Pages to publish the files as they are.
const NO_JEKYLL: &str = ".nojekyll";
/// The folder of the theme's files.
const ASSETS: &str = "assets";

/// How the names of the theme's files start that only the search page needs.
const SEARCH_ASSETS: &str = "search.";

/// A file that is copied into the output as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StaticFile {
    /// Its place in the output.
    pub(crate) path: OutPath,
    /// Where it comes from.
    pub(crate) from: StaticSource,
}

/// Where a static file comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StaticSource {
    /// A file of the site, by its index in [`Beside::statics`].
    Site(usize),
    /// A file of the theme's `static` folder, by its name there.
    Theme(String),
}

/// The claims that were granted.
#[derive(Default)]
pub(super) struct Claims {
    /// Those that were granted before, and stay.
    below: Option<Arc<Claims>>,
    /// Who has which path, as file systems compare them that fold the case.
    taken: HashMap<Box<str>, Who>,
    /// The folders of these paths.
    folders: HashSet<Box<str>>,
    /// The folder of the last path: neighbours are claimed one after the other.
    last_folder: String,
    pages: Vec<Arc<Page>>,
    feeds: Vec<OutFeed>,
    opml: Option<Opml>,
    statics: Vec<StaticFile>,
    texts: BTreeMap<OutPath, String>,
    diagnostics: Vec<Diagnostic>,
}

/// Who has a path. Few are ever told of it.
enum Who {
    /// A page of ours.
    Page(Arc<Page>),
    /// A feed, by its place among those that were granted.
    Feed(usize),
    /// Someone of this name.
    Named(Cow<'static, str>),
}

impl From<&'static str> for Who {
    fn from(name: &'static str) -> Self {
        Who::Named(Cow::Borrowed(name))
    }
}

impl From<String> for Who {
    fn from(name: String) -> Self {
        Who::Named(Cow::Owned(name))
    }
}

fn page_name(page: &Page) -> String {
    format!("the page `{}`", page.view.title)
}

fn feed_name(feed: &OutFeed) -> String {
    format!("the feed `{}`", feed.title)
}

/// A path as file systems compare it that fold the case.
fn folded(path: &OutPath) -> Cow<'_, str> {
    let path = path.as_str();
    let is_folded = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    match path.bytes().all(is_folded) {
        true => Cow::Borrowed(path),
        false => Cow::Owned(path.to_lowercase()),
    }
}

impl Claims {
    /// What comes after these claims.
    pub(super) fn upon(below: Arc<Claims>) -> Self {
        Claims {
            below: Some(below),
            ..Claims::default()
        }
    }

    fn who(&self, path: &str) -> Option<&Who> {
        let below = || self.below.as_ref()?.who(path);
        self.taken.get(path).or_else(below)
    }

    fn is_folder(&self, path: &str) -> bool {
        let below = || self.below.as_ref().is_some_and(|it| it.is_folder(path));
        self.folders.contains(path) || below()
    }

    /// Grants a path, or names who has it.
    fn take(&mut self, path: &OutPath, who: impl Into<Who>) -> Result<(), String> {
        let key = folded(path);
        if let Some(other) = self.who(&key) {
            return Err(self.name(other));
        }
        if self.is_folder(&key) {
            return Err(format!("the folder `{path}`"));
        }
        let folder = key.rsplit_once('/').map_or("", |(folder, _)| folder);
        if folder != self.last_folder {
            self.take_folder(folder)?;
        }
        self.taken.insert(key.into(), who.into());
        Ok(())
    }

    /// Makes a folder and those that it stands in, unless a file is where one would be.
    fn take_folder(&mut self, folder: &str) -> Result<(), String> {
        let ends = folder.match_indices('/').map(|(at, _)| at);
        let folders = || ends.clone().chain([folder.len()]).map(|end| &folder[..end]);
        if let Some(other) = folders().find_map(|folder| self.who(folder)) {
            return Err(self.name(other));
        }
        self.folders.extend(folders().map(Into::into));
        folder.clone_into(&mut self.last_folder);
        Ok(())
    }

    fn name(&self, who: &Who) -> String {
        match who {
            Who::Page(page) => page_name(page),
            Who::Feed(place) => self.feeds.get(*place).map(feed_name).unwrap_or_default(),
            Who::Named(name) => name.to_string(),
        }
    }

    fn refuse(&mut self, path: &OutPath, who: &str, other: &str) -> &mut Diagnostic {
        let message = format!("two things want to be `{path}`: {other} and {who}");
        let hint = "the first one was built; rename the other";
        self.diagnostics
            .push(Diagnostic::error(Code::PathCollision, message).hint(hint));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    /// Claims of these pages, which come first. They are most of all, and hardly ever is one refused:
    /// so they stay where they lie.
    pub(super) fn of(pages: Vec<Arc<Page>>) -> Self {
        let claims = || {
            let mut claims = Claims::default();
            claims.taken.reserve(pages.len() * 3 / 2);
            claims
        };
        let mut granted = claims();
        let who = |page: &Arc<Page>| Who::Page(Arc::clone(page));
        if (pages.iter()).all(|page| granted.take(&page.path, who(page)).is_ok()) {
            granted.pages = pages;
            return granted;
        }
        let mut granted = claims();
        for page in pages {
            granted.page(page);
        }
        granted
    }

    /// A page of ours; whether it was granted.
    pub(super) fn page(&mut self, page: impl Into<Arc<Page>>) -> bool {
        let page = page.into();
        match self.take(&page.path, Who::Page(Arc::clone(&page))) {
            Ok(()) => {
                self.pages.push(page);
                true
            }
            Err(other) => {
                self.refuse(&page.path, &page_name(&page), &other);
                false
            }
        }
    }

    /// A folder whose files are named later: nothing else may stand in it. Whether it was granted.
    pub(super) fn folder(&mut self, path: &OutPath, who: &'static str) -> bool {
        match self.take(path, who) {
            Ok(()) => true,
            Err(other) => {
                self.refuse(path, who, &other);
                false
            }
        }
    }

    /// A page of the owner.
    pub(super) fn own_page(&mut self, page: Page, own: &OwnPage) {
        let who = format!("`{}`", own.path);
        match self.take(&page.path, who.clone()) {
            Ok(()) => self.pages.push(page.into()),
            Err(other) => {
                self.refuse(&page.path, &who, &other).place = Some(Place::file(&*own.path));
            }
        }
    }

    /// A redirect: needed only where nothing else stands.
    pub(super) fn redirect(&mut self, page: &Arc<Page>) {
        if self.take(&page.path, "a redirect").is_ok() {
            self.pages.push(Arc::clone(page));
        }
    }

    /// A feed.
    pub(super) fn feed(&mut self, feed: OutFeed) {
        match self.take(&feed.path, Who::Feed(self.feeds.len())) {
            Ok(()) => self.feeds.push(feed),
            Err(other) => {
                self.refuse(&feed.path, &feed_name(&feed), &other);
            }
        }
    }

    /// A feed at an address that it had before: needed only where nothing else stands.
    pub(super) fn former_feed(&mut self, feed: OutFeed) {
        if self.take(&feed.path, Who::Feed(self.feeds.len())).is_ok() {
            self.feeds.push(feed);
        }
    }

    /// The list of sources.
    pub(super) fn opml(&mut self, opml: Option<Opml>) {
        let Some(opml) = opml else { return };
        let who = "the list of sources";
        match self.take(&opml.path, who) {
            Ok(()) => self.opml = Some(opml),
            Err(other) => {
                self.refuse(&opml.path, who, &other);
            }
        }
    }

    /// The small files of our own. The owner's `robots.txt` takes the place of ours.
    pub(super) fn fixed_files(&mut self, planner: &Planner) {
        let sitemap = format!("{}{SITEMAP}", planner.layout.base_url);
        let robots = format!("User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n");
        for (name, text) in [
            (SITEMAP, None),
            (ROBOTS, Some(robots)),
            (NO_JEKYLL, Some(String::new())),
        ] {
            let Some(path) = OutPath::new(name) else {
                continue;
            };
            match (self.take(&path, format!("Gleaner's own `{name}`")), text) {
                (Ok(()), Some(text)) => {
                    self.texts.insert(path, text);
                }
                (Ok(()), None) => {}
                (Err(other), _) => {
                    self.refuse(&path, &format!("Gleaner's own `{name}`"), &other);
                }
            }
        }
    }

    /// Files to copy: the theme's into `assets/`, the owner's as they lie in `content/static/`.
    pub(super) fn statics(&mut self, beside: &Beside, has_search: bool) {
        let is_needed = |name: &&String| has_search || !name.starts_with(SEARCH_ASSETS);
        let theme = beside.assets.iter().filter(is_needed).map(|name| {
            (
                format!("{ASSETS}/{name}"),
                StaticSource::Theme(name.clone()),
                format!("the theme's `{name}`"),
                None,
            )
        });
        let site = beside
            .statics
            .iter()
            .enumerate()
            .map(|(index, (to, from))| {
                let place = Some(Place::file(from));
                (
                    to.clone(),
                    StaticSource::Site(index),
                    format!("`{from}`"),
                    place,
                )
            });
        for (to, from, who, place) in theme.chain(site) {
            let Some(path) = OutPath::new(&to).filter(|path| !path.is_reserved()) else {
                let message = format!("this name cannot be a file of the site: `{to}`");
                let problem = Diagnostic::error(Code::PathInvalid, message);
                let mut diagnostic = problem.hint("rename it: at most 255 bytes, without a backslash or control characters, and not beginning with `.gleaner`");
                diagnostic.place = place;
                self.diagnostics.push(diagnostic);
                continue;
            };
            if self.texts.contains_key(&path) {
                self.texts.remove(&path);
                self.taken.remove(&*folded(&path));
            }
            match self.take(&path, who.clone()) {
                Ok(()) => self.statics.push(StaticFile { path, from }),
                Err(other) => self.refuse(&path, &who, &other).place = place,
            }
        }
    }

    /// The files of the sitemap of these pages, which are all that the site has: one, or an index and
    /// its parts. A part whose name the owner took gets the next number.
    fn sitemap(&mut self, limits: sitemap::Limits) -> Sitemap {
        let ranges = sitemap::ranges(Sitemap::listed(&self.pages).map(sitemap::size), limits);
        let mut sitemap = Sitemap {
            file: OutPath::new(SITEMAP),
            parts: Vec::new(),
        };
        if ranges.len() < 2 {
            return sitemap;
        }
        let mut names = (1_usize..).filter_map(|part| OutPath::new(&format!("sitemap-{part}.xml")));
        for range in ranges {
            let free = names.find(|path| self.take(path, "a part of the sitemap").is_ok());
            sitemap.parts.extend(free.map(|path| (path, range)));
        }
        sitemap
    }

    /// Puts the pages into their order, which is much of the work of doing it in the end.
    pub(super) fn sort(&mut self) {
        self.pages.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    }

    /// All that was granted; the plan gets its entries and their keys afterwards.
    pub(super) fn finish(
        mut self,
        site: SiteView,
        search: Option<Search>,
    ) -> (Plan, Vec<Diagnostic>) {
        if let Some(below) = self.below.take() {
            self.pages.extend(below.pages.iter().cloned());
            self.diagnostics
                .splice(..0, below.diagnostics.iter().cloned());
        }
        // What was sorted before is merged.
        self.pages.sort_by(|a, b| a.path.cmp(&b.path));
        let sitemap = self.sitemap(sitemap::Limits::PROTOCOL);
        self.feeds.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        self.statics.sort_by(|a, b| a.path.cmp(&b.path));
        let plan = Plan {
            site,
            entries: Vec::new(),
            keys: Vec::new(),
            pages: self.pages,
            search,
            feeds: self.feeds,
            opml: self.opml,
            statics: self.statics,
            texts: self.texts,
            sitemap,
            remembered: Arc::default(),
        };
        (plan, self.diagnostics)
    }
}

#[cfg(test)]
mod tests {
    use super::super::worlds::World;
    use super::*;

    #[test]
    fn a_path_is_granted_once_whatever_its_case() {
        let mut claims = Claims::default();
        let path = |raw| OutPath::new(raw).unwrap();
        assert!(claims.take(&path("tags/rust.html"), "the tag").is_ok());
        assert_eq!(
            claims.take(&path("Tags/Rust.html"), "another"),
            Err("the tag".to_owned())
        );
        assert!(
            claims
                .take(&path("tags"), "a file where a folder is")
                .is_err()
        );
        assert!(
            claims
                .take(&path("tags/rust.html/x"), "a folder where a file is")
                .is_err()
        );
        assert!(claims.take(&path("tags/zig.html"), "a neighbour").is_ok());
    }

    #[test]
    fn parts_of_the_sitemap_are_planned_for_all_pages_and_take_free_names() {
        let mut world = World::new();
        for day in 1..4 {
            world.entry(&format!("2025-08-0{day}T10:00:00Z"), "a.example", &["rust"]);
        }
        let pages = world.plan().0.pages;
        let listed = Sitemap::listed(&pages).count();
        let parts = |limit: usize| {
            let mut claims = Claims {
                pages: pages.clone(),
                ..Claims::default()
            };
            let owned = OutPath::new("sitemap-2.xml").unwrap();
            assert!(claims.take(&owned, "a file of the owner's").is_ok());
            let limits = sitemap::Limits {
                pages: limit,
                bytes: usize::MAX,
            };
            let parts = claims.sitemap(limits).parts.into_iter();
            parts
                .map(|(path, range)| (path.to_string(), range))
                .collect::<Vec<_>>()
        };
        assert_eq!(parts(listed + 1), []);
        assert_eq!(parts(listed), []);
        let two = [
            ("sitemap-1.xml".to_owned(), 0..listed - 1),
            ("sitemap-3.xml".to_owned(), listed - 1..listed),
        ];
        assert_eq!(parts(listed - 1), two);
    }
}
