//! The parts of a formula in MathML → one line of text.
//!
//! Fractions, roots, powers and indexes become what a reader would type: a grouping in MathML's tree
//! becomes parentheses only where the line would mean something else without them.

use super::super::decode::decode;
use super::super::mathml::Part;
use super::signs::{divisor, grouped, is_infix, is_large, is_word, lowered, opens, raised};

/// A line of a formula that is being written.
#[derive(Default)]
pub(super) struct Line {
    /// The text so far.
    pub(super) out: String,
    /// Without spaces around operators, as an index is written.
    tight: bool,
    /// Where the last word ended, such as the name of a function.
    word_end: usize,
}

impl Line {
    /// Writes the parts of a row, one after the other.
    pub(super) fn row(&mut self, parts: &[Part<'_>]) {
        let mut parts = parts.iter().filter(|part| !is_nothing(part)).peekable();
        while let Some(part) = parts.next() {
            let next = parts.peek().copied();
            self.part(part, next);
        }
    }

    fn part(&mut self, part: &Part<'_>, next: Option<&Part<'_>>) {
        let child = |at: usize| {
            part.children
                .iter()
                .filter(|part| !is_nothing(part))
                .nth(at)
        };
        match part.name.to_ascii_lowercase().as_str() {
            "" | "mtext" | "ms" => self.words(&part.all_text()),
            "mi" | "mn" | "ci" | "cn" => self.sign(part.all_text().trim()),
            "mo" => self.operator(part.all_text().trim(), next),
            "mspace" => self.gap(),
            "mphantom" | "annotation" | "annotation-xml" | "mprescripts" | "none" => {}
            "semantics" | "maction" => self.row(part.children.get(..1).unwrap_or_default()),
            "mfrac" => self.fraction(part, next),
            "msqrt" => {
                let inside = self.apart(&part.children);
                self.root("√", &inside);
            }
            "mroot" => {
                let inside = self.inside(child(0));
                let index = self.inside(child(1));
                let sign = match index.as_str() {
                    "3" => "∛".to_owned(),
                    "4" => "∜".to_owned(),
                    index => raised(index)
                        .map_or_else(|| format!("root {index} of "), |index| format!("{index}√")),
                };
                self.root(&sign, &inside);
            }
            "msup" => self.scripts(child(0), None, child(1)),
            "msub" => self.scripts(child(0), child(1), None),
            "msubsup" | "munderover" => self.scripts(child(0), child(1), child(2)),
            "munder" => self.scripts(child(0), child(1), None),
            "mover" => self.over(child(0), child(1)),
            "mmultiscripts" => self.multiscripts(part),
            "mfenced" => self.fenced(part),
            "mtable" => self.table(part),
            _ => self.row(&part.children),
        }
    }

    /// A letter or a number; words and numbers stay apart.
    fn sign(&mut self, sign: &str) {
        let ends_word = self.out.ends_with(|c: char| c.is_ascii_digit())
            && sign.starts_with(|c: char| c.is_ascii_digit())
            || is_word(sign) && self.out.ends_with(char::is_alphanumeric)
            || self.word_end > 0
                && self.word_end == self.out.len()
                && sign.starts_with(|c: char| c.is_alphanumeric() || c == '√');
        if ends_word {
            self.gap();
        }
        self.out.push_str(sign);
        if is_word(sign) {
            self.word_end = self.out.len();
        }
    }

    fn words(&mut self, text: &str) {
        if text.trim().is_empty() {
            if text.contains('\u{a0}') {
                self.gap();
            }
            return;
        }
        if text.starts_with(char::is_whitespace) {
            self.gap();
        }
        self.sign(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        if text.ends_with(char::is_whitespace) {
            self.gap();
        }
    }

    fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with(' ') {
            self.out.push(' ');
        }
    }

    fn operator(&mut self, sign: &str, next: Option<&Part<'_>>) {
        match sign {
            // Multiplied, added, or an index beside an index: nobody sees these.
            "\u{2062}" | "\u{2064}" | "\u{200b}" => {}
            "\u{2063}" => self.out.push(','),
            // A function and what it is of.
            "\u{2061}" => {
                let bracketed = next.is_some_and(|next| opens(&next.all_text()));
                if !bracketed {
                    self.gap();
                }
            }
            "," | ";" => {
                self.out.push_str(sign);
                if !self.tight {
                    self.gap();
                }
            }
            _ if is_infix(sign) && self.is_infix_here() && next.is_some() && !self.tight => {
                self.gap();
                self.out.push_str(sign);
                self.gap();
            }
            _ => self.out.push_str(sign),
        }
    }

    /// Whether an operator has something before it that it works on.
    fn is_infix_here(&self) -> bool {
        let before = self.out.trim_end();
        let last = before.chars().next_back();
        last.is_some_and(|last| !opens(&last.to_string()) && !is_infix(&last.to_string()))
    }

    /// What parts say on a line of their own.
    fn apart(&self, parts: &[Part<'_>]) -> String {
        let mut line = Line {
            tight: self.tight,
            ..Line::default()
        };
        line.row(parts);
        line.out.trim().to_owned()
    }

    fn inside(&self, part: Option<&Part<'_>>) -> String {
        let mut line = Line {
            tight: self.tight,
            ..Line::default()
        };
        if let Some(part) = part {
            line.part(part, None);
        }
        line.out.trim().to_owned()
    }

    fn script(part: Option<&Part<'_>>) -> String {
        let line = Line {
            tight: true,
            ..Line::default()
        };
        line.inside(part)
    }

    fn fraction(&mut self, part: &Part<'_>, next: Option<&Part<'_>>) {
        let mut children = part.children.iter().filter(|part| !is_nothing(part));
        let (above, below) = (self.inside(children.next()), self.inside(children.next()));
        let flat = part.attribute("linethickness");
        let no_line = flat.is_some_and(|width| {
            let number = width.trim_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
            number.trim().parse() == Ok(0.0)
        });
        if no_line {
            self.gap();
            self.out.push_str(&format!("{above} over {below}"));
            return;
        }
        let fraction = format!("{}/{}", grouped(&above), divisor(&below));
        let follows = next.is_some_and(|next| !next.is("mo") && !is_nothing(next));
        if self.out.ends_with(char::is_alphanumeric) {
            self.gap();
        }
        if follows {
            self.out.push_str(&format!("({fraction})"));
        } else {
            self.out.push_str(&fraction);
        }
    }

    fn root(&mut self, sign: &str, inside: &str) {
        if sign.starts_with(char::is_alphanumeric) {
            self.gap();
        }
        self.out.push_str(sign);
        if inside.chars().count() > 1 && !inside.bytes().all(|byte| byte.is_ascii_digit()) {
            self.out.push_str(&format!("({inside})"));
        } else {
            self.out.push_str(inside);
        }
    }

    fn scripts(
        &mut self,
        base: Option<&Part<'_>>,
        below: Option<&Part<'_>>,
        above: Option<&Part<'_>>,
    ) {
        let base = self.inside(base);
        let base = if base.chars().any(|c| c == '/' || c == ' ') {
            grouped(&base)
        } else {
            base.into()
        };
        self.sign(&base);
        self.below(&Self::script(below));
        self.above(&Self::script(above));
        if base.starts_with(is_large) || is_word(&base) {
            self.gap();
        }
    }

    fn above(&mut self, script: &str) {
        if script.is_empty() {
            return;
        }
        let mark = |c: char| matches!(c, '′' | '″' | '‴' | '\'' | '*' | '∗' | '†' | '°');
        match raised(script) {
            _ if script.chars().all(mark) => self.out.push_str(script),
            _ if script == "∘" => self.out.push('°'),
            Some(raised) => self.out.push_str(&raised),
            None => self.out.push_str(&format!("^{}", grouped(script))),
        }
    }

    fn below(&mut self, script: &str) {
        if script.is_empty() {
            return;
        }
        match lowered(script) {
            Some(lowered) => self.out.push_str(&lowered),
            None => self.out.push_str(&format!("_{}", grouped(script))),
        }
    }

    /// An accent, or what stands above a sum.
    fn over(&mut self, base: Option<&Part<'_>>, above: Option<&Part<'_>>) {
        let accent = match Self::script(above).as_str() {
            "^" | "ˆ" | "\u{302}" => "\u{302}",
            "~" | "˜" | "∼" | "\u{303}" => "\u{303}",
            "¯" | "‾" | "―" | "_" | "\u{304}" => "\u{304}",
            "→" | "⃗" => "\u{20d7}",
            "." | "˙" => "\u{307}",
            ".." | "¨" => "\u{308}",
            _ => return self.scripts(base, None, above),
        };
        let base = self.inside(base);
        self.sign(&base);
        // Over many letters it would stand over the last one alone.
        if base.chars().count() == 1 {
            self.out.push_str(accent);
        }
    }

    fn multiscripts(&mut self, part: &Part<'_>) {
        let children = part
            .children
            .iter()
            .filter(|part| !is_nothing(part) || part.is("none"));
        let children: Vec<_> = children.collect();
        let split = children.iter().position(|part| part.is("mprescripts"));
        let (after, before) = children.split_at(split.unwrap_or(children.len()));
        for pair in before.get(1..).unwrap_or_default().chunks(2) {
            self.above(&Self::script(pair.get(1).copied()));
            self.below(&Self::script(pair.first().copied()));
        }
        let base = self.inside(after.first().copied());
        self.out.push_str(&base);
        for pair in after.get(1..).unwrap_or_default().chunks(2) {
            self.below(&Self::script(pair.first().copied()));
            self.above(&Self::script(pair.get(1).copied()));
        }
    }

    fn fenced(&mut self, part: &Part<'_>) {
        let said = |name, usual: &'static str| {
            part.attribute(name)
                .map_or(usual.into(), |said| decode(said))
        };
        let separator = said("separators", ",").trim().chars().next();
        let children = part.children.iter().filter(|part| !is_nothing(part));
        let inside: Vec<_> = children.map(|part| self.inside(Some(part))).collect();
        let between = separator.map_or_else(String::new, |separator| format!("{separator} "));
        self.out.push_str(said("open", "(").trim());
        self.out.push_str(&inside.join(&between));
        self.out.push_str(said("close", ")").trim());
    }

    /// Cells with commas and rows with semicolons; lines under each other have no commas.
    fn table(&mut self, part: &Part<'_>) {
        let fenced = self.out.trim_end().ends_with(['(', '[', '|', '‖', '⟨']);
        let rows = part.children.iter().filter(|row| !is_nothing(row));
        let rows = rows.map(|row| {
            let label = usize::from(row.is("mlabeledtr"));
            let cells = row.children.iter().filter(|cell| !is_nothing(cell));
            let cells = cells.skip(label).map(|cell| self.inside(Some(cell)));
            let cells: Vec<_> = cells.filter(|cell| !cell.is_empty()).collect();
            cells.join(if fenced { ", " } else { " " })
        });
        let rows: Vec<_> = rows.filter(|row| !row.is_empty()).collect();
        self.out.push_str(&rows.join("; "));
    }
}

/// White space between the parts of a formula.
fn is_nothing(part: &Part<'_>) -> bool {
    part.name.is_empty() && part.text.bytes().all(|byte| byte.is_ascii_whitespace())
}
