//! What came of asking originals: what is gone now, what is back, and how many of each there are.

use std::io::{self, Write};

use gleaner::diag::escape_controls;
use serde::Serialize;

use super::json::print_line;
use super::words::counted;
use crate::links::{Found, Links};

/// How many are named of each kind, unless all are wanted.
const NAMED: usize = 20;

/// Prints what was found out, and how all originals stand.
pub(super) fn print(out: &mut impl Write, links: &Links, all: bool) -> io::Result<()> {
    let named = if all { usize::MAX } else { NAMED };
    name(out, "gone", &links.newly_gone, named)?;
    name(out, "back", &links.back, named)?;
    if all {
        name(out, "unknown", &links.unsaid, named)?;
    }
    let asked = format!("asked {} of {}", links.asked, originals(links.originals));
    let known = format!(
        "{} alive, {} gone, {} unknown",
        links.alive, links.gone, links.unknown
    );
    writeln!(out, "{asked}; all in all, {known}")?;
    if links.asked > 0 && links.answered == 0 {
        writeln!(
            out,
            "nobody answered, so nothing was kept: is this machine connected?"
        )?;
    }
    match (links.left, links.stopped) {
        (0, _) => Ok(()),
        (left, true) => writeln!(
            out,
            "stopped: {left} to go; the next check goes on from here"
        ),
        (left, false) => {
            let left = counted(left, "original lies", "originals lie");
            writeln!(out, "{left} where the server wants to be asked later")
        }
    }
}

fn name(out: &mut impl Write, kind: &str, found: &[Found], named: usize) -> io::Result<()> {
    for Found { url, page, words } in found.iter().take(named) {
        let url = escape_controls(url);
        writeln!(out, "{kind}: {url} ({words}), the original of {page}")?;
    }
    if found.len() > named {
        writeln!(
            out,
            "{kind}: … and {} more; `-v` names all",
            found.len() - named
        )?;
    }
    Ok(())
}

fn originals(count: usize) -> String {
    counted(count, "original", "originals")
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Original {
        state: &'static str,
        url: &'a str,
        page: &'a str,
        answer: &'a str,
    },
    Links {
        originals: usize,
        asked: usize,
        left: usize,
        alive: usize,
        gone: usize,
        unknown: usize,
        newly_gone: usize,
        back: usize,
        stopped: bool,
    },
}

/// Prints one JSON object for each original of which there is something to tell, then the figures.
pub(super) fn print_json(out: &mut impl Write, links: &Links) -> io::Result<()> {
    for (state, found) in [
        ("gone", &links.newly_gone),
        ("back", &links.back),
        ("unknown", &links.unsaid),
    ] {
        for Found { url, page, words } in found {
            let answer = words;
            let line = Line::Original {
                state,
                url,
                page,
                answer,
            };
            print_line(out, &line)?;
        }
    }
    let line = Line::Links {
        originals: links.originals,
        asked: links.asked,
        left: links.left,
        alive: links.alive,
        gone: links.gone,
        unknown: links.unknown,
        newly_gone: links.newly_gone.len(),
        back: links.back.len(),
        stopped: links.stopped,
    };
    print_line(out, &line)
}
