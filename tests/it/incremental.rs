//! The law: whatever happened to a site, to its output and to its cache, a build leaves what a clean
//! build would make, byte for byte, and says the same; and the next one writes nothing. A preview
//! that was there all the time shows the same.

mod edits;
mod texts;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use gleaner::diag::{Code, has_errors};
use gleaner::pipeline::{Mode, Options, Preview};

use crate::site::{Built, Quiet, Site, roomy_threads};
use edits::{Edit, Inputs, World};

/// Sequences of edits that are tried, unless PROPTEST_CASES says otherwise.
const CASES: u32 = 24;

/// What a build was worth: its files and folders, what it said, and how it ended.
#[derive(Debug, Clone, PartialEq)]
struct Outcome {
    tree: BTreeMap<String, Option<Vec<u8>>>,
    told: Vec<String>,
    code: i32,
}

impl Outcome {
    fn of(built: &Built, folder: &Path, foreign: &[&str]) -> Self {
        let mut tree = tree(folder);
        for path in foreign {
            assert_eq!(
                tree.remove(*path),
                Some(Some(b"foreign".to_vec())),
                "{path}"
            );
        }
        Outcome {
            tree,
            told: lasting(built.diagnostics()),
            code: built.code(),
        }
    }
}

/// What a build tells of the site as it is: not of what became of that since the last one.
fn lasting(mut told: Vec<String>) -> Vec<String> {
    told.retain(|line| !line.contains("warning[addresses-gone]"));
    told
}

/// Everything below a folder: files with their content, folders and links without.
fn tree(folder: &Path) -> BTreeMap<String, Option<Vec<u8>>> {
    let below = walkdir::WalkDir::new(folder).min_depth(1).into_iter();
    below
        .filter_map(Result::ok)
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap();
            let content = entry
                .file_type()
                .is_file()
                .then(|| fs::read(entry.path()).unwrap());
            (path.to_str().unwrap().to_owned(), content)
        })
        .collect()
}

/// What a build makes that knows nothing of the ones before it.
fn clean(site: &Site) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let public = folder.path().join("public");
    let output = public.to_str().unwrap();
    let built = site.build_into(public.clone(), &["--no-cache", "--output", output]);
    Outcome::of(&built, &public, &[])
}

/// What a clean build made last, and of what.
type Last = Option<(Inputs, Outcome)>;

/// Builds, and holds what came of it against a clean build; then builds again.
fn build_and_compare(world: &mut World, last: &mut Last) -> Result<(), TestCaseError> {
    let built = world.site.build();
    if built.messages().contains("error[output-foreign]") {
        prop_assert_eq!(built.code(), 1);
        prop_assert!(world.clear_obstacles(), "{}", built.messages());
        return build_and_compare(world, last);
    }
    world.clear_obstacles();
    let incremental = Outcome::of(&built, &world.public(), &world.foreign);
    let inputs = world.inputs();
    let same = last.take().filter(|(of, _)| *of == inputs);
    let (_, expected) = last.insert(same.unwrap_or_else(|| (inputs, clean(&world.site))));
    prop_assert_eq!(&incremental.told, &expected.told);
    prop_assert_eq!(incremental.code, expected.code);
    compare(&incremental, expected, world)?;

    let again = world.site.build();
    prop_assert_eq!(again.wrote(), [""; 0]);
    prop_assert_eq!(
        Outcome::of(&again, &world.public(), &world.foreign),
        incremental
    );
    Ok(())
}

fn compare(incremental: &Outcome, expected: &Outcome, world: &World) -> Result<(), TestCaseError> {
    let Outcome { tree, code, .. } = incremental;
    for (path, content) in &expected.tree {
        // A list of what is there, and after errors more is there.
        if *code == 0 || path != ".gleaner-files.json" {
            prop_assert!(
                tree.get(path) == Some(content),
                "{} is not as it must be",
                path
            );
        }
    }
    // After errors, what was good once stays; and so do folders that somebody else made or uses.
    let is_used = |path: &String| {
        let inside = |file: &&str| file.starts_with(&format!("{path}/"));
        world.foreign.iter().any(inside)
            || world.has_own_folders && world.public().join(path).is_dir()
    };
    let more = tree
        .keys()
        .filter(|path| !expected.tree.contains_key(*path) && !is_used(path));
    let more: Vec<&String> = more.collect();
    prop_assert!(*code != 0 || more.is_empty(), "there is more: {:?}", more);
    Ok(())
}

