//! What the site's owner writes: notes about entries, and pages of their own.

use std::sync::Arc;

use super::{PagePath, RawHtml, Text};
use crate::diag::Place;

/// The owner's word about one entry (`content/notes/*.md`).
#[derive(Debug, Clone)]
pub(crate) struct Note {
    /// Its file, relative to the site's folder.
    pub(crate) path: Arc<str>,
    /// Which entry: a permalink (as a path or a URL), an id, a guid, or an original link, as written.
    pub(crate) entry: String,
    /// Where the note says so.
    pub(crate) place: Place,
    /// The comment; none if the note has no words.
    pub(crate) comment: Option<RawHtml>,
    /// Tags in addition to the entry's.
    pub(crate) tags: Vec<Text>,
    /// A better title.
    pub(crate) title: Option<Text>,
    /// Whether the entry is gone from the site.
    pub(crate) hidden: bool,
}

/// A page that the owner wrote (`content/pages/**/*.md`).
#[derive(Debug, Clone)]
pub(crate) struct OwnPage {
    /// Its file, relative to the site's folder.
    pub(crate) path: Arc<str>,
    /// Where it stands: the file's path under `content/pages/` without its ending.
    pub(crate) page: PagePath,
    /// Its title: the front matter's, else the first heading of level 1, else the file's name.
    pub(crate) title: Text,
    /// One sentence about it.
    pub(crate) description: Option<Text>,
    /// Its place in the navigation, ascending, then by path; none keeps it out.
    pub(crate) nav: Option<i64>,
    /// Its text.
    pub(crate) body: RawHtml,
}
