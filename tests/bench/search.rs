//! What search costs.
//!
//! `cargo bench --bench search -- [ENTRIES] [FOLDER]` generates an archive of so many entries
//! (10,000) over fifteen years, in a language of 30,000 words, builds it with the release binary,
//! with and without search, and prints what search adds: CPU time, peak memory, files and bytes.
//! What a reader fetches is told by `node tests/browser/search-figures.mjs FOLDER/public`.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark makes files and looks at the clock"
)]
#![expect(clippy::print_stdout, reason = "its figures are for people")]

#[expect(dead_code, reason = "the other benchmark asks for more of it")]
mod archive;
mod place;

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use place::{Asked, Place};

const YEARS: i64 = 15;
const WORDS: u32 = 30_000;
/// Mean length of a body, in bytes: more than is searched.
const BODY: usize = 6_000;

fn main() -> Result<(), Box<dyn Error>> {
    let asked = Asked::read()?;
    let place = Place::of(asked.folder.as_deref())?;
    let root = &place.root;
    let size = archive::Size {
        entries: asked.entries,
        body: BODY,
        years: Some(YEARS),
        vocabulary: WORDS,
    };
    archive::generate(root, &size)?;
    let settings = fs::read_to_string(root.join("site.toml"))?;

    for (name, search) in [
        ("without search", "enabled = false"),
        ("excerpts", "text = \"excerpt\""),
        ("whole texts", "text = \"full\""),
        ("excerpts", "text = \"excerpt\""),
    ] {
        fs::write(
            root.join("site.toml"),
            format!("{settings}\n[search]\n{search}\n"),
        )?;
        let _ = fs::remove_dir_all(root.join("public"));
        let (seconds, memory) = build(root)?;
        println!("{name}: {seconds:.2} s on one thread, peak memory {memory}");
        if search.contains("false") {
            continue;
        }
        let (files, bytes) = size_of(&root.join("public/pagefind"))?;
        println!("  {files} files, {:.2} MB", bytes as f64 / 1e6);
        let (seconds, _) = build(root)?;
        println!("  nothing changed: {seconds:.2} s");
    }
    Ok(())
}

/// Builds on one thread, so that time is CPU time; tells seconds and the peak of memory.
fn build(root: &Path) -> Result<(f64, String), Box<dyn Error>> {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .args(["build", "--root"])
        .arg(root)
        .env("RAYON_NUM_THREADS", "1")
        .stderr(Stdio::inherit())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    let code = loop {
        // The system's own high-water mark, where it tells one.
        let told = fs::read_to_string(&status).unwrap_or_default();
        let told = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = told.map(|memory| memory.trim().to_owned()).or(peak);
        match child.try_wait()? {
            Some(code) => break code,
            None => thread::sleep(Duration::from_millis(2)),
        }
    };
    if !code.success() {
        return Err("the build failed".into());
    }
    let peak = peak.unwrap_or_else(|| "unknown".to_owned());
    Ok((start.elapsed().as_secs_f64(), peak))
}

fn size_of(folder: &Path) -> Result<(usize, u64), Box<dyn Error>> {
    let (mut files, mut bytes) = (0, 0);
    for entry in walkdir::WalkDir::new(folder) {
        let metadata = entry?.metadata()?;
        if metadata.is_file() {
            files += 1;
            bytes += metadata.len();
        }
    }
    Ok((files, bytes))
}
