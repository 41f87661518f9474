//! Targets that are not there, die, babble or keep silent: the bench failed, which is neither
//! a failure of the target nor a pass, and the record keeps what was done.

use std::fs;
use std::process::Output;

use rstest::rstest;
use trueline_reports::journal;
use trueline_reports::record::Outcome;

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
