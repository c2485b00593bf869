//! What came of a run, in Markdown: the summary that a workflow shows of its steps.
//!
//! Whatever comes from feeds, from the file system or from site.toml is escaped: it shows as the text
//! that it is, and makes no link, no mention and no HTML. Tables are cut before they reach the
//! megabyte that GitHub takes of a step: failures stand first, what is left out is counted.

use std::collections::BTreeMap;
use std::io::{self, Write};

use gleaner::diag::{Code, Diagnostic, Severity, escape_controls, has_errors};
use gleaner::pipeline::{FeedCoverage, Mode, Report, Weight};

use super::summary;
use super::words::{counted, size};
use crate::exit::Exit;
use crate::fetch::{End, Outcome};

/// How many places of one code are named, before they are only counted.
const PLACES: usize = 3;
/// How many feeds are named, before they are only counted.
const FEEDS: usize = 500;
/// The longest text in a cell, in characters.
const LENGTH: usize = 240;

/// Writes what a build or a check came to.
pub(super) fn print(
    out: &mut impl Write,
    mode: Mode,
    report: &Report,
    exit: Exit,
) -> io::Result<()> {
    let heading = match (exit, mode) {
        (Exit::Success, Mode::Build) => "Built the site",
        (Exit::Success, Mode::Check) => "Checked the site",
        (_, Mode::Build) => "Failed to build all of the site",
        (_, Mode::Check) => "Failed the check",
    };
    writeln!(out, "### {heading}\n")?;
    let done = summary::done(mode, report);
    match mode {
        Mode::Build => writeln!(out, "{done}; {}\n", summary::written(report))?,
        Mode::Check => writeln!(out, "{done}\n")?,
    }
    let told = report.diagnostics.iter().chain(&report.before_publishing);
    print_told(out, told)?;
    if mode == Mode::Build && has_errors(&report.diagnostics) {
        let missing = "What has an error is missing from the site, or is as it was before.";
        writeln!(out, "**{missing}**\n")?;
    }
    print_coverage(out, &report.coverage)?;
    print_weight(out, &report.weight)
}

/// Writes what a fetch came to.
pub(super) fn print_fetched(
    out: &mut impl Write,
    outcomes: &[Outcome],
    told: &[Diagnostic],
) -> io::Result<()> {
    let failed = outcomes.iter().filter(|one| one.is_failed()).count();
    let feeds = counted(outcomes.len(), "feed", "feeds");
    match failed {
        0 if has_errors(told) => writeln!(out, "### Failed to fetch\n")?,
        0 => writeln!(out, "### Fetched {feeds}\n")?,
        _ => writeln!(out, "### Failed to fetch {failed} of {feeds}\n")?,
    }
    if !outcomes.is_empty() {
        writeln!(out, "| Feed | Outcome | New | Changed | Stored |")?;
        writeln!(out, "| --- | --- | ---: | ---: | ---: |")?;
    }
    let mut ordered: Vec<&Outcome> = outcomes.iter().collect();
    ordered.sort_by_key(|outcome| !outcome.is_failed());
    for outcome in ordered.iter().take(FEEDS) {
        print_feed(out, outcome)?;
    }
    if ordered.len() > FEEDS {
        writeln!(out, "| … and {} more | | | | |", ordered.len() - FEEDS)?;
    }
    writeln!(out)?;
    print_told(out, told.iter())
}

fn print_feed(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let errors = outcome.diagnostics.iter();
    let why = errors.filter(|one| one.severity == Severity::Error);
    // The name stands beside it.
    let name = format!("{}: ", escape_controls(&outcome.feed));
    let why = why.map(|one| text(one.message.strip_prefix(&name).unwrap_or(&one.message)));
    let why: Vec<String> = why.collect();
    let end = match outcome.end {
        End::Stored => "stored",
        End::NothingNew => "nothing new",
        End::NotModified => "not modified",
        End::Failed => "failed",
    };
    let end = match why.is_empty() {
        true => end.to_owned(),
        false => format!("**{end}**: {}", why.join("<br>")),
    };
    let number = |count: usize| match count {
        0 => String::new(),
        _ => count.to_string(),
    };
    let stored = match outcome.bytes {
        0 => String::new(),
        bytes => size(u64::try_from(bytes).unwrap_or(u64::MAX)),
    };
    let (feed, new, changed) = (
        text(&outcome.feed),
        number(outcome.new),
        number(outcome.changed),
    );
    writeln!(out, "| {feed} | {end} | {new} | {changed} | {stored} |")
}

