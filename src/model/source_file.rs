//! A file of the site, as the reader hands it to the stages.

use std::sync::Arc;

/// One file of the site, unpacked: what lay in a `.gz` stands here as it was before.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    /// Its path, relative to the site's folder, with `/` on every system.
    pub(crate) path: Arc<str>,
    /// What it holds.
    pub(crate) bytes: Vec<u8>,
}
