//! Regular files: opened, stored and replaced without ever touching anything else.
//!
//! Everything that writes goes through here, because a name that Gleaner chose may already belong to
//! somebody: a link that a pull request brought along, a pipe, a second name of another file.
//!
//! Invariants: no link is followed in the last part of a path, and nothing that is not a regular file
//! is opened; an existing file is never truncated, and it is opened for writing only if this is its
//! only name; a file that is stored or replaced is whole or not there; an error names no temporary
//! file. What a killed process may leave has a name that only Gleaner gives ([`sweep`]).

#![expect(
    clippy::disallowed_methods,
    reason = "the cache and the writer open their files here"
)]

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::model::Stat;

/// The beginning of the name of a file that is being written, its end, and how many letters and
/// digits stand in between. It is hidden, so that no build takes it for a snapshot.
const TEMPORARY: (&str, &str, usize) = (".gleaner-", ".tmp", 6);

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    File {
        stat: Stat,
    },
    Folder,
    /// A symbolic link, a pipe, a device.
    Other,
}

/// Looks at what stands at a path, without following a link.
pub(crate) fn look(path: &Path) -> io::Result<Found> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Found::File {
            stat: Stat::of(&metadata),
        }),
        Ok(metadata) if metadata.is_dir() => Ok(Found::Folder),
        Ok(_) => Ok(Found::Other),
        // A file among the folders of the path: nothing can stand below it.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(Found::Nothing),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}

/// Opens a file for reading; none if nothing stands there.
pub(crate) fn open(path: &Path) -> io::Result<Option<File>> {
    let opened = opened(path, File::options().read(true))?;
    Ok(opened.map(|(file, _)| file))
}

/// Opens a file for reading and writing, as it is; none if nothing stands there.
pub(crate) fn open_to_write(path: &Path) -> io::Result<Option<File>> {
    let Some((file, metadata)) = opened(path, File::options().read(true).write(true))? else {
        return Ok(None);
    };
    if has_other_names(&metadata) {
        return Err(refused(path, "has a second name (a hard link)"));
    }
    Ok(Some(file))
}

/// Creates a file where nothing stands.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(path)
}

fn opened(path: &Path, options: &mut OpenOptions) -> io::Result<Option<(File, Metadata)>> {
    let not_regular = || refused(path, "is no regular file");
    let file = match without_following(options).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        // The system's own words for a link are about too many levels of them.
        Err(error) => match look(path) {
            Ok(Found::Folder | Found::Other) => return Err(not_regular()),
            _ => return Err(error),
        },
    };
    let metadata = file.metadata()?;
    match metadata.is_file() {
        true => Ok(Some((file, metadata))),
        false => Err(not_regular()),
    }
}

#[cfg(unix)]
fn without_following(options: &mut OpenOptions) -> &OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    // Opening a pipe must not wait for somebody at its other end.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    options.custom_flags(flags.bits().cast_signed())
}

#[cfg(windows)]
fn without_following(options: &mut OpenOptions) -> &OpenOptions {
    use std::os::windows::fs::OpenOptionsExt;
    /// `FILE_FLAG_OPEN_REPARSE_POINT`: opens the link itself, which is no regular file.
    const THE_LINK_ITSELF: u32 = 0x0020_0000;
    options.custom_flags(THE_LINK_ITSELF)
}

