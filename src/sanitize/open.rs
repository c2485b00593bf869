//! The elements that are open while [`prepare`](super::prepare) writes: what a tag opens, what it
//! closes, and what of it was not seen.
//!
//! An element that was hidden is read like any other, so that it ends where a parser would end it;
//! when it does, what was written of it is taken back. Of what stood in it, the places that links
//! lead to stay.

use super::hidden::{Hidden, Look};
use super::nesting::{CELLS, is_heading, is_table_part, optional_group};
use super::policy::{DEPTH, Kept, Model, element};
use super::prepare::{Pass, is_void};
use super::token::Tokens;
use super::treatment::{Treatment, closes};

/// An element that is open.
pub(super) struct Open<'a> {
    kept: &'static Kept,
    /// The name that its end tag has, where that is not the element's own, and how many elements of
    /// that name are open in it.
    alias: Option<(&'a str, usize)>,
    /// It was not seen: where what was written of it begins.
    hidden_from: Option<usize>,
    /// Why text around it is not seen.
    outer: u8,
}

impl Open<'_> {
    fn is(&self, name: &str) -> bool {
        self.kept.name == name && self.alias.is_none()
    }
}

impl<'a> Pass<'a> {
    /// Opens an element; false if its tag must not be written.
    pub(super) fn open(&mut self, kept: &'static Kept) -> bool {
        self.close_implied(kept);
        self.close_paragraph(kept);
        if kept.name == "a" {
            // A link ends where the next begins.
            self.forget_skipped("a");
            if let Some(at) = self.find_open("a") {
                self.close_to(at);
            }
        }
        let deep = self.open.len() >= DEPTH;
        self.flattened |= deep;
        if deep || self.is_again(kept) {
            if !self.nest(kept.name) {
                self.skip(kept.name);
            }
            return false;
        }
        self.push(kept, None, None);
        true
    }

    /// Whether a formatting element stands in one of its kind.
    fn is_again(&self, kept: &Kept) -> bool {
        kept.model == Model::Formatting && self.find_open(kept.name).is_some()
    }

    fn push(&mut self, kept: &'static Kept, alias: Option<&'a str>, hidden_from: Option<usize>) {
        self.carriers += usize::from(alias.is_some());
        self.open.push(Open {
            kept,
            alias: alias.map(|alias| (alias, 0)),
            hidden_from,
            outer: self.hush,
        });
    }

    /// Opens an element that was not seen; until it ends, what is written is taken back.
    pub(super) fn open_hidden(&mut self, kept: &'static Kept, name: &'a str) {
        self.close_implied(kept);
        self.close_paragraph(kept);
        if self.hidden > 0 && self.open.len() >= DEPTH {
            self.skip(kept.name);
            return;
        }
        let from = Some(self.out.len());
        if kept.name == "a" || self.is_again(kept) {
            return self.open_unnamed(name, from);
        }
        self.push(kept, None, from);
        self.hidden += 1;
    }

    /// The same for an element that the policy does not know, or that must not stand here: under
    /// the name that its end tag has.
    pub(super) fn open_unnamed(&mut self, name: &'a str, hidden_from: Option<usize>) {
        let Some(span) = element("span") else { return };
        if self.hidden > 0 && (self.nest(name) || self.open.len() >= DEPTH) {
            return;
        }
        self.push(span, Some(name), hidden_from);
        self.hidden += usize::from(hidden_from.is_some());
    }

    /// Opens an element that the policy does not know, but whose style its text has.
    pub(super) fn carry(&mut self, name: &'a str, hush: u8) {
        if self.open.len() < DEPTH {
            self.open_unnamed(name, None);
            self.out.push_str("<span>");
            self.hush = hush;
        }
    }

    /// Counts a start tag inside an element of this name that has no name of its own here, so that
    /// each finds its end tag.
    pub(super) fn nest(&mut self, name: &str) -> bool {
        if self.carriers == 0 {
            return false;
        }
        let mut aliases = self
            .open
            .iter_mut()
            .rev()
            .filter_map(|open| open.alias.as_mut());
        let alias = aliases.find(|(alias, _)| alias.eq_ignore_ascii_case(name));
        alias.map(|(_, nested)| *nested += 1).is_some()
    }

