//! A memo as a file: each block holds some hundred results with their keys, so that blocks can be
//! decoded in parallel, and what a run adds is one block more.

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::blocks::{self, Damage};
use crate::memo::{Census, Memo};
use crate::model::Hash;

/// Results in one block: enough blocks to keep all cores busy with a few thousand results.
const BLOCK: usize = 512;
/// How many blocks a file may have more than it would have if it were written anew: each run that
/// adds something adds one.
const SPARE: usize = 64;

/// A memo and its file.
#[derive(Debug)]
pub(crate) struct Table<V> {
    /// What is remembered.
    pub(crate) memo: Memo<V>,
    /// None where nothing is kept.
    path: Option<PathBuf>,
    blocks: usize,
}

impl<V> Table<V> {
    /// A table that is not kept.
    pub(super) fn fleeting() -> Self {
        Table {
            memo: Memo::default(),
            path: None,
            blocks: 0,
        }
    }
}

impl<V: Serialize + DeserializeOwned + Send + Sync> Table<V> {
    /// Reads a table; one that does not exist is empty. What `is_wanted` says no to is left out.
    pub(super) fn load(path: &Path, is_wanted: impl Fn(&V) -> bool + Sync) -> Result<Self, Damage> {
        let blocks = blocks::read(path)?;
        let memo = Memo::default();
        blocks.contents().try_for_each(|block| {
            let results: Vec<(Hash, V)> = postcard::from_bytes(block).map_err(|_| Damage)?;
            for (key, value) in results {
                if is_wanted(&value) {
                    memo.remember(key, value);
                }
            }
            Ok(())
        })?;
        Ok(Table {
            memo,
            path: Some(path.to_path_buf()),
            blocks: blocks.len(),
        })
    }

    /// Adds what this run made; or writes the table anew, where half of it is dead, or it lies there
    /// in too many pieces.
    pub(crate) fn keep(&self) -> io::Result<()> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        let Census {
            new,
            earlier,
            unused,
        } = self.memo.census();
        let fragments = self.blocks > SPARE + 2 * (earlier + unused) / BLOCK;
        let rewrite = self.blocks == 0 || unused > earlier + new || fragments;
        if new == 0 && (!rewrite || self.blocks == 0) {
            return Ok(());
        }
        let mut results = Vec::new();
        self.memo.each_used(rewrite, |key, value| {
            results.push(postcard::to_allocvec(&(key, value)));
        });
        if rewrite {
            let blocks: io::Result<Vec<Vec<u8>>> = results.chunks(BLOCK).map(block).collect();
            blocks::replace(path, &blocks?)
        } else {
            blocks::append(path, &block(&results)?)
        }
    }
}

/// Results, each encoded by itself, as the sequence that is decoded at once.
fn block(results: &[postcard::Result<Vec<u8>>]) -> io::Result<Vec<u8>> {
    let mut block = postcard::to_allocvec(&results.len()).map_err(io::Error::other)?;
    for result in results {
        let result = result
            .as_ref()
            .map_err(|error| io::Error::other(error.to_string()))?;
        block.extend_from_slice(result);
    }
    Ok(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(path: &Path) -> Table<String> {
        Table::load(path, |_| true).unwrap()
    }

    fn ask(table: &Table<String>, numbers: std::ops::Range<usize>) -> usize {
        let mut made = 0;
        for number in numbers {
            let key = Hash::of(&number.to_le_bytes());
            let make = || {
                made += 1;
                number.to_string()
            };
            table
                .memo
                .recall(key, make, |value| assert_eq!(*value, number.to_string()));
        }
        table.keep().unwrap();
        made
    }

    #[test]
    fn what_was_made_is_remembered_and_what_is_dead_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table");
        assert_eq!(ask(&open(&path), 0..1_300), 1_300);
        assert_eq!(open(&path).blocks, 3);
        assert_eq!(ask(&open(&path), 0..1_301), 1, "one more");
        assert_eq!(open(&path).blocks, 4);
        assert_eq!(ask(&open(&path), 0..1_301), 0);
        assert_eq!(open(&path).blocks, 4, "nothing to add");
        assert_eq!(ask(&open(&path), 0..100), 0);
        assert_eq!(open(&path).blocks, 1, "most of it was dead");
        assert_eq!(ask(&open(&path), 0..1_301), 1_201);
        for more in 0..200 {
            assert_eq!(ask(&open(&path), 0..1_302 + more), 1);
        }
        assert!(open(&path).blocks < 100, "small pieces are put together");
    }
}
