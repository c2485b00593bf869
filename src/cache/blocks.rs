//! Bytes in files, in blocks that are known to be whole.
//!
//! A file begins with a hash of its name and of the program that wrote it, so that neither another
//! version's nor another table's is taken for it. A block is its length, a hash of what is in it,
//! and that. Invariant: what [`read`] returns is what was written; a file that says
//! anything else is [`Damage`].

#![expect(
    clippy::disallowed_methods,
    reason = "the cache is read and written here, beside the reader and the writer"
)]

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;

use super::lock;
use crate::model::Hash;
use crate::regular;

/// Which program may read a file: the version, and a hash of its sources and dependencies.
const FINGERPRINT: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("GLEANER_FINGERPRINT"));
/// Bytes of a length.
const LENGTH: usize = 8;
/// Bytes of a hash.
const HASH: usize = 16;

/// A file of the cache that does not hold what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damage;

/// What a file begins with.
pub(super) fn header(path: &Path) -> [u8; HASH] {
    let name = path.file_name().unwrap_or_default();
    *Hash::of_parts([FINGERPRINT.as_bytes(), name.as_encoded_bytes()]).as_bytes()
}

/// A file that was read, and where its blocks are.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    bytes: Vec<u8>,
    blocks: Vec<Range<usize>>,
}

impl Blocks {
    /// What is in the blocks, in their order.
    pub(super) fn contents(&self) -> impl IndexedParallelIterator<Item = &[u8]> {
        let blocks = self.blocks.par_iter();
        blocks.map(|block| &self.bytes[block.clone()])
    }

    /// What is in the first block.
    pub(super) fn first(&self) -> Option<&[u8]> {
        self.blocks.first().map(|block| &self.bytes[block.clone()])
    }

    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }
}

/// Reads a file; one that does not exist has no blocks.
pub(super) fn read(path: &Path) -> Result<Blocks, Damage> {
    let Some(mut file) = regular::open(path).map_err(|_| Damage)? else {
        return Ok(Blocks::default());
    };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|_| Damage)?;
    let mut blocks = Vec::new();
    let mut hashes = Vec::new();
    let mut rest = bytes.strip_prefix(&header(path)).ok_or(Damage)?;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<LENGTH>().ok_or(Damage)?;
        let (hash, after) = after.split_first_chunk::<HASH>().ok_or(Damage)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| Damage)?;
        let start = bytes.len() - after.len();
        rest = after.get(length..).ok_or(Damage)?;
        blocks.push(start..start + length);
        hashes.push(*hash);
    }
    let whole = blocks
        .par_iter()
        .zip(&hashes)
        .all(|(block, hash)| Hash::of(&bytes[block.clone()]).as_bytes() == hash);
    whole.then_some(Blocks { bytes, blocks }).ok_or(Damage)
}

/// Writes a file anew: all of it is there, or what was there before.
pub(super) fn replace(path: &Path, blocks: &[Vec<u8>]) -> io::Result<()> {
    let temporary = path.with_extension("new");
    let mut file = io::BufWriter::new(anew(&temporary)?);
    file.write_all(&header(path))?;
    blocks.iter().try_for_each(|block| put(&mut file, block))?;
    file.into_inner()?;
    fs::rename(&temporary, path)
}

/// Creates a file. What stands there already, an interrupted run left; a link is removed, and not
/// followed.
pub(super) fn anew(path: &Path) -> io::Result<fs::File> {
    lock::remove(path)?;
    regular::create(path)
}

/// Adds a block at the end of a file that has some already.
pub(super) fn append(path: &Path, block: &[u8]) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(LENGTH + HASH + block.len());
    put(&mut bytes, block)?;
    let file = regular::open_to_write(path)?;
    let mut file = file.ok_or(io::ErrorKind::NotFound)?;
    file.seek(SeekFrom::End(0))?;
    file.write_all(&bytes)
}

fn put(out: &mut impl Write, block: &[u8]) -> io::Result<()> {
    out.write_all(&(block.len() as u64).to_le_bytes())?;
    out.write_all(Hash::of(block).as_bytes())?;
    out.write_all(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_was_written_or_damage() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table");
        assert_eq!(read(&path).unwrap().len(), 0);
        replace(&path, &[b"one".to_vec(), Vec::new()]).unwrap();
        append(&path, b"three").unwrap();
        let contents: Vec<Vec<u8>> = read(&path)
            .unwrap()
            .contents()
            .map(<[u8]>::to_vec)
            .collect();
        assert_eq!(contents, [&b"one"[..], b"", b"three"]);

        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            fs::write(&path, &flipped).unwrap();
            assert_eq!(read(&path).unwrap_err(), Damage, "byte {at}");
        }
        let ends = [16, 16 + 24 + 3, 16 + 24 + 3 + 24, whole.len()];
        for end in 0..whole.len() {
            fs::write(&path, &whole[..end]).unwrap();
            // Cut between two blocks, it is a shorter file, as an interrupted run leaves it.
            assert_eq!(read(&path).is_ok(), ends.contains(&end), "{end} bytes");
        }

        fs::write(&path, [&whole[..], b"more"].concat()).unwrap();
        assert_eq!(read(&path).unwrap_err(), Damage, "something behind it");
        let other = folder.path().join("another");
        fs::write(&other, &whole).unwrap();
        assert_eq!(read(&other).unwrap_err(), Damage, "in another's place");
    }
}
