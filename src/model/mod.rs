//! The words of an archive as types: what stages hand to each other.
//!
//! Three of them keep the site safe by construction: text from a feed is [`Text`] (no control or
//! bidi characters), a link is a [`SafeUrl`] (http, https or mailto), and HTML is [`RawHtml`]
//! until sanitizing has made it [`SafeHtml`]. Templates are given nothing else.

mod archive;
mod bodies;
mod by_hash;
mod coverage;
mod hash;
pub(crate) mod instant;
mod keywords;
mod made;
mod names;
mod number;
mod originals;
mod owned;
mod parts;
mod path;
pub(crate) mod portable;
mod sighting;
mod source_file;
mod stat;
mod text;
mod url;
mod visible;

pub(crate) use archive::{
    Archive, Entry, EntryId, Facts, FormerLists, Heading, RawBody, Revision, Role, SafeBody, Share,
    Source, Tag,
};
pub(crate) use bodies::{Bodies, Place, RawHtml, SafeHtml, Shelf, Shelved};
pub(crate) use by_hash::ByHash;
pub(crate) use coverage::{Coverage, Gap, Pace};
pub(crate) use hash::Hash;
pub(crate) use keywords::{Keyword, Keywords, READ as KEYWORDS_READ};
pub(crate) use made::{Key, Made};
pub(crate) use names::{host_name, path_name, slugify, tag_key};
pub(crate) use number::grouped;
pub use originals::Gone;
pub(crate) use originals::Originals;
pub(crate) use owned::{Note, OwnPage};
pub(crate) use parts::Parts;
pub(crate) use path::{OutPath, PagePath, SITE_ROOT, UrlStyle};
pub(crate) use sighting::{FeedName, Frozen, RawShare, RawSource, Sighting, Snapshot};
pub(crate) use source_file::SourceFile;
pub(crate) use stat::Stat;
pub(crate) use text::{Text, is_forbidden};
pub(crate) use url::{Base, SafeUrl, canonical_link};
