//! What is true of interpreters that other people wrote: every difference has to be found,
//! and no other.

use trueline::plan::Plan;
use trueline::regressions::Regressions;
use trueline_reports::record::Outcome;
use trueline_reports::summary::Summary;
use trueline_reports::tally::ClauseVerdict;

use crate::bench;

/// The clauses that fail on the target, a line each. What was observed is left out: it holds
/// ports and versions.
fn findings(target: &str) -> String {
    let pack = bench::pack();
    let plan =
        Plan::new(&pack, bench::selection(&[]), &Regressions::default()).expect("no pattern");
    let record = bench::record(&plan, target);
    let summary = Summary::of(&record);
    assert_eq!(
        summary.outcome,
        Some(Outcome::DoesNotConform),
        "{}",
        summary.sentence()
    );
    let mut findings = String::new();
    for result in &summary.clauses {
        assert!(
            matches!(result.verdict, ClauseVerdict::Pass | ClauseVerdict::Fail),
            "{} has no verdict: {:?}",
            result.clause.id,
            result.because(),
        );
        if result.verdict == ClauseVerdict::Fail {
            findings.push_str(&format!(
                "{} ({})\n",
                result.clause.id,
                result.clause.level.word()
            ));
        }
    }
    findings
}

#[test]
fn micropython_on_unix_differs_in_its_constants_and_addresses() {
    if bench::part("micropython").is_some() {
        insta::assert_snapshot!(findings("exec:micropython"));
    }
}

#[test]
fn cpython_differs_where_its_socket_module_does() {
    if bench::part("python3").is_some() {
        insta::assert_snapshot!(findings("cpython:"));
    }
}
