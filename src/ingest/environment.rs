//! What an entry inherits from the document around it: the meaning of prefixes, the base of its
//! links, its language, the entities of the DOCTYPE.
//!
//! An entry and its environment are all that a sighting depends on, so together they are the key
//! under which it is remembered. The rest of the header is not in it: a feed's `updated` changes
//! with every snapshot, and the entries with it would be parsed again and again.

use crate::model::{Hash, SafeUrl, Text};

use super::entities::Entities;
use super::kind::Format;
use super::namespace::{Namespaces, Spelling};
use super::repair::{Notes, Repair};
use super::scan::attribute;
use super::split::Split;

/// What makes old memories useless: raised when the same slice is to be read differently.
const READING: u8 = 3;

/// The longest language tag that is taken for one, in bytes: each entry has a copy.
const LANGUAGE_LENGTH: usize = 100;

/// What holds for all entries of a feed.
#[derive(Debug, Clone)]
pub(super) struct Environment {
    pub(super) format: Format,
    pub(super) namespaces: Namespaces<'static>,
    /// `xml:base`.
    pub(super) base: Option<SafeUrl>,
    /// The feed's page: what links are relative to where nothing else is said.
    pub(super) page: Option<SafeUrl>,
    /// `xml:lang`.
    pub(super) language: Option<Text>,
    /// The language that the header of the feed names, which helps to read dates.
    pub(super) feed_language: Option<Text>,
    pub(super) entities: Entities,
    /// The authors of a JSON Feed, which its items inherit.
    pub(super) authors: Vec<Text>,
    /// Whether the feed is a backup of a blog, which holds what was never published, too.
    pub(super) backup: bool,
}

impl Environment {
    /// The environment of a feed in JSON.
    pub(super) fn json(authors: Vec<Text>, page: Option<SafeUrl>) -> Self {
        Environment {
            format: Format::Json,
            namespaces: Namespaces::default(),
            base: None,
            page,
            language: None,
            feed_language: None,
            entities: Entities::default(),
            authors,
            backup: false,
        }
    }

    /// The environment of a feed in XML, as its tags declare it.
    pub(super) fn read(text: &str, format: Format, split: &Split, notes: &mut Notes) -> Self {
        let entities = split
            .doctype
            .as_ref()
            .map(|doctype| Entities::read(&text[doctype.clone()]))
            .unwrap_or_default();
        let mut environment = Environment {
            entities,
            format,
            ..Environment::json(Vec::new(), None)
        };
        let tags = [Some(&split.root), split.channel.as_ref()];
        for range in tags.into_iter().flatten() {
            environment.enter(&text[range.clone()]);
        }
        if environment.namespaces.too_many {
            notes.mend(Repair::Declarations, split.root.start);
        }
        judge(text, format, split, notes);
        environment
    }

    /// Takes over what a tag around the entries says.
    fn enter(&mut self, tag: &str) {
        self.namespaces.declare(tag);
        if let Some(base) = base(tag) {
            self.base = SafeUrl::resolve(self.base.as_ref(), &base);
        }
        if let Some(language) = attribute(tag, "xml:lang").and_then(language) {
            self.language = Some(language);
        }
    }

    /// What relative links are resolved against where an entry says nothing of its own.
    pub(super) fn link_base(&self) -> Option<&SafeUrl> {
        self.base.as_ref().or(self.page.as_ref())
    }

    /// What identifies this environment: with a slice, the key under which it is remembered.
    pub(super) fn identity(&self) -> Hash {
        let url = |url: &Option<SafeUrl>| url.as_ref().map(SafeUrl::to_string).unwrap_or_default();
        let text = |text: &Option<Text>| text.as_ref().map(Text::to_string).unwrap_or_default();
        let head = [self.format as u8, READING, u8::from(self.backup)];
        let authors: Vec<&str> = self.authors.iter().map(Text::as_str).collect();
        Hash::of_parts([
            &head[..],
            self.namespaces.key().as_bytes(),
            url(&self.base).as_bytes(),
            url(&self.page).as_bytes(),
            text(&self.language).as_bytes(),
            text(&self.feed_language).as_bytes(),
            self.entities.key().as_bytes(),
            authors.join("\n").as_bytes(),
        ])
    }
}

/// A language as a feed names it; what is too long is none.
pub(super) fn language(raw: &str) -> Option<Text> {
    Some(raw)
        .filter(|raw| raw.trim().len() <= LANGUAGE_LENGTH)
        .and_then(Text::new)
}

/// The `xml:base` of a tag, references resolved.
pub(super) fn base(tag: &str) -> Option<String> {
    let raw = attribute(tag, "xml:base")?;
    let mut out = String::new();
    super::plain::decode(raw, &mut out);
    Some(out)
}

/// What is old or wrong in the tags around the entries: told once for each file.
fn judge(text: &str, format: Format, split: &Split, notes: &mut Notes) {
    let tags = [Some(&split.root), split.channel.as_ref()];
    for range in tags.into_iter().flatten() {
        let tag = &text[range.clone()];
        let mut declared = Namespaces::default();
        declared.declare(tag);
        for spelling in declared.spellings(format) {
            match spelling {
                Spelling::Old => notes.mend(Repair::OldFormat, range.start),
                Spelling::Wrong => notes.mend(Repair::Namespace, range.start),
                Spelling::Right | Spelling::Undeclared => {}
            }
        }
    }
    let version = attribute(&text[split.root.clone()], "version");
    if format == Format::Rss
        && !matches!(
            version,
            Some("2.0" | "2.0.1" | "0.91" | "0.92" | "0.93" | "0.94")
        )
    {
        notes.mend(Repair::Version, split.root.start);
    }
    if format == Format::Rss && matches!(version, Some("0.93" | "0.94")) {
        notes.mend(Repair::OldFormat, split.root.start);
    }
}
