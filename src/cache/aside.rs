//! What a command remembers beside the memos of builds: one small file, read and written as a whole.
//!
//! It belongs to no build: it is under no lock, and forgetting a damaged cache leaves it alone. Like
//! all that lies in the folder, it is a hint.

use std::io::Read;
use std::path::Path;

use super::folder::{self, Unusable};
use crate::regular;

/// The largest file that is read: a hundred thousand originals have a third of it.
const SIZE: u64 = 32 << 20;

/// The text of a file in the folder of a cache; none if there is none that can be read.
pub(crate) fn read_aside(folder: &Path, name: &str) -> Option<String> {
    folder::check(folder).ok()?;
    let file = regular::open(&folder.join(name)).ok()??;
    let mut text = String::new();
    file.take(SIZE + 1).read_to_string(&mut text).ok()?;
    (text.len() as u64 <= SIZE).then_some(text)
}

/// Writes a file in the folder of a cache, which is made if it is not there: all of it, or nothing.
pub(crate) fn keep_aside(folder: &Path, name: &str, text: &str) -> Result<(), Unusable> {
    folder::prepare(folder)?;
    regular::sweep(folder);
    Ok(regular::replace(&folder.join(name), text.as_bytes())?)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at what was written")]
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
