//! Reads one file at a time, within its limit.

#![expect(clippy::disallowed_methods, reason = "load is the only reader")]

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::bounds::Bounds;
use super::packed::{self, End};
use super::{FileRef, shown};
use crate::diag::{Code, Diagnostic, Place};
use crate::model::{SourceFile, Stat};

/// The largest file that is read, packed or not: an archive of ten thousand long entries in one
/// feed has 160 MB, and a static site's host (GitHub Pages) takes no file above 100 MB.
const FILE_SIZE: u64 = 256 << 20;
/// The largest site.toml that is read: a real one has a few kilobytes.
const CONFIG_SIZE: u64 = 4 << 20;

/// The name of the configuration.
const SITE_TOML: &str = "site.toml";

/// The configuration as it was written.
#[derive(Debug, Clone)]
pub(crate) struct SiteToml {
    /// Its name in diagnostics.
    pub(crate) file: String,
    /// What it says.
    pub(crate) text: String,
    /// How it looked before it was read.
    pub(crate) stat: Stat,
}

/// Reads the configuration: `site.toml` in the site's folder, or the file that the command line
/// names. What a site.toml says may be quoted in errors, so it may no more be a link to any file
/// than what is published.
pub(crate) fn site_toml(
    bounds: &Bounds,
    config: Option<&Path>,
) -> (Option<SiteToml>, Vec<Diagnostic>) {
    let root = bounds.root();
    let disk = config.map_or_else(|| root.join(SITE_TOML), Path::to_path_buf);
    let file = shown(disk.strip_prefix(root).unwrap_or(&disk));
    if config.is_none()
        && let Err(refused) = bounds.reach(SITE_TOML)
    {
        return (None, vec![bounds.diagnose(&refused)]);
    }
    let stat = std::fs::metadata(&disk).map(|metadata| Stat::of(&metadata));
    let stat = stat.unwrap_or_default();
    let problem = match read_limited(&disk, CONFIG_SIZE) {
        Ok(bytes) => match utf8(&file, bytes) {
            Ok(text) => return (Some(SiteToml { file, text, stat }), Vec::new()),
            Err(problem) => problem,
        },
        Err(error) => missing_config(root, &disk, &file, &error),
    };
    (None, vec![problem])
}

/// A file of the site, by its path; none if there is none.
pub(crate) fn read_file(bounds: &Bounds, path: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
    let reached = bounds.reach(path);
    let Some(disk) = reached.map_err(|refused| bounds.diagnose(&refused))? else {
        return Ok(None);
    };
    match read_limited(&disk, FILE_SIZE) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.diagnose(path)),
    }
}

/// Whether there is a configuration to be read, whatever it says.
pub(crate) fn is_site(root: &Path, config: Option<&Path>) -> bool {
    config
        .map_or_else(|| root.join(SITE_TOML), Path::to_path_buf)
        .is_file()
}

fn missing_config(root: &Path, disk: &Path, file: &str, error: &ReadError) -> Diagnostic {
    let not_found =
        matches!(error, ReadError::Io(error) if error.kind() == io::ErrorKind::NotFound);
    if !not_found {
        return error.diagnose(file);
    }
    if !root.is_dir() {
        let message = format!("no such folder: {}", shown(root));
        let problem = Diagnostic::error(Code::ConfigMissing, message);
        return problem.hint("`--root DIR` names the folder of the site");
    }
    let message = format!(
        "no configuration: {}",
        shown(disk.strip_prefix(".").unwrap_or(disk))
    );
    let problem = Diagnostic::error(Code::ConfigMissing, message);
    if disk == root.join(SITE_TOML) {
        return problem.hint("a site is a folder with a `site.toml`; `--root DIR` names it");
    }
    problem
}

fn utf8(file: &str, bytes: Vec<u8>) -> Result<String, Diagnostic> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Diagnostic::error(Code::NotUtf8, "not UTF-8 from here on")
            .at(Place::span_in_bytes(file, error.as_bytes(), at..at + 1))
            .hint("save the file as UTF-8")
    })
}

/// Unpacks a file that was read, if it is packed.
pub(crate) fn unpack(source: SourceFile) -> (Option<SourceFile>, Vec<Diagnostic>) {
    unpack_within(source, FILE_SIZE)
}

/// Reads a file as it is.
pub(crate) fn read_plain(file: &FileRef) -> (Option<SourceFile>, Vec<Diagnostic>) {
    match read_limited(&file.disk, FILE_SIZE) {
        Ok(bytes) => {
            let path = Arc::clone(&file.path);
            (Some(SourceFile { path, bytes }), Vec::new())
        }
        Err(error) => (None, vec![error.diagnose(&file.path)]),
    }
}

/// The same, where another limit in bytes holds for all layers of packing together.
pub(crate) fn unpack_within(
    source: SourceFile,
    limit: u64,
) -> (Option<SourceFile>, Vec<Diagnostic>) {
    let SourceFile { path, bytes } = source;
    let unpacked = packed::unpack(bytes, limit);
    let problem = match unpacked.end {
        End::Complete => None,
        End::Limit => return (None, vec![ReadError::TooLarge(limit).diagnose(&path)]),
        End::Bomb => return (None, vec![ReadError::Bomb.diagnose(&path)]),
        End::Broken(how) => {
            let message = format!("the file is broken, its beginning was read: {how}");
            Some(Diagnostic::warning(Code::GzipBroken, message).at(Place::file(&*path)))
        }
    };
    let bytes = unpacked.bytes;
    (
        Some(SourceFile { path, bytes }),
        problem.into_iter().collect(),
    )
}

