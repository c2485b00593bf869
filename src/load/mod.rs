//! The only reader: from a site's folder to named bytes.
//!
//! 1. [`site_toml`] reads the configuration;
//! 2. [`list()`] says what there is, without reading it: snapshots by feed, notes, pages, static
//!    files, files of the theme, each sorted by the bytes of its path;
//! 3. [`read_plain`] reads one file as it is, [`unpack`] unpacks what is packed; the pipeline calls
//!    them file by file, so that memory stays bounded.
//!
//! Snapshots of a feed stand in its folder, `content/snapshots/<feed>/**`. A file directly in
//! `content/snapshots/` belongs to the feed that is named by the part of its name before the first
//! dot: `devto.2026-01-31.xml.gz` is a snapshot of `devto`.
//!
//! Links are followed within the site, and out of it only where the owner's command line says so
//! ([`Bounds`]).
//!
//! Invariants: nothing depends on the order in which a file system lists its files, nor on file
//! times; no file is read beyond its limit, however far it unpacks; only regular files are opened
//! (a pipe could stall the build); everything that is passed over without being a known kind of
//! junk is reported.

mod bounds;
mod list;
mod names;
mod of_feed;
mod packed;
mod read;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::Stat;

pub use bounds::Bounds;
pub(crate) use list::{Listing, list, themes};
pub(crate) use names::ORIGINALS;
pub use names::is_input;
pub(crate) use of_feed::snapshots_of;
pub(crate) use packed::{End as UnpackedEnd, is_gzip as is_packed, layer as unpack_layer};
pub(crate) use read::{SiteToml, is_site, read_file, read_plain, site_toml, unpack};

/// A file of the site that has not been read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileRef {
    /// Its path relative to the site's folder, with `/` on every system.
    pub(crate) path: Arc<str>,
    /// Its path relative to the folder of its kind (`content/static`, `themes/<name>`).
    pub(crate) name: Arc<str>,
    /// Where it is on this machine.
    pub(crate) disk: PathBuf,
    /// How it looked when it was listed.
    pub(crate) stat: Stat,
}

/// A path as diagnostics write it: with `/`, and readable whatever its bytes.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    };
    crate::diag::escape_controls(&text)
}
