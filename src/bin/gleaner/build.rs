//! `gleaner build`: from the site's folder to its output.

use gleaner::pipeline::{Mode, Options};

use crate::args::BuildArgs;
use crate::exit::Exit;
use crate::run::{self, site_options};
use crate::signals;

pub(crate) fn run(args: &BuildArgs) -> Exit {
    signals::die_between_files();
    let options = Options {
        output: args.output.clone(),
        force: args.force,
        mode: Mode::Build,
        ..site_options(&args.site)
    };
    run::run(&options, &args.site)
}
