//! Claims about what is made of a record: verdicts, outcome, sentences, findings.

use trueline_reports::journal::{Record, read_unfinished};
use trueline_reports::record::{Cause, Level, Outcome, Reason, Sign};
use trueline_reports::summary::{ClauseResult, Shared, Standing, Summary};
use trueline_reports::tally::ClauseVerdict;
use trueline_reports::{html, junit, markdown};

use crate::example::{Example, conforming, mixed};

fn sentence(example: &Example) -> String {
    Summary::of(&example.record()).sentence()
}

#[test]
fn a_clause_is_as_good_as_its_worst_case() {
    let record = Example::new()
        .clause("a/fails", Level::Must, 3)
        .clause("a/breaks", Level::Must, 3)
        .clause("a/stops", Level::Must, 3)
        .clause("a/lacks", Level::Must, 1)
        .clause("a/holds", Level::Must, 2)
        .inconclusive("a/fails#1", "the link broke")
        .fail("a/fails#2", "no")
        .not_run(&["a/fails#3"], Reason::AlreadyRefuted)
        .pass("a/breaks#1")
        .inconclusive("a/breaks#2", "the link broke")
        .pass("a/stops#1")
        .not_run(&["a/breaks#3", "a/stops#2", "a/stops#3"], Reason::BenchLost)
        .not_applicable("a/lacks", "wlan")
        .pass("a/holds#1")
        .pass("a/holds#2")
        .record();
    let summary = Summary::of(&record);
    let verdicts: Vec<_> = summary
        .clauses
        .iter()
        .map(|result| result.verdict)
        .collect();
    assert_eq!(
        verdicts,
        [
            ClauseVerdict::Fail,
            ClauseVerdict::Inconclusive,
            ClauseVerdict::NotRun,
            ClauseVerdict::NotApplicable,
            ClauseVerdict::Pass
        ]
    );
    let because: Vec<_> = summary
        .clauses
        .iter()
        .map(|result| result.because())
        .collect();
    assert_eq!(
        because,
        [
            None,
            Some("the link broke".to_owned()),
            Some("the bench broke and did not come back".to_owned()),
            Some("the target or its bench lacks wlan".to_owned()),
            None
        ]
    );
}

#[test]
fn what_is_not_applicable_is_in_no_denominator() {
    let summary_of = mixed().record();
    let summary = Summary::of(&summary_of);
    assert_eq!(
        summary.sentence(),
        "Does not conform: 1 of 2 applicable must clauses fails."
    );
    assert_eq!(
        summary.remarks(),
        [
            "1 of 2 applicable should clauses fails, which does not change the outcome.",
            "1 clause is not applicable for want of multicast; it is left out of the count.",
        ]
    );
}

#[test]
fn a_failing_should_clause_does_not_change_the_outcome() {
    let example = conforming()
        .clause("a/b", Level::Should, 1)
        .fail("a/b", "no");
    assert_eq!(
        sentence(&example),
        "Conforms: the one applicable must clause passes."
    );
}

#[test]
fn a_broken_bench_is_never_success() {
    let example = conforming()
        .clause("a/b", Level::Must, 1)
        .inconclusive("a/b", "the link broke");
    assert_eq!(
        sentence(&example),
        "The bench failed: 1 of 2 applicable clauses could not be judged, \
         which says nothing of the target."
    );
}

#[test]
fn a_flaky_must_clause_is_never_success_either() {
    let example = conforming()
        .clause("a/b", Level::Must, 1)
        .flaky("a/b", "it passed again");
    assert_eq!(
        sentence(&example),
        "No verdict: 1 of 2 applicable clauses could not be judged, which says nothing of the \
         target: 1 is flaky."
    );
}

#[test]
fn the_headline_names_whatever_kept_clauses_from_a_verdict() {
    let mut example = conforming();
    for id in ["a/1", "a/2", "a/3", "a/4"] {
        example = example.clause(id, Level::Must, 1);
    }
    let example = example
        .undecided("a/1", Cause::Pack)
        .undecided("a/2", Cause::Judge)
        .flaky("a/3", "it passed again")
        .flaky("a/4", "it passed again");
    assert_eq!(
        sentence(&example),
        "No verdict: 4 of 5 applicable clauses could not be judged, which says nothing of the \
         target: the pack is wrong in 1, 1 is beyond the judge's limits, 2 are flaky."
    );
    let example = example
        .clause("a/5", Level::Must, 1)
        .inconclusive("a/5", "the link broke");
    assert_eq!(
        sentence(&example),
        "No verdict: 5 of 6 applicable clauses could not be judged, which says nothing of the \
         target: the bench failed in 1, the pack is wrong in 1, 1 is beyond the judge's limits, 2 \
         are flaky."
    );
}

