//! What is true of interpreters that other people wrote: every difference has to be found,
//! and no other. The differences stand in `deviations/`, with their reasons.

use std::collections::BTreeSet;
use std::path::PathBuf;

use trueline::deviations::Deviations;
use trueline::plan::{Plan, Selection};
use trueline::regressions::Regressions;
use trueline_adapters::session::Clock;
use trueline_reports::record::{Level, Outcome};
use trueline_reports::summary::Summary;
use trueline_reports::tally::ClauseVerdict;

use crate::bench;

/// A day on which every entry of the lists holds.
const DAY: &str = "2026-11-22";

/// Runs the whole pack once; with the list the target conforms, and what the list does not name
/// passes.
fn deviates_as_listed_and_not_otherwise(target: &str, list: &str) {
    let pack = bench::pack();
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../spec/packs/waffle-nano-socket/deviations")
        .join(list);
    let day = DAY.parse().expect("it is a day");
    let deviations = Deviations::read(&file, &pack, day).expect("the list is sound");
    let listed: BTreeSet<String> = deviations.by_clause.keys().cloned().collect();
    // Time is real there, and what clauses wait is rationed.
    let selection = Selection {
        clock: Clock::Real,
        ..bench::selection(&[])
    };
    let mut plan = Plan::new(&pack, selection, &Regressions::default()).expect("no pattern");
    plan.expect(deviations);
    let record = bench::record(&plan, target);
    let summary = Summary::of(&record);
    assert_eq!(
        summary.outcome,
        Some(Outcome::Conforms),
        "{}",
        summary.sentence()
    );
    let results = summary.clauses.iter();
    let failing = results.filter(|result| {
        result.verdict == ClauseVerdict::Fail && result.clause.level != Level::May
    });
    let failing: BTreeSet<String> = failing.map(|result| result.clause.id.clone()).collect();
    assert_eq!(failing, listed);
    // Without the list it would not conform.
    let is_must = |id: &String| {
        let clause = summary.clauses.iter().find(|r| r.clause.id == *id);
        clause.is_some_and(|result| result.clause.level == Level::Must)
    };
    assert!(listed.iter().any(is_must));
}

#[test]
fn micropython_on_unix_deviates_as_listed_and_not_otherwise() {
    if bench::part("micropython").is_some() {
        deviates_as_listed_and_not_otherwise("exec:micropython", "micropython-unix.yaml");
    }
}

#[test]
fn cpython_deviates_as_listed_and_not_otherwise() {
    if bench::part("python3").is_some() {
        deviates_as_listed_and_not_otherwise("cpython:", "cpython.yaml");
    }
}
