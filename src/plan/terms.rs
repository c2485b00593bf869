//! The indexes of tags, sources and sharers: one page by name, one by count.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::context::{Link, Term, TermSection, TermsPage};
use super::lists::{List, Terms};
use super::{Matter, Page, Planner};
use crate::model::{PagePath, Text, tag_key};

/// The longest index by name that needs no letters.
const WITHOUT_LETTERS: usize = 40;
/// The indexes by name.
pub(super) const TAGS: &str = "tags/index";
pub(super) const SOURCES: &str = "sources/index";
pub(super) const SHARERS: &str = "sharers/index";
/// What stands for all that begins with no letter.
const NO_LETTER: char = '#';

/// The indexes of all terms.
pub(super) fn pages(planner: &Planner, terms: &Terms) -> Vec<Page> {
    let indexes = [
        ("tags", "Tags", &terms.tags),
        ("sources", "Sources", &terms.sources),
        ("sharers", "Sharers", &terms.sharers),
    ];
    indexes
        .into_iter()
        .filter_map(|(name, title, lists)| index(planner, name, title, lists))
        .flatten()
        .collect()
}

fn index(planner: &Planner, name: &'static str, title: &str, lists: &[List]) -> Option<[Page; 2]> {
    let name_path = PagePath::new(&format!("{name}/index"))?;
    let count_path = PagePath::new(&format!("{name}/by-count"))?;
    let link = |title: &str, path: &PagePath| Link {
        title: title.to_owned(),
        href: planner.href(path),
    };
    let matter = |order, sections| TermsPage {
        list: name,
        order,
        by_name: link("By name", &name_path),
        by_count: link("By count", &count_path),
        count: lists.len(),
        sections,
    };
    let page = |path: &PagePath, title: String, matter: TermsPage| {
        let order = matter.order;
        let mut page = planner.page(path, title, Matter::Terms(Box::new(matter)));
        page.view.description = Text::new(&format!("All {name} of the archive, by {order}"));
        page
    };
    let terms = terms(planner, lists);
    if terms.is_empty() {
        // Nothing to put into another order: no page leads there. The address stays.
        let page = page(&name_path, title.to_owned(), matter("name", Vec::new()));
        let by_count = planner.redirect(&count_path, &name_path, title);
        return Some([page, by_count]);
    }
    let mut by_count = terms.clone();
    // The sort is stable: equal counts stay in the order of names.
    by_count.sort_by_key(|term| Reverse(term.count));
    Some([
        page(&name_path, title.to_owned(), matter("name", letters(terms))),
        page(
            &count_path,
            format!("{title} by count"),
            matter("count", whole(by_count)),
        ),
    ])
}

fn terms(planner: &Planner, lists: &[List]) -> Vec<Term> {
    lists
        .iter()
        .map(|list| Term {
            aliases: list.aliases.clone(),
            ..list.term(planner)
        })
        .collect()
}

fn whole(terms: Vec<Term>) -> Vec<TermSection> {
    if terms.is_empty() {
        return Vec::new();
    }
    vec![TermSection {
        title: None,
        id: None,
        terms,
    }]
}

/// The terms under their first letters, where there are many.
fn letters(terms: Vec<Term>) -> Vec<TermSection> {
    if terms.len() <= WITHOUT_LETTERS {
        return whole(terms);
    }
    let mut letters: BTreeMap<char, Vec<Term>> = BTreeMap::new();
    for term in terms {
        letters.entry(letter(&term.name)).or_default().push(term);
    }
    letters
        .into_iter()
        .map(|(letter, terms)| TermSection {
            title: Some(letter.to_string()),
            id: Some(match letter {
                NO_LETTER => "letter-other".to_owned(),
                letter => format!("letter-{}", letter.to_ascii_lowercase()),
            }),
            terms,
        })
        .collect()
}

/// The letter under which a name is looked up: `Ö` is under `O`.
fn letter(name: &str) -> char {
    folded(name)
        .chars()
        .next()
        .filter(char::is_ascii_alphabetic)
        .map_or(NO_LETTER, |letter| letter.to_ascii_uppercase())
}

/// A name as it is sorted: its key without accents, in Latin letters.
pub(super) fn folded(name: &str) -> String {
    deunicode::deunicode(&tag_key(name)).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(name: &str) -> Term {
        Term {
            name: name.to_owned(),
            href: String::new(),
            count: 1,
            hue: None,
            aliases: Vec::new(),
        }
    }

    #[test]
    fn a_name_is_looked_up_under_its_plain_letter() {
        for (name, expected) in [
            ("rust", 'R'),
            ("#rust", 'R'),
            ("Öl", 'O'),
            ("Æsir", 'A'),
            ("Привет", 'P'),
            ("3d", '#'),
            ("…", '#'),
        ] {
            assert_eq!(letter(name), expected, "{name}");
        }
    }

    #[test]
    fn a_long_index_has_letters_and_a_short_one_none() {
        let few = letters((0..WITHOUT_LETTERS).map(|_| term("a")).collect());
        assert_eq!(few.len(), 1);
        assert_eq!((&few[0].title, &few[0].id), (&None, &None));
        let many = (0..=WITHOUT_LETTERS).map(|n| term(["x", "ä", "9"][n % 3]));
        let many = letters(many.collect());
        let titles: Vec<_> = many.iter().filter_map(|part| part.title.clone()).collect();
        let ids: Vec<_> = many.iter().filter_map(|part| part.id.clone()).collect();
        assert_eq!(titles, ["#", "A", "X"]);
        assert_eq!(ids, ["letter-other", "letter-a", "letter-x"]);
        assert!(letters(Vec::new()).is_empty());
    }
}
