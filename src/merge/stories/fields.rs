//! What an entry says, when its sightings do not agree.

use super::super::worlds::{Item, World, noon};
use super::A;
use crate::model::{SafeUrl, Text};

#[test]
fn feeds_that_take_turns_do_not_turn_an_entry() {
    let mut world = World::new();
    world.snapshot(
        "ann",
        "08-02",
        &[Item {
            title: "By Ann",
            ..A
        }],
    );
    world.snapshot(
        "bob",
        "08-03",
        &[Item {
            title: "By Bob",
            ..A
        }],
    );
    world.snapshot(
        "ann",
        "08-04",
        &[Item {
            title: "By Ann",
            ..A
        }],
    );
    assert_eq!(
        world.entry().title,
        Text::new("By Bob"),
        "Ann said nothing new"
    );
    world.snapshot(
        "ann",
        "08-05",
        &[Item {
            title: "By Ann, again",
            ..A
        }],
    );
    assert_eq!(world.entry().title, Text::new("By Ann, again"));
}

#[test]
fn the_newest_text_is_shown_unless_it_lost_more_than_half() {
    let long = "<p>A long text, as it was at first.</p>";
    for (later, shown, revisions) in [
        (
            "<p>A long text, as it is now.</p>",
            "<p>A long text, as it is now.</p>",
            vec![long],
        ),
        ("<p>Not found</p>", long, vec!["<p>Not found</p>"]),
        (
            "<p class='much markup around few words'>A</p>",
            long,
            vec!["<p class='much markup around few words'>A</p>"],
        ),
        (" ", long, vec![]),
        ("", long, vec![]),
        (long, long, vec![]),
    ] {
        let mut world = World::new();
        world.snapshot("blog", "08-02", &[Item { content: long, ..A }]);
        world.snapshot(
            "blog",
            "08-09",
            &[Item {
                content: later,
                summary: "<p>Short</p>",
                ..A
            }],
        );
        let entry = world.entry();
        assert_eq!(world.shown(&entry).as_deref(), Some(shown));
        let others: Vec<_> = entry
            .revisions
            .iter()
            .map(|old| world.html(&old.body))
            .collect();
        assert_eq!(others, revisions, "{later}");
    }
}

#[test]
fn a_revision_knows_its_title_and_since_when_it_was() {
    let mut world = World::new();
    world.snapshot("blog", "08-02", &[A]);
    world.snapshot("blog", "08-03", &[A]);
    world.snapshot(
        "blog",
        "08-09",
        &[Item {
            title: "New title",
            content: "<p>New text</p>",
            ..A
        }],
    );
    world.note("2025/08/old-title-ab77ad53").title = Text::new("The owner's title");
    let entry = world.entry();
    assert_eq!(entry.revisions[0].first_seen, Some(noon("08-02")));
    assert_eq!(entry.revisions[0].title, Text::new("Old title"));
    assert_eq!(entry.title, Text::new("The owner's title"));
}

#[test]
fn a_summary_is_shown_where_there_is_nothing_else() {
    let mut world = World::new();
    world.snapshot(
        "blog",
        "08-02",
        &[Item {
            content: "",
            summary: "<p>Sum</p>",
            ..A
        }],
    );
    assert_eq!(world.shown(&world.entry()).as_deref(), Some("<p>Sum</p>"));
    world.snapshot("blog", "08-09", &[Item { content: "", ..A }]);
    assert_eq!(world.shown(&world.entry()).as_deref(), Some("<p>Sum</p>"));
}

#[test]
fn only_dates_that_can_be_true_count() {
    // Of a snapshot of 2025-08-10: published, updated → date, updated.
    for (published, updated, date, changed) in [
        ("08-01", "08-05", Some("08-01"), Some("08-05")),
        ("08-05", "08-01", Some("08-05"), None),
        ("", "08-05", Some("08-05"), None),
        ("08-11", "", Some("08-11"), None),
        ("08-12", "", None, None),
        ("08-12", "08-05", Some("08-05"), None),
        ("1970-01-01T00:00:00Z", "", None, None),
        ("", "", None, None),
    ] {
        let mut world = World::new();
        world.snapshot(
            "blog",
            "08-10",
            &[Item {
                published,
                updated,
                ..A
            }],
        );
        let entry = world.entry();
        assert_eq!(
            (entry.date, entry.updated),
            (date.map(noon), changed.map(noon)),
            "{published} {updated}"
        );
        assert_eq!(
            entry.permalink.as_str().starts_with("undated/"),
            date.is_none()
        );
    }
}

