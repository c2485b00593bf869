//! All texts of an entry → the one that is shown, and the others, which are kept.
//!
//! A full text beats a summary; an empty one is none. Of several, the newest is shown that is at
//! least half as long as the longest: a feed that is cut to excerpts, or an entry that is replaced
//! by an error message, shall not take the text away from the reader.
//!
//! Invariant: every different text is shown or is a revision; none is lost.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::precedence::changes;
use super::seen::Seen;
use crate::model::{Bodies, RawBody, RawHtml, Revision, Role, Text};

/// The texts of an entry, without those that are equal.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// What is shown.
    pub(super) body: Option<RawBody>,
    /// What is not, the newest first.
    pub(super) revisions: Vec<Revision<RawBody>>,
}

/// Chooses among the texts that were seen of an entry with this title.
pub(super) fn texts(seen: &[&Seen<'_>], title: Option<&Text>, bodies: &Bodies) -> Texts {
    // The same text is often seen again.
    let last = Cell::new(None);
    let is_kept = |html: &RawHtml| match last.get() {
        Some((known, is_kept)) if known == *html => is_kept,
        _ => {
            let is_kept = !bodies.is_blank(*html);
            last.set(Some((*html, is_kept)));
            is_kept
        }
    };
    let kept = |html: Option<RawHtml>| html.filter(is_kept);
    if let Some((at, html)) = unchanged(seen, |seen| kept(seen.sighting.content)) {
        return Texts {
            body: Some(raw_body(at, html, Role::Text)),
            revisions: Vec::new(),
        };
    }
    let mut versions = newest_first(changes(seen, |seen| kept(seen.sighting.content)));
    if versions.is_empty() {
        versions = newest_first(changes(seen, |seen| kept(seen.sighting.summary)));
    }
    let shown = shown(&versions, bodies);
    // Only of what is not shown it is told when it was seen first.
    let first_seen = match versions.len() {
        0 | 1 => BTreeMap::new(),
        _ => first_seen(seen),
    };
    let mut texts = Texts::default();
    for (index, (at, html)) in versions.into_iter().enumerate() {
        if index == shown {
            texts.body = Some(raw_body(at, html, Role::Text));
        } else {
            texts.revisions.push(Revision {
                body: raw_body(at, html, Role::Aside),
                title: at
                    .sighting
                    .title
                    .clone()
                    .filter(|words| Some(words) != title),
                first_seen: first_seen.get(&html).copied(),
            });
        }
    }
    texts
}

/// The one text of an entry of one feed that never changed it, as most do not, and where it was
/// seen first.
fn unchanged<'a>(
    seen: &[&'a Seen<'a>],
    text: impl Fn(&'a Seen<'a>) -> Option<RawHtml>,
) -> Option<(&'a Seen<'a>, RawHtml)> {
    let (first, html) = seen.iter().find_map(|seen| Some((*seen, text(seen)?)))?;
    let is_same = |seen: &&'a Seen<'a>| {
        std::ptr::eq(seen.feed, first.feed) && text(seen).is_none_or(|other| other == html)
    };
    seen.iter().all(is_same).then_some((first, html))
}

fn newest_first<'a>(mut changes: Vec<(&'a Seen<'a>, RawHtml)>) -> Vec<(&'a Seen<'a>, RawHtml)> {
    if changes.len() < 2 {
        return changes;
    }
    changes.reverse();
    let mut known = BTreeSet::new();
    changes.retain(|(_, html)| known.insert(*html));
    changes
}

/// Which of the versions is shown.
fn shown(versions: &[(&Seen<'_>, RawHtml)], bodies: &Bodies) -> usize {
    if versions.len() < 2 {
        return 0;
    }
    let lengths: Vec<usize> = versions
        .iter()
        .map(|(_, html)| text_length(&bodies.raw(*html)))
        .collect();
    let longest = lengths.iter().max().copied().unwrap_or_default();
    lengths
        .iter()
        .position(|length| *length >= longest.div_ceil(2))
        .unwrap_or_default()
}

fn raw_body(seen: &Seen<'_>, html: RawHtml, role: Role) -> RawBody {
    let sighting = seen.sighting;
    RawBody {
        html,
        base: sighting.base.as_ref().or(sighting.link.as_ref()).cloned(),
        role,
    }
}

/// When each text was seen first, where that is known.
fn first_seen(seen: &[&Seen<'_>]) -> BTreeMap<RawHtml, Timestamp> {
    let mut first = BTreeMap::new();
    for seen in seen {
        let Some(time) = seen.time else { continue };
        let texts = [seen.sighting.content, seen.sighting.summary];
        for html in texts.into_iter().flatten() {
            let known = first.entry(html).or_insert(time);
            *known = time.min(*known);
        }
    }
    first
}

/// How much there is to read: the bytes outside of tags, without white space. The length of the
/// HTML would prefer heavy markup to a clean text of the same words.
fn text_length(html: &str) -> usize {
    let bytes = html.as_bytes();
    let mut length = 0;
    let mut in_tag = false;
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            b'>' if in_tag => in_tag = false,
            b'<' if opens_tag(bytes.get(index + 1)) => in_tag = true,
            _ if in_tag || byte.is_ascii_whitespace() => {}
            _ => length += 1,
        }
    }
    length
}

fn opens_tag(next: Option<&u8>) -> bool {
    next.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_what_there_is_to_read() {
        for (html, length) in [
            ("", 0),
            ("<img src='a-very-long-name.png'>", 0),
            ("<p>two words</p>", 8),
            ("a < b and <b>c</b>", 7),
            ("cut off <a href='", 6),
        ] {
            assert_eq!(text_length(html), length, "{html}");
        }
    }
}
