//! A gate that every file passes while it is written, so that a process can end at any moment and
//! leave no half of one behind.
//!
//! The writer passes it for each file; who wants to end the process closes it, which waits for the
//! files that are being written right now and lets no further one begin. The cache does without: its
//! files take their place by renaming, or are checked when they are read.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

static GATE: RwLock<()> = RwLock::new(());

/// Holds the gate open until one file is whole. Never taken twice by the same thread: if the gate is
/// closed in between, the second would wait forever for the first.
pub(crate) fn pass() -> RwLockReadGuard<'static, ()> {
    GATE.read().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until no file is being written, and lets nobody write any more. It cannot be opened again:
/// the process must end now.
pub fn close() {
    std::mem::forget(GATE.write().unwrap_or_else(PoisonError::into_inner));
}
