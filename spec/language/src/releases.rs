//! Owns the reading of `releases`: the items that give back what a target has few of. Does not know
//! what is made of their failures.

use crate::document::Document;
use crate::field::Field;
use crate::nearest::nearest;
use crate::pack::{Item, Section};
use crate::tree::Spot;

/// The ids that `pack.yaml` lists, each with its place.
#[derive(Debug, Default)]
pub(crate) struct Releases {
    /// The number of the document that lists them.
    document: usize,
    ids: Vec<(Spot, String)>,
}

impl Releases {
    /// Reads the list; an id that stands twice is reported.
    pub(crate) fn read(
        document: &Document<'_>,
        number: usize,
        field: &Field<Vec<Field<String>>>,
    ) -> Releases {
        if let (Some(spot), Some([])) = (field.spot(), field.get().map(Vec::as_slice)) {
            document.report(spot, "`releases` without an item says nothing");
        }
        let listed = field.get().into_iter().flatten().filter_map(Field::placed);
        let mut ids: Vec<(Spot, String)> = Vec::new();
        for (spot, id) in listed {
            if ids.iter().any(|(_, earlier)| earlier == id) {
                document.report(spot, format!("`{id}` is listed twice"));
            }
            ids.push((spot, id.clone()));
        }
        Releases {
            document: number,
            ids,
        }
    }
}

/// Marks the listed items; an id that neither an item nor a section of the document has is reported.
/// That an item of a section is not described yet is no matter of soundness.
pub(crate) fn mark(
    items: &mut [Item],
    documents: &[Document<'_>],
    releases: &Releases,
    sections: &[Section],
) {
    let Some(document) = documents.get(releases.document) else {
        return;
    };
    let documented: Vec<&String> = sections.iter().flat_map(|section| &section.items).collect();
    for (spot, id) in &releases.ids {
        if let Some(item) = items.iter_mut().find(|item| item.id == *id) {
            item.releases = true;
            continue;
        }
        if !documented.contains(&id) {
            let described = items.iter().map(|item| item.id.as_str());
            let known = described.chain(documented.iter().map(|listed| listed.as_str()));
            let suggestion = nearest(id, known);
            document.report_with(*spot, format!("no item has the id `{id}`"), suggestion);
        }
    }
}
