//! A file of the site, as the reader hands it to the stages.

use std::sync::Arc;

/// A file's path and its bytes, unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    /// Relative to the site's folder, with `/` on every system.
    pub(crate) path: Arc<str>,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}
