//! What git says of a folder, and a new repository where there is none.
//!
//! git is asked by its program: it alone knows all that makes a repository one. Where there is no
//! git, there is no repository.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gleaner::diag::{Code, Diagnostic, escape_controls};

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