/// A preview that was opened when the site began.
fn preview(site: &Site) -> Preview {
    roomy_threads();
    Preview::new(Options {
        root: site.path().to_path_buf(),
        ..Options::default()
    })
}

/// Looks at the files again, and holds what is shown then against a clean build.
fn preview_and_compare(
    preview: &Preview,
    world: &World,
    built: &Outcome,
) -> Result<(), TestCaseError> {
    let edition = preview.refresh(&[], &Quiet).edition;
    let check = gleaner::pipeline::run(
        &Options {
            root: world.site.path().to_path_buf(),
            forgetful: true,
            mode: Mode::Check,
            ..Options::default()
        },
        &Quiet,
    );
    if has_errors(&check.diagnostics) {
        // What is wrong is told, by the site or by the page; what is shown is what was good once.
        return Ok(());
    }
    // A check alone reports addresses that would disappear, gaps between snapshots, which nobody who
    // writes can close, and links that lead nowhere, for which it makes every page. That the address is
    // an example matters later.
    let of_check = [
        Code::AddressesGone,
        Code::FeedGap,
        Code::LinkBroken,
        Code::ConfigPlaceholder,
    ];
    let told = check.diagnostics.into_iter();
    let told: Vec<_> = told.filter(|one| !of_check.contains(&one.code)).collect();
    prop_assert_eq!(edition.diagnostics(), &told[..]);
    for (path, content) in &built.tree {
        let Some(content) = content else { continue };
        if path.starts_with(".gleaner-") || path.ends_with("/key.txt") {
            continue;
        }
        let Some(served) = edition.file(path) else {
            return Err(TestCaseError::fail(format!("{path} is not there")));
        };
        prop_assert!(edition.has(path));
        let damaged = served
            .problems
            .iter()
            .any(|one| one.code.as_str() == "cache-failed");
        if damaged {
            // Then all is read again as soon as somebody looks.
            return preview_and_compare(preview, world, built);
        }
        prop_assert!(
            served.problems.is_empty() && served.bytes == *content,
            "{path}"
        );
    }
    Ok(())
}

/// A site to begin with.
fn begin() -> World {
    let mut world = World::new();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut drawn = |strategy: BoxedStrategy<(&'static str, String)>| {
        strategy.new_tree(&mut runner).unwrap().current()
    };
    for _ in 0..4 {
        let (path, text) = drawn(texts::snapshots().boxed());
        world.apply(&Edit::Write(path, text));
    }
    for strategy in [
        texts::notes().boxed(),
        texts::pages().boxed(),
        texts::statics().boxed(),
    ] {
        let (path, text) = drawn(strategy);
        world.apply(&Edit::Write(path, text));
    }
    let toml = format!("{}[search]\nenabled = false\n", crate::site::MINIMAL);
    world.apply(&Edit::Write("site.toml", toml));
    world
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").map_or(CASES, |cases| cases.parse().unwrap()),
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    })]

    #[test]
    fn after_any_edits_a_build_leaves_what_a_clean_build_would(steps in edits::sequences()) {
        let mut world = begin();
        let mut last = None;
        build_and_compare(&mut world, &mut last)?;
        for step in &steps {
            step.iter().for_each(|edit| world.apply(edit));
            build_and_compare(&mut world, &mut last)?;
        }
    }

    #[test]
    fn after_any_edits_a_preview_shows_what_a_clean_build_would(steps in edits::sequences()) {
        let mut world = begin();
        let preview = preview(&world.site);
        preview_and_compare(&preview, &world, &clean(&world.site))?;
        for step in &steps {
            step.iter().for_each(|edit| world.apply(edit));
            preview_and_compare(&preview, &world, &clean(&world.site))?;
        }
    }
}
