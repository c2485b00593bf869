//! The few things that the writer does to a disk, each of them never following a symbolic link.

#![expect(clippy::disallowed_methods, reason = "write is the only writer")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use crate::diag::Diagnostic;
use crate::gate;
use crate::model::{Hash, OutPath, Stat};

/// The folder of files that are being written, in the output folder, so that renaming works.
pub(super) const TEMPORARY: &str = ".gleaner-tmp";
/// How much of a file is compared at once.
const CHUNK: usize = 64 << 10;

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    File {
        stat: Stat,
    },
    Folder,
    /// A symbolic link, a pipe, a device.
    Other,
}

/// What stands at a path, links not followed.
pub(super) fn look(path: &Path) -> io::Result<Found> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Found::File {
            stat: Stat::of(&metadata),
        }),
        Ok(metadata) if metadata.is_dir() => Ok(Found::Folder),
        Ok(_) => Ok(Found::Other),
        // A file among the folders of the path: nothing can stand below it.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(Found::Nothing),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}

/// Whether anything stands under this name.
pub(super) fn is_there(folder: &Path, name: &str) -> bool {
    !matches!(look(&folder.join(name)), Ok(Found::Nothing))
}

/// Whether a file holds exactly these bytes.
pub(super) fn holds(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut rest = bytes;
    let mut buffer = vec![0; CHUNK.min(bytes.len() + 1)];
    loop {
        let read = match file.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if read == 0 {
            return Ok(rest.is_empty());
        }
        match rest.strip_prefix(&buffer[..read]) {
            Some(after) => rest = after,
            None => return Ok(false),
        }
    }
}

/// The hash of a file's content.
pub(super) fn hash(path: &Path) -> io::Result<Hash> {
    Ok(Hash::of(&fs::read(path)?))
}

