//! Where a file is, seen from the repository: GitHub knows no other paths.
//!
//! Diagnostics name files relative to the site's folder; the site may be a folder of the repository,
//! and the command may have been started in another.

use std::path::{Component, Path, PathBuf};

use crate::args::PlaceArgs;

/// The variable that holds the folder of the repository while a workflow runs.
const VARIABLE: &str = "GITHUB_WORKSPACE";

/// Which folders lead from a diagnostic's file to the repository's.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    /// The site's folder.
    root: PathBuf,
    /// Another site.toml, which is named as it was typed.
    config: Option<PathBuf>,
    /// The folder in which the command was started, and that of the repository, where known.
    folders: Option<(PathBuf, PathBuf)>,
}

impl Workspace {
    /// What the command line and the environment say.
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment belongs to the binary"
    )]
    pub(crate) fn of(place: &PlaceArgs) -> Self {
        let current = std::env::current_dir().ok();
        let repository = std::env::var_os(VARIABLE)
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from);
        Workspace {
            root: place.root.clone(),
            config: place.config.clone(),
            folders: current.map(|current| {
                let repository = repository.unwrap_or_else(|| current.clone());
                (current, repository)
            }),
        }
    }

    /// The path of a diagnostic's file; as it is, if it lies outside of the repository.
    pub(super) fn file(&self, file: &str) -> String {
        let typed = self.config.as_deref().map(with_slashes);
        let path = match typed.as_deref() == Some(file) {
            true => PathBuf::from(file),
            false => self.root.join(file),
        };
        let Some((current, repository)) = &self.folders else {
            return with_slashes(&plain(&path));
        };
        let path = plain(&current.join(path));
        match path.strip_prefix(plain(repository)) {
            Ok(inside) => with_slashes(inside),
            Err(_) => with_slashes(&path),
        }
    }
}

/// The same path without `.` and `..`, as far as it can be told without looking.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            _ => plain.push(component),
        }
    }
    plain
}

fn with_slashes(path: &Path) -> String {
    path.to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(current: &str, root: &str, config: Option<&str>, file: &str) -> String {
        let workspace = Workspace {
            root: root.into(),
            config: config.map(PathBuf::from),
            folders: Some((current.into(), "/work/repo".into())),
        };
        workspace.file(file)
    }

    #[test]
    fn paths_are_those_of_the_repository() {
        for (current, root, config, file, path) in [
            ("/work/repo", ".", None, "site.toml", "site.toml"),
            ("/work/repo", "blog/", None, "site.toml", "blog/site.toml"),
            ("/work/repo/blog", ".", None, "content/a", "blog/content/a"),
            ("/work/repo/a", "../b", None, "site.toml", "b/site.toml"),
            ("/work/repo/a", "/work/repo/b", None, "c", "b/c"),
            (
                "/work/repo",
                "b",
                Some("ci/s.toml"),
                "ci/s.toml",
                "ci/s.toml",
            ),
            ("/work/repo", "b", Some("b/s.toml"), "s.toml", "b/s.toml"),
            ("/work/repo", ".", None, "/tmp/out/x", "/tmp/out/x"),
            ("/elsewhere", ".", None, "x", "/elsewhere/x"),
        ] {
            assert_eq!(
                seen(current, root, config, file),
                path,
                "{current} {root} {file}"
            );
        }
    }
}
