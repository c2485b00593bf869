//! Keywords as bytes, which are read at once: the cache holds some dozens for each entry.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};

use super::Keyword;

/// Bytes of a keyword with its count behind it.
const BOTH: usize = 6;

pub(super) fn serialize<S: Serializer>(
    words: &[(Keyword, u16)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(words.len() * BOTH);
    for (word, count) in words {
        bytes.extend(word.0.to_le_bytes());
        bytes.extend(count.to_le_bytes());
    }
    serializer.serialize_bytes(&bytes)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(Keyword, u16)>, D::Error> {
    deserializer.deserialize_bytes(Packed)
}

struct Packed;

impl Visitor<'_> for Packed {
    type Value = Vec<(Keyword, u16)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("keywords")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        let (words, rest) = bytes.as_chunks::<BOTH>();
        let word = |[a, b, c, d, e, f]: &[u8; BOTH]| {
            let word = u32::from_le_bytes([*a, *b, *c, *d]);
            (Keyword(word), u16::from_le_bytes([*e, *f]))
        };
        match rest {
            [] => Ok(words.iter().map(word).collect()),
            _ => Err(E::invalid_length(bytes.len(), &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Keywords;

    #[test]
    fn keywords_are_read_as_they_were_written() {
        for text in [
            "",
            "archive",
            "an archive of archives and feeds, feeds, feeds",
        ] {
            let keywords = Keywords::of(text);
            let bytes = postcard::to_allocvec(&keywords).unwrap();
            assert_eq!(postcard::from_bytes::<Keywords>(&bytes).unwrap(), keywords);
        }
    }
}
