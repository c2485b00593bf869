//! What the snapshots of a feed cover, and between which of them something may be missing.

use super::super::worlds::{Item, World, noon};
use crate::model::Coverage;

/// An entry of a day.
fn entry(day: &'static str) -> Item {
    Item {
        guid: day,
        title: day,
        published: day,
        content: "<p>The text</p>",
        ..Item::default()
    }
}

fn entries<const N: usize>(days: [&'static str; N]) -> [Item; N] {
    days.map(entry)
}

/// What the snapshots of the only feed cover.
fn coverage(world: &World) -> Coverage {
    let mut coverage = world.merge().0.coverage;
    assert_eq!(coverage.len(), 1);
    coverage.remove(0)
}

/// The files of the later snapshots.
fn gaps(world: &World) -> Vec<String> {
    let gaps = coverage(world).gaps.into_iter();
    gaps.map(|gap| gap.file.rsplit('/').next().unwrap().to_owned())
        .collect()
}

#[test]
fn snapshots_that_overlap_leave_no_gap_and_others_do() {
    let mut world = World::new();
    world.snapshot("blog", "08-02", &entries(["08-02", "08-01"]));
    world.snapshot("blog", "08-03", &entries(["08-03", "08-02"]));
    world.snapshot("blog", "08-09", &entries(["08-09", "08-08"]));
    world.snapshot("blog", "08-10", &entries(["08-10", "08-09"]));
    let told = coverage(&world);
    assert_eq!((told.snapshots, told.gaps.len()), (4, 1));
    assert_eq!(
        (told.first, told.last),
        (Some(noon("08-02")), Some(noon("08-10")))
    );
    let gap = &told.gaps[0];
    assert_eq!((gap.since, gap.until), (noon("08-03"), noon("08-09")));
    assert_eq!(&*gap.file, "content/snapshots/blog/2025-08-09.xml");
}

#[test]
fn an_entry_is_known_again_by_the_rules_of_merging() {
    let mut world = World::new();
    let first = Item {
        guid: "",
        link: "http://www.example.org/a/",
        ..entry("08-02")
    };
    let edited = Item {
        link: "https://example.org/a",
        title: "Another title",
        ..first
    };
    world.snapshot("blog", "08-02", &[first]);
    world.snapshot("blog", "08-09", &[edited]);
    assert_eq!(gaps(&world), [""; 0]);
}

#[test]
fn a_feed_that_was_empty_for_a_while_hides_no_gap_and_makes_none() {
    let mut world = World::new();
    world.snapshot("blog", "08-01", &entries(["08-01"]));
    world.snapshot("blog", "08-02", &[]);
    world.snapshot("blog", "08-03", &entries(["08-03", "08-01"]));
    world.snapshot("blog", "08-04", &[]);
    world.snapshot("blog", "08-09", &entries(["08-09"]));
    assert_eq!(gaps(&world), ["2025-08-09.xml"]);
    assert_eq!(coverage(&world).snapshots, 5);
}

#[test]
fn another_feed_fills_no_gap() {
    let mut world = World::new();
    world.snapshot("blog", "08-01", &entries(["08-01"]));
    world.snapshot("blog", "08-09", &entries(["08-09"]));
    world.snapshot("other", "08-05", &entries(["08-01", "08-09"]));
    let coverage = world.merge().0.coverage;
    let gaps: Vec<_> = coverage.iter().map(|feed| feed.gaps.len()).collect();
    assert_eq!(gaps, [1, 0]);
}

#[test]
fn a_walk_back_through_history_is_no_gap_and_fills_those_that_it_reaches() {
    let mut world = World::new();
    let page = |world: &mut World, number: &str, items: &[Item]| {
        let snapshot = world.snapshot("blog", "08-20", items);
        snapshot.path = format!("content/snapshots/blog/2025-08-20-{number}.xml").into();
    };
    world.snapshot("blog", "08-01", &entries(["08-01"]));
    world.snapshot("blog", "08-05", &entries(["08-05"]));
    world.snapshot("blog", "08-09", &entries(["08-09"]));
    assert_eq!(gaps(&world), ["2025-08-05.xml", "2025-08-09.xml"]);

    // The feed itself said nothing new: only what is older was stored.
    page(&mut world, "999", &entries(["08-08", "08-07", "08-06"]));
    assert_eq!(gaps(&world).len(), 2, "it has not come far enough");
    page(&mut world, "998", &entries(["08-05", "08-04"]));
    assert_eq!(gaps(&world), ["2025-08-05.xml"]);
    page(&mut world, "997", &entries(["08-03", "08-01"]));
    assert_eq!(gaps(&world), [""; 0]);

    // The next fetch is held against the feed as it was before the walk.
    world.snapshot("blog", "08-21", &entries(["08-21", "08-09"]));
    assert_eq!(gaps(&world), [""; 0]);
}

#[test]
fn snapshots_without_a_time_stand_in_no_order() {
    let mut world = World::new();
    for (day, path) in [("08-01", "page-1.xml"), ("08-09", "page-2.xml")] {
        let snapshot = world.snapshot("blog", day, &entries([day]));
        snapshot.taken = None;
        snapshot.path = path.into();
    }
    let told = coverage(&world);
    assert_eq!((told.gaps.len(), told.first), (0, None));
}

#[test]
fn the_pace_is_that_of_the_busiest_day_and_the_size_that_of_the_last_looks() {
    let mut world = World::new();
    let at = |guid: &'static str, published: &'static str| Item {
        guid,
        published,
        ..Item::default()
    };
    let burst = [
        at("a", "2025-08-03T08:00:00Z"),
        at("b", "2025-08-03T09:00:00Z"),
        at("c", "2025-08-03T23:00:00Z"),
        at("d", "2025-08-02T23:00:00Z"),
    ];
    world.snapshot("blog", "08-03", &burst);
    world.snapshot("blog", "08-04", &burst[..3]);
    world.snapshot("blog", "08-05", &burst[..3]);
    let pace = coverage(&world).pace.unwrap();
    assert_eq!((pace.holds, pace.busiest), (3, 3));

    let mut undated = World::new();
    undated.snapshot("blog", "08-01", &[at("a", "")]);
    assert_eq!(coverage(&undated).pace, None);
}
