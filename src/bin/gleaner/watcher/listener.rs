//! Listens to the system, and hands out what it told when it is quiet.
//!
//! A folder that appears is watched at once, not with its batch: what is put into it next is part of
//! the same checkout, and must be heard for the batch to wait for it.

#![expect(clippy::disallowed_methods, reason = "to wait is to measure time")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Instant;

use super::inputs::Inputs;
use super::map::{Hold, Map};
use super::pending::Pending;
use super::system::{Refusal, System, Told};

/// Listens to the system.
#[derive(Debug)]
pub(super) struct Listener {
    inputs: Inputs,
    ignored: Vec<PathBuf>,
    system: System,
    told: Receiver<Told>,
    map: Map,
}

impl Listener {
    /// Begins to listen. Nothing counts in the ignored folders, which are real paths.
    pub(super) fn start(inputs: &Inputs, ignored: Vec<PathBuf>) -> Result<Self, Refusal> {
        let (system, told) = System::new()?;
        let mut listener = Listener {
            inputs: inputs.clone(),
            ignored,
            system,
            told,
            map: Map::default(),
        };
        listener.draw()?;
        Ok(listener)
    }

    /// Waits until files changed and have been quiet since. None if nothing will ever be told again.
    pub(super) fn next(&mut self) -> Result<Option<BTreeSet<PathBuf>>, Refusal> {
        let mut pending = Pending::default();
        loop {
            let next = match pending.wait(Instant::now()) {
                None => self.told.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(wait) => self.told.recv_timeout(wait),
            };
            match next {
                Ok(told) => self.note(told, &mut pending),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) if pending.is_stale() => {
                    for path in pending.take_stale(Instant::now()) {
                        self.system.forget(&path);
                    }
                    self.draw()?;
                }
                Err(RecvTimeoutError::Timeout) => {
                    let touched = std::mem::take(&mut pending).into_touched();
                    if !touched.is_empty() {
                        return Ok(Some(touched));
                    }
                }
            }
        }
    }

    fn note(&self, told: Told, pending: &mut Pending) {
        let now = Instant::now();
        match told {
            Told::Everything => pending.note_everything(self.inputs.all(), now),
            Told::Path(path, what) => {
                let meant = self.map.meant(&self.inputs, &path);
                if !meant.is_empty() {
                    let hold = match what.may_be_another() {
                        true => self.map.hold(&path),
                        false => Hold::None,
                    };
                    pending.note(path, what, meant, hold, now);
                }
            }
        }
    }

    /// Draws the map anew, and watches what is on it and nothing else.
    fn draw(&mut self) -> Result<(), Refusal> {
        let system = &mut self.system;
        let mut refusal = None;
        let drawn = Map::of(&self.inputs, &self.ignored, &mut |folder, part| {
            refusal = system.watch(folder, part).err();
            refusal.is_none()
        });
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        self.system.keep(|folder| drawn.has(folder));
        self.map = drawn;
        Ok(())
    }
}
