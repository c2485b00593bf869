//! Which reading of a slice is made: today's, or the frozen one of version 0.1.
//!
//! Addresses are computed from the frozen reading, so that they never move while readings improve
//! (see [`Frozen`](crate::model::Frozen)). Each improvement that may change the link, title, text,
//! dates, tags or sharer of an entry asks [`Reading::improves`] where it is about to make a difference:
//!
//! ```text
//! if has_c1(text) && reading.improves() { .. }
//! ```
//!
//! Where none did, both readings are the same, and one pass suffices. Fallbacks behind everything that
//! version 0.1 tried are improvements, too.
//!
//! Invariant: the frozen reading of a slice never changes; `addresses.rs` in the tests holds it.

use std::cell::Cell;

use crate::model::Text;

/// The reading that a pass over a slice makes.
#[derive(Debug)]
pub(super) struct Reading {
    frozen: bool,
    improved: Cell<bool>,
}

impl Reading {
    /// Today's reading.
    pub(super) fn current() -> Self {
        Reading {
            frozen: false,
            improved: Cell::new(false),
        }
    }

    /// The reading of version 0.1.
    pub(super) fn frozen() -> Self {
        Reading {
            frozen: true,
            ..Reading::current()
        }
    }

    /// Decides about an improvement that is about to make a difference, and remembers that one did:
    /// false in the frozen reading.
    pub(super) fn improves(&self) -> bool {
        self.improved.set(!self.frozen);
        !self.frozen
    }

    /// A text without what nobody sees; none if nothing else is in it.
    pub(super) fn visible(&self, text: Text) -> Option<Text> {
        let seen = text.clone().visible();
        if seen.as_ref() == Some(&text) || !self.improves() {
            return Some(text);
        }
        seen
    }

    /// Whether an improvement made a difference.
    pub(super) fn improved(&self) -> bool {
        self.improved.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_current_reading_improves() {
        let (current, frozen) = (Reading::current(), Reading::frozen());
        assert!(!current.improved() && !frozen.improved());
        assert!(current.improves() && !frozen.improves());
        assert!(current.improved() && !frozen.improved());
    }
}
