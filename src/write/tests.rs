//! The writer from the outside: what is on the disk after builds of all kinds.

#![expect(clippy::disallowed_methods, reason = "tests look at what was written")]

use std::fs;

use proptest::prelude::*;

use super::*;

/// A site with an output folder.
struct Site(tempfile::TempDir);

impl Site {
    fn new() -> Self {
        Site(tempfile::tempdir().unwrap())
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("public")
    }

    fn open(&self, force: bool) -> Result<Writer, Diagnostic> {
        Writer::open(self.0.path(), &self.folder(), force, Earlier::default())
    }

    fn build(&self, files: &[(&str, &str)]) -> Written {
        self.build_with(files, false, true)
    }

    fn build_with(&self, files: &[(&str, &str)], force: bool, prune: bool) -> Written {
        let writer = self.open(force).unwrap();
        for (path, text) in files {
            writer.file(&OutPath::new(path).unwrap(), text.as_bytes(), None);
        }
        writer.finish(prune)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.folder().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Every file and empty folder but our own list, with its text.
    fn tree(&self) -> BTreeMap<String, String> {
        let mut tree = BTreeMap::new();
        for entry in walkdir::WalkDir::new(self.folder()).min_depth(1) {
            let entry = entry.unwrap();
            let path = shown(entry.path().strip_prefix(self.folder()).unwrap());
            if entry.file_type().is_file() {
                tree.insert(path, fs::read_to_string(entry.path()).unwrap());
            } else if entry.file_type().is_dir()
                && fs::read_dir(entry.path()).unwrap().next().is_none()
            {
                tree.insert(format!("{path}/"), String::new());
            }
        }
        tree.remove(".gleaner-files.json");
        tree
    }
}

fn tree(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    files.iter().map(owned).collect()
}

fn names(paths: &[OutPath]) -> Vec<&str> {
    paths.iter().map(OutPath::as_str).collect()
}

#[test]
fn a_second_build_writes_nothing_and_a_changed_one_the_difference() {
    let site = Site::new();
    let first = site.build(&[
        ("index.html", "a"),
        ("tags/rust.html", "b"),
        ("old/x.html", "c"),
    ]);
    assert_eq!(
        names(&first.written),
        ["index.html", "old/x.html", "tags/rust.html"]
    );
    assert_eq!(first.bytes, 3);
    let list = fs::metadata(site.folder().join(".gleaner-files.json")).unwrap();
    let second = site.build(&[
        ("index.html", "a"),
        ("tags/rust.html", "b"),
        ("old/x.html", "c"),
    ]);
    assert_eq!((second.written.len(), second.unchanged), (0, 3));
    let list_after = fs::metadata(site.folder().join(".gleaner-files.json")).unwrap();
    assert_eq!(list.modified().unwrap(), list_after.modified().unwrap());
    let third = site.build(&[
        ("index.html", "A"),
        ("tags/rust.html", "b"),
        ("new.html", "d"),
    ]);
    assert_eq!(names(&third.written), ["index.html", "new.html"]);
    assert_eq!(names(&third.removed), ["old/x.html"]);
    let expected = tree(&[
        ("index.html", "A"),
        ("new.html", "d"),
        ("tags/rust.html", "b"),
    ]);
    assert_eq!(site.tree(), expected);
}

#[test]
fn a_hand_changed_file_is_mended() {
    let site = Site::new();
    site.build(&[("a.html", "good"), ("b.html", "good")]);
    site.put("a.html", "evil");
    fs::remove_file(site.folder().join("b.html")).unwrap();
    let written = site.build(&[("a.html", "good"), ("b.html", "good")]);
    assert_eq!(names(&written.written), ["a.html", "b.html"]);
    assert_eq!(site.tree(), tree(&[("a.html", "good"), ("b.html", "good")]));
}

#[test]
fn a_folder_of_someone_else_is_refused_and_forced() {
    let site = Site::new();
    site.put("thesis.doc", "years of work");
    site.put("index.html", "theirs");
    let refused = site.open(false).unwrap_err();
    assert_eq!(refused.code, Code::OutputForeign);
    assert!(refused.hint.unwrap().contains("--force"));
    let written = site.build_with(&[("index.html", "ours")], true, true);
    assert_eq!(written.diagnostics, []);
    assert_eq!(
        site.tree(),
        tree(&[("index.html", "ours"), ("thesis.doc", "years of work")])
    );
    // From now on the folder is ours, and the other file still is not.
    site.build(&[]);
    assert_eq!(site.tree(), tree(&[("thesis.doc", "years of work")]));
}

#[test]
fn a_folder_with_hidden_files_alone_counts_as_empty() {
    let site = Site::new();
    site.put(".git", "gitdir: elsewhere");
    assert_eq!(site.build(&[("a.html", "a")]).diagnostics, []);
}

#[test]
fn a_foreign_file_in_the_way_costs_that_file_alone() {
    let site = Site::new();
    site.build(&[("a.html", "a")]);
    site.put("b.html", "theirs");
    site.put("c", "theirs");
    let planned = [("a.html", "a2"), ("b.html", "b"), ("c/d.html", "d")];
    let written = site.build(&planned);
    let told: Vec<_> = written
        .diagnostics
        .iter()
        .map(|problem| (problem.code, problem.place.as_ref().unwrap().file.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (Code::OutputForeign, "public/b.html"),
            (Code::OutputForeign, "public/c"),
        ]
    );
    assert_eq!(
        site.tree(),
        tree(&[("a.html", "a2"), ("b.html", "theirs"), ("c", "theirs")])
    );
    assert_eq!(site.build_with(&planned, true, true).diagnostics, []);
    assert_eq!(site.tree(), tree(&planned));
}

#[test]
fn a_build_with_errors_removes_nothing_and_forgets_nothing() {
    let site = Site::new();
    site.build(&[("a.html", "a"), ("b.html", "b")]);
    let written = site.build_with(&[("a.html", "a2")], false, false);
    assert_eq!(written.removed, []);
    assert_eq!(site.tree(), tree(&[("a.html", "a2"), ("b.html", "b")]));
    site.build(&[("a.html", "a2")]);
    assert_eq!(site.tree(), tree(&[("a.html", "a2")]));
}

#[test]
fn our_own_names_are_not_for_the_site() {
    let site = Site::new();
    let written = site.build(&[(".gleaner-files.json", "x"), (".nojekyll", "")]);
    assert_eq!(written.diagnostics[0].code, Code::PathInvalid);
    assert_eq!(names(&written.written), [".nojekyll"]);
}

#[test]
fn the_same_files_make_the_same_list() {
    let (one, two) = (Site::new(), Site::new());
    one.build(&[("a.html", "a"), ("b.html", "b")]);
    two.build(&[("b.html", "b"), ("c.html", "c")]);
    two.build(&[("b.html", "b"), ("a.html", "a")]);
    let list = |site: &Site| fs::read_to_string(site.folder().join(".gleaner-files.json")).unwrap();
    assert_eq!(list(&one), list(&two));
    assert!(list(&one).contains("\n    \"a.html\": \""));
}

#[cfg(unix)]
#[test]
fn links_lead_nothing_outside() {
    use std::os::unix::fs::symlink;
    let site = Site::new();
    let outside = tempfile::tempdir().unwrap();
    let victim = outside.path().join("victim.html");
    fs::write(&victim, "untouched").unwrap();
    site.build(&[("a.html", "a"), ("tags/victim.html", "v")]);
    fs::remove_file(site.folder().join("a.html")).unwrap();
    fs::remove_file(site.folder().join("tags/victim.html")).unwrap();
    fs::remove_dir(site.folder().join("tags")).unwrap();
    symlink(&victim, site.folder().join("a.html")).unwrap();
    symlink(outside.path(), site.folder().join("tags")).unwrap();
    symlink(&victim, site.folder().join(".gleaner-journal")).unwrap();
    symlink(outside.path(), site.folder().join(".gleaner-tmp")).unwrap();
    // A file of ours that became a link is mended; a folder that did is not ours.
    let written = site.build(&[("a.html", "a"), ("tags/victim.html", "v2"), ("n.html", "n")]);
    assert_eq!(written.diagnostics.len(), 1);
    assert_eq!(names(&written.written), ["a.html", "n.html"]);
    assert!(
        fs::symlink_metadata(site.folder().join("a.html"))
            .unwrap()
            .is_file()
    );
    // Pruning does not reach through the link, either; forcing replaces it.
    site.build(&[("a.html", "a")]);
    site.build_with(&[("tags/victim.html", "v3")], true, true);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert_eq!(site.tree(), tree(&[("tags/victim.html", "v3")]));
}

#[test]
fn what_stands_in_the_place_of_our_records_is_not_touched() {
    for name in [".gleaner-files.json", ".gleaner-journal", ".gleaner-tmp"] {
        let site = Site::new();
        site.put(name, "my diary\nof today\n");
        let refused = site.open(false).unwrap_err();
        assert_eq!(refused.code, Code::OutputForeign);
        assert_eq!(refused.place.unwrap().file, format!("public/{name}"));
        let text = fs::read_to_string(site.folder().join(name)).unwrap();
        assert_eq!(text, "my diary\nof today\n");
        assert_eq!(fs::read_dir(site.folder()).unwrap().count(), 1, "{name}");
        let written = site.build_with(&[("a.html", "a")], true, true);
        assert_eq!(written.diagnostics, [], "{name}");
        assert_eq!(site.build(&[("a.html", "a")]).unchanged, 1);
    }
    // In the folder of temporary files, only what a build left goes.
    let site = Site::new();
    site.put(".gleaner-tmp/7", "left over");
    site.put(".gleaner-tmp/mine.txt", "mine");
    site.build(&[("a.html", "a")]);
    site.build(&[("a.html", "b")]);
    let left = tree(&[("a.html", "b"), (".gleaner-tmp/mine.txt", "mine")]);
    assert_eq!(site.tree(), left);
}

#[test]
fn a_journal_is_known_whenever_its_build_was_killed() {
    let begins = |journal: &str| {
        let site = Site::new();
        site.put("a.html", "a");
        site.put(".gleaner-journal", journal);
        site.open(false).is_ok()
    };
    let head = "# The new files of a build that has not ended.\n";
    for length in 0..=head.len() {
        assert!(begins(&head[..length]), "{length}");
        if length > 0 {
            let resumed = format!(
                "{}
b.html
",
                &head[..length]
            );
            assert!(begins(&resumed), "{length}");
        }
    }
    assert!(begins("a.html\nb.ht"), "as earlier versions wrote it");
    assert!(!begins("b.html\na.html\n"));
}

#[test]
fn where_a_file_cannot_be_written_nothing_is_removed() {
    let site = Site::new();
    let before = [("a.html", "a"), ("b.html", "b"), ("old/c.html", "c")];
    site.build(&before);
    // Nobody can write a file where a folder with a foreign file is.
    fs::remove_file(site.folder().join("a.html")).unwrap();
    site.put("a.html/theirs.txt", "theirs");
    let written = site.build(&[("a.html", "A"), ("b.html", "B")]);
    assert_eq!(written.diagnostics.len(), 1);
    assert_eq!(
        (names(&written.removed), names(&written.written)),
        (vec![], vec!["b.html"])
    );
    assert!(site.tree().contains_key("old/c.html"));
    // It is still ours, and goes with the next build that succeeds.
    fs::remove_file(site.folder().join("a.html/theirs.txt")).unwrap();
    let written = site.build(&[("a.html", "A"), ("b.html", "B")]);
    assert_eq!(names(&written.removed), ["old/c.html"]);
    assert_eq!(site.tree(), tree(&[("a.html", "A"), ("b.html", "B")]));
}

#[test]
fn many_threads_write_into_the_same_new_folders() {
    use rayon::prelude::*;
    let site = Site::new();
    let writer = site.open(false).unwrap();
    (0..500).into_par_iter().for_each(|number: usize| {
        let path = OutPath::new(&format!("{}/{}/{number}.html", number % 3, number % 7)).unwrap();
        writer.file(&path, number.to_string().as_bytes(), None);
    });
    let written = writer.finish(true);
    assert_eq!(written.diagnostics, []);
    assert_eq!(site.tree().len(), 500);
    assert!(written.written.is_sorted());
}

/// Paths that may stand side by side or instead of each other: `a` as a file and as a folder.
fn plans() -> impl Strategy<Value = Vec<BTreeMap<&'static str, u8>>> {
    let path = prop::sample::select(vec![
        "a", "a/b", "a/b/c", "a/d", "e", "e/f", "own/g", "h.html",
    ]);
    let plan = prop::collection::btree_map(path, 0u8..3, 0..6);
    let plan = plan.prop_map(|mut plan| {
        let paths: Vec<&str> = plan.keys().copied().collect();
        let below = |path: &str| paths.iter().any(|top| path.starts_with(&format!("{top}/")));
        plan.retain(|path, _| !below(path));
        plan
    });
    prop::collection::vec(plan, 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_builds_leave_the_last_plan_and_foreign_files(
        plans in plans(), crashes in prop::collection::vec(prop::option::of(0usize..6), 6),
    ) {
        let site = Site::new();
        site.build(&[]);
        let foreign = [("own/theirs.txt", "theirs"), ("z", "theirs")];
        for (path, text) in foreign {
            site.put(path, text);
        }
        let mut last = BTreeMap::new();
        for (plan, crash) in plans.iter().zip(crashes) {
            last = plan.iter().map(|(path, text)| ((*path).to_owned(), text.to_string())).collect();
            if let Some(done) = crash {
                // The machine stops in the middle of the build; the next one is whole.
                let writer = site.open(false).unwrap();
                for (path, text) in last.iter().take(done) {
                    writer.file(&OutPath::new(path).unwrap(), text.as_bytes(), None);
                }
                drop(writer);
            }
            let files: Vec<_> = last.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            let written = site.build(&files);
            prop_assert_eq!(&written.diagnostics, &[]);
            prop_assert_eq!(site.build(&files).written.len(), 0);
        }
        last.extend(tree(&foreign));
        prop_assert_eq!(site.tree(), last);
    }
}
