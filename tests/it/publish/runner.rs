//! As much of GitHub as the workflow needs: a repository, runs with jobs and steps, caches, pages.
//!
//! Scripts are the workflow's own, run as GitHub runs them. What it does by actions is done here in a
//! few lines: checkouts, caches, the artifact. An expression or action that is not known here fails the
//! test, so the workflow cannot grow beyond it unseen. Time is set: for Gleaner, for git, for `date`.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::expressions::{fill, holds};
use super::workflow::{Job, Step, jobs};
use crate::site::{copy, files};

/// Where the archive is published, as GitHub Pages says it: without a slash at the end.
pub(super) const BASE_URL: &str = "https://me.github.io/archive";

/// A GitHub with one repository.
pub(super) struct GitHub {
    folder: tempfile::TempDir,
    runs: Cell<usize>,
    /// Secrets of the repository.
    pub(super) secrets: BTreeMap<String, String>,
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Run {
    /// The names of the steps that failed.
    pub(super) failed: Vec<String>,
    /// All that was printed, and the summary.
    pub(super) log: String,
    /// Whether the archive was published.
    pub(super) published: bool,
}

/// What somebody else does, just before the step with this id.
pub(super) type Meanwhile<'a> = Option<(&'a str, &'a dyn Fn(&GitHub))>;

/// What happens on the day of a run.
pub(super) struct Day<'a> {
    pub(super) event: &'a str,
    pub(super) now: jiff::Timestamp,
    pub(super) meanwhile: Meanwhile<'a>,
}

impl GitHub {
    /// With a repository that holds this site.
    pub(super) fn new(site: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let github = GitHub {
            folder,
            runs: Cell::new(0),
            secrets: BTreeMap::new(),
        };
        for name in ["caches", "live", "bin", "home"] {
            fs::create_dir(github.path(name)).unwrap();
        }
        let bare = github.path("repository.git");
        git(
            site,
            &[
                "init",
                "--quiet",
                "--bare",
                "--initial-branch=main",
                bare.to_str().unwrap(),
            ],
        );
        git(site, &["add", "--all"]);
        git(site, &["commit", "--quiet", "--message", "An archive"]);
        git(
            site,
            &["push", "--quiet", bare.to_str().unwrap(), "HEAD:main"],
        );
        let gleaner = env!("CARGO_BIN_EXE_gleaner");
        github.program(
            "gleaner",
            &format!(
                "if [ \"$1\" = fetch ]; then shift; set -- fetch --now \"$NOW\" --wait 10 \"$@\"; fi\n\
                 exec '{gleaner}' \"$@\""
            ),
        );
        github.program("date", "[ \"$*\" = +%s ] && echo \"$NOW_SECONDS\"");
        github.program("sleep", ":");
        github
    }

    /// Puts a program before those of the system.
    fn program(&self, name: &str, script: &str) {
        write_program(&self.path("bin"), name, script);
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The published archive, but for the list of its files.
    pub(super) fn live(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path("live"))
    }

    /// The archive as a machine builds it that has nothing but the repository.
    pub(super) fn clean(&self) -> BTreeMap<String, Vec<u8>> {
        let clone = tempfile::tempdir().unwrap();
        let bare = self.path("repository.git");
        git(
            clone.path(),
            &["clone", "--quiet", bare.to_str().unwrap(), "."],
        );
        let build = ["build", "--no-cache", "--base-url", BASE_URL, "--quiet"];
        let mut gleaner = Command::new(env!("CARGO_BIN_EXE_gleaner"));
        let output = gleaner.args(build).current_dir(clone.path()).output();
        assert!(output.unwrap().status.success());
        tree(&clone.path().join("public"))
    }

    /// The number of commits.
    pub(super) fn commits(&self) -> usize {
        let count = git(
            &self.path("repository.git"),
            &["rev-list", "--count", "main"],
        );
        count.trim().parse().unwrap()
    }

    /// The files of the last commit.
    pub(super) fn committed(&self) -> Vec<String> {
        let arguments = ["ls-tree", "-r", "--name-only", "main"];
        let files = git(&self.path("repository.git"), &arguments);
        files.lines().map(str::to_owned).collect()
    }

    /// Everything that git knows, as text.
    pub(super) fn history(&self) -> String {
        git(
            &self.path("repository.git"),
            &["log", "--all", "--patch", "--text"],
        )
    }

