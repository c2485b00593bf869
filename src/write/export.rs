//! Files for the owner to change, such as a theme's: written once, never over what is there.

use std::path::{Path, PathBuf};

use super::disk::{self, Found};
use super::write_failed;
use crate::diag::{Code, Diagnostic, Place};

/// Writes files below the site's folder, or nothing at all: with `force` off, a file that is there
/// already stops the whole. Returns the paths as they were given.
pub(crate) fn export(
    root: &Path,
    files: &[(String, &[u8])],
    force: bool,
) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
    let mut there = Vec::new();
    for (path, _) in files {
        match disk::look(&root.join(path)) {
            Ok(Found::Nothing) => {}
            Ok(_) if force => {}
            Ok(_) => there.push(is_there(path)),
            Err(error) => there.push(write_failed(path, &error)),
        }
    }
    if !there.is_empty() {
        return Err(there);
    }
    let mut written = Vec::new();
    for (path, bytes) in files {
        let target = root.join(path);
        let put = || {
            disk::create_folder(target.parent().unwrap_or(root))?;
            disk::overwrite(&target, bytes)
        };
        put().map_err(|error| vec![write_failed(path, &error)])?;
        written.push(PathBuf::from(path));
    }
    Ok(written)
}

fn is_there(path: &str) -> Diagnostic {
    Diagnostic::error(Code::OutputForeign, "the file is there already")
        .at(Place::file(path))
        .hint("`--force` overwrites it")
}
