//! What may happen to a site between two builds, as values that can be drawn at random.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use super::texts;
use crate::site::{Site, copy, files};

/// Something that happens to a site. Numbers choose among what there is at that time.
#[derive(Debug, Clone)]
pub(super) enum Edit {
    /// A file of the site is new, or has another content.
    Write(&'static str, String),
    /// A letter of a file of the site is another one: the size stays.
    Letter(usize, usize),
    /// A file of the site is gone.
    Delete(usize),
    /// A file of the site has another name.
    Rename(usize, u8),
    /// A file of the site, or of its output, has another time.
    Touch(usize, Time),
    /// A file of the output is gone.
    OutputGone(usize),
    /// A file of the output has another byte at this place, or one more.
    OutputChanged(usize, usize, bool),
    /// Another file of the output has its content.
    OutputMixed(usize, usize),
    /// A folder of the output, or all of it, is gone.
    FolderGone(usize),
    /// A folder stands in the place of a file of the output.
    FolderInPlace(usize),
    /// A link to the file itself, which lies elsewhere now, stands in its place.
    LinkInPlace(usize),
    /// A link to the folder itself, which lies elsewhere now, stands in its place.
    LinkedFolder(usize),
    /// Somebody else's file in the output folder.
    Foreign(&'static str),
    /// The cache.
    Cache(Harm),
}

/// Somebody else's file in a folder that stands in the place of a file.
const OBSTACLE: &str = "foreign";
/// The list of the files that builds wrote.
const LIST: &str = ".gleaner-files.json";

/// A time that a file may have.
#[derive(Debug, Clone, Copy)]
pub(super) enum Time {
    Now,
    LongAgo,
    Ahead,
}

/// What may happen to a cache. The numbers choose a file, and a place in it.
#[derive(Debug, Clone)]
pub(super) enum Harm {
    Gone,
    FileGone(usize),
    Flipped(usize, usize, u8),
    Cut(usize, usize),
    Longer(usize),
    Zeroed(usize, usize),
    Swapped(usize, usize),
    OtherVersion(usize),
    /// A copy is put aside …
    Kept,
    /// … and comes back: all of it, as in a CI, or one file of it.
    Restored(Option<usize>),
}

/// Sequences of edits, of which the first makes a site.
pub(super) fn sequences() -> impl Strategy<Value = Vec<Vec<Edit>>> {
    let step = prop::collection::vec(edit(), 1..4);
    prop::collection::vec(step, 3..8)
}

fn edit() -> impl Strategy<Value = Edit> {
    let number = any::<u16>().prop_map(usize::from);
    let number = || number.clone();
    let time = prop::sample::select(vec![Time::Now, Time::LongAgo, Time::Ahead]);
    let foreign = prop::sample::select(vec![
        "foreign.txt",
        "tags/foreign.txt",
        "2024/foreign/deep.html",
        "assets/.hidden",
    ]);
    prop_oneof![
        8 => texts::snapshots().prop_map(|(path, text)| Edit::Write(path, text)),
        3 => texts::notes().prop_map(|(path, text)| Edit::Write(path, text)),
        2 => texts::pages().prop_map(|(path, text)| Edit::Write(path, text)),
        2 => texts::originals().prop_map(|(path, text)| Edit::Write(path, text)),
        2 => texts::statics().prop_map(|(path, text)| Edit::Write(path, text)),
        2 => texts::theme().prop_map(|(path, text)| Edit::Write(path, text)),
        5 => texts::settings().prop_map(|text| Edit::Write("site.toml", text)),
        4 => (number(), number()).prop_map(|(file, at)| Edit::Letter(file, at)),
        3 => number().prop_map(Edit::Delete),
        3 => (number(), 0u8..4).prop_map(|(file, name)| Edit::Rename(file, name)),
        2 => (number(), time).prop_map(|(file, time)| Edit::Touch(file, time)),
        2 => number().prop_map(Edit::OutputGone),
        4 => (number(), number(), any::<bool>())
            .prop_map(|(file, at, longer)| Edit::OutputChanged(file, at, longer)),
        1 => (number(), number()).prop_map(|(from, to)| Edit::OutputMixed(from, to)),
        2 => number().prop_map(Edit::FolderGone),
        1 => number().prop_map(Edit::FolderInPlace),
        1 => number().prop_map(Edit::LinkInPlace),
        1 => number().prop_map(Edit::LinkedFolder),
        1 => foreign.prop_map(Edit::Foreign),
        12 => harm().prop_map(Edit::Cache),
    ]
}

fn harm() -> impl Strategy<Value = Harm> {
    let number = any::<u16>().prop_map(usize::from);
    let number = || number.clone();
    prop_oneof![
        1 => Just(Harm::Gone),
        2 => number().prop_map(Harm::FileGone),
        4 => (number(), number(), 0u8..8).prop_map(|(file, at, bit)| Harm::Flipped(file, at, bit)),
        3 => (number(), number()).prop_map(|(file, at)| Harm::Cut(file, at)),
        1 => number().prop_map(Harm::Longer),
        1 => (number(), number()).prop_map(|(file, at)| Harm::Zeroed(file, at)),
        2 => (number(), number()).prop_map(|(one, other)| Harm::Swapped(one, other)),
        1 => number().prop_map(Harm::OtherVersion),
        2 => Just(Harm::Kept),
        3 => prop::option::of(number()).prop_map(Harm::Restored),
    ]
}

/// Files with their content.
pub(super) type Inputs = Vec<(String, Vec<u8>)>;

/// A site, and what lies beside it.
pub(super) struct World {
    pub(super) site: Site,
    /// Where things are put that were in the output folder, and a copy of the cache.
    aside: tempfile::TempDir,
    moved: usize,
    /// Files in the output folder that no build wrote.
    pub(super) foreign: Vec<&'static str>,
    /// What stands in the way of a build, until its owner takes it away.
    obstacles: Vec<PathBuf>,
    /// Whether somebody made folders in the output folder: nobody but him removes them.
    pub(super) has_own_folders: bool,
}

impl World {
    pub(super) fn new() -> Self {
        World {
            site: Site::new(),
            aside: tempfile::tempdir().unwrap(),
            moved: 0,
            foreign: Vec::new(),
            obstacles: Vec::new(),
            has_own_folders: false,
        }
    }

    /// All that the site is made of.
    pub(super) fn inputs(&self) -> Inputs {
        let root = self.site.path();
        let folders = ["content", "themes"];
        let below = folders.iter().flat_map(|folder| {
            let below = files(&root.join(folder)).into_iter();
            below.map(move |path| format!("{folder}/{path}"))
        });
        let all = below.chain(["site.toml".to_owned()]);
        let read = |path: String| {
            let bytes = fs::read(root.join(&path)).unwrap();
            (path, bytes)
        };
        all.map(read).collect()
    }

    pub(super) fn public(&self) -> PathBuf {
        self.site.path().join("public")
    }

    fn cache(&self) -> PathBuf {
        self.site.path().join(".gleaner")
    }

    /// Lets something happen.
    pub(super) fn apply(&mut self, edit: &Edit) {
        match edit {
            Edit::Write(path, text) => put(&self.site.path().join(path), text.as_bytes()),
            Edit::Letter(file, at) => self.letter(*file, *at),
            Edit::Delete(file) => {
                self.input(*file).map(fs::remove_file);
            }
            Edit::Rename(file, name) => self.rename(*file, *name),
            Edit::Touch(file, time) => {
                let file = self.input(*file).into_iter().chain(self.output(*file));
                file.for_each(|path| touch(&path, *time));
            }
            Edit::Cache(harm) => self.harm(harm),
            // Without the list, the folder would be nobody's.
            Edit::Foreign(_) if !self.public().join(LIST).exists() => {}
            Edit::Foreign(path) => {
                put(&self.public().join(path), b"foreign");
                self.foreign.retain(|other| other != path);
                self.foreign.push(path);
            }
            _ => self.meddle(edit),
        }
        let public = self.public();
        self.foreign.retain(|path| public.join(path).exists());
    }

    /// Takes away what stood in the way of a build.
    pub(super) fn clear_obstacles(&mut self) -> bool {
        let mut cleared = false;
        for path in self.obstacles.drain(..) {
            cleared |= match path.symlink_metadata() {
                // Where it is gone already, a build may have made its own folder.
                Ok(metadata) if metadata.is_dir() => {
                    path.join(OBSTACLE).exists() && fs::remove_dir_all(path).is_ok()
                }
                Ok(_) => fs::remove_file(path).is_ok(),
                Err(_) => false,
            };
        }
        cleared
    }

    fn letter(&self, file: usize, at: usize) {
        let Some(path) = self.input(file) else { return };
        let mut bytes = fs::read(&path).unwrap();
        // Letters of texts, not of markup: `z` stands in no tag and no setting.
        let places: Vec<usize> = (0..bytes.len())
            .filter(|at| b"zZ".contains(&bytes[*at]))
            .collect();
        if let Some(at) = pick(&places, at) {
            bytes[at] ^= 0x20;
            fs::write(path, bytes).unwrap();
        }
    }

    fn rename(&self, file: usize, name: u8) {
        let Some(from) = self.input(file) else { return };
        let end = from.extension().unwrap_or_default().to_owned();
        let to = from.with_file_name(format!("2025-0{}-01T00-00-00Z", name + 1));
        fs::rename(from, to.with_extension(end)).unwrap();
    }

    /// What happens in the output folder.
    fn meddle(&mut self, edit: &Edit) {
        let (Edit::OutputGone(file)
        | Edit::OutputChanged(file, ..)
        | Edit::OutputMixed(file, _)
        | Edit::FolderGone(file)
        | Edit::FolderInPlace(file)
        | Edit::LinkInPlace(file)
        | Edit::LinkedFolder(file)) = edit
        else {
            return;
        };
        let Some(path) = self.output(*file) else {
            return;
        };
        let parent = path.parent().unwrap().to_path_buf();
        match edit {
            Edit::OutputGone(_) => fs::remove_file(path).unwrap(),
            Edit::OutputChanged(_, at, longer) => change(&path, *at, *longer),
            Edit::OutputMixed(_, other) => {
                if let Some(other) = self.output(*other).filter(|other| *other != path) {
                    fs::copy(other, path).unwrap();
                }
            }
            Edit::FolderGone(_) => fs::remove_dir_all(parent).unwrap(),
            Edit::FolderInPlace(at) => {
                fs::remove_file(&path).unwrap();
                fs::create_dir(&path).unwrap();
                self.has_own_folders = true;
                if at % 2 == 0 {
                    put(&path.join(OBSTACLE), b"foreign");
                    self.obstacles.push(path);
                }
            }
            Edit::LinkInPlace(_) => self.link(&path),
            _ if parent != self.public() => {
                self.link(&parent);
                self.has_own_folders = true;
                self.obstacles.push(parent);
            }
            _ => {}
        }
    }

    /// Moves something elsewhere in the site's folder, and puts a link in its place.
    fn link(&mut self, path: &Path) {
        self.moved += 1;
        let aside = self.site.path().join("aside");
        let elsewhere = aside.join(self.moved.to_string());
        fs::create_dir_all(aside).unwrap();
        fs::rename(path, &elsewhere).unwrap();
        // What lay in it is not in the output folder any more, though the link leads there.
        let public = self.public();
        self.foreign
            .retain(|foreign| !public.join(foreign).starts_with(path));
        #[cfg(unix)]
        std::os::unix::fs::symlink(&elsewhere, path).unwrap();
    }

    fn harm(&self, harm: &Harm) {
        let cache = self.cache();
        let aside = self.aside.path().join("cache");
        let file = |number: usize| {
            let files = files(&cache);
            pick(&files, number).map(|path| cache.join(path))
        };
        match *harm {
            Harm::Gone => drop(fs::remove_dir_all(&cache)),
            Harm::Kept => {
                drop(fs::remove_dir_all(&aside));
                if cache.exists() {
                    copy(&cache, &aside);
                }
            }
            Harm::Restored(None) if aside.exists() => copy(&aside, &cache),
            Harm::Restored(Some(number)) => {
                if let Some(name) = pick(&files(&aside), number) {
                    copy(&aside.join(&name), &cache.join(&name));
                }
            }
            Harm::Swapped(one, other) => {
                if let Some((one, other)) = file(one).zip(file(other)) {
                    let between = cache.join("between");
                    fs::rename(&one, &between).unwrap();
                    fs::rename(&other, &one)
                        .or_else(|_| fs::rename(&between, &one))
                        .unwrap();
                    drop(fs::rename(&between, &other));
                }
            }
            Harm::FileGone(number) => drop(file(number).map(fs::remove_file)),
            Harm::Flipped(number, ..)
            | Harm::Cut(number, _)
            | Harm::Longer(number)
            | Harm::Zeroed(number, _)
            | Harm::OtherVersion(number) => {
                if let Some(path) = file(number) {
                    let mut bytes = fs::read(&path).unwrap();
                    damage(&mut bytes, harm);
                    fs::write(&path, bytes).unwrap();
                }
            }
            Harm::Restored(None) => {}
        }
    }

    /// A file of the site; `site.toml` stays.
    fn input(&self, number: usize) -> Option<PathBuf> {
        let of = |folder: &str| {
            let below = files(&self.site.path().join(folder)).into_iter();
            below
                .map(|path| format!("{folder}/{path}"))
                .collect::<Vec<_>>()
        };
        let found = [of("content"), of("themes")].concat();
        pick(&found, number).map(|path| self.site.path().join(path))
    }

    /// A file of the output that a build wrote; not the list of them, without which the folder is
    /// nobody's.
    fn output(&self, number: usize) -> Option<PathBuf> {
        let mut found = files(&self.public());
        found.retain(|path| path != LIST && !self.foreign.contains(&path.as_str()));
        pick(&found, number).map(|path| self.public().join(path))
    }
}

fn pick<T: Clone>(list: &[T], number: usize) -> Option<T> {
    list.get(number.checked_rem(list.len())?).cloned()
}

fn put(path: &Path, bytes: &[u8]) {
    // What stands in the way of a folder gives way.
    for folder in path.ancestors().skip(1) {
        if folder.symlink_metadata().is_ok_and(|found| !found.is_dir()) {
            return;
        }
    }
    if path.is_dir() {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn change(path: &Path, at: usize, longer: bool) {
    let mut bytes = fs::read(path).unwrap();
    if longer || bytes.is_empty() {
        bytes.push(b'x');
    } else {
        let at = at % bytes.len();
        bytes[at] ^= 1;
    }
    fs::write(path, bytes).unwrap();
}

fn touch(path: &Path, time: Time) {
    let file = File::options().append(true).open(path).unwrap();
    let now = SystemTime::now();
    let time = match time {
        Time::Now => now,
        Time::LongAgo => SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000),
        Time::Ahead => now + Duration::from_secs(100_000),
    };
    file.set_modified(time).unwrap();
}

/// Bytes at the start of each file of a cache that say who wrote it.
const HEADER: usize = 16;

fn damage(bytes: &mut Vec<u8>, harm: &Harm) {
    let length = bytes.len().max(1);
    match *harm {
        Harm::Flipped(_, at, bit) => {
            if let Some(byte) = bytes.get_mut(at % length) {
                *byte ^= 1 << bit;
            }
        }
        Harm::Cut(_, at) => bytes.truncate(at % length),
        Harm::Longer(_) => bytes.extend([7; 40]),
        Harm::Zeroed(_, at) => bytes[at % length..].fill(0),
        Harm::OtherVersion(_) => bytes
            .iter_mut()
            .take(HEADER)
            .for_each(|byte| *byte = !*byte),
        _ => {}
    }
}