/// Errors and warnings by code, with the first places of each.
fn print_told<'a>(
    out: &mut impl Write,
    told: impl Iterator<Item = &'a Diagnostic>,
) -> io::Result<()> {
    let mut codes: BTreeMap<(Severity, Code), Vec<&Diagnostic>> = BTreeMap::new();
    for one in told {
        codes.entry((one.severity, one.code)).or_default().push(one);
    }
    if codes.is_empty() {
        return Ok(());
    }
    writeln!(out, "| | Code | Times | Where |")?;
    writeln!(out, "| --- | --- | ---: | --- |")?;
    for ((severity, code), all) in codes {
        let severity = match severity {
            Severity::Error => "**error**",
            Severity::Warning => "warning",
        };
        let mut places: Vec<String> = all.iter().take(PLACES).map(|one| told_at(one)).collect();
        if all.len() > PLACES {
            places.push(format!("… and {} more", all.len() - PLACES));
        }
        let (code, times, places) = (code.as_str(), all.len(), places.join("<br>"));
        writeln!(out, "| {severity} | `{code}` | {times} | {places} |")?;
    }
    writeln!(out, "\n`gleaner explain CODE` tells more of each.\n")
}

/// `site.toml:2:1: message`.
fn told_at(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.place.as_ref().map(|place| {
        let position = place.position;
        let position = position.map(|at| format!(":{}:{}", at.line, at.column));
        format!("{}{}: ", place.file, position.unwrap_or_default())
    });
    let place = place.unwrap_or_default();
    format!("{}{}", text(&place), text(&diagnostic.message))
}

/// Where snapshots leave gaps, those with gaps first: what a check knows, and a build does not.
fn print_coverage(out: &mut impl Write, coverage: &[FeedCoverage]) -> io::Result<()> {
    if coverage.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "| Feed | Snapshots | Missing between | Fetch at least |"
    )?;
    writeln!(out, "| --- | ---: | --- | --- |")?;
    let mut ordered: Vec<&FeedCoverage> = coverage.iter().collect();
    ordered.sort_by_key(|feed| feed.gaps.is_empty());
    for feed in ordered.iter().take(FEEDS) {
        // The newest first: what it lost may still be found.
        let gaps = feed.gaps.iter().rev().take(PLACES);
        let mut gaps: Vec<String> = gaps
            .map(|gap| format!("{} and {}", text(&gap.since), text(&gap.until)))
            .collect();
        if feed.gaps.len() > PLACES {
            gaps.push(format!("… and {} more", feed.gaps.len() - PLACES));
        }
        let (name, gaps) = (text(&feed.feed), gaps.join("<br>"));
        let (snapshots, advice) = (feed.snapshots, feed.advice.unwrap_or_default());
        writeln!(out, "| {name} | {snapshots} | {gaps} | {advice} |")?;
    }
    writeln!(out)
}

/// What the files weigh, kind by kind.
fn print_weight(out: &mut impl Write, weight: &Weight) -> io::Result<()> {
    if weight.files == 0 {
        return Ok(());
    }
    writeln!(out, "| Size of the site | Files | Bytes |")?;
    writeln!(out, "| --- | ---: | ---: |")?;
    for kind in &weight.kinds {
        let (name, files, bytes) = (kind.kind, kind.files, size(kind.bytes));
        writeln!(out, "| {name} | {files} | {bytes} |")?;
    }
    let (files, bytes) = (weight.files, size(weight.bytes));
    writeln!(out, "| **all** | {files} | {bytes} |\n")?;
    let largest = weight.largest.iter();
    let largest: Vec<String> = largest
        .map(|(path, bytes)| format!("{} ({})", text(path), size(*bytes)))
        .collect();
    writeln!(out, "Largest files: {}\n", largest.join(", "))
}

