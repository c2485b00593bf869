//! The floor: all input read, and as many files of the same lengths written, and nothing else.
//!
//! No build can be quicker than its input and output. It runs in a process of its own, so that it
//! is measured as builds are: the benchmark calls itself.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;

use rayon::prelude::*;

use crate::measure::{self, Runs};
use crate::site::{Site, files};

/// How the benchmark asks itself for the floor.
const ASKED: &str = "--only-floor";

/// Measures the floor of a site that is built.
pub(crate) fn measure(site: &Site, runs: usize) -> Result<Runs, Box<dyn Error>> {
    let folder = site.root.join("floor");
    let list = site.root.join("floor.txt");
    fs::write(&list, list_of(&site.output())?)?;
    let mut floor = Runs::new("the floor");
    for _ in 0..runs {
        let mut command = Command::new(env::current_exe()?);
        command.arg(ASKED).args([&site.root, &list, &folder]);
        floor.add(measure::run(&mut command)?, None);
        fs::remove_dir_all(&folder)?;
    }
    fs::remove_file(&list)?;
    Ok(floor)
}

/// The output's files, each as a line: its length and its path.
fn list_of(output: &Path) -> Result<String, Box<dyn Error>> {
    let mut list = String::new();
    for file in files(output)? {
        let path = file.strip_prefix(output)?;
        writeln!(list, "{} {}", fs::metadata(&file)?.len(), path.display())?;
    }
    Ok(list)
}

/// If it is for the floor that the benchmark was called: reads and writes.
pub(crate) fn asked() -> Option<Result<(), Box<dyn Error>>> {
    let mut words = env::args_os().skip(1);
    if words.next()? != *ASKED {
        return None;
    }
    let words: Vec<OsString> = words.collect();
    let [root, list, folder] = &words[..] else {
        return None;
    };
    Some(read_and_write(
        Path::new(root),
        Path::new(list),
        Path::new(folder),
    ))
}

fn read_and_write(root: &Path, list: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let input = files(&root.join("content"))?;
    input.par_iter().try_for_each(|file| {
        black_box(fs::read(file)?);
        Ok::<_, std::io::Error>(())
    })?;

    let list = fs::read_to_string(list)?;
    let list: Vec<(usize, PathBuf)> = list
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(length, path)| Ok((length.parse()?, folder.join(path))))
        .collect::<Result<_, std::num::ParseIntError>>()?;
    let longest = list.iter().map(|(length, _)| *length).max();
    let bytes = vec![b'x'; longest.unwrap_or(0)];
    let folders: BTreeSet<&Path> = list.iter().filter_map(|(_, path)| path.parent()).collect();
    for folder in folders {
        fs::create_dir_all(folder)?;
    }
    list.par_iter()
        .try_for_each(|(length, path)| fs::write(path, &bytes[..*length]))?;
    Ok(())
}
