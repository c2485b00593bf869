//! What the system did not let us do → one error for each cause, however many files it hit.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};

use crate::diag::{Code, Diagnostic, Place};
use crate::model::OutPath;

/// Files that are named where several failed for the same cause.
const NAMED: usize = 3;

/// Failures of one kind, by cause.
#[derive(Debug, Default)]
pub(super) struct Failures(BTreeMap<String, (ErrorKind, Vec<OutPath>)>);

impl Failures {
    pub(super) fn add(&mut self, path: &OutPath, error: &io::Error) {
        let new = || (error.kind(), Vec::new());
        let (_, paths) = self.0.entry(error.to_string()).or_insert_with(new);
        paths.push(path.clone());
    }

    /// One error for each cause; `done` says what could not be done in the folder.
    pub(super) fn told(self, label: &str, done: &str) -> Vec<Diagnostic> {
        let causes = self.0.into_iter();
        let told = causes.map(|(cause, (kind, mut paths))| {
            paths.sort();
            let told = match &paths[..] {
                [path] => {
                    let message = format!("cannot be {done}: {cause}");
                    error(message).at(Place::file(format!("{label}/{path}")))
                }
                paths => {
                    let files = files(paths);
                    error(format!("{files} cannot be {done}: {cause}")).at(Place::file(label))
                }
            };
            match hint(kind) {
                Some(hint) => told.hint(format!("{hint}; nothing was removed")),
                None => told,
            }
        });
        told.collect()
    }
}

/// How many there are, and what some of them are called.
fn files(paths: &[OutPath]) -> String {
    let named = paths.iter().take(NAMED).map(|path| format!("`{path}`"));
    let named: Vec<String> = named.collect();
    let such = if paths.len() > NAMED { "such as " } else { "" };
    format!("{} files ({such}{})", paths.len(), named.join(", "))
}

/// An error of the writer about one file or folder.
pub(super) fn write_failed(file: &str, cause: &io::Error) -> Diagnostic {
    let told = error(format!("cannot be written: {cause}")).at(Place::file(file));
    match hint(cause.kind()) {
        Some(hint) => told.hint(hint),
        None => told,
    }
}

fn error(message: String) -> Diagnostic {
    Diagnostic::error(Code::WriteFailed, message)
}

fn hint(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Some("make room on the disk, and run this again")
        }
        ErrorKind::PermissionDenied => {
            Some("the folder may belong to another user: change its permissions, or choose another")
        }
        ErrorKind::ReadOnlyFilesystem => Some("the disk is read-only: choose another folder"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cause_is_one_error() {
        let mut failures = Failures::default();
        let full = io::Error::from(ErrorKind::StorageFull);
        for number in (0..812).rev() {
            let path = OutPath::new(&format!("{number:03}.html")).unwrap();
            failures.add(&path, &full);
        }
        let denied = io::Error::from(ErrorKind::PermissionDenied);
        failures.add(&OutPath::new("tags/a.html").unwrap(), &denied);
        let told = failures.told("public", "written");
        let shown: Vec<String> = told
            .iter()
            .map(|one| format!("{}: {}", one.place.as_ref().unwrap().file, one.message))
            .collect();
        assert_eq!(
            shown,
            [
                "public: 812 files (such as `000.html`, `001.html`, `002.html`) cannot be written: \
                 no storage space",
                "public/tags/a.html: cannot be written: permission denied",
            ]
        );
        assert!(told.iter().all(|one| one.hint.is_some()));
    }
}
