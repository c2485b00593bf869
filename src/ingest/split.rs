//! One feed's text → its entries as ranges of bytes, and what stands outside them.
//!
//! A ladder of three rungs, each slower and more forgiving than the one before:
//!
//! 1. the quick scanner ([`split_quick`](super::split_quick)), which counts depth and compares
//!    names at the level of entries only;
//! 2. where that is in doubt (a tag that does not match, a second root, a piece that never ends),
//!    quick-xml reads the whole text, and says where and why it is not well-formed;
//! 3. where quick-xml fails, too, everything from the doubtful place on is cut by names alone.
//!
//! A text that just ends is no doubt: it was cut off, and what was complete is kept.
//!
//! Invariants: entries are in order, do not overlap, and each begins and ends with a tag that
//! bears the name of an entry; the same text always gives the same entries.

use std::ops::Range;

use super::kind::Format;
use super::namespace::{Namespaces, native};
use super::scan::split_name;
use super::split_quick::{Doubt, Quick};
use super::{split_careful, split_salvage};

/// The largest number of entries that are read from one file; feeds have tens, archives of a
/// whole life thousands.
pub(super) const MAX_ENTRIES: usize = 50_000;

/// A feed, cut.
#[derive(Debug, Default)]
pub(super) struct Split {
    /// The entries, from `<` to `>`.
    pub(super) entries: Vec<Range<usize>>,
    /// The start tag of the root.
    pub(super) root: Range<usize>,
    /// The start tag of the channel (RSS, RDF).
    pub(super) channel: Option<Range<usize>>,
    /// The DOCTYPE.
    pub(super) doctype: Option<Range<usize>>,
    /// Where entries begin that stand in the wrong place.
    pub(super) misplaced: Vec<usize>,
    /// Where entries begin that never end, as far as names tell.
    pub(super) unclosed: Vec<usize>,
    /// How many more of these there are than are remembered.
    pub(super) more_unclosed: usize,
    /// Where something stands of an entry that is not cut out, and what.
    pub(super) damaged: Vec<(usize, &'static str)>,
    /// What is wrong with the whole.
    pub(super) flaw: Option<Flaw>,
    /// Whether there were more entries than are read.
    pub(super) too_many: bool,
}

impl Split {
    /// Remembers an entry of which only a part can be told.
    pub(super) fn damage(&mut self, at: usize, what: &'static str) {
        if self.damaged.len() < MAX_ENTRIES {
            self.damaged.push((at, what));
        } else {
            self.more_unclosed += 1;
        }
    }
}

/// The end tag of an entry that did not begin.
pub(super) const NO_START: &str = "an entry whose start tag is missing or damaged";
/// The start tag of an entry in another that ends before it.
pub(super) const SWALLOWED: &str = "an entry inside of another, which is not closed before it";

/// What is wrong with a feed as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It ends too early; what begins here is not complete.
    Truncated(usize),
    /// It is not well-formed, for this reason.
    Malformed(usize, String),
}

/// Names of entries, as the root's declarations make them.
pub(super) struct EntryName {
    pub(super) format: Format,
    pub(super) namespaces: Namespaces<'static>,
}

impl EntryName {
    /// Whether a start tag with this qualified name is that of an entry. It may declare its own prefix.
    pub(super) fn starts(&self, name: &str, tag: &str) -> bool {
        let (prefix, local) = split_name(name);
        if local != self.format.entry_name() {
            return false;
        }
        if prefix.is_none() || !Namespaces::declares(tag) {
            return self.matches(name);
        }
        let mut own = Namespaces::inside(&self.namespaces);
        own.declare(tag);
        own.resolve(self.format, prefix).0 == native(self.format)
    }

    /// Whether a qualified name is that of an entry, by what is declared around the entries.
    pub(super) fn matches(&self, name: &str) -> bool {
        let (prefix, local) = split_name(name);
        local == self.format.entry_name()
            && self.namespaces.resolve(self.format, prefix).0 == native(self.format)
    }
}

/// Cuts a feed that begins at `start`.
pub(super) fn split(text: &str, format: Format, start: usize) -> Split {
    let mut quick = Quick::new(text, format);
    let mut split = match quick.run(start) {
        None => quick.split,
        Some(doubt) => in_doubt(text, start, quick, &doubt),
    };
    if let Some(first) = split.entries.get(MAX_ENTRIES) {
        // The one beyond the limit is there only to show that there is one.
        let end = first.start;
        split.misplaced.retain(|at| *at < end);
        split.entries.truncate(MAX_ENTRIES);
        split.too_many = true;
    }
    split
}

