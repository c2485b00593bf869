//! Sighting → permalink, by the owner's pattern: `2025/08/tracing-the-thoughts-x7k2m4qp`.
//!
//! In UTC, whatever the site's time zone, because the zone is a setting of display. Without a
//! date, `undated` stands in the date's place:
//!
//! - a segment of the pattern that is made of the date alone becomes `undated`, if it is the first
//!   that speaks of the date, else it is left out: `archive/{year}/{month}-{day}/{slug}-{id}` is
//!   `archive/undated/slug-id`;
//! - in a segment that holds the slug or the id, too, only the date fields do so, each of those
//!   that are left out with the text between it and the field before:
//!   `{year}-{month}-{slug}-{id}` is `undated-slug-id`.
//!
//! Invariants: a pure function of title, date, id and pattern; total, because a pattern that makes
//! no valid path was refused with the configuration. Frozen by `tests/fixtures/frozen.tsv`.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::config::PermalinkPattern;
use crate::model::{EntryId, Hash, PagePath, Text, slugify};

/// What stands in the place of a date.
const UNDATED: &str = "undated";
/// Room for all of a usual permalink but its slug.
const ROOM: usize = 24;

/// A pattern of permalinks, ready to be filled in.
#[derive(Debug)]
pub(super) struct Pattern {
    dated: Vec<Segment>,
    undated: Vec<Segment>,
}

type Segment = Vec<Piece>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Year,
    Month,
    Day,
    Slug,
    Id,
    Undated,
}

impl Piece {
    const FIELDS: [(&'static str, Piece); 5] = [
        ("{year}", Piece::Year),
        ("{month}", Piece::Month),
        ("{day}", Piece::Day),
        ("{slug}", Piece::Slug),
        ("{id}", Piece::Id),
    ];

    fn is_date(&self) -> bool {
        matches!(self, Piece::Year | Piece::Month | Piece::Day)
    }

    fn is_name(&self) -> bool {
        matches!(self, Piece::Slug | Piece::Id)
    }
}

impl Pattern {
    /// Reads a pattern.
    pub(super) fn of(pattern: &PermalinkPattern) -> Self {
        let dated: Vec<Segment> = pattern.0.split('/').map(pieces).collect();
        Pattern {
            undated: without_date(&dated),
            dated,
        }
    }

