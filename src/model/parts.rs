//! Values → one hash of all that they are made of, for what only the same program compares.
//!
//! The standard library knows how to walk through a value ([`std::hash::Hash`]); here, what it meets
//! is written down, and what was written is hashed as a whole.

use std::cell::RefCell;
use std::hash::{Hash as Hashed, Hasher};

use super::Hash;

/// Up to here, a number takes one byte.
const SMALL: u64 = 0xf0;

thread_local! {
    /// What is left of hashing: room for the next.
    static ROOM: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// What a hash is made of, written one behind the other: values say where they end.
pub(crate) struct Parts(Bytes);

impl Default for Parts {
    fn default() -> Self {
        let room = ROOM.with_borrow_mut(Vec::pop);
        Parts(Bytes(room.unwrap_or_default()))
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        let mut room = std::mem::take(&mut self.0.0);
        room.clear();
        ROOM.with_borrow_mut(|rooms| rooms.push(room));
    }
}

impl Parts {
    /// The hash of one value.
    pub(crate) fn of<T: Hashed + ?Sized>(value: &T) -> Hash {
        let mut parts = Parts::default();
        parts.add(value);
        parts.hash()
    }

    /// Adds a value.
    pub(crate) fn add<T: Hashed + ?Sized>(&mut self, value: &T) {
        value.hash(&mut self.0);
    }

    /// The hash of all that was added; see [`Hash::quick`] for what it is good for.
    pub(crate) fn hash(&self) -> Hash {
        Hash::quick(&self.0.0)
    }
}

/// Keeps what a value is made of, where other hashers mix it into a number.
struct Bytes(Vec<u8>);

impl Bytes {
    /// A small number in one byte, a large one in nine: most are lengths, or tell one variant from
    /// another.
    fn number(&mut self, number: u64) {
        if number < SMALL {
            #[expect(clippy::cast_possible_truncation, reason = "it is small")]
            self.0.push(number as u8);
        } else {
            self.0.push(u8::MAX);
            self.0.extend_from_slice(&number.to_le_bytes());
        }
    }
}

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn write_u8(&mut self, number: u8) {
        self.0.push(number);
    }

    fn write_i32(&mut self, number: i32) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn write_i64(&mut self, number: i64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.number(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.number(number.cast_unsigned() as u64);
    }

    /// Nothing asks for it: the hash is made of the bytes.
    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_differ_have_hashes_that_differ() {
        let long = ["a".repeat(239), "a".repeat(240), "a".repeat(241)];
        let mut hashes = vec![
            Parts::of(&("a", "b")),
            Parts::of(&("ab", "")),
            Parts::of(&("", "ab")),
            Parts::of(&vec!["a", "b"]),
            Parts::of(&(vec!["a"], vec!["b"])),
            Parts::of(&Some(0_usize)),
            Parts::of(&Some(239_usize)),
            Parts::of(&Some(240_usize)),
            Parts::of(&Some(usize::MAX)),
            Parts::of(&None::<usize>),
            Parts::of(&-1_i32),
        ];
        hashes.extend(long.iter().map(Parts::of));
        let count = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), count);
        assert_eq!(Parts::of(&"a"), Parts::of(&"a".to_owned()));
    }
}