    /// Whether an end tag belonged to an element without a name of its own.
    fn end_unnamed(&mut self, name: &str) -> bool {
        if self.carriers == 0 {
            return false;
        }
        let named = closes(name).and_then(|name| self.find_open(name));
        let is_it = |open: &Open<'_>| {
            open.alias
                .is_some_and(|(alias, _)| alias.eq_ignore_ascii_case(name))
        };
        let Some(at) = self
            .open
            .iter()
            .rposition(is_it)
            .filter(|at| Some(*at) > named)
        else {
            return false;
        };
        match &mut self.open[at].alias {
            Some((_, nested)) if *nested > 0 => *nested -= 1,
            _ => self.close_to(at),
        }
        true
    }

    pub(super) fn end(&mut self, name: &str) {
        if self.end_unnamed(name) {
            return;
        }
        let is_last = self.open.last().is_some_and(|open| open.is(name));
        if is_last && self.skipped.iter().all(|(skipped, _)| *skipped != name) {
            return self.close_to(self.open.len() - 1);
        }
        let Some(name) = closes(name) else { return };
        let at = self.find_open(name);
        if self.unskip(name, at.map_or(0, |at| at + 1)) {
            return;
        }
        if let Some(at) = at {
            self.close_to(at);
        }
    }

    /// The innermost open element that an end tag of this name closes.
    fn find_open(&self, name: &str) -> Option<usize> {
        for (at, open) in self.open.iter().enumerate().rev() {
            if open.alias.is_some() {
                continue;
            }
            let open = open.kept;
            if open.name == name || (is_heading(name) && is_heading(open.name)) {
                return Some(at);
            }
            let in_list = name == "li" && matches!(open.name, "ul" | "ol");
            if in_list
                || (CELLS.contains(&open.name) && !is_table_part(name))
                || (open.name == "table")
            {
                return None;
            }
        }
        None
    }

    pub(super) fn skip(&mut self, name: &'static str) {
        let depth = self.open.len();
        match self
            .skipped
            .iter_mut()
            .find(|(skipped, _)| *skipped == name)
        {
            Some((_, depths)) => depths.push(depth),
            None => self.skipped.push((name, vec![depth])),
        }
    }

    /// Whether an end tag belongs to a start tag that was skipped inside the element that is
    /// number `inside` of the open ones.
    pub(super) fn unskip(&mut self, name: &str, inside: usize) -> bool {
        let now = self.open.len();
        let Some((_, depths)) = self
            .skipped
            .iter_mut()
            .find(|(skipped, _)| *skipped == name)
        else {
            return false;
        };
        // What was skipped inside an element that is closed by now says nothing any more.
        while depths.last().is_some_and(|depth| *depth > now) {
            depths.pop();
        }
        let belongs = depths.last().is_some_and(|depth| *depth >= inside);
        if belongs {
            depths.pop();
        }
        belongs
    }

    fn forget_skipped(&mut self, name: &str) {
        self.skipped.retain(|(skipped, _)| *skipped != name);
    }

    /// Closes what the start of this element ends without an end tag: an item the item before it.
    fn close_implied(&mut self, kept: &Kept) {
        let Some(group) = optional_group(kept.name) else {
            return;
        };
        for at in (0..self.open.len()).rev() {
            match optional_group(self.open[at].kept.name) {
                _ if self.open[at].alias.is_some() => {}
                None => return,
                Some(open) if open == group => return self.close_to(at),
                Some(_) => {}
            }
        }
    }

    /// A block ends the paragraph before it.
    pub(super) fn close_paragraph(&mut self, kept: &Kept) {
        let is_block = matches!(kept.model, Model::Prose | Model::Block | Model::Frame);
        let mut named = self.open.iter().rposition(|open| open.alias.is_none());
        named = named.filter(|at| is_block && self.open[*at].is("p"));
        if let Some(at) = named {
            self.close_to(at);
        }
    }

    pub(super) fn close_to(&mut self, length: usize) {
        while self.open.len() > length
            && let Some(open) = self.open.pop()
        {
            self.out.push_str("</");
            self.out.push_str(open.kept.name);
            self.out.push('>');
            self.hush = open.outer;
            self.carriers -= usize::from(open.alias.is_some());
            if let Some(from) = open.hidden_from {
                self.take_back(from);
            }
        }
    }

    /// What was written from here on was not seen; the places that links lead to stay.
    fn take_back(&mut self, from: usize) {
        self.out.truncate(from);
        self.hidden -= 1;
        self.hid = true;
        if self.hidden > 0 {
            return;
        }
        for id in std::mem::take(&mut self.places) {
            self.place(id);
        }
    }

    /// An empty element that links may lead to.
    pub(super) fn place(&mut self, id: &str) {
        self.out.push_str("<span");
        self.write_attribute("id", id);
        self.out.push_str("></span>");
    }

    /// Whether the start tag that was read last begins what its page did not show, nor shows after a
    /// click.
    pub(super) fn is_hidden(&self, look: Look, tokens: &Tokens<'a>) -> bool {
        match look.hidden {
            Hidden::No => false,
            Hidden::Always => true,
            Hidden::Yes => tokens
                .attribute("id")
                .is_none_or(|id| !self.census.names(id, tokens)),
            Hidden::FormulaBefore => self.after_formula,
            Hidden::FormulaAfter => self.census.formula_follows(tokens),
            Hidden::SourceAfter => self.census.source_follows(tokens),
        }
    }

    /// Passes over an element that was not seen.
    pub(super) fn hide(&mut self, name: &'a str, treatment: Treatment, tokens: &mut Tokens<'a>) {
        self.hid = true;
        match treatment {
            Treatment::Keep(kept) if !is_void(kept) => self.open_hidden(kept, name),
            Treatment::Keep(_) | Treatment::Input => {}
            Treatment::Unwrap | Treatment::Button | Treatment::Noscript => {
                self.open_unnamed(name, Some(self.out.len()));
            }
            Treatment::Drop { name, raw } => self.drop(name, raw, tokens),
            Treatment::Text(name, _) => {
                tokens.skip_past_end(name);
            }
            Treatment::Frame { raw: true, .. } => {
                tokens.skip_past_end("iframe");
            }
            Treatment::Frame { .. } => {}
            Treatment::Math => {
                tokens.skip_past_end("math");
            }
        }
    }

    /// An element that ends in its start tag.
    pub(super) fn empty(&mut self, treatment: Treatment, tokens: &Tokens<'a>) {
        match treatment {
            Treatment::Keep(kept) if kept.name == "a" => {
                if let Some(id) = tokens.attribute("id").or_else(|| tokens.attribute("name")) {
                    self.place(id);
                }
            }
            Treatment::Keep(kept) => {
                if self.open(kept) {
                    self.write_start(kept, tokens);
                    self.close_to(self.open.len() - 1);
                } else {
                    self.unskip(kept.name, 0);
                }
            }
            Treatment::Frame { source, before, .. } => self.frame(source, before, tokens),
            _ => {}
        }
    }
}
