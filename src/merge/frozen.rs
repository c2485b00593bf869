//! What is frozen: everything that a permalink is made of, held by rows that are only ever added.
//!
//! A row that fails means that a page of every published archive would move: mend the code, not
//! the row.

use serde_json::Value;

use super::name::Named;
use super::permalink::{Pattern, told_apart};
use super::worlds::{Item, World};
use crate::model::{
    EntryId, Hash, PagePath, SafeUrl, Text, canonical_link, host_name, path_name, slugify, tag_key,
};

const ROWS: &str = include_str!("../../tests/fixtures/frozen.tsv");

#[test]
fn no_permalink_ever_moves() {
    let rows: Vec<&str> = ROWS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .collect();
    assert!(rows.len() >= 60, "rows are only ever added: {}", rows.len());
    let wrong: Vec<String> = rows.iter().filter_map(|row| check(row)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The row as it would have to be, if it is wrong.
fn check(row: &str) -> Option<String> {
    let columns: Vec<&str> = row.split('\t').collect();
    let [kind, input, output] = columns.as_slice() else {
        panic!("a row has three columns: {row}");
    };
    let input: Value = serde_json::from_str(input).unwrap();
    let now = match (*kind, input.as_str()) {
        ("slugify", Some(title)) => slugify(title),
        ("tag_key", Some(tag)) => tag_key(tag),
        ("path_name", Some(key)) => path_name(key),
        ("host_name", Some(host)) => host_name(host),
        ("visible", Some(text)) => Text::new(text)
            .and_then(Text::visible)
            .map_or_else(String::new, |text| text.to_string()),
        ("id", Some(name)) => EntryId::of(name).short(),
        ("canonical_link", Some(link)) => canonical_link(&SafeUrl::parse(link).unwrap()),
        ("told_apart", Some(content)) => told_apart(
            &PagePath::new("2025/08/x").unwrap(),
            Hash::of(content.as_bytes()),
        )
        .to_string(),
        ("permalink", None) => permalink(&input),
        ("content", None) => Named::of(&sighting(&input), 0, "feed").content.to_string(),
        _ => panic!("unknown kind of row: {row}"),
    };
    let then: String = serde_json::from_str(output).unwrap();
    let row = serde_json::to_string(&now).unwrap();
    (now != then).then(|| format!("{kind}\t{input}\t{row}"))
}

/// Where the entry of this description stands, by the pattern that everyone has by default.
fn permalink(input: &Value) -> String {
    let mut world = World::new();
    if let Some(pattern) = input["pattern"].as_str() {
        world.config.output.permalinks.0 = pattern.to_owned();
    }
    if let Some(key) = input["key"].as_str() {
        world.setting("feed").key = Some(key.to_owned());
    }
    let item = item(input);
    world.snapshot("feed", "08-20", &[item]);
    let permalink = world.entry().permalink;
    let names = Named::of(&sighting(input), 0, input["key"].as_str().unwrap_or("feed"));
    let pattern = Pattern::of(&world.config.output.permalinks);
    let title = &world.snapshots[0].sightings[0].title;
    let plain = pattern.fill(title.as_ref(), world.entry().date, names.id);
    assert_eq!(
        permalink, plain,
        "an entry alone stands at its plain permalink"
    );
    permalink.to_string()
}

fn sighting(input: &Value) -> crate::model::Sighting {
    let mut world = World::new();
    world.snapshot("feed", "08-20", &[item(input)]);
    (*world.snapshots[0].sightings[0]).clone()
}

fn item(input: &Value) -> Item {
    // Rows live as long as the test: leaking them keeps `Item` simple.
    let field = |name: &str| -> &'static str {
        String::leak(input[name].as_str().unwrap_or_default().to_owned())
    };
    Item {
        guid: field("guid"),
        link: field("link"),
        title: field("title"),
        published: field("published"),
        updated: field("updated"),
        content: field("content"),
        ..Item::default()
    }
}
