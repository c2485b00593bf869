//! Where a file is, seen from the repository: GitHub knows no other paths.
//!
//! Paths arrive as seen from where the command was started, which may be a folder of the repository.

use std::path::{Component, Path, PathBuf};

/// The variable that holds the folder of the repository while a workflow runs.
const VARIABLE: &str = "GITHUB_WORKSPACE";

/// Which folders lead from a diagnostic's file to the repository's.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    /// The folder in which the command was started, and that of the repository, where known.
    folders: Option<(PathBuf, PathBuf)>,
}

impl Workspace {
    /// What the environment says.
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment belongs to the binary"
    )]
    pub(crate) fn of_environment() -> Self {
        let current = std::env::current_dir().ok();
        let repository = std::env::var_os(VARIABLE)
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from);
        Workspace {
            folders: current.map(|current| {
                let repository = repository.unwrap_or_else(|| current.clone());
                (current, repository)
            }),
        }
    }

    /// The path of a diagnostic's file; absolute, if it lies outside of the repository.
    pub(super) fn file(&self, file: &str) -> String {
        let Some((current, repository)) = &self.folders else {
            return file.to_owned();
        };
        let path = plain(&current.join(file));
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

    #[test]
    fn paths_are_those_of_the_repository() {
        for (current, file, path) in [
            ("/work/repo", "site.toml", "site.toml"),
            ("/work/repo", "blog/site.toml", "blog/site.toml"),
            ("/work/repo/blog", "content/a", "blog/content/a"),
            ("/work/repo/a", "../b/site.toml", "b/site.toml"),
            ("/work/repo/a", "/work/repo/b/c", "b/c"),
            ("/work/repo", "/tmp/out/x", "/tmp/out/x"),
            ("/elsewhere", "x", "/elsewhere/x"),
        ] {
            let workspace = Workspace {
                folders: Some((current.into(), "/work/repo".into())),
            };
            assert_eq!(workspace.file(file), path, "{current} {file}");
        }
    }
}
