//! What a command remembers beside the memos of builds: one small file, read and written as a whole.
//!
//! It belongs to no build: it is under no lock, and forgetting a damaged cache leaves it alone. Like
//! all that lies in the folder, it is a hint.

#![expect(
    clippy::disallowed_methods,
    reason = "the file lies in the folder of the cache"
)]

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use super::lock;

/// The largest file that is read: a hundred thousand originals have a third of it.
const SIZE: u64 = 32 << 20;

/// The text of a file in the folder of a cache; none if there is none that can be read.
pub(crate) fn read_aside(folder: &Path, name: &str) -> Option<String> {
    let file = File::open(folder.join(name)).ok()?;
    let mut text = String::new();
    file.take(SIZE + 1).read_to_string(&mut text).ok()?;
    (text.len() as u64 <= SIZE).then_some(text)
}

/// Writes a file in the folder of a cache, which is made if it is not there: all of it, or nothing.
pub(crate) fn keep_aside(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    lock::prepare(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(folder.join(name))
        .map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_and_replaced() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("cache");
        assert_eq!(read_aside(&folder, "x.json"), None);
        for text in ["one", "", "three"] {
            keep_aside(&folder, "x.json", text).unwrap();
            assert_eq!(read_aside(&folder, "x.json").as_deref(), Some(text));
        }
        assert!(folder.join(".gitignore").exists());
        std::fs::write(folder.join("x.json"), b"\xff").unwrap();
        assert_eq!(read_aside(&folder, "x.json"), None);
    }
}
