//! What the new site is to be: from the command line, or, on a terminal where nothing of it was typed,
//! by asking.
//!
//! Three questions need no library: a line is printed, a line is read, and what makes no sense is asked
//! again. It works in every terminal, and with what reads a screen aloud.

use std::io::{self, BufRead, IsTerminal, Write};

use crate::args::{self, FeedArg, InitArgs};

/// The title of those who give none.
const TITLE: &str = "My archive";
/// Where Gleaner is at home, and its action; empty as long as that is nowhere on the web.
pub(super) const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// What is known then.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answers {
    pub(super) title: String,
    pub(super) base_url: Option<String>,
    pub(super) feeds: Vec<FeedArg>,
    pub(super) action: Option<String>,
}

/// What was typed or is answered. An error is one of usage.
pub(super) fn answers(args: &InitArgs) -> Result<Answers, String> {
    let (stdin, stderr) = (io::stdin(), io::stderr());
    if args.says_nothing() && stdin.is_terminal() && stderr.is_terminal() {
        let asked = asked(&mut stdin.lock(), &mut stderr.lock(), home());
        return asked.map_err(|error| format!("the terminal cannot be read: {error}"));
    }
    let action = args.action.clone().or_else(home);
    if args.github && action.is_none() {
        return Err(
            "`--github` needs `--action OWNER/REPO@REF`: the public repository of Gleaner that the \
             workflow gets it from"
                .to_owned(),
        );
    }
    let title = args.title.as_deref().map(one_line);
    let title = title.filter(|title| !title.is_empty());
    Ok(Answers {
        title: title.unwrap_or_else(|| TITLE.to_owned()),
        base_url: args.base_url.clone(),
        feeds: args.feeds.clone(),
        action: action.filter(|_| args.github),
    })
}

/// Gleaner's own action, at the commit that this program was released from, or at its version.
fn home() -> Option<String> {
    let place = HOME.strip_prefix("https://github.com/")?;
    let place = place.trim_end_matches('/').trim_end_matches(".git");
    let action = match option_env!("GLEANER_RELEASE_COMMIT") {
        Some(commit) => format!("{place}@{commit} # v{}", env!("CARGO_PKG_VERSION")),
        None => format!("{place}@v{}", env!("CARGO_PKG_VERSION")),
    };
    Some(action)
}

fn asked(
    input: &mut impl BufRead,
    out: &mut impl Write,
    home: Option<String>,
) -> io::Result<Answers> {
    writeln!(
        out,
        "A new archive. Enter takes what stands in brackets; all can be changed later.\n"
    )?;
    let title = one_line(&line(input, out, &format!("Its title [{TITLE}]: "))?);
    let mut feeds: Vec<FeedArg> = Vec::new();
    writeln!(
        out,
        "\nThe addresses of your feeds, one on each line; an empty line ends them."
    )?;
    loop {
        let raw = line(input, out, "Feed [no more]: ")?;
        if raw.is_empty() {
            break;
        }
        match args::feed(&raw) {
            Ok(feed) => feeds.push(feed),
            Err(why) => writeln!(out, "  {why}")?,
        }
    }
    let github = "\nPublish it on GitHub Pages, and fetch there every day? [y/N]: ";
    let action = match line(input, out, github)?.to_lowercase().as_str() {
        "y" | "yes" => action(input, out, home)?,
        _ => None,
    };
    writeln!(out)?;
    Ok(Answers {
        title: match title.is_empty() {
            true => TITLE.to_owned(),
            false => title,
        },
        base_url: None,
        feeds,
        action,
    })
}

/// Where the workflow gets Gleaner from, if Gleaner does not know itself.
fn action(
    input: &mut impl BufRead,
    out: &mut impl Write,
    home: Option<String>,
) -> io::Result<Option<String>> {
    if home.is_some() {
        return Ok(home);
    }
    writeln!(
        out,
        "GitHub must get Gleaner from a public repository of it."
    )?;
    loop {
        let raw = line(input, out, "OWNER/REPO@REF [no workflow]: ")?;
        if raw.is_empty() {
            return Ok(None);
        }
        match args::action(&raw) {
            Ok(action) => return Ok(Some(action)),
            Err(why) => writeln!(out, "  {why}")?,
        }
    }
}

/// Asks, and reads a line; the end of the input is an empty one.
fn line(input: &mut impl BufRead, out: &mut impl Write, question: &str) -> io::Result<String> {
    write!(out, "{question}")?;
    out.flush()?;
    let mut line = String::new();
    input.read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

fn one_line(text: &str) -> String {
    let plain = text.replace(char::is_control, " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(typed: &str) -> (Answers, String) {
        let mut out = Vec::new();
        let answers = asked(&mut typed.as_bytes(), &mut out, None).unwrap();
        (answers, String::from_utf8(out).unwrap())
    }

    #[test]
    fn who_only_presses_enter_gets_an_archive() {
        for typed in ["\n\n\n", ""] {
            let (answers, _) = answer(typed);
            assert_eq!((&*answers.title, answers.feeds.len()), (TITLE, 0));
            assert_eq!(answers.action, None);
        }
    }

    #[test]
    fn what_makes_no_sense_is_asked_again() {
        let typed =
            "  Things \n dev.to/feed/ada\nhttps://dev.to/feed/ada\n\nyes\ngleaner\nme/gleaner@v1\n";
        let (answers, said) = answer(typed);
        assert_eq!((&*answers.title, answers.feeds.len()), ("Things", 1));
        assert_eq!(answers.action.as_deref(), Some("me/gleaner@v1"));
        assert!(said.contains("begins with `https://`"), "{said}");
        assert!(said.contains("such as `me/gleaner@v0.1.0`"), "{said}");
    }
}