/// Whether writing into this file would change a file of another name.
#[cfg(unix)]
fn has_other_names(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

fn refused(path: &Path, why: &str) -> io::Error {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    io::Error::other(format!("`{name}` {why}"))
}

/// Stores a file where nothing stands: the whole, or nothing, even if the power fails.
pub(crate) fn store(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(target);
    if !store_nameless(folder, target, bytes)? {
        let file = temporary(folder, bytes)?;
        file.persist_noclobber(target)
            .map_err(|error| error.error)?;
    }
    // The name, too, must outlast a failure.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Puts a file in the place of the one that stands there, or of nothing; a link is replaced itself.
pub(crate) fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = temporary(folder_of(target), bytes)?;
    let persisted = file.persist(target);
    persisted.map(drop).map_err(|error| error.error)
}

fn folder_of(target: &Path) -> &Path {
    let folder = target.parent().filter(|it| !it.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Writes a file that gets its name when it is whole, so that a killed process leaves nothing. False
/// where the system or the file system has no such files.
#[cfg(target_os = "linux")]
fn store_nameless(folder: &Path, target: &Path, bytes: &[u8]) -> io::Result<bool> {
    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, openat};
    use rustix::io::Errno;
    use std::os::fd::AsRawFd;
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let Ok(file) = openat(CWD, folder, flags, Mode::from_raw_mode(0o666)) else {
        return Ok(false);
    };
    let mut file = File::from(file);
    file.write_all(bytes)?;
    file.sync_all()?;
    let open = format!("/proc/self/fd/{}", file.as_raw_fd());
    match linkat(CWD, open, CWD, target, AtFlags::SYMLINK_FOLLOW) {
        Ok(()) => Ok(true),
        Err(Errno::EXIST) => Err(Errno::EXIST.into()),
        // There is no `/proc`, say.
        Err(_) => Ok(false),
    }
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "as on Linux")]
fn store_nameless(_: &Path, _: &Path, _: &[u8]) -> io::Result<bool> {
    Ok(false)
}

/// Writes a file under a temporary name. It is locked as long as somebody writes it.
fn temporary(folder: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let (begin, end, length) = TEMPORARY;
    let mut builder = tempfile::Builder::new();
    builder.prefix(begin).suffix(end).rand_bytes(length);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(without_path)?;
    // A file system without locks has none to tell a sweep by either, which leaves the file then.
    let _ = file.as_file().try_lock();
    // The file itself: errors of what wraps it name its path.
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The same error without the temporary path that it names, which says nothing to anybody.
fn without_path(error: io::Error) -> io::Error {
    match error.get_ref() {
        Some(_) => error.kind().into(),
        None => error,
    }
}

/// Whether a file of this name is one that was being written, and that no running process should have
/// left behind.
pub(crate) fn is_temporary(name: &str) -> bool {
    let (begin, end, length) = TEMPORARY;
    let middle = name
        .strip_prefix(begin)
        .and_then(|rest| rest.strip_suffix(end));
    middle.is_some_and(|middle| {
        middle.len() == length && middle.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Removes from a folder what killed processes left: files of temporary names that nobody is writing.
/// What cannot be removed stays.
pub(crate) fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(is_temporary);
        if !is_ours {
            continue;
        }
        let path = entry.path();
        let Ok(Some(file)) = open_to_write(&path) else {
            continue;
        };
        // Who writes it holds its lock.
        if file.try_lock().is_ok() {
            let _ = fs::remove_file(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string();
        let mut names: Vec<String> = entries.map(|entry| name(entry).unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_stored_once_and_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        store(&path, b"one").unwrap();
        let error = store(&path, b"two").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        replace(&path, b"three").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"three");
        assert_eq!(names(folder.path()), ["a"]);
        let nowhere = store(&folder.path().join("x/y"), b"").unwrap_err();
        let path = folder.path().to_str().unwrap();
        assert!(!nowhere.to_string().contains(path), "{nowhere}");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_but_the_file_itself_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("victim"), "mine").unwrap();
        fs::hard_link(at("victim"), at("second")).unwrap();
        std::os::unix::fs::symlink("victim", at("link")).unwrap();
        std::os::unix::fs::symlink("nowhere", at("dangling")).unwrap();
        fs::create_dir(at("folder")).unwrap();
        for name in ["link", "dangling", "folder"] {
            assert!(open(&at(name)).is_err(), "{name}");
            assert!(open_to_write(&at(name)).is_err(), "{name}");
            assert!(create(&at(name)).is_err(), "{name}");
        }
        assert!(open(&at("second")).is_ok() && open_to_write(&at("second")).is_err());
        for name in ["link", "second", "dangling"] {
            assert!(store(&at(name), b"x").is_err(), "{name}");
            replace(&at(name), b"x").unwrap();
            assert!(matches!(look(&at(name)), Ok(Found::File { .. })), "{name}");
        }
        assert_eq!(fs::read(at("victim")).unwrap(), b"mine");
        assert!(!at("nowhere").exists());
        assert!(open(&at("nowhere")).unwrap().is_none());
    }

    #[test]
    fn only_what_is_certainly_left_over_is_swept_away() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in [
            ".gleaner-abc123.tmp",
            ".gleaner-abc1234.tmp",
            ".gleaner-ab_123.tmp",
            "gleaner-abc123.tmp",
            ".gleaner-abc123.tmp.xml",
        ] {
            fs::write(at(name), "x").unwrap();
        }
        fs::create_dir(at(".gleaner-folder.tmp")).unwrap();
        let written = temporary(folder.path(), b"in use").unwrap();
        let in_use = written.path().file_name().unwrap().to_str().unwrap();
        sweep(folder.path());
        let left = names(folder.path());
        assert!(
            !left.contains(&".gleaner-abc123.tmp".to_owned()),
            "{left:?}"
        );
        assert!(left.contains(&in_use.to_owned()), "{left:?}");
        assert_eq!(left.len(), 6, "{left:?}");
        drop(written);
        assert_eq!(names(folder.path()).len(), 5);
    }
}