#[test]
fn the_bench_is_blamed_for_no_fault_of_the_pack_in_any_report() {
    let example = conforming()
        .clause("a/b", Level::Must, 1)
        .undecided("a/b", Cause::Pack);
    let record = example.record();
    let reports = [
        markdown::render(&record),
        junit::render(&record).expect("it can be written"),
        html::render(&record).expect("it can be written"),
    ];
    for report in reports {
        assert!(report.contains("the pack is wrong in 1"), "{report}");
        assert!(!report.contains("bench failed"), "{report}");
    }
}

#[test]
fn an_undecided_clause_of_a_lesser_level_is_told_and_decides_nothing() {
    let record = conforming()
        .clause("a/b", Level::Should, 2)
        .clause("a/c", Level::May, 1)
        .inconclusive("a/b#1", "the link broke")
        .not_run(&["a/b#2"], Reason::GivenUp)
        .flaky("a/c", "it passed again")
        .record();
    let summary = Summary::of(&record);
    assert_eq!(summary.outcome, Some(Outcome::Conforms));
    assert_eq!(
        summary.remarks(),
        [
            "2 clauses could not be judged, which does not change the outcome: a/b (should, \
             inconclusive), a/c (may, flaky)."
        ]
    );
    let undecided = summary
        .clauses
        .iter()
        .filter(|result| result.is_undecided());
    assert!(undecided.clone().all(|result| !summary.leaves_open(result)));
    assert_eq!(undecided.count(), 2);
}

#[test]
fn in_a_record_of_version_1_an_inconclusive_clause_of_any_level_decides() {
    let mut example = conforming()
        .clause("a/b", Level::May, 1)
        .inconclusive("a/b", "the link broke");
    example.header.version = 1;
    assert_eq!(
        Summary::of(&example.record()).outcome,
        Some(Outcome::BenchFailed)
    );
}

#[test]
fn a_flaky_clause_that_is_listed_is_excused_as_its_failure_would_be() {
    let example = conforming()
        .clause("a/b", Level::Must, 1)
        .deviates("It does not.", "2026-12-31")
        .flaky("a/b", "it failed again");
    let record = example.record();
    let summary = Summary::of(&record);
    assert_eq!(summary.outcome, Some(Outcome::Conforms));
    let stale = summary.standing(Standing::Stale);
    assert_eq!(stale.count(), 0, "nobody is told to remove it");
}

/// Clauses of which one is about giving something back.
fn with_a_release() -> Example {
    Example::new()
        .clause("a/b", Level::Must, 1)
        .clause("a/c", Level::Must, 1)
        .clause("s.close/gives-back", Level::Should, 1)
        .releases()
        .clause("a/d", Level::Must, 1)
        .clause("a/e", Level::Must, 1)
}

/// The clauses of each shared cause, and the single ones.
fn told(record: &Record) -> (Vec<(Shared, Vec<String>)>, Vec<String>) {
    let summary = Summary::of(record);
    let findings = summary.findings();
    let ids = |results: &[&ClauseResult<'_>]| -> Vec<String> {
        results.iter().map(|it| it.clause.id.clone()).collect()
    };
    let shared = findings.shared.iter();
    let shared = shared.map(|cause| (cause.shared, ids(&cause.results)));
    (shared.collect(), ids(&findings.single))
}

#[test]
fn failures_of_an_exhausted_target_are_one_cause_with_what_explains_them_first() {
    let record = with_a_release()
        .shows("a/b", "ENOMEM", Some(40), Some(Sign::OutOfResources))
        .shows("a/c", "no end", None, Some(Sign::NoEndOfStream))
        .shows(
            "s.close/gives-back",
            "it keeps it",
            None,
            Some(Sign::NoEndOfStream),
        )
        .fail("a/d", "another thing")
        .fails_after("a/e", "a third thing", 7)
        .record();
    let (shared, single) = told(&record);
    let ids = ["s.close/gives-back", "a/b", "a/c"].map(str::to_owned);
    assert_eq!(shared, [(Shared::Exhaustion, ids.to_vec())]);
    assert_eq!(single, ["a/d", "a/e"]);
}

