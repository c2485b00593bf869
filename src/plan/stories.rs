//! What stands on which page: small archives, and what templates are given of them.

use serde_json::json;

use super::worlds::{World, terms, text};

#[test]
fn home_has_months_and_days_and_tags_have_years() {
    let mut world = World::new();
    world.entry("", "a.example", &["rust"]);
    world.entry("2024-12-31T10:00:00Z", "a.example", &["rust"]);
    world.entry("2025-08-27T10:00:00Z", "b.example", &["rust"]);
    world.entry("2025-08-28T10:00:00Z", "b.example", &["rust"]);
    world.entry("2025-08-28T11:00:00Z", "b.example", &[]);
    let plan = world.plan();

    assert_eq!(
        plan.sections("index.html"),
        "August 2025 [28 August 2025: 4 3, 27 August 2025: 2]; \
         December 2024 [31 December 2024: 1]; - [Undated: 0]"
    );
    assert_eq!(
        plan.page("index.html").sections[0]
            .heading
            .as_ref()
            .unwrap()
            .href,
        "2025/08/index.html"
    );
    assert_eq!(
        plan.sections("tags/rust.html"),
        "2025 [-: 3 2]; 2024 [-: 1]; - [Undated: 0]"
    );
    assert_eq!(
        plan.page("tags/rust.html").sections[0]
            .heading
            .as_ref()
            .unwrap()
            .href,
        "2025/index.html"
    );
    assert_eq!(
        plan.sections("2025/08/index.html"),
        "- [28 August 2025: 4 3, 27 August 2025: 2]"
    );
    assert_eq!(plan.sections("undated/index.html"), "- [-: 0]");

    let home = plan.matter("index.html");
    assert_eq!(home["since"]["day"], "2024-12-31");
    assert_eq!(home["undated"]["count"], 1);
    assert_eq!(home["years"][0]["year"]["name"], "2025");
    assert_eq!(terms(&home["years"][0]["months"]), "August 3");
    assert_eq!(terms(&home["top_tags"]), "rust 4");
    assert_eq!(terms(&home["top_sources"]), "b.example 3, a.example 2");
    assert!(home["top_sources"][0]["hue"].is_number());
}

#[test]
fn a_numbered_page_has_sections_and_none_of_what_may_change() {
    let mut world = World::with("[lists]\npage = 2\n");
    for day in 1..=5 {
        let time = format!("202{day}-01-01T00:00:00Z");
        let entry = world.entry(&time, "a.example", &["rust", "zig"]);
        entry.source.link = crate::model::SafeUrl::parse("https://a.example/");
    }
    let plan = world.plan();
    assert_eq!(
        plan.sections("sources/a.example/1.html"),
        "2022 [-: 1]; 2021 [-: 0]"
    );
    let numbered = plan.matter("sources/a.example/1.html");
    for field in ["count", "link", "previous", "next"] {
        assert_eq!(numbered[field], json!(null), "{field}");
    }
    for field in ["tags", "sources", "archive"] {
        assert_eq!(numbered[field], json!([]), "{field}");
    }
    let newest = plan.matter("sources/a.example.html");
    assert_eq!(newest["hue"], numbered["hue"]);
    assert_eq!(newest["link"], "https://a.example/");
    assert_eq!(terms(&newest["tags"]), "rust 5, zig 5");
}

#[test]
fn an_index_stands_by_name_and_by_count_and_knows_other_names() {
    let mut world = World::with(
        "[tags.aliases]\njs = 'JavaScript'\necmascript = 'JavaScript'\nc-sharp = 'C#'\nRUST = 'Rust'\n",
    );
    world.entry("2025-01-01T00:00:00Z", "a.example", &["Rust", "Äther"]);
    world.entry("2025-01-02T00:00:00Z", "a.example", &["Rust", "JavaScript"]);
    world.entry("2025-01-03T00:00:00Z", "b.example", &["zig"]);
    let plan = world.plan();

    let by_name = plan.matter("tags/index.html");
    assert_eq!(by_name["order"], "name");
    assert_eq!(by_name["count"], 4);
    assert_eq!(by_name["by_count"]["href"], "tags/by-count.html");
    assert_eq!(
        terms(&by_name["sections"][0]["terms"]),
        "Äther 1, JavaScript 1, Rust 2, zig 1"
    );
    let javascript = &by_name["sections"][0]["terms"][1];
    assert_eq!(javascript["aliases"], json!(["ecmascript", "js"]));
    assert_eq!(
        plan.matter("tags/javascript.html")["aliases"],
        javascript["aliases"]
    );
    // An alias that only says how a tag is written is no other name.
    assert_eq!(plan.matter("tags/rust.html")["aliases"], json!([]));

    let by_count = plan.matter("tags/by-count.html");
    assert_eq!(by_count["order"], "count");
    assert_eq!(by_count["by_name"]["href"], "tags/index.html");
    assert_eq!(
        terms(&by_count["sections"][0]["terms"]),
        "Rust 2, Äther 1, JavaScript 1, zig 1"
    );
    assert_eq!(
        terms(&plan.matter("sources/by-count.html")["sections"][0]["terms"]),
        "a.example 2, b.example 1"
    );
    assert_eq!(plan.matter("sharers/by-count.html")["count"], 1);
}

