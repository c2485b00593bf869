//! A colour for each source: one of a few hues, made of the host alone, so that a source keeps its
//! colour for good, whatever else the archive holds.

use crate::model::Hash;

/// How many hues there are: neighbours can still be told apart, and a theme can name them all.
pub(super) const HUES: u8 = 24;

/// The hue of a host: 0 to 23.
pub(super) fn of_host(host: &str) -> u8 {
    Hash::of(host.as_bytes()).as_bytes()[0] % HUES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_keeps_its_hue() {
        assert_eq!(of_host("example.org"), of_host("example.org"));
        let hosts = (0..500).map(|number| of_host(&format!("{number}.example.org")));
        let mut seen = [false; HUES as usize];
        hosts.for_each(|hue| seen[usize::from(hue)] = true);
        assert_eq!(seen, [true; HUES as usize]);
    }
}
