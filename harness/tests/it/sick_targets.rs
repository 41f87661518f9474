//! Targets that are not there, die, babble or keep silent: the bench failed, which is neither
//! a failure of the target nor a pass, and the record keeps what was done. A target that is lost in
//! the same case each time, and is sound otherwise, fails it; one that is lost in clause after
//! clause is given up.

use std::fs;
use std::process::Output;
use std::time::Duration;

use rstest::rstest;
use trueline::plan::Plan;
use trueline::regressions::Regressions;
use trueline_reports::journal;
use trueline_reports::record::{Case, Outcome, Reason, Verdict};
use trueline_reports::summary::Summary;
use trueline_reports::tally::ClauseVerdict;

use crate::bench;

struct Ran {
    output: Output,
    record: journal::Record,
}

fn run(target: &str) -> Ran {
    let out = tempfile::tempdir().expect("a folder");
    let mut command = bench::trueline();
    command
        .args([
            "run", "--cases", "2", "--seed", "1", "--target", target, "--out",
        ])
        .arg(out.path());
    let output = command.output().expect("the command starts");
    let written = fs::read(out.path().join("record.jsonl")).expect("a record is always left");
    Ran {
        output,
        record: journal::read(&written).expect("the record is valid"),
    }
}

fn stderr(ran: &Ran) -> String {
    String::from_utf8_lossy(&ran.output.stderr).into_owned()
}

#[rstest]
#[case::is_not_there("exec:no-such-interpreter", "no-such-interpreter")]
#[case::ends_at_once("exec:true", "went away")]
#[case::babbles("exec:yes", "not understood")]
#[case::keeps_silent("exec:sleep 100", "does not answer")]
fn a_target_that_cannot_be_opened_is_a_bench_failure(#[case] target: &str, #[case] says: &str) {
    let ran = run(target);
    assert_eq!(ran.output.status.code(), Some(3), "{}", stderr(&ran));
    assert!(stderr(&ran).contains(says), "{}", stderr(&ran));
    assert!(ran.record.cases.is_empty(), "nothing can have been run");
    assert_eq!(
        ran.record.closing.as_ref().map(|closing| closing.outcome),
        Some(Outcome::BenchFailed)
    );
}

#[test]
fn a_target_that_dies_in_the_middle_leaves_what_was_done_on_record() {
    // The agent's input ends after so many bytes, and it with it, for good.
    let agent = env!("CARGO_BIN_EXE_trueline");
    let folder = tempfile::tempdir().expect("a folder");
    let dead = folder.path().join("dead");
    let dead = dead.display();
    let ran = run(&format!(
        "exec:sh -c '[ ! -e {dead} ] || exit 1; touch {dead}; dd bs=1 count=20000 2>/dev/null | \
         {agent} agent --repl stdio'"
    ));
    assert_eq!(ran.output.status.code(), Some(3), "{}", stderr(&ran));
    let closing = ran.record.closing.as_ref().expect("the record is closed");
    assert_eq!(closing.outcome, Outcome::BenchFailed);
    assert!(closing.cases.pass > 0, "some cases were run before it died");
    assert_eq!(closing.cases.fail, 0, "none of them failed");
    assert!(closing.cases.not_run > 0, "the run ended with it");
}

/// The record of these clauses, whose programs have half a second each, on CPython with a boot file
/// after which `getaddrinfo` does this, and nothing else is wrong.
fn record(does: &str, only: &[&str]) -> journal::Record {
    let folder = tempfile::tempdir().expect("a folder");
    let boot = folder.path().join("boot.py");
    let text = format!(
        "import os\nimport socket\nimport time\n\n\ndef getaddrinfo(host, port, *hints):\n{does}\n\n\n\
         socket.getaddrinfo = getaddrinfo\n"
    );
    fs::write(&boot, text).expect("a file");
    let mut pack = bench::pack();
    for clause in pack.items.iter_mut().flat_map(|item| &mut item.clauses) {
        clause.check.deadline = Duration::from_millis(500);
    }
    let plan = Plan::new(&pack, bench::selection(only), &Regressions::default());
    let plan = plan.expect("sound patterns");
    bench::record(&plan, &format!("cpython:?boot={}", boot.display()))
}