#[derive(Debug)]
enum ReadError {
    Io(io::Error),
    NotAFile,
    TooLarge(u64),
    Bomb,
}

impl ReadError {
    fn diagnose(&self, file: &str) -> Diagnostic {
        match self {
            ReadError::Io(error) => {
                Diagnostic::error(Code::ReadFailed, format!("cannot be read: {error}"))
            }
            ReadError::NotAFile => {
                Diagnostic::error(Code::ReadFailed, "cannot be read: not a regular file")
            }
            ReadError::TooLarge(limit) => {
                let message = format!("larger than Gleaner reads: {} MB", limit >> 20);
                Diagnostic::error(Code::FileTooLarge, message)
            }
            ReadError::Bomb => {
                let message = "unpacks to hundreds of times its size, as no feed does";
                Diagnostic::error(Code::FileTooLarge, message)
                    .hint("if it is one, unpack it, and keep it unpacked")
            }
        }
        .at(Place::file(file))
    }
}

fn read_limited(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    // Looked at before it is opened: opening a pipe waits for somebody to write into it.
    let metadata = std::fs::metadata(path).map_err(ReadError::Io)?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    let mut file = File::open(path).map_err(ReadError::Io)?;
    let size = metadata.len();
    if size > limit {
        return Err(ReadError::TooLarge(limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    // The file may grow while it is read.
    let read = (&mut file).take(limit + 1).read_to_end(&mut bytes);
    read.map_err(ReadError::Io)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge(limit));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn file(folder: &Path, name: &str, bytes: &[u8]) -> FileRef {
        let disk = folder.join(name);
        std::fs::write(&disk, bytes).unwrap();
        FileRef {
            path: name.into(),
            name: name.into(),
            disk,
            stat: Stat::default(),
        }
    }

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(file: &FileRef) -> (Option<SourceFile>, Vec<Diagnostic>) {
        unpack(read_plain(file).0.unwrap())
    }

    #[test]
    fn what_is_packed_is_seen_in_the_file_not_in_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let packed = file(folder.path(), "a.xml", &pack(b"<rss/>"));
        let plain = file(folder.path(), "b.xml.gz", b"<rss/>");
        for file in [&packed, &plain] {
            let (source, problems) = read(file);
            assert_eq!(source.unwrap().bytes, b"<rss/>");
            assert_eq!(problems, []);
        }
        assert_eq!(read_plain(&packed).0.unwrap().bytes, pack(b"<rss/>"));
    }

    #[test]
    fn a_broken_end_is_a_warning_and_a_bomb_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let packed = pack(b"<rss/>");
        let cut = file(folder.path(), "a.gz", &packed[..packed.len() - 3]);
        let (source, problems) = read(&cut);
        assert_eq!(source.unwrap().bytes, b"<rss/>");
        assert_eq!(problems[0].code, Code::GzipBroken);
        let bomb = SourceFile {
            path: "bomb".into(),
            bytes: pack(&vec![0; 100_000]),
        };
        let (source, problems) = unpack_within(bomb, 1_000);
        assert!(source.is_none());
        assert_eq!(problems[0].code, Code::FileTooLarge);
    }

    #[test]
    fn a_file_that_is_gone_or_too_large_is_an_error_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let gone = file(folder.path(), "gone.xml", b"");
        std::fs::remove_file(&gone.disk).unwrap();
        let (_, problems) = read_plain(&gone);
        assert_eq!(problems[0].code, Code::ReadFailed);
        assert_eq!(problems[0].place, Some(Place::file("gone.xml")));
        let large = file(folder.path(), "large", b"12345");
        assert!(matches!(
            read_limited(&large.disk, 4),
            Err(ReadError::TooLarge(4))
        ));
        assert!(read_limited(&large.disk, 5).is_ok());
    }

    #[test]
    fn a_missing_site_toml_says_where_it_was_looked_for() {
        let folder = tempfile::tempdir().unwrap();
        let (none, problems) = site_toml(&Bounds::new(folder.path(), false), None);
        assert!(none.is_none());
        assert!(problems[0].message.ends_with("site.toml") && problems[0].hint.is_some());
        let (_, problems) = site_toml(&Bounds::new(&folder.path().join("nowhere"), false), None);
        assert!(problems[0].message.starts_with("no such folder: "));
        file(folder.path(), "site.toml", b"title = \"\xff\"");
        let (_, problems) = site_toml(&Bounds::new(folder.path(), false), None);
        assert_eq!(problems[0].code, Code::NotUtf8);
        assert_eq!(problems[0].place.as_ref().unwrap().file, "site.toml");
    }

    #[cfg(unix)]
    #[test]
    fn a_site_toml_is_no_link_to_any_other_file() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secret = file(other.path(), "secret", b"TOKEN = hunter2");
        std::os::unix::fs::symlink(&secret.disk, folder.path().join("site.toml")).unwrap();
        let (none, problems) = site_toml(&Bounds::new(folder.path(), false), None);
        assert!(none.is_none() && problems[0].code == Code::LinkOutside);
        let (toml, _) = site_toml(&Bounds::new(folder.path(), true), None);
        assert!(toml.is_some());
        // The command line names any file that it likes.
        let (toml, _) = site_toml(&Bounds::new(folder.path(), false), Some(&secret.disk));
        assert!(toml.is_some());
    }
}
