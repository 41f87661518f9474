//! Owns the pages of a pack: what it says, as Markdown for people, one page for each item.
//! A computation over a [`Pack`]; writes no file.

mod clause;
mod fixture;
mod index;
mod item;
mod markdown;
mod outline;
mod peer;
mod session;

use crate::pack::Pack;
use outline::Outline;

/// How every page begins, so that a page can be told from a file that people wrote.
pub const MARK: &str = "<!-- Written by `trueline pages`; changes here are lost. -->";

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The name of its file. All pages belong into one folder.
    pub name: String,
    /// What it says, in Markdown.
    pub text: String,
}

/// Every page of a pack: the overview (`README.md`) first, then for each kind of item its index
/// and its items, then fixtures and errata, where there are any.
#[must_use]
pub fn of(pack: &Pack) -> Vec<Page> {
    let outline = Outline::of(pack);
    let mut pages = vec![page("README.md", index::overview(&outline))];
    for kind in outline.kinds() {
        pages.push(page(
            outline::index_name(kind),
            index::of_kind(&outline, kind),
        ));
        let items = outline.of_kind(kind);
        pages.extend(items.map(|item| {
            let text = item::page(&outline, item);
            page(&outline::page_name(&item.id), text)
        }));
    }
    if !pack.fixtures.is_empty() {
        pages.push(page(outline::FIXTURES, fixture::page(pack)));
    }
    if outline.errata().next().is_some() {
        pages.push(page(outline::ERRATA, index::errata(&outline)));
    }
    pages
}

/// The pages as entries of a table of contents, a nested list in Markdown. `folder` is where
/// the pages are, seen from the table; it ends in a slash or is empty.
#[must_use]
pub fn contents(pack: &Pack, folder: &str) -> String {
    index::contents(&Outline::of(pack), folder)
}

fn page(name: &str, text: String) -> Page {
    Page {
        name: name.to_owned(),
        text: format!("{MARK}\n\n{text}"),
    }
}
