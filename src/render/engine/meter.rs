//! A template of a site → the same template, in which every round of a loop is counted.
//!
//! The engine has no limit of its own: two loops over `range(end=100000)`, one inside the other, run
//! for hours, and a text that is doubled forty times takes all memory. It cannot be interrupted,
//! either. So a template gets calls of two functions before it is compiled:
//!
//! - [`TICK`] at the start of each body of a loop and of a component, and before each include. It
//!   counts, and fails when the page has used up its rounds;
//! - [`KEEP`] around each value that a template makes and keeps (`set`, and the items of `[x for …]`).
//!   It counts, weighs the value, and fails when that is too large.
//!
//! Between two calls, a template can do no more than its own length allows. Counting depends on the
//! template and its data alone, so a page fails on every machine or on none; a clock could not say
//! that. Built-in themes are not metered: their loops end with their data.
//!
//! Invariants: a metered template renders the same bytes; it has the same lines; what the engine says
//! about a place in it is about the place that [`Metered::original`] gives.

use std::cell::Cell;
use std::ops::Range;

use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::model::grouped;

/// The function that counts a round.
const TICK: &str = "__tick";
/// The function that counts and weighs a value.
const KEEP: &str = "__keep";
/// How many values may lie inside one another. A page has about ten.
const DEPTH: usize = 100;
/// What a value weighs beside its text, in bytes.
const VALUE: usize = 64;

/// How much one page may take. Far above what a page can need: a page that lists 100,000 entries with
/// ten tags each goes round about a million times.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Rounds of loops.
    pub(super) rounds: u64,
    /// Bytes of a value that a template makes.
    pub(super) value: usize,
    /// Bytes of the page.
    pub(super) page: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            rounds: 10_000_000,
            value: 100_000_000,
            page: 100_000_000,
        }
    }
}

thread_local! {
    /// What is left of the rounds of the page that this thread renders.
    static ROUNDS: Cell<u64> = const { Cell::new(0) };
    static LIMITS: Cell<Limits> = const { Cell::new(Limits { rounds: 0, value: 0, page: 0 }) };
    /// Whether the page failed by a limit.
    static EXCEEDED: Cell<bool> = const { Cell::new(false) };
}

/// Begins a page on this thread.
pub(super) fn begin(limits: Limits) {
    ROUNDS.set(limits.rounds);
    LIMITS.set(limits);
    EXCEEDED.set(false);
}

/// Whether the page that was begun last has gone beyond a limit.
pub(super) fn is_exceeded() -> bool {
    EXCEEDED.get()
}

/// Notes that a limit was exceeded. What stands behind the first sentence becomes the hint.
pub(super) fn exceeded(message: &str) -> tera::Error {
    EXCEEDED.set(true);
    tera::Error::message(message)
}

/// Makes the functions known that metered templates call.
pub(super) fn register(tera: &mut Tera) {
    tera.register_function(TICK, |_: Kwargs, _: &State| -> TeraResult<Value> {
        round()?;
        Ok(Value::safe_string(""))
    });
    tera.register_function(KEEP, |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
        round()?;
        let value = kwargs.iter().next().map(|(_, value)| value.clone());
        let value = value.unwrap_or_else(Value::undefined);
        let limit = LIMITS.get().value;
        match weigh(&value, limit, DEPTH) {
            Some(_) => Ok(value),
            None => Err(exceeded(&format!(
                "this value grows beyond {} MB. A template that adds a value to itself doubles it \
                 each time",
                limit / 1_000_000
            ))),
        }
    });
}

fn round() -> TeraResult<()> {
    match ROUNDS.get().checked_sub(1) {
        Some(left) => {
            ROUNDS.set(left);
            Ok(())
        }
        None => Err(exceeded(&format!(
            "this page takes more than {} rounds of loops. Loop over fewer things, or look at the \
             loops that stand inside one another",
            grouped(LIMITS.get().rounds)
        ))),
    }
}

/// What is left of the limit when the value is taken off; none if it is too heavy, or too deep.
fn weigh(value: &Value, left: usize, depth: usize) -> Option<usize> {
    let text = value.as_str().map_or(0, str::len);
    let mut left = left.checked_sub(VALUE + text)?;
    let depth = depth.checked_sub(1)?;
    if let Some(array) = value.as_array() {
        for item in array {
            left = weigh(item, left, depth)?;
        }
    } else if let Some(map) = value.as_map() {
        for item in map.values() {
            left = weigh(item, left, depth)?;
        }
    }
    Some(left)
}