/// Cuts a feed that the quick scanner gave up: the second and third rung.
fn in_doubt(text: &str, start: usize, quick: Quick<'_>, doubt: &Doubt) -> Split {
    let (mut split, name) = (quick.split, quick.name);
    match split_careful::split(text, start, &name) {
        Ok(entries) => {
            split.entries = entries;
            split.flaw = Some(Flaw::Malformed(doubt.at, doubt.why.to_owned()));
        }
        Err((at, why)) => {
            let from = quick.open.map_or(doubt.at, |open| open.start);
            let room = (MAX_ENTRIES + 1).saturating_sub(split.entries.len());
            let salvaged = split_salvage::split(text, from, &name, room);
            split.entries.extend(salvaged.entries);
            split.unclosed = salvaged.unclosed;
            salvaged
                .strays
                .into_iter()
                .for_each(|at| split.damage(at, NO_START));
            split.more_unclosed = salvaged.more_unclosed;
            split.flaw = Some(Flaw::Malformed(at, why));
        }
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The entries of an RSS text, without their outer tags, and the flaw.
    fn entries(text: &str) -> (Vec<String>, Option<Flaw>) {
        let split = split(text, Format::Rss, 0);
        let inner = split
            .entries
            .iter()
            .map(|range| text[range.clone()].to_owned())
            .collect();
        (inner, split.flaw)
    }

    #[test]
    fn only_real_tags_begin_and_end_entries() {
        let text = "<rss><channel><title>x</title><!-- <item>no</item> -->\
            <item>a<![CDATA[</item><item>]]></item>\
            <item><x:group><item>inner</item></x:group></item><item/>\
            <media:item>no</media:item></channel></rss>\n<!-- end -->";
        let (entries, flaw) = entries(text);
        assert_eq!(
            entries,
            [
                "<item>a<![CDATA[</item><item>]]></item>",
                "<item><x:group><item>inner</item></x:group></item>",
                "<item/>"
            ]
        );
        assert_eq!(flaw, None);
    }

    #[test]
    fn a_text_that_was_cut_off_keeps_what_was_complete() {
        let whole = "<rss><channel><item>a</item><item><b>c</b></item></channel></rss>";
        let second = whole.rfind("<item>").unwrap();
        for end in second + 1..whole.len() {
            let (found, flaw) = entries(&whole[..end]);
            let complete = if whole[..end].ends_with("</rss>") || end >= second + 21 {
                2
            } else {
                1
            };
            assert_eq!(found.len(), complete, "{}", &whole[..end]);
            assert!(
                matches!(flaw, Some(Flaw::Truncated(_))),
                "{}",
                &whole[..end]
            );
        }
    }

    #[test]
    fn one_bad_entry_costs_itself() {
        for (text, count, place) in [
            (
                "<rss><channel><item>a</item><item><b>c</item><item>d</item></channel></rss>",
                3,
                "</item><item>d",
            ),
            (
                "<rss><channel><item>a</item><item>c<item>d</item></channel></rss>",
                2,
                "</channel>",
            ),
            (
                "<rss><channel><item>a</item></channel></rss><rss><channel><item>b</item></channel></rss>",
                2,
                "<rss><channel><item>b",
            ),
            (
                "<rss><channel><item>a</item></channel></rss> junk",
                1,
                " junk",
            ),
        ] {
            let (found, flaw) = entries(text);
            assert_eq!(found.len(), count, "{text}");
            let Some(Flaw::Malformed(at, why)) = flaw else {
                panic!("{text}: {flaw:?}");
            };
            assert!(
                text[at..].starts_with(place),
                "{text}: {why} at {}",
                &text[at..]
            );
        }
    }

    #[test]
    fn entries_may_declare_their_own_prefix() {
        let item = "<r:item xmlns:r='http://purl.org/rss/1.0/'>a</r:item>";
        let other = "<o:item xmlns:o='urn:other'>a</o:item>";
        for (text, count) in [
            (
                format!("<rss><channel>{item}{other}<item>b</item></channel></rss>"),
                2,
            ),
            (
                format!("<rss><channel><x></y>{item}{other}<item>b</item></channel></rss>"),
                2,
            ),
            (
                format!("<rss><channel><x>{item}</x><r:item/></channel></rss>"),
                1,
            ),
        ] {
            assert_eq!(entries(&text).0.len(), count, "{text}");
        }
    }

    #[test]
    fn a_damaged_start_tag_is_not_passed_over() {
        for (text, count, damaged) in [
            (
                "<rss><channel><item\"<title>a</title></item><item>b</item></channel></rss>",
                1,
                1,
            ),
            (
                "<rss><channel><x></y><item<title>a</title></item><item>b</item></channel></rss>",
                1,
                1,
            ),
            (
                "<rss><channel><item><a>x</a><item><t>y</t><b</t></item></channel></rss>",
                1,
                1,
            ),
            ("<rss><channel><item>a</item></item></channel></rss>", 1, 0),
        ] {
            let split = split(text, Format::Rss, 0);
            let found = (split.entries.len(), split.damaged.len());
            assert_eq!(found, (count, damaged), "{text}");
        }
    }

    #[test]
    fn entries_outside_their_place_are_found() {
        for text in [
            "<rss><item>a</item><channel></channel></rss>",
            "<rss><channel></channel><item>a</item></rss>",
        ] {
            let split = split(text, Format::Rss, 0);
            assert_eq!(
                (split.entries.len(), split.misplaced.len()),
                (1, 1),
                "{text}"
            );
        }
    }
}
