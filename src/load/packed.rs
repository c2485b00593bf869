//! Unpacks snapshots: gzip, zlib, deflate and brotli, also several of them one around the other, and
//! of a broken file its beginning.
//!
//! A feed that was fetched while the disk filled up, or whose copy was cut off, still holds most of
//! its entries; only the end is lost, and that is reported. A script that packs what a server had
//! packed before makes two layers.
//!
//! Invariant: memory stays near the limit, however far a file unpacks. What is large is unpacked
//! twice: first to count, through a small buffer, then into exactly the memory that it needs. A
//! vector that grows would need up to three times as much for a moment.

use std::io::{self, Read};

use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};

/// The two bytes at the start of every gzip member (RFC 1952, section 2.3.1).
const MAGIC: &[u8] = &[0x1f, 0x8b];
/// Bytes that are unpacked at once, before it is counted how many there are.
const STEP: usize = 4 << 20;
/// The buffer for counting, and that of the decoder of brotli.
const BUFFER: usize = 64 << 10;
/// More layers than this are made to stall a reader.
const LAYERS: usize = 8;
/// What unpacks beyond this size and this ratio is no feed: texts are packed to a fifth or a tenth,
/// the same entry over and over to a hundredth.
const LARGE: u64 = 32 << 20;
const RATIO: u64 = 250;
/// The shortest text that can be a feed, in bytes: `<rss><channel/></rss>` has more.
const SHORTEST: usize = 16;
/// Bytes at the start of a file that say whether it is text.
const START: usize = 1024;

/// What came out of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unpacked {
    /// What could be unpacked; nothing beyond the limit.
    pub(crate) bytes: Vec<u8>,
    /// How it ended.
    pub(crate) end: End,
}

/// How unpacking ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With the end of the file.
    Complete,
    /// Where the file is broken, and how.
    Broken(String),
    /// At the limit, with more to come.
    Limit,
    /// It unpacks to so many times its size that it is made to.
    Bomb,
}

/// Whether these bytes are packed with gzip, by what they say, not by their name.
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Unpacks all layers of a file. All of them together stay below the limit in bytes.
pub(super) fn unpack(packed: Vec<u8>, limit: u64) -> Unpacked {
    let mut whole = Unpacked {
        bytes: packed,
        end: End::Complete,
    };
    let mut room = limit;
    for _ in 0..LAYERS {
        let Some(layer) = layer(&whole.bytes, room) else {
            break;
        };
        room = room.saturating_sub(layer.bytes.len() as u64);
        whole.bytes = layer.bytes;
        match layer.end {
            End::Complete => {}
            // The first layer that is broken is the reason why the others are.
            End::Broken(_) if whole.end != End::Complete => {}
            end => whole.end = end,
        }
        if matches!(whole.end, End::Limit | End::Bomb) {
            break;
        }
    }
    whole
}

/// Unpacks the outermost layer, if there is one.
pub(crate) fn layer(packed: &[u8], room: u64) -> Option<Unpacked> {
    if is_gzip(packed) {
        return Some(unpack_by(packed, room, || Members::of(packed)));
    }
    if !is_binary(packed) {
        return None;
    }
    // These say little or nothing of themselves: that they unpack to a feed is what gives them away.
    let zlib = || unpack_by(packed, room, || ZlibDecoder::new(packed));
    let deflate = || unpack_by(packed, room, || DeflateDecoder::new(packed));
    let brotli = || {
        unpack_by(packed, room, || {
            brotli_decompressor::Decompressor::new(packed, BUFFER)
        })
    };
    if is_zlib(packed) {
        return Some(zlib()).filter(is_feed_or_too_much);
    }
    [&deflate as &dyn Fn() -> Unpacked, &brotli]
        .into_iter()
        .map(|unpack| unpack())
        .find(|unpacked| is_feed_or_too_much(unpacked) && !matches!(unpacked.end, End::Broken(_)))
}

/// What begins like a feed, or like a further layer; of what is too large, nothing is there to see.
fn is_feed_or_too_much(unpacked: &Unpacked) -> bool {
    let bytes = unpacked.bytes.strip_prefix(b"\xef\xbb\xbf");
    let bytes = bytes.unwrap_or(&unpacked.bytes).trim_ascii_start();
    // A few random bytes may unpack to a bracket.
    let is_feed = bytes.len() >= SHORTEST
        && match bytes {
            [b'<', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'?' | b'!'),
            [b'{', rest @ ..] => rest.trim_ascii_start().starts_with(b"\""),
            _ => false,
        };
    is_feed || is_gzip(bytes) || matches!(unpacked.end, End::Limit | End::Bomb)
}

