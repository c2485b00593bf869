//! What a pure function gave, by a key that names all it was given: asked twice, it runs once.
//!
//! A memo lives for a run, shared between threads; the cache can fill it with what earlier runs
//! remembered, and keep what this one used. Invariant: what comes out depends on the key alone,
//! never on which thread, or which run, came first.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::model::{ByHash, Hash};

/// Locks, so that threads seldom wait for each other.
const SHARDS: usize = 64;

/// The results of one function.
#[derive(Debug)]
pub(crate) struct Memo<V> {
    shards: Vec<Mutex<ByHash<Arc<Slot<V>>>>>,
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

    fn is_used(&self) -> bool {
        self.used.load(Ordering::Relaxed)
    }
}

/// How many results of a memo are what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Census {
    /// Made in this run.
    pub(crate) new: usize,
    /// Remembered by an earlier run, and asked for.
    pub(crate) earlier: usize,
    /// Remembered, and not asked for.
    pub(crate) unused: usize,
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

    /// How many of its results are what.
    pub(crate) fn census(&self) -> Census {
        let mut census = Census::default();
        self.each(|_, slot| match (slot.is_used(), slot.earlier) {
            (false, _) => census.unused += 1,
            (true, true) => census.earlier += 1,
            (true, false) => census.new += 1,
        });
        census
    }

    /// Tells the results that this run asked for, in the order of keys; of those that an earlier run
    /// remembered, only if `earlier`.
    pub(crate) fn each_used(&self, earlier: bool, mut tell: impl FnMut(&Hash, &V)) {
        let mut used = Vec::new();
        self.each(|key, slot| {
            if slot.is_used() && (earlier || !slot.earlier) {
                used.push((*key, Arc::clone(slot)));
            }
        });
        used.sort_unstable_by_key(|(key, _)| *key);
        for (key, slot) in &used {
            if let Some(value) = slot.value.get() {
                tell(key, value);
            }
        }
    }

    fn each(&self, mut tell: impl FnMut(&Hash, &Arc<Slot<V>>)) {
        for shard in &self.shards {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            // In no order: who is told counts, or sorts.
            shard.iter().for_each(|(key, slot)| tell(key, slot));
        }
    }

    fn shard(&self, key: &Hash) -> MutexGuard<'_, ByHash<Arc<Slot<V>>>> {
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
        let used = |earlier| {
            let mut used = Vec::new();
            memo.each_used(earlier, |_, value| used.push(*value));
            used.sort_unstable();
            used
        };
        assert_eq!(used(true), ["one", "three"]);
        assert_eq!(used(false), ["three"]);
        let census = Census {
            new: 1,
            earlier: 1,
            unused: 1,
        };
        assert_eq!(memo.census(), census);
    }
}
