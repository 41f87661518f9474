//! Owns the pages that list other pages: the overview, the index of each kind, the errata, and
//! the table of contents.

use super::clause;
use super::markdown::{anchor, code, prose, table};
use super::outline::{
    ERRATA, FIXTURES, Outline, index_name, index_title, link, link_to_clause, page_name,
};
use crate::coverage::{Counts, Documented};
use crate::pack::{CheckKind, Item, ItemKind, Level};

const LEVELS: [Level; 3] = [Level::Must, Level::Should, Level::May];
const CHECKS: [CheckKind; 3] = [CheckKind::Table, CheckKind::Example, CheckKind::Property];

/// The first page.
pub(super) fn overview(outline: &Outline<'_>) -> String {
    let pack = outline.pack;
    let source = &pack.source;
    let origin = match &source.url {
        Some(url) => format!("{} ({})", prose(&source.title), code(url)),
        None => prose(&source.title),
    };
    let coverage = &outline.coverage;
    let mut text = format!(
        "# {title}\n\nThe pack {name}, version {version}, item by item. It encodes this document: \
         {origin}. The text that was read has the SHA-256 digest {digest}.\n\n\
         {covered} of {documented} documented items have a clause ({percent:.1} %).\n\n{counts}\n\
         Each clause is a sentence that can be tested. It has a level and a basis:\n\n{words}\n\
         A clause is checked by a value out of a *table* of the document, by an *example* (one \
         program and what it shows), or by a *property* (a program that is run with many generated \
         inputs). Its program runs on the target and reports what it sees with \
         `observe(name=value)`; what must hold is judged outside of it. The module {module} is \
         called `socket` in every program that is not the document's own. An exception that ends \
         a program fails its clause unless one is asked for.\n\n",
        title = prose(&pack.title),
        name = code(&pack.name),
        version = prose(&pack.version),
        digest = code(&source.sha256),
        covered = coverage.covered(),
        documented = coverage.documented.len(),
        percent = coverage.percent(),
        counts = counts(outline),
        words = clause::words(),
        module = code(&pack.module),
    );
    for (section, documented) in coverage.sections() {
        text.push_str(&format!(
            "## {}\n\n{}\n",
            prose(section),
            listed(outline, documented)
        ));
    }
    if !coverage.unlisted.is_empty() {
        let items = coverage.unlisted.iter();
        let links: Vec<_> = items
            .filter_map(|one| outline.item(&one.id))
            .map(link)
            .collect();
        text.push_str(&format!(
            "In no section of the document: {}\n",
            links.join(", ")
        ));
    }
    text
}

/// How many items and clauses there are, by kind.
fn counts(outline: &Outline<'_>) -> String {
    let of_kind = |kind: ItemKind| {
        let documented = outline.coverage.documented.iter();
        let of_kind: Vec<_> = documented.filter(|item| item.kind == Some(kind)).collect();
        let mut counts = Counts::default();
        of_kind.iter().for_each(|item| counts.add(&item.clauses));
        let title = format!("[{}]({})", index_title(kind), index_name(kind));
        counted(title, of_kind.len(), &counts)
    };
    let all = counted(
        "all".to_owned(),
        outline.coverage.documented.len(),
        &outline.coverage.totals(),
    );
    let heading = [
        "kind", "items", "clauses", "must", "should", "may", "table", "example", "property",
    ];
    table(heading, outline.kinds().map(of_kind).chain([all]))
}

fn counted(title: String, items: usize, counts: &Counts) -> [String; 9] {
    let [must, should, may] = LEVELS.map(|level| counts.of_level(level).to_string());
    let [values, examples, properties] = CHECKS.map(|kind| counts.of_kind(kind).to_string());
    let (items, clauses) = (items.to_string(), counts.total().to_string());
    [
        title, items, clauses, must, should, may, values, examples, properties,
    ]
}

/// The items of a section.
fn listed(outline: &Outline<'_>, documented: &[Documented]) -> String {
    let rows = documented.iter().map(|one| match outline.item(&one.id) {
        Some(item) => [
            link(item),
            item.kind.word().to_owned(),
            one.clauses.total().to_string(),
            prose(&item.summary),
        ],
        None => [
            code(&one.id),
            String::new(),
            "0".to_owned(),
            "(not described by the pack)".to_owned(),
        ],
    });
    table(["item", "kind", "clauses", "says"], rows)
}

/// The items of a kind.
pub(super) fn of_kind(outline: &Outline<'_>, kind: ItemKind) -> String {
    let rows = outline.of_kind(kind).map(|item| {
        let of_level = |level: Level| {
            let clauses = item.clauses.iter();
            clauses
                .filter(|clause| clause.level == level)
                .count()
                .to_string()
        };
        let [must, should, may] = LEVELS.map(of_level);
        [
            link(item),
            section(item),
            must,
            should,
            may,
            prose(&item.summary),
        ]
    });
    let heading = ["item", "section", "must", "should", "may", "says"];
    format!("# {}\n\n{}", index_title(kind), table(heading, rows))
}

fn section(item: &Item) -> String {
    item.section.as_deref().map_or_else(String::new, |section| {
        format!("[{}](README.md#{})", prose(section), anchor(section))
    })
}

/// What the document says wrongly, or in two ways.
pub(super) fn errata(outline: &Outline<'_>) -> String {
    let rows = outline.errata().map(|(item, clause)| {
        [
            link_to_clause(item, clause),
            clause.level.word().to_owned(),
            prose(&clause.says),
        ]
    });
    format!(
        "# Errata of the document\n\nWhere the document contradicts itself or its examples, a \
         clause says what holds. A clause `as-printed` says what a program does that is printed \
         wrongly; it tells of the document, and counts for no target.\n\n{}",
        table(["clause", "level", "says"], rows)
    )
}

/// The table of contents.
pub(super) fn contents(outline: &Outline<'_>, folder: &str) -> String {
    let mut text = format!("- [Overview]({folder}README.md)\n");
    for kind in outline.kinds() {
        let index = index_name(kind);
        text.push_str(&format!("- [{}]({folder}{index})\n", index_title(kind)));
        for item in outline.of_kind(kind) {
            // A list of links shows no code: ids are escaped instead.
            let (id, page) = (prose(&item.id), page_name(&item.id));
            text.push_str(&format!("  - [{id}]({folder}{page})\n"));
        }
    }
    if !outline.pack.fixtures.is_empty() {
        text.push_str(&format!("- [Fixtures]({folder}{FIXTURES})\n"));
    }
    if outline.errata().next().is_some() {
        text.push_str(&format!("- [Errata]({folder}{ERRATA})\n"));
    }
    text
}
