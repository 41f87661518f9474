//! Owns `trueline coverage`: how much of its document a pack covers, printed. Computes nothing.

use std::fmt::Write as _;

use serde::Serialize;
use trueline_reports::visible;
use trueline_spec::coverage::{Counts, Coverage, Documented, Unlisted};
use trueline_spec::pack::{CheckKind, Level, Pack};

use super::pack::PackFlags;
use super::table::{NOTHING, Table};
use super::{Failure, print_json, print_prose};
use crate::exit::Exit;

const KINDS: [CheckKind; 3] = [CheckKind::Table, CheckKind::Example, CheckKind::Property];
const LEVELS: [Level; 3] = [Level::Must, Level::Should, Level::May];

/// The flags of `trueline coverage`.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    pack: PackFlags,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// Says what is covered, and ends with 1 when something is not.
pub fn main(arguments: &Arguments) -> Result<Exit, Failure> {
    let pack = arguments.pack.load()?;
    let coverage = Coverage::of(&pack);
    match arguments.json {
        true => print_json(&Document::of(&pack, &coverage))?,
        false => print_prose(&visible::block(&listing(&pack, &coverage)))?,
    }
    Ok(if coverage.is_complete() {
        Exit::Conforms
    } else {
        Exit::DoesNotConform
    })
}

fn listing(pack: &Pack, coverage: &Coverage) -> String {
    let heading = [
        "item", "kind", "clauses", "table", "example", "property", "must", "should", "may",
    ];
    let mut table = Table::new(heading, 0);
    for column in 2..9 {
        table.align_right(column);
    }
    for (section, items) in coverage.sections() {
        table.title(section);
        for item in items {
            let name = format!("  {}", item.id);
            let kind = item.kind.map_or("", |kind| kind.word());
            table.row(row(&name, kind, &item.clauses));
        }
    }
    table.row(row("all", "", &coverage.totals()));
    if !coverage.unlisted.is_empty() {
        table.title("In no section of the document, and not counted");
    }
    for item in &coverage.unlisted {
        let name = format!("  {}", item.id);
        table.row(row(&name, item.kind.word(), &item.clauses));
    }
    let mut text = table.for_stdout();
    text.push('\n');
    // Writing to a string cannot fail.
    for gap in gaps(coverage) {
        let _ = writeln!(text, "gap: {gap}");
    }
    let _ = writeln!(
        text,
        "{} {}: {} of {} documented items have a clause ({:.1} %)",
        pack.name,
        pack.version,
        coverage.covered(),
        coverage.documented.len(),
        coverage.percent(),
    );
    text
}

/// A line of the table.
fn row(name: &str, kind: &str, counts: &Counts) -> [String; 9] {
    let number = |count: usize| match count {
        0 => NOTHING.to_owned(),
        count => count.to_string(),
    };
    let [table, example, property] = KINDS.map(|kind| number(counts.of_kind(kind)));
    let [must, should, may] = LEVELS.map(|level| number(counts.of_level(level)));
    let total = number(counts.total());
    let (name, kind) = (name.to_owned(), kind.to_owned());
    [
        name, kind, total, table, example, property, must, should, may,
    ]
}

fn gaps(coverage: &Coverage) -> Vec<String> {
    let mut gaps: Vec<_> = coverage
        .gaps()
        .map(|(item, gap)| format!("`{}` ({}) has {}", item.id, item.section, gap.word()))
        .collect();
    let unlisted = coverage.unlisted.iter();
    gaps.extend(unlisted.map(|item| format!("`{}` is in no section of the document", item.id)));
    if coverage.documented.is_empty() {
        gaps.push("`source` in pack.yaml lists no section, so nothing is covered".to_owned());
    }
    gaps
}

/// The coverage as JSON; its members are documented in `docs/src/command-line.md`.
#[derive(Serialize)]
struct Document<'c> {
    format: &'static str,
    version: u32,
    pack: PackOf<'c>,
    complete: bool,
    documented: usize,
    covered: usize,
    percent: f64,
    totals: CountsOf,
    items: Vec<ItemOf<'c>>,
    unlisted: Vec<UnlistedOf<'c>>,
}

#[derive(Serialize)]
struct PackOf<'c> {
    name: &'c str,
    version: &'c str,
    digest: &'c str,
}

#[derive(Serialize)]
struct ItemOf<'c> {
    id: &'c str,
    section: &'c str,
    kind: Option<&'static str>,
    gap: Option<&'static str>,
    clauses: CountsOf,
}

#[derive(Serialize)]
struct UnlistedOf<'c> {
    id: &'c str,
    kind: &'static str,
    clauses: CountsOf,
}

#[derive(Serialize)]
struct CountsOf {
    total: usize,
    table: usize,
    example: usize,
    property: usize,
    must: usize,
    should: usize,
    may: usize,
}

impl<'c> Document<'c> {
    fn of(pack: &'c Pack, coverage: &'c Coverage) -> Document<'c> {
        let item = |item: &'c Documented| ItemOf {
            id: &item.id,
            section: &item.section,
            kind: item.kind.map(|kind| kind.word()),
            gap: item.gap().map(|gap| gap.word()),
            clauses: CountsOf::of(&item.clauses),
        };
        let unlisted = |item: &'c Unlisted| UnlistedOf {
            id: &item.id,
            kind: item.kind.word(),
            clauses: CountsOf::of(&item.clauses),
        };
        Document {
            format: "trueline-coverage",
            version: 1,
            pack: PackOf {
                name: &pack.name,
                version: &pack.version,
                digest: &pack.digest,
            },
            complete: coverage.is_complete(),
            documented: coverage.documented.len(),
            covered: coverage.covered(),
            percent: coverage.percent(),
            totals: CountsOf::of(&coverage.totals()),
            items: coverage.documented.iter().map(item).collect(),
            unlisted: coverage.unlisted.iter().map(unlisted).collect(),
        }
    }
}

impl CountsOf {
    fn of(counts: &Counts) -> CountsOf {
        CountsOf {
            total: counts.total(),
            table: counts.of_kind(CheckKind::Table),
            example: counts.of_kind(CheckKind::Example),
            property: counts.of_kind(CheckKind::Property),
            must: counts.of_level(Level::Must),
            should: counts.of_level(Level::Should),
            may: counts.of_level(Level::May),
        }
    }
}
