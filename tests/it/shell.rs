//! What Gleaner gives to shells and to `man`: completions that complete, pages that can be read.

use std::collections::BTreeSet;
use std::process::Command;

use crate::site::{Site, files};

/// The commands that the help lists.
fn commands() -> BTreeSet<String> {
    let help = Site::empty().gleaner(&["--help"]).stdout;
    let list = help.split("Commands:\n").nth(1).unwrap();
    let list = list.split("\n\n").next().unwrap();
    // What is said of a command may go on, further to the right.
    let lines = list.lines().filter_map(|line| line.strip_prefix("  "));
    let names = lines.filter(|line| !line.starts_with(' '));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}

#[cfg(unix)]
fn bash(site: &Site, script: &str) -> Option<String> {
    let mut bash = Command::new("bash");
    let Ok(output) = bash.args(["-ec", script]).current_dir(site.path()).output() else {
        eprintln!("no bash: skipped");
        return None;
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn every_shell_has_its_completions() {
    let site = Site::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let outcome = site.gleaner(&["completions", shell]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
        for command in commands() {
            assert!(outcome.stdout.contains(&command), "{shell}: {command}");
        }
        // What is for tests is completed by none.
        assert!(!outcome.stdout.contains("--wait"), "{shell}");
    }
    assert_eq!(site.gleaner(&["completions", "tcsh"]).code, 2);
}

#[cfg(unix)]
#[test]
fn bash_completes_commands_options_and_values() {
    let script = Site::empty().gleaner(&["completions", "bash"]).stdout;
    let site = Site::empty().file("gleaner.bash", script);
    if bash(&site, "bash -n gleaner.bash").is_none() {
        return;
    }
    let completed = |words: &str| {
        let script = format!(
            "source gleaner.bash; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _gleaner gleaner \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let printed = bash(&site, &script).unwrap();
        let words = printed.lines().map(str::to_owned);
        words.collect::<BTreeSet<String>>()
    };
    let all = completed("gleaner ''");
    assert!(commands().is_subset(&all), "{all:?}");
    assert_eq!(completed("gleaner bui"), ["build".to_owned()].into());
    assert!(completed("gleaner build --b").contains("--base-url"));
    assert!(completed("gleaner theme ''").contains("export"));
    assert_eq!(
        completed("gleaner check --message-format g"),
        ["github".to_owned()].into()
    );
}

#[test]
fn there_is_a_page_of_the_manual_for_every_command() {
    let site = Site::empty();
    let first = site.gleaner(&["man"]);
    assert!(
        first.code == 0 && first.stdout.contains("\n.SH EXAMPLES\n.nf\n"),
        "{first:?}"
    );
    assert_eq!(site.gleaner(&["man", "--dir", "share/man1"]).code, 0);
    let pages = files(&site.path().join("share/man1"));
    let mut expected: Vec<String> = commands()
        .into_iter()
        .filter(|command| command != "help")
        .map(|command| format!("gleaner-{command}.1"))
        .collect();
    expected.extend(["", "-theme-export", "-theme-list"].map(|name| format!("gleaner{name}.1")));
    expected.sort();
    assert_eq!(pages, expected);
    assert_eq!(site.read("share/man1/gleaner.1"), Some(first.stdout));
    for page in &pages {
        let text = site.read(&format!("share/man1/{page}")).unwrap();
        for part in [".TH ", "\n.SH NAME\n", "\n.SH SYNOPSIS\n"] {
            assert!(text.contains(part), "{page}: {part}");
        }
        assert!(!text.contains("for tests"), "{page}");
        assert!(!text.contains(".SH EXTRA"), "{page}");
    }
    let outcome = site
        .file("file", "")
        .gleaner(&["man", "--dir", "file/below"]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
}

#[cfg(unix)]
#[test]
fn the_pages_of_the_manual_can_be_set() {
    let site = Site::empty();
    assert_eq!(site.gleaner(&["man", "--dir", "man1"]).code, 0);
    let groff = Command::new("groff")
        .args(["-man", "-Tutf8", "-ww", "-P-c", "man1/gleaner-fetch.1"])
        .current_dir(site.path())
        .output();
    let Ok(set) = groff else {
        eprintln!("no groff: skipped");
        return;
    };
    let text = String::from_utf8(set.stdout).unwrap();
    let told = String::from_utf8_lossy(&set.stderr).into_owned();
    assert!(set.status.success() && told.is_empty(), "{told}");
    assert!(
        text.contains("  gleaner fetch blurblog devto         these two\n"),
        "{text}"
    );
}
