//! A whole text → what its tags say about each other, for the two questions that one tag cannot
//! answer by itself. Each answer is one linear look at the text, taken only when somebody asks.
//!
//! - Is `<iframe/>` empty? In HTML the slash means nothing, but a program that writes XML means it.
//!   The end tags tell the two apart: where the slash means nothing, there is one for this start
//!   tag as well.
//! - Is a hidden element there to be shown by a click? Then a link or a button names its id.
//!
//! Nothing here decides what is safe: both answers only choose which text is read.

use std::cell::OnceCell;
use std::collections::HashSet;

use memchr::memmem;

use super::token::{Token, Tokens};

/// Most names of elements that are counted: HTML has about as many.
const NAMES: usize = 128;
/// Most ids that are remembered.
const IDS: usize = 10_000;

/// What is known of a text as a whole.
#[derive(Default)]
pub(super) struct Census<'a> {
    tags: OnceCell<Vec<Counted<'a>>>,
    named: OnceCell<HashSet<&'a str>>,
    last_formula: OnceCell<Option<usize>>,
    last_source: OnceCell<Option<usize>>,
}

struct Counted<'a> {
    name: &'a str,
    /// Start tags that do not end in `/>`.
    starts: u32,
    ends: u32,
}

impl<'a> Census<'a> {
    /// Whether the start tag that was read last is an empty element.
    pub(super) fn is_empty_element(&self, name: &str, tokens: &Tokens<'a>) -> bool {
        if !tokens.is_self_closing() {
            return false;
        }
        // What is foreign to HTML is read by the rules of XML.
        if ["svg", "math"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
        {
            return true;
        }
        let tags = self.tags.get_or_init(|| count(tokens.html()));
        let counted = tags.iter().find(|tag| tag.name.eq_ignore_ascii_case(name));
        counted.is_some_and(|tag| tag.ends <= tag.starts)
    }

    /// Whether a link or a button names this id.
    pub(super) fn names(&self, id: &str, tokens: &Tokens<'a>) -> bool {
        let named = self.named.get_or_init(|| named(tokens.html()));
        named.contains(id)
    }

    /// Whether MathML follows what was read.
    pub(super) fn formula_follows(&self, tokens: &Tokens<'a>) -> bool {
        let find = || memmem::rfind(tokens.html().as_bytes(), b"<math");
        let last = self.last_formula.get_or_init(find);
        last.is_some_and(|last| last >= tokens.position())
    }

    /// Whether the source of a formula follows what was read, as MathJax 2 keeps it in a script.
    pub(super) fn source_follows(&self, tokens: &Tokens<'a>) -> bool {
        let find = || {
            let html = tokens.html().as_bytes();
            let sources = ["math/tex", "math/mml", "math/asciimath"];
            sources
                .iter()
                .filter_map(|kind| memmem::rfind(html, kind.as_bytes()))
                .max()
        };
        let last = self.last_source.get_or_init(find);
        last.is_some_and(|last| last >= tokens.position())
    }
}

fn count(html: &str) -> Vec<Counted<'_>> {
    let mut tags: Vec<Counted<'_>> = Vec::new();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        let (Token::Start(name) | Token::End(name)) = token else {
            continue;
        };
        let known = |tag: &Counted<'_>| tag.name.eq_ignore_ascii_case(name);
        let at = tags.iter().position(known).unwrap_or(tags.len());
        if at == NAMES {
            continue;
        }
        if at == tags.len() {
            tags.push(Counted {
                name,
                starts: 0,
                ends: 0,
            });
        }
        let tag = &mut tags[at];
        match token {
            Token::End(_) => tag.ends += 1,
            _ => tag.starts += u32::from(!tokens.is_self_closing()),
        }
    }
    tags
}

/// The ids that links, buttons and handlers of clicks name.
fn named(html: &str) -> HashSet<&str> {
    let mut named = HashSet::new();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        if !matches!(token, Token::Start(_)) || named.len() > IDS {
            continue;
        }
        for (attribute, value) in tokens.all_attributes() {
            match attribute.to_ascii_lowercase().as_str() {
                "href" | "data-href" | "data-target" | "data-bs-target" | "data-toggle" => {
                    named.extend(value.rsplit_once('#').map(|(_, id)| id));
                }
                "aria-controls" | "popovertarget" | "commandfor" => {
                    named.extend(value.split_ascii_whitespace());
                }
                "onclick" => {
                    let part = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_');
                    named.extend(value.split(part).filter(|id| !id.is_empty()));
                }
                _ => {}
            }
        }
    }
    named.remove("");
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the first tag of a text is an empty element.
    fn is_empty(html: &str) -> bool {
        let mut tokens = Tokens::new(html);
        let Some(Token::Start(name)) = tokens.next() else {
            panic!("a tag")
        };
        Census::default().is_empty_element(name, &tokens)
    }

    #[test]
    fn a_slash_counts_where_no_end_tag_is_left_for_it() {
        for (html, empty) in [
            ("<iframe src='u'/><p>x</p>", true),
            ("<iframe src='u'/><p>x</p><iframe src='v'></iframe>", true),
            ("<script/>code</script>", false),
            ("<script/>code</script><script>more</script>", false),
            ("<p/><p>x<p>y", true),
            ("<i/>x</i>", false),
            ("<i>x</i>", false),
            ("<iframe src=u/>", false),
        ] {
            assert_eq!(is_empty(html), empty, "{html}");
        }
    }

    #[test]
    fn a_link_or_a_button_names_what_it_shows() {
        let html = "<a href='https://x.org/p#one'>1</a><button aria-controls='two 2b'>2</button>\
            <b onclick=\"show('three')\">3</b><div data-bs-target='#four'><p id=five>#five</p>";
        let tokens = Tokens::new(html);
        let census = Census::default();
        for (id, named) in [
            ("one", true),
            ("two", true),
            ("2b", true),
            ("three", true),
            ("four", true),
            ("five", false),
            ("", false),
        ] {
            assert_eq!(census.names(id, &tokens), named, "{id}");
        }
    }
}
