//! Where on this machine the inputs of a site are, links followed: which folders must be watched,
//! and what in them means what.
//!
//! The system tells of a folder by its real place, and of what is in it by name; it follows no link.
//! So each real folder knows under which paths the site sees it (`views`), and which single names in
//! it lie on the way to something (`ways`): a link that may be pointed elsewhere, a file that a link
//! leads to, a folder that is not there yet. Nothing else is watched: not the site's folder with all
//! that may lie in it, such as `target` or `node_modules`.
//!
//! Invariant: a folder is watched before it is listed. What appears in it is then either listed or
//! told; nothing falls between.

#![expect(
    clippy::disallowed_methods,
    reason = "to watch what links lead to, one must look at them"
)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::inputs::Inputs;

/// Links on the way to one thing, before it counts as a circle: as many as Linux follows.
const LINKS: usize = 40;
/// How deep folders may be nested: as deep as a build reads.
const DEPTH: usize = 64;

/// A folder that is watched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Folder {
    /// Under which paths the site sees it: all that counts in it counts under these.
    views: BTreeSet<PathBuf>,
    /// Single names in it, and the paths of the site that they are on the way to.
    ways: BTreeMap<OsString, BTreeSet<PathBuf>>,
}

/// How much a map depends on what stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// It does not: a file, or nothing.
    None,
    /// A link, or something that a way leads through.
    Way,
    /// A folder, now or before.
    Folder,
}

/// Real folders, and what is in them.
#[derive(Debug, Default)]
pub(super) struct Map {
    folders: BTreeMap<PathBuf, Folder>,
}

/// How much of a folder is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Single names in it.
    Names,
    /// All that is in it, and in its folders.
    Tree,
}

/// Watches a folder, unless it is watched already; false if the rest is in vain.
pub(super) type Watch<'a> = &'a mut dyn FnMut(&Path, Part) -> bool;

impl Map {
    /// Follows everything that the site is made of; what comes after `watch` gave up is not on it.
    pub(super) fn of(inputs: &Inputs, ignored: &[PathBuf], watch: Watch) -> Map {
        let mut survey = Survey {
            inputs,
            ignored,
            watch,
            folders: BTreeMap::new(),
            gave_up: false,
        };
        for input in inputs.all() {
            let absolute = std::path::absolute(&input).unwrap_or_else(|_| input.clone());
            survey.follow(&absolute, &input, &mut Vec::new());
        }
        Map {
            folders: survey.folders,
        }
    }

    /// Whether a folder is watched.
    pub(super) fn has(&self, folder: &Path) -> bool {
        self.folders.contains_key(folder)
    }

    /// Which paths of the site are meant if the system tells of this one; none if it is none of ours.
    pub(super) fn meant(&self, inputs: &Inputs, path: &Path) -> BTreeSet<PathBuf> {
        let mut meant = BTreeSet::new();
        // A folder that was told of by itself.
        if let Some(folder) = self.folders.get(path) {
            meant.extend(folder.views.iter().cloned());
            meant.extend(folder.ways.values().flatten().cloned());
        }
        if let (Some(parent), Some(name)) = (path.parent(), path.file_name())
            && let Some(folder) = self.folders.get(parent)
        {
            meant.extend(folder.ways.get(name).into_iter().flatten().cloned());
        }
        // Most often its parent; where whole trees are watched, what is new may lie deeper.
        let nearest = path.ancestors().skip(1);
        let nearest = nearest.filter_map(|above| Some((above, self.folders.get(above)?)));
        if let Some((above, folder)) = { nearest }.next() {
            let rest = path.strip_prefix(above).unwrap_or(path);
            let seen = folder.views.iter().map(|view| view.join(rest));
            meant.extend(seen.filter(|path| inputs.has(path)));
        }
        meant
    }

    /// How much the map depends on what stands at this path.
    pub(super) fn hold(&self, path: &Path) -> Hold {
        let is_way = path
            .parent()
            .zip(path.file_name())
            .is_some_and(|(at, name)| {
                let folder = self.folders.get(at);
                folder.is_some_and(|folder| folder.ways.contains_key(name))
            });
        match fs::symlink_metadata(path) {
            _ if self.folders.contains_key(path) => Hold::Folder,
            Ok(found) if found.is_dir() => Hold::Folder,
            Ok(found) if is_way || !found.is_file() => Hold::Way,
            Err(_) if is_way => Hold::Way,
            _ => Hold::None,
        }
    }
}

/// A map that is being drawn.
struct Survey<'a> {
    inputs: &'a Inputs,
    ignored: &'a [PathBuf],
    watch: Watch<'a>,
    folders: BTreeMap<PathBuf, Folder>,
    gave_up: bool,
}