#[test]
fn the_commonest_tag_is_not_the_nearest_one() {
    let mut world = World::new();
    for day in 10..30 {
        world.entry(&format!("2025-01-{day}T00:00:00Z"), "a.example", &["web"]);
    }
    for day in 10..14 {
        let time = format!("2025-02-{day}T00:00:00Z");
        world.entry(&time, "b.example", &["borrowing", "rust", "web"]);
    }
    world.entry("2025-02-20T00:00:00Z", "b.example", &["rust", "zoo"]);
    let plan = world.plan();
    let rust = plan.matter("tags/rust.html");
    assert_eq!(terms(&rust["tags"]), "borrowing 4, zoo 1, web 4");
    assert_eq!(terms(&rust["sources"]), "b.example 5");
    // Where no tag is asked about, what is most frequent counts.
    let year = plan.matter("2025/index.html");
    assert_eq!(terms(&year["tags"]), "web 24, rust 5, borrowing 4, zoo 1");
    assert_eq!(terms(&year["sources"]), "a.example 20, b.example 5");
    let month = plan.matter("2025/02/index.html");
    assert_eq!(terms(&month["tags"]), "rust 5, borrowing 4, web 4, zoo 1");
}

#[test]
fn a_new_entry_elsewhere_changes_nothing_on_the_page_of_a_tag() {
    let mut world = World::new();
    world.entry(
        "2025-01-01T00:00:00Z",
        "a.example",
        &["rust", "web", "wasm"],
    );
    world.entry("2025-01-02T00:00:00Z", "a.example", &["rust", "wasm"]);
    let before = world.plan().matter("tags/rust.html");
    for day in 10..30 {
        // Another spelling, too: the page keeps the one that its own entries have.
        world.entry(
            &format!("2025-02-{day}T00:00:00Z"),
            "a.example",
            &["WASM", "web"],
        );
    }
    assert_eq!(world.plan().matter("tags/rust.html"), before);
}

#[test]
fn on_this_day_joins_the_years_and_keeps_to_the_time_zone() {
    let mut world = World::with("timezone = 'Europe/Berlin'\n");
    world.entry("2024-08-28T10:00:00Z", "a.example", &["rust"]);
    // It is the 28th already in Berlin.
    world.entry("2025-08-27T22:30:00Z", "a.example", &[]);
    // And the 29th here.
    world.entry("2025-08-28T22:30:00Z", "a.example", &[]);
    world.entry("2024-02-29T12:00:00Z", "a.example", &[]);
    world.entry("", "a.example", &[]);
    let plan = world.plan();

    assert_eq!(
        plan.sections("on-this-day/08-28.html"),
        "2025 [-: 1]; 2024 [-: 0]"
    );
    let day = plan.matter("on-this-day/08-28.html");
    assert_eq!(
        (&day["list"], &day["name"]),
        (&json!("day"), &json!("28 August"))
    );
    assert_eq!(day["count"], 2);
    assert_eq!(terms(&day["tags"]), "rust 1");
    assert_eq!(day["previous"]["title"], "29 February");
    assert_eq!(day["next"]["title"], "29 August");

    let months = plan.matter("on-this-day/index.html")["months"].clone();
    assert_eq!(months.as_array().unwrap().len(), 12);
    assert_eq!(months[1]["name"], "February");
    assert_eq!(months[1]["days"].as_array().unwrap().len(), 29);
    assert_eq!(
        months[1]["days"][28],
        json!({"key": "02-29", "number": 29, "name": "29 February",
               "href": "on-this-day/02-29.html", "count": 1})
    );
    assert_eq!(months[0]["days"][0]["href"], json!(null));
    let days = months.as_array().unwrap().iter();
    let days = days.map(|month| month["days"].as_array().unwrap().len());
    assert_eq!(days.sum::<usize>(), 366);
}

