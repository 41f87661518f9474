//! The simulator under the harness: the same record whatever happens beside it, the verdicts of
//! the host's network, and captures that others read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use rstest::rstest;
use tempfile::{NamedTempFile, TempDir};
use trueline::plan::Plan;
use trueline::regressions::Regressions;
use trueline_reports::journal::{self, Record};
use trueline_reports::record::Verdict;
use trueline_reports::summary::Summary;
use trueline_reports::tally::ClauseVerdict;
use trueline_spec::pack::Capability;

use crate::bench;

/// A firmware with defects enough for findings, small inputs, and a program that never ends.
const DEFECTS: &str = "
import usocket

real = usocket.socket


class socket:
    def __init__(self, *arguments):
        self.real = real(*arguments)

    def __getattr__(self, name):
        return getattr(self.real, name)

    def recv(self, size):
        data = self.real.recv(size)
        return data[:-1] if len(data) > 9 else data

    def sendall(self, data):
        self.real.sendall(data[:100])

    def fileno(self):
        while True:
            pass


usocket.socket = socket
";

fn plan<'p>(pack: &'p trueline_spec::pack::Pack, only: &[&str], cases: u32) -> Plan<'p> {
    let mut selection = bench::selection(only);
    selection.cases = cases;
    Plan::new(pack, selection, &Regressions::default()).expect("sound patterns")
}

/// The lines of a record without what may differ.
fn settled(record: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(record).expect("a record is text");
    text.lines()
        .map(|line| match line.rfind(",\"timing\":") {
            Some(timing) => line[..timing].to_owned(),
            None => line.to_owned(),
        })
        .collect()
}

fn assert_same(one: &[u8], other: &[u8]) {
    let (one, other) = (settled(one), settled(other));
    for (line, (one, other)) in (1..).zip(one.iter().zip(&other)) {
        assert_eq!(one, other, "line {line}");
    }
    assert_eq!(one.len(), other.len());
}

#[test]
fn the_record_is_the_same_for_any_number_of_jobs_and_every_time() {
    let pack = bench::pack();
    let plan = plan(&pack, &[], 3);
    let target = "sim:?latency=5ms&jitter=5ms&loss=3%25&reorder=3%25&duplicate=3%25";
    let one = bench::written(&plan, target, 1);
    assert_same(&one, &bench::written(&plan, target, 2));
    assert_same(&one, &bench::written(&plan, target, 2));
    assert_same(&one, &bench::written(&plan, target, 1));
}

#[test]
fn the_record_of_defects_is_the_same_for_any_number_of_jobs_too() {
    let boot = NamedTempFile::new().expect("a temporary file can be made");
    fs::write(boot.path(), DEFECTS).expect("it can be written");
    let target = format!("sim:?boot={}", boot.path().display());
    let pack = bench::pack();
    let plan = plan(
        &pack,
        &[
            "usocket.socket.recv/*",
            "usocket.socket.sendall/sends*",
            "statement.tcp-flow/*",
            "usocket.socket.fileno/is-a-number",
        ],
        16,
    );
    let one = bench::written(&plan, &target, 1);
    let record = journal::read(&one).expect("it is a record");
    let failed = |case: &&trueline_reports::record::Case| matches!(&case.verdict, Verdict::Fail { finding } if finding.shrink_runs > 0);
    assert!(record.cases.iter().filter(failed).count() > 3);
    assert_same(&one, &bench::written(&plan, &target, 2));
    assert_same(&one, &bench::written(&plan, &target, 3));
}

/// Each clause's verdict.
fn verdicts(record: &Record) -> BTreeMap<String, ClauseVerdict> {
    let summary = Summary::of(record);
    let clauses = summary.clauses.iter();
    clauses
        .map(|result| (result.clause.id.clone(), result.verdict))
        .collect()
}

