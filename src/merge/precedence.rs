//! Which of several sightings is believed: the newest, field by field.
//!
//! *Newest* means the one that was changed last, not the one that was seen last: where two feeds
//! carry one entry and differ, their snapshots take turns, and the entry would turn with them. So
//! a value counts from the snapshot in which its feed said it first.
//!
//! Invariant: a snapshot that says what its feed said before changes nothing.

use super::feeds::Feed;
use super::seen::Seen;
use crate::config::language::is_well_formed;
use crate::model::{RawSource, SafeUrl, Source, Text};

/// The changes of a value, from the earliest to the newest, each with the sighting that made it.
/// A sighting without a value changes nothing.
pub(super) fn changes<'a, T: PartialEq + Copy>(
    seen: &[&'a Seen<'a>],
    value: impl Fn(&'a Seen<'a>) -> Option<T>,
) -> Vec<(&'a Seen<'a>, T)> {
    // An entry stands in few feeds: a list is quicker than a map.
    let mut said: Vec<(&Feed<'_>, T)> = Vec::new();
    let mut changes = Vec::new();
    for seen in seen {
        let Some(value) = value(seen) else { continue };
        match said
            .iter_mut()
            .find(|(feed, _)| std::ptr::eq(*feed, seen.feed))
        {
            Some((_, last)) if *last == value => continue,
            Some((_, last)) => *last = value,
            None => said.push((seen.feed, value)),
        }
        changes.push((*seen, value));
    }
    changes
}

/// The value that was changed last.
pub(super) fn newest<'a, T: PartialEq + Copy>(
    seen: &[&'a Seen<'a>],
    value: impl Fn(&'a Seen<'a>) -> Option<T>,
) -> Option<T> {
    let is_of_one_feed =
        |first: &&Seen<'_>| seen.iter().all(|it| std::ptr::eq(it.feed, first.feed));
    if seen.first().is_some_and(is_of_one_feed) {
        // What one feed said last is what it changed last.
        return seen.iter().rev().find_map(|seen| value(seen));
    }
    changes(seen, value).pop().map(|(_, value)| value)
}

/// Where the original lives: as the entry says, else as the feed says of itself, if the original
/// lives on the feed's own site.
pub(super) fn source(seen: &[&Seen<'_>], link: Option<&SafeUrl>) -> Source {
    let host = link.and_then(SafeUrl::host);
    let said = newest(seen, |seen| {
        let source = &seen.sighting.source;
        (*source != RawSource::default()).then_some(source)
    });
    let home = newest(seen, |seen| {
        let title = seen.feed.title;
        title.filter(|_| seen.feed.is_home_of(host.as_deref()))
    });
    let title = said.and_then(|source| source.title.as_ref()).or(home);
    Source {
        title: title.cloned(),
        link: said
            .and_then(|source| source.link.clone())
            .or_else(|| link.and_then(SafeUrl::origin)),
        feed: said.and_then(|source| source.feed.clone()),
        host,
    }
}

/// The language of the text: as the entry says, else as its feed says, if that is the feed of the
/// site where the original lives. A link blog's language says nothing of what it links to.
pub(super) fn language(seen: &[&Seen<'_>], host: Option<&str>) -> Option<String> {
    let said = newest(seen, |seen| well_formed(seen.sighting.language.as_ref()));
    let home = || {
        newest(seen, |seen| {
            let language = well_formed(seen.feed.language);
            language.filter(|_| seen.feed.is_home_of(host))
        })
    };
    said.or_else(home).map(hyphenated)
}

/// A language tag that has the form of one, but for the underscores that some write.
fn well_formed(language: Option<&Text>) -> Option<&str> {
    let tag = language?.as_str();
    let is_formed = match tag.contains('_') {
        true => is_well_formed(&hyphenated(tag)),
        false => is_well_formed(tag),
    };
    is_formed.then_some(tag)
}

fn hyphenated(tag: &str) -> String {
    tag.replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_the_form_of_one() {
        for (tag, formed) in [
            ("en", true),
            ("de-AT", true),
            ("en_US", true),
            ("zh-Hant-TW", true),
            ("x-klingon", true),
            ("de-419-DE", false),
            ("en-x", false),
            ("i", false),
            ("English (US)", false),
            ("en-", false),
            ("deutsch-oesterreich", false),
            ("\"><script>", false),
        ] {
            let text = Text::new(tag);
            assert_eq!(well_formed(text.as_ref()).is_some(), formed, "{tag}");
        }
    }
}
