//! `gleaner check`: everything that `build` does, but nothing is written.

use gleaner::pipeline::{Mode, Options};

use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::run::{self, site_options};

pub(crate) fn run(args: &CheckArgs) -> Exit {
    let options = Options {
        mode: Mode::Check,
        ..site_options(&args.site)
    };
    run::run(&options, &args.site, &args.told)
}