/// A template with calls that count.
#[derive(Debug)]
pub(super) struct Metered {
    pub(super) source: String,
    /// What was put in, in order: where in `source`, and for the sake of which part of the original.
    inserted: Vec<(Range<usize>, Range<usize>)>,
}

impl Metered {
    /// The place in the original of a place in the metered template.
    pub(super) fn original(&self, place: Range<usize>) -> Range<usize> {
        let inside = |(there, _): &&(Range<usize>, Range<usize>)| there.contains(&place.start);
        if let Some((_, part)) = self.inserted.iter().find(inside) {
            return part.clone();
        }
        let back = |at: usize| {
            let before = self.inserted.iter().filter(|(there, _)| there.end <= at);
            at - before.map(|(there, _)| there.len()).sum::<usize>()
        };
        let start = back(place.start);
        start..back(place.end).max(start)
    }
}

/// Puts the calls into a template.
pub(super) fn metered(source: &str) -> Metered {
    let mut scan = Scan {
        source,
        inserts: Vec::new(),
        captured: Vec::new(),
    };
    scan.template();
    let mut inserts = scan.inserts;
    inserts.sort_by_key(|insert| insert.at);
    let mut out = String::with_capacity(source.len() * 2);
    let mut inserted = Vec::with_capacity(inserts.len());
    let mut from = 0;
    for insert in inserts {
        out.push_str(&source[from..insert.at]);
        let start = out.len();
        out.push_str(&insert.text);
        inserted.push((start..out.len(), insert.part));
        from = insert.at;
    }
    out.push_str(&source[from..]);
    Metered {
        source: out,
        inserted,
    }
}

struct Insert {
    at: usize,
    text: String,
    /// The part of the original that it is about.
    part: Range<usize>,
}

/// A walk over a template, which knows as much of its syntax as it takes to tell tags from text.
struct Scan<'s> {
    source: &'s str,
    inserts: Vec<Insert>,
    /// The blocks of `set` that are open: the word and the name.
    captured: Vec<(&'s str, &'s str)>,
}

/// What is known of a tag when its end is found.
struct Tag<'s> {
    /// From its first brace to behind its last.
    whole: Range<usize>,
    /// Where the text between its braces ends.
    inner_end: usize,
    /// Its words, as far as they are outside of brackets.
    words: Vec<&'s str>,
    /// Where the value of a `set` begins.
    value: Option<usize>,
    /// Whether blanks before and after it are left out.
    trims: (bool, bool),
}

impl<'s> Scan<'s> {
    fn template(&mut self) {
        let mut at = 0;
        while let Some((start, kind)) = self.next_tag(at) {
            let after = match kind {
                '#' => self.find("#}", start),
                '%' => self.raw(start).or_else(|| self.block(start)),
                _ => self.tag(start, "}}").map(|tag| tag.whole.end),
            };
            match after {
                Some(after) => at = after,
                // A tag that does not end: the engine says so.
                None => return,
            }
        }
    }

    /// The next tag, and the character behind its first brace.
    fn next_tag(&self, from: usize) -> Option<(usize, char)> {
        let bytes = self.source.as_bytes().get(from..)?;
        let is_tag = |pair: &[u8]| matches!(pair, b"{{" | b"{%" | b"{#");
        let at = from + bytes.windows(2).position(is_tag)?;
        Some((at, self.source.as_bytes()[at + 1].into()))
    }

    /// Behind the next of these words.
    fn find(&self, words: &str, from: usize) -> Option<usize> {
        let at = self.source.get(from..)?.find(words)?;
        Some(from + at + words.len())
    }

    /// Behind a part that is no template, if one begins here.
    fn raw(&self, start: usize) -> Option<usize> {
        let mut at = self.is_word_tag(start, "raw")?;
        loop {
            let from = at + self.source[at..].find("{%")?;
            match self.is_word_tag(from, "endraw") {
                Some(end) => return Some(end),
                None => at = from + 2,
            }
        }
    }

