//! Which sightings become one entry, and where it stands.

use super::super::worlds::{Item, World, noon};
use super::A;
use crate::model::{PagePath, SafeUrl, Text};

/// Permalink and redirects of every entry, ids left out.
fn addresses(world: &World) -> Vec<(String, Vec<String>)> {
    let plain = |path: &PagePath| path.as_str().to_owned();
    let entries = world.entries();
    entries
        .iter()
        .map(|entry| {
            (
                plain(&entry.permalink),
                entry.aliases.iter().map(plain).collect(),
            )
        })
        .collect()
}

#[test]
fn an_entry_stays_where_it_was_first_seen() {
    let mut world = World::new();
    world.snapshot("blog", "08-02", &[A]);
    world.snapshot(
        "blog",
        "08-09",
        &[Item {
            title: "New title",
            published: "09-01",
            ..A
        }],
    );
    let entry = world.entry();
    assert_eq!(entry.permalink.as_str(), "2025/08/old-title-ab77ad53");
    assert_eq!(entry.title, Text::new("New title"));
    let aliases: Vec<_> = entry.aliases.iter().map(ToString::to_string).collect();
    assert_eq!(
        aliases,
        ["undated/new-title-ab77ad53"],
        "dated weeks after its snapshot"
    );
}

#[test]
fn an_older_snapshot_that_turns_up_late_moves_the_page_and_leaves_a_redirect() {
    let mut world = World::new();
    world.snapshot(
        "blog",
        "08-09",
        &[Item {
            title: "New title",
            ..A
        }],
    );
    assert_eq!(
        addresses(&world),
        [("2025/08/new-title-ab77ad53".to_owned(), vec![])]
    );
    world.snapshot("blog", "08-02", &[A]);
    let redirects = vec!["2025/08/new-title-ab77ad53".to_owned()];
    assert_eq!(
        addresses(&world),
        [("2025/08/old-title-ab77ad53".to_owned(), redirects)]
    );
}

#[test]
fn an_edit_of_the_text_alone_gives_no_second_address() {
    let mut world = World::new();
    world.snapshot("blog", "08-02", &[A]);
    world.snapshot(
        "blog",
        "08-09",
        &[Item {
            content: "<p>The new text</p>",
            ..A
        }],
    );
    assert_eq!(
        addresses(&world),
        [("2025/08/old-title-ab77ad53".to_owned(), vec![])]
    );
}

#[test]
fn a_site_that_moves_to_https_does_not_double_its_archive() {
    let mut world = World::new();
    world.snapshot(
        "blog",
        "08-02",
        &[Item {
            guid: "http://www.example.org/a/",
            ..A
        }],
    );
    world.snapshot("blog", "08-09", &[A]);
    assert_eq!(world.entry().aliases.len(), 1);
}

#[test]
fn what_repeats_side_by_side_is_no_name() {
    let other = Item {
        title: "Other",
        content: "<p>Other text</p>",
        ..A
    };
    for (one, two, entries) in [
        // The guid repeats: the links tell.
        (
            A,
            Item {
                link: "https://example.org/b",
                ..other
            },
            2,
        ),
        // Guid and link repeat: the content tells.
        (A, other, 2),
        // No guid, and the link repeats.
        (Item { guid: "", ..A }, Item { guid: "", ..other }, 2),
        // Only an anchor tells.
        (
            Item {
                guid: "",
                link: "https://example.org/list#1",
                ..A
            },
            Item {
                guid: "",
                link: "https://example.org/list#2",
                ..A
            },
            2,
        ),
        // The same entry in two categories of its site.
        (
            Item {
                tags: &["one"],
                ..A
            },
            Item {
                tags: &["two"],
                ..A
            },
            1,
        ),
    ] {
        let mut world = World::new();
        // A week before, only one of them was there.
        world.snapshot("blog", "08-02", &[one]);
        world.snapshot("blog", "08-09", &[one, two]);
        assert_eq!(world.entries().len(), entries, "{two:?}");
    }
}

#[test]
fn entries_that_want_the_same_address_are_told_apart_for_good() {
    let other = Item {
        link: "https://example.org/b",
        ..A
    };
    let mut world = World::new();
    world.snapshot("blog", "08-09", &[A, other]);
    let before = addresses(&world);
    let [(first, of_first), (second, of_second)] = before.as_slice() else {
        panic!("{before:?}");
    };
    // Entries of one date are sorted by id: which of them is the plain one is not said by that.
    let (plain, told_apart) = if first.len() < second.len() {
        (first, second)
    } else {
        (second, first)
    };
    assert_eq!(plain, "2025/08/old-title-ab77ad53");
    assert_eq!(told_apart.len(), plain.len() + "-xxxxxxxx".len());
    // Now the other one turns out to be the older one, and takes the plain address.
    world.snapshot("blog", "08-02", &[other]);
    let all: Vec<String> = addresses(&world)
        .into_iter()
        .flat_map(|(page, others)| [vec![page], others].concat())
        .collect();
    for address in [first, second].into_iter().chain(of_first).chain(of_second) {
        assert!(all.contains(address), "{address} not in {all:?}");
    }
}

