//! Unpacks gzip: as many members as there are, and of a broken one what can be had.
//!
//! A feed that was fetched while the disk filled up, or whose copy was cut off, still holds most of
//! its entries; only the end is lost, and that is told.

use std::io::Read;

use flate2::bufread::GzDecoder;

/// The two bytes at the start of every gzip member (RFC 1952, section 2.3.1).
const MAGIC: &[u8] = &[0x1f, 0x8b];

/// What came out of a packed file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unpacked {
    /// What could be unpacked; at most the limit.
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
}

/// Whether these bytes are packed, by what they say, not by their name.
pub(crate) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Unpacks all members of a file, up to a limit in bytes.
pub(crate) fn unpack(packed: &[u8], limit: u64) -> Unpacked {
    let mut bytes = Vec::new();
    let mut rest = packed;
    while !is_padding(rest) {
        if !is_packed(rest) {
            let end = End::Broken("something else follows the packed data".to_owned());
            return Unpacked { bytes, end };
        }
        let room = limit - bytes.len() as u64;
        let mut decoder = GzDecoder::new(rest);
        // One byte more than fits tells a full member from one that goes on.
        let outcome = (&mut decoder).take(room + 1).read_to_end(&mut bytes);
        if bytes.len() as u64 > limit {
            let end = End::Limit;
            return Unpacked { bytes, end };
        }
        if let Err(error) = outcome {
            let end = End::Broken(error.to_string());
            return Unpacked { bytes, end };
        }
        rest = decoder.into_inner();
    }
    let end = End::Complete;
    Unpacked { bytes, end }
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
        let unpacked = unpack(&packed, 100);
        assert_eq!(unpacked.bytes, b"one two");
        assert_eq!(unpacked.end, End::Complete);
    }

    #[test]
    fn of_a_broken_file_the_beginning_is_kept() {
        let text = b"0123456789abcdef".repeat(10_000);
        let packed = pack(&text);
        let cut = unpack(&packed[..packed.len() - 4], u64::MAX / 2);
        assert_eq!(cut.bytes, text);
        assert!(matches!(cut.end, End::Broken(_)));
        let followed = unpack(&[packed, b"<html>".to_vec()].concat(), u64::MAX / 2);
        assert_eq!(followed.bytes, text);
        assert!(matches!(followed.end, End::Broken(_)));
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = pack(&vec![0; 10_000_000]);
        assert!(bomb.len() < 20_000);
        let unpacked = unpack(&bomb, 1_000);
        assert_eq!(unpacked.end, End::Limit);
        assert!(unpacked.bytes.len() <= 1_001);
        assert_eq!(unpack(&pack(b"1234"), 4).end, End::Complete);
        assert_eq!(
            unpack(&[pack(b"1234"), pack(b"5")].concat(), 4).end,
            End::Limit
        );
    }

    proptest! {
        #[test]
        fn any_cut_keeps_a_beginning(text in prop::collection::vec(any::<u8>(), 0..3000), cut in 0usize..4000) {
            let packed = pack(&text);
            let cut = cut.min(packed.len());
            let unpacked = unpack(&packed[..cut], 1 << 20);
            prop_assert!(text.starts_with(&unpacked.bytes));
            if cut == packed.len() {
                prop_assert_eq!(unpacked.bytes, text);
            }
        }
    }
}