/// Text that Markdown shows as it is, on one line, cut where it is long.
fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    for (count, character) in raw.chars().enumerate() {
        if count == LENGTH {
            out.push('…');
            break;
        }
        rest = rest.strip_prefix(character).unwrap_or_default();
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A table looks for bars before anything else is understood.
            '|' => out.push_str("&#124;"),
            '\\' => out.push_str("&#92;"),
            // Neither mentions nor addresses become links.
            '@' => out.push_str("&#64;"),
            ':' if rest.starts_with("//") => out.push_str("&#58;"),
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("&#46;"),
            '`' | '*' | '_' | '[' | ']' | '#' | '~' | '$' | '!' => {
                out.push('\\');
                out.push(character);
            }
            _ if character.is_control() => out.push(' '),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use gleaner::diag::Place;
    use gleaner::pipeline::{FeedGap, KindWeight};
    use pulldown_cmark::{Event, Options, Parser};

    use super::*;

    /// Markdown as GitHub reads it.
    fn gfm() -> Options {
        Options::all() - Options::ENABLE_SMART_PUNCTUATION
    }

    /// What stands in a table that Markdown makes of a row, and whether it is nothing but text.
    fn shown(cell: &str) -> (String, bool) {
        let row = format!("| a |\n| --- |\n| {cell} |\n");
        let mut text = String::new();
        let mut plain = true;
        for event in Parser::new_ext(&row, gfm())
            .skip_while(|event| !matches!(event, Event::Start(pulldown_cmark::Tag::TableRow)))
        {
            match event {
                Event::Text(piece) => text.push_str(&piece),
                Event::Start(tag) => {
                    plain &= matches!(
                        tag,
                        pulldown_cmark::Tag::TableRow | pulldown_cmark::Tag::TableCell
                    );
                }
                Event::End(_) => {}
                _ => plain = false,
            }
        }
        (text, plain)
    }

    #[test]
    fn whatever_is_quoted_shows_as_the_text_that_it_is() {
        for raw in [
            "plain",
            "a | b | c",
            "\\| \\\\|",
            "<img src=x onerror=alert(1)><!-- -->",
            "[click](javascript:alert(1)) ![x](https://e.example/x.png)",
            "**bold** _it_ ~~gone~~ `code` ``` $x$ $$y$$",
            "&lt;script&gt; &#124; &amp;",
            "# heading",
            "<https://e.example/> https://e.example/ www.e.example me@e.example @octocat #12",
            "[^1] [x] [[wiki]] :smile: {#id} ==",
            "`unbalanced",
        ] {
            let (text, plain) = shown(&text(raw));
            assert_eq!(text, raw);
            assert!(plain, "{raw}");
        }
        assert_eq!(text("a\nb\r\n| c"), "a b  &#124; c");
        assert!(!text("https://e.example www.e.example a@b").contains("://"));
        assert_eq!(text(&"x".repeat(1_000)).chars().count(), LENGTH + 1);
    }

    #[test]
    fn a_build_is_told_with_its_problems_by_code() {
        let warning = |n: usize| {
            Diagnostic::warning(Code::FeedRepaired, format!("<b>{n}</b>")).at(Place::span(
                "content/a|b.xml",
                "x\ny",
                2..3,
            ))
        };
        let mut diagnostics: Vec<_> = (0..5).map(warning).collect();
        diagnostics.push(Diagnostic::error(Code::TemplateFailed, "broken"));
        let report = Report {
            snapshots: 1,
            entries: 2,
            pages: 3,
            written: 4,
            bytes: 5_000,
            diagnostics,
            weight: Weight {
                files: 5,
                bytes: 1_200_000,
                kinds: vec![KindWeight {
                    kind: "pages",
                    files: 5,
                    bytes: 1_200_000,
                }],
                largest: vec![("a_b.html".to_owned(), 1_000_000)],
            },
            ..Report::default()
        };
        let mut out = Vec::new();
        print(&mut out, Mode::Build, &report, Exit::SiteErrors).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        ### Failed to build all of the site

        2 entries from 1 snapshot: 3 pages; wrote 4 files (5.0 kB), 0 unchanged

        | | Code | Times | Where |
        | --- | --- | ---: | --- |
        | **error** | `template-failed` | 1 | broken |
        | warning | `feed-repaired` | 5 | content/a&#124;b.xml:2:1: &lt;b&gt;0&lt;/b&gt;<br>content/a&#124;b.xml:2:1: &lt;b&gt;1&lt;/b&gt;<br>content/a&#124;b.xml:2:1: &lt;b&gt;2&lt;/b&gt;<br>… and 2 more |

        `gleaner explain CODE` tells more of each.

        **What has an error is missing from the site, or is as it was before.**

        | Size of the site | Files | Bytes |
        | --- | ---: | ---: |
        | pages | 5 | 1.2 MB |
        | **all** | 5 | 1.2 MB |

        Largest files: a\_b.html (1.0 MB)
        ");
    }

    #[test]
    fn what_may_be_missing_is_told_with_its_dates() {
        let gap = |day: u8| FeedGap {
            since: format!("2026-11-{day:02}T00:00:00Z"),
            until: format!("2026-11-{:02}T00:00:00Z", day + 1),
            file: "content/snapshots/a/x.xml".to_owned(),
        };
        let feed = |name: &str, gaps: Vec<FeedGap>| FeedCoverage {
            feed: name.to_owned(),
            snapshots: 9,
            first: None,
            last: None,
            gaps,
            holds: Some(25),
            busiest: Some(3),
            advice: Some("every day"),
        };
        let all = [
            feed("whole", Vec::new()),
            feed("a_b", (1..=5).map(gap).collect()),
        ];
        let mut out = Vec::new();
        print_coverage(&mut out, &all).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        | Feed | Snapshots | Missing between | Fetch at least |
        | --- | ---: | --- | --- |
        | a\_b | 9 | 2026-11-05T00:00:00Z and 2026-11-06T00:00:00Z<br>2026-11-04T00:00:00Z and 2026-11-05T00:00:00Z<br>2026-11-03T00:00:00Z and 2026-11-04T00:00:00Z<br>… and 2 more | every day |
        | whole | 9 |  | every day |
        ");
    }

    #[test]
    fn feeds_that_failed_stand_first() {
        let mut stored = Outcome::new("blog");
        stored.end = End::Stored;
        (stored.new, stored.changed, stored.bytes) = (3, 1, 12_345);
        let mut same = Outcome::new("a_b");
        same.end = End::NotModified;
        let problem = Diagnostic::error(Code::FetchFailed, "gone: `x` <b>answered</b> 404");
        let failed = Outcome::new("gone").failed(problem.clone());
        let mut out = Vec::new();
        print_fetched(&mut out, &[same, stored, failed], &[problem]).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        ### Failed to fetch 1 of 3 feeds

        | Feed | Outcome | New | Changed | Stored |
        | --- | --- | ---: | ---: | ---: |
        | gone | **failed**: \`x\` &lt;b&gt;answered&lt;/b&gt; 404 |  |  |  |
        | a\_b | not modified |  |  |  |
        | blog | stored | 3 | 1 | 12.3 kB |

        | | Code | Times | Where |
        | --- | --- | ---: | --- |
        | **error** | `fetch-failed` | 1 | gone: \`x\` &lt;b&gt;answered&lt;/b&gt; 404 |

        `gleaner explain CODE` tells more of each.
        ");
    }
}