#[test]
fn two_people_who_share_one_article_share_one_page() {
    let mut world = World::new();
    let ann = Item {
        guid: "ann-1",
        sharer: "ann",
        comment: "<p>Read this</p>",
        tags: &["Rust"],
        ..A
    };
    let bob = Item {
        guid: "bob-1",
        link: "http://www.example.org/a/?utm_source=feed",
        sharer: "bob",
        published: "07-30",
        tags: &["Parsing"],
        ..A
    };
    world.snapshot("ann", "08-02", &[ann]);
    world.snapshot("bob", "08-03", &[bob]);
    let entry = world.entry();
    let shares: Vec<_> = entry
        .shares
        .iter()
        .map(|share| share.sharer.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(shares, ["bob", "ann"], "the earliest first");
    assert_eq!(entry.date, Some(noon("07-30")));
    let comment = entry.shares[1].comment.as_ref().unwrap();
    assert_eq!(world.html(comment), "<p>Read this</p>");
    assert_eq!(comment.base, SafeUrl::parse("https://ann.example/story"));
    assert_eq!(entry.tags.len(), 2, "each feed gives its tags");
    world.config.merge.across_feeds = false;
    assert_eq!(
        world.entries().len(),
        2,
        "unless the owner wants them apart"
    );
}

#[test]
fn a_link_that_one_feed_has_twice_joins_nothing() {
    let mut world = World::new();
    world.snapshot(
        "ann",
        "08-02",
        &[
            Item { guid: "1", ..A },
            Item {
                guid: "2",
                title: "Again",
                ..A
            },
        ],
    );
    world.snapshot("bob", "08-03", &[Item { guid: "b", ..A }]);
    assert_eq!(world.entries().len(), 3);
}

#[test]
fn snapshots_without_a_time_come_first_or_by_their_newest_entry() {
    let mut world = World::new();
    world.snapshot("blog", "08-02", &[A]);
    let undated = Item {
        title: "No time",
        published: "",
        ..A
    };
    world.snapshot("blog", "08-30", &[undated]).taken = None;
    assert_eq!(world.entry().permalink.as_str(), "undated/no-time-ab77ad53");
    let dated = Item {
        guid: "b",
        link: "",
        published: "08-20",
        ..A
    };
    world
        .snapshot(
            "blog",
            "01-01",
            &[
                Item {
                    title: "Newest",
                    ..A
                },
                dated,
            ],
        )
        .taken = None;
    assert_eq!(world.entries()[0].title, Text::new("Newest"));
}

#[test]
fn a_hidden_feed_is_gone_and_moves_nothing() {
    let mut world = World::new();
    world.snapshot(
        "ann",
        "08-02",
        &[Item {
            title: "By Ann",
            tags: &["secret"],
            ..A
        }],
    );
    world.snapshot(
        "ann",
        "08-02",
        &[Item {
            guid: "only-ann",
            link: "",
            ..A
        }],
    );
    world.snapshot(
        "bob",
        "08-03",
        &[Item {
            title: "By Bob",
            content: "<p>Bob</p>",
            ..A
        }],
    );
    world.setting("ann").hidden = true;
    let entry = world.entry();
    assert_eq!(entry.permalink.as_str(), "2025/08/by-ann-ab77ad53");
    assert_eq!(entry.shares.len(), 1);
    assert!(entry.tags.is_empty() && entry.revisions.is_empty());
    assert_eq!(entry.title, Text::new("By Bob"));
}

#[test]
fn an_archive_goes_from_the_oldest_to_the_newest_entry() {
    let mut world = World::new();
    let item = |guid, published| Item {
        guid,
        link: "",
        published,
        ..A
    };
    world.snapshot(
        "blog",
        "08-10",
        &[item("c", "08-03"), item("b", "08-05"), item("a", "")],
    );
    let dates: Vec<_> = world.entries().iter().map(|entry| entry.date).collect();
    assert_eq!(dates, [None, Some(noon("08-03")), Some(noon("08-05"))]);
}
