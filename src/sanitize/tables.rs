//! Tables: parts in their order, a grid without holes, and a box to scroll in.
//!
//! What a table is only for layout (one column, no heading) gives way to its cells. Spans are cut
//! to what is there: a column in which no cell begins, a row without a cell, or a cell that reaches
//! out of its section are errors, and readers with a screen reader lose their way in them.

use std::collections::BTreeSet;

use super::policy::TABLE_CLASS;
use super::tree::{Element, Node, extend, shows_nothing};

/// Most columns for which spans are computed; wider tables lose their spans.
const COLUMNS: usize = 256;

/// A section's rows of cells.
struct Section<'a> {
    element: Element<'a>,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    element: Element<'a>,
    cells: Vec<Element<'a>>,
}

/// Appends a table, or what it gives way to. `fit_cell` fits a cell's content, given whether it is
/// a heading.
pub(super) fn table<'a>(
    mut table: Element<'a>,
    fit_cell: &dyn Fn(Vec<Node<'a>>, bool) -> Vec<Node<'a>>,
    out: &mut Vec<Node<'a>>,
) {
    table.remove("class");
    let mut parts = Parts {
        caption: None,
        sections: Vec::new(),
        strays: Vec::new(),
    };
    parts.collect(std::mem::take(&mut table.children));
    extend(out, fit_cell(parts.strays, false));
    for section in &mut parts.sections {
        for cell in section.rows.iter_mut().flat_map(|row| &mut row.cells) {
            let heading = cell.name() == "th";
            cell.children = fit_cell(std::mem::take(&mut cell.children), heading);
        }
        section
            .rows
            .iter_mut()
            .for_each(|row| row.element.remove("class"));
    }
    straighten(&mut parts.sections);
    if parts.caption.is_none() && is_layout(&parts.sections) {
        return out.extend(cells(parts.sections).map(|mut cell| {
            cell.attributes
                .retain(|(name, _)| matches!(*name, "id" | "dir" | "lang"));
            if let Some(block) = Element::new("div") {
                cell.kept = block.kept;
            }
            Node::Element(cell)
        }));
    }
    if let Some(mut caption) = parts.caption {
        // A caption is a line here: it may hold no table, and no list is missed in it.
        if let Some(mut paragraph) = Element::new("p") {
            paragraph.children = std::mem::take(&mut caption.children);
            caption.children = flat(fit_cell(vec![Node::Element(paragraph)], true));
        }
        table.children.push(Node::Element(caption));
    }
    table.children.extend(assemble(parts.sections));
    let Some(mut wrapper) = Element::new("div") else {
        return;
    };
    wrapper.set("class", TABLE_CLASS);
    wrapper.children.push(Node::Element(table));
    out.push(Node::Element(wrapper));
}

/// The content of the only paragraph.
fn flat(nodes: Vec<Node<'_>>) -> Vec<Node<'_>> {
    nodes
        .into_iter()
        .flat_map(|node| match node {
            Node::Element(element) => element.children,
            text @ Node::Text(_) => vec![text],
        })
        .collect()
}

struct Parts<'a> {
    caption: Option<Element<'a>>,
    sections: Vec<Section<'a>>,
    /// What stands between the parts, where nothing may stand.
    strays: Vec<Node<'a>>,
}

impl<'a> Parts<'a> {
    fn collect(&mut self, nodes: Vec<Node<'a>>) {
        for node in nodes {
            match node {
                node if node.is_space() => {}
                Node::Element(part)
                    if part.name() == "caption" && shows_nothing(&part.children) =>
                {
                    self.strays.extend(part.children);
                }
                Node::Element(part) if part.name() == "caption" && self.caption.is_none() => {
                    self.caption = Some(part);
                }
                Node::Element(mut part) if matches!(part.name(), "thead" | "tbody" | "tfoot") => {
                    let rows = self.rows(std::mem::take(&mut part.children));
                    self.add(part, rows);
                }
                Node::Element(row) if row.name() == "tr" => {
                    let rows = self.rows(vec![Node::Element(row)]);
                    if let Some(body) = Element::new("tbody") {
                        self.add(body, rows);
                    }
                }
                stray => self.strays.push(stray),
            }
        }
    }