/// Makes the output folder, links in the path to it followed: they are the owner's choice.
pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Whether a folder holds nothing but hidden files, such as `.git` or `.gitkeep`.
pub(super) fn is_empty(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        if !entry?.file_name().as_encoded_bytes().starts_with(b".") {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes a file where there is none: the whole, or nothing. How it looks then.
pub(super) fn create(path: &Path, bytes: &[u8]) -> io::Result<Stat> {
    let _whole = gate::pass();
    let mut file = File::create_new(path)?;
    file.write_all(bytes).inspect_err(|_| {
        // Should this fail, too, the half file is known as ours by the journal.
        let _ = fs::remove_file(path);
    })?;
    Ok(Stat::of(&file.metadata()?))
}

/// Writes a file, whatever stands there.
pub(super) fn overwrite(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let _whole = gate::pass();
    fs::write(path, bytes)
}

/// Removes a file or a link, unless a link among its folders leads elsewhere; one that is gone
/// already is no error.
pub(super) fn remove(folder: &Path, path: &OutPath) -> io::Result<()> {
    let target = folder.join(path.as_str());
    let mut parents = folders_of(path);
    let reachable = parents.all(|parent| matches!(look(&folder.join(parent)), Ok(Found::Folder)));
    if !reachable {
        return Ok(());
    }
    match look(&target)? {
        Found::Nothing | Found::Folder => Ok(()),
        Found::File { .. } | Found::Other => fs::remove_file(&target),
    }
}

/// Removes the folders above removed files that hold nothing any more.
pub(super) fn remove_empty_folders(folder: &Path, removed: &[OutPath]) {
    let folders: BTreeSet<&str> = removed.iter().flat_map(folders_of).collect();
    // In reverse order of their names, a folder comes after what is in it.
    for path in folders.into_iter().rev() {
        let path = folder.join(path);
        if matches!(look(&path), Ok(Found::Folder)) {
            // Not empty, or not ours to remove: it stays.
            let _ = fs::remove_dir(path);
        }
    }
}

/// The files below a folder of the output; none if there is anything else than files and folders.
pub(super) fn files_below(folder: &Path, path: &OutPath) -> io::Result<Option<Vec<OutPath>>> {
    let mut files = Vec::new();
    let mut open = vec![path.to_string()];
    while let Some(current) = open.pop() {
        for entry in fs::read_dir(folder.join(&current))? {
            let entry = entry?;
            let name = entry.file_name();
            let below = name.to_str().map(|name| format!("{current}/{name}"));
            match (below, look(&entry.path())?) {
                (Some(below), Found::Folder) => open.push(below),
                (Some(below), Found::File { .. }) => match OutPath::new(&below) {
                    Some(file) => files.push(file),
                    None => return Ok(None),
                },
                _ => return Ok(None),
            }
        }
    }
    files.sort();
    Ok(Some(files))
}

/// Removes a folder and the folders in it, all of them empty.
pub(super) fn remove_folders(folder: &Path, path: &OutPath) -> io::Result<()> {
    let mut folders = vec![folder.join(path.as_str())];
    let mut next = 0;
    while let Some(current) = folders.get(next) {
        let mut below = Vec::new();
        for entry in fs::read_dir(current)? {
            below.push(entry?.path());
        }
        folders.extend(below);
        next += 1;
    }
    folders.iter().rev().try_for_each(fs::remove_dir)
}

/// The folders above a file, the outermost first: `a`, `a/b` for `a/b/c.html`.
fn folders_of(path: &OutPath) -> impl Iterator<Item = &str> {
    let path = path.as_str();
    path.match_indices('/').map(|(end, _)| &path[..end])
}

/// Why a folder could not be made.
#[derive(Debug)]
pub(super) enum FolderError {
    /// Something stands in its place.
    Told(Diagnostic),
    /// The system says no.
    Io(io::Error),
}

/// The folders of the output that are known to be real folders.
#[derive(Debug, Default)]
pub(super) struct Folders(RwLock<BTreeSet<Box<str>>>);

impl Folders {
    /// Whether all folders above a file are there, none of them a link that leads elsewhere.
    pub(super) fn stand(&self, root: &Path, path: &OutPath) -> bool {
        // Where a folder stands, those that it is in do.
        let Some(last) = folders_of(path).last() else {
            return true;
        };
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if known.contains(last) {
            return true;
        }
        drop(known);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for folder in folders_of(path) {
            if known.contains(folder) {
                continue;
            }
            if !matches!(look(&root.join(folder)), Ok(Found::Folder)) {
                return false;
            }
            known.insert(folder.into());
        }
        true
    }

    /// Makes the folders above a file. `clear` removes, or refuses to remove, what stands where a
    /// folder must.
    pub(super) fn ensure(
        &self,
        root: &Path,
        path: &OutPath,
        clear: impl Fn(&OutPath, Found) -> Result<(), Diagnostic>,
    ) -> Result<(), FolderError> {
        // Held throughout: two threads must not clear the same place.
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for folder in folders_of(path) {
            if known.contains(folder) {
                continue;
            }
            let disk = root.join(folder);
            let found = look(&disk).map_err(FolderError::Io)?;
            if found != Found::Folder {
                if let (true, Some(path)) = (found != Found::Nothing, OutPath::new(folder)) {
                    clear(&path, found).map_err(FolderError::Told)?;
                }
                fs::create_dir(&disk).map_err(FolderError::Io)?;
            }
            known.insert(folder.into());
        }
        Ok(())
    }
}

/// Where changed files are written before they take the place of the old ones.
#[derive(Debug)]
pub(super) struct Temporary {
    folder: PathBuf,
    next: AtomicU64,
}

impl Temporary {
    /// Clears what an interrupted build left.
    pub(super) fn new(output: &Path) -> io::Result<Self> {
        let temporary = Temporary {
            folder: output.join(TEMPORARY),
            next: AtomicU64::new(0),
        };
        temporary.remove()?;
        Ok(temporary)
    }

    /// Replaces a file, or a link itself, in one step. How it looks then.
    pub(super) fn replace(&self, target: &Path, bytes: &[u8]) -> io::Result<Stat> {
        match fs::create_dir(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.join(number.to_string());
        create(&path, bytes)?;
        fs::rename(&path, target)?;
        // Renaming counts as a change.
        Ok(Stat::of(&fs::symlink_metadata(target)?))
    }

    /// Removes the folder and what is left in it.
    pub(super) fn remove(&self) -> io::Result<()> {
        match look(&self.folder)? {
            Found::Nothing => Ok(()),
            Found::File { .. } | Found::Other => fs::remove_file(&self.folder),
            Found::Folder => {
                for entry in fs::read_dir(&self.folder)? {
                    fs::remove_file(entry?.path())?;
                }
                fs::remove_dir(&self.folder)
            }
        }
    }
}
