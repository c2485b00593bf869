//! The beginning of a site: the files that the binary made up, written all or not at all.

use std::path::Path;

use crate::diag::Diagnostic;
use crate::write::{self, NewFile, NewSite};

/// What stands in the way of such files: none of them could be written.
#[must_use]
pub fn in_the_way(root: &Path, files: &[NewFile]) -> Vec<Diagnostic> {
    write::taken(root, files)
}

/// Writes the files of a new site into a folder, which need not be there.
///
/// # Errors
/// What stands in the way: a site, a file of the same name, a folder of the site that holds something.
/// Then nothing is written.
pub fn new_site(root: &Path, files: &[NewFile]) -> Result<NewSite, Vec<Diagnostic>> {
    write::begin(root, files)
}
