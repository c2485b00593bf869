//! What git says of a folder, and a new repository where there is none.
//!
//! git is asked by its program: it alone knows all that makes a repository one. Where there is no
//! git, there is no repository.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gleaner::diag::{Code, Diagnostic, escape_controls};

use crate::args;

/// The branch of a new repository: that of a new one on GitHub.
const BRANCH: &str = "main";

/// In which repository a folder stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Repository {
    None,
    Around {
        branch: String,
        /// Its top, if that is another folder.
        below: Option<PathBuf>,
    },
}

impl Repository {
    /// The branch that is, or will be, worked on.
    pub(super) fn branch(&self) -> String {
        match self {
            Repository::None => BRANCH.to_owned(),
            Repository::Around { branch, .. } => branch.clone(),
        }
    }
}

/// The repository in which a folder stands, or would, were it there.
#[expect(
    clippy::disallowed_methods,
    reason = "where the folder will stand is asked before there is a site"
)]
pub(super) fn around(dir: &Path) -> Repository {
    let here = Path::new(".");
    let named = |path: &Path| match path.as_os_str().is_empty() {
        true => here.to_path_buf(),
        false => path.to_path_buf(),
    };
    // git looks upwards by itself; above a `..`, a path no longer names what is around it.
    let mut folders = dir.ancestors().map(named);
    let Some(found) = folders.find(|folder| folder.is_dir()) else {
        return Repository::None;
    };
    let found = found.as_path();
    let Some(up) = ask(found, &["rev-parse", "--show-prefix"]) else {
        return Repository::None;
    };
    let is_top = found == named(dir) && up.is_empty();
    let top = ask(found, &["rev-parse", "--show-toplevel"]).unwrap_or_default();
    let branch = ask(found, &["symbolic-ref", "--short", "HEAD"]).filter(|name| is_plain(name));
    Repository::Around {
        branch: branch.unwrap_or_else(|| BRANCH.to_owned()),
        below: (!is_top).then(|| PathBuf::from(top)),
    }
}

/// Whether a name can stand in a workflow as it is.
fn is_plain(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    !name.is_empty() && name.chars().all(fits)
}

/// Makes a repository. A warning if it cannot be: the site is fine without.
pub(super) fn init(dir: &Path, branch: &str) -> Result<(), Diagnostic> {
    let branch = format!("--initial-branch={branch}");
    let output = Command::new("git")
        .args(["init", "--quiet", &branch])
        .arg(dir)
        .stdin(Stdio::null())
        .output();
    let why = match output {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => escape_controls(String::from_utf8_lossy(&output.stderr).trim()),
        Err(error) => error.to_string(),
    };
    let problem = Diagnostic::warning(Code::InitIncomplete, format!("no git repository: {why}"));
    Err(problem.hint("the site is fine without; `--vcs none` asks for none"))
}

/// The repository on GitHub, and the commit, that this program was built from, if it stands in a clone
/// of it, or is run in one: `OWNER/REPO@COMMIT`.
#[expect(
    clippy::disallowed_methods,
    reason = "where the program is run is no matter of a site"
)]
pub(super) fn checkout() -> Option<String> {
    let program = std::env::current_exe().ok();
    let here = std::env::current_dir().ok();
    let places = [program, here].into_iter().flatten();
    let folders: Vec<PathBuf> = places
        .flat_map(|place| place.ancestors().map(Path::to_path_buf).collect::<Vec<_>>())
        .collect();
    let clone = folders.into_iter().find(|folder| is_ours(folder))?;
    let origin = ask(&clone, &["config", "--get", "remote.origin.url"])?;
    let commit = ask(&clone, &["rev-parse", "HEAD"])?;
    let checkout = format!("{}@{commit}", on_github(&origin)?);
    args::action(&checkout).ok()
}

/// Whether a folder is the top of Gleaner's own source.
#[expect(
    clippy::disallowed_methods,
    reason = "the source of the program is no part of a site"
)]
fn is_ours(folder: &Path) -> bool {
    [
        "action.yml",
        "Cargo.toml",
        "src/bin/gleaner/main.rs",
        ".git",
    ]
    .iter()
    .all(|name| folder.join(name).exists())
}

/// `OWNER/REPO` of an address that git knows, without a password that may be in it.
fn on_github(origin: &str) -> Option<&str> {
    let path = match origin.split_once("://") {
        Some((_, rest)) => {
            let (host, path) = rest.split_once('/')?;
            let host = host.rsplit('@').next()?;
            let host = host.split(':').next()?;
            (host == "github.com").then_some(path)?
        }
        None => origin.strip_prefix("git@github.com:")?,
    };
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (path.split('/').count() == 2).then_some(path)
}

/// What git says, if it says yes.
fn ask(dir: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(dir)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| said.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_of_a_clone_is_a_repository_on_github() {
        for (origin, expected) in [
            ("https://github.com/me/gleaner.git", Some("me/gleaner")),
            ("https://github.com/me/gleaner/", Some("me/gleaner")),
            ("https://me:t0ken@github.com/me/gleaner", Some("me/gleaner")),
            ("git@github.com:me/gleaner.git", Some("me/gleaner")),
            ("ssh://git@github.com:22/me/gleaner", Some("me/gleaner")),
            ("https://gitlab.com/me/gleaner", None),
            ("https://github.com.example/me/gleaner", None),
            ("https://github.com/me", None),
            ("/srv/git/gleaner.git", None),
        ] {
            assert_eq!(on_github(origin), expected, "{origin}");
        }
    }
}
