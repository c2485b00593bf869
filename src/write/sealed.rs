//! Folders whose files were made together, from something that has a key: where it still has the
//! same key, its files need not be made again.
//!
//! A seal is a file in such a folder, written after all others. It says the key, and a hash of the
//! names and hashes of the files. A folder is kept only if the seal holds exactly that, if the list
//! of our files knows each of them with its hash and no other below the folder, and if each has
//! that hash on the disk. So a folder that a build left half, that a failed build left stale files
//! in, or that somebody changed, is made again; and what is kept is what would have been written.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::disk::{self, Found};
use super::{Progress, Writer};
use crate::model::{Hash, Made, OutPath};

/// The name of the seal in its folder.
const SEAL: &str = "key.txt";

impl Writer {
    /// Whether the folder holds, unchanged, what was made from something with this key. Then its
    /// files are in their place.
    pub(crate) fn keeps(&self, folder: &OutPath, key: &Hash) -> bool {
        let Some(files) = self.intact(folder, key) else {
            return false;
        };
        let mut progress = self.progress();
        progress.report.unchanged += files.len();
        progress.files.extend(files);
        true
    }

    /// Seals a folder, all of whose files have been written.
    pub(crate) fn seal(&self, folder: &OutPath, key: &Hash) {
        let Some(seal) = seal_of(folder) else { return };
        let bytes = {
            let progress = self.progress();
            if progress.failed.iter().any(|path| path.is_below(folder)) {
                return;
            }
            let files = below(&progress, folder).filter(|(path, _)| **path != seal);
            contents(key, files)
        };
        self.file(&seal, bytes.as_bytes(), None);
    }

    /// The files of a folder that is as it was sealed.
    fn intact(&self, folder: &OutPath, key: &Hash) -> Option<BTreeMap<OutPath, Made>> {
        let seal = seal_of(folder)?;
        // No folder on the way may be a link that leads elsewhere.
        self.make_folders(&seal).ok()?;
        let owned: Vec<(&OutPath, Option<Hash>)> = self
            .owned
            .iter()
            .filter(|(path, _)| path.is_below(folder))
            .collect();
        let found: Option<BTreeMap<OutPath, Made>> = owned
            .par_iter()
            .map(|(path, hash)| {
                self.make_folders(path).ok()?;
                let found = self.found(path)?;
                (Some(found.hash) == *hash).then(|| ((*path).clone(), found))
            })
            .collect();
        let found = found?;
        let sealed = contents(key, found.iter().filter(|(path, _)| **path != seal));
        let is_sealed = found
            .get(&seal)
            .is_some_and(|made| made.hash == Hash::of(sealed.as_bytes()));
        is_sealed.then_some(found)
    }

    /// What stands at a path: by its content, unless it is as the last build left it.
    fn found(&self, path: &OutPath) -> Option<Made> {
        let target = self.folder.join(path.as_str());
        let Found::File { stat } = disk::look(&target).ok()? else {
            return None;
        };
        let hash = match self.earlier.hash(path, &stat) {
            Some(hash) => hash,
            None => disk::hash(&target).ok()?,
        };
        Some(Made {
            stat,
            hash,
            key: None,
        })
    }
}

fn seal_of(folder: &OutPath) -> Option<OutPath> {
    OutPath::new(&format!("{folder}/{SEAL}"))
}

fn below<'a>(
    progress: &'a Progress,
    folder: &'a OutPath,
) -> impl Iterator<Item = (&'a OutPath, &'a Made)> {
    let files = progress.files.iter();
    files.filter(|(path, _)| path.is_below(folder))
}

/// What a seal says.
fn contents<'a>(key: &Hash, files: impl Iterator<Item = (&'a OutPath, &'a Made)>) -> String {
    let parts: Vec<[&[u8]; 2]> = files
        .map(|(path, made)| [path.as_str().as_bytes(), &made.hash.as_bytes()[..]])
        .collect();
    format!("{key} {}\n", Hash::of_parts(parts.into_iter().flatten()))
}
