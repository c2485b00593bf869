//! The workflow over some months: new entries, quiet days, an outage, a broken feed, an edit, a removal,
//! somebody who pushes at the same time, a push that is refused, caches that are lost.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use jiff::{Timestamp, ToSpan};

use super::runner::{BASE_URL, Day, GitHub, Meanwhile, Run};
use super::workflow::timeouts;
use crate::fetch::server::{Answer, Server};
use crate::site::{Site, repository};

const TOKEN: &str = "s3cr3t-t0ken-4711";

/// Two feeds for everyone, and one whose address is a secret.
struct World {
    github: GitHub,
    server: Server,
    /// The names of all entries that were ever served, and reached the repository.
    seen: BTreeSet<String>,
    now: Timestamp,
    before: BTreeMap<String, Vec<u8>>,
    commits: usize,
}

/// An Atom feed. An entry: on which day of November it was written, its name, its words.
fn feed(entries: &[(u8, &str, &str)]) -> String {
    let entry = |(day, name, words): &(u8, &str, &str)| {
        format!(
            "<entry><id>urn:{name}</id><title>{name}</title><link href='https://o.example/{name}'/>\
             <published>2026-11-{day:02}T06:00:00Z</published><updated>2026-11-{day:02}T06:00:00Z</updated>\
             <content type='html'>&lt;p>{words}&lt;/p></content></entry>\n"
        )
    };
    let entries: String = entries.iter().map(entry).collect();
    format!(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Blog</title><id>urn:blog</id>\
         <updated>2026-11-01T00:00:00Z</updated>\n{entries}</feed>\n"
    )
}

impl World {
    fn new() -> Self {
        let server = Server::start();
        let site = Site::empty();
        let starred = format!("starred={}", server.url(&format!("/starred?token={TOKEN}")));
        let made = site.gleaner(&[
            "init",
            ".",
            "--title",
            "Things",
            "--github",
            "--action",
            "me/gleaner@0123456789012345678901234567890123456789",
            "--feed",
            &format!("blog={}", server.url("/blog")),
            "--feed",
            &format!("posts={}", server.url("/posts")),
            "--feed",
            &starred,
            "--allow-private-addresses",
            "--no-fetch",
        ]);
        assert_eq!(made.code, 0, "{made:?}");
        let mut github = GitHub::new(site.path());
        let secret = server.url(&format!("/starred?token={TOKEN}"));
        github.secrets.insert("STARRED_URL".to_owned(), secret);
        World {
            commits: github.commits(),
            github,
            server,
            seen: BTreeSet::new(),
            now: "2026-11-20T04:17:00Z".parse().unwrap(),
            before: BTreeMap::new(),
        }
    }

    /// Each feed has said something, and it is published.
    fn after_a_day() -> Self {
        let mut world = World::new();
        world.says("/posts", &[P]);
        world.says(&format!("/starred?token={TOKEN}"), &[S]);
        world.says("/blog", &[A]);
        world.saw(&["apples", "pines", "stars"]);
        let run = world.day();
        world.ended(&run, &[]);
        world
    }

    /// What a feed says from now on.
    fn says(&self, path: &str, entries: &[(u8, &str, &str)]) {
        let body = feed(entries);
        let tag = format!("\"{}\"", blake3::hash(body.as_bytes()).to_hex());
        self.server.says(path, [Answer::ok(body).etag(&tag)]);
    }

    /// The next day: the run of the schedule.
    fn day(&mut self) -> Run {
        self.run("schedule", None)
    }

    fn run(&mut self, event: &str, meanwhile: Meanwhile<'_>) -> Run {
        self.now += 24.hours();
        let (now, before) = (self.now, self.github.live());
        self.before = before;
        self.commits = self.github.commits();
        let run = self.github.run(&Day {
            event,
            now,
            meanwhile,
        });
        assert!(!run.log.contains(TOKEN), "{}", run.log);
        run
    }

    /// Asserts that these steps failed and no other, and that the archive was published all the same.
    #[track_caller]
    fn ended(&self, run: &Run, failed: &[&str]) {
        assert_eq!(run.failed, failed, "{}", run.log);
        assert!(run.published, "{}", run.log);
        self.nothing_is_lost();
    }

    /// Asserts that there were so many new commits.
    #[track_caller]
    fn committed(&self, commits: usize) {
        assert_eq!(self.github.commits() - self.commits, commits);
    }

