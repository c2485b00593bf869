//! Names that some system cannot give to a file, though the one at hand may.
//!
//! A site is written on one system and checked out or built on another; on Windows, a file called
//! `con.html` is the console (Microsoft, "Naming Files, Paths, and Namespaces").

/// Names of devices, whatever ending stands behind them.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
/// Devices that are numbered, from 1 to 9, with superscript digits, too.
const NUMBERED: [&str; 2] = ["com", "lpt"];
const DIGITS: &str = "123456789¹²³";

/// Why a file or folder of this name cannot be on Windows; none if it can.
pub(crate) fn not_on_windows(name: &str) -> Option<String> {
    if let Some(odd) = name.chars().find(|it| "<>:\"|?*".contains(*it)) {
        return Some(format!("no name there holds `{odd}`"));
    }
    if name.ends_with(['.', ' ']) {
        return Some("no name there ends in a dot or a space".to_owned());
    }
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    is_device(stem).then(|| format!("`{stem}` is the name of a device there"))
}

fn is_device(stem: &str) -> bool {
    let stem = stem.to_lowercase();
    let is_numbered = NUMBERED.iter().any(|device| {
        let mut digits = stem.strip_prefix(device).unwrap_or_default().chars();
        digits.next().is_some_and(|it| DIGITS.contains(it)) && digits.next().is_none()
    });
    is_numbered || DEVICES.contains(&&*stem)
}

/// Whether every system has names like this one for files and folders.
#[must_use]
pub fn is_portable_name(name: &str) -> bool {
    not_on_windows(name).is_none()
}

/// The part of a path up to the first name that cannot be on Windows, and why.
pub(crate) fn first_not_on_windows(path: &str) -> Option<(&str, String)> {
    let ends = path.match_indices('/').map(|(end, _)| end);
    let mut start = 0;
    for end in ends.chain([path.len()]) {
        if let Some(why) = not_on_windows(&path[start..end]) {
            return Some((&path[..end], why));
        }
        start = end + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_windows_does_not_have() {
        for name in [
            "con",
            "CON.html",
            "nul .html",
            "aux.tar.gz",
            "com1",
            "LPT9.txt",
            "com¹",
            "conin$",
            "trailing.",
            "trailing ",
            "x?.html",
            "a:b",
            "a|b",
            "\"a\"",
            "a*",
            "<a>",
        ] {
            assert!(not_on_windows(name).is_some(), "{name}");
        }
        for name in [
            "console",
            "con-1",
            "x.con",
            "com",
            "com0",
            "com10",
            "nullable.html",
            ".con",
            "ä b.c",
            "trailing..html",
            "",
        ] {
            assert_eq!(not_on_windows(name), None, "{name}");
        }
        let found = first_not_on_windows("tags/aux/con.html").map(|(path, _)| path);
        assert_eq!(found, Some("tags/aux"));
    }
}
