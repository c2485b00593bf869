//! A file of the site, as the reader hands it to the stages.

use std::sync::Arc;

/// One file of the site, unpacked (gzip is undone when it is loaded).
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    /// Its path relative to the site's folder, with `/` on every system.
    pub(crate) path: Arc<str>,
    /// What it holds.
    pub(crate) bytes: Vec<u8>,
}
