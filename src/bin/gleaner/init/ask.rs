//! What the new site is to be: from the command line, or, on a terminal where nothing of it was typed,
//! by asking.
//!
//! A few questions need no library: a line is printed, a line is read, and what makes no sense is asked
//! again. It works in every terminal, and with what reads a screen aloud.

use std::io::{self, BufRead, IsTerminal, Write};

use super::git;
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
        let known = Known {
            home: home(),
            checkout: git::checkout(),
        };
        let asked = asked(&mut stdin.lock(), &mut stderr.lock(), known);
        return asked.map_err(|error| format!("the terminal cannot be read: {error}"));
    }
    let action = args.action.clone().or_else(home);
    if args.github && action.is_none() {
        let such_as = match git::checkout() {
            Some(checkout) => format!("; this one comes from `{checkout}`"),
            None => String::new(),
        };
        return Err(format!(
            "`--github` needs `--action OWNER/REPO@REF`: the public repository from which the workflow \
             gets Gleaner, such as the one that you cloned it from, at a commit or release{such_as}"
        ));
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

/// What is known of where Gleaner comes from.
#[derive(Debug, Default)]
struct Known {
    /// Its own action, if it was released somewhere.
    home: Option<String>,
    /// The repository and commit that it was cloned from, if it was built from a clone.
    checkout: Option<String>,
}

fn asked(input: &mut impl BufRead, out: &mut impl Write, known: Known) -> io::Result<Answers> {
    writeln!(
        out,
        "A new archive. Enter takes what stands in brackets; all can be changed later.\n"
    )?;
    let title = line(input, out, &format!("Title [{TITLE}]: "))?.unwrap_or_default();
    let title = one_line(&title);
    let mut feeds: Vec<FeedArg> = Vec::new();
    writeln!(out, "\nThe addresses of your feeds, one on each line.")?;
    while let Some(raw) = said(input, out, "Feed URL (empty to finish): ")? {
        match args::feed(&raw) {
            Ok(feed) => feeds.push(feed),
            Err(why) => writeln!(out, "  {why}")?,
        }
    }
    let github = "\nPublish it on GitHub Pages, and fetch there every day? [y/N]: ";
    let answer = said(input, out, github)?.unwrap_or_default().to_lowercase();
    let action = match answer.as_str() {
        "y" | "yes" => action(input, out, known)?,
        _ => None,
    };
    let base_url = match action {
        // The workflow asks GitHub.
        Some(_) => None,
        None => base_url(input, out)?,
    };
    writeln!(out)?;
    Ok(Answers {
        title: match title.is_empty() {
            true => TITLE.to_owned(),
            false => title,
        },
        base_url,
        feeds,
        action,
    })
}

/// Where the archive will be published; none if nobody knows yet.
fn base_url(input: &mut impl BufRead, out: &mut impl Write) -> io::Result<Option<String>> {
    writeln!(
        out,
        "\nWhere will it be published? Feeds and search engines need its address."
    )?;
    while let Some(raw) = said(input, out, "Base URL [not known yet]: ")? {
        match args::website(&raw) {
            Ok(url) => return Ok(Some(url)),
            Err(why) => writeln!(out, "  {why}")?,
        }
    }
    Ok(None)
}

/// Where the workflow gets Gleaner from, if Gleaner does not know itself. Who has said yes to a workflow
/// must say no to get none.
fn action(
    input: &mut impl BufRead,
    out: &mut impl Write,
    known: Known,
) -> io::Result<Option<String>> {
    if known.home.is_some() {
        return Ok(known.home);
    }
    writeln!(
        out,
        "\nGitHub gets Gleaner from a public repository: the one that you cloned it from, say, written \
         as\nOWNER/REPO@REF. REF is a commit (40 digits) or the tag of a release; a branch would let \
         whoever\npushes to it change what runs in your archive. `none` leaves the workflow out."
    )?;
    let question = match &known.checkout {
        Some(checkout) => format!("Gleaner's repository [{checkout}]: "),
        None => "Gleaner's repository, or `none`: ".to_owned(),
    };
    loop {
        let raw = match line(input, out, &question)? {
            Some(raw) if raw.is_empty() => known.checkout.clone().unwrap_or_default(),
            Some(raw) => raw,
            None => "none".to_owned(),
        };
        if matches!(&*raw.to_lowercase(), "none" | "no") {
            writeln!(
                out,
                "  No workflow, then. You can have one later: `gleaner init --github` in another folder \
                 writes\n  a site with one, and its `.github` can be copied."
            )?;
            return Ok(None);
        }
        match args::action(&raw) {
            Ok(action) => return Ok(Some(action)),
            Err(why) => writeln!(out, "  {why}")?,
        }
    }
}

/// What is typed; none for an empty line, and at the end of the input.
fn said(
    input: &mut impl BufRead,
    out: &mut impl Write,
    question: &str,
) -> io::Result<Option<String>> {
    let line = line(input, out, question)?;
    Ok(line.filter(|line| !line.is_empty()))
}

/// Asks, and reads a line; none at the end of the input.
fn line(
    input: &mut impl BufRead,
    out: &mut impl Write,
    question: &str,
) -> io::Result<Option<String>> {
    write!(out, "{question}")?;
    out.flush()?;
    let mut line = String::new();
    let length = input.read_line(&mut line)?;
    Ok((length > 0).then(|| line.trim().to_owned()))
}

fn one_line(text: &str) -> String {
    let plain = text.replace(char::is_control, " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer_with(typed: &str, checkout: Option<&str>) -> (Answers, String) {
        let mut out = Vec::new();
        let known = Known {
            home: None,
            checkout: checkout.map(str::to_owned),
        };
        let answers = asked(&mut typed.as_bytes(), &mut out, known).unwrap();
        (answers, String::from_utf8(out).unwrap())
    }

    fn answer(typed: &str) -> (Answers, String) {
        answer_with(typed, None)
    }

    #[test]
    fn who_only_presses_enter_gets_an_archive() {
        for typed in ["\n\n\n\n", ""] {
            let (answers, _) = answer(typed);
            assert_eq!((&*answers.title, answers.feeds.len()), (TITLE, 0));
            assert_eq!((answers.action, answers.base_url), (None, None));
        }
    }

    #[test]
    fn what_makes_no_sense_is_asked_again() {
        let typed = "  Things \n dev.to/feed/ada\nhttps:/dev.to/feed/ada\nhttps://dev.to/feed/ada\n\nyes\n\
                     \ngleaner\nme/gleaner@main\nme/gleaner@v1\n";
        let (answers, said) = answer(typed);
        assert_eq!((&*answers.title, answers.feeds.len()), ("Things", 1));
        assert_eq!(answers.action.as_deref(), Some("me/gleaner@v1"));
        assert_eq!(said.matches("begins with `https://`").count(), 2, "{said}");
        assert_eq!(
            said.matches("such as `me/gleaner@v0.1.0`").count(),
            2,
            "{said}"
        );
        assert!(said.contains("`main` looks like a branch"), "{said}");
        assert!(!said.contains("Base URL"), "{said}");
    }

    #[test]
    fn the_repository_of_the_checkout_is_what_enter_takes() {
        let checkout = "me/gleaner@0123456789012345678901234567890123456789";
        let (answers, said) = answer_with("\n\ny\n\n", Some(checkout));
        assert_eq!(answers.action.as_deref(), Some(checkout));
        assert!(said.contains(&format!("[{checkout}]")), "{said}");
    }

    #[test]
    fn no_workflow_is_never_what_silence_means() {
        for typed in ["\n\ny\nnone\n", "\n\ny\n\n\n"] {
            let (answers, said) = answer(typed);
            assert_eq!(answers.action, None);
            assert!(said.contains("No workflow, then."), "{said}");
        }
    }

    #[test]
    fn the_base_url_is_asked_for() {
        let (answers, said) = answer("\n\nn\nme.example\nhttps://me.example/archive/\n");
        assert_eq!(
            answers.base_url.as_deref(),
            Some("https://me.example/archive/")
        );
        assert!(said.contains("begins with `https://`"), "{said}");
    }
}
