//! What to say of an output folder that somebody else has files in.

use crate::diag::{Code, Diagnostic, Place};

/// The folder is full of something else.
pub(super) fn foreign_folder(label: &str) -> Diagnostic {
    Diagnostic::error(
        Code::OutputForeign,
        "the output folder holds files that no build wrote",
    )
    .at(Place::file(label))
    .hint("choose another folder, or build into this one with `--force`: other files stay")
}

/// One of our own records is none.
pub(super) fn foreign_record(label: &str, name: &str) -> Diagnostic {
    let message = format!("the output folder holds a `{name}` that no build wrote");
    Diagnostic::error(Code::OutputForeign, message)
        .at(Place::file(format!("{label}/{name}")))
        .hint(
            "Gleaner keeps its own records under this name: move it away, or overwrite it with \
             `--force`",
        )
}
