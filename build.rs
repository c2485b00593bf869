//! Tells the program who it is: a fingerprint of all that it is made of, which stands in each file of
//! its cache, so that no version reads what another one left. Themes are embedded, so files of
//! theirs that come and go count, too.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells it where the sources are, and it reads them"
)]

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What the program is made of; the lock file says which dependencies.
const PARTS: [&str; 4] = ["src", "themes", "Cargo.lock", "Cargo.toml"];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = BTreeMap::new();
    for part in PARTS {
        let path = root.join(part);
        if path.exists() {
            println!("cargo:rerun-if-changed={part}");
            collect(&path, &root, &mut files)?;
        }
    }
    let mut hasher = DefaultHasher::new();
    env::var_os("TARGET").hash(&mut hasher);
    files.hash(&mut hasher);
    println!(
        "cargo:rustc-env=GLEANER_FINGERPRINT={:016x}",
        hasher.finish()
    );
    Ok(())
}

fn collect(path: &Path, root: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), root, files)?;
        }
    } else {
        let name = path.strip_prefix(root).unwrap_or(path).to_path_buf();
        files.insert(name, fs::read(path)?);
    }
    Ok(())
}
