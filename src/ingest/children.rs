//! One element → its children, whatever has become of the tags inside them.
//!
//! A child ends at the end tag that bears its name, even where tags inside it were never closed:
//! so broken markup in a description costs nothing but a warning. A child that is never closed at
//! all (`<link>…` in the manner of HTML) has the text up to the next tag, and its siblings are kept.
//!
//! Invariants: children are in order and do not overlap; one pass, and a bounded number of new
//! starts, each from the child that is never closed; no tag costs more than it took to get there.

use std::collections::HashMap;
use std::ops::Range;

use super::repair::{Mends, Repair, mend};
use super::scan::{Kind, Next, Scanner, Token};

/// The deepest nesting that is read: real articles stay below 50, and deeper is an attack.
pub(super) const MAX_DEPTH: usize = 512;
/// How many children may be left open before the rest of an element is given up.
const MAX_RESTARTS: usize = 16;

/// A child element, as ranges of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Child {
    /// Its start tag.
    pub(super) tag: Range<usize>,
    /// Its qualified name.
    pub(super) name: Range<usize>,
    /// What stands between its tags.
    pub(super) inner: Range<usize>,
    /// Whether there are elements inside.
    pub(super) markup: bool,
}

/// An element, taken apart.
#[derive(Debug, Default)]
pub(super) struct Children {
    /// The start tag of the element itself.
    pub(super) parent: Range<usize>,
    pub(super) list: Vec<Child>,
    pub(super) mended: Mends,
}

/// Nested more deeply than Gleaner reads, from here on.
#[derive(Debug)]
pub(super) struct TooDeep(pub(super) usize);

/// The children of the first element of a text.
pub(super) fn children(text: &str) -> Result<Children, TooDeep> {
    let mut walk = Walk {
        text,
        stack: Stack::default(),
        found: Children::default(),
        open: None,
    };
    let mut scanner = Scanner::new(text);
    for _ in 0..MAX_RESTARTS {
        walk.run(&mut scanner)?;
        let Some(child) = walk.open.take() else {
            break;
        };
        // Never closed: only the text up to the next tag is its own, the rest are siblings.
        walk.mend(child.tag.start);
        walk.stack.close(1, text);
        scanner = Scanner::starting_at(text, child.tag.end);
        let rest = &text.as_bytes()[child.tag.end..];
        let own = memchr::memchr(b'<', rest).unwrap_or(rest.len());
        let inner = child.tag.end..child.tag.end + own;
        walk.found.list.push(Child {
            inner,
            markup: false,
            ..child
        });
    }
    Ok(walk.found)
}

struct Walk<'a> {
    text: &'a str,
    /// The open elements; the first is the parent.
    stack: Stack<'a>,
    found: Children,
    /// The child that is open.
    open: Option<Child>,
}

/// The names of open elements, and how often each is open: an end tag that matches none is known
/// without a look at all of them.
#[derive(Default)]
struct Stack<'a> {
    names: Vec<Range<usize>>,
    open: HashMap<&'a str, usize>,
}

impl<'a> Stack<'a> {
    fn push(&mut self, name: Range<usize>, text: &'a str) {
        *self.open.entry(&text[name.clone()]).or_default() += 1;
        self.names.push(name);
    }

    /// The innermost element of this name. What lies inside it is closed with it, so that each
    /// look at a name is paid for by the tag that opened it.
    fn level(&self, name: &str, text: &str) -> Option<usize> {
        self.open.get(name)?;
        self.names
            .iter()
            .rposition(|open| &text[open.clone()] == name)
    }

    /// Closes all elements from this level on.
    fn close(&mut self, level: usize, text: &str) {
        for name in self.names.drain(level.min(self.names.len())..) {
            let name = &text[name];
            if let Some(count) = self.open.get_mut(name) {
                *count -= 1;
                if *count == 0 {
                    self.open.remove(name);
                }
            }
        }
    }

    fn len(&self) -> usize {
        self.names.len()
    }
}

impl Walk<'_> {
    fn run(&mut self, scanner: &mut Scanner<'_>) -> Result<(), TooDeep> {
        while let Next::Token(token) = scanner.next() {
            match token.kind {
                Kind::Start => self.start(&token)?,
                Kind::Empty => self.empty(&token),
                Kind::End if self.end(&token) => return Ok(()),
                _ => {}
            }
        }
        Ok(())
    }

    fn start(&mut self, token: &Token) -> Result<(), TooDeep> {
        match self.stack.len() {
            0 => self.found.parent = token.range.clone(),
            1 => self.open = Some(child(token)),
            MAX_DEPTH.. => return Err(TooDeep(token.range.start)),
            _ => self.mark(),
        }
        self.stack.push(token.name.clone(), self.text);
        Ok(())
    }

    fn empty(&mut self, token: &Token) {
        match self.stack.len() {
            0 => self.found.parent = token.range.clone(),
            1 => self.found.list.push(child(token)),
            _ => self.mark(),
        }
    }

    /// Whether the parent is closed, so that nothing more belongs to it.
    fn end(&mut self, token: &Token) -> bool {
        let name = &self.text[token.name.clone()];
        let Some(level) = self.stack.level(name, self.text) else {
            self.mend(token.range.start);
            self.mark();
            return self.stack.len() == 0;
        };
        if level == 0 {
            return true;
        }
        if level + 1 < self.stack.len() {
            self.mend(token.range.start);
        }
        self.stack.close(level, self.text);
        if level == 1
            && let Some(mut child) = self.open.take()
        {
            child.inner.end = token.range.start;
            self.found.list.push(child);
        }
        false
    }

    fn mark(&mut self) {
        if let Some(child) = &mut self.open {
            child.markup = true;
        }
    }

    fn mend(&mut self, at: usize) {
        mend(&mut self.found.mended, Repair::Unbalanced, at);
    }
}

fn child(token: &Token) -> Child {
    Child {
        tag: token.range.clone(),
        name: token.name.clone(),
        inner: token.range.end..token.range.end,
        markup: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let found = children(text).unwrap();
        let list: Vec<String> = found
            .list
            .iter()
            .map(|child| {
                let markup = if child.markup { "*" } else { "" };
                format!(
                    "{}{markup}={}",
                    &text[child.name.clone()],
                    &text[child.inner.clone()]
                )
            })
            .collect();
        format!("{} | {} mended", list.join(" "), found.mended.len())
    }

    #[test]
    fn a_child_ends_at_its_own_name() {
        for (text, children) in [
            ("<i><a>1</a><b/><c>2</c></i>", "a=1 b= c=2 | 0 mended"),
            ("<i><a>x<p>y</a><c>2</c></i>", "a*=x<p>y c=2 | 1 mended"),
            ("<i><a>x</p></a><c>2</c></i>", "a*=x</p> c=2 | 1 mended"),
            ("<i><link>u<c>2</c></i>", "link=u c=2 | 1 mended"),
            ("<i><a><a>x</a></a></i>", "a*=<a>x</a> | 0 mended"),
            (
                "<i><a><![CDATA[</a>]]></a></i>",
                "a=<![CDATA[</a>]]> | 0 mended",
            ),
            ("<i/>", " | 0 mended"),
            ("text", " | 0 mended"),
        ] {
            assert_eq!(shown(text), children, "{text}");
        }
    }

    #[test]
    fn depth_and_open_children_are_bounded() {
        let deep = format!("<i>{}</i>", "<b>".repeat(100_000));
        assert!(children(&deep).is_err());
        let open: String = (0..100).map(|n| format!("<b{n}>")).collect();
        assert!(children(&format!("<i>{open}</i>")).unwrap().list.len() <= MAX_RESTARTS);
    }
}
