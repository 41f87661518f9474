//! Owns `trueline plan`: what a run with the same flags would do. Runs nothing.

use std::fmt::Write as _;

use serde::Serialize;
use trueline_reports::{counted, visible};
use trueline_spec::pack::{CheckKind, Level};

use super::table::Table;
use super::{Failure, print_json, print_prose, properties, selection};
use crate::exit::Exit;
use crate::plan::{Plan, PlannedClause};

/// The flags of `trueline plan`.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    selection: selection::Flags,
    /// Print one JSON document, with the ids of all cases
    #[arg(long)]
    json: bool,
}

/// Lists what is selected.
pub fn main(arguments: &Arguments) -> Result<Exit, Failure> {
    let pack = arguments.selection.pack.load()?;
    let regressions = arguments.selection.failed_before()?;
    let target = arguments.selection.target.listed()?;
    let clock = target.target.url().clock();
    let plan = arguments.selection.plan(&pack, clock, &regressions)?;
    if arguments.json {
        let document = Document::of(&plan, arguments.selection.seed);
        print_json(&document)?;
    } else {
        print_prose(&visible::block(&listing(&plan)))?;
    }
    Ok(Exit::Conforms)
}

fn listing(plan: &Plan<'_>) -> String {
    let heading = ["level", "kind", "check", "cases", "clause", "needs"];
    let mut table = Table::new(heading, 4);
    table.align_right(3);
    for planned in &plan.clauses {
        table.row([
            planned.clause.level.word().to_owned(),
            planned.item.kind.word().to_owned(),
            planned.clause.check.kind.word().to_owned(),
            planned.cases.len().to_string(),
            planned.clause.id.clone(),
            needs(planned).join(", "),
        ]);
    }
    let level = |level: Level| {
        let of_level = |planned: &&PlannedClause<'_>| planned.clause.level == level;
        let count = plan.clauses.iter().filter(of_level).count();
        format!("{count} {}", level.word())
    };
    let levels = [Level::Must, Level::Should, Level::May].map(level);
    let property = |planned: &&PlannedClause<'_>| planned.clause.check.kind == CheckKind::Property;
    let mut text = table.for_stdout();
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "\n{} {}: {} ({}; {} among them), {}\nplan {}",
        plan.pack.name,
        plan.pack.version,
        counted(plan.clauses.len(), "clause"),
        levels.join(", "),
        properties(plan.clauses.iter().filter(property).count()),
        counted(plan.case_count(), "case"),
        plan.digest(),
    );
    text
}

fn needs(planned: &PlannedClause<'_>) -> Vec<&'static str> {
    let needs = planned.clause.needs.iter();
    needs.map(|capability| capability.word()).collect()
}

/// The plan as JSON; its members are documented in `docs/src/command-line.md`.
#[derive(Serialize)]
struct Document<'p> {
    format: &'static str,
    version: u32,
    pack: PackOf<'p>,
    seed: Option<u64>,
    cases_per_property: u32,
    only: &'p [String],
    cases: usize,
    digest: String,
    clauses: Vec<ClauseOf<'p>>,
}

#[derive(Serialize)]
struct PackOf<'p> {
    name: &'p str,
    version: &'p str,
    digest: &'p str,
}

#[derive(Serialize)]
struct ClauseOf<'p> {
    id: &'p str,
    item: &'p str,
    kind: &'static str,
    check: &'static str,
    level: &'static str,
    basis: &'static str,
    says: &'p str,
    needs: Vec<&'static str>,
    cases: usize,
    case_ids: Vec<&'p str>,
}

impl<'p> Document<'p> {
    fn of(plan: &'p Plan<'p>, seed: Option<u64>) -> Document<'p> {
        let clause = |planned: &'p PlannedClause<'p>| ClauseOf {
            id: &planned.clause.id,
            item: &planned.item.id,
            kind: planned.item.kind.word(),
            check: planned.clause.check.kind.word(),
            level: planned.clause.level.word(),
            basis: planned.clause.basis.word(),
            says: &planned.clause.says,
            needs: needs(planned),
            cases: planned.cases.len(),
            case_ids: planned.cases.iter().map(|case| case.id.as_str()).collect(),
        };
        Document {
            format: "trueline-plan",
            version: 1,
            pack: PackOf {
                name: &plan.pack.name,
                version: &plan.pack.version,
                digest: &plan.pack.digest,
            },
            seed,
            cases_per_property: plan.selection.cases,
            only: &plan.selection.only,
            cases: plan.case_count(),
            digest: plan.digest(),
            clauses: plan.clauses.iter().map(clause).collect(),
        }
    }
}
