//! Texts in a file, appended by many threads at once, read by offset.
//!
//! Each thread takes the next free range and writes there: no lock is held. Invariant: a range is
//! written once, before its place is told to anybody. What is not told (a run was interrupted, or
//! two threads brought the same) is dead, until [`Log::compact`] writes the living anew.
//!
//! A run that goes on when it has given the cache back ([`Log::let_go`]) reads what lay there, and
//! writes into a file of its own.

#![expect(
    clippy::disallowed_methods,
    reason = "texts lie in a file of the cache"
)]

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::blocks::{self, Damage, header};
use crate::model::{Place, Shelf, Shelved};
use crate::regular;

/// A file that is half dead, and has this many dead bytes at least, is written anew.
const WORTHWHILE: u64 = 1 << 20;
/// Marks the place of a text in the file of a run that has given the cache back.
const OWN: u64 = 1 << 63;
/// Texts in one block of the index.
const BLOCK: usize = 4_096;

/// A file of texts.
#[derive(Debug, Clone)]
pub(super) struct Log(Arc<Open>);

#[derive(Debug)]
struct Open {
    file: File,
    end: AtomicU64,
    /// Whether nothing can be put any more: the disk is full, say.
    full: AtomicBool,
    /// Where texts go since the cache was given back.
    own: OnceLock<Log>,
}

impl Log {
    /// Opens the texts of earlier runs, or an empty file where there are none. All that their index
    /// names must be in it.
    pub(super) fn open(path: &Path, index: &[Shelved]) -> Result<Log, Damage> {
        let ends = index
            .iter()
            .map(|one| one.place.offset.saturating_add(u64::from(one.place.length)));
        let told_end = ends.max().unwrap_or_default();
        let file = regular::open_to_write(path).map_err(|_| Damage)?;
        if told_end == 0 {
            // Whatever stands there, nothing in it is known to anybody: an interrupted run.
            let log = Log::on(blocks::anew(path).map_err(|_| Damage)?);
            log.put(&header(path));
            return Ok(log);
        }
        let log = Log::on(file.ok_or(Damage)?);
        let header = header(path);
        let head = Place {
            offset: 0,
            length: u32::try_from(header.len()).unwrap_or_default(),
        };
        let mut begin = Vec::new();
        let known = log.get(head, &mut begin) && begin == header;
        let whole = known && log.end() >= told_end;
        whole.then_some(log).ok_or(Damage)
    }

    /// A file without a name, gone with the process: for a run that keeps nothing.
    pub(super) fn nameless() -> io::Result<Log> {
        Ok(Log::on(tempfile::tempfile()?))
    }

    fn on(file: File) -> Log {
        Log(Arc::new(Open {
            end: AtomicU64::new(file.metadata().map_or(0, |metadata| metadata.len())),
            full: AtomicBool::new(false),
            own: OnceLock::new(),
            file,
        }))
    }

    /// Writes nothing more into this file: from now on, it belongs to other runs. Where there can be
    /// no file of its own, the run keeps its texts in memory.
    pub(super) fn let_go(&self) {
        match Log::nameless() {
            Ok(own) => drop(self.0.own.set(own)),
            Err(_) => self.0.full.store(true, Ordering::Relaxed),
        }
    }

    /// Bytes in the file.
    pub(super) fn end(&self) -> u64 {
        self.0.end.load(Ordering::Relaxed)
    }

    /// Whether some texts could not be put away.
    pub(super) fn is_full(&self) -> bool {
        self.0.full.load(Ordering::Relaxed)
    }

    /// Whether so little is of use still that it is worth writing that anew.
    pub(super) fn is_half_dead(&self, alive: u64) -> bool {
        let dead = self.end().saturating_sub(alive);
        dead >= WORTHWHILE && dead >= alive
    }

    /// Writes the living texts into a new file that takes the place of this one; returns where they
    /// are then.
    pub(super) fn compact(&self, path: &Path, living: &[Shelved]) -> io::Result<Vec<Shelved>> {
        let temporary = path.with_extension("new");
        let mut file = io::BufWriter::new(blocks::anew(&temporary)?);
        let header = header(path);
        file.write_all(&header)?;
        let mut offset = header.len() as u64;
        let mut moved = Vec::with_capacity(living.len());
        let mut bytes = Vec::new();
        for one in living {
            if !self.get(one.place, &mut bytes) {
                return Err(io::Error::other("a text cannot be read"));
            }
            file.write_all(&bytes)?;
            let place = Place {
                offset,
                ..one.place
            };
            offset += u64::from(place.length);
            moved.push(Shelved { place, ..*one });
        }
        file.into_inner()?;
        fs::rename(&temporary, path)?;
        Ok(moved)
    }
}

impl Shelf for Log {
    fn put(&self, bytes: &[u8]) -> Option<u64> {
        if let Some(own) = self.0.own.get() {
            return own.put(bytes).map(|offset| offset | OWN);
        }
        if self.is_full() {
            return None;
        }
        let offset = self.0.end.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        match write_at(&self.0.file, bytes, offset) {
            Ok(()) => Some(offset),
            Err(_) => {
                self.0.full.store(true, Ordering::Relaxed);
                None
            }
        }
    }

