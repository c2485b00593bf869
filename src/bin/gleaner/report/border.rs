//! Files as the library names them → as the person or program sees them that ran the command.
//!
//! The library names files of a site relative to its folder, whatever that is called. Terminals,
//! editors and other programs make links of paths, and these begin where the command was started:
//! so paths are converted here, once, on their way out.

use std::path::{Component, Path, PathBuf};

use gleaner::diag::{Diagnostic, escape_controls};
use gleaner::pipeline::Change;

use crate::args::{PlaceArgs, SiteArgs};

/// Leads from a path in a diagnostic to one that counts from where the command was started.
#[derive(Debug, Clone, Default)]
pub(crate) struct Border {
    /// The site's folder, seen from there; empty if it is that folder.
    prefix: PathBuf,
    /// Paths that the command line names, and that lie outside of the site's folder: the library
    /// repeats them as they were typed.
    typed: Vec<String>,
}

impl Border {
    /// For a site in this folder.
    pub(crate) fn of(root: &Path) -> Self {
        Border {
            prefix: seen_from_here(root),
            typed: Vec::new(),
        }
    }

    /// For the site of a command that reads settings.
    pub(crate) fn of_place(place: &PlaceArgs) -> Self {
        Border::of(&place.root).with(&place.root, place.config.as_deref())
    }

    /// For the site of a command that builds, and the folder that it writes into, where it is typed.
    pub(crate) fn of_site(args: &SiteArgs, output: Option<&Path>) -> Self {
        let (place, cache) = (&args.place, args.cache.cache_dir.as_deref());
        let border = Border::of_place(place);
        border.with(&place.root, output).with(&place.root, cache)
    }

    fn with(mut self, root: &Path, typed: Option<&Path>) -> Self {
        // What lies in the site's folder is named relative to that, like all that is there.
        let outside = typed.filter(|path| path.strip_prefix(root).is_err());
        self.typed.extend(outside.map(with_slashes));
        self
    }

    /// Diagnostics with the paths of their places seen from where the command was started.
    pub(crate) fn cross(&self, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let places = diagnostics.iter_mut();
        let places = places.filter_map(|diagnostic| diagnostic.place.as_mut());
        places.for_each(|place| place.file = self.seen(&place.file));
        diagnostics
    }

    /// The same for files that changed.
    pub(crate) fn cross_changes(&self, changes: &[Change]) -> Vec<Change> {
        let cross = |Change { file, kind }: &Change| Change {
            file: self.seen(file),
            kind: *kind,
        };
        changes.iter().map(cross).collect()
    }

    /// A path of the site seen from where the command was started.
    pub(crate) fn seen(&self, file: &str) -> String {
        let is_typed = self.typed.iter().any(|typed| {
            let rest = file.strip_prefix(typed.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        if is_typed || self.prefix.as_os_str().is_empty() || Path::new(file).is_absolute() {
            return file.to_owned();
        }
        with_slashes(&plain(&self.prefix.join(file)))
    }
}

/// A folder seen from the one in which the command was started: relative, if it lies in it or was
/// typed so, else absolute.
#[expect(
    clippy::disallowed_methods,
    reason = "where the command was started belongs to the binary"
)]
fn seen_from_here(folder: &Path) -> PathBuf {
    if folder.is_relative() {
        return plain(folder);
    }
    let Ok(here) = std::env::current_dir() else {
        return folder.to_path_buf();
    };
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let inside = folder.strip_prefix(&here).map(Path::to_path_buf);
    let inside = inside.or_else(|_| {
        real(folder)
            .strip_prefix(real(&here))
            .map(Path::to_path_buf)
    });
    inside.unwrap_or_else(|_| folder.to_path_buf())
}

/// The same path without `.`, and without `..` as far as that follows a name.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(plain.components().next_back(), Some(Component::Normal(_))) =>
            {
                plain.pop();
            }
            _ => plain.push(component),
        }
    }
    plain
}

fn with_slashes(path: &Path) -> String {
    let path = path.to_string_lossy();
    escape_controls(&path.replace(std::path::MAIN_SEPARATOR, "/"))
}

#[cfg(test)]
mod tests {
    use gleaner::diag::{Code, Place};

    use super::*;

    fn seen(root: &str, typed: &[&str], file: &str) -> String {
        let border = Border::of(Path::new(root));
        let with =
            |border: Border, typed: &&str| border.with(Path::new(root), Some(typed.as_ref()));
        typed.iter().fold(border, with).seen(file)
    }

    #[test]
    fn paths_begin_where_the_command_was_started() {
        for (root, typed, file, path) in [
            (".", &[][..], "site.toml", "site.toml"),
            ("./", &[], "content/a", "content/a"),
            ("a/b", &[], "site.toml", "a/b/site.toml"),
            ("./a/./b/", &[], "site.toml", "a/b/site.toml"),
            ("../b", &[], "site.toml", "../b/site.toml"),
            ("a/../../b", &[], "site.toml", "../b/site.toml"),
            ("/else/b", &[], "site.toml", "/else/b/site.toml"),
            ("b", &["ci/s.toml"], "ci/s.toml", "ci/s.toml"),
            ("b", &["b/s.toml"], "s.toml", "b/s.toml"),
            ("b", &["out"], "out/x.html", "out/x.html"),
            ("b", &["out"], "output/x.html", "b/output/x.html"),
            ("b", &["/tmp/out"], "/tmp/out/x.html", "/tmp/out/x.html"),
        ] {
            assert_eq!(seen(root, typed, file), path, "{root} {typed:?} {file}");
        }
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "the test needs to know where it runs"
    )]
    fn an_absolute_folder_that_is_near_is_relative() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(seen(here.to_str().unwrap(), &[], "site.toml"), "site.toml");
        let below = here.join("src");
        assert_eq!(seen(below.to_str().unwrap(), &[], "a"), "src/a");
    }

    #[test]
    fn places_alone_are_converted() {
        let there = Diagnostic::warning(Code::FeedEmpty, "x").at(Place::file("site.toml"));
        let nowhere = Diagnostic::warning(Code::FeedEmpty, "site.toml");
        let crossed = Border::of(Path::new("a")).cross(vec![there, nowhere]);
        assert_eq!(crossed[0].place.as_ref().unwrap().file, "a/site.toml");
        assert_eq!(crossed[1].message, "site.toml");
        assert_eq!(crossed[1].place, None);
    }
}
