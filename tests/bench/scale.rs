//! How builds grow with the archive, and what follows for archives larger than any measured.

use std::error::Error;

use crate::archive::Size;
use crate::figures::{Page, count, known, size, time};
use crate::measure::Runs;
use crate::place::Place;
use crate::site::{Site, weigh};
use crate::whole;

/// The archives that are compared, in entries.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// How often each build is repeated at most.
const MOST_RUNS: usize = 3;
/// The archive that nobody builds here.
const LARGEST: f64 = 1e6;
/// The largest site that GitHub Pages publishes, in bytes.
const PAGES_LIMIT: f64 = 1e9;
/// What a file adds to its bytes in a tar archive: a header, and half of the last block.
const TAR: f64 = 512.0 + 256.0;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What an archive of one size took.
struct Measured {
    entries: f64,
    cold: Runs,
    unchanged: Runs,
    added: Runs,
    input: u64,
    files: usize,
    bytes: u64,
    cache: u64,
    /// Bytes of the output if only excerpts are published.
    excerpts: u64,
}

/// Builds archives of three sizes, and says how the figures grow.
pub(crate) fn measure(like: &Size, runs: usize, page: &mut Page) -> Outcome<()> {
    let runs = runs.min(MOST_RUNS);
    let measured = SIZES
        .into_iter()
        .map(|entries| one(Size { entries, ..*like }, runs))
        .collect::<Outcome<Vec<_>>>()?;
    page.say("### Growth\n");
    for (name, runs) in [
        ("cold", (|one| &one.cold) as fn(&Measured) -> &Runs),
        ("nothing changed", |one| &one.unchanged),
        ("one new snapshot", |one| &one.added),
    ] {
        page.table(&growth(name, &measured, runs));
    }
    page.table(&weights(&measured));
    if let [.., before, last] = &measured[..] {
        page.say("### A million entries, computed\n");
        page.table(&million(before, last));
    }
    Ok(())
}

fn one(like: Size, runs: usize) -> Outcome<Measured> {
    let place = Place::of(None)?;
    let site = Site::generate(&place.root, like)?;
    let cold = whole::cold(&site, runs)?;
    let (files, bytes) = weigh(&site.output())?;
    let (_, cache) = weigh(&site.cache())?;
    let unchanged = whole::unchanged(&site, runs)?;
    let added = whole::new_snapshot(&site, runs)?;
    let (_, input) = weigh(&site.root.join("content"))?;
    site.excerpts_only()?;
    whole::cold(&site, 1)?;
    let (_, excerpts) = weigh(&site.output())?;
    Ok(Measured {
        entries: like.entries as f64,
        cold,
        unchanged,
        added,
        input,
        files,
        bytes,
        cache,
        excerpts,
    })
}

/// One kind of build at all sizes. The exponent is the slope between two sizes where both scales
/// are logarithmic: 1 is linear.
fn growth(name: &str, measured: &[Measured], runs: fn(&Measured) -> &Runs) -> Vec<Vec<String>> {
    let heading = [
        name,
        "time",
        "CPU",
        "CPU per entry",
        "exponent of CPU",
        "peak memory",
        "memory per entry",
        "exponent of memory",
    ];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    let mut before: Option<&Measured> = None;
    for one in measured {
        let now = runs(one);
        let slope = |figure: fn(&Runs) -> Option<f64>| {
            let before = before?;
            let ratio = figure(now)? / figure(runs(before))?;
            Some(ratio.ln() / (one.entries / before.entries).ln())
        };
        let exponent = |slope: Option<f64>| match slope {
            Some(slope) => format!("{slope:.2}"),
            None => String::new(),
        };
        rows.push(vec![
            count(one.entries),
            time(now.wall()),
            known(now.cpu(), time),
            known(now.cpu().map(|cpu| cpu / one.entries), time),
            exponent(slope(Runs::cpu)),
            known(now.memory(), size),
            known(now.memory(), |memory| size_of(memory as f64 / one.entries)),
            exponent(slope(|runs| runs.memory().map(|memory| memory as f64))),
        ]);
        before = Some(one);
    }
    rows
}

fn weights(measured: &[Measured]) -> Vec<Vec<String>> {
    let heading = [
        "bytes",
        "snapshots",
        "cache",
        "files",
        "output",
        "output per entry",
        "output, excerpts only",
        "excerpts, per entry",
    ];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    rows.extend(measured.iter().map(|one| {
        vec![
            count(one.entries),
            size(one.input),
            size(one.cache),
            count(one.files as f64),
            size(one.bytes),
            size_of(one.bytes as f64 / one.entries),
            size(one.excerpts),
            size_of(one.excerpts as f64 / one.entries),
        ]
    }));
    rows
}

/// What a million entries would take, from how figures grew between the two largest archives.
fn million(before: &Measured, last: &Measured) -> Vec<Vec<String>> {
    let step = (last.entries / before.entries).ln();
    let factor = LARGEST / last.entries;
    let grown = |from: f64, to: f64| {
        let exponent = (to / from).ln() / step;
        (exponent, to * factor.powf(exponent))
    };
    let mut rows = vec![
        ["a million entries", "computed", "how"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut row = |name: &str, from: f64, to: f64, shown: fn(f64) -> String| {
        let (exponent, result) = grown(from, to);
        let how = format!("{} × {factor:.0}^{exponent:.2}", shown(to));
        rows.push(vec![name.to_owned(), shown(result), how]);
        result
    };
    row("cold build", before.cold.wall(), last.cold.wall(), time);
    row(
        "nothing changed",
        before.unchanged.wall(),
        last.unchanged.wall(),
        time,
    );
    row(
        "one new snapshot",
        before.added.wall(),
        last.added.wall(),
        time,
    );
    if let Some((from, to)) = before.cold.cpu().zip(last.cold.cpu()) {
        row("cold build, CPU", from, to, time);
    }
    for (name, runs) in [
        (
            "peak memory, cold",
            (|one| &one.cold) as fn(&Measured) -> &Runs,
        ),
        ("peak memory, one new snapshot", |one| &one.added),
    ] {
        if let Some((from, to)) = runs(before).memory().zip(runs(last).memory()) {
            row(name, from as f64, to as f64, size_of);
        }
    }
    row("snapshots", before.input as f64, last.input as f64, size_of);
    if last.cache > 0 {
        row("cache", before.cache as f64, last.cache as f64, size_of);
    }
    let files = row("files", before.files as f64, last.files as f64, count);
    let bytes = row("output", before.bytes as f64, last.bytes as f64, size_of);
    let excerpts = [before.excerpts, last.excerpts].map(|bytes| bytes as f64);
    let short = row("output, excerpts only", excerpts[0], excerpts[1], size_of);
    for (name, bytes) in [("full texts", bytes), ("excerpts", short)] {
        let artifact = bytes + files * TAR;
        let how = format!("{} + {} × {TAR} bytes", size_of(bytes), count(files));
        rows.push(vec![format!("artifact, {name}"), size_of(artifact), how]);
        let fitting = PAGES_LIMIT / (bytes / LARGEST);
        let how = format!("1 GB / {} each", size_of(bytes / LARGEST));
        rows.push(vec![
            format!("entries in 1 GB, {name}"),
            count(fitting),
            how,
        ]);
    }
    rows
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a figure that is shown with three digits"
)]
fn size_of(bytes: f64) -> String {
    size(bytes as u64)
}
