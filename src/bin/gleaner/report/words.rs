//! Figures as people read them.

use std::time::Duration;

use gleaner::diag::{Diagnostic, Severity};

/// How many errors or warnings there are.
pub(super) fn count(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    let all = diagnostics.iter();
    all.filter(|one| one.severity == severity).count()
}

/// `1 entry`, `1,204 entries`.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// `1,204`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `31 ms`, `2.55 s`.
pub(super) fn shown(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    if milliseconds < 100 {
        format!("{milliseconds} ms")
    } else {
        format!("{:.2} s", duration.as_secs_f64())
    }
}

/// In units of ten, as disks and hosts count.
pub(super) fn size(bytes: u64) -> String {
    let tenth = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit / (unit / 10));
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", tenth(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", tenth(1_000_000)),
        _ => format!("{} GB", tenth(1_000_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_at_a_glance() {
        for (number, text) in [(999, "999"), (1_204, "1,204"), (12_345_678, "12,345,678")] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(counted(1, "file", "files"), "1 file");
        assert_eq!(counted(1_000, "file", "files"), "1,000 files");
    }

    #[test]
    fn sizes_are_read_at_a_glance() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (999_999, "999.9 kB"),
            (1_250_000, "1.2 MB"),
            (3_000_000_000, "3.0 GB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}
