//! Files for the owner to change, such as a theme's: written once, never over what is there unless
//! the owner asks for it, and never through a link.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::disk::{self, Found};
use super::{location, write_failed};
use crate::diag::{Code, Diagnostic, Place};
use crate::gate;
use crate::regular;

/// How many bytes of a page of the manual say that it is one.
const MANUAL_HEAD: u64 = 4_096;

/// Writes files below the site's folder, or nothing at all: with `force` off, a file that is there
/// already stops the whole. Returns the paths as they were given.
pub(crate) fn export(
    root: &Path,
    files: &[(String, &[u8])],
    force: bool,
) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
    let mut there = Vec::new();
    for (path, _) in files {
        if let Err(outside) = location::stays_inside(root, path) {
            return Err(vec![outside]);
        }
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
            let _whole = gate::pass();
            regular::replace(&target, bytes)
        };
        put().map_err(|error| vec![write_failed(path, &error)])?;
        written.push(PathBuf::from(path));
    }
    Ok(written)
}

/// Writes pages of the manual into a folder, in the place of earlier ones.
///
/// # Errors
/// Why it cannot be: something stands there that is no page of this manual, say. Then nothing is
/// written.
pub fn write_manual(folder: &Path, pages: &[(String, Vec<u8>)]) -> io::Result<()> {
    for (name, _) in pages {
        let foreign = || io::Error::other(format!("`{name}` is there, and no page of this manual"));
        let path = folder.join(name);
        match disk::look(&path)? {
            Found::Nothing => {}
            Found::File { .. } => {
                let mut text = Vec::new();
                if let Some(file) = regular::open(&path)? {
                    file.take(MANUAL_HEAD).read_to_end(&mut text)?;
                }
                let text = String::from_utf8_lossy(&text);
                text.contains("\n.TH gleaner")
                    .then_some(())
                    .ok_or_else(foreign)?;
            }
            Found::Folder | Found::Other => return Err(foreign()),
        }
    }
    disk::create_folder(folder)?;
    pages
        .iter()
        .try_for_each(|(name, page)| regular::replace(&folder.join(name), page))
}

fn is_there(path: &str) -> Diagnostic {
    Diagnostic::error(Code::OutputForeign, "the file is there already")
        .at(Place::file(path))
        .hint("`--force` overwrites it")
}