    fn rows(&mut self, nodes: Vec<Node<'a>>) -> Vec<Row<'a>> {
        let mut rows = Vec::new();
        for node in nodes {
            match node {
                Node::Element(mut row) if row.name() == "tr" => {
                    let cells = self.cells(std::mem::take(&mut row.children));
                    rows.push(Row {
                        element: row,
                        cells,
                    });
                }
                node if node.is_space() => {}
                stray => self.strays.push(stray),
            }
        }
        rows
    }

    fn cells(&mut self, nodes: Vec<Node<'a>>) -> Vec<Element<'a>> {
        let mut cells = Vec::new();
        for node in nodes {
            match node {
                Node::Element(mut cell) if matches!(cell.name(), "td" | "th") => {
                    cell.remove("class");
                    if cell.name() == "td" {
                        cell.remove("scope");
                    }
                    cells.push(cell);
                }
                node if node.is_space() => {}
                stray => self.strays.push(stray),
            }
        }
        cells
    }

    /// One head, first; one foot, last; of more than one, the others are bodies.
    fn add(&mut self, mut element: Element<'a>, rows: Vec<Row<'a>>) {
        let again = self
            .sections
            .iter()
            .any(|known| known.element.name() == element.name());
        if again && let Some(body) = Element::new("tbody") {
            element.kept = body.kept;
        }
        self.sections.push(Section { element, rows });
    }
}

fn cells<'a>(sections: Vec<Section<'a>>) -> impl Iterator<Item = Element<'a>> {
    sections
        .into_iter()
        .flat_map(|section| section.rows)
        .flat_map(|row| row.cells)
}

/// One column without a heading aligns, but says nothing.
fn is_layout(sections: &[Section<'_>]) -> bool {
    let mut rows = sections.iter().flat_map(|section| &section.rows);
    rows.all(|row| row.cells.len() <= 1 && row.cells.iter().all(|cell| cell.name() == "td"))
}

fn assemble<'a>(mut sections: Vec<Section<'a>>) -> impl Iterator<Item = Node<'a>> {
    sections.retain(|section| !section.rows.is_empty());
    sections.sort_by_key(|section| match section.element.name() {
        "thead" => 0,
        "tfoot" => 2,
        _ => 1,
    });
    sections.into_iter().map(|mut section| {
        section.element.children = section
            .rows
            .into_iter()
            .map(|mut row| {
                row.element.children = row.cells.into_iter().map(Node::Element).collect();
                Node::Element(row.element)
            })
            .collect();
        Node::Element(section.element)
    })
}

/// Cuts all spans to rows and columns that exist.
fn straighten(sections: &mut [Section<'_>]) {
    let mut starts = BTreeSet::new();
    let mut placed = Vec::new();
    for section in sections.iter_mut() {
        let columns = place(&section.rows).or_else(|| {
            // Cells that overlap, or far too many: no cell spans any row then.
            remove_spans(section, "rowspan");
            place(&section.rows)
        });
        let Some(columns) = columns else {
            return sections.iter_mut().for_each(|section| {
                remove_spans(section, "rowspan");
                remove_spans(section, "colspan");
                section.rows.retain(|row| !row.cells.is_empty());
            });
        };
        starts.extend(columns.iter().flatten().copied());
        placed.push(columns);
    }
    for (section, columns) in sections.iter_mut().zip(placed) {
        cut_spans(section, &columns, &starts);
        section.rows.retain(|row| !row.cells.is_empty());
    }
}

fn remove_spans(section: &mut Section<'_>, name: &str) {
    for cell in section.rows.iter_mut().flat_map(|row| &mut row.cells) {
        cell.remove(name);
    }
}

fn span(cell: &Element<'_>, name: &str) -> usize {
    cell.attribute(name)
        .and_then(|span| span.parse().ok())
        .unwrap_or(1)
        .max(1)
}

/// The column in which each cell begins; none if two cells overlap or there are too many columns.
fn place(rows: &[Row<'_>]) -> Option<Vec<Vec<usize>>> {
    // For each column, the first row that is free again.
    let mut free_from = [0_usize; COLUMNS];
    let mut placed = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let mut column = 0;
        let mut starts = Vec::with_capacity(row.cells.len());
        for cell in &row.cells {
            while *free_from.get(column)? > index {
                column += 1;
            }
            let end = column + span(cell, "colspan");
            let covered = free_from.get_mut(column..end)?;
            if covered.iter().any(|free| *free > index) {
                return None;
            }
            covered.fill(index + span(cell, "rowspan"));
            starts.push(column);
            column = end;
        }
        placed.push(starts);
    }
    Some(placed)
}

fn cut_spans(section: &mut Section<'_>, columns: &[Vec<usize>], starts: &BTreeSet<usize>) {
    let filled: Vec<bool> = section
        .rows
        .iter()
        .map(|row| !row.cells.is_empty())
        .collect();
    for (index, row) in section.rows.iter_mut().enumerate() {
        for (cell, column) in row.cells.iter_mut().zip(&columns[index]) {
            let wide = starts
                .range(column..&(column + span(cell, "colspan")))
                .count();
            let rows = filled.iter().skip(index).take(span(cell, "rowspan"));
            let high = rows.filter(|filled| **filled).count();
            for (name, length) in [("colspan", wide), ("rowspan", high)] {
                cell.remove(name);
                if length > 1 {
                    cell.set(name, length.to_string());
                }
            }
        }
    }
}
