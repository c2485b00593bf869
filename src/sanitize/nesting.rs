//! Names of elements → which of them end each other, as far as [`prepare`](super::prepare) has to
//! know it to close what strangers leave open.

/// Elements that end tags of what surrounds them do not reach into.
pub(super) const CELLS: &[&str] = &["table", "td", "th", "caption"];

/// Whether it is a heading: any heading's end tag ends one.
pub(super) fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Whether an end tag of this name reaches out of a cell.
pub(super) fn is_table_part(name: &str) -> bool {
    matches!(
        name,
        "table" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" | "caption"
    )
}

/// Elements whose end tag may be left out (WHATWG HTML, section 13.1.2.4); those of one group end
/// each other.
pub(super) fn optional_group(name: &str) -> Option<u8> {
    Some(match name {
        "p" => 0,
        "li" => 1,
        "dt" | "dd" => 2,
        "td" | "th" => 3,
        "tr" => 4,
        "thead" | "tbody" | "tfoot" => 5,
        "rt" | "rp" => 6,
        _ => return None,
    })
}
