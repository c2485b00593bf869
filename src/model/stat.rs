//! What a file system says of a file without opening it: a hint that it has not changed.

use std::fs::Metadata;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

/// Times closer together than this may be the same to a file system that counts in ticks.
const TICK: i128 = 50_000_000;
/// The same for one that counts in seconds; FAT counts in pairs of them.
const COARSE_TICK: i128 = 2_000_000_000;

/// Size, times and place of a file: if none of them differs, its content is the same, unless it was
/// changed within one tick of the file system's clock ([`Stat::is_older_than`]).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Stat {
    /// Bytes.
    pub(crate) size: u64,
    /// When its content was changed, in nanoseconds since 1970.
    modified: i128,
    /// When anything of it was changed, in the same unit; 0 where the system does not say.
    changed: i128,
    /// Its number on its file system; 0 where the system does not say.
    inode: u64,
}

impl Stat {
    /// What metadata says.
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let modified = metadata
            .modified()
            .ok()
            .map(|time| match time.duration_since(UNIX_EPOCH) {
                Ok(after) => i128::try_from(after.as_nanos()).unwrap_or_default(),
                Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or_default(),
            });
        let (changed, inode) = unix(metadata);
        Stat {
            size: metadata.len(),
            modified: modified.unwrap_or_default(),
            changed,
            inode,
        }
    }

    /// Whether a file that looks like this was certainly last changed before another one: then a
    /// later change would show. (Git's rule for files that are "racily clean".)
    pub(crate) fn is_older_than(&self, other: &Stat) -> bool {
        let coarse = self.modified % 1_000_000_000 == 0;
        let tick = if coarse { COARSE_TICK } else { TICK };
        self.modified.max(self.changed) + tick <= other.modified
    }
}

#[cfg(unix)]
fn unix(metadata: &Metadata) -> (i128, u64) {
    use std::os::unix::fs::MetadataExt;
    let changed = i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
    (changed, metadata.ino())
}

#[cfg(not(unix))]
fn unix(_: &Metadata) -> (i128, u64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_within_a_tick_may_change_unseen() {
        let at = |modified: i128, changed: i128| Stat {
            modified,
            changed,
            ..Stat::default()
        };
        let now = at(10_000_000_001, 0);
        for (file, older) in [
            (at(1_000_000_007, 1_000_000_007), true),
            (at(9_990_000_001, 9_990_000_001), false),
            // The content is old, but something of the file is new: a renamed file, say.
            (at(1_000_000_007, 9_990_000_001), false),
            // Whole seconds: a clock that may not know better.
            (at(9_000_000_000, 0), false),
            (at(8_000_000_000, 0), true),
        ] {
            assert_eq!(file.is_older_than(&now), older, "{file:?}");
        }
    }
}
