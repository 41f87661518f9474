//! Owns which pages there are, what they are called, and how items belong together.

use std::collections::BTreeMap;

use crate::coverage::Coverage;
use crate::pack::{Basis, Clause, Item, ItemKind, Pack};

use super::markdown::code;

/// The page of the fixtures.
pub(super) const FIXTURES: &str = "fixtures.md";
/// The page of the errata.
pub(super) const ERRATA: &str = "errata.md";

const KINDS: [ItemKind; 6] = [
    ItemKind::Constant,
    ItemKind::Listing,
    ItemKind::Function,
    ItemKind::Method,
    ItemKind::Statement,
    ItemKind::Example,
];

/// A pack in the order of its document.
pub(super) struct Outline<'p> {
    pub pack: &'p Pack,
    pub coverage: Coverage,
    items: Vec<&'p Item>,
    by_id: BTreeMap<&'p str, &'p Item>,
}

impl<'p> Outline<'p> {
    /// Orders the items as the document does; those that it does not list come last.
    pub(super) fn of(pack: &'p Pack) -> Outline<'p> {
        let coverage = Coverage::of(pack);
        let by_id: BTreeMap<_, _> = pack
            .items
            .iter()
            .map(|item| (item.id.as_str(), item))
            .collect();
        let listed = coverage.documented.iter().map(|item| item.id.as_str());
        let unlisted = coverage.unlisted.iter().map(|item| item.id.as_str());
        let items = listed
            .chain(unlisted)
            .filter_map(|id| by_id.get(id).copied())
            .collect();
        Outline {
            pack,
            coverage,
            items,
            by_id,
        }
    }

    /// The kinds of item that there are.
    pub(super) fn kinds(&self) -> impl Iterator<Item = ItemKind> {
        KINDS
            .into_iter()
            .filter(|kind| self.of_kind(*kind).next().is_some())
    }

    /// The items of a kind.
    pub(super) fn of_kind(&self, kind: ItemKind) -> impl Iterator<Item = &'p Item> {
        self.items
            .iter()
            .copied()
            .filter(move |item| item.kind == kind)
    }

    /// An item.
    pub(super) fn item(&self, id: &str) -> Option<&'p Item> {
        self.by_id.get(id).copied()
    }

    /// The examples of an item, or the item that an example is of: `example.recv` belongs to
    /// `usocket.socket.recv`, and `example.socket-listing` to `usocket.socket.listing`.
    pub(super) fn belonging(&self, item: &Item) -> Vec<&'p Item> {
        let others = self.items.iter().copied();
        others
            .filter(|other| {
                is_example_of(&item.id, &other.id) || is_example_of(&other.id, &item.id)
            })
            .collect()
    }

    /// What else the item's section documents, without its many constants.
    pub(super) fn neighbours(&self, item: &Item) -> Vec<&'p Item> {
        let others = self.items.iter().copied();
        others
            .filter(|other| {
                other.section.is_some()
                    && other.section == item.section
                    && other.id != item.id
                    && other.kind != ItemKind::Constant
                    && item.kind != ItemKind::Constant
            })
            .collect()
    }

    /// The clauses that rest on a contradiction of the document.
    pub(super) fn errata(&self) -> impl Iterator<Item = (&'p Item, &'p Clause)> {
        let items = self.items.iter().copied();
        items.flat_map(|item| {
            let errata = item.clauses.iter();
            errata
                .filter(|clause| clause.basis == Basis::Erratum)
                .map(move |clause| (item, clause))
        })
    }
}

fn is_example_of(example: &str, item: &str) -> bool {
    const EXAMPLE: &str = "example.";
    let Some(name) = example.strip_prefix(EXAMPLE) else {
        return false;
    };
    !item.starts_with(EXAMPLE)
        && item
            .strip_suffix(&name.replace('-', "."))
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// The page of an item.
pub(super) fn page_name(id: &str) -> String {
    format!("{id}.md")
}

/// The index of a kind.
pub(super) fn index_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Constant => "constants.md",
        ItemKind::Listing => "listings.md",
        ItemKind::Function => "functions.md",
        ItemKind::Method => "methods.md",
        ItemKind::Example => "examples.md",
        ItemKind::Statement => "statements.md",
    }
}

/// What the index of a kind is called.
pub(super) fn index_title(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Constant => "Constants",
        ItemKind::Listing => "Listings",
        ItemKind::Function => "Functions",
        ItemKind::Method => "Methods",
        ItemKind::Example => "Examples",
        ItemKind::Statement => "Statements",
    }
}

/// A link to an item's page.
pub(super) fn link(item: &Item) -> String {
    format!("[{}]({})", code(&item.id), page_name(&item.id))
}

/// The last part of a clause's id.
pub(super) fn short_name(clause: &Clause) -> &str {
    clause.id.rsplit('/').next().unwrap_or(&clause.id)
}

/// A link to a clause, from any page.
pub(super) fn link_to_clause(item: &Item, clause: &Clause) -> String {
    let name = short_name(clause);
    format!("[{}]({}#{name})", code(&clause.id), page_name(&item.id))
}

#[cfg(test)]
mod tests {
    use super::is_example_of;

    #[test]
    fn an_example_belongs_to_the_item_that_it_is_named_after() {
        for (example, item) in [
            ("example.recv", "usocket.socket.recv"),
            ("example.socket", "usocket.socket"),
            ("example.usocket-listing", "usocket.listing"),
            ("example.socket-listing", "usocket.socket.listing"),
        ] {
            assert!(is_example_of(example, item), "{example} {item}");
        }
        for (example, item) in [
            ("example.recv", "usocket.socket.sendrecv"),
            ("example.socket-listing", "usocket.listing"),
            ("usocket.recv", "usocket.socket.recv"),
            ("example.tcp-server", "usocket.socket"),
            ("example.socket", "example.socket"),
        ] {
            assert!(!is_example_of(example, item), "{example} {item}");
        }
    }
}
