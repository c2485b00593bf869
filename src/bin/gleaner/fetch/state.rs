//! What one fetch remembers for the next: what servers said of what they sent, and where feeds have
//! moved to.
//!
//! It lies in the cache, as JSON, and is a hint: without it, or if it is damaged, everything is asked
//! for anew. An address is kept as a hash, so that no secret lies there, and so that another address
//! under the same name is asked as if for the first time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::http::Validators;

/// What is remembered, by the name of the feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    version: u32,
    feeds: BTreeMap<String, Memory>,
}

/// The form of what is written; another one is not read.
const VERSION: u32 = 1;

/// How long a server is believed that nothing has changed: some say so for ever.
const WEEK: i64 = 7 * 24 * 60 * 60;

/// What is remembered of one feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Memory {
    /// The hash of its address.
    address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_modified: Option<String>,
    /// When all of it was sent last, in seconds since 1970.
    pub(crate) whole: i64,
    /// The newest snapshot when it was fetched: if it is gone, what was fetched may be, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) snapshot: Option<String>,
    /// Where it has moved for good; of a secret address, not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) moved: Option<String>,
    /// Whether its history was followed back to the end.
    pub(crate) walked: bool,
    /// The hash of the newest archive document that was followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) archive: Option<String>,
}

impl Memory {
    /// Nothing but the address.
    fn of(address: &Url) -> Self {
        Memory {
            address: hash(address.as_str()),
            ..Memory::default()
        }
    }

    /// What to ask with: nothing, if it is long ago that all of it was sent.
    pub(crate) fn validators(&self, now: Timestamp) -> Validators {
        let age = now.as_second().saturating_sub(self.whole);
        if !(0..=WEEK).contains(&age) {
            return Validators::default();
        }
        // Whatever has become of the file, what is sent must be a header.
        let sound = |value: &String| value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        Validators {
            etag: self.etag.clone().filter(sound),
            last_modified: self.last_modified.clone().filter(sound),
        }
    }
}

impl State {
    /// Reads what was written; nothing if that is not possible.
    pub(crate) fn read(text: Option<&str>) -> Self {
        let state = text.and_then(|text| serde_json::from_str(text).ok());
        state
            .filter(|state: &State| state.version == VERSION)
            .unwrap_or_default()
    }

    /// What is remembered of a feed with this address.
    pub(crate) fn of(&self, name: &str, address: &Url) -> Memory {
        let fresh = Memory::of(address);
        let known = self.feeds.get(name);
        let known = known.filter(|known| known.address == fresh.address);
        known.cloned().unwrap_or(fresh)
    }

    /// Remembers a feed.
    pub(crate) fn set(&mut self, name: &str, memory: Memory) {
        self.feeds.insert(name.to_owned(), memory);
    }

    /// What is to be written.
    pub(crate) fn write(&mut self) -> String {
        self.version = VERSION;
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// What stands for an address.
pub(crate) fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_believed_for_a_week_and_only_with_what_it_can_have_said() {
        let now: Timestamp = "2026-11-21T14:00:00Z".parse().unwrap();
        let mut memory = Memory {
            etag: Some("\"1\"".to_owned()),
            ..Memory::default()
        };
        for (age, asked) in [(0, true), (WEEK, true), (WEEK + 1, false), (-1, false)] {
            memory.whole = now.as_second() - age;
            let validators = memory.validators(now);
            assert_eq!(validators.etag.is_some(), asked, "{age}");
        }
        memory.whole = now.as_second();
        memory.etag = Some("\"1\"\r\nX: y".to_owned());
        assert_eq!(memory.validators(now), Validators::default());
    }

    #[test]
    fn what_was_written_is_read_and_all_else_is_nothing() {
        let address = Url::parse("https://example.org/feed?token=verysecret").unwrap();
        let mut state = State::default();
        let mut memory = state.of("blog", &address);
        memory.etag = Some("\"1\"".to_owned());
        state.set("blog", memory.clone());
        let text = state.write();
        assert!(!text.contains("verysecret"), "{text}");
        assert_eq!(State::read(Some(&text)), state);
        assert_eq!(State::read(Some(&text)).of("blog", &address), memory);
        let other = Url::parse("https://example.org/other").unwrap();
        assert_eq!(state.of("blog", &other).etag, None);
        for damaged in [
            "",
            "{",
            "[]",
            "{\"version\": 9, \"feeds\": {}}",
            &text[..text.len() / 2],
        ] {
            assert_eq!(State::read(Some(damaged)), State::default(), "{damaged}");
        }
        assert_eq!(State::read(None), State::default());
    }
}
