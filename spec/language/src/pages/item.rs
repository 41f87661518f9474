//! Owns the page of an item.

use super::clause;
use super::markdown::{anchor, block, code, prose, table};
use super::outline::{Outline, index_name, index_title, link, short_name};
use crate::pack::{Item, ItemKind, Parameter};

/// The page.
pub(super) fn page(outline: &Outline<'_>, item: &Item) -> String {
    let mut text = format!("# {}\n\n{}\n\n", code(&item.id), place(item));
    if let Some(signature) = &item.signature {
        text.push_str(&format!("{}\n", block("python", signature)));
    }
    // An item that is one sentence has it as its clause.
    if item
        .clauses
        .iter()
        .all(|clause| clause.says != item.summary)
    {
        text.push_str(&format!("{}\n\n", prose(&item.summary)));
    }
    text.push_str(&parameters(item));
    if let Some(returns) = &item.returns {
        text.push_str(&format!("Returns: {}\n\n", prose(returns)));
    }
    text.push_str(&relatives(outline, item));
    if item.clauses.len() > 1 {
        text.push_str(&clauses(item));
    }
    for clause in &item.clauses {
        text.push_str(&clause::section(outline.pack, clause));
    }
    text
}

/// Its kind, and where the document has it.
fn place(item: &Item) -> String {
    let kind = format!("[{}]({})", index_title(item.kind), index_name(item.kind));
    match &item.section {
        Some(section) => format!(
            "{kind} · section [{}](README.md#{})",
            prose(section),
            anchor(section)
        ),
        None => kind,
    }
}

fn parameters(item: &Item) -> String {
    if item.parameters.is_empty() {
        return String::new();
    }
    let row = |(name, parameter): (&String, &Parameter)| {
        let word = |text: &Option<String>| text.as_deref().map(prose).unwrap_or_default();
        [
            code(name),
            prose(&parameter.r#type),
            word(&parameter.unit),
            parameter.default.as_deref().map(code).unwrap_or_default(),
            prose(&parameter.says),
        ]
    };
    let heading = ["parameter", "type", "unit", "default", "meaning"];
    table(heading, item.parameters.iter().map(row)) + "\n"
}

/// Links to the examples of it, or to what it is an example of, and to what else stands in
/// its section.
fn relatives(outline: &Outline<'_>, item: &Item) -> String {
    let mut text = String::new();
    let belonging = outline.belonging(item);
    let title = match item.kind {
        ItemKind::Example => "An example of",
        _ => "In the document's examples",
    };
    text.push_str(&links(title, &belonging));
    let mut neighbours = outline.neighbours(item);
    neighbours.retain(|other| belonging.iter().all(|item| item.id != other.id));
    text.push_str(&links("In the same section", &neighbours));
    text
}

fn links(title: &str, items: &[&Item]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let links: Vec<_> = items.iter().map(|item| link(item)).collect();
    format!("{title}: {}\n\n", links.join(", "))
}

/// The clauses, as an index of the page.
fn clauses(item: &Item) -> String {
    let rows = item.clauses.iter().map(|clause| {
        let name = short_name(clause);
        [
            format!("[{name}](#{name})"),
            prose(&clause.says),
            format!("**{}**, {}", clause.level.word(), clause.basis.word()),
        ]
    });
    table(["clause", "says", "level, basis"], rows) + "\n"
}
