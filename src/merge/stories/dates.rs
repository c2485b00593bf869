//! Which dates can be true, and what is said about the others.

use jiff::Timestamp;

use super::A;
use crate::diag::{Code, Diagnostic};
use crate::merge::worlds::{Item, World};

/// Entries with these dates, of a snapshot whose name tells no time; the feed says `word`.
fn told(word: &str, dates: &[&'static str]) -> World {
    let mut world = World::new();
    let items: Vec<Item> = dates
        .iter()
        .enumerate()
        .map(|(number, published)| Item {
            guid: String::leak(number.to_string()),
            link: "",
            published,
            ..A
        })
        .collect();
    let snapshot = world.snapshot("blog", "08-10", &items);
    snapshot.taken = None;
    snapshot.updated = (!word.is_empty()).then(|| moment(word));
    snapshot.frozen_updated = snapshot.updated;
    world
}

fn moment(day: &str) -> Timestamp {
    format!("{day}T12:00:00Z").parse().unwrap()
}

/// The days of these dates that are left out.
fn dropped(word: &str, days: &[&str]) -> Vec<String> {
    let dates: Vec<&'static str> = days
        .iter()
        .map(|day| &*String::leak(format!("{day}T12:00:00Z")))
        .collect();
    let world = told(word, &dates);
    let kept: Vec<_> = world
        .entries()
        .iter()
        .filter_map(|entry| entry.date)
        .collect();
    let days = days.iter().filter(|day| !kept.contains(&moment(day)));
    let dropped: Vec<String> = days.map(|day| (*day).to_owned()).collect();
    assert_eq!(
        doubts(&world).is_empty(),
        dropped.is_empty(),
        "{word} {dates:?}"
    );
    dropped
}

fn doubts(world: &World) -> Vec<Diagnostic> {
    let told = world.merge().1.into_iter();
    told.filter(|it| it.code == Code::DateDropped).collect()
}

#[test]
fn a_feed_whose_own_date_stands_still_keeps_its_entries_dates() {
    for (word, days) in [
        // One entry of three is newer by two days.
        (
            "2025-03-04",
            &["2025-03-06", "2025-03-03", "2025-03-01"][..],
        ),
        // The theme has had the same date for years.
        (
            "2019-05-01",
            &[
                "2018-01-01",
                "2018-06-01",
                "2019-04-01",
                "2019-12-01",
                "2020-10-01",
                "2021-08-01",
            ],
        ),
        ("2005-01-01", &["2024-01-01", "2025-01-01"]),
        // It rarely has anything new.
        (
            "2020-01-01",
            &["2014-01-01", "2016-01-01", "2019-01-01", "2023-01-01"],
        ),
        // A post for next month; nothing tells the time.
        ("2025-03-04", &["2025-04-06", "2025-03-03"]),
        ("", &["2025-03-03", "2031-01-01"]),
    ] {
        assert_eq!(dropped(word, days), [""; 0], "{word} {days:?}");
    }
}

#[test]
fn an_entry_far_in_the_future_errs() {
    let days = ["2025-08-01", "2025-08-05", "2099-01-01"];
    assert_eq!(dropped("2025-08-11", &days), ["2099-01-01"]);
    assert_eq!(dropped("2025-07-30", &days), ["2099-01-01"]);
    assert_eq!(dropped("", &["2025-08-01", "9000-01-01"]), ["9000-01-01"]);
    // A post of the feed's future, and a clock that is a little fast.
    assert_eq!(
        dropped("2025-08-11", &["2025-08-01", "2025-08-12"]),
        [""; 0]
    );
}

#[test]
fn texts_from_before_the_web_are_dated() {
    assert_eq!(dropped("", &["1988-05-03", "1993-05-03"]), [""; 0]);
    assert_eq!(dropped("", &["1660-01-01", "1660-01-02"]), [""; 0]);
    assert_eq!(dropped("2025-08-11", &["1988-05-03"]), [""; 0]);
    assert_eq!(dropped("", &["1403-10-05", "2024-12-25"]), ["1403-10-05"]);
    assert_eq!(dropped("", &["0001-01-01"]), ["0001-01-01"]);
    let shared = told("", &["1988-05-03T12:00:00Z", "1988-05-03T12:00:00Z"]);
    assert_eq!(shared.entries().iter().find_map(|entry| entry.date), None);
    assert_eq!(doubts(&shared).len(), 1);
}

#[test]
fn a_date_that_programs_write_for_none_is_none() {
    for date in [
        "1970-01-01T00:00:00Z",
        "1969-12-31T16:00:00Z",
        "1970-01-01T14:00:00Z",
        "1970-01-21T02:10:12Z",
        "1899-12-30T00:00:00Z",
        "1900-01-01T05:00:00Z",
        "1904-01-01T00:00:00Z",
        "1601-01-01T00:00:00Z",
        "1980-01-01T00:00:00Z",
        "2038-01-19T03:14:07Z",
    ] {
        let world = told("", &[date, "2025-08-01T00:00:00Z"]);
        let dated = world
            .entries()
            .iter()
            .filter(|entry| entry.date.is_some())
            .count();
        assert_eq!(dated, 1, "{date}");
        let doubts = doubts(&world);
        assert!(
            doubts[0].message.contains("where they know none"),
            "{doubts:?}"
        );
        // The next best counts.
        let mut world = World::new();
        world.snapshot(
            "blog",
            "08-10",
            &[Item {
                published: date,
                updated: "08-01",
                ..A
            }],
        );
        assert!(world.entry().date.is_some(), "{date}");
    }
    for date in [
        "1970-01-20T00:00:00Z",
        "1979-12-30T00:00:00Z",
        "1900-01-02T00:00:00Z",
    ] {
        assert_eq!(doubts(&told("", &[date])), [], "{date}");
    }
}

#[test]
fn a_date_that_is_left_out_is_reported_once() {
    let epoch = Item {
        published: "1970-01-01T00:00:00Z",
        ..A
    };
    let other = Item {
        guid: "b",
        title: "Another",
        ..epoch
    };
    let mut world = World::new();
    for day in ["08-10", "08-11", "08-12"] {
        world.snapshot("blog", day, &[epoch, other]);
    }
    let told = doubts(&world);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        told[0].message,
        "left out the date of 2 entries, “Old title” among them: 1970-01-01 is a date that programs write where they know none"
    );
    let place = told[0].place.as_ref().unwrap();
    assert_eq!(place.file, "content/snapshots/blog/2025-08-10.xml");
    assert!(told[0].hint.is_some());
    // What is new in a later snapshot is reported there, for each cause.
    let third = Item { guid: "c", ..epoch };
    let late = Item {
        guid: "d",
        published: "12-31",
        ..A
    };
    world.snapshot("blog", "08-13", &[epoch, third, late]);
    assert_eq!(doubts(&world).len(), 3);
    // Somewhere one of them has a date.
    world.snapshot(
        "blog",
        "08-14",
        &[Item {
            published: "08-01",
            ..third
        }],
    );
    assert_eq!(doubts(&world).len(), 2);
    // The day of a scheduled post has come.
    world.snapshot("blog", "12-31", &[late]);
    assert_eq!(doubts(&world).len(), 1);
}

#[test]
fn the_order_of_snapshots_survives_an_odd_date() {
    // Neither name nor feed tells the time: the entries do, but for the one from the future.
    let mut world = told(
        "",
        &[
            "2025-08-01T00:00:00Z",
            "2025-08-02T00:00:00Z",
            "2099-01-01T00:00:00Z",
        ],
    );
    world.snapshots[0].path = "a.xml".into();
    let mut newer = told("", &["2025-09-01T00:00:00Z"]).snapshots.remove(0);
    newer.path = "b.xml".into();
    world.snapshots.insert(0, newer);
    let order: Vec<_> = crate::merge::seen::in_order(&world.snapshots)
        .iter()
        .map(|snapshot| snapshot.path.to_string())
        .collect();
    assert_eq!(order, ["a.xml", "b.xml"]);
}
