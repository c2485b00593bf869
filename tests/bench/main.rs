//! Whole builds of generated archives, timed.
//!
//! `cargo bench --bench build -- [ENTRIES] [FOLDER]` writes an archive of so many entries (10,000)
//! into a folder (a temporary one, on tmpfs where there is one), builds it with the release
//! binary, cold and again, and prints the figures. Nothing here asserts a time.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark makes files and looks at the clock"
)]
#![expect(clippy::print_stdout, reason = "its figures are for people")]

mod archive;
mod place;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use place::Place;

/// Mean length of a body, in bytes.
const BODY: usize = 16_000;
/// How often each build is repeated; the median is told.
const RUNS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let Place { entries, root, .. } = &Place::asked_for()?;
    let entries = *entries;

    archive::generate(
        root,
        &archive::Size {
            entries,
            body: BODY,
            years: None,
            vocabulary: 0,
        },
    )?;
    // Search is timed apart: see search.rs.
    let settings = fs::read_to_string(root.join("site.toml"))?;
    fs::write(
        root.join("site.toml"),
        format!("{settings}\n[search]\nenabled = false\n"),
    )?;
    let input = size_of(&root.join("content"))?;
    println!(
        "{entries} entries, {:.1} MB of snapshots",
        input as f64 / 1e6
    );

    let output = root.join("public");
    let mut cold = Vec::new();
    for _ in 0..RUNS {
        let _ = fs::remove_dir_all(&output);
        cold.push(build(root)?);
    }
    report("cold", entries, &mut cold);
    println!("output: {:.1} MB", size_of(&output)? as f64 / 1e6);
    let mut again = (0..RUNS)
        .map(|_| build(root))
        .collect::<Result<Vec<_>, _>>()?;
    report("nothing changed", entries, &mut again);
    println!("stages: {}", stages(root)?);
    Ok(())
}

fn build(root: &Path) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .args(["build", "--quiet", "--root"])
        .arg(root)
        .status()?;
    let seconds = start.elapsed().as_secs_f64();
    if status.success() {
        Ok(seconds)
    } else {
        Err("the build failed".into())
    }
}

/// What one more build says of its stages, in its closing line.
fn stages(root: &Path) -> Result<String, Box<dyn Error>> {
    let built = Command::new(env!("CARGO_BIN_EXE_gleaner"))
        .args(["build", "--root"])
        .arg(root)
        .output()?;
    let told = String::from_utf8(built.stderr)?;
    let times = told.rsplit_once('(').map_or("", |(_, times)| times);
    Ok(times.trim_end().trim_end_matches(')').to_owned())
}

fn report(name: &str, entries: usize, seconds: &mut [f64]) {
    seconds.sort_by(f64::total_cmp);
    let median = seconds[seconds.len() / 2];
    println!(
        "{name}: {median:.3} s (median of {}, {:.3}–{:.3}), {:.0} entries/s",
        seconds.len(),
        seconds[0],
        seconds[seconds.len() - 1],
        entries as f64 / median,
    );
}

fn size_of(folder: &Path) -> Result<u64, Box<dyn Error>> {
    let mut size = 0;
    for entry in walkdir::WalkDir::new(folder) {
        let metadata = entry?.metadata()?;
        size += if metadata.is_file() {
            metadata.len()
        } else {
            0
        };
    }
    Ok(size)
}
