//! Which originals are gone: what the owner's list says of them.

use std::collections::HashMap;

use jiff::civil::Date;

use super::SafeUrl;

/// An original that is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone {
    /// What its server answers: 404 or 410.
    pub status: u16,
    /// The day on which that was found out.
    pub since: Date,
}

/// The originals that are gone, by their addresses without a fragment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Originals(HashMap<Box<str>, Gone>);

impl Originals {
    /// What is known of an original; none if it is not known to be gone.
    pub(crate) fn gone(&self, link: &SafeUrl) -> Option<Gone> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(link.without_fragment()).copied()
    }
}

impl<'a> FromIterator<(&'a str, Gone)> for Originals {
    fn from_iter<T: IntoIterator<Item = (&'a str, Gone)>>(gone: T) -> Self {
        let gone = gone.into_iter().map(|(url, gone)| (url.into(), gone));
        Originals(gone.collect())
    }
}
