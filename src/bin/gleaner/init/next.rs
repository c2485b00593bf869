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

/// What came of the first fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fetched {
    /// It was not asked for.
    Nothing,
    /// All feeds whose addresses are known.
    Well,
    /// A feed failed.
    Badly,
}

/// Tells what comes next.
pub(super) fn steps(dir: &Path, wishes: &Wishes, site: &NewSite, fetched: Fetched) {
    let _ = print_steps(&mut anstream::stderr().lock(), dir, wishes, site, fetched);
}

fn print_steps(
    out: &mut impl Write,
    dir: &Path,
    wishes: &Wishes,
    site: &NewSite,
    fetched: Fetched,
) -> io::Result<()> {
    let mut steps: Vec<(String, String)> = Vec::new();
    let mut step = |command: &str, what: &str| steps.push((command.to_owned(), what.to_owned()));
    if dir != Path::new(".") {
        step(&format!("cd {}", quoted(&shown(dir))), "");
    }
    let unknown = wishes.feeds.iter().filter(|feed| !feed.is_known());
    let unknown: Vec<&str> = unknown
        .filter_map(|feed| feed.variable.as_deref())
        .collect();
    if wishes.feeds.is_empty() {
        step("gleaner fetch", "once you have named a feed in site.toml");
    } else if fetched == Fetched::Badly {
        step(
            "edit site.toml",
            "correct the `url` of each feed that failed",
        );
        step("gleaner fetch", "tries again");
    } else if !unknown.is_empty() {
        let what = format!("once {} is set in the environment", unknown.join(", "));
        step("gleaner fetch", &what);
    } else if fetched == Fetched::Nothing {
        step("gleaner fetch", "stores what your feeds say");
    }
    step("gleaner serve --open", "shows the archive in your browser");
    step("gleaner build", "writes it into public/");
    let width = steps.iter().map(|(step, _)| step.chars().count()).max();
    let width = width.unwrap_or_default();
    writeln!(out, "\nNext:")?;
    for (step, what) in steps {
        writeln!(out, "{}", format!("  {step:width$}  {what}").trim_end())?;
    }
    let has_readme = site.written.iter().any(|path| path == "README.md");
    match (has_readme, &wishes.action) {
        (true, Some(_)) => writeln!(
            out,
            "\nREADME.md explains, step by step, how GitHub publishes it"
        ),
        (true, None) => writeln!(out, "\nREADME.md explains what each folder is for"),
        (false, Some(_)) => writeln!(
            out,
            "\n.github/workflows/publish.yml says at its beginning what to do once on GitHub"
        ),
        (false, None) => Ok(()),
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
