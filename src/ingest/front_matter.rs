//! Where the head of a Markdown file stands: TOML between two lines of `+++`.
//!
//! What it says is read like site.toml (`config::spanned`): unknown keys are refused with a
//! suggestion, all problems are told at once, each with its place in the file.

use std::ops::Range;

/// The line before and after the head.
const FENCE: &str = "+++";

/// Whether a text begins with a head, and where its parts stand.
pub(super) enum Head {
    None,
    /// It has a beginning and no end.
    Open(Range<usize>),
    /// The TOML, and where the body begins.
    Closed(Range<usize>, usize),
}

/// Finds the head of a text.
pub(super) fn head(text: &str) -> Head {
    let start = text.len() - text.trim_start_matches(['\u{feff}', '\n', '\r']).len();
    let Some(after) = text[start..].strip_prefix(FENCE) else {
        return Head::None;
    };
    let first_line = after.find('\n').map_or(after.len(), |newline| newline + 1);
    if !after[..first_line].trim().is_empty() {
        return Head::None;
    }
    let from = start + FENCE.len() + first_line;
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        if line.trim_end() == FENCE {
            return Head::Closed(from..at, at + line.len());
        }
        at += line.len();
    }
    Head::Open(start..start + FENCE.len())
}
