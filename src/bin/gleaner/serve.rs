//! `gleaner serve`: the site in a browser, as it will be, and as it becomes while it is worked on.
//!
//! 1. Listen, and answer: whoever comes before the site is read is told so.
//! 2. Watch, and read the site: what changes while it is read is read once more.
//! 3. Wait for a change, read what changed, and let the open tabs look again.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use gleaner::pipeline::{Options, Preview, Refreshed};

use crate::args::{MessageFormat, ServeArgs, SiteArgs};
use crate::exit::Exit;
use crate::progress::Progress;
use crate::report::{self, Border, Site, Status};
use crate::run::{set_threads, site_options};
use crate::server::{Listening, Server};
use crate::signals;
use crate::watcher::{WatchOptions, Watcher};

pub(crate) fn run(args: &ServeArgs) -> Exit {
    if let Err(exit) = set_threads(&args.site) {
        return exit;
    }
    signals::end_when_told();
    let options = Options {
        base_path: args.base_path.clone(),
        ..site_options(&args.site)
    };
    let listening = match Listening::start(&args.host, args.port) {
        Ok(listening) => listening,
        Err(message) => return refuse(&message),
    };
    let (url, taken) = (listening.url(), listening.taken);
    let network = listening.network_url();
    let mut watcher = Watcher::start(WatchOptions {
        root: options.root.clone(),
        config: options.config.clone(),
        follow_links_outside: options.follow_links_outside,
        // Nothing is written but the cache.
        ignored: options.cache.iter().cloned().collect(),
        poll: args.poll.interval(),
    });
    let preview = Arc::new(Preview::new(options));
    let server = match Server::start(listening, Arc::clone(&preview), process()) {
        Ok(server) => server,
        Err(error) => return refuse(&format!("cannot start the server: {error}")),
    };
    let mut status = Status::new(&args.site);
    status.serving(&url, network.as_deref(), taken);
    if args.open
        && let Err(error) = open::that_detached(&url)
    {
        report::usage(&format!("cannot open a browser: {error}"));
    }
    keep_up(&mut watcher, &preview, &server, &mut status, &args.site);
    Exit::Success
}

/// Reads the site, and what changes of it, until the process is to end.
fn keep_up(
    watcher: &mut Watcher,
    preview: &Preview,
    server: &Server,
    status: &mut Status,
    args: &SiteArgs,
) {
    let refresh = |touched: &[_]| {
        let is_drawn = !args.report.quiet && args.report.message_format != MessageFormat::Json;
        let progress = Progress::start(is_drawn, false);
        let refreshed = preview.refresh(touched, &progress);
        server.announce(&refreshed);
        (refreshed, progress.finish().total)
    };
    let (first, took) = refresh(&[]);
    let border = Border::of_site(args, None);
    tell(&first, &border, |site| status.opened(site, took));
    loop {
        if let Some(notice) = watcher.notice() {
            status.notice(&notice);
        }
        let Some(touched) = watcher.next() else {
            return;
        };
        let (refreshed, took): (Refreshed, Duration) = refresh(&touched);
        tell(&refreshed, &border, |site| {
            status.refreshed(&border.cross_changes(&refreshed.changed), site, took);
        });
    }
}

fn tell(refreshed: &Refreshed, border: &Border, tell: impl FnOnce(&Site<'_>)) {
    let (entries, pages) = refreshed.edition.counts();
    tell(&Site {
        entries,
        pages,
        diagnostics: &border.cross(refreshed.edition.diagnostics().to_vec()),
    });
}

/// A number that no other process has that served this site.
fn process() -> u64 {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    let since = u64::try_from(since.as_millis()).unwrap_or_default();
    // Two that start together differ in their ids.
    since.rotate_left(20) ^ u64::from(std::process::id())
}

fn refuse(message: &str) -> Exit {
    report::usage(message);
    Exit::Usage
}