/// The first two bytes of zlib (RFC 1950, section 2.2).
fn is_zlib(bytes: &[u8]) -> bool {
    match bytes {
        [method, flags, ..] => {
            let check = u16::from_be_bytes([*method, *flags]);
            method & 0x0f == 8 && check.is_multiple_of(31)
        }
        _ => false,
    }
}

/// Whether these bytes are no text, in whatever encoding.
fn is_binary(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(START)];
    let is_wide = [
        &b"\xff\xfe"[..],
        b"\xfe\xff",
        b"<\0",
        b"\0<",
        b"{\0",
        b"\0{",
        b"\0\0",
    ];
    let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
    !is_wide.iter().any(|begin| start.starts_with(begin)) && start.iter().any(is_control)
}

/// Unpacks one layer, by a decoder that can be made twice.
fn unpack_by<R: Read>(packed: &[u8], limit: u64, decoder: impl Fn() -> R) -> Unpacked {
    let mut first = decoder();
    let mut bytes = Vec::new();
    let step = (STEP as u64).min(limit.saturating_add(1));
    let outcome = (&mut first).take(step).read_to_end(&mut bytes);
    let begun = bytes.len() as u64;
    let (count, end) = match outcome {
        Err(error) => (begun, End::Broken(error.to_string())),
        Ok(_) if begun < step => (begun, End::Complete),
        Ok(_) => {
            bytes = Vec::new();
            count(&mut first, begun, limit, packed.len())
        }
    };
    drop(first);
    if count > limit || end == End::Bomb {
        let end = if end == End::Bomb { end } else { End::Limit };
        let bytes = Vec::new();
        return Unpacked { bytes, end };
    }
    if (bytes.len() as u64) < count {
        bytes.reserve_exact(usize::try_from(count).unwrap_or_default());
        // It ends where it ended before, so no error is new.
        let _ = decoder().take(count).read_to_end(&mut bytes);
    }
    Unpacked { bytes, end }
}

/// Reads on to the end, or until it is too much: how many bytes there are, and how they end.
fn count(decoder: &mut impl Read, begun: u64, limit: u64, packed: usize) -> (u64, End) {
    let mut buffer = vec![0; BUFFER];
    let mut count = begun;
    let most = LARGE.max((packed as u64).saturating_mul(RATIO));
    while count <= limit {
        if count > most {
            return (count, End::Bomb);
        }
        match decoder.read(&mut buffer) {
            Ok(0) => return (count, End::Complete),
            Ok(read) => count += read as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (count, End::Broken(error.to_string())),
        }
    }
    (count, End::Limit)
}

/// All members of a gzip file, one behind the other.
struct Members<'a> {
    member: Option<GzDecoder<&'a [u8]>>,
    rest: &'a [u8],
}

impl<'a> Members<'a> {
    fn of(packed: &'a [u8]) -> Self {
        Members {
            member: None,
            rest: packed,
        }
    }
}

impl Read for Members<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(member) = &mut self.member {
                let read = member.read(buffer)?;
                if read > 0 || buffer.is_empty() {
                    return Ok(read);
                }
                self.rest = member.get_ref();
                self.member = None;
            }
            if is_padding(self.rest) {
                return Ok(0);
            }
            if !is_gzip(self.rest) {
                return Err(io::Error::other("something else follows the packed data"));
            }
            self.member = Some(GzDecoder::new(self.rest));
        }
    }
}