    /// What of the archive is not as it was, search aside.
    fn differs(&self) -> Vec<String> {
        let after = self.github.live();
        let paths: BTreeSet<&String> = self.before.keys().chain(after.keys()).collect();
        let differs = |path: &&&String| self.before.get(**path) != after.get(**path);
        let paths = paths.iter().filter(differs).map(|path| (**path).clone());
        paths
            .filter(|path| !path.starts_with("pagefind/"))
            .collect()
    }

    /// Each entry that ever was in a feed has its page.
    #[track_caller]
    fn nothing_is_lost(&self) {
        for name in &self.seen {
            self.page(name);
        }
    }

    /// The page of an entry, as it is published.
    #[track_caller]
    fn page(&self, name: &str) -> String {
        let live = self.github.live();
        let page = live
            .iter()
            .find(|(path, _)| path.contains(&format!("/{name}-")));
        let (_, bytes) = page.unwrap_or_else(|| panic!("{name} is lost: {:?}", live.keys()));
        String::from_utf8(bytes.clone()).unwrap()
    }

    fn saw(&mut self, names: &[&str]) {
        self.seen
            .extend(names.iter().map(|name| (*name).to_owned()));
    }
}

const A: (u8, &str, &str) = (1, "apples", "Apples keep in the cellar");
const B: (u8, &str, &str) = (3, "birds", "Birds leave when frost comes");
const C: (u8, &str, &str) = (5, "clouds", "Clouds of seven kinds");
const D: (u8, &str, &str) = (7, "dunes", "Dunes wander eastwards");
const P: (u8, &str, &str) = (2, "pines", "Pines smell of resin");
const S: (u8, &str, &str) = (4, "stars", "Stars that somebody likes");

#[test]
fn over_some_months_nothing_is_lost_and_nothing_needless_is_committed() {
    let mut world = World::new();
    world.says("/posts", &[P]);
    world.says(&format!("/starred?token={TOKEN}"), &[S]);

    // The owner's first push: the feeds are fetched, kept, published.
    world.says("/blog", &[C, B, A]);
    world.saw(&["apples", "birds", "clouds", "pines", "stars"]);
    let run = world.run("push", None);
    world.ended(&run, &[]);
    world.committed(1);
    let atom = String::from_utf8(world.github.live()["feed.xml"].clone()).unwrap();
    assert!(
        atom.contains(&format!("{BASE_URL}/2026/11/apples-")),
        "{atom}"
    );
    assert!(run.log.contains("blog"), "the summary: {}", run.log);
    assert!(
        !world
            .github
            .committed()
            .iter()
            .any(|path| path.contains("fetch.json"))
    );

    // Nothing has changed, and the servers say so.
    world.server.asked();
    let run = world.day();
    world.ended(&run, &[]);
    world.committed(0);
    assert_eq!(world.differs(), [""; 0]);
    let asked = world.server.asked();
    assert_eq!(asked.len(), 3);
    assert!(
        asked.iter().all(|it| it.header("if-none-match").is_some()),
        "{asked:?}"
    );

    // A new entry: few pages know of it.
    world.says("/blog", &[D, C, B]);
    world.saw(&["dunes"]);
    let run = world.day();
    world.ended(&run, &[]);
    world.committed(1);
    assert_eq!(
        world.differs(),
        [
            "2026/11/clouds-iuvyz3db.html",
            "2026/11/dunes-lf7oqkbm.html",
            "2026/11/index.html",
            "2026/index.html",
            "dates/index.html",
            "feed.json",
            "feed.xml",
            "index.html",
            "on-this-day/11-05.html",
            "on-this-day/11-07.html",
            "on-this-day/index.html",
            "rss.xml",
            "sitemap.xml",
            "sources/by-count.html",
            "sources/index.html",
            "sources/o.example.html",
            "statistics/index.html",
        ]
    );

    // One feed is down, another has something new: that is kept and published, and the run is red.
    world.server.says("/blog", [Answer::new(503, "down")]);
    world.says("/posts", &[(8, "quinces", "Quinces are hard"), P]);
    world.saw(&["quinces"]);
    let run = world.day();
    world.ended(&run, &["Fetch the feeds"]);
    world.committed(1);

    // An error page that says that all is well; a feed that breaks off after its first entry.
    world
        .server
        .says("/blog", [Answer::ok("<html><body>Back soon</body></html>")]);
    let run = world.day();
    world.ended(&run, &["Fetch the feeds"]);
    world.committed(0);
    assert_eq!(world.differs(), [""; 0]);
    let broken = feed(&[(9, "elms", "Elms grow old"), D]);
    let broken = &broken[..broken.rfind("<content").unwrap()];
    world.server.says("/blog", [Answer::ok(broken)]);
    world.saw(&["elms"]);
    let run = world.day();
    world.ended(&run, &[]);
    world.committed(1);

    // An edit keeps the address, and what was said before.
    let address = |world: &World| {
        let live = world.github.live();
        live.keys().find(|path| path.contains("/dunes-")).cloned()
    };
    let was = address(&world);
    world.says(
        "/blog",
        &[
            (9, "elms", "Elms grow old"),
            (7, "dunes", "Dunes wander westwards, I was wrong"),
        ],
    );
    let run = world.day();
    world.ended(&run, &[]);
    world.committed(1);
    assert_eq!(address(&world), was);
    assert!(world.page("dunes").contains("westwards"));

    // An entry is taken back: the archive remembers it, and there is nothing to commit.
    world.says("/blog", &[(9, "elms", "Elms grow old")]);
    let run = world.day();
    world.ended(&run, &[]);
    world.committed(0);
    assert_eq!(world.differs(), [""; 0]);

    // Caches are lost: everything is asked for once more, and nothing is committed twice.
    world.github.forget_caches();
    let run = world.day();
    world.ended(&run, &[]);
    world.committed(0);
    assert_eq!(world.differs(), [""; 0]);
    assert!(
        world.github.live() == world.github.clean(),
        "a clean build differs"
    );
    secrets_stay_secret(&world);
}

