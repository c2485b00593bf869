//! What a pure function gave, by a key that names all it was given: asked twice, it runs once.
//!
//! A memo lives for a run, shared between threads; the cache can fill it with what earlier runs
//! remembered, and keep what this one used. Invariant: what comes out depends on the key alone,
//! never on which thread, or which run, came first.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::model::Hash;

/// Locks, so that threads seldom wait for each other.
const SHARDS: usize = 64;

/// The results of one function.
#[derive(Debug)]
pub(crate) struct Memo<V> {
    shards: Vec<Mutex<HashMap<Hash, Arc<Slot<V>>>>>,
}

#[derive(Debug)]
struct Slot<V> {
    value: OnceLock<V>,
    /// Whether an earlier run remembered it.
    earlier: bool,
    /// Whether this run asked for it.
    used: AtomicBool,
}

impl<V> Slot<V> {
    fn new() -> Self {
        Slot {
            value: OnceLock::new(),
            earlier: false,
            used: AtomicBool::new(true),
        }
    }
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Memo {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
        }
    }
}

impl<V> Memo<V> {
    /// Takes over what an earlier run remembered.
    pub(crate) fn remember(&self, key: Hash, value: V) {
        let slot = Slot {
            value: OnceLock::from(value),
            earlier: true,
            used: AtomicBool::new(false),
        };
        self.shard(&key).insert(key, Arc::new(slot));
    }

    /// Reads what belongs to this key, which is made now if nobody remembers it.
    pub(crate) fn recall<R>(
        &self,
        key: Hash,
        make: impl FnOnce() -> V,
        read: impl FnOnce(&V) -> R,
    ) -> R {
        let slot = {
            let mut shard = self.shard(&key);
            Arc::clone(shard.entry(key).or_insert_with(|| Arc::new(Slot::new())))
        };
        slot.used.store(true, Ordering::Relaxed);
        read(slot.value.get_or_init(make))
    }

    /// Reads what belongs to this key, if it is remembered.
    pub(crate) fn known<R>(&self, key: &Hash, read: impl FnOnce(&V) -> R) -> Option<R> {
        let slot = self.shard(key).get(key).map(Arc::clone)?;
        let value = slot.value.get()?;
        slot.used.store(true, Ordering::Relaxed);
        Some(read(value))
    }

    /// What this run asked for, told one by one in the order of keys: the key, the value, and
    /// whether an earlier run remembered it. Returns how many were not asked for.
    pub(crate) fn each_used(&self, mut tell: impl FnMut(&Hash, &V, bool)) -> usize {
        let mut used = Vec::new();
        let mut unused = 0;
        for shard in &self.shards {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            #[expect(clippy::iter_over_hash_type, reason = "sorted by key below")]
            for (key, slot) in shard.iter() {
                if slot.used.load(Ordering::Relaxed) {
                    used.push((*key, Arc::clone(slot)));
                } else {
                    unused += 1;
                }
            }
        }
        used.sort_unstable_by_key(|(key, _)| *key);
        for (key, slot) in &used {
            if let Some(value) = slot.value.get() {
                tell(key, value, slot.earlier);
            }
        }
        unused
    }

    fn shard(&self, key: &Hash) -> MutexGuard<'_, HashMap<Hash, Arc<Slot<V>>>> {
        let shard = &self.shards[usize::from(key.as_bytes()[0]) % SHARDS];
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_twice_is_made_once_and_what_nobody_asks_for_is_counted() {
        let (one, two, three) = (Hash::of(b"1"), Hash::of(b"2"), Hash::of(b"3"));
        let memo = Memo::default();
        memo.remember(one, "one");
        memo.remember(two, "two");
        assert_eq!(memo.recall(one, || "again", |value| *value), "one");
        assert_eq!(memo.recall(three, || "three", |value| *value), "three");
        assert_eq!(memo.recall(three, || "again", |value| *value), "three");
        assert_eq!(memo.known(&Hash::of(b"4"), |value| *value), None);
        let mut used = Vec::new();
        let unused = memo.each_used(|_, value, earlier| used.push((*value, earlier)));
        used.sort_unstable();
        assert_eq!((used, unused), (vec![("one", true), ("three", false)], 1));
    }
}
