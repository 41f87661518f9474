//! What fails is run again on a target that has just started: it stands alone, comes only after
//! other cases, or is flaky. What a listed deviation passes is run again, too.

use std::fs;

use rstest::rstest;
use tempfile::TempDir;
use trueline::plan::Plan;
use trueline::regressions::Regressions;
use trueline_reports::journal::Record;
use trueline_reports::record::{Finding, Outcome, Verdict};
use trueline_reports::summary::{Shared, Summary};
use trueline_reports::tally::ClauseVerdict;

use crate::bench;
use crate::small_pack::{SmallPack, printed};

/// Firmware without a defect, to which a test adds one.
fn sound() -> String {
    let wrapper = bench::FIRMWARES.correct("wrapper");
    wrapper.expect("it is there").boot.clone()
}

/// Refuses the 41st connection since the start, and each one after it.
const REFUSES_THE_41ST: &str = "
made = [0]


def connect(self, address):
    made[0] += 1
    if made[0] > 40:
        raise OSError(12)
    return self.real.connect(address)


socket.connect = connect
";

/// Keeps every socket that is closed.
const KEEPS_CLOSED_SOCKETS: &str = "
keep = []


def close(self):
    keep.append(self.real)


socket.close = close
";

fn record(target: &str, defect: &str, only: &[&str], cases: u32) -> Record {
    let folder = TempDir::new().expect("a folder");
    let boot = folder.path().join("boot.py");
    fs::write(&boot, sound() + "\n\n" + defect).expect("a file");
    let pack = bench::pack();
    let mut selection = bench::selection(only);
    selection.cases = cases;
    let plan = Plan::new(&pack, selection, &Regressions::default()).expect("sound patterns");
    bench::record(&plan, &format!("{target}?boot={}", boot.display()))
}

fn findings(record: &Record) -> Vec<&Finding> {
    let verdicts = record.cases.iter().map(|case| &case.verdict);
    let findings = verdicts.filter_map(|verdict| match verdict {
        Verdict::Fail { finding } => Some(&**finding),
        _ => None,
    });
    findings.collect()
}

#[rstest]
fn what_fails_only_after_other_cases_says_after_how_many(#[values("sim:", "agent:")] target: &str) {
    let only = ["usocket.socket.recv/at-most-bufsize"];
    let record = record(target, REFUSES_THE_41ST, &only, 64);
    let findings = findings(&record);
    let [finding] = findings[..] else {
        panic!("{} findings", findings.len());
    };
    assert_eq!(finding.after, Some(40), "{}", finding.observed);
    assert_eq!(finding.unconfirmed, None);
    assert!(finding.program.contains("# 41 of 41 on one start"));
    assert!(finding.remarks()[0].contains("only after 40 cases before it"));
}

#[test]
fn what_follows_from_an_exhausted_target_is_one_cause_with_its_reason_first() {
    let only = [
        "usocket.socket.close/*",
        "usocket.getaddrinfo/*",
        "usocket.socket/*",
    ];
    let record = record("sim:", KEEPS_CLOSED_SOCKETS, &only, 64);
    let summary = Summary::of(&record);
    let findings = summary.findings();
    let causes = findings.shared.iter();
    let exhausted: Vec<_> = causes
        .filter(|cause| cause.shared == Shared::Exhaustion)
        .collect();
    let [cause] = exhausted[..] else {
        panic!("{} causes", exhausted.len());
    };
    let first = &cause.results[0].clause;
    assert_eq!(first.item, "usocket.socket.close", "{}", first.id);
    let follows = cause.results.iter().any(|result| {
        let (_, finding) = result.failing.expect("it fails");
        result.clause.item == "usocket.socket" && finding.after.is_some()
    });
    assert!(follows, "nothing that fails for want of sockets is with it");
    let alone = findings.single.iter();
    let late = alone.filter(|result| result.failing.is_some_and(|(_, it)| it.after.is_some()));
    assert_eq!(late.count(), 0, "no other finding needs cases before it");
}

