//! The reference of settings says what is: its keys and types are asked of the program, which names
//! them in its messages; their defaults are held against what is read (`src/config/tests.rs`); what
//! they mean is written by hand, and none is left out.
//!
//! `UPDATE_GUIDE=1 cargo test --test it reference` writes keys and types anew.

use std::collections::BTreeMap;
use std::fs;

use crate::site::{MINIMAL, Site, repository};

/// The reference, which Gleaner publishes with its example archive.
const REFERENCE: &str = "content/pages/guide/reference.md";
/// A key that nobody knows, and a word that no setting takes.
const ODD: &str = "zzzzzz";
/// The head of each table.
const HEAD: &str = "| Key | Type | Default | What it says |\n| --- | --- | --- | --- |\n";

/// Where settings stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// A table of site.toml, and how its header is written.
    Settings(String),
    Note,
    Page,
}

impl Place {
    /// How the reference heads it.
    fn heading(&self) -> String {
        match self {
            Place::Settings(table) => format!("## `[{}]`", table.replace(".x", ".NAME")),
            Place::Note => "## A note:".to_owned(),
            Place::Page => "## A page of your own:".to_owned(),
        }
    }

    /// What the program says if these lines stand there: messages with their hints.
    fn asked(&self, lines: &str) -> Vec<(String, String)> {
        let front = |name: &str| {
            let file = format!("content/{name}/a.md");
            Site::new().file(&file, format!("+++\n{lines}+++\n"))
        };
        let site = match self {
            Place::Settings(table) if table.is_empty() => {
                Site::empty().file("site.toml", format!("{lines}{MINIMAL}"))
            }
            Place::Settings(table) => {
                Site::empty().file("site.toml", format!("[{table}]\n{lines}"))
            }
            Place::Note => front("notes"),
            Place::Page => front("pages"),
        };
        let told = site.gleaner(&["check", "--message-format", "json"]).stdout;
        told.lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .filter_map(|line| {
                let hint = line["hint"].as_str().unwrap_or_default();
                Some((line["message"].as_str()?.to_owned(), hint.to_owned()))
            })
            .collect()
    }

    /// The keys that are known there, in the order in which they are read.
    fn keys(&self) -> Vec<String> {
        let told = self.asked(&format!("{ODD} = 1\n"));
        let is_unknown = |(message, _): &&(String, String)| message.starts_with("unknown key");
        let (_, hint) = told.iter().find(is_unknown).unwrap();
        quoted(hint)
    }

    /// What may stand under each key.
    fn types(&self, keys: &[String]) -> BTreeMap<String, String> {
        let mut probes = ["{}", "\"zzzzzz\"", "-1"].into_iter().map(|value| {
            let lines = keys.iter().map(|key| format!("{key} = {value}\n"));
            self.asked(&lines.collect::<String>())
        });
        let mut next = || probes.next().unwrap();
        let (table, word, number) = (next(), next(), next());
        let path = |key: &String| match self {
            Place::Settings(name) => format!("`{name}.{key}`"),
            _ => format!("`{key}`"),
        };
        let of = |told: &[(String, String)], key: &String| {
            let path = path(key);
            let mut told = told.iter();
            told.find(|(message, _)| message.contains(&path)).cloned()
        };
        let kind = |key: &String| match of(&table, key) {
            None => "table".to_owned(),
            Some((message, _)) => match wanted(&message) {
                "a string" => word_type(of(&word, key)),
                "an integer" => {
                    let (_, hint) = of(&number, key).unwrap();
                    hint.replace("between ", "").replace(" and ", " to ")
                }
                "a list of strings" => "list of texts".to_owned(),
                // What takes several types says more of a word than of a table.
                _ => wanted(&of(&word, key).unwrap().0)
                    .trim_start_matches("a ")
                    .to_owned(),
            },
        };
        keys.iter().map(|key| (key.clone(), kind(key))).collect()
    }
}

/// What a string may be, by what is said of an odd word.
fn word_type(told: Option<(String, String)>) -> String {
    match told {
        Some((message, hint)) if message.starts_with("unknown value") => {
            let words: Vec<String> = quoted(&hint)
                .iter()
                .map(|word| format!("`{word}`"))
                .collect();
            let (last, others) = words.split_last().unwrap();
            format!("{} or {last}", others.join(", "))
        }
        Some((message, _)) if message.contains("is no URL") => "URL".to_owned(),
        _ => "text".to_owned(),
    }
}

/// What a message says that it expected.
fn wanted(message: &str) -> &str {
    let wanted = message.split("expected ").nth(1).unwrap();
    wanted.split(", found").next().unwrap()
}

/// What stands in backticks.
fn quoted(text: &str) -> Vec<String> {
    let pieces = text.split('`').skip(1).step_by(2);
    pieces.map(str::to_owned).collect()
}

/// All places, those of site.toml in the order in which they are read.
fn places() -> Vec<Place> {
    let tables = Place::Settings(String::new()).keys().into_iter();
    let tables = tables.map(|table| match table.as_str() {
        "feeds" => Place::Settings("feeds.x".to_owned()),
        _ => Place::Settings(table),
    });
    tables.chain([Place::Note, Place::Page]).collect()
}

/// The table of a place: its keys and types, with what the old one says of them.
fn table(place: &Place, old: &str) -> String {
    let keys = place.keys();
    let types = place.types(&keys);
    let said: BTreeMap<String, (String, String)> = old
        .lines()
        .filter_map(|row| {
            let mut cells = row.split(" | ");
            let key = quoted(cells.next()?).into_iter().next()?;
            let default = cells.nth(1)?.to_owned();
            Some((
                key,
                (default, cells.next()?.trim_end_matches(" |").to_owned()),
            ))
        })
        .collect();
    let rows = keys.iter().map(|key| {
        let unsaid = || (String::new(), String::new());
        let (default, meaning) = said.get(key).cloned().unwrap_or_else(unsaid);
        format!("| `{key}` | {} | {default} | {meaning} |\n", types[key])
    });
    format!("{HEAD}{}", rows.collect::<String>())
}

#[test]
fn the_reference_has_every_key_with_its_type_and_no_other() {
    let text = fs::read_to_string(repository().join(REFERENCE)).unwrap();
    let mut made = text.clone();
    let mut last = 0;
    for place in places() {
        let heading = place.heading();
        let start = text.find(&heading);
        let start = start.unwrap_or_else(|| panic!("{REFERENCE} has no `{heading}`"));
        assert!(
            start > last,
            "{heading} stands in another place than it is read"
        );
        last = start;
        let rest = &text[start..];
        let (_, body) = rest.split_once("\n\n").unwrap();
        let old = body.split("\n\n").next().unwrap();
        let old = format!("{}\n", old.trim_end());
        let new = table(&place, &old);
        for row in new.lines().skip(2) {
            let cells: Vec<&str> = row.split(" | ").collect();
            let is_said = cells.len() == 4 && !cells[2].is_empty() && cells[3].len() > 8;
            assert!(is_said, "{REFERENCE}: {heading}: say more of it: {row}");
        }
        made = made.replacen(&old, &new, 1);
    }
    let headings = text.lines().filter(|line| line.starts_with("## ")).count();
    assert_eq!(
        headings,
        places().len(),
        "a heading of {REFERENCE} is none of a table"
    );
    if std::env::var_os("UPDATE_GUIDE").is_some() {
        fs::write(repository().join(REFERENCE), made).unwrap();
        return;
    }
    assert!(
        text == made,
        "{REFERENCE} is old: UPDATE_GUIDE=1 cargo test --test it reference"
    );
}
