//! What a long run tells while it runs: a log, a line for each change, which reads well in a pipe, too.

use std::time::Duration;

use gleaner::diag::Diagnostic;
use gleaner::pipeline::{Change, Report};

use crate::args::SiteArgs;
use crate::progress::Times;
use crate::watcher::Notice;

/// What a site came to, for its status line.
#[derive(Debug)]
pub(crate) struct Site<'a> {
    /// How many entries it has.
    pub(crate) entries: usize,
    /// How many pages it has.
    pub(crate) pages: usize,
    /// What is wrong with it.
    pub(crate) diagnostics: &'a [Diagnostic],
}

/// Tells of a long run: `serve` and `watch` have one each, and tell it everything in turn.
#[derive(Debug)]
pub(crate) struct Status {
    /// What was told last; only what is new is told.
    told: Vec<Diagnostic>,
}

impl Status {
    /// Nothing has been told yet.
    pub(crate) fn new(args: &SiteArgs) -> Self {
        let _ = args;
        Status { told: Vec::new() }
    }

    /// Tells that the server listens at this URL, and which port was taken, if one was asked for in
    /// vain. JSON: `{"type":"serving","url":…}`.
    pub(crate) fn serving(&self, url: &str, taken: Option<u16>) {
        let _ = (url, taken);
    }

    /// Tells what watching has to tell: `watcher.notice()`.
    pub(crate) fn notice(&self, notice: &Notice) {
        let _ = notice;
    }

    /// `serve`: tells what the first look at the site came to, and what is wrong with it.
    pub(crate) fn opened(&mut self, site: &Site<'_>, took: Duration) {
        let _ = took;
        self.told = site.diagnostics.to_vec();
    }

    /// `serve`: tells what changed and what that came to; nothing where nothing did.
    pub(crate) fn refreshed(&mut self, changed: &[Change], site: &Site<'_>, took: Duration) {
        let _ = (changed, took);
        self.told = site.diagnostics.to_vec();
    }

    /// `watch`: tells what changed and what was built; nothing where nothing was.
    pub(crate) fn built(&mut self, changed: &[Change], report: &Report, times: &Times) {
        let _ = (changed, times);
        self.told = report.diagnostics.clone();
    }
}
