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
pub(super) const THEMES: &str = "themes";
/// Files and folders that systems, file managers and repositories leave everywhere, and that are
/// nobody's content.
const JUNK: &[&str] = &[
    // Windows, and devices that store files as it does.
    "Thumbs.db",
    "Thumbs.db:encryptable",
    "ehthumbs.db",
    "desktop.ini",
    "$RECYCLE.BIN",
    "System Volume Information",
    // macOS
    ".DS_Store",
    ".AppleDouble",
    ".LSOverride",
    ".DocumentRevisions-V100",
    ".Spotlight-V100",
    ".TemporaryItems",
    ".Trashes",
    ".fseventsd",
    "Icon\r",
    // Linux, and storage in a network.
    ".directory",
    "lost+found",
    "@eaDir",
    "#recycle",
    // What synchronizes folders.
    ".dropbox",
    ".dropbox.attr",
    ".dropbox.cache",
    ".stfolder",
    ".stignore",
    ".stversions",
    ".nextcloudsync.log",
    ".owncloudsync.log",
    ".tmp.drivedownload",
    ".tmp.driveupload",
    // Repositories.
    ".git",
    ".gitkeep",
    ".gitignore",
    ".hg",
    ".svn",
];
/// How the names of files begin that programs keep for a moment: locks of Emacs, LibreOffice and
/// Microsoft Office, what GLib, rsync and Syncthing write before they rename, what macOS
/// knows of a file, what file systems keep of deleted files.
const BEGINNINGS: &[&str] = &[
    ".#",
    ".~",
    "~$",
    "._",
    ".goutputstream-",
    ".syncthing.",
    "~syncthing~",
    ".sync_",
    ".fuse_hidden",
    ".Trash-",
];
/// How they end: backups, what JetBrains' editors write before they rename, what Kate keeps of
/// unsaved changes, what iCloud leaves of a file that it moved away.
const ENDS: &[&str] = &["~", "___jb_tmp___", "___jb_old___", ".kate-swp", ".icloud"];
/// What NFS calls a file that was deleted while it was open; digits in base 16 follow.
const NFS: &str = ".nfs";
/// How vim tries whether a folder can be written to: this name, then others 123 apart.
const PROBE: u32 = 4913;
const PROBES: u32 = 123;

/// A file that is a copy of another, and that nobody wrote to be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Copy {
    /// What it is.
    pub(super) what: &'static str,
    /// What the owner may do about it.
    pub(super) hint: &'static str,
}

/// What an editor or a tool for merging kept of an earlier state.
const BACKUP: Copy = Copy {
    what: "a backup, by its name",
    hint: "if it is meant to be read, give it a name that does not end like that",
};
/// What a program for synchronizing could not put together.
const CONFLICT: Copy = Copy {
    what: "a copy of a file that was changed in two places",
    hint: "compare it with the file itself, and keep what you need of both",
};
/// How backups end.
const BACKUP_ENDS: &[&str] = &[".orig", ".bak", ".rej"];
/// What git's tools for merging put between a file's name and a number.
const MERGE_PARTS: &[&str] = &["_BACKUP_", "_BASE_", "_LOCAL_", "_REMOTE_"];
/// What stands in the names of copies that Syncthing, Dropbox, Nextcloud and ownCloud make.
const CONFLICT_PARTS: &[&str] = &[
    ".sync-conflict-",
    "conflicted copy",
    "(Case Conflict",
    "_conflict-",
];

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
        || is_of_nfs(name)
}

fn is_of_nfs(name: &str) -> bool {
    let number = name.strip_prefix(NFS).unwrap_or_default();
    number.len() >= 8 && number.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether vim tries with a file of this name whether it can write; it is empty then. A folder, or
/// a file that holds something, may well be called by a number.
pub(super) fn is_probe(name: &str) -> bool {
    let number = name.parse::<u32>().ok();
    number.is_some_and(|number| number >= PROBE && (number - PROBE).is_multiple_of(PROBES))
}

/// Whether a file is a copy that nobody wrote to be read. It is not read, but it is named: it may
/// hold what the file itself does not.
pub(super) fn copy(name: &str) -> Option<&'static Copy> {
    if CONFLICT_PARTS.iter().any(|part| name.contains(part)) {
        return Some(&CONFLICT);
    }
    let is_backup = BACKUP_ENDS
        .iter()
        .any(|end| name.len() > end.len() && name.ends_with(end));
    (is_backup || is_of_merge(name)).then_some(&BACKUP)
}

/// `about_LOCAL_4711.md`: what a tool for merging is given, and leaves if it is killed.
fn is_of_merge(name: &str) -> bool {
    MERGE_PARTS.iter().any(|part| {
        let Some((before, after)) = name.rsplit_once(part) else {
            return false;
        };
        let number = after.split('.').next().unwrap_or_default();
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number && !before.is_empty()
    })
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
            "content/static/~$letter.docx",
            "content/static/._photo.jpg",
            "content/static/.nfs000000000a1b2c3d00000001",
            "content/static/.fuse_hidden0000001a00000002",
            "content/static/lost+found",
            "content/static/lost+found/x",
            "content/static/.photo.jpg.kate-swp",
            "content/static/.sync_0a1b2c.db-wal",
            "content/static/.~photo.jpg.~1f3a",
            "content/static/.syncthing.photo.jpg.tmp",
            "content/static/~syncthing~photo.jpg.tmp",
            "content/static/.git/config",
            "content/static/.photo.jpg.icloud",
            "content/snapshots/desktop.ini",
            "content/snapshots/@eaDir/x",
            "themes/mine/.git/HEAD",
        ] {
            assert!(!is_input(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn a_copy_is_told_from_what_was_meant() {
        for name in [
            "about.sync-conflict-20260102-030405-ABCDEFG.md",
            "about (Ada's conflicted copy 2026-01-02).md",
            "about (conflicted copy 2026-01-02 030405).md",
            "about (Case Conflict 1).md",
            "about_conflict-20260102-030405.md",
        ] {
            assert_eq!(copy(name), Some(&CONFLICT), "{name}");
        }
        for name in ["about.md.orig", "a.bak", "a.xml.rej", "about_LOCAL_4711.md"] {
            assert_eq!(copy(name), Some(&BACKUP), "{name}");
        }
        for name in [
            "about.md",
            ".orig",
            "original",
            "bak.xml",
            "a_LOCAL_.md",
            "LOCAL_1.md",
        ] {
            assert_eq!(copy(name), None, "{name}");
        }
    }

    #[test]
    fn vim_tries_with_numbers() {
        assert!(["4913", "5036", "5159"].into_iter().all(is_probe));
        assert!(!["4914", "49", "4913.xml", ""].into_iter().any(is_probe));
    }
}