    /// The permalink of what has this title, date and id.
    pub(super) fn fill(
        &self,
        title: Option<&Text>,
        date: Option<Timestamp>,
        id: EntryId,
    ) -> PagePath {
        let slug = slugify(title.map_or("", Text::as_str));
        let day = date.map(|date| Offset::UTC.to_datetime(date).date());
        let segments = if day.is_some() {
            &self.dated
        } else {
            &self.undated
        };
        let day = day.unwrap_or_default();
        let mut path = String::with_capacity(slug.len() + ROOM);
        for (number, segment) in segments.iter().enumerate() {
            if number > 0 {
                path.push('/');
            }
            for piece in segment {
                match piece {
                    Piece::Literal(text) => path.push_str(text),
                    Piece::Year => path.push_str(&format!("{:04}", day.year())),
                    Piece::Month => path.extend(two_digits(day.month())),
                    Piece::Day => path.extend(two_digits(day.day())),
                    Piece::Slug => path.push_str(&slug),
                    Piece::Id => path.push_str(&id.short()),
                    Piece::Undated => path.push_str(UNDATED),
                }
            }
        }
        PagePath::nearest(&path)
    }
}

/// A month or a day.
fn two_digits(number: i8) -> [char; 2] {
    let digit = |number: u8| char::from(b'0' + number % 10);
    let number = number.unsigned_abs();
    [digit(number / 10), digit(number)]
}

/// The permalink of one of several that would have the same: with 8 characters of a hash of its
/// content behind it.
pub(super) fn told_apart(permalink: &PagePath, content: Hash) -> PagePath {
    permalink.with_suffix(&EntryId::of(&content.to_string()).short())
}

fn pieces(segment: &str) -> Segment {
    let mut pieces = Vec::new();
    let mut rest = segment;
    while let Some(first) = rest.chars().next() {
        let field = Piece::FIELDS
            .iter()
            .find_map(|(name, piece)| Some((piece, rest.strip_prefix(name)?)));
        if let Some((piece, after)) = field {
            pieces.push(piece.clone());
            rest = after;
        } else {
            match pieces.last_mut() {
                Some(Piece::Literal(text)) => text.push(first),
                _ => pieces.push(Piece::Literal(first.into())),
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    pieces
}

fn without_date(segments: &[Segment]) -> Vec<Segment> {
    let mut said = false;
    let mut undated = Vec::with_capacity(segments.len());
    for segment in segments {
        if !segment.iter().any(Piece::is_date) {
            undated.push(segment.clone());
        } else if segment.iter().any(Piece::is_name) {
            undated.push(without_date_fields(segment, &mut said));
        } else if !said {
            undated.push(vec![Piece::Undated]);
            said = true;
        }
    }
    undated
}

/// A segment that holds a name beside the date: `said` tells whether an earlier one already says
/// that there is no date, and whether this one now does.
fn without_date_fields(segment: &[Piece], said: &mut bool) -> Segment {
    let mut kept: Segment = Vec::with_capacity(segment.len());
    let mut skip_text = false;
    for piece in segment {
        let is_text = matches!(piece, Piece::Literal(_));
        if piece.is_date() && !*said {
            kept.push(Piece::Undated);
            *said = true;
        } else if piece.is_date() {
            // At the start of a segment, it is the text behind the field that goes with it.
            kept.pop_if(|last| matches!(last, Piece::Literal(_)));
            skip_text = kept.is_empty();
            continue;
        } else if !(is_text && skip_text) {
            kept.push(piece.clone());
        }
        skip_text = false;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(pattern: &str, date: Option<&str>) -> String {
        let pattern = Pattern::of(&PermalinkPattern(pattern.to_owned()));
        let date = date.map(|date| date.parse().unwrap());
        let id = EntryId::of("a");
        let path = pattern.fill(Text::new("A title").as_ref(), date, id);
        path.as_str().replace(&id.short(), "ID")
    }

    #[test]
    fn a_permalink_is_dated_in_utc() {
        for (pattern, path) in [
            ("{year}/{month}/{slug}-{id}", "2025/01/a-title-ID"),
            ("{id}", "ID"),
            ("a/{year}{month}{day}-{id}", "a/20250101-ID"),
            ("{unknown}/{id}/x", "{unknown}/ID/x"),
        ] {
            assert_eq!(fill(pattern, Some("2024-12-31T23:30:00-02:00")), path);
        }
    }

    #[test]
    fn without_a_date_undated_stands_in_its_place_once() {
        for (pattern, path) in [
            ("{year}/{month}/{slug}-{id}", "undated/a-title-ID"),
            (
                "archive/{year}-{month}-{day}/{slug}-{id}",
                "archive/undated/a-title-ID",
            ),
            ("y{year}/items/m{month}/{id}", "undated/items/ID"),
            ("{year}-{month}-{slug}-{id}", "undated-a-title-ID"),
            ("{year}/{month}-{slug}-{id}", "undated/a-title-ID"),
            ("{slug}-{id}-{year}-{month}", "a-title-ID-undated"),
            ("{slug}-{year}{month}{day}-{id}", "a-title-undated-ID"),
            ("{slug}-{id}", "a-title-ID"),
        ] {
            assert_eq!(fill(pattern, None), path, "{pattern}");
        }
    }

    #[test]
    fn what_would_have_the_same_permalink_is_told_apart_by_its_content() {
        let path = PagePath::new("2025/01/a-ID").unwrap();
        let [one, two] = ["1", "2"].map(|content| told_apart(&path, Hash::of(content.as_bytes())));
        assert_ne!(one, two);
        assert_eq!(one.as_str().len(), "2025/01/a-ID-xxxxxxxx".len());
    }
}