    /// Behind a tag that is this word alone.
    fn is_word_tag(&self, start: usize, word: &str) -> Option<usize> {
        let rest = &self.source[start + 2..];
        let end = rest.find("%}")?;
        let inner = rest[..end].strip_prefix('-').unwrap_or(&rest[..end]);
        let inner = inner.strip_suffix('-').unwrap_or(inner);
        (inner.trim() == word).then_some(start + 2 + end + 2)
    }

    /// Reads a block's tag, and puts in what its kind asks for.
    fn block(&mut self, start: usize) -> Option<usize> {
        let tag = self.tag(start, "%}")?;
        let end = tag.whole.end;
        let after = if tag.trims.1 { "-" } else { "" };
        match tag.words.as_slice() {
            ["for" | "component", ..] => {
                self.insert(end, format!("{{{{ {TICK}() {after}}}}}"), &tag.whole);
            }
            ["include", ..] => {
                let before = if tag.trims.0 { "-" } else { "" };
                let text = format!("{{{{{before} {TICK}() }}}}");
                self.insert(tag.whole.start, text, &tag.whole);
            }
            [word @ ("set" | "set_global"), name, ..] => match tag.value {
                Some(value) if self.is_made(value..tag.inner_end) => {
                    self.insert(value, format!(" {KEEP}(v="), &tag.whole);
                    self.insert(tag.inner_end, ") ".to_owned(), &tag.whole);
                }
                Some(_) => {}
                None => self.captured.push((word, name)),
            },
            ["endset", ..] => {
                if let Some((word, name)) = self.captured.pop() {
                    let text = format!("{{% {word} {name} = {KEEP}(v={name}) {after}%}}");
                    self.insert(end, text, &tag.whole);
                }
            }
            _ => {}
        }
        Some(end)
    }

    /// Whether a value is made here, and not only given another name.
    fn is_made(&self, value: Range<usize>) -> bool {
        self.source[value].contains(['~', '[', '{', '|', '(', '<'])
    }

    fn insert(&mut self, at: usize, text: String, part: &Range<usize>) {
        let part = part.clone();
        self.inserts.push(Insert { at, text, part });
    }

    /// Reads a tag to its end. A list that is made by a loop gets its calls here.
    fn tag(&mut self, start: usize, close: &str) -> Option<Tag<'s>> {
        let source = self.source;
        let bytes = source.as_bytes();
        let trims_before = bytes.get(start + 2) == Some(&b'-');
        let mut at = start + 2 + usize::from(trims_before);
        let mut words = Vec::new();
        let mut value = None;
        let mut open: Vec<(u8, usize)> = Vec::new();
        loop {
            let rest = source.get(at..)?;
            let trims_after = rest
                .strip_prefix('-')
                .is_some_and(|rest| rest.starts_with(close));
            if trims_after || rest.starts_with(close) {
                return Some(Tag {
                    whole: start..at + usize::from(trims_after) + close.len(),
                    inner_end: at,
                    words,
                    value,
                    trims: (trims_before, trims_after),
                });
            }
            let byte = *bytes.get(at)?;
            match byte {
                b'"' | b'\'' | b'`' => {
                    at = string_end(bytes, at)?;
                    continue;
                }
                b'[' | b'(' | b'{' => open.push((byte, at)),
                b']' | b')' | b'}' => {
                    open.pop();
                }
                b'=' if open.is_empty() && words.len() == 2 && value.is_none() => {
                    value = Some(at + 1);
                }
                _ if byte.is_ascii_alphabetic() || byte == b'_' => {
                    let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                    let word = &rest[..length.unwrap_or(rest.len())];
                    let is_field = bytes[at - 1] == b'.';
                    match open.last() {
                        None => words.push(word),
                        Some((b'[', bracket)) if word == "for" && !is_field => {
                            let part = *bracket..at;
                            self.insert(bracket + 1, format!("{KEEP}(v="), &part);
                            self.insert(at, ") ".to_owned(), &part);
                        }
                        Some(_) => {}
                    }
                    at += word.len();
                    continue;
                }
                _ => {}
            }
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
}

/// Behind the string that begins here.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mark = *bytes.get(start)?;
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            byte if byte == mark => return Some(at + 1),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests;
