//! Dialects: what a service writes into the text of an entry, as data.
//!
//! A feed has no word for who shared an entry, so services write it into the body. A dialect knows
//! one such form exactly. Invariant: a text that does not match is left as it is, to the byte.

mod newsblur;

use crate::model::{SafeUrl, Text};

/// What a dialect read in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reading<'a> {
    /// Who shared it.
    pub(super) sharer: Text,
    /// The page of the share.
    pub(super) permalink: Option<SafeUrl>,
    /// The title of the site that the original is from.
    pub(super) source: Option<Text>,
    /// What the sharer said, as HTML.
    pub(super) comment: Option<&'a str>,
    /// The text of the original alone; empty if there is none.
    pub(super) body: &'a str,
}

/// The first dialect that matches.
pub(super) fn read(html: &str) -> Option<Reading<'_>> {
    newsblur::read(html)
}