#[test]
fn the_simulator_and_the_hosts_network_come_to_the_same_verdicts() {
    let pack = bench::pack();
    let mut plan = plan(&pack, &[], 2);
    for planned in &mut plan.clauses {
        if !planned.clause.check.waits.is_zero() {
            planned.cases.truncate(1);
        }
    }
    let simulated = verdicts(&bench::record(&plan, "sim:"));
    let on_the_host = verdicts(&bench::record(&plan, "agent:"));
    let both = simulated.iter().filter(|(id, verdict)| {
        **verdict != ClauseVerdict::NotApplicable
            && on_the_host[*id] != ClauseVerdict::NotApplicable
    });
    let both: Vec<_> = both.collect();
    assert!(both.len() > 500, "{} clauses run on both", both.len());
    for (id, verdict) in both {
        assert_eq!(*verdict, on_the_host[id], "{id}");
    }
}

/// A clause that a network of this kind may break needs more of its network than it says.
#[rstest]
#[case::other_addresses("target=10.1.2.3&peer=10.1.2.4")]
#[case::far("latency=100ms&jitter=20ms")]
#[case::narrow("bandwidth=256kbit&mtu=576")]
#[case::short_of_room("bandwidth=1Mbit&queue=4")]
#[case::losing("loss=5%25&reorder=5%25&latency=20ms")]
#[case::doubling_and_damaging("duplicate=10%25&corrupt=5%25")]
fn no_network_makes_a_clause_accuse_the_reference_agent(#[case] conditions: &str) {
    let pack = bench::pack();
    let record = bench::record(&plan(&pack, &[], 2), &format!("sim:?{conditions}"));
    let summary = Summary::of(&record);
    for result in &summary.clauses {
        let observed = result.failing.map(|(_, finding)| &finding.observed);
        assert!(
            matches!(
                result.verdict,
                ClauseVerdict::Pass | ClauseVerdict::NotApplicable
            ),
            "{}: {:?} {observed:?}",
            result.clause.id,
            result.verdict
        );
    }
}

/// A handshake, data and a reset get lost there again and again: what polls for them must not give up
/// while they can still come.
#[test]
fn a_poll_waits_as_long_as_a_network_that_loses_packets_needs() {
    const POLLING: [&str; 8] = [
        "usocket.socket.accept/two-listeners-without-waiting",
        "usocket.socket.connect/blocks-again-after-it",
        "usocket.socket.connect/without-waiting",
        "usocket.socket.recv/what-came-before-the-close",
        "usocket.socket.send/after-a-reset-in-every-mode",
        "usocket.socket.setblocking/accepts-who-is-there",
        "usocket.socket.setblocking/reads-lose-nothing",
        "statement.tcp-flow/reset-of-one-leaves-the-other",
    ];
    let pack = bench::pack();
    let record = bench::record(&plan(&pack, &POLLING, 32), "sim:?loss=15%25&reorder=10%25");
    for (id, verdict) in verdicts(&record) {
        assert_eq!(verdict, ClauseVerdict::Pass, "{id}");
    }
}

#[test]
fn every_clause_that_asks_for_a_network_is_run_on_it() {
    let pack = bench::pack();
    let shaped: Vec<_> = pack
        .clauses()
        .filter(|(_, clause)| clause.needs.contains(&Capability::ShapedNetwork))
        .map(|(_, clause)| clause.id.as_str())
        .collect();
    assert!(shaped.len() >= 25, "{} of them", shaped.len());
    let record = bench::record(&plan(&pack, &shaped, 1), "sim:");
    for (id, verdict) in verdicts(&record) {
        assert_eq!(verdict, ClauseVerdict::Pass, "{id}");
    }
}

/// Runs the command line, which has to end with that code.
fn run(arguments: &[&str], code: i32) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let mut command = bench::trueline();
    command.arg("run").arg("--out").arg(folder.path());
    let output = command.args(arguments).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    folder
}

fn captures(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder.join("captures")) else {
        return Vec::new();
    };
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("it can be listed").file_name())
        .map(|name| name.into_string().expect("names are ASCII"))
        .collect();
    names.sort();
    names
}

