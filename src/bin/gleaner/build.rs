//! `gleaner build`: from the site's folder to its output.

use gleaner::pipeline::{Mode, Options};

use crate::args::BuildArgs;
use crate::exit::Exit;
use crate::run::{self, write_options};
use crate::signals;

pub(crate) fn run(args: &BuildArgs) -> Exit {
    signals::die_between_files();
    let options = Options {
        mode: Mode::Build,
        ..write_options(&args.write)
    };
    run::run(&options, &args.write.site, &args.told)
}
