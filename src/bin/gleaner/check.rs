//! `gleaner check`: everything that `build` does, but nothing is written; and, if asked for, the
//! originals are asked whether they are there.

use gleaner::pipeline::{Mode, Options};

use crate::args::{CheckArgs, MessageFormat};
use crate::exit::Exit;
use crate::report::Border;
use crate::run::{self, site_options};
use crate::signals::Stop;
use crate::{links, report};

pub(crate) fn run(args: &CheckArgs) -> Exit {
    let options = Options {
        mode: Mode::Check,
        ..site_options(&args.site)
    };
    if !args.links.links {
        return run::run(&options, &args.site, &args.told);
    }
    match run::set_threads(&args.site) {
        Ok(()) => with_links(&options, args),
        Err(exit) => exit,
    }
}

/// The same, and then the originals: that may take hours, so the rest is told before.
fn with_links(options: &Options, args: &CheckArgs) -> Exit {
    let told = &args.site.report;
    let (mut outcome, times) = run::run_silently(options, &args.site);
    report::diagnostics(&outcome.diagnostics, told.message_format);
    let with_bar = !told.quiet && told.message_format != MessageFormat::Json;
    let stop = Stop::listen();
    let mut links = links::run(&outcome.originals, options, &args.links, &stop, with_bar);
    links.diagnostics = Border::of_site(&args.site, None).cross(links.diagnostics);
    report::diagnostics(&links.diagnostics, told.message_format);
    report::links(&links, &args.site);
    outcome.diagnostics.extend(links.diagnostics);
    let exit = run::close(options, &args.site, &args.told, &mut outcome, &times);
    stop.die_if_told();
    exit
}