#[test]
fn failing_cases_leave_their_packets_and_every_report_says_where() {
    let boot = NamedTempFile::new().expect("a temporary file can be made");
    fs::write(boot.path(), DEFECTS).expect("it can be written");
    let target = format!("sim:?boot={}", boot.path().display());
    let only = ["--only", "usocket.socket.recv/*", "--target", &target];
    let folder = run(&only, 1);
    let names = captures(folder.path());
    assert!(!names.is_empty());
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("it was written");
    for name in &names {
        let file = format!("captures/{name}");
        assert!(read("record.jsonl").contains(&format!("\"capture\":\"{file}\"")));
        assert!(read("report.html").contains(&format!("href=\"{file}\"")));
        assert!(read("report.md").contains(&format!("<{file}>")));
        assert!(read("junit.xml").contains(&format!("packets: {file}")));
    }

    let again = run(&[&only[..], &["--capture", "none"]].concat(), 1);
    assert!(captures(again.path()).is_empty());
}

#[test]
fn a_run_forgets_the_captures_of_the_one_before() {
    let folder = run(&["--only", "example.tcp-client", "--capture", "all"], 0);
    assert_eq!(
        captures(folder.path()),
        ["example.tcp-client~as-documented.pcap"]
    );
    let mut command = bench::trueline();
    command.arg("run").arg("--out").arg(folder.path());
    command.args([
        "--only",
        "example.udp-client/as-documented",
        "--capture",
        "all",
    ]);
    assert!(command.status().expect("it starts").success());
    assert_eq!(
        captures(folder.path()),
        ["example.udp-client~as-documented.pcap"]
    );
}

#[test]
fn packets_of_a_target_that_shows_none_are_refused() {
    run(&["--target", "agent:", "--capture", "all"], 2);
}

#[test]
fn tshark_reads_every_capture_without_a_complaint() {
    let Some(tshark) = bench::part("tshark") else {
        return;
    };
    let folder = run(
        &[
            "--only",
            "statement.*",
            "--only",
            "example.*",
            "--cases",
            "1",
            // Other data may look like a broken packet of some protocol by chance.
            "--seed",
            "1",
            "--capture",
            "all",
        ],
        0,
    );
    let pack = bench::pack();
    let damaged: Vec<_> = pack
        .clauses()
        .filter(|(_, clause)| clause.check.network.corrupt.is_some())
        .map(|(_, clause)| clause.id.replace('/', "~"))
        .collect();
    let names = captures(folder.path());
    assert!(names.len() > 40, "{} captures", names.len());
    for name in names {
        let file = folder.path().join("captures").join(&name);
        // Malformed packets, of any protocol, and what else tshark would call an error. Where
        // packets are damaged on purpose, that it reads them is all.
        let is_damaged = damaged.iter().any(|clause| name.starts_with(clause));
        let wrong = match is_damaged {
            true => "frame.number == 0",
            false => "_ws.malformed || _ws.expert.severity == error",
        };
        let output = Command::new(&tshark)
            .args(["-Y", wrong, "-r"])
            .arg(&file)
            .output()
            .expect("it starts");
        let complaints = String::from_utf8_lossy(&output.stderr);
        let complaints: Vec<_> = complaints
            .lines()
            .filter(|line| !line.contains("user \"root\""))
            .collect();
        assert!(output.status.success(), "{name}: {complaints:?}");
        assert!(complaints.is_empty(), "{name}: {complaints:?}");
        let found = String::from_utf8_lossy(&output.stdout);
        assert!(found.trim().is_empty(), "{name}:\n{found}");
    }
}

#[test]
fn a_capture_has_the_name_of_its_case() {
    let Some(capinfos) = bench::part("capinfos") else {
        return;
    };
    let folder = run(&["--only", "example.tcp-client", "--capture", "all"], 0);
    let file = folder
        .path()
        .join("captures/example.tcp-client~as-documented.pcap");
    let output = Command::new(capinfos).arg("-k").arg(file).output();
    let told = output.expect("it starts").stdout;
    let told = String::from_utf8_lossy(&told);
    assert!(told.contains("example.tcp-client/as-documented"), "{told}");
}
