//! `gleaner explain`: from the code of a diagnostic to what it means, why it matters, and how to mend
//! it. The texts are those of the guide, a section for each code.

use std::io::{self, Write};

use gleaner::diag::Code;

use crate::args::ExplainArgs;
use crate::exit::Exit;

/// A section for each code, below `## `; what stands before the first is for readers of the guide.
const TEXTS: &str = include_str!("../../../content/pages/guide/troubleshooting.md");
/// How a section begins.
const HEADING: &str = "\n## ";

pub(crate) fn run(args: &ExplainArgs) -> Exit {
    let mut out = anstream::stdout().lock();
    // Nobody may be listening.
    let _ = match &args.code {
        Some(code) => print(&mut out, code),
        None => print_list(&mut out),
    };
    Exit::Success
}

fn print(out: &mut impl Write, code: &str) -> io::Result<()> {
    let text = sections().find(|(name, _)| *name == code);
    let text = text.map_or("", |(_, text)| text);
    writeln!(out, "{code}\n\n{}", text.trim())
}

fn print_list(out: &mut impl Write) -> io::Result<()> {
    let width = Code::ALL.iter().map(|code| code.as_str().len()).max();
    let width = width.unwrap_or_default();
    for (code, text) in sections() {
        writeln!(out, "{code:width$}  {}", first_sentence(text))?;
    }
    writeln!(out, "\n`gleaner explain CODE` tells more of each")
}

/// Codes with their texts.
fn sections() -> impl Iterator<Item = (&'static str, &'static str)> {
    let sections = TEXTS.split(HEADING).skip(1);
    sections.filter_map(|section| section.split_once('\n'))
}

fn first_sentence(text: &str) -> String {
    let paragraph = text.trim_start().split("\n\n").next().unwrap_or_default();
    let words = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    // A sentence ends before a capital: `site.toml` does not.
    let ends = words.match_indices(". ");
    let mut ends = ends.filter(|(at, _)| words[at + 2..].starts_with(char::is_uppercase));
    let end = ends.next().map_or(words.len(), |(at, _)| at);
    words[..end].trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_and_nothing_else_is() {
        let explained: Vec<&str> = sections().map(|(code, _)| code).collect();
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(explained, codes);
        for (code, text) in sections() {
            let words = text.split_whitespace().count();
            assert!((40..=160).contains(&words), "{code}: {words} words");
            assert!(!first_sentence(text).is_empty(), "{code}");
        }
    }

    #[test]
    fn a_sentence_ends_where_the_next_begins() {
        let text = "\nThere is no `site.toml` in\nits place. Make one.\n\nMore.\n";
        assert_eq!(first_sentence(text), "There is no `site.toml` in its place");
    }
}
