//! Content addresses: 128 bits of BLAKE3.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

/// How many bytes of several parts are hashed at once.
const GATHERED: usize = 512;

/// The first 128 bits of a BLAKE3 hash: equal content has an equal hash, on every machine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Hash([u8; 16]);

impl Hash {
    /// The hash of one piece of content.
    pub(crate) fn of(content: &[u8]) -> Self {
        Hash::cut(&blake3::hash(content))
    }

    /// The hash of several parts; unlike the hash of their concatenation, it also depends on
    /// where one part ends and the next begins.
    pub(crate) fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        // Most are short: to gather them costs less than to hash them piece by piece.
        let mut hasher: Option<blake3::Hasher> = None;
        let mut room = [0; GATHERED];
        let mut filled = 0;
        let mut add = |bytes: &[u8]| {
            if let Some(place) = room.get_mut(filled..filled + bytes.len()) {
                place.copy_from_slice(bytes);
                filled += bytes.len();
                return;
            }
            let hasher = hasher.get_or_insert_with(blake3::Hasher::new);
            hasher.update(&room[..filled]);
            hasher.update(bytes);
            filled = 0;
        };
        for part in parts {
            add(&(part.len() as u64).to_le_bytes());
            add(part);
        }
        match hasher {
            None => Hash::of(&room[..filled]),
            Some(mut hasher) => Hash::cut(&hasher.update(&room[..filled]).finalize()),
        }
    }

    /// A hash that costs a fifth (XXH3), for what only the same program compares with itself. Who
    /// wants to can make two contents with the same one: nothing that strangers gain by that may
    /// depend on it.
    pub(crate) fn quick(content: &[u8]) -> Self {
        Hash(xxhash_rust::xxh3::xxh3_128(content).to_le_bytes())
    }

    fn cut(hash: &blake3::Hash) -> Self {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_bytes()[..16]);
        Hash(bytes)
    }

    /// A hash as [`Display`](fmt::Display) writes it.
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Hash)
    }

    /// The bytes.
    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0; 32];
        HEXLOWER.encode_mut(&self.0, &mut digits);
        formatter.write_str(std::str::from_utf8(&digits).unwrap_or_default())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
