//! `gleaner watch`: builds, and builds again whenever something changed.

use gleaner::pipeline::{Mode, Options};

use crate::args::WatchArgs;
use crate::exit::Exit;
use crate::run::{self, site_options};
use crate::signals;
use crate::watcher::{WatchOptions, Watcher};

pub(crate) fn run(args: &WatchArgs) -> Exit {
    signals::end_when_told();
    let options = Options {
        output: args.build.output.clone(),
        force: args.build.force,
        mode: Mode::Build,
        ..site_options(&args.build.site)
    };
    let mut watcher = Watcher::start(WatchOptions {
        root: options.root.clone(),
        config: options.config.clone(),
        ignored: Vec::new(),
        poll: args.poll.interval(),
    });
    run::run(&options, &args.build.site);
    while watcher.next().is_some() {
        run::run(&options, &args.build.site);
    }
    Exit::Success
}
