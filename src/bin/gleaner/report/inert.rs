//! A line that is printed for people is no command to a machine that reads along.
//!
//! GitHub's runner takes a line of either stream for a command if it begins with `::`, spaces aside,
//! and its older form, `##[`, wherever it stands in a line. Messages quote feeds, and names of files
//! can come from a pull request: what would be a command is shown with an escape in it.

use std::borrow::Cow;
use std::io::{self, Write};

/// What begins a command.
const COMMAND: &str = "::";
/// The same in the runner's older form.
const OLD_COMMAND: &str = "##[";

/// Passes on what is printed, line by line, with no command in it.
#[derive(Debug)]
pub(super) struct Inert<W: Write> {
    out: W,
    /// The line that has not ended yet.
    line: Vec<u8>,
}

impl<W: Write> Inert<W> {
    pub(super) fn new(out: W) -> Self {
        Inert {
            out,
            line: Vec::new(),
        }
    }

    fn pass(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        match std::str::from_utf8(&line) {
            Ok(text) => self.out.write_all(inert(text).as_bytes()),
            Err(_) => self.out.write_all(&line),
        }
    }
}

impl<W: Write> Write for Inert<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.pass()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass()?;
        self.out.flush()
    }
}

impl<W: Write> Drop for Inert<W> {
    fn drop(&mut self) {
        // Who stopped listening does not change what was built.
        let _ = self.flush();
    }
}

/// A line that is no command.
fn inert(line: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(line);
    if text.contains(OLD_COMMAND) {
        text = text.replace(OLD_COMMAND, "#\\u{23}[").into();
    }
    // Colours may stand before it, and be taken off on the way.
    let is_command = |text: &str| {
        let plain = anstream::adapter::strip_str(text).to_string();
        plain.trim_start().starts_with(COMMAND)
    };
    if text.contains(COMMAND) && is_command(&text) {
        text = text.replacen(COMMAND, "\\u{3a}:", 1).into();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_would_be_a_command_is_escaped() {
        for (line, shown) in [
            ("::error::x\n", "\\u{3a}:error::x\n"),
            ("  \t::stop-commands::x\n", "  \t\\u{3a}:stop-commands::x\n"),
            ("a ##[add-mask]b\n", "a #\\u{23}[add-mask]b\n"),
            ("\u{1b}[1m::debug::\n", "\u{1b}[1m\\u{3a}:debug::\n"),
            ("###[x\n", "##\\u{23}[x\n"),
            ("error: `std::fs`\n", "error: `std::fs`\n"),
            ("## [x]\n", "## [x]\n"),
        ] {
            assert_eq!(inert(line), shown);
        }
    }

    #[test]
    fn lines_are_looked_at_whole_however_they_come() {
        let mut out = Vec::new();
        let mut inert = Inert::new(&mut out);
        for piece in [":", ":error::x\nfine\n  :", ":debug::"] {
            inert.write_all(piece.as_bytes()).unwrap();
        }
        drop(inert);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "\\u{3a}:error::x\nfine\n  \\u{3a}:debug::");
    }
}