#[test]
fn statistics_tell_numbers_and_draw_them() {
    let mut world = World::new();
    world
        .entry("2024-11-05T00:00:00Z", "a.example", &["rust"])
        .body = text(100);
    world
        .entry("2025-01-05T00:00:00Z", "a.example", &["rust"])
        .body = text(690);
    world
        .entry("2025-01-05T01:00:00Z", "b.example", &["zig"])
        .body = text(20 * 230);
    world.entry("", "b.example", &["rust"]);
    let plan = world.plan();
    let statistics = plan.matter("statistics/index.html");
    let count = |field: &str| statistics[field].as_u64().unwrap();
    assert_eq!(
        (count("entries"), count("with_text"), count("words")),
        (4, 3, 5390)
    );
    assert_eq!(
        (count("sources"), count("sharers"), count("tags")),
        (2, 1, 2)
    );
    assert_eq!(count("hours"), 1);
    assert_eq!(statistics["since"]["day"], "2024-11-05");
    assert_eq!(statistics["until"]["day"], "2025-01-05");
    assert_eq!(
        statistics["busiest_day"],
        json!([{"title": "5 January 2025", "href": "2025/01/index.html"}, 2])
    );

    let chart = |id: &str| {
        let charts = statistics["charts"].as_array().unwrap();
        charts
            .iter()
            .find(|chart| chart["id"] == id)
            .unwrap()
            .clone()
    };
    let bars = |id: &str| -> Vec<(String, u64)> {
        let chart = chart(id);
        let bars = chart["bars"].as_array().unwrap().iter();
        bars.map(|bar| {
            let label = bar["label"].as_str().unwrap().to_owned();
            (label, bar["value"].as_u64().unwrap())
        })
        .collect()
    };
    let expected = |bars: &[(&str, u64)]| -> Vec<(String, u64)> {
        let bars = bars.iter();
        bars.map(|(label, value)| ((*label).to_owned(), *value))
            .collect()
    };
    assert_eq!(
        bars("months"),
        expected(&[
            ("November 2024", 1),
            ("December 2024", 0),
            ("January 2025", 2)
        ])
    );
    assert_eq!(
        chart("months")["summary"],
        "Most entries were shared in January 2025: 2."
    );
    assert_eq!(chart("months")["bars"][0]["href"], "2024/11/index.html");
    assert_eq!(chart("months")["bars"][1]["href"], json!(null));
    assert_eq!(bars("years"), expected(&[("2024", 1), ("2025", 2)]));
    assert_eq!(
        bars("sources"),
        expected(&[("a.example", 2), ("b.example", 2)])
    );
    assert_eq!(bars("tags"), expected(&[("rust", 3), ("zig", 1)]));
    assert_eq!(
        chart("tags")["summary"],
        "The tag with the most entries is rust: 3."
    );
    assert_eq!(
        bars("lengths"),
        expected(&[
            ("no text", 1),
            ("under 1 min", 1),
            ("1–3 min", 0),
            ("3–5 min", 1),
            ("5–10 min", 0),
            ("10–20 min", 0),
            ("over 20 min", 1),
        ])
    );
}

#[test]
fn a_long_time_is_drawn_in_longer_steps() {
    for (first, last, months, years) in [
        ("2025-01", "2025-12", Some(("Month", 12)), None),
        (
            "2016-01",
            "2025-12",
            Some(("Month", 120)),
            Some(("Year", 10)),
        ),
        (
            "2015-12",
            "2025-12",
            Some(("Quarter", 41)),
            Some(("Year", 11)),
        ),
        ("1991-01", "2025-12", None, Some(("Year", 35))),
        ("1991-01", "9999-12", None, Some(("Century", 81))),
    ] {
        let mut world = World::new();
        for month in [first, last] {
            world.entry(&format!("{month}-10T00:00:00Z"), "a.example", &[]);
        }
        let statistics = world.plan().matter("statistics/index.html");
        let chart = |id: &str| {
            let mut charts = statistics["charts"].as_array().unwrap().iter();
            let chart = charts.find(|chart| chart["id"] == id)?;
            let bars = chart["bars"].as_array().unwrap().len();
            Some((chart["label"].as_str().unwrap().to_owned(), bars))
        };
        let expected =
            |chart: Option<(&str, usize)>| chart.map(|(label, bars)| (label.to_owned(), bars));
        assert_eq!(chart("months"), expected(months), "{first} to {last}");
        assert_eq!(chart("years"), expected(years), "{first} to {last}");
    }
}

#[test]
fn an_empty_archive_has_all_its_pages() {
    let plan = World::new().plan();
    assert_eq!(plan.sections("index.html"), "");
    let statistics = plan.matter("statistics/index.html");
    assert_eq!(statistics["charts"], json!([]));
    assert_eq!(statistics["busiest_day"], json!(null));
    for index in ["tags", "sources", "sharers"] {
        let by_name = plan.matter(&format!("{index}/index.html"));
        assert_eq!(
            (&by_name["count"], &by_name["sections"]),
            (&json!(0), &json!([]))
        );
        // No page leads to another order of nothing, but its address stays.
        let by_count = plan.find(&format!("{index}/by-count.html"));
        assert_eq!(by_count.unwrap().matter.kind(), "redirect");
    }
    assert_eq!(
        plan.matter("on-this-day/index.html")["months"][0]["days"][0]["count"],
        0
    );
    assert!(plan.find("undated/index.html").is_none());
}

#[test]
fn the_navigation_is_fixed() {
    let site = World::new().plan().0.site;
    let titles = |links: &[super::context::Link]| -> Vec<String> {
        links.iter().map(|link| link.title.clone()).collect()
    };
    assert_eq!(
        titles(&site.nav),
        ["Latest", "Tags", "Sources", "Sharers", "Dates"]
    );
    assert_eq!(titles(&site.more), ["On this day", "Statistics"]);
    assert_eq!(site.more[1].href, "statistics/index.html");
}
