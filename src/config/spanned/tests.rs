//! TOML with places: what is read, and one problem for each cause.

use super::*;

fn problems(text: &str, read: impl FnOnce(&Table<'_>)) -> Vec<String> {
    let ((), problems) = read_toml("f.toml", text, 0..text.len(), read);
    problems
        .into_iter()
        .map(|problem| {
            let hint = problem.hint.map(|hint| format!(" ({hint})"));
            format!("{}{}", problem.message, hint.unwrap_or_default())
        })
        .collect()
}

#[test]
fn a_table_knows_the_keys_that_it_was_asked_for() {
    let found = problems("title = 'x'\ntitel = 'y'\nsomething = 1", |root| {
        root.string("title");
        root.boolean("hidden");
    });
    assert_eq!(
        found,
        [
            "unknown key: `titel` (did you mean `title`?)",
            "unknown key: `something` (known here: `title`, `hidden`)"
        ]
    );
}

#[test]
fn each_type_is_named_as_it_was_found() {
    for (value, found) in [
        ("1", "an integer"),
        ("1.5", "a floating-point number"),
        ("true", "a boolean"),
        ("2026-01-01", "a date"),
        ("[]", "a list"),
        ("{}", "a table"),
    ] {
        let text = format!("x = {value}");
        let found_problems = problems(&text, |root| assert!(root.string("x").is_none()));
        assert_eq!(found_problems.len(), 1);
        let message = format!("`x`: expected a string, found {found}");
        assert!(
            found_problems[0].starts_with(&message),
            "{found_problems:?}"
        );
    }
}

#[test]
fn a_broken_line_is_told_once_and_hides_no_other_problem() {
    let found = problems("title = \ncount = 'many'\n", |root| {
        root.required("title", "", Table::text);
        root.count("count", 1..=9);
        root.required("other", "", Table::text);
    });
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("invalid TOML: "), "{found:?}");
    assert_eq!(found[1], "`count`: expected an integer, found a string");
}

#[test]
fn one_cause_is_one_problem() {
    let read = |root: &Table<'_>| {
        let site = root.table("site");
        site.required("title", "", Table::text);
        site.required("base_url", "", Table::web_url);
        let other = root.table("other");
        other.text("only_here");
    };
    for (text, told) in [
        // A slip in a key or in a header.
        (
            "[site]\ntitel = 'x'\nbase_url = 'https://e.example/'",
            &["unknown key: `site.titel` (did you mean `title`?)"][..],
        ),
        (
            "[sites]\ntitle = 'x'\nbase_url = 'https://e.example/'",
            &["unknown key: `sites` (did you mean `site`?)"],
        ),
        // The right key in the wrong table.
        (
            "title = 'x'\n[site]\nbase_url = 'https://e.example/'",
            &["unknown key: `title` (`title` belongs under `[site]`)"],
        ),
        (
            "[site]\ntitle = 'x'\n[other]\nbase_url = 'https://e.example/'",
            &["unknown key: `other.base_url` (`base_url` belongs under `[site]`)"],
        ),
        (
            "[site]\ntitle = 'x'\nbase_url = 'https://e.example/'\nonly_here = 'x'",
            &["unknown key: `site.only_here` (`only_here` belongs under `[other]`)"],
        ),
        // What should be a table and is none.
        (
            "site = 'x'",
            &[
                "`site`: expected a table, found a string (write `[site]` on a line of its own, \
               and its keys on the lines below)",
            ],
        ),
        // Two causes are two problems.
        (
            "[site]\ntitel = 'x'",
            &[
                "`site.base_url` is missing ()",
                "unknown key: `site.titel` (did you mean `title`?)",
            ],
        ),
        (
            "title = 'x'\n[site]\ntitle = 'y'\n",
            &[
                "unknown key: `title` (`title` belongs under `[site]`)",
                "`site.base_url` is missing ()",
            ],
        ),
    ] {
        assert_eq!(problems(text, read), told, "{text}");
    }
}

#[test]
fn what_is_there_twice_names_both_places() {
    for (text, told) in [
        (
            "[a]\nx = 1\ny = 2\nx = 3\n",
            "`x` is there twice, first in line 2 (keep one of the two)",
        ),
        (
            "x = 0\n[a]\nx = 1\n'z' = 2\nx = 3\n",
            "`x` is there twice, first in line 3 (keep one of the two)",
        ),
        (
            "[a]\nx = 1\n[b]\n[a]\ny = 2\n",
            "the table `[a]` is there twice, first in line 1 (keep one of the two)",
        ),
        (
            "a = { x = 1, x = 2 }",
            "`x` is there twice (a key can have only one value)",
        ),
    ] {
        let found = problems(text, |root| {
            root.tables();
        });
        let syntax: Vec<_> = found.iter().filter(|one| one.contains("TOML")).collect();
        assert_eq!(syntax, [&format!("invalid TOML: {told}")], "{found:?}");
    }
}

#[test]
fn lines_with_the_same_slip_are_one_problem() {
    let text = "+++\ncount = “x”\nother = “y”\ntitle: One\ntags:\nnav: 2\n+++\n";
    let ((), found) = read_toml("a.md", text, 4..text.len() - 4, |root| {
        root.values();
    });
    let told: Vec<_> = found
        .iter()
        .map(|one| one.hint.as_deref().unwrap())
        .collect();
    assert_eq!(
        told,
        [
            "use straight ones: `\"`; the same in line 3",
            "write `title = \"One\"`; the same in lines 5, 6",
        ]
    );
}

#[test]
fn places_in_a_front_matter_count_from_the_start_of_the_file() {
    let text = "+++\ntitle = 1\n+++\n";
    let ((), found) = read_toml("a.md", text, 4..14, |root| {
        root.string("title");
    });
    let position = found[0].place.as_ref().unwrap().position.unwrap();
    assert_eq!((position.line, position.column), (2, 9));
}

#[test]
fn a_count_has_a_range() {
    for (value, fits) in [("1", true), ("9", true), ("0", false), ("-1", false)] {
        let text = format!("n = {value}");
        let found = problems(&text, |root| {
            assert_eq!(root.count("n", 1..=9).is_some(), fits, "{value}");
        });
        assert_eq!(found.is_empty(), fits, "{value}");
    }
}
