//! How a process ends when it is told to: at once, but never in the middle of a file.
//!
//! Ctrl-C and SIGTERM close the library's gate, which waits for the files that are being written
//! right now. Then `serve` and `watch`, which run until they are told to end, have done what was
//! asked of them and end with 0; `build` dies of the signal, as it would without us, so that a script
//! that was interrupted does not go on. `check --links` keeps what it found out first ([`Stop`]), and
//! then dies of the signal, too. Elsewhere than on Unix, the system's way stays: the next
//! build mends what it cut off.

use std::sync::Arc;
#[cfg(unix)]
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Lets a signal end the process with code 0. Called before anything is written.
pub(crate) fn end_when_told() {
    listen(|_| std::process::exit(0));
}

/// Lets a signal kill the process, but not in the middle of a file. Called before anything is
/// written.
pub(crate) fn die_between_files() {
    #[cfg(unix)]
    listen(|signal| {
        let _ = signal_hook::low_level::emulate_default_handler(signal);
        // Not reached: both signals kill.
        std::process::exit(128 + signal);
    });
}

/// Whether somebody said that it is time to stop, for who has something to keep before it ends. A second
/// signal ends the process at once. Elsewhere than on Unix, the first one does.
pub(crate) struct Stop {
    /// The signal; 0 before there is one.
    signal: Arc<AtomicUsize>,
}

impl Stop {
    /// Listens from now on. Should this fail, signals do what they always do.
    pub(crate) fn listen() -> Self {
        let signal = Arc::new(AtomicUsize::new(0));
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGINT, SIGTERM};
            use signal_hook::flag;

            let told = Arc::new(AtomicBool::new(false));
            for (number, value) in [(SIGINT, SIGINT as usize), (SIGTERM, SIGTERM as usize)] {
                let _ = flag::register_conditional_shutdown(number, 128 + number, told.clone());
                let _ = flag::register(number, told.clone());
                let _ = flag::register_usize(number, signal.clone(), value);
            }
        }
        Stop { signal }
    }

    pub(crate) fn is_told(&self) -> bool {
        self.signal.load(Ordering::Relaxed) != 0
    }

    /// Dies of the signal, if there was one, as it would have without us: so a script that was
    /// interrupted does not go on.
    pub(crate) fn die_if_told(&self) {
        #[cfg(unix)]
        if let Ok(signal @ 1..) = i32::try_from(self.signal.load(Ordering::Relaxed)) {
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    }
}

/// Should this fail, signals do what they always do.
#[cfg(unix)]
fn listen(end: impl FnOnce(i32) + Send + 'static) {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
        return;
    };
    std::thread::spawn(move || {
        let mut told = signals.forever();
        let Some(signal) = told.next() else { return };
        std::thread::spawn(move || {
            gleaner::gate::close();
            end(signal);
        });
        // A disk that hangs must not keep anyone who insists.
        if let Some(signal) = told.next() {
            std::process::exit(128 + signal);
        }
    });
}

#[cfg(not(unix))]
fn listen(end: impl FnOnce(i32)) {
    let _ = end;
}
