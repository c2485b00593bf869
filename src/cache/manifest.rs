//! The manifest: what the last build read, told and wrote.
//!
//! Files are compared by what the file system says of them, as a hint; what may have changed unseen
//! ([`Stat::is_older_than`]) is compared by its content.

use std::io;
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::blocks::{self, Damage};
use super::told::Told;
use crate::model::{Hash, Made, OutPath, Stat};

/// Files of the output in one block.
const BLOCK: usize = 2_048;

/// Files of the output.
pub(crate) type Files = Vec<(OutPath, Made)>;

/// What the last build read and told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// A file that was made when the build began: what is not older than it may have changed after
    /// it was read.
    pub(crate) began: Stat,
    /// The same when all of its files were written: what is not older than it may have changed
    /// after that.
    pub(crate) ended: Stat,
    /// What was asked for: a hash of all options that have a part in the output.
    pub(crate) asked: Hash,
    /// The hashes of the theme and of the settings, which all pages are made of.
    pub(crate) globals: [Hash; 2],
    /// What was read, sorted by path.
    pub(crate) inputs: Vec<Input>,
    /// What there was.
    pub(crate) counts: Counts,
    /// What was told: warnings, since a build with errors leaves no manifest.
    pub(crate) told: Vec<Told>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Input {
    /// Its path, relative to the site's folder.
    pub(crate) path: Box<str>,
    /// How it looked before it was read.
    pub(crate) stat: Stat,
    /// What was in it.
    pub(crate) hash: Hash,
}

/// What a build counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    /// Snapshots.
    pub(crate) snapshots: usize,
    /// Entries in them.
    pub(crate) sightings: usize,
    /// Entries of the archive.
    pub(crate) entries: usize,
    /// Pages.
    pub(crate) pages: usize,
}

impl Manifest {
    /// What was read from this path.
    pub(crate) fn input(&self, path: &str) -> Option<&Input> {
        let inputs = &self.inputs;
        let at = inputs.binary_search_by(|input| (*input.path).cmp(path));
        at.ok().map(|at| &inputs[at])
    }

    /// The manifest, and the files of the output, sorted.
    pub(super) fn load(path: &Path) -> Result<Option<(Manifest, Files)>, Damage> {
        let blocks = blocks::read(path)?;
        let Some(head) = blocks.first() else {
            return Ok(None);
        };
        let (manifest, count): (Manifest, usize) =
            postcard::from_bytes(head).map_err(|_| Damage)?;
        let files: Result<Vec<Files>, Damage> = blocks
            .contents()
            .skip(1)
            .map(|block| postcard::from_bytes(block).map_err(|_| Damage))
            .collect();
        let files: Files = files?.into_iter().flatten().collect();
        // Cut off between two blocks, it would miss files that are gone.
        let whole = files.len() == count;
        whole.then_some(Some((manifest, files))).ok_or(Damage)
    }

    pub(super) fn save(&self, path: &Path, files: &[(OutPath, Made)]) -> io::Result<()> {
        let head = postcard::to_allocvec(&(self, files.len())).map_err(io::Error::other)?;
        let files: postcard::Result<Vec<Vec<u8>>> =
            files.par_chunks(BLOCK).map(postcard::to_allocvec).collect();
        let mut blocks = vec![head];
        blocks.extend(files.map_err(io::Error::other)?);
        blocks::replace(path, &blocks)
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test damages files")]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_manifest_is_whole_or_damage() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest");
        assert!(Manifest::load(&path).unwrap().is_none());
        let made = Made {
            stat: Stat::default(),
            hash: Hash::of(b"x"),
            key: None,
        };
        let files: Files = (0..BLOCK + 1)
            .map(|number| (OutPath::new(&format!("{number:05}.html")).unwrap(), made))
            .collect();
        let manifest = Manifest {
            began: Stat::default(),
            ended: Stat::default(),
            asked: Hash::of(b"asked"),
            globals: [Hash::of(b"theme"), Hash::of(b"site")],
            inputs: Vec::new(),
            counts: Counts::default(),
            told: Vec::new(),
        };
        manifest.save(&path, &files).unwrap();
        let (again, found) = Manifest::load(&path).unwrap().unwrap();
        assert_eq!((again.asked, found), (manifest.asked, files));

        // Also where it is cut off exactly between two blocks: the last one holds one file.
        let whole = fs::read(&path).unwrap();
        let mut cuts = 0;
        for end in whole.len() - 200..whole.len() {
            fs::write(&path, &whole[..end]).unwrap();
            cuts += usize::from(blocks::read(&path).is_ok());
            assert!(Manifest::load(&path).is_err(), "{end} bytes");
        }
        assert_eq!(cuts, 1);
    }
}
