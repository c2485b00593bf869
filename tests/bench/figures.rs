//! Figures, as Markdown that also reads well on a terminal.

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::thread;

use crate::measure::Runs;

/// What stands around the figures of BENCHMARKS.md.
const MARKS: [&str; 2] = ["<!-- figures -->\n", "<!-- end of figures -->"];
/// What stands for a figure that the system does not tell.
const UNKNOWN: &str = "not measured";

/// Everything that was said, in order.
#[derive(Default)]
pub(crate) struct Page {
    text: String,
}

impl Page {
    /// Says a line at once.
    pub(crate) fn say(&mut self, line: &str) {
        println!("{line}");
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Says a table: its first row is the heading, its first column are names.
    pub(crate) fn table(&mut self, rows: &[Vec<String>]) {
        let columns = rows.first().map_or(0, Vec::len);
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (number, row) in rows.iter().enumerate() {
            let cells = row.iter().zip(&widths).enumerate();
            let cells = cells.map(|(column, (cell, width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            self.say(&format!("| {} |", cells.collect::<Vec<_>>().join(" | ")));
            if number == 0 {
                let rules = widths
                    .iter()
                    .enumerate()
                    .map(|(column, width)| match column {
                        0 => "-".repeat(*width),
                        _ => format!("{}:", "-".repeat(width - 1)),
                    });
                self.say(&format!("| {} |", rules.collect::<Vec<_>>().join(" | ")));
            }
        }
        self.say("");
    }

    /// Says what was asked, when, and of which machine.
    pub(crate) fn head(&mut self) {
        let words: Vec<String> = env::args()
            .skip(1)
            .filter(|word| word != "--bench" && word != "--record")
            .collect();
        let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
        let command = format!("cargo bench --bench build -- {}", words.join(" "));
        self.say(&format!(
            "{day}, `{}`, on {}.\n",
            command.trim_end_matches([' ', '-']),
            machine()
        ));
    }

    /// Puts everything into BENCHMARKS.md, in place of the figures before.
    pub(crate) fn record(&self) -> Result<(), Box<dyn Error>> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("BENCHMARKS.md");
        let text = fs::read_to_string(&path)?;
        let [begin, end] = MARKS;
        let (before, rest) = text.split_once(begin).ok_or("no place for figures")?;
        let (_, after) = rest.split_once(end).ok_or("no end of the figures")?;
        fs::write(path, format!("{before}{begin}\n{}{end}{after}", self.text))?;
        Ok(())
    }
}

fn machine() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let line = |file: &str, name: &str| {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        let (_, value) = line.split_once(':')?;
        Some(value.trim().to_owned())
    };
    let model = line("/proc/cpuinfo", "model name").unwrap_or_else(|| env::consts::ARCH.to_owned());
    let memory = line("/proc/meminfo", "MemTotal")
        .and_then(|memory| memory.trim_end_matches(" kB").parse::<u64>().ok())
        .map_or(String::new(), |memory| {
            format!(", {} of memory", size(memory * 1024))
        });
    format!("{cores} cores of {model}{memory}, {}", env::consts::OS)
}

/// The heading of a table of builds.
pub(crate) fn build_heading(first: &str) -> Vec<String> {
    [
        first,
        "time",
        "least–most",
        "CPU",
        "CPU per entry",
        "entries/s",
        "peak memory",
        "files written",
        "bytes written",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// A row of a table of builds; what was written is told by the build, or given.
pub(crate) fn build_row(runs: &Runs, entries: usize, wrote: Option<(usize, u64)>) -> Vec<String> {
    let (least, most) = runs.span();
    let told = runs
        .summary()
        .map(|summary| (summary.written, summary.bytes));
    let wrote = told.or(wrote);
    let cpu_each = runs.cpu().map(|cpu| cpu / entries as f64);
    vec![
        runs.name.to_owned(),
        time(runs.wall()),
        format!("{}–{}", time(least), time(most)),
        known(runs.cpu(), time),
        known(cpu_each, time),
        count(entries as f64 / runs.wall()),
        known(runs.memory(), size),
        known(wrote, |(files, _)| count(files as f64)),
        known(wrote, |(_, bytes)| size(bytes)),
    ]
}

/// A figure, or that it is not measured here.
pub(crate) fn known<T>(figure: Option<T>, shown: impl FnOnce(T) -> String) -> String {
    figure.map_or_else(|| UNKNOWN.to_owned(), shown)
}

/// Seconds, with three digits that count; minutes where there are many.
pub(crate) fn time(seconds: f64) -> String {
    match seconds {
        s if s >= 1_000.0 => format!("{:.0} min", s / 60.0),
        s if s >= 100.0 => format!("{s:.0} s"),
        s if s >= 10.0 => format!("{s:.1} s"),
        s if s >= 1.0 => format!("{s:.2} s"),
        s if s >= 0.1 => format!("{:.0} ms", s * 1e3),
        s if s >= 0.001 => format!("{:.1} ms", s * 1e3),
        s => format!("{:.0} µs", s * 1e6),
    }
}

/// Bytes, in thousands.
pub(crate) fn size(bytes: u64) -> String {
    match bytes as f64 {
        b if b >= 1e10 => format!("{:.0} GB", b / 1e9),
        b if b >= 1e9 => format!("{:.1} GB", b / 1e9),
        b if b >= 1e7 => format!("{:.0} MB", b / 1e6),
        b if b >= 1e6 => format!("{:.1} MB", b / 1e6),
        b => format!("{:.1} kB", b / 1e3),
    }
}

/// A whole number, its thousands set apart.
pub(crate) fn count(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}
