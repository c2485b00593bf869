//! When each original was asked last, and what came of it: one line each, kept in the cache, so that a
//! check goes on where the last one stopped. A hint: what cannot be read is asked again.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::civil::Date;

/// The form of what is written; another one is not read.
const HEAD: &str = "gleaner originals 1\n";

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Alive,
    Gone,
    Unknown,
}

/// What is remembered of one original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) state: State,
    pub(super) on: Date,
}

/// What is remembered, by address.
pub(super) type Memory = BTreeMap<String, Asked>;

/// Reads what was written; nothing if that is not possible.
pub(super) fn read(text: Option<&str>) -> Memory {
    let lines = text.and_then(|text| text.strip_prefix(HEAD));
    lines.unwrap_or_default().lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<(String, Asked)> {
    let mut words = line.split(' ');
    let (url, state, on) = (words.next()?, words.next()?, words.next()?);
    let state = match state {
        "alive" => State::Alive,
        "gone" => State::Gone,
        "unknown" => State::Unknown,
        _ => return None,
    };
    let on = on.parse().ok()?;
    Some((url.to_owned(), Asked { state, on }))
}

/// What is to be written.
pub(super) fn write(memory: &Memory) -> String {
    let mut text = HEAD.to_owned();
    for (url, Asked { state, on }) in memory {
        let state = match state {
            State::Alive => "alive",
            State::Gone => "gone",
            State::Unknown => "unknown",
        };
        // Writing to memory cannot fail.
        let _ = writeln!(text, "{url} {state} {on}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_all_else_is_nothing() {
        let on = "2026-11-21".parse().unwrap();
        let memory: Memory = [
            ("https://a.example/", State::Alive),
            ("https://b.example/", State::Gone),
            ("https://c.example/", State::Unknown),
        ]
        .map(|(url, state)| (url.to_owned(), Asked { state, on }))
        .into();
        let text = write(&memory);
        assert_eq!(read(Some(&text)), memory);
        let damaged = text.replace("gone 2026", "gone 20x6");
        assert_eq!(read(Some(&damaged)).len(), 2);
        for damaged in ["", "x", &text[1..]] {
            assert_eq!(read(Some(damaged)), Memory::new());
        }
        assert_eq!(read(None), Memory::new());
    }
}
