//! `gleaner watch`: builds, and builds again whenever something changed.
//!
//! The watcher is started before the first build, so that nothing which changes meanwhile is lost. A
//! build that fails, also the first one, waits for the mend. It ends when it is told to, with 0.

use std::path::PathBuf;
use std::time::Duration;

use gleaner::diag::Code;
use gleaner::pipeline::{Change, Mode, Options, Report};

use crate::args::{SiteArgs, SummaryArgs, WatchArgs};
use crate::exit::Exit;
use crate::progress::Times;
use crate::report::{Border, Status};
use crate::run::{self, write_options};
use crate::signals;
use crate::watcher::{Inputs, Ledger, WatchOptions, Watcher};

/// How long to wait for another run, before trying again: most builds are shorter.
const LOCKED: Duration = Duration::from_millis(250);

pub(crate) fn run(args: &WatchArgs) -> Exit {
    signals::end_when_told();
    let site = &args.build.site;
    if let Err(exit) = run::set_threads(site) {
        return exit;
    }
    let options = Options {
        mode: Mode::Build,
        ..write_options(&args.build)
    };
    let mut watcher = Watcher::start(WatchOptions {
        root: options.root.clone(),
        config: options.config.clone(),
        follow_links_outside: options.follow_links_outside,
        ignored: ignored(&options),
        poll: args.poll.interval(),
    });
    let inputs = Inputs::new(
        &options.root,
        options.config.as_deref(),
        options.follow_links_outside,
    );
    let mut ledger = Ledger::open(inputs.clone());
    let mut status = Status::new(site);
    let border = Border::of_site(site, options.output.as_deref());
    let (report, _) = run::run_and_tell(&options, site, &SummaryArgs::default());
    tell_notice(&mut watcher, &status);
    status.watching(&report.diagnostics);
    wait_for_others(report, &options, site, &mut |report, times| {
        status.built(&[], report, times);
    });
    while let Some(touched) = watcher.next() {
        tell_notice(&mut watcher, &status);
        let changed = ledger.look(&touched).into_iter();
        let changed = changed.map(|(path, kind)| Change {
            file: inputs.shown(&path),
            kind,
        });
        let changed = border.cross_changes(&changed.collect::<Vec<_>>());
        let (report, times) = run::run_silently(&options, site);
        status.built(&changed, &report, &times);
        wait_for_others(report, &options, site, &mut |report, times| {
            status.built(&changed, report, times);
        });
    }
    Exit::Success
}

/// Builds again while another run is at work on the site, such as a `gleaner build`: what it reads may
/// be older than what changed.
fn wait_for_others(
    mut report: Report,
    options: &Options,
    site: &SiteArgs,
    tell: &mut dyn FnMut(&Report, &Times),
) {
    let is_locked = |report: &Report| {
        let mut diagnostics = report.diagnostics.iter();
        diagnostics.any(|one| one.code == Code::SiteLocked)
    };
    while is_locked(&report) {
        std::thread::sleep(LOCKED);
        let (next, times) = run::run_silently(options, site);
        if !is_locked(&next) {
            tell(&next, &times);
        }
        report = next;
    }
}

/// Where builds write.
fn ignored(options: &Options) -> Vec<PathBuf> {
    let output = options.output.clone();
    let cache = options.cache.clone();
    output.into_iter().chain(cache).collect()
}

fn tell_notice(watcher: &mut Watcher, status: &Status) {
    if let Some(notice) = watcher.notice() {
        status.notice(&notice);
    }
}