    fn get(&self, place: Place, buffer: &mut Vec<u8>) -> bool {
        if place.offset & OWN != 0 {
            let place = Place {
                offset: place.offset ^ OWN,
                ..place
            };
            return self.0.own.get().is_some_and(|own| own.get(place, buffer));
        }
        // A buffer that is long enough is not filled with zeros first.
        buffer.resize(place.length as usize, 0);
        read_at(&self.0.file, buffer, place.offset).is_ok()
    }
}

/// The index of the texts that earlier runs left.
pub(super) fn index(path: &Path) -> Result<Vec<Shelved>, Damage> {
    let blocks = blocks::read(path)?;
    let decoded: Result<Vec<Vec<Shelved>>, Damage> = blocks
        .contents()
        .map(|block| postcard::from_bytes(block).map_err(|_| Damage))
        .collect();
    Ok(decoded?.into_iter().flatten().collect())
}

/// Writes the index anew.
pub(super) fn save_index(path: &Path, living: &[Shelved]) -> io::Result<()> {
    let blocks: postcard::Result<Vec<Vec<u8>>> = living
        .par_chunks(BLOCK)
        .map(postcard::to_allocvec)
        .collect();
    blocks::replace(path, &blocks.map_err(io::Error::other)?)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        match file.seek_write(bytes, offset)? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            written => {
                bytes = &bytes[written..];
                offset += written as u64;
            }
        }
    }
    Ok(())
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        match file.seek_read(bytes, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                bytes = &mut bytes[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Hash;

    fn put(log: &Log, text: &str) -> Shelved {
        let place = Place {
            offset: log.put(text.as_bytes()).unwrap(),
            length: u32::try_from(text.len()).unwrap(),
        };
        Shelved {
            hash: Hash::of(text.as_bytes()),
            safe: false,
            blank: false,
            place,
        }
    }

    fn text(log: &Log, one: &Shelved) -> String {
        let mut buffer = Vec::new();
        assert!(log.get(one.place, &mut buffer));
        String::from_utf8(buffer).unwrap()
    }

    #[test]
    fn texts_are_found_by_the_next_run_if_their_places_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("texts");
        let log = Log::open(&path, &[]).unwrap();
        let (one, two) = (put(&log, "one"), put(&log, "zwei"));
        assert_eq!(
            (text(&log, &one), text(&log, &two)),
            ("one".into(), "zwei".into())
        );
        drop(log);

        let log = Log::open(&path, &[one, two]).unwrap();
        let three = put(&log, "three");
        assert_eq!(
            (text(&log, &two), text(&log, &three)),
            ("zwei".into(), "three".into())
        );
        drop(log);

        // A run that was interrupted told nobody where its texts are.
        let log = Log::open(&path, &[]).unwrap();
        assert_eq!(put(&log, "four").place, one_after_the_header(4));
    }

    fn one_after_the_header(length: u32) -> Place {
        let offset = header(Path::new("texts")).len() as u64;
        Place { offset, length }
    }

    #[test]
    fn a_file_that_cannot_hold_what_its_index_names_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("texts");
        let one = put(&Log::open(&path, &[]).unwrap(), "one");
        let whole = fs::read(&path).unwrap();
        for end in 0..whole.len() {
            fs::write(&path, &whole[..end]).unwrap();
            assert!(Log::open(&path, &[one]).is_err(), "{end} bytes");
        }
        let mut other = whole.clone();
        other[0] ^= 1;
        fs::write(&path, other).unwrap();
        assert!(Log::open(&path, &[one]).is_err(), "another version's");
        fs::write(&path, [&whole[..], b"cut off"].concat()).unwrap();
        let log = Log::open(&path, &[one]).unwrap();
        assert_eq!(text(&log, &put(&log, "two")), "two");
        assert_eq!(text(&log, &one), "one");
    }

    #[test]
    fn what_is_half_dead_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("texts");
        let log = Log::open(&path, &[]).unwrap();
        let long = "x".repeat(usize::try_from(WORTHWHILE).unwrap());
        let dead = put(&log, &long);
        let one = put(&log, "one");
        assert!(log.is_half_dead(3) && !log.is_half_dead(WORTHWHILE));
        let moved = log.compact(&path, &[one]).unwrap();
        assert_eq!(moved[0].place, one_after_the_header(3));
        // This run reads on where it did; the next one reads the new file.
        assert_eq!(text(&log, &dead).len(), long.len());
        let log = Log::open(&path, &moved).unwrap();
        assert_eq!(text(&log, &moved[0]), "one");
        assert!(fs::metadata(&path).unwrap().len() < 100);
    }

    #[test]
    fn a_run_that_let_go_reads_what_was_there_and_writes_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("texts");
        let log = Log::open(&path, &[]).unwrap();
        let one = put(&log, "one");
        let before = fs::read(&path).unwrap();
        log.let_go();
        let two = put(&log, "two");
        assert_eq!(
            (text(&log, &one), text(&log, &two)),
            ("one".into(), "two".into())
        );
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn the_index_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("texts-index");
        assert_eq!(index(&path).unwrap(), []);
        let log = Log::nameless().unwrap();
        let many: Vec<Shelved> = (0..BLOCK + 1)
            .map(|number| put(&log, &number.to_string()))
            .collect();
        save_index(&path, &many).unwrap();
        assert_eq!(index(&path).unwrap(), many);
    }
}