#[test]
fn failures_after_other_cases_are_no_exhaustion_unless_they_say_so() {
    let record = with_a_release()
        .pass("a/e")
        .fails_after("a/b", "got = b''", 40)
        .fails_after("a/c", "len(got) = 7", 9)
        .fail("s.close/gives-back", "it raises")
        .shows("a/d", "no end", None, Some(Sign::NoEndOfStream))
        .record();
    let (shared, single) = told(&record);
    let ids = ["a/b", "a/c"].map(str::to_owned);
    assert_eq!(shared, [(Shared::Sequence, ids.to_vec())]);
    assert_eq!(single, ["a/d", "s.close/gives-back"]);
}

#[test]
fn the_bench_has_to_be_mended_before_failures_mean_much() {
    let record = Example::new()
        .clause("a/b", Level::Must, 1)
        .clause("a/c", Level::Must, 1)
        .fail("a/b", "no")
        .not_run(&["a/c"], Reason::BenchLost)
        .record();
    let summary = Summary::of(&record);
    assert_eq!(summary.outcome, Some(Outcome::BenchFailed));
    assert_eq!(
        summary.remarks(),
        ["1 of 2 applicable must clauses fails as far as the run came."]
    );
}

#[test]
fn a_run_in_which_nothing_applied_is_no_success() {
    let example = Example::new()
        .clause("a/b", Level::Must, 1)
        .not_applicable("a/b", "tcp");
    assert_eq!(
        sentence(&example),
        "The bench failed: no clause applies, so nothing was judged."
    );
}

#[test]
fn a_selection_says_nothing_of_the_rest() {
    let mut example = conforming();
    example.header.plan.only = vec!["usocket.AF_*".to_owned()];
    assert_eq!(
        Summary::of(&example.record()).remarks(),
        ["Only clauses that match usocket.AF_* were selected; this says nothing of the others."]
    );
}

#[test]
fn an_unfinished_record_says_nothing_of_the_target() {
    let record = read_unfinished(conforming().open_text().as_bytes()).expect("the lines are sound");
    let summary = Summary::of(&record);
    assert_eq!(summary.outcome, None);
    assert_eq!(
        summary.sentence(),
        "Unfinished: the record breaks off, so it says nothing of the target; \
         judged so far: 1 of 1 planned clause."
    );
}

#[test]
fn one_cause_is_told_once() {
    let ids = ["a/one", "a/two", "a/three", "a/four"];
    let import_error = "ImportError: no module named 'usocket'";
    let mut example = Example::new();
    for id in ids.iter().chain(&["b/alone"]) {
        example = example.clause(id, Level::Must, 1);
    }
    for id in ids {
        example = example.fail(id, import_error);
    }
    let record = example.fail("b/alone", "another thing").record();
    let summary = Summary::of(&record);
    let findings = summary.findings();
    assert_eq!(findings.shared.len(), 1);
    assert_eq!(findings.shared[0].observed, import_error);
    assert_eq!(findings.shared[0].results.len(), 4);
    let single: Vec<_> = findings
        .single
        .iter()
        .map(|result| result.clause.id.as_str())
        .collect();
    assert_eq!(single, ["b/alone"]);
}

#[test]
fn must_findings_come_first() {
    let record = Example::new()
        .clause("a/may", Level::May, 1)
        .clause("a/must", Level::Must, 1)
        .fail("a/may", "no")
        .fail("a/must", "never")
        .record();
    let summary = Summary::of(&record);
    let order: Vec<_> = summary
        .findings()
        .single
        .iter()
        .map(|result| result.clause.id.clone())
        .collect();
    assert_eq!(order, ["a/must", "a/may"]);
}

#[test]
fn the_command_survives_the_shell() {
    let mut example = Example::new()
        .clause("a/b", Level::Must, 2)
        .fail("a/b#1", "no")
        .not_run(&["a/b#2"], Reason::AlreadyRefuted);
    example.header.target.url = "exec:python -c 'print(1)'; rm x".to_owned();
    let record = example.record();
    let summary = Summary::of(&record);
    let command = summary
        .rerun(&summary.clauses[0])
        .expect("there is no NUL in it");
    assert_eq!(
        shlex::split(&command).expect("its quotes are closed"),
        [
            "trueline",
            "run",
            "--target",
            "exec:python -c 'print(1)'; rm x",
            "--only",
            "a/b",
            "--cases",
            "3",
            "--seed",
            "7",
            "--out",
            "trueline-out/again"
        ]
    );
}
