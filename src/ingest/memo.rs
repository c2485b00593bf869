//! Equal slices are parsed once in a run: snapshots overlap, and most of their entries were seen
//! before.
//!
//! What is remembered holds repairs and failures, too, with offsets in the slice, so that each
//! file reports them at its own place. Invariant: what comes out depends on the key alone, never
//! on which thread came first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::parse::Outcome;
use super::repair::{Lost, Mended};
use crate::model::{Bodies, Hash, Sighting};

/// Locks, so that threads seldom wait for each other.
const SHARDS: usize = 64;

/// What is known of a slice.
pub(super) struct Known {
    pub(super) sighting: Result<(Arc<Sighting>, Bodies), Lost>,
    pub(super) mended: Vec<Mended>,
}

type Slot = Arc<OnceLock<Known>>;

/// The slices of a run, parsed. Shared between threads.
pub(crate) struct Memo {
    shards: Vec<Mutex<HashMap<Hash, Slot>>>,
}

impl Default for Memo {
    fn default() -> Self {
        Memo {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
        }
    }
}

impl Memo {
    /// What became of the slice with this key, parsed now if it was never seen.
    pub(super) fn recall(&self, key: Hash, parse: impl FnOnce() -> Outcome) -> Slot {
        let shard = usize::from(key.as_bytes()[0]) % SHARDS;
        let slot = {
            let mut shard = self.shards[shard]
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            Arc::clone(shard.entry(key).or_default())
        };
        slot.get_or_init(|| {
            let outcome = parse();
            Known {
                sighting: outcome
                    .sighting
                    .map(|(sighting, bodies)| (Arc::new(sighting), bodies)),
                mended: outcome.mended,
            }
        });
        slot
    }
}
