//! Owns the reading of the document's sections, and which item stands in which.
//! That every listed item is there is no matter of soundness: [`crate::coverage`] tells it.

use std::collections::BTreeMap;

use crate::document::Document;
use crate::field::Field;
use crate::item::is_dotted;
use crate::pack::{Item, Section};
use crate::raw::SectionShape;

/// Reads the sections of the document.
pub(crate) fn sections(
    document: &Document<'_>,
    field: &Field<Vec<Field<SectionShape>>>,
) -> Vec<Section> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut sections = Vec::new();
    for (spot, shape) in field.get().into_iter().flatten().filter_map(Field::placed) {
        let title = shape.title.required(document, spot, "title");
        let items = shape.items.required(document, spot, "items");
        let (Some((title_spot, title)), Some((items_spot, items))) = (title, items) else {
            continue;
        };
        if title.trim().is_empty() {
            document.report(title_spot, "this says nothing");
        } else if sections
            .iter()
            .any(|earlier: &Section| earlier.title == *title)
        {
            document.report(
                title_spot,
                format!("there is a section \"{title}\" already"),
            );
        }
        if items.is_empty() {
            document.report(items_spot, "a section without an item documents nothing");
        }
        for (spot, id) in items.iter().filter_map(Field::placed) {
            if !is_id(id) {
                document.report(spot, format!("`{id}` is no id of an item"));
            }
            if let Some(earlier) = known.insert(id, title) {
                let message = format!("`{id}` is listed already, under \"{earlier}\"");
                document.report(spot, message);
            }
        }
        sections.push(Section {
            title: title.clone(),
            items: items.iter().filter_map(Field::get).cloned().collect(),
        });
    }
    sections
}

/// Whether a text can be an id: names and hyphenated words, joined by dots.
fn is_id(id: &str) -> bool {
    id.contains('.') && is_dotted(&id.replace('-', "_"))
}

/// Gives each item the section that lists it.
pub(crate) fn place(items: &mut [Item], sections: &[Section]) {
    let sections: BTreeMap<&str, &str> = sections
        .iter()
        .flat_map(|section| {
            let title = section.title.as_str();
            section.items.iter().map(move |id| (id.as_str(), title))
        })
        .collect();
    for item in items {
        item.section = sections.get(item.id.as_str()).copied().map(str::to_owned);
    }
}
