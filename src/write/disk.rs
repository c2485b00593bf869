//! The few things that the writer does to a disk, each of them never following a symbolic link.

#![expect(clippy::disallowed_methods, reason = "write is the only writer")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use super::Problem;
use crate::gate;
use crate::model::{Hash, OutPath, Stat};
pub(super) use crate::regular::{Found, look};

/// The folder of files that are being written, in the output folder, so that renaming works.
pub(super) const TEMPORARY: &str = ".gleaner-tmp";
/// How much of a file is compared at once.
const CHUNK: usize = 64 << 10;

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
        clear: impl Fn(&OutPath, Found) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        // Held throughout: two threads must not clear the same place.
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for folder in folders_of(path) {
            if known.contains(folder) {
                continue;
            }
            let disk = root.join(folder);
            let found = look(&disk)?;
            if found != Found::Folder {
                if let (true, Some(path)) = (found != Found::Nothing, OutPath::new(folder)) {
                    clear(&path, found)?;
                }
                fs::create_dir(&disk)?;
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
    /// Clears what an interrupted build left. None where a file has taken the name, unless `force`
    /// removes it.
    pub(super) fn new(output: &Path, force: bool) -> io::Result<Option<Self>> {
        let temporary = Temporary {
            folder: output.join(TEMPORARY),
            next: AtomicU64::new(0),
        };
        match look(&temporary.folder)? {
            // A link holds nothing.
            Found::Other => fs::remove_file(&temporary.folder)?,
            Found::File { .. } if force => fs::remove_file(&temporary.folder)?,
            Found::File { .. } => return Ok(None),
            Found::Folder => temporary.clear()?,
            Found::Nothing => {}
        }
        Ok(Some(temporary))
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
        fs::rename(&path, target).inspect_err(|_| {
            let _ = fs::remove_file(&path);
        })?;
        // Renaming counts as a change.
        Ok(Stat::of(&fs::symlink_metadata(target)?))
    }

    /// Removes the folder and what builds left in it; where somebody else put something, that stays.
    pub(super) fn clear(&self) -> io::Result<()> {
        if look(&self.folder)? != Found::Folder {
            return Ok(());
        }
        let mut is_foreign = false;
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().as_encoded_bytes();
            let is_number = name.iter().all(u8::is_ascii_digit);
            match look(&path)? {
                Found::File { .. } if is_number => fs::remove_file(&path)?,
                _ => is_foreign = true,
            }
        }
        match is_foreign {
            true => Ok(()),
            false => fs::remove_dir(&self.folder),
        }
    }
}