/// A boot file for CPython in which `getaddrinfo` is wrong when `wrong` says so; `mark` is a file
/// that outlives each start.
fn boot(pack: &SmallPack, wrong: &str) -> String {
    let mark = pack.pack().with_file_name("mark");
    let file = pack.write(
        "boot.py",
        &format!(
            "import os\nimport socket\nmark = {:?}\nwas_there = os.path.exists(mark)\n\
             real = socket.getaddrinfo\n\n\n\
             def getaddrinfo(host, port, *hints):\n\
             \x20   wrong = {wrong}\n\
             \x20   open(mark, 'w').close()\n\
             \x20   return real(host, port ^ wrong, *hints)\n\n\n\
             socket.getaddrinfo = getaddrinfo\n",
            mark.display().to_string()
        ),
    );
    format!("cpython:?boot={}", file.display())
}

/// The small pack without what fails for other reasons.
const ONE_CLAUSE: [&str; 2] = ["--only", "usocket.getaddrinfo/keeps-the-port"];

fn read(pack: &SmallPack) -> Record {
    let written = fs::read(pack.out().join("record.jsonl")).expect("a record is left");
    trueline_reports::journal::read(&written).expect("it is sound")
}

#[test]
fn what_fails_once_is_flaky_and_told_in_every_report() {
    if bench::part("python3").is_none() {
        return;
    }
    let pack = SmallPack::new();
    let target = boot(&pack, "not os.path.exists(mark)");
    let mut arguments = vec!["--target", &target];
    arguments.extend(ONE_CLAUSE);
    let output = pack.run_on("1772323200", &arguments);
    assert_eq!(output.status.code(), Some(3), "{}", printed(&output));
    assert!(printed(&output).contains("flaky usocket.getaddrinfo/keeps-the-port"));

    let record = read(&pack);
    assert!(matches!(record.cases[0].verdict, Verdict::Flaky { .. }));
    assert_eq!(record.cases[1].verdict, Verdict::Pass, "its others are run");
    let summary = Summary::of(&record);
    assert_eq!(summary.outcome, Some(Outcome::BenchFailed));
    assert_eq!(summary.clauses[0].verdict, ClauseVerdict::Flaky);
    for (report, says) in [
        ("report.html", "Flaky clauses"),
        ("report.md", "## Flaky clauses"),
        ("junit.xml", "type=\"flaky\""),
    ] {
        let text = fs::read_to_string(pack.out().join(report)).expect("a report");
        assert!(text.contains(says), "{report} does not tell of it");
    }
    assert!(
        !pack.out().join("regressions.yaml").exists(),
        "nothing is tried again next time that failed once"
    );
}

#[test]
fn a_deviation_that_passes_once_is_not_to_be_removed() {
    if bench::part("python3").is_none() {
        return;
    }
    let pack = SmallPack::new();
    pack.write(
        "known.yaml",
        "target: a target\ndeviations:\n  - clauses: [usocket.getaddrinfo/keeps-the-port]\n    \
         reason: It does not.\n    link: https://example.org/1\n    expires: 2027-01-01\n",
    );
    let target = boot(&pack, "was_there");
    let mut arguments = vec!["--target", &target, "--deviations", "known.yaml"];
    arguments.extend(ONE_CLAUSE);
    let output = pack.run_on("1772323200", &arguments);
    let told = printed(&output);
    assert!(!told.contains("remove"), "{told}");
    assert!(
        told.contains("flaky usocket.getaddrinfo/keeps-the-port"),
        "{told}"
    );
    let record = read(&pack);
    assert!(matches!(record.cases[0].verdict, Verdict::Flaky { .. }));
}

#[test]
fn without_retries_a_finding_says_that_it_was_not_confirmed() {
    if bench::part("python3").is_none() {
        return;
    }
    let pack = SmallPack::new();
    let target = boot(&pack, "not os.path.exists(mark)");
    let mut arguments = vec!["--target", &target, "--retries", "0"];
    arguments.extend(ONE_CLAUSE);
    let output = pack.run_on("1772323200", &arguments);
    assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
    assert!(printed(&output).contains("was not run again"));
}
