//! Where the output folder may be: anywhere but where the site is.
//!
//! A typing mistake (`--output .`) must not mix a site with its source; not even `--force` does.

use std::path::{Component, Path, PathBuf};

use crate::diag::{Code, Diagnostic, Place};

/// The folders that a site is made of.
const INPUTS: &[&str] = &["content", "themes"];

/// Where a repository keeps everything that it knows.
const REPOSITORY: &str = ".git";

/// The real path of the output folder, links followed; an error if the site's own files are in it,
/// or it is among them.
pub(super) fn resolve(root: &Path, folder: &Path, label: &str) -> Result<PathBuf, Diagnostic> {
    let output = real(folder);
    if output
        .components()
        .any(|part| part.as_os_str() == REPOSITORY)
    {
        let message = "the output folder is a part of a git repository's own records";
        return Err(Diagnostic::error(Code::OutputForeign, message)
            .at(Place::file(label))
            .hint("choose a folder of its own, such as `public`"));
    }
    if !is_among_inputs(root, folder) {
        return Ok(output);
    }
    let message = "the output folder holds what the site is made of";
    Err(Diagnostic::error(Code::OutputForeign, message)
        .at(Place::file(label))
        .hint("choose a folder of its own, such as `public`"))
}

/// Whether a folder holds files that the site is made of, or lies among them.
pub(crate) fn is_among_inputs(root: &Path, folder: &Path) -> bool {
    let (root, folder) = (real(root), real(folder));
    let inside_inputs = INPUTS.iter().any(|input| {
        let input = real(&root.join(input));
        folder.starts_with(&input) || input.starts_with(&folder)
    });
    inside_inputs || root.starts_with(&folder)
}

/// Whether a folder is another one, or lies in it, links followed.
pub(crate) fn is_within(folder: &Path, other: &Path) -> bool {
    real(folder).starts_with(real(other))
}

/// An error if a link leads a file of the site out of the folder that it belongs into, `content` or
/// `themes`, or that folder out of the site: what Gleaner writes must not land somewhere else.
pub(super) fn stays_inside(root: &Path, path: &str) -> Result<(), Diagnostic> {
    let (top, _) = path.split_once('/').unwrap_or((path, ""));
    let (real_root, real_top) = (real(root), real(&root.join(top)));
    let target = root.join(path);
    let folder = real(target.parent().unwrap_or(root));
    if real_top.starts_with(&real_root) && folder.starts_with(&real_top) {
        return Ok(());
    }
    let message = format!("cannot be written: a link leads out of `{top}`");
    Err(Diagnostic::error(Code::WriteFailed, message)
        .at(Place::file(path))
        .hint("Gleaner writes nothing through such a link: put a folder in its place"))
}

/// A path without links and dots, of which the end need not exist.
fn real(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    for ancestor in absolute.ancestors() {
        let Ok(known) = ancestor.canonicalize() else {
            continue;
        };
        let rest = absolute.strip_prefix(ancestor).unwrap_or(Path::new(""));
        return rest.components().fold(known, |mut path, component| {
            match component {
                Component::ParentDir => {
                    path.pop();
                }
                Component::Normal(name) => path.push(name),
                _ => {}
            }
            path
        });
    }
    absolute
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "tests make the folders that they name"
)]
mod tests {
    use super::*;

    #[test]
    fn the_output_stands_apart_from_the_site() {
        let parent = tempfile::tempdir().unwrap();
        let root = parent.path().join("site");
        std::fs::create_dir_all(root.join("content/static")).unwrap();
        for (folder, allowed) in [
            ("public", true),
            ("new/deep/public", true),
            ("../elsewhere", true),
            (".", false),
            ("..", false),
            ("content", false),
            ("content/static/out", false),
            ("themes", false),
            ("themes/gleaner", false),
            ("public/..", false),
            ("public/../content", false),
            ("contents", true),
            (".git", false),
            (".git/pages", false),
            (".github", true),
        ] {
            let outcome = resolve(&root, &root.join(folder), folder);
            assert_eq!(outcome.is_ok(), allowed, "{folder}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_hide_where_it_leads() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("content")).unwrap();
        std::os::unix::fs::symlink("content", root.path().join("public")).unwrap();
        assert!(resolve(root.path(), &root.path().join("public"), "public").is_err());
    }
}