    /// Clones the repository, lets somebody change it, and pushes that.
    pub(super) fn owner(&self, now: jiff::Timestamp, change: impl Fn(&Path)) {
        let clone = tempfile::tempdir().unwrap();
        let bare = self.path("repository.git");
        git(
            clone.path(),
            &["clone", "--quiet", bare.to_str().unwrap(), "."],
        );
        change(clone.path());
        git(clone.path(), &["add", "--all"]);
        let date = now.to_string();
        let commit = ["commit", "--quiet", "--message", "Mine", "--date", &date];
        git_at(clone.path(), &commit, Some(&date));
        git(clone.path(), &["push", "--quiet", "origin", "HEAD:main"]);
    }

    /// Forgets all caches, as GitHub does after a week.
    pub(super) fn forget_caches(&self) {
        fs::remove_dir_all(self.path("caches")).unwrap();
        fs::create_dir(self.path("caches")).unwrap();
    }

    /// Lets nobody push, or anybody again.
    pub(super) fn protect(&self, protected: bool) {
        let hooks = self.path("repository.git/hooks");
        fs::create_dir_all(&hooks).unwrap();
        match protected {
            true => write_program(&hooks, "pre-receive", "echo 'protected' >&2; exit 1"),
            false => fs::remove_file(hooks.join("pre-receive")).unwrap(),
        }
    }

    /// Runs the workflow as it stands in the repository.
    pub(super) fn run(&self, day: &Day<'_>) -> Run {
        self.runs.set(self.runs.get() + 1);
        let workflow = ["show", "main:.github/workflows/publish.yml"];
        let workflow = git(&self.path("repository.git"), &workflow);
        let mut run = Run {
            failed: Vec::new(),
            log: String::new(),
            published: false,
        };
        let mut values = self.values(day);
        let artifact = tempfile::tempdir().unwrap();
        for job in jobs(&workflow) {
            let needed = job
                .needs
                .iter()
                .map(|job| &values[&format!("needs.{job}.result")]);
            let ready = needed.into_iter().all(|result| result == "success");
            let result = match holds(job.condition.as_deref(), ready, &values) {
                true => self.job(&job, day, &mut values, &mut run, artifact.path()),
                false => "skipped",
            };
            values.insert(format!("needs.{}.result", job.id), result.to_owned());
        }
        run
    }

    fn values(&self, day: &Day<'_>) -> BTreeMap<String, String> {
        let mut values: BTreeMap<String, String> = [
            ("github.ref_name", "main"),
            ("github.run_attempt", "1"),
            ("github.token", "t0ken-of-the-run"),
            ("github.event.repository.private", "false"),
            ("github.event_name", day.event),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        values.insert(
            "github.run_id".to_owned(),
            format!("{:04}", self.runs.get()),
        );
        for (name, value) in &self.secrets {
            values.insert(format!("secrets.{name}"), value.clone());
        }
        values
    }

    fn job(
        &self,
        job: &Job,
        day: &Day<'_>,
        values: &mut BTreeMap<String, String>,
        run: &mut Run,
        artifact: &Path,
    ) -> &'static str {
        assert!(
            !job.permissions.is_empty(),
            "{} may do what it wants",
            job.id
        );
        let workspace = tempfile::tempdir().unwrap();
        values.retain(|name, _| !name.starts_with("steps."));
        let mut good = true;
        for step in &job.steps {
            if let Some((id, act)) = day.meanwhile
                && step.id == id
            {
                act(self);
            }
            let outcome = if !holds(step.condition.as_deref(), good, values) {
                "skipped"
            } else if self.step(step, day, values, workspace.path(), artifact, run) {
                "success"
            } else {
                run.failed.push(step.name.clone());
                good = false;
                "failure"
            };
            values.insert(format!("steps.{}.outcome", step.id), outcome.to_owned());
        }
        match good {
            true => "success",
            false => "failure",
        }
    }

