//! What was made, and what to type next.

use std::io::{self, Write};
use std::path::Path;

use gleaner::diag::escape_controls;
use gleaner::pipeline::NewSite;

use super::Wishes;

/// Tells which files are there now.
pub(super) fn made(dir: &Path, site: &NewSite) {
    // Nobody may be listening, and the site is there all the same.
    let _ = print_made(&mut anstream::stderr().lock(), dir, site);
}

fn print_made(out: &mut impl Write, dir: &Path, site: &NewSite) -> io::Result<()> {
    writeln!(out, "Made a site in {}", shown(dir))?;
    for path in &site.written {
        writeln!(out, "  {path}")?;
    }
    for (path, missing) in &site.kept {
        write!(out, "  {path}: there already, and left as it is")?;
        match (path.as_str(), missing.as_slice()) {
            ("README.md", _) | (_, []) => writeln!(out)?,
            (_, lines) => writeln!(out, "; add to it: {}", lines.join(", "))?,
        }
    }
    Ok(())
}

/// Tells what comes next.
pub(super) fn steps(dir: &Path, wishes: &Wishes, no_fetch: bool) {
    let _ = print_steps(&mut anstream::stderr().lock(), dir, wishes, no_fetch);
}

fn print_steps(
    out: &mut impl Write,
    dir: &Path,
    wishes: &Wishes,
    no_fetch: bool,
) -> io::Result<()> {
    let mut steps: Vec<(String, &str)> = Vec::new();
    if dir != Path::new(".") {
        steps.push((format!("cd {}", quoted(&shown(dir))), ""));
    }
    if wishes.feeds.is_empty() {
        steps.push((
            "gleaner fetch".to_owned(),
            "once you have named a feed in site.toml",
        ));
    } else if no_fetch {
        steps.push(("gleaner fetch".to_owned(), "stores what your feeds say"));
    }
    steps.push((
        "gleaner serve --open".to_owned(),
        "shows the archive in your browser",
    ));
    steps.push(("gleaner build".to_owned(), "writes it into public/"));
    let width = steps.iter().map(|(step, _)| step.chars().count()).max();
    let width = width.unwrap_or_default();
    writeln!(out, "\nNext:")?;
    for (step, what) in steps {
        writeln!(out, "{}", format!("  {step:width$}  {what}").trim_end())?;
    }
    match wishes.action {
        Some(_) => writeln!(
            out,
            "\nHow GitHub publishes it, step by step, stands in README.md"
        ),
        None => writeln!(out, "\nWhat lies where stands in README.md"),
    }
}

fn shown(dir: &Path) -> String {
    escape_controls(&dir.to_string_lossy())
}

/// A word of a shell.
fn quoted(word: &str) -> String {
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '~' | '\\' | ':');
    match word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}
