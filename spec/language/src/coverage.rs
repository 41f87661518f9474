//! Owns how much of its document a pack covers: each documented item with its clauses, the gaps,
//! and the counts. A computation over a [`Pack`]; prints nothing and runs nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::pack::{CheckKind, Item, ItemKind, Level, Pack};

/// How much of its document a pack covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Every documented item, in the document's order.
    pub documented: Vec<Documented>,
    /// The items that no section lists, in the pack's order. Their clauses are no part of the
    /// totals.
    pub unlisted: Vec<Unlisted>,
}

/// A documented item, as the pack covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documented {
    /// Its id.
    pub id: String,
    /// The section that lists it.
    pub section: String,
    /// What sort of thing it is; `None` where the pack does not describe it.
    pub kind: Option<ItemKind>,
    /// Its clauses.
    pub clauses: Counts,
}

/// An item of the pack that no section lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlisted {
    /// Its id.
    pub id: String,
    /// What sort of thing it is.
    pub kind: ItemKind,
    /// Its clauses.
    pub clauses: Counts,
}

/// A number of clauses, by kind of check and by level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    by_kind: BTreeMap<CheckKind, usize>,
    by_level: BTreeMap<Level, usize>,
}

/// Why a documented item is not covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// The pack does not describe it.
    NoItem,
    /// The pack describes it and has no clause about it.
    NoClause,
}

impl Coverage {
    /// Looks a pack's items up in its inventory.
    ///
    /// An item without a clause of its own, whose file shows nothing but a documented example of
    /// it, counts as a gap: the example is an item of its own.
    #[must_use]
    pub fn of(pack: &Pack) -> Coverage {
        let items: BTreeMap<&str, &Item> = pack
            .items
            .iter()
            .map(|item| (item.id.as_str(), item))
            .collect();
        let sections = pack.source.sections.iter();
        let listed = sections.flat_map(|section| section.items.iter().map(move |id| (section, id)));
        let documented = listed.map(|(section, id)| {
            let item = items.get(id.as_str());
            Documented {
                id: id.clone(),
                section: section.title.clone(),
                kind: item.map(|item| item.kind),
                clauses: item.map(|item| Counts::of(item)).unwrap_or_default(),
            }
        });
        let documented: Vec<_> = documented.collect();
        let known: BTreeSet<&str> = documented.iter().map(|item| item.id.as_str()).collect();
        let unlisted = pack
            .items
            .iter()
            .filter(|item| !known.contains(item.id.as_str()))
            .map(|item| Unlisted {
                id: item.id.clone(),
                kind: item.kind,
                clauses: Counts::of(item),
            })
            .collect();
        Coverage {
            documented,
            unlisted,
        }
    }

    /// The documented items that are not covered, with the reason.
    pub fn gaps(&self) -> impl Iterator<Item = (&Documented, Gap)> {
        self.documented
            .iter()
            .filter_map(|item| Some((item, item.gap()?)))
    }

    /// How many documented items have a clause.
    #[must_use]
    pub fn covered(&self) -> usize {
        self.documented.len() - self.gaps().count()
    }

    /// The share of documented items that have a clause, from 0 to 100. A document that lists
    /// nothing is not covered.
    #[must_use]
    pub fn percent(&self) -> f64 {
        if self.documented.is_empty() {
            return 0.0;
        }
        100.0 * self.covered() as f64 / self.documented.len() as f64
    }

    /// Whether every documented item has a clause, and every item is documented.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.documented.is_empty() && self.gaps().next().is_none() && self.unlisted.is_empty()
    }

    /// The clauses of all documented items together.
    #[must_use]
    pub fn totals(&self) -> Counts {
        let mut totals = Counts::default();
        for item in &self.documented {
            totals.add(&item.clauses);
        }
        totals
    }

    /// The sections in their order, each with its items.
    pub fn sections(&self) -> impl Iterator<Item = (&str, &[Documented])> {
        self.documented
            .chunk_by(|one, next| one.section == next.section)
            .filter_map(|items| Some((items.first()?.section.as_str(), items)))
    }
}

impl Documented {
    /// Why it is not covered; `None` where it is.
    #[must_use]
    pub fn gap(&self) -> Option<Gap> {
        match self.kind {
            None => Some(Gap::NoItem),
            Some(_) if self.clauses.total() == 0 => Some(Gap::NoClause),
            Some(_) => None,
        }
    }
}

impl Counts {
    fn of(item: &Item) -> Counts {
        let mut counts = Counts::default();
        for clause in &item.clauses {
            *counts.by_kind.entry(clause.check.kind).or_default() += 1;
            *counts.by_level.entry(clause.level).or_default() += 1;
        }
        counts
    }

    /// How many clauses there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.by_kind.values().sum()
    }

    /// How many of them are tested so.
    #[must_use]
    pub fn of_kind(&self, kind: CheckKind) -> usize {
        self.by_kind.get(&kind).copied().unwrap_or(0)
    }

    /// How many of them weigh so much.
    #[must_use]
    pub fn of_level(&self, level: Level) -> usize {
        self.by_level.get(&level).copied().unwrap_or(0)
    }

    /// Adds other clauses.
    pub fn add(&mut self, other: &Counts) {
        for (kind, count) in &other.by_kind {
            *self.by_kind.entry(*kind).or_default() += count;
        }
        for (level, count) in &other.by_level {
            *self.by_level.entry(*level).or_default() += count;
        }
    }
}

impl Gap {
    /// What is missing, in words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Gap::NoItem => "no item",
            Gap::NoClause => "no clause",
        }
    }
}
