//! A response → all that lies in it: what it unpacks to, one layer of compression below the other, and
//! the text of each.
//!
//! Invariant: what is held of one response, all layers together, stays within [`LARGEST_RESPONSE`],
//! however small it is packed. A bomb in a bomb is one bomb.

use crate::ingest;
use crate::load::{UnpackedEnd, unpack_layer};

/// The largest response in bytes, with all that it unpacks to: an archive of thousands of long entries
/// in one document.
pub const LARGEST_RESPONSE: usize = 64 << 20;
/// How many layers are unpacked: one is common, two happen by mistake, more is no accident.
const DEEPEST: usize = 8;

/// What a response unpacks to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Layers {
    /// What each layer holds, from the outside in. Empty if the response is not packed.
    unpacked: Vec<Vec<u8>>,
    /// Whether everything could be unpacked.
    whole: bool,
}

/// Unpacks all layers. None if they are larger together than a response may be.
pub(super) fn layers(bytes: &[u8]) -> Option<Layers> {
    within(bytes, LARGEST_RESPONSE)
}

fn within(bytes: &[u8], limit: usize) -> Option<Layers> {
    let mut room = limit.checked_sub(bytes.len())?;
    let mut layers = Layers {
        unpacked: Vec::new(),
        whole: true,
    };
    loop {
        let packed = layers.unpacked.last().map_or(bytes, Vec::as_slice);
        let Some(inner) = unpack_layer(packed, room as u64) else {
            return Some(layers);
        };
        if layers.unpacked.len() == DEEPEST {
            layers.whole = false;
            return Some(layers);
        }
        if matches!(inner.end, UnpackedEnd::Limit | UnpackedEnd::Bomb) {
            return None;
        }
        layers.whole &= inner.end == UnpackedEnd::Complete;
        room = room.checked_sub(inner.bytes.len())?;
        layers.unpacked.push(inner.bytes);
    }
}

/// All that can be read in a response: the bytes of each layer, and its text as a parser decodes it.
/// None if some of it cannot be looked at: it is broken, too large, or packed without end.
#[must_use]
pub fn readable(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let layers = layers(bytes).filter(|layers| layers.whole)?;
    let mut all = Vec::new();
    let innermost = layers.unpacked.len();
    let all_layers = std::iter::once(bytes).chain(layers.unpacked.iter().map(Vec::as_slice));
    for (depth, layer) in all_layers.enumerate() {
        all.push(layer.to_vec());
        if depth < innermost {
            continue;
        }
        let text = ingest::text(layer).into_bytes();
        if text != layer {
            all.push(text);
        }
        // Wide characters, whatever the decoder took them for.
        if layer.contains(&0) {
            all.push(layer.iter().copied().filter(|byte| *byte != 0).collect());
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn all_layers_share_one_limit() {
        let text = vec![b'x'; 10_000];
        let once = pack(&text);
        let twice = pack(&once);
        let total = text.len() + once.len() + twice.len();
        let layers = within(&twice, total).unwrap();
        assert_eq!((layers.unpacked, layers.whole), (vec![once, text], true));
        assert_eq!(within(&twice, total - 1), None);
        assert_eq!(within(b"plain", 5).unwrap().unpacked, [[0_u8; 0]; 0]);
        assert_eq!(within(b"plain", 4), None);
    }

    #[test]
    fn what_cannot_be_unpacked_to_its_end_is_not_whole() {
        let packed = pack(b"text");
        assert!(!within(&packed[..packed.len() - 1], 1_000).unwrap().whole);
        let followed = [packed.clone(), b"more".to_vec()].concat();
        assert_eq!(readable(&followed), None);
        let deep = (0..20).fold(b"text".to_vec(), |inner, _| pack(&inner));
        assert!(!within(&deep, 100_000).unwrap().whole);
    }

    #[test]
    fn text_is_seen_as_a_parser_sees_it() {
        let wide: Vec<u8> = "\u{feff}<rss/>"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        let all = readable(&pack(&wide)).unwrap();
        assert!(all.iter().any(|text| text == b"<rss/>"), "{all:?}");
    }
}