const HANGS: &str = "    while True:\n        try:\n            time.sleep(1)\n        except BaseException:\n            pass";
const ENDS: &str = "    os._exit(7)";
const PRINTS: &str = "    while True:\n        print('x' * 4096)";
const GARBLES: &str = "    print(_t_token + 'no report')\n    return []";

/// The target is sound until the clause's own program, and after a new start again.
#[rstest]
#[case::hangs(HANGS, "the target hangs and does not hear an interrupt")]
#[case::ends(ENDS, "the target restarts")]
#[case::prints(PRINTS, "the target prints without end")]
fn a_target_that_is_lost_each_time_in_a_case_fails_it(#[case] does: &str, #[case] says: &str) {
    if bench::part("python3").is_none() {
        return;
    }
    let only = ["usocket.getaddrinfo/gives-a-list", "usocket.AF_INET/value"];
    let record = record(does, &only);
    let summary = Summary::of(&record);
    assert_eq!(summary.outcome, Some(Outcome::DoesNotConform));
    for result in &summary.clauses {
        match result.failing {
            Some((_, finding)) => {
                assert!(finding.observed.starts_with(says), "{}", finding.observed);
                assert!(finding.program.contains("getaddrinfo"));
            }
            None => assert_eq!(result.clause.id, "usocket.AF_INET/value"),
        }
    }
}

#[test]
fn a_clause_that_comes_to_nothing_three_times_is_left_and_the_next_one_is_run() {
    if bench::part("python3").is_none() {
        return;
    }
    let only = ["usocket.getaddrinfo/gives-a-list", "usocket.socket/stream"];
    let record = record(GARBLES, &only);
    let inconclusive = |case: &&Case| matches!(case.verdict, Verdict::Inconclusive { .. });
    assert_eq!(record.cases.iter().filter(inconclusive).count(), 3);
    let [left] = &record.not_run[..] else {
        panic!("{:?}", record.not_run);
    };
    assert_eq!(left.because, Reason::GivenUp);
    let summary = Summary::of(&record);
    let verdicts: Vec<_> = summary.clauses.iter().map(|it| it.verdict).collect();
    assert_eq!(verdicts, [ClauseVerdict::Inconclusive, ClauseVerdict::Pass]);
}

#[test]
fn what_ends_the_target_each_time_is_found_in_clause_after_clause() {
    if bench::part("python3").is_none() {
        return;
    }
    let record = record(ENDS, &["usocket.getaddrinfo/*", "usocket.AF_INET/value"]);
    let summary = Summary::of(&record);
    assert_eq!(summary.outcome, Some(Outcome::DoesNotConform));
    let all = summary.all();
    assert!(all.pass >= 1 && all.fail > 5, "{all:?}");
    assert_eq!(all.undecided(), 0, "{all:?}");
}

#[test]
fn a_target_that_is_lost_in_clause_after_clause_for_no_reason_of_its_own_is_given_up() {
    if bench::part("python3").is_none() {
        return;
    }
    let record = record(GARBLES, &["usocket.getaddrinfo/*", "usocket.AF_INET/value"]);
    let summary = Summary::of(&record);
    assert_eq!(summary.outcome, Some(Outcome::BenchFailed));
    let all = summary.all();
    assert_eq!((all.pass, all.fail, all.inconclusive), (1, 0, 5));
    assert!(all.not_run > 5, "{all:?}");
    let mut left = record.not_run.iter();
    assert!(left.any(|it| it.because == Reason::GivenUp));
    let mut notes = record.notes.iter();
    assert!(notes.any(|note| note.says.contains("5 clauses in a row")));
}
