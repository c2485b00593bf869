//! Maps from hashes: a key that is a hash already need not be hashed again.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::Hash;

/// Values by the hash of what they belong to.
pub(crate) type ByHash<V> = HashMap<Hash, V, BuildHasherDefault<AsItIs>>;

/// Takes the first eight bytes of a hash for what they are: random. Who tries out texts until theirs
/// collide in these makes their own entries a little slower to find, and nothing else.
#[derive(Debug, Default)]
pub(crate) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    /// How long a hash is says nothing.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_found_and_hashes_spread() {
        let mut map = ByHash::default();
        let mut seen = std::collections::BTreeSet::new();
        for number in 0..1_000_u32 {
            let hash = Hash::of(&number.to_le_bytes());
            map.insert(hash, number);
            let mut hasher = AsItIs::default();
            std::hash::Hash::hash(&hash, &mut hasher);
            seen.insert(hasher.finish());
        }
        assert_eq!(seen.len(), 1_000);
        assert!((0..1_000_u32).all(|number| map[&Hash::of(&number.to_le_bytes())] == number));
    }
}
