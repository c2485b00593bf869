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

fn grouped(number: u64) -> String {
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
mod tests {
    use tera::Context;

    use super::*;

    const LIMITS: Limits = Limits {
        rounds: 10_000,
        value: 1_000_000,
        page: 1_000_000,
    };

    fn engine(templates: &[(&str, &str)], meter: bool) -> Tera {
        let mut tera = Tera::new();
        register(&mut tera);
        let sources: Vec<(String, String)> = templates
            .iter()
            .map(|(name, source)| {
                let source = match meter {
                    true => metered(source).source,
                    false => (*source).to_owned(),
                };
                ((*name).to_owned(), source)
            })
            .collect();
        tera.add_raw_templates(sources.iter().map(|(a, b)| (a.as_str(), b.as_str())))
            .unwrap();
        tera
    }

    fn rendered(templates: &[(&str, &str)], meter: bool) -> TeraResult<String> {
        let mut context = Context::new();
        context.insert("items", &["a<b", "b", "c"]);
        context.insert("none", &Value::none());
        context.insert_value("html", Value::safe_string("<b>x</b>"));
        begin(LIMITS);
        engine(templates, meter).render(templates[0].0, &context)
    }

    /// Templates with every form that is metered, and with what only looks like one.
    const SANE: &[(&str, &[(&str, &str)])] = &[
        (
            "loops and blanks",
            &[(
                "a.html",
                "<p>\n{%- for x in items -%}\n  {{ x }} {% else %} none {%- endfor %}\n</p>\n\
                 {% for k, v in {\"a\": 1} %} {{ k }}={{ v }}\n{%- endfor -%} x",
            )],
        ),
        (
            "sets",
            &[(
                "a.html",
                "{% set a = items[0] ~ \"%}\" -%} {{ a }}{% set b = html %}{{ b }}\
                 {% set c = 'x' if a else \"y\" %}{{ c }}{% set d = items | join(sep=\"~\") %}{{ d }}\
                 {%- set e = [1, 2, ...[3]] %}{{ e | length }}{% set f = {\"k\": [1]} %}{{ f.k[0] }}\
                 {% set g = missing | default(value=\"m\") %}{{ g }}{% set h = a == b %}{{ h }}",
            )],
        ),
        (
            "sets of blocks",
            &[(
                "a.html",
                "{% set a %} <i>{{ html }}</i>{% set b | upper %}in{% endset %}{{ b }}{% endset -%}\
                 \n {{ a }}{% for x in items %}{% set_global last %}{{ x }}{% endset %}{% endfor %}\
                 {{ last }}",
            )],
        ),
        (
            "comprehensions",
            &[(
                "a.html",
                "{{ [x ~ \"!\" for x in items] | join(sep=\" \") }}\
                 {% for y in [i * 2 for i in range(end=4) if i > 1] %}{{ y }}{% endfor %}\
                 {% set z = [[j for j in range(end=i)] for i in [1, 2]] %}{{ z[1] | length }}",
            )],
        ),
        (
            "includes and components",
            &[
                (
                    "a.html",
                    "x {%- include \"b.html\" -%} y {{ <card title=\"t\" /> }}\
                     {% <card title=\"u\"> %} body {% </card> %}",
                ),
                ("b.html", " in {{ items | length }} "),
                (
                    "c.html",
                    "{% component card(title: string) -%}\n <h1>{{ title }}</h1>{% if body is defined %}{{ body }}{% endif %}\
                     {%- endcomponent card %}",
                ),
            ],
        ),
        (
            "inheritance",
            &[
                (
                    "a.html",
                    "{% extends \"b.html\" %}{% block x %}{{ super() }}{% for x in items %}{{ x }}\
                     {% endfor %}{% endblock %}",
                ),
                (
                    "b.html",
                    "<{% block x %}base{% for x in items %}.{% endfor %}{% endblock x %}>",
                ),
            ],
        ),
        (
            "what only looks like a tag",
            &[(
                "a.html",
                "{# {% for x in items %} #}{% raw %}{% for x in items %}{% endraw %}\
                 {{ \"{% for x %}\" }}{{ 'it\\'s' }}{ % {{ items.0 }} }}",
            )],
        ),
    ];

    #[test]
    fn a_metered_template_renders_the_same() {
        for (what, templates) in SANE {
            let plain = rendered(templates, false).unwrap();
            assert_eq!(rendered(templates, true).unwrap(), plain, "{what}");
        }
    }

    #[test]
    fn places_are_those_of_the_original() {
        let source = "a {% for x in y -%} {% set z = x ~ x %}{{ bad }} [{{ [i for i in y] }}]";
        let metered = metered(source);
        for words in ["a {%", "{{ bad }}", "in y] }}"] {
            let (there, here) = (metered.source.find(words), source.find(words));
            let (there, here) = (there.unwrap(), here.unwrap());
            let place = metered.original(there..there + words.len());
            assert_eq!(place, here..here + words.len(), "{words}");
        }
        let tick = metered.source.find(TICK).unwrap();
        assert_eq!(
            &source[metered.original(tick..tick + 3)],
            "{% for x in y -%}"
        );
        assert_eq!(metered.source.lines().count(), source.lines().count());
    }

    #[test]
    fn what_would_not_end_is_stopped() {
        let doubled = "{% set a = \"xxxxxxxxxx\" %}{% for i in range(end=60) %}";
        for (what, templates) in [
            (
                "loops inside loops",
                &[(
                    "a.html",
                    "{% set r = range(end=1000) %}{% for a in r %}{% for b in r %}{% for c in r %}\
                     {% endfor %}{% endfor %}{% endfor %}",
                )][..],
            ),
            (
                "loops without a tag in a list",
                &[(
                    "a.html",
                    "{% set r = range(end=1000) %}{{ [[1 for b in r] for a in r] | length }}",
                )],
            ),
            (
                "a text that is added to itself",
                &[(
                    "a.html",
                    &*format!("{doubled}{{% set_global a = a ~ a %}}{{% endfor %}}"),
                )],
            ),
            (
                "a list that is",
                &[(
                    "a.html",
                    &*format!("{doubled}{{% set_global a = [a, a] %}}{{% endfor %}}"),
                )],
            ),
            (
                "a list that spreads itself",
                &[(
                    "a.html",
                    "{% set a = [1] %}{% for i in range(end=60) %}{% set_global a = [...a, ...a] %}\
                     {% endfor %}",
                )],
            ),
            (
                "a block that is",
                &[(
                    "a.html",
                    &*format!(
                        "{doubled}{{% set_global a %}}{{{{ a }}}}{{{{ a }}}}{{% endset %}}{{% endfor %}}"
                    ),
                )],
            ),
            (
                "a filter that makes more of it",
                &[(
                    "a.html",
                    &*format!(
                        "{doubled}{{% set_global a = a | replace(from=\"x\", to=\"xx\") %}}{{% endfor %}}"
                    ),
                )],
            ),
            (
                "a value without a bottom",
                &[(
                    "a.html",
                    "{% set a = 1 %}{% for i in range(end=5000) %}{% set_global a = [a] %}{% endfor %}",
                )],
            ),
            (
                "components that call themselves",
                &[(
                    "a.html",
                    "{% component c(n: integer) %}{{ <c n={n} /> }}{{ <c n={n} /> }}{% endcomponent c %}\
                     {{ <c n={1} /> }}",
                )],
            ),
            (
                "includes of includes",
                &[
                    ("a.html", &*"{% include \"b.html\" %}".repeat(30)),
                    ("b.html", &*"{% include \"c.html\" %}".repeat(30)),
                    ("c.html", &*"{% include \"d.html\" %}".repeat(30)),
                    ("d.html", ""),
                ],
            ),
        ] {
            let error = rendered(templates, true).unwrap_err();
            let by_engine = error.to_string().contains("recursion depth");
            assert!(is_exceeded() || by_engine, "{what}: {error}");
        }
    }
}