    fn step(
        &self,
        step: &Step,
        day: &Day<'_>,
        values: &mut BTreeMap<String, String>,
        workspace: &Path,
        artifact: &Path,
        run: &mut Run,
    ) -> bool {
        if let Some(script) = &step.run {
            let (good, log) = self.script(step, script, day, values, workspace);
            run.log.push_str(&log);
            return good;
        }
        let filled = |value: &String| fill(value, values, workspace);
        let with: BTreeMap<_, _> = step
            .with
            .iter()
            .map(|(name, value)| (&**name, filled(value)))
            .collect();
        let uses = step.uses.as_deref().unwrap();
        let (action, reference) = uses.split_once('@').unwrap();
        let pinned = reference.len() == 40 && reference.chars().all(|c| c.is_ascii_hexdigit());
        assert!(pinned, "not pinned: {uses}");
        match action {
            "actions/checkout" => {
                assert_eq!(with["persist-credentials"], "false");
                let bare = format!("file://{}", self.path("repository.git").display());
                let branch = &*with["ref"];
                let clone = [
                    "clone", "--quiet", "--depth", "1", "--branch", branch, &bare, ".",
                ];
                git(workspace, &clone);
            }
            "actions/cache/restore" => {
                let hit = self.restore(&with, workspace);
                let hit = hit.to_string();
                values.insert(format!("steps.{}.outputs.cache-hit", step.id), hit);
                let key = format!("steps.{}.outputs.cache-primary-key", step.id);
                values.insert(key, with["key"].clone());
            }
            "actions/cache/save" => {
                let (from, to) = (
                    workspace.join(&with["path"]),
                    self.path("caches").join(&with["key"]),
                );
                if from.exists() && !to.exists() {
                    copy(&from, &to);
                }
            }
            "actions/configure-pages" => {
                let name = format!("steps.{}.outputs.base_url", step.id);
                values.insert(name, BASE_URL.to_owned());
            }
            "me/gleaner" => assert_eq!(with["version"], env!("CARGO_PKG_VERSION")),
            "actions/upload-pages-artifact" => {
                assert_eq!(with["include-hidden-files"], "true");
                copy(&workspace.join(&with["path"]), artifact);
            }
            "actions/deploy-pages" => {
                fs::remove_dir_all(self.path("live")).unwrap();
                copy(artifact, &self.path("live"));
                run.published = true;
            }
            _ => panic!("unknown action: {uses}"),
        }
        true
    }

    /// Brings back the cache of this key, or the newest whose key begins as asked for.
    fn restore(&self, with: &BTreeMap<&str, String>, workspace: &Path) -> bool {
        let caches = self.path("caches");
        let exact = caches.join(&with["key"]);
        let all = fs::read_dir(&caches)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let begins = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_str().unwrap();
            name.starts_with(&with["restore-keys"])
        };
        let made = |path: &PathBuf| fs::metadata(path).unwrap().modified().unwrap();
        let newest = all.filter(begins).max_by_key(made);
        let found = exact.exists().then(|| exact.clone()).or(newest);
        if let Some(found) = found {
            let to = workspace.join(&with["path"]);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            copy(&found, &to);
        }
        exact.exists()
    }

    fn script(
        &self,
        step: &Step,
        script: &str,
        day: &Day<'_>,
        values: &BTreeMap<String, String>,
        workspace: &Path,
    ) -> (bool, String) {
        // An expression in a script is how strangers' words become commands.
        assert!(!script.contains("${{"), "{}", step.name);
        let summary = self.path("summary.md");
        fs::write(&summary, "").unwrap();
        let env = step
            .env
            .iter()
            .map(|(name, value)| (name.clone(), fill(value, values, workspace)));
        let output = bash(&self.path("bin"), workspace, script)
            .env("HOME", self.path("home"))
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("CI", "true")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_WORKSPACE", workspace)
            .env("NOW", day.now.to_string())
            .env("NOW_SECONDS", day.now.as_second().to_string())
            .env("GIT_AUTHOR_DATE", day.now.to_string())
            .env("GIT_COMMITTER_DATE", day.now.to_string())
            .envs(env)
            .output()
            .unwrap();
        let printed = [output.stdout, output.stderr, fs::read(&summary).unwrap()].concat();
        let log = format!("== {}\n{}", step.name, String::from_utf8_lossy(&printed));
        (output.status.success(), log)
    }
}

/// The files of an archive, but for the list of them.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let paths = files(folder).into_iter();
    let paths = paths.filter(|path| path != ".gleaner-files.json");
    paths
        .map(|path| (path.clone(), fs::read(folder.join(&path)).unwrap()))
        .collect()
}

/// A script, as GitHub runs it with `shell: bash`, with programs of ours before those of the system.
pub(super) fn bash(bin: &Path, workspace: &Path, script: &str) -> Command {
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new("bash");
    command
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        .current_dir(workspace)
        .env_clear()
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

/// Writes a shell script that can be run.
pub(super) fn write_program(folder: &Path, name: &str, script: &str) {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}

/// Runs git, and fails the test if it does.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> String {
    git_at(folder, arguments, None)
}

fn git_at(folder: &Path, arguments: &[&str], date: Option<&str>) -> String {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .args(["-c", "user.name=Me", "-c", "user.email=me@me.example"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    if let Some(date) = date {
        command.env("GIT_COMMITTER_DATE", date);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
