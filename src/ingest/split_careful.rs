//! The second rung of splitting: quick-xml reads the whole text, names checked.
//!
//! It either agrees that the text is well-formed, and then its entries hold; or it knows where and
//! why it is not, which is what the owner is told.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::split::{EntryName, MAX_ENTRIES};

/// Where and why a text is not well-formed.
type Fault = (usize, String);

/// The entries of a well-formed text, from `start` on; of those beyond [`MAX_ENTRIES`], the first.
pub(super) fn split(
    text: &str,
    start: usize,
    name: &EntryName,
) -> Result<Vec<Range<usize>>, Fault> {
    let mut reader = Reader::from_str(&text[start..]);
    let mut entries = Vec::new();
    let (mut depth, mut open) = (0usize, None::<(usize, usize)>);
    loop {
        let before = start + position(reader.buffer_position());
        let event = reader
            .read_event()
            .map_err(|error| (start + position(reader.error_position()), error.to_string()))?;
        match event {
            Event::Eof if depth > 0 => {
                return Err((
                    text.len(),
                    "the end of the text inside an element".to_owned(),
                ));
            }
            Event::Eof => return Ok(entries),
            Event::Start(tag) => {
                let whole = &text[before..start + position(reader.buffer_position())];
                if open.is_none() && name.starts(tag.name().as_ref(), whole) {
                    open = Some((before, depth));
                }
                depth += 1;
            }
            Event::Empty(tag) if open.is_none() => {
                let end = start + position(reader.buffer_position());
                if name.starts(tag.name().as_ref(), &text[before..end]) {
                    entries.push(before..end);
                }
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if let Some((from, _)) = open.filter(|(_, level)| *level == depth) {
                    entries.push(from..start + position(reader.buffer_position()));
                    open = None;
                }
            }
            _ => {}
        }
        entries.truncate(MAX_ENTRIES + 1);
    }
}

/// Where and why an element alone is not well-formed; none if it is.
pub(super) fn fault(slice: &str) -> Option<Fault> {
    let mut reader = Reader::from_str(slice);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return None,
            Ok(_) => {}
            Err(error) => return Some((position(reader.error_position()), error.to_string())),
        }
    }
}

fn position(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
