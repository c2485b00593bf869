//! `output.folder`: a name that is surely a mistake is refused before anything is written there.

use super::spanned::{Said, Table};
use crate::model::portable::not_on_windows;

/// The folders of a site that hold what is read: nothing is written there.
const INPUT_FOLDERS: &[&str] = &["content", "themes"];
/// The settings, which are a file.
const SETTINGS: &str = "site.toml";
/// Folders that other programs keep, or another part of Gleaner: a site never goes there.
const RECORDS: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    ".jj",
    ".bzr",
    ".github",
    ".gitlab",
    ".gitea",
    ".forgejo",
    ".gleaner",
    ".vscode",
    ".idea",
    ".ssh",
    "node_modules",
];

/// What can be seen from the name alone; the writer looks at where the folder really is.
pub(super) fn check_folder(table: &Table<'_>, said: &Said<&str>) {
    let Some(problem) = problem(said.value) else {
        return;
    };
    let message = format!("`{}` {problem}: {}", table.path("folder"), said.value);
    let hint = "a folder of its own, such as `public`; `--output` may name any other";
    table.invalid(&said.span, message, Some(hint.to_owned()));
}

/// What is wrong with the name of an output folder.
fn problem(folder: &str) -> Option<String> {
    let segments = folder.split(['/', '\\']);
    let segments: Vec<&str> = segments.filter(|segment| *segment != ".").collect();
    let first = segments.first().copied().unwrap_or_default();
    // A drive, or the scheme of an address.
    let is_absolute = first.is_empty() || first.ends_with(':');
    if is_absolute || segments.contains(&"..") {
        return Some("is no folder inside the site's".to_owned());
    }
    if is_any_of(INPUT_FOLDERS, first) || is_any_of(&[SETTINGS], first) {
        return Some("holds what the site is made of".to_owned());
    }
    if segments.iter().any(|segment| is_any_of(RECORDS, segment)) {
        return Some("belongs to another program".to_owned());
    }
    if first.starts_with('-') {
        return Some("looks like an option".to_owned());
    }
    // A shell or a template would have put something else in its place.
    let is_variable = first.starts_with('~') || folder.contains(['$', '%', '{', '}', '`']);
    if is_variable {
        return Some("has a sign in it that stays as it is here".to_owned());
    }
    if segments.iter().any(|segment| segment.trim() != *segment) {
        return Some("begins or ends with a space".to_owned());
    }
    if folder.contains(char::is_control) {
        return Some("is no name of a folder".to_owned());
    }
    let why = segments.iter().find_map(|segment| not_on_windows(segment));
    why.map(|why| format!("cannot be a folder on Windows ({why})"))
}

/// Whether this is one of these names, as file systems compare them that fold the case.
fn is_any_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}
