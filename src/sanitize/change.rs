//! A list of nodes → the same list, changed.
//!
//! Most passes leave most nodes where they are. So nodes are changed where they stand, and only
//! from the first one on that gives way to others, they are moved.
//!
//! Invariant: text never stands beside text, as a parser would read it.

use super::tree::{Element, Node, extend, push};

/// What becomes of a node.
pub(super) enum Fate<'a> {
    /// It stays, perhaps changed.
    Stays,
    /// These stand in its place.
    Becomes(Vec<Node<'a>>),
}

impl<'a> Fate<'a> {
    /// Nothing is left.
    pub(super) const GOES: Self = Fate::Becomes(Vec::new());

    /// At most one other stands in its place.
    pub(super) fn of(node: Option<Node<'a>>) -> Self {
        Fate::Becomes(node.into_iter().collect())
    }
}

impl<'a> Element<'a> {
    /// It gives way to what it holds.
    pub(super) fn unwrapped(&mut self) -> Fate<'a> {
        Fate::Becomes(std::mem::take(&mut self.children))
    }

    /// The words stay, and so does the place that a link may lead to.
    pub(super) fn leaves_place(&mut self) -> Fate<'a> {
        let mut left = std::mem::take(&mut self.children);
        if let (Some(id), Some(mut place)) = (self.take("id"), Element::new("span")) {
            place.set("id", id);
            left.insert(0, Node::Element(place));
        }
        Fate::Becomes(left)
    }
}

/// Asks for each node what becomes of it, given those that stand before it by then.
pub(super) fn change<'a>(
    nodes: &mut Vec<Node<'a>>,
    mut fate: impl FnMut(&mut Node<'a>, &[Node<'a>]) -> Fate<'a>,
) {
    let mut at = 0;
    loop {
        let (before, rest) = nodes.split_at_mut(at);
        let Some(node) = rest.first_mut() else { return };
        let joins = matches!((before.last(), &node), (Some(Node::Text(_)), Node::Text(_)));
        if joins {
            break;
        }
        match fate(node, before) {
            Fate::Stays => at += 1,
            Fate::Becomes(others) => match <[Node<'a>; 1]>::try_from(others) {
                Ok([other @ Node::Element(_)]) => {
                    *node = other;
                    at += 1;
                }
                others => {
                    let rest = nodes.split_off(at + 1);
                    nodes.truncate(at);
                    extend(nodes, others.map_or_else(|others| others, Vec::from));
                    return move_on(nodes, rest, fate);
                }
            },
        }
    }
    let rest = nodes.split_off(at);
    move_on(nodes, rest, fate);
}

/// Moves the rest of the nodes, or what becomes of them.
fn move_on<'a>(
    nodes: &mut Vec<Node<'a>>,
    rest: Vec<Node<'a>>,
    mut fate: impl FnMut(&mut Node<'a>, &[Node<'a>]) -> Fate<'a>,
) {
    for mut node in rest {
        match fate(&mut node, nodes) {
            Fate::Stays => push(nodes, node),
            Fate::Becomes(others) => extend(nodes, others),
        }
    }
}
