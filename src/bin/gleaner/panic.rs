//! What a panic looks like: nothing where the library expects and reports it, else a plea.
//!
//! Some feeds make the parser panic; the library catches that and warns of the entry. Any other
//! panic is a bug of Gleaner, and its owner should not have to guess that.

use std::io::Write;

use gleaner::guard::in_guarded_section;

/// Puts our hook before the usual one.
pub(crate) fn install() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if in_guarded_section() {
            return;
        }
        usual(info);
        let version = env!("CARGO_PKG_VERSION");
        let _ = writeln!(
            anstream::stderr(),
            "\nThis is a bug of Gleaner {version}, not of your site. Please report it, with the \
             lines above, to its makers."
        );
    }));
}
