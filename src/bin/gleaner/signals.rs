//! How a process ends when it is told to: at once, but never in the middle of a file.
//!
//! Ctrl-C and SIGTERM close the library's gate, which waits for the files that are being written
//! right now. Then `serve` and `watch`, which run until they are told to end, have done what was
//! asked of them and end with 0; `build` dies of the signal, as it would without us, so that a script
//! that was interrupted does not go on. Elsewhere than on Unix, the system's way stays: the next
//! build mends what it cut off.

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