/// Tapes and block devices fill up with zeros, which gzip itself ignores, too.
fn is_padding(rest: &[u8]) -> bool {
    rest.iter().all(|byte| *byte == 0)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn several_members_are_one_file() {
        let packed = [pack(b"one "), pack(b"two"), vec![0; 512]].concat();
        let unpacked = unpack(packed, 100);
        assert_eq!(unpacked.bytes, b"one two");
        assert_eq!(unpacked.end, End::Complete);
    }

    #[test]
    fn of_a_broken_file_the_beginning_is_kept() {
        let text = b"0123456789abcdef".repeat(10_000);
        let packed = pack(&text);
        let cut = unpack(packed[..packed.len() - 4].to_vec(), u64::MAX / 2);
        assert_eq!(cut.bytes, text);
        assert!(matches!(cut.end, End::Broken(_)));
        let followed = unpack([packed, b"<html>".to_vec()].concat(), u64::MAX / 2);
        assert_eq!(followed.bytes, text);
        assert!(matches!(followed.end, End::Broken(_)));
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = pack(&vec![0; 10_000_000]);
        assert!(bomb.len() < 20_000);
        let unpacked = unpack(bomb.clone(), 1_000);
        assert_eq!(unpacked.end, End::Limit);
        assert!(unpacked.bytes.len() <= 1_001);
        assert_eq!(unpack(bomb.clone(), 8 << 20).end, End::Limit);
        assert_eq!(unpack(pack(b"1234"), 4).end, End::Complete);
        let two = [pack(b"1234"), pack(b"5")].concat();
        assert_eq!(unpack(two, 4).end, End::Limit);
        // All layers count.
        let (size, twice) = (bomb.len() as u64, pack(&bomb));
        assert_eq!(unpack(twice.clone(), 10_000_000).end, End::Limit);
        let whole = unpack(twice, 10_000_000 + size);
        assert_eq!((whole.bytes.len(), whole.end), (10_000_000, End::Complete));
    }

    #[test]
    fn what_is_made_to_grow_is_refused_before_the_limit() {
        let bomb = pack(&vec![0; 40 << 20]);
        let unpacked = unpack(bomb, u64::MAX);
        assert_eq!((unpacked.bytes.len(), unpacked.end), (0, End::Bomb));
    }

    #[test]
    fn what_is_large_is_unpacked_into_what_it_needs() {
        let line = |number: usize| format!("<item>{}</item>\n", number * 7919);
        let text: String = (0..STEP / 12).map(line).collect();
        let unpacked = unpack(pack(text.as_bytes()), 64 << 20);
        assert!(text.len() > STEP && unpacked.bytes == text.as_bytes());
        assert_eq!(unpacked.bytes.capacity(), text.len());
        let packed = pack(text.as_bytes());
        let cut = unpack(packed[..packed.len() - 1000].to_vec(), 64 << 20);
        assert!(cut.bytes.len() > STEP && text.as_bytes().starts_with(&cut.bytes));
        assert!(matches!(cut.end, End::Broken(_)));
    }

    #[test]
    fn layers_are_unpacked_however_they_are_packed() {
        let feed = b"<rss><channel><title>Harbour</title></channel></rss>".repeat(20);
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(&feed).unwrap();
        let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), Compression::default());
        deflate.write_all(&feed).unwrap();
        let (zlib, deflate) = (zlib.finish().unwrap(), deflate.finish().unwrap());
        for packed in [
            feed.clone(),
            pack(&pack(&feed)),
            pack(&pack(&pack(&feed))),
            zlib.clone(),
            pack(&zlib),
            deflate.clone(),
            pack(&deflate),
        ] {
            let unpacked = unpack(packed, 1 << 20);
            assert!(unpacked.bytes == feed, "{:?}", unpacked.end);
            assert_eq!(unpacked.end, End::Complete);
        }
    }

    #[test]
    fn what_is_not_packed_stays_as_it_is() {
        let wide: Vec<u8> = "<rss/>".bytes().flat_map(|byte| [byte, 0]).collect();
        for bytes in [
            b"x^2 is no zlib".to_vec(),
            b"\x78\x9c\x00\x01".to_vec(),
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(),
            b"PK\x03\x04".to_vec(),
            wide,
            Vec::new(),
        ] {
            let unpacked = unpack(bytes.clone(), 1 << 20);
            assert_eq!((unpacked.bytes, unpacked.end), (bytes, End::Complete));
        }
    }

    proptest! {
        #[test]
        fn any_cut_keeps_a_beginning(text in prop::collection::vec(any::<u8>(), 0..3000), cut in 0usize..4000) {
            let packed = pack(&text);
            let cut = cut.min(packed.len());
            let cut_off = packed[..cut].to_vec();
            let unpacked = unpack(cut_off.clone(), 1 << 20);
            let is_whole = unpacked.bytes == cut_off && !is_gzip(&cut_off);
            prop_assert!(is_whole || text.starts_with(&unpacked.bytes));
            if cut == packed.len() {
                prop_assert_eq!(unpacked.bytes, text);
            }
        }
    }
}
