//! Runs a program and tells what it took: wall time, CPU time, peak memory.
//!
//! CPU time and memory are the system's own account of the process. On Linux that account starts
//! with the memory of who started it: so the benchmark itself keeps small.

use std::error::Error;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde::Deserialize;
use wait4::Wait4;

/// What one run of a program took.
pub(crate) struct Run {
    /// Seconds by the clock on the wall.
    pub(crate) wall: f64,
    /// Seconds of all processors together, the system's part included, where they are measured.
    pub(crate) cpu: Option<f64>,
    /// The peak of memory in bytes, where it is measured.
    pub(crate) memory: Option<u64>,
    /// What it printed to stdout.
    pub(crate) said: Vec<u8>,
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Result<Run, Box<dyn Error>> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut said = Vec::new();
    if let Some(mut out) = child.stdout.take() {
        out.read_to_end(&mut said)?;
    }
    let end = child.wait4()?;
    let wall = start.elapsed().as_secs_f64();
    if !end.status.success() {
        let said = String::from_utf8_lossy(&said);
        return Err(format!("{command:?} failed ({}): {said}", end.status).into());
    }
    let cpu = (end.rusage.utime + end.rusage.stime).as_secs_f64();
    Ok(Run {
        wall,
        // Where the system keeps no account, it says 0.
        cpu: (cpu > 0.0).then_some(cpu),
        memory: (end.rusage.maxrss > 0).then_some(end.rusage.maxrss),
        said,
    })
}

/// What Gleaner says of a build.
#[derive(Deserialize)]
pub(crate) struct Summary {
    pub(crate) warnings: usize,
    pub(crate) snapshots: usize,
    pub(crate) sightings: usize,
    pub(crate) written: usize,
    pub(crate) removed: usize,
    pub(crate) bytes: u64,
    pub(crate) stages: Vec<StageTime>,
}

/// How long one stage took.
#[derive(Deserialize)]
pub(crate) struct StageTime {
    pub(crate) name: String,
    pub(crate) milliseconds: f64,
}

/// Several runs of the same build.
pub(crate) struct Runs {
    pub(crate) name: &'static str,
    /// Sorted by wall time.
    runs: Vec<(Run, Option<Summary>)>,
}

impl Runs {
    /// Nothing was run yet.
    pub(crate) fn new(name: &'static str) -> Self {
        Runs {
            name,
            runs: Vec::new(),
        }
    }

    /// Builds the site in this folder.
    pub(crate) fn build(&mut self, root: &Path) -> Result<(), Box<dyn Error>> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gleaner"));
        command.args(["build", "--message-format", "json", "--root"]);
        let run = run(command.arg(root))?;
        let lines = std::str::from_utf8(&run.said)?;
        let summary = serde_json::from_str(lines.lines().next_back().unwrap_or_default())?;
        self.add(run, Some(summary));
        Ok(())
    }

    /// Adds a run.
    pub(crate) fn add(&mut self, run: Run, summary: Option<Summary>) {
        self.runs.push((run, summary));
        self.runs.sort_by(|a, b| a.0.wall.total_cmp(&b.0.wall));
    }

    /// The median of the wall times.
    pub(crate) fn wall(&self) -> f64 {
        self.runs[self.runs.len() / 2].0.wall
    }

    /// The shortest and the longest wall time.
    pub(crate) fn span(&self) -> (f64, f64) {
        (self.runs[0].0.wall, self.runs[self.runs.len() - 1].0.wall)
    }

    /// The median of the CPU times.
    pub(crate) fn cpu(&self) -> Option<f64> {
        let mut times: Vec<f64> = self.runs.iter().filter_map(|(run, _)| run.cpu).collect();
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied()
    }

    /// The highest of the peaks of memory.
    pub(crate) fn memory(&self) -> Option<u64> {
        self.runs.iter().filter_map(|(run, _)| run.memory).max()
    }

    /// What the build said that took the median time.
    pub(crate) fn summary(&self) -> Option<&Summary> {
        self.runs[self.runs.len() / 2].1.as_ref()
    }
}