#[test]
fn somebody_pushes_between_the_checkout_and_the_push() {
    let mut world = World::after_a_day();
    world.says("/blog", &[B, A]);
    world.saw(&["birds"]);
    let push = |github: &GitHub| {
        github.owner("2026-11-22T04:18:00Z".parse().unwrap(), |clone| {
            let note = "+++\nentry = \"https://o.example/apples\"\n+++\n\nI like them.\n";
            fs::write(clone.join("content/notes/apples.md"), note).unwrap();
        });
    };
    let run = world.run("schedule", Some(("keep", &push)));
    world.ended(&run, &[]);
    world.committed(2);
    assert!(world.page("apples").contains("I like them."));
}

#[test]
fn a_push_that_is_refused_is_told_and_made_good() {
    let mut world = World::after_a_day();
    world.says("/blog", &[B, A]);
    world.github.protect(true);
    let run = world.day();
    world.ended(&run, &["Keep what is new"]);
    world.committed(0);
    // The server would say that nothing has changed since; but nobody remembers that it was asked.
    world.github.protect(false);
    world.saw(&["birds"]);
    let run = world.day();
    world.ended(&run, &[]);
    world.committed(1);
}

#[test]
fn github_stops_a_quiet_schedule_and_the_owner_knows_in_time() {
    let mut world = World::after_a_day();
    for (days, failed) in [
        (48, &[][..]),
        (1, &["Warn before GitHub stops the schedule"]),
    ] {
        world.now += (24 * days).hours();
        let run = world.day();
        world.ended(&run, failed);
        world.committed(0);
    }
    // A push is activity: nothing to warn of.
    let run = world.run("push", None);
    world.ended(&run, &[]);
}

/// The secret address stands nowhere, and neither does the token of a run.
#[track_caller]
fn secrets_stay_secret(world: &World) {
    let history = world.github.history();
    for secret in [TOKEN, "t0ken-of-the-run"] {
        assert!(!history.contains(secret));
        for folder in ["live", "caches"] {
            let folder = world.github.path(folder);
            for path in crate::site::files(&folder) {
                let bytes = fs::read(folder.join(&path)).unwrap();
                assert_eq!(
                    memchr::memmem::find(&bytes, secret.as_bytes()),
                    None,
                    "{path}"
                );
            }
        }
    }
}

#[test]
fn no_job_can_run_for_hours() {
    let folder = repository().join(".github/workflows");
    let mut workflows: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    workflows.push(repository().join("src/bin/gleaner/init/files/publish.yml"));
    assert!(workflows.len() >= 3);
    for path in workflows {
        // Where a new site differs, the template holds a name between two signs that YAML does not allow.
        let text = fs::read_to_string(&path)
            .unwrap()
            .replace("@ACTION@", "action")
            .replace("@ENV@", "");
        for (job, minutes) in timeouts(&text) {
            let minutes: u32 = minutes
                .unwrap_or_else(|| panic!("{path:?}: {job}"))
                .parse()
                .unwrap();
            assert!(minutes <= 180, "{path:?}: {job}");
        }
    }
}
