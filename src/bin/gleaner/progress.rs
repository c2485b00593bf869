//! Watches a run: how long each stage and template takes, and a bar where someone may be waiting.
//!
//! The library has no clock; all time is measured here.

#![expect(clippy::disallowed_methods, reason = "time is measured in the binary")]

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gleaner::pipeline::{Observer, Stage};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Who waits no longer than this needs no bar: it would only flicker.
const PATIENCE: Duration = Duration::from_millis(400);

/// How long everything took.
#[derive(Debug, Default)]
pub(crate) struct Times {
    /// The run.
    pub(crate) total: Duration,
    /// Each stage, in the order in which they first began.
    pub(crate) stages: Vec<(Stage, Duration)>,
    /// Each template: pages, and the sum of their times on all threads; empty unless asked for.
    pub(crate) templates: BTreeMap<String, (usize, Duration)>,
}

/// A run that is being watched.
#[derive(Debug)]
pub(crate) struct Progress {
    started: Instant,
    bar: Option<ProgressBar>,
    with_templates: bool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    times: Times,
    current: Option<(Stage, Instant)>,
    is_drawn: bool,
}

impl Progress {
    /// Starts the clock. The bar is drawn on a terminal alone, and only if the run takes a while.
    pub(crate) fn start(with_bar: bool, with_templates: bool) -> Self {
        Progress {
            started: Instant::now(),
            bar: with_bar.then(hidden_bar),
            with_templates,
            state: Mutex::new(State {
                times: Times::default(),
                current: None,
                is_drawn: false,
            }),
        }
    }

    /// Stops the clock and takes the bar away.
    pub(crate) fn finish(self) -> Times {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let mut state = self.state();
        state.end_stage();
        let mut times = std::mem::take(&mut state.times);
        times.total = self.started.elapsed();
        times
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn draw_if_late(&self, bar: &ProgressBar, state: &mut State) {
        if !state.is_drawn && self.started.elapsed() >= PATIENCE {
            state.is_drawn = true;
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl State {
    fn end_stage(&mut self) {
        let Some((stage, since)) = self.current.take() else {
            return;
        };
        let took = since.elapsed();
        match self
            .times
            .stages
            .iter_mut()
            .find(|(other, _)| *other == stage)
        {
            Some((_, sum)) => *sum += took,
            None => self.times.stages.push((stage, took)),
        }
    }
}

impl Observer for Progress {
    fn stage(&self, stage: Stage, total: usize) {
        let mut state = self.state();
        state.end_stage();
        state.current = Some((stage, Instant::now()));
        if let Some(bar) = &self.bar {
            bar.set_message(stage.name());
            bar.set_length(total as u64);
            bar.set_position(0);
            self.draw_if_late(bar, &mut state);
        }
    }

    fn step(&self, _stage: Stage) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
            self.draw_if_late(bar, &mut self.state());
        }
    }

    fn template(&self, name: &str, f: &mut dyn FnMut()) {
        if !self.with_templates {
            return f();
        }
        let since = Instant::now();
        f();
        let took = since.elapsed();
        let mut state = self.state();
        let (pages, sum) = state.times.templates.entry(name.to_owned()).or_default();
        *pages += 1;
        *sum += took;
    }
}

/// A long walk through things of which there are many: a bar, and a clock that says when it is time to
/// keep what was found on the way.
#[derive(Debug)]
pub(crate) struct Pace {
    bar: Option<ProgressBar>,
    every: Duration,
    last: Instant,
}

impl Pace {
    /// Begins. The bar is drawn on a terminal alone.
    pub(crate) fn start(total: usize, with_bar: bool, every: Duration) -> Self {
        let bar = (with_bar && total > 0).then(hidden_bar);
        if let Some(bar) = &bar {
            bar.set_length(total as u64);
            bar.set_message("links");
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        let last = Instant::now();
        Pace { bar, every, last }
    }

    /// So many are done, and so many of them are gone.
    pub(crate) fn step(&self, done: usize, gone: usize) {
        if let Some(bar) = &self.bar {
            bar.set_position(done as u64);
            if gone > 0 {
                bar.set_message(format!("{gone} gone"));
            }
        }
    }

    /// Whether it is time again.
    pub(crate) fn is_time(&mut self) -> bool {
        let is_time = self.last.elapsed() >= self.every;
        if is_time {
            self.last = Instant::now();
        }
        is_time
    }
}

impl Drop for Pace {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn hidden_bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    let style = ProgressStyle::with_template("{msg:>10} {bar:40} {pos}/{len}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_and_templates_add_up() {
        let progress = Progress::start(true, true);
        for stage in [Stage::Load, Stage::Ingest, Stage::Load] {
            progress.stage(stage, 1);
            progress.step(stage);
        }
        let mut pages = 0;
        for _ in 0..3 {
            progress.template("entry.html", &mut || pages += 1);
        }
        let times = progress.finish();
        assert_eq!(pages, 3);
        assert_eq!(times.templates["entry.html"].0, 3);
        let stages: Vec<_> = times.stages.iter().map(|(stage, _)| *stage).collect();
        assert_eq!(stages, [Stage::Load, Stage::Ingest]);
        let sum: Duration = times.stages.iter().map(|(_, took)| *took).sum();
        assert!(sum <= times.total);
    }
}
