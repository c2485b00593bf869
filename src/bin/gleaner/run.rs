//! What `build`, `check` and `watch` have in common: threads, the run itself, and what is told of it.

use gleaner::pipeline::{self, Options, Report};

use crate::args::{MessageFormat, SiteArgs, SummaryArgs, WriteArgs};
use crate::exit::Exit;
use crate::progress::{Progress, Times};
use crate::report::{self, Border};

/// Bytes for the stack of a thread: one that waits for a part of its work takes on another part
/// meanwhile, on the same stack. As much as the system gives the first thread.
const STACK: usize = 8 << 20;

/// What was typed for all of them, as the library understands it.
pub(crate) fn site_options(args: &SiteArgs) -> Options {
    Options {
        root: args.place.root.clone(),
        config: args.place.config.clone(),
        base_url: args.base_url.clone(),
        cache: args.cache.cache_dir.clone(),
        forgetful: args.cache.no_cache,
        follow_links_outside: args.place.follow.follow_links_outside,
        ..Options::default()
    }
}

/// The same with what was typed for `build` and `watch`.
pub(crate) fn write_options(args: &WriteArgs) -> Options {
    Options {
        output: args.output.clone(),
        force: args.force,
        ..site_options(&args.site)
    }
}

/// Runs the pipeline, and tells what came of it.
pub(crate) fn run(options: &Options, args: &SiteArgs, told: &SummaryArgs) -> Exit {
    if let Err(exit) = set_threads(args) {
        return exit;
    }
    run_and_tell(options, args, told).1
}

/// The same, where the threads are set already.
pub(crate) fn run_and_tell(
    options: &Options,
    args: &SiteArgs,
    told: &SummaryArgs,
) -> (Report, Exit) {
    let (mut outcome, times) = run_silently(options, args);
    report::diagnostics(&outcome.diagnostics, args.report.message_format);
    let exit = close(options, args, told, &mut outcome, &times);
    (outcome, exit)
}

/// Tells, after its diagnostics, what a run came to: in annotations and in the summary, where they
/// are wanted, and in a closing line.
pub(crate) fn close(
    options: &Options,
    args: &SiteArgs,
    told: &SummaryArgs,
    outcome: &mut Report,
    times: &Times,
) -> Exit {
    let format = args.report.message_format;
    let exit = |report: &Report| Exit::of(&report.diagnostics, args.report.deny_warnings);
    if let Some(file) = &told.summary
        && let Err(problem) = report::append_run(file, options.mode, outcome, exit(outcome))
    {
        report::diagnostics(std::slice::from_ref(&problem), format);
        outcome.diagnostics.push(problem);
    }
    let exit = exit(outcome);
    report::annotations(&outcome.diagnostics, format);
    report::summary(options.mode, outcome, times, exit, args);
    exit
}

/// Runs the pipeline; only the bar is drawn.
pub(crate) fn run_silently(options: &Options, args: &SiteArgs) -> (Report, Times) {
    let json = args.report.message_format == MessageFormat::Json;
    let progress = Progress::start(!args.report.quiet && !json, args.verbose);
    let mut outcome = pipeline::run(options, &progress);
    let border = Border::of_site(args, options.output.as_deref());
    outcome.diagnostics = border.cross(outcome.diagnostics);
    (outcome, progress.finish())
}

/// Starts as many threads as were asked for, with room for what they take on.
pub(crate) fn set_threads(args: &SiteArgs) -> Result<(), Exit> {
    // None means one for each core.
    let jobs = args.jobs.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(STACK);
    pool.build_global().map_err(|error| {
        report::usage(&format!("cannot start the threads: {error}"));
        Exit::Usage
    })
}
