//! Which names are read: the rule for what stands in a site's folder, in one place, so that who
//! watches a site knows what a build would look at.

use std::path::{Component, Path};

/// The folder of everything that is shown.
pub(super) const CONTENT: &str = "content";
/// What stands in it.
pub(super) const KINDS: &[&str] = &["snapshots", "notes", "pages", "static"];
/// The list of originals that are gone, beside these folders.
pub(crate) const ORIGINALS: &str = "content/originals.txt";
/// The folder of the site's own themes.
const THEMES: &str = "themes";
/// Files that systems leave everywhere, and that are nobody's content.
const JUNK: &[&str] = &[
    "Thumbs.db",
    "desktop.ini",
    ".DS_Store",
    ".gitkeep",
    ".gitignore",
];
/// How the names of files begin that programs keep for a moment: locks of Emacs and LibreOffice,
/// what GLib writes before it renames, what NFS keeps of deleted files.
const BEGINNINGS: &[&str] = &[".#", ".~lock.", ".goutputstream-", ".nfs0000"];
/// How they end: backups, what JetBrains' editors write before they rename.
const ENDS: &[&str] = &["~", "___jb_tmp___", "___jb_old___"];

/// Whether hidden files count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hidden {
    Listed,
    Skipped,
}

/// Whether a build looks at what stands at this path, relative to the site's folder: at a file, or at
/// what is in a folder. Settings may stand anywhere, and are not meant.
///
/// Of `themes/`, a build looks at one theme only; which one, the settings say.
#[must_use]
pub fn is_input(path: &Path) -> bool {
    let mut names = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => names.push(name.to_string_lossy()),
            Component::CurDir => {}
            _ => return false,
        }
    }
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    match &names[..] {
        [THEMES, below @ ..] => are_wanted(below, Hidden::Skipped),
        // The names of what is not looked at are told.
        [CONTENT] | [CONTENT, _] => are_wanted(&names[1..], Hidden::Skipped),
        [CONTENT, "static", below @ ..] => are_wanted(below, Hidden::Listed),
        [CONTENT, kind, below @ ..] if KINDS.contains(kind) => are_wanted(below, Hidden::Skipped),
        _ => false,
    }
}

fn are_wanted(names: &[&str], hidden: Hidden) -> bool {
    names.iter().all(|name| is_wanted(name, hidden))
}

/// Whether a file or folder of this name counts.
pub(super) fn is_wanted(name: &str, hidden: Hidden) -> bool {
    let is_hidden = hidden == Hidden::Skipped && name.starts_with('.');
    !(is_hidden || is_junk(name))
}

/// Whether a system or an editor left this file: backups, swap and lock files.
fn is_junk(name: &str) -> bool {
    JUNK.contains(&name)
        || BEGINNINGS.iter().any(|begin| name.starts_with(begin))
        || ENDS.iter().any(|end| name.ends_with(end))
        || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
        || is_swap(name)
}

/// Vim's: `.x.swp`, then `.x.swo` and so on backwards, and `.x.swpx`, by which it tries the file
/// system.
fn is_swap(name: &str) -> bool {
    let Some((stem, end)) = name.rsplit_once('.') else {
        return false;
    };
    let is_end = matches!(end.as_bytes(), [b's', b'w', b'a'..=b'z'] | b"swpx");
    is_end && stem.len() > 1 && name.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_build_looks_at_is_an_input() {
        for path in [
            "content",
            "themes",
            "content/snapshots",
            "content/snapshots/blog/2026/a.xml.gz",
            "content/notes/n.md",
            "content/notes/4913",
            "content/static/.well-known/security.txt",
            "content/misspelt",
            "./themes/mine/templates/entry.html",
            "content/static/#",
            "content/static/.swp",
        ] {
            assert!(is_input(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn what_no_build_looks_at_is_none() {
        for path in [
            "",
            "public/index.html",
            "site.toml",
            ".gleaner/manifest",
            "content/.obsidian",
            "content/misspelt/x.md",
            "content/../site.toml",
            "content/notes/.n.md.swp",
            "content/notes/.n.md.swn",
            "content/notes/.n.md.swpx",
            "content/notes/n.md~",
            "content/notes/.#n.md",
            "content/notes/#n.md#",
            "content/notes/n.md___jb_tmp___",
            "content/static/.goutputstream-ABC",
            "content/static/.DS_Store",
            "content/static/.~lock.x.odt#",
            "themes/mine/.git/HEAD",
        ] {
            assert!(!is_input(Path::new(path)), "{path}");
        }
    }
}
