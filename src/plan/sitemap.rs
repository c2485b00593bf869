//! All pages → the files of the sitemap (sitemaps.org protocol 0.9): one, or, where that may not hold
//! all of them, an index and its parts.
//!
//! Invariant: the parts list all pages that search engines should know, in the order of the plan,
//! each once; rendering takes the ranges from here and counts nothing again.

use std::ops::Range;
use std::sync::Arc;

use super::Page;
use crate::model::OutPath;

/// The files of the sitemap.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sitemap {
    /// `sitemap.xml`: all pages, or the index of the parts.
    pub(crate) file: Option<OutPath>,
    /// Where there are more pages than one file may list: the parts, each with its range of the
    /// pages that are listed.
    pub(crate) parts: Vec<(OutPath, Range<usize>)>,
}

/// How much one file may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Pages.
    pub(super) pages: usize,
    /// Bytes.
    pub(super) bytes: usize,
}

impl Limits {
    /// Those of the protocol.
    pub(super) const PROTOCOL: Limits = Limits {
        pages: 50_000,
        bytes: 50 * 1024 * 1024,
    };
}

/// What surrounds the pages of a file, in bytes, with room to spare.
const AROUND: usize = 1_024;
/// What surrounds the URL of a page, its date among it, with room to spare.
const AROUND_PAGE: usize = 128;

impl Sitemap {
    /// The pages that it lists.
    pub(crate) fn listed(pages: &[Arc<Page>]) -> impl Iterator<Item = &Page> {
        let pages = pages.iter().map(|page| &**page);
        pages.filter(|page| page.view.indexed)
    }
}

/// How much of a file a page takes.
pub(super) fn size(page: &Page) -> usize {
    // An ampersand becomes `&amp;`, the longest reference of the few signs that need one.
    let url = &page.view.url;
    let escaped = url
        .bytes()
        .filter(|byte| matches!(byte, b'&' | b'\'' | b'"'));
    url.len() + 5 * escaped.count() + AROUND_PAGE
}

/// The ranges of pages, given by their sizes, that files of these limits hold: as few as can be, and
/// one even if there is no page.
pub(super) fn ranges(sizes: impl IntoIterator<Item = usize>, limits: Limits) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let (mut start, mut end, mut bytes) = (0, 0, AROUND);
    for size in sizes {
        if end - start >= limits.pages || (bytes + size > limits.bytes && end > start) {
            ranges.push(start..end);
            (start, bytes) = (end, AROUND);
        }
        end += 1;
        bytes += size;
    }
    ranges.push(start..end);
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_as_many_pages_as_it_may() {
        let lengths = |pages: usize| -> Vec<usize> {
            let ranges = ranges(std::iter::repeat_n(100, pages), Limits::PROTOCOL);
            let ends = ranges.iter().map(|range| range.end);
            let starts = ranges.iter().map(|range| range.start);
            assert!(starts.skip(1).eq(ends.take(ranges.len() - 1)), "no gap");
            ranges.iter().map(ExactSizeIterator::len).collect()
        };
        for (pages, expected) in [
            (0, vec![0]),
            (1, vec![1]),
            (49_999, vec![49_999]),
            (50_000, vec![50_000]),
            (50_001, vec![50_000, 1]),
            (100_000, vec![50_000, 50_000]),
            (100_001, vec![50_000, 50_000, 1]),
        ] {
            assert_eq!(lengths(pages), expected, "{pages}");
        }
    }

    #[test]
    fn long_addresses_make_parts_that_hold_fewer() {
        let limits = Limits {
            pages: 10,
            bytes: AROUND + 1_000,
        };
        assert_eq!(ranges([500, 500, 1], limits), [0..2, 2..3]);
        assert_eq!(ranges([2_000, 2_000], limits), [0..1, 1..2]);
        assert_eq!(ranges([1; 11], limits), [0..10, 10..11]);
    }
}