#[test]
fn a_date_of_publishing_beats_an_earlier_change_and_the_earliest_counts() {
    let mut world = World::new();
    world.snapshot(
        "blog",
        "08-10",
        &[Item {
            published: "",
            updated: "07-01",
            ..A
        }],
    );
    world.snapshot(
        "blog",
        "08-11",
        &[Item {
            published: "08-05",
            ..A
        }],
    );
    world.snapshot(
        "blog",
        "08-12",
        &[Item {
            published: "08-03",
            ..A
        }],
    );
    assert_eq!(world.entry().date, Some(noon("08-03")));
}

#[test]
fn a_sharer_is_who_the_entry_names_then_the_owner_then_the_author() {
    let named = Item {
        sharer: "bernhard",
        ..A
    };
    for (item, setting, author, sharers) in [
        (named, Some("owner"), Some("author"), vec![Some("bernhard")]),
        (A, Some("owner"), Some("author"), vec![Some("owner")]),
        (A, None, Some("author"), vec![Some("author")]),
        (A, None, None, vec![None]),
    ] {
        let mut world = World::new();
        world.setting("blog").sharer = setting.and_then(Text::new);
        // One snapshot lost the box that names the sharer: still the same share.
        world.snapshot("blog", "08-02", &[Item { sharer: "", ..item }]);
        world.snapshot("blog", "08-03", &[item]).authors =
            author.and_then(Text::new).into_iter().collect();
        let shares = world.entry().shares;
        let names: Vec<_> = shares
            .iter()
            .map(|share| share.sharer.as_ref().map(Text::as_str))
            .collect();
        assert_eq!(names, sharers);
        assert_eq!(shares[0].date, Some(noon("08-01")));
    }
}

#[test]
fn a_source_is_named_by_the_entry_or_by_its_own_feed() {
    let home = "https://www.blog.example/post";
    for (item, setting, title, host) in [
        (
            Item {
                source: "Source",
                ..A
            },
            None,
            Some("Source"),
            "example.org",
        ),
        (A, None, None, "example.org"),
        (
            Item { link: home, ..A },
            None,
            Some("The feed blog"),
            "blog.example",
        ),
        (
            Item { link: home, ..A },
            Some("The blog"),
            Some("The blog"),
            "blog.example",
        ),
        (
            Item {
                link: home,
                source: "Source",
                ..A
            },
            None,
            Some("Source"),
            "blog.example",
        ),
    ] {
        let mut world = World::new();
        world.setting("blog").title = setting.and_then(Text::new);
        world.snapshot("blog", "08-02", &[item]).language = Text::new("de_AT");
        let entry = world.entry();
        assert_eq!(entry.source.title.as_ref().map(Text::as_str), title);
        assert_eq!(entry.source.host.as_deref(), Some(host));
        assert_eq!(
            entry.source.link,
            entry.link.as_ref().and_then(SafeUrl::origin)
        );
        let language = (host == "blog.example").then_some("de-AT");
        assert_eq!(
            entry.language.as_deref(),
            language,
            "a feed's language is its own site's"
        );
    }
}

#[test]
fn tags_follow_the_owners_order() {
    let mut world = World::new();
    world
        .config
        .tags
        .aliases
        .insert("js".to_owned(), Text::new("JavaScript").unwrap());
    world.config.tags.hidden.insert("uncategorized".to_owned());
    world.snapshot(
        "blog",
        "08-02",
        &[Item {
            tags: &["gone"],
            ..A
        }],
    );
    let tags = &[
        "javascript",
        "#JS",
        "Uncategorized",
        "Machine Learning",
        "##",
    ];
    world.snapshot("blog", "08-03", &[Item { tags, ..A }]);
    world.snapshot("blog", "08-04", &[A]);
    world.note("ab77ad53").tags = vec![
        Text::new("machine-learning").unwrap(),
        Text::new("Mine").unwrap(),
    ];
    let tags: Vec<_> = world
        .entry()
        .tags
        .iter()
        .map(|tag| format!("{}={}", tag.key, tag.name))
        .collect();
    assert_eq!(
        tags,
        [
            "javascript=JavaScript",
            "machine-learning=Machine Learning",
            "mine=Mine"
        ]
    );
}
