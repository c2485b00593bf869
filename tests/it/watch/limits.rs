//! What the system does not tell: its limits are hit, or its queue runs over.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Ground;
use super::live::{Live, Process, Watch, signal};
use super::page;

/// As many events as Linux keeps, unless it is told otherwise, and some.
const TOO_MANY: usize = 17_000;

/// What each write comes to: the file is opened, written and closed.
const EVENTS_PER_WRITE: usize = 3;

/// Linux counts watches by user namespaces, too: in one of our own, the limits are ours.
fn with_limit(limit: &str, root: &Path) -> Option<Process> {
    let (name, number) = limit.split_once(' ').unwrap();
    let set = format!("echo {number} > /proc/sys/user/{name}");
    let mut try_out = Command::new("unshare");
    if !try_out
        .args(["-Ur", "sh", "-c", &set])
        .output()
        .ok()?
        .status
        .success()
    {
        eprintln!("skipped: no user namespace of our own");
        return None;
    }
    let mut command = Command::new("unshare");
    command
        .args(["-Ur", "sh", "-c"])
        .arg(format!("{set}; exec \"$0\" \"$@\""));
    command.arg(env!("CARGO_BIN_EXE_gleaner"));
    Some(Process::of(command, "watch", root, &[]))
}

#[test]
fn where_watches_are_used_up_files_are_looked_at() {
    for limit in ["max_inotify_instances 0", "max_inotify_watches 2"] {
        let ground = Ground::new();
        let Some(process) = with_limit(limit, ground.site.path()) else {
            return;
        };
        let mut live = Watch::of(process, ground.site.path());
        let notice = live.process().earlier("notice");
        let hint = notice["hint"].as_str().unwrap();
        assert!(hint.contains("sysctl fs.inotify.max_user_"), "{notice}");
        ground.write("content/pages/about.md", page("seen all the same"));
        live.until_says("about.html", "seen all the same");
    }
}

#[test]
fn where_watches_are_used_up_later_nothing_is_lost() {
    let ground = Ground::new();
    let Some(process) = with_limit("max_inotify_watches 10", ground.site.path()) else {
        return;
    };
    let mut live = Watch::of(process, ground.site.path());
    ground.write("content/pages/about.md", page("still told"));
    live.until_says("about.html", "still told");
    ground.write(
        "content/pages/a/b/c/d/e/f/g/h/i/j/deep.md",
        page("too deep"),
    );
    live.process().wait_for("notice");
    live.until_says("a/b/c/d/e/f/g/h/i/j/deep.html", "too deep");
    ground.write("content/pages/a/b/c/d/e/f/g/h/i/j/deep.md", page("deep"));
    live.until_says("a/b/c/d/e/f/g/h/i/j/deep.html", "deep");
}

#[test]
fn a_queue_that_runs_over_loses_nothing() {
    let ground = Ground::new();
    ground.write("content/static/0.txt", "before");
    let mut live: Watch = ground.live(&[]);
    let process = live.process().id();
    signal("-STOP", &process);
    for n in 0..TOO_MANY / EVENTS_PER_WRITE {
        // In turns: equal events in a row are one.
        ground.write(&format!("content/static/{}.txt", n % 2), n.to_string());
    }
    // Told by nothing that fits into the queue.
    ground.write("content/pages/trip/lost.md", page("not lost"));
    ground.write("content/pages/about.md", page("not lost, either"));
    signal("-CONT", &process);
    live.until_says("about.html", "not lost, either");
    live.until_says("trip/lost.html", "not lost");
    ground.write("content/pages/trip/lost.md", page("followed"));
    live.until_says("trip/lost.html", "followed");
    assert!(fs::read(ground.at("public/1.txt")).is_ok());
}
