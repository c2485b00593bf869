//! Headings → headings that have an id, so that links and the table of contents lead to them.
//!
//! Feeds leave ids out. A heading without one gets its words as its id, as `mdBook` and GitHub write
//! them: `What is new?` is `what-is-new`. Of equal ones, the second is `what-is-new-1`. An id that
//! the text has already is never taken.
//!
//! It comes before links are led to their places, so that a text's own table of contents leads to
//! the headings whose ids it lost. What somebody is quoted with is no section of the text.

use std::collections::{HashMap, HashSet};

use super::links::Origin;
use super::tidy::level;
use super::tree::{Element, Node, text_of};

/// Most headings of a text that get an id.
const HEADINGS: usize = 500;
/// Longest id that is made of words, in bytes.
const LENGTH: usize = 80;
/// The id of a heading without letters or digits.
const NAMELESS: &str = "section";

/// Gives ids to the headings that have none.
pub(super) fn name(nodes: &mut [Node<'_>], origin: Origin<'_>) {
    // Neither comments nor earlier versions have ids.
    if origin.id(NAMELESS).is_none() || !has_headings(nodes) {
        return;
    }
    let mut names = Names {
        origin,
        ids: HashSet::new(),
        next: HashMap::new(),
        seen: 0,
    };
    names.survey(nodes);
    names.nodes(nodes);
}

fn has_headings(nodes: &[Node<'_>]) -> bool {
    nodes
        .iter()
        .filter_map(Node::as_element)
        .any(|element| level(element.name()).is_some() || has_headings(&element.children))
}

struct Names<'o> {
    origin: Origin<'o>,
    ids: HashSet<String>,
    /// The number that the next equal name begins to look for a free one at.
    next: HashMap<String, usize>,
    /// How many headings there were, with or without an id.
    seen: usize,
}

impl Names<'_> {
    /// Finds all ids; of equal ones, the first stays.
    fn survey(&mut self, nodes: &mut [Node<'_>]) {
        for node in nodes {
            let Node::Element(element) = node else {
                continue;
            };
            if let Some(id) = element.attribute("id")
                && !self.ids.insert(id.to_owned())
            {
                element.remove("id");
            }
            self.survey(&mut element.children);
        }
    }

    fn nodes(&mut self, nodes: &mut [Node<'_>]) {
        for node in nodes {
            match node {
                Node::Element(element) if level(element.name()).is_some() => self.heading(element),
                Node::Element(element) if element.name() != "blockquote" => {
                    self.nodes(&mut element.children);
                }
                _ => {}
            }
        }
    }

    fn heading(&mut self, heading: &mut Element<'_>) {
        let mut words = String::new();
        text_of(&heading.children, &mut words);
        if words.trim().is_empty() {
            return;
        }
        self.seen += 1;
        if heading.attribute("id").is_some() || self.seen > HEADINGS {
            return;
        }
        let slug = slug(&words);
        let from = self.next.get(&slug).copied().unwrap_or_default();
        for number in from.. {
            let name = match number {
                0 => slug.clone(),
                number => format!("{slug}-{number}"),
            };
            let Some(id) = self.origin.id(&name) else {
                return;
            };
            if self.ids.insert(id.clone()) {
                self.next.insert(slug, number + 1);
                // Ids stand first, as everywhere.
                heading.attributes.insert(0, ("id", id.into()));
                return;
            }
        }
    }
}

/// Words as an id: letters and digits in lower case, with hyphens between.
fn slug(words: &str) -> String {
    let mut slug = String::new();
    for character in words.trim().chars() {
        if character.is_alphanumeric() || character == '_' {
            slug.extend(character.to_lowercase());
        } else if (character.is_whitespace() || character == '-') && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() > LENGTH {
            let end = slug[..slug.floor_char_boundary(LENGTH)].rfind('-');
            slug.truncate(end.unwrap_or(slug.floor_char_boundary(LENGTH)));
            break;
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() {
        NAMELESS.to_owned()
    } else {
        slug.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Role;
    use crate::sanitize::sanitize_one;
    use crate::sanitize::tests::{base, usual};

    fn ids(html: &str, role: Role) -> Vec<String> {
        let safe = sanitize_one(&usual(), html, Some(&base()), role);
        let headings = safe.facts.headings.into_iter();
        headings
            .map(|heading| heading.id.unwrap_or_default())
            .collect()
    }

    #[test]
    fn an_id_is_made_of_the_words_of_a_heading() {
        for (words, id) in [
            ("What is new?", "what-is-new"),
            ("  1.2 – Über  `read_to_string`", "12-über-read_to_string"),
            ("C++ & C#", "c-c"),
            ("日本語", "日本語"),
            ("???", "section"),
            ("--", "section"),
        ] {
            assert_eq!(slug(words), id, "{words}");
        }
        let long = slug(&"word ".repeat(40));
        assert!(long.len() <= LENGTH && long.ends_with("word"), "{long}");
        assert!(slug(&"ä".repeat(200)).len() <= LENGTH);
    }

    #[test]
    fn ids_are_unique_and_those_of_the_text_stay() {
        let html = "<h2>One</h2><h2>One</h2><h2 id=x>Two</h2><p id=one-2>p</p><h3>One</h3><h2> </h2>\
            <blockquote><h2>Quoted</h2></blockquote><a href=/x><h2>Linked</h2></a><h2 id=one-1>One 1</h2>";
        let expected = [
            "uc-one",
            "uc-one-3",
            "uc-x",
            "uc-one-4",
            "",
            "uc-linked",
            "uc-one-1",
        ];
        assert_eq!(ids(html, Role::Text), expected);
        assert_eq!(ids("<h2>One</h2>", Role::Page), ["one"]);
        for role in [Role::Aside, Role::Note] {
            assert_eq!(ids("<h2>One</h2>", role), [""]);
        }
    }

    #[test]
    fn a_table_of_contents_finds_the_headings_whose_ids_were_lost() {
        let html = "<ul><li><a href='#part-one'>Part one</a></li></ul><h2>Part one</h2>";
        let safe = sanitize_one(&usual(), html, Some(&base()), Role::Text);
        assert!(
            safe.html.contains("<a href=\"#uc-part-one\">"),
            "{}",
            safe.html
        );
        assert!(
            safe.html.contains("<h2 id=\"uc-part-one\">"),
            "{}",
            safe.html
        );
    }

    #[test]
    fn a_text_of_nothing_but_headings_gets_some_ids() {
        let html = "<h2>Same</h2>".repeat(HEADINGS + 10);
        let found = ids(&html, Role::Text);
        assert_eq!(found.iter().filter(|id| !id.is_empty()).count(), HEADINGS);
        assert_eq!(found[HEADINGS - 1], format!("uc-same-{}", HEADINGS - 1));
    }

    #[test]
    fn own_pages_take_no_id_of_the_template() {
        assert_eq!(ids("<h2>G main</h2>", Role::Page), ["uc-g-main"]);
        assert_eq!(ids("<h2 id=g-main>x</h2>", Role::Page), ["uc-g-main"]);
    }
}