/// What is at the end of a way.
enum End {
    Folder(PathBuf),
    Other,
}

impl Survey<'_> {
    /// Goes to `place`, which the site sees as `seen`, and, where that is a folder of the site, into
    /// it. `above` holds the real folders that it is seen in.
    fn follow(&mut self, place: &Path, seen: &Path, above: &mut Vec<PathBuf>) {
        if self.is_refused(seen) {
            // It is pointed elsewhere, or replaced, where it stands.
            let (parent, name) = (place.parent(), place.file_name());
            if let (Some(parent), Some(name)) = (parent, name)
                && let Some(End::Folder(folder)) = self.reach(parent, seen)
            {
                self.note(&folder, name.to_owned(), seen);
            }
            return;
        }
        if let Some(End::Folder(folder)) = self.reach(place, seen)
            && self.inputs.has_in(seen)
        {
            self.enter(&folder, seen, above);
        }
    }

    /// Whether something of the site is a link that a build would not follow, even if there were
    /// something at its end.
    fn is_refused(&self, seen: &Path) -> bool {
        let is_link = fs::symlink_metadata(seen).is_ok_and(|found| found.is_symlink());
        is_link && self.inputs.leads_out(seen)
    }

    /// Goes along a path, each link on it followed. What the way hangs on is noted: links, the end,
    /// the first that is missing.
    fn reach(&mut self, place: &Path, seen: &Path) -> Option<End> {
        let mut at = PathBuf::new();
        let mut rest: VecDeque<OsString> = steps(place);
        let mut links = 0;
        while let Some(step) = rest.pop_front() {
            match Path::new(&step).components().next() {
                Some(Component::Normal(_)) => {}
                Some(Component::ParentDir) => {
                    at.pop();
                    continue;
                }
                Some(Component::CurDir) | None => continue,
                // The root, or a drive: it begins anew.
                Some(_) => {
                    at.push(&step);
                    continue;
                }
            }
            let next = at.join(&step);
            let Ok(found) = fs::symlink_metadata(&next) else {
                self.note(&at, step, seen);
                return None;
            };
            if found.is_symlink() {
                self.note(&at, step, seen);
                links += 1;
                let target = fs::read_link(&next).ok().filter(|_| links <= LINKS)?;
                let after = std::mem::take(&mut rest);
                rest = steps(&target).into_iter().chain(after).collect();
                continue;
            }
            if rest.is_empty() {
                self.note(&at, step, seen);
                return Some(if found.is_dir() {
                    End::Folder(next)
                } else {
                    End::Other
                });
            }
            at = next;
        }
        // A link to `/`, or to `..`.
        Some(End::Folder(at))
    }

    /// Takes a folder as a part of the site, with all folders in it.
    fn enter(&mut self, folder: &Path, seen: &Path, above: &mut Vec<PathBuf>) {
        let is_circle = above.iter().any(|one| one == folder);
        let is_ignored = self
            .ignored
            .iter()
            .any(|ignored| folder.starts_with(ignored));
        if is_circle || is_ignored || above.len() >= DEPTH || !self.watch(folder, Part::Tree) {
            return;
        }
        let known = self.folders.entry(folder.to_path_buf()).or_default();
        known.views.insert(seen.to_path_buf());
        let Ok(entries) = fs::read_dir(folder) else {
            return;
        };
        above.push(folder.to_path_buf());
        for entry in entries.filter_map(Result::ok) {
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let seen = seen.join(entry.file_name());
            if kind.is_file() || !self.inputs.has(&seen) {
                continue;
            }
            if kind.is_symlink() {
                self.follow(&entry.path(), &seen, above);
            } else if kind.is_dir() && self.inputs.has_in(&seen) {
                self.enter(&entry.path(), &seen, above);
            }
        }
        above.pop();
    }

    /// Notes that the way to something leads through this name.
    fn note(&mut self, folder: &Path, name: OsString, seen: &Path) {
        if self.watch(folder, Part::Names) {
            let folder = self.folders.entry(folder.to_path_buf()).or_default();
            let seen = seen.to_path_buf();
            folder.ways.entry(name).or_default().insert(seen);
        }
    }

    fn watch(&mut self, folder: &Path, part: Part) -> bool {
        self.gave_up = self.gave_up || !(self.watch)(folder, part);
        !self.gave_up
    }
}

fn steps(path: &Path) -> VecDeque<OsString> {
    let components = path.components();
    components
        .map(|component| component.as_os_str().to_owned())
        .collect()
}
