//! Claims about a bench that is held up: whatever keeps this process from its turn, before or
//! after it has read or written, accuses no target of a wrong time; and where nothing does, one
//! whose time is wrong is found.

use std::fs;
use std::process::Command;
use std::sync::LazyLock;

use rstest::rstest;
use tempfile::TempDir;
use trueline_reports::journal;
use trueline_reports::record::Level;
use trueline_reports::summary::Summary;
use trueline_reports::tally::ClauseVerdict;

use crate::bench;
use crate::relay::{Relay, serial};

/// Clauses that judge time: at the least, at the most, and both.
const CLAUSES: [&str; 4] = [
    "usocket.socket.settimeout/accept-raises-in-time",
    "usocket.socket.settimeout/recv-raises-in-time",
    "usocket.socket.settimeout/set-before-bind",
    "usocket.socket.settimeout/zero-does-not-wait",
];
const BOARD: &str = "micropython";
/// For how long each reading, writing or sending is held up.
const HOLD_MS: u32 = 40;

/// The library that holds a process up.
static HOLD: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/hold.c");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(folder.path().join("hold.so"))
        .args([source, "-ldl"])
        .status()
        .expect("the compiler starts");
    assert!(built.success(), "{source} compiles");
    folder
});

/// What the clauses came to.
fn run(
    target: &str,
    clauses: &[&str],
    millis: u32,
    holds: &[&str],
) -> Vec<(Level, ClauseVerdict, String)> {
    let out = tempfile::tempdir().expect("a folder");
    let mut command = bench::trueline();
    command.args(["run", "--cases", "2", "--seed", "1", "--target", target]);
    command.args(clauses.iter().flat_map(|clause| ["--only", clause]));
    command.arg("--out").arg(out.path());
    if !holds.is_empty() {
        command
            .env("LD_PRELOAD", HOLD.path().join("hold.so"))
            .env("TRUELINE_TEST_HOLD_MS", millis.to_string())
            .env("TRUELINE_TEST_HOLDS", holds.join(" "));
    }
    let output = command.output().expect("it starts");
    let record = fs::read(out.path().join("record.jsonl"));
    let record = record.unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let record = journal::read(&record).expect("the record is valid");
    let summary = Summary::of(&record);
    let told = summary.clauses.iter().map(|result| {
        let why = match result.failing {
            Some((_, finding)) => finding.observed.clone(),
            None => result.because().unwrap_or_default(),
        };
        let told = format!("{} on {target} with {holds:?}: {why}", result.clause.id);
        (result.clause.level, result.verdict, told)
    });
    told.collect()
}

/// Where the machine has been held up beyond what is held up here, nobody can say; it is no failure.
fn accuses_nobody(target: &str, holds: &[&str]) {
    accuses_nobody_by(&CLAUSES, target, HOLD_MS, holds);
}

fn accuses_nobody_by(clauses: &[&str], target: &str, millis: u32, holds: &[&str]) {
    for (level, verdict, told) in run(target, clauses, millis, holds) {
        assert_eq!(level, Level::Must, "{told}");
        let is_too_busy =
            verdict == ClauseVerdict::Inconclusive && told.contains("nothing more exact is known");
        assert!(
            verdict == ClauseVerdict::Pass || is_too_busy,
            "{verdict:?}: {told}"
        );
    }
}

#[rstest]
#[case::after_each_writing(&["after-write"])]
#[case::before_each_reading(&["before-read"])]
#[case::whenever_it_can_be(&["before-write", "after-read"])]
fn a_bench_that_is_held_up_accuses_no_target(#[case] holds: &[&str]) {
    if bench::part("cc").is_none() {
        return;
    }
    accuses_nobody("agent:", holds);
    if bench::part("python3").is_some() {
        accuses_nobody("cpython:", holds);
    }
    if bench::part(BOARD).is_none() {
        return;
    }
    accuses_nobody(&format!("exec:{BOARD}"), holds);
    if bench::part("socat").is_some() {
        let device = Relay::device(BOARD);
        accuses_nobody(&serial(&device.path(), ""), holds);
        let (_server, port) = Relay::server(BOARD);
        accuses_nobody(&format!("tcp:127.0.0.1:{port}"), holds);
    }
}

/// What a peer does late because it is held up, the program waits for.
#[test]
fn a_peer_that_is_held_up_makes_no_target_late() {
    if bench::part("cc").is_none() || bench::part(BOARD).is_none() {
        return;
    }
    let clauses = ["usocket.socket.settimeout/data-that-come-in-time"];
    accuses_nobody_by(&clauses, &format!("exec:{BOARD}"), 300, &["after-write"]);
}

/// The firmware that hands every call on, with a defect.
fn broken(defect: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("boot.py");
    let defect = bench::FIRMWARES.defect(defect).expect("it is there");
    fs::write(&file, &defect.boot).expect("a file");
    (folder, file.display().to_string())
}

#[rstest]
#[case::too_early("settimeout-early")]
#[case::too_late("settimeout-rounds-up")]
fn a_target_whose_time_is_wrong_is_found(#[case] defect: &str) {
    let (_folder, boot) = broken(defect);
    let told = run(&format!("agent:?boot={boot}"), &CLAUSES, 0, &[]);
    let fails = told.iter().filter(|told| told.1 == ClauseVerdict::Fail);
    assert!(fails.count() >= 2, "{defect}: {told:#?}");
}
