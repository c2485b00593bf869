//! The repository keeps its own rules: headers, sizes, imports that point down, and the one door
//! through which HTML becomes safe.

use std::fs;

use crate::site::{Site, files, repository};

/// The longest file, in lines; the aim is 400.
const LONGEST: usize = 450;

/// Which modules a stage may import from: itself, and what stands below it.
const IMPORTS: &[(&str, &[&str])] = &[
    ("diag", &[]),
    ("gate", &[]),
    ("guard", &[]),
    ("model", &["diag"]),
    ("memo", &["model"]),
    ("config", &["diag", "model"]),
    ("load", &["diag", "model", "config"]),
    ("ingest", &["diag", "model", "config", "guard", "memo"]),
    ("merge", &["diag", "model", "config"]),
    ("sanitize", &["diag", "model", "config", "memo"]),
    ("plan", &["diag", "model", "config"]),
    ("theme", &["diag", "model", "config"]),
    ("render", &["diag", "model", "config", "plan", "theme"]),
    ("search", &["diag", "model", "config", "guard", "plan"]),
    ("regular", &["model"]),
    ("write", &["diag", "model", "load", "gate", "regular"]),
    ("cache", &["diag", "model", "memo", "regular"]),
];

fn sources() -> Vec<(String, String)> {
    let src = repository().join("src");
    files(&src)
        .into_iter()
        .filter(|path| path.ends_with(".rs"))
        .map(|path| {
            let text = fs::read_to_string(src.join(&path)).unwrap();
            (path, text)
        })
        .collect()
}

#[test]
fn every_module_opens_with_what_it_is_for() {
    for (path, text) in sources() {
        assert!(text.starts_with("//! "), "src/{path} has no header");
        assert!(text.lines().count() <= LONGEST, "src/{path} is too long");
    }
}

#[test]
fn imports_point_down() {
    for (path, text) in sources() {
        let module = path.split(['/', '.']).next().unwrap();
        let Some((_, allowed)) = IMPORTS.iter().find(|(name, _)| *name == module) else {
            assert!(
                matches!(module, "lib" | "pipeline" | "bin"),
                "src/{path} is in no table"
            );
            continue;
        };
        // Tests may look further: they build what a stage is given.
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for rest in code.split("crate::").skip(1) {
            let imported: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let fine = imported == module || allowed.contains(&imported.as_str());
            assert!(fine, "src/{path} imports from `{imported}`");
        }
    }
}

#[test]
fn the_binary_uses_the_public_library_only() {
    for (path, text) in sources()
        .into_iter()
        .filter(|(path, _)| path.starts_with("bin/"))
    {
        assert!(!text.contains("gleaner::model"), "src/{path}");
    }
}

#[test]
fn html_becomes_safe_in_one_place() {
    for (path, text) in sources() {
        let mints = text.contains("store_safe(");
        assert!(
            !mints || path.starts_with("sanitize/") || path == "model/bodies.rs",
            "src/{path}"
        );
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let mut in_dependencies = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.contains("dependencies]");
        } else if in_dependencies && line.contains('=') {
            assert!(line.contains(" # "), "no reason: {line}");
        }
    }
}

#[test]
fn the_settings_and_the_note_of_the_readme_are_real() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let block = |start: &str, marker: &str| {
        let blocks = readme
            .split(start)
            .skip(1)
            .filter_map(|rest| rest.split("```").next());
        let mut blocks = blocks.filter(|block| block.contains(marker));
        blocks
            .next()
            .unwrap_or_else(|| panic!("no block with {marker}"))
            .to_owned()
    };
    let site = Site::example()
        .file("site.toml", block("```toml\n", "[syndication]"))
        .file(
            "content/notes/readme.md",
            block("```markdown\n", "hidden = false"),
        );
    let built = site.build();
    let told = built.diagnostics();
    assert_eq!(built.code(), 0, "{told:#?}");
    // The feed of the README is none of the example's, and the example has a note on that entry.
    assert!(
        told.iter()
            .all(|line| line.contains("config-unused-feed") || line.contains("note-conflict")),
        "{told:#?}"
    );
    assert!(built.page("index.html").contains("A better title"));
}
