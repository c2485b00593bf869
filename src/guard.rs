//! Runs code that may panic on what a stranger wrote, and survives it.
//!
//! feed-rs panics on some feeds. Such a panic costs one entry, is reported as a diagnostic, and
//! must not look like a crash: the binary's panic hook asks [`in_guarded_section`] and stays
//! silent. Every other panic is a bug of ours and is told as one.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    /// How many guarded sections this thread is in.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Whether this thread runs code whose panics are caught and reported as diagnostics.
#[must_use]
pub fn in_guarded_section() -> bool {
    DEPTH.get() > 0
}

/// Leaves the section however it ends.
struct Section;

impl Section {
    fn enter() -> Self {
        DEPTH.set(DEPTH.get() + 1);
        Section
    }
}

impl Drop for Section {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

/// Runs `f`; an error if it panics. What `f` changed through references must not be used after
/// that.
pub(crate) fn guarded<T>(f: impl FnOnce() -> T) -> Result<T, ()> {
    let _section = Section::enter();
    catch_unwind(AssertUnwindSafe(f)).map_err(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_and_the_section_left() {
        assert_eq!(guarded(in_guarded_section), Ok(true));
        assert!(!in_guarded_section());
        let outcome = guarded(|| {
            assert_eq!(guarded(|| panic!("inner")), Err::<(), ()>(()));
            assert!(in_guarded_section());
            panic!("outer");
        });
        assert_eq!(outcome, Err::<(), ()>(()));
        assert!(!in_guarded_section());
    }
}
