//! What a target reports and what a pack asks for cannot end, hang or bend a run: the judge's limits
//! are told for what they are, with the clause and the line, and everything else goes on.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rstest::rstest;
use tempfile::TempDir;
use trueline_reports::journal::{self, Record};
use trueline_reports::record::Verdict;

use crate::bench;

const PACK: &str = "\
pack: limits
version: 1.0.0
title: A pack about limits
module: {import: usocket, as: socket}
source:
  title: A document
  sha256: 0000000000000000000000000000000000000000000000000000000000000000
  sections:
    - title: Statements
      items: [statement.limits]
";

/// A pack of two clauses: one with a check, and one behind it that holds.
struct Limits(TempDir);

impl Limits {
    fn with(check: &str) -> Limits {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("pack")).expect("a folder");
        let statement = format!(
            "item: statement.limits\nkind: statement\nsummary: A statement.\nclauses:\n  \
             first:\n    level: must\n    basis: documented\n    says: It holds.\n    \
             {check}\n  second:\n    level: must\n    basis: documented\n    says: So does \
             this.\n    property: {{forall: {{a: bool}}, target: observe(got=a), expect: [got == \
             a]}}\n"
        );
        fs::write(folder.path().join("pack/pack.yaml"), PACK).expect("a file");
        fs::write(folder.path().join("pack/limits.yaml"), statement).expect("a file");
        Limits(folder)
    }

    fn run(&self, arguments: &[&str]) -> (Output, Record) {
        let mut command = bench::trueline();
        command
            .arg("run")
            .arg("--pack")
            .arg(self.0.path().join("pack"))
            .args(["--seed", "1", "--out"])
            .arg(self.0.path().join("out"))
            .args(arguments);
        if !arguments.contains(&"--cases") {
            command.args(["--cases", "2"]);
        }
        ran(&mut command, &self.0.path().join("out"))
    }
}

fn ran(command: &mut Command, out: &Path) -> (Output, Record) {
    let output = command.output().expect("the command starts");
    let written = fs::read(out.join("record.jsonl"));
    let written = written.unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (
        output,
        journal::read(&written).expect("the record is valid"),
    )
}

fn because(record: &Record, case: &str) -> String {
    let case = record
        .cases
        .iter()
        .find(|found| found.id == case)
        .unwrap_or_else(|| panic!("no case {case}"));
    match &case.verdict {
        Verdict::Inconclusive { because, .. } => because.clone(),
        other => panic!("{case:?} is {other:?}"),
    }
}

#[rstest]
#[case::a_power("10**10**8 == got")]
#[case::a_width("'%1000000000d' % got == ''")]
#[case::a_long_sum("sum(range(10**12)) == got")]
#[case::a_program("exec('while True: pass') == got")]
#[case::a_long_list("[0]*10**12 == got")]
#[case::what_was_observed("bytes(1) * (10**13 - got) == b''")]
fn an_expression_beyond_the_judges_limits_is_inconclusive_and_named(#[case] expression: &str) {
    let check = format!("example: {{target: \"observe(got=1)\", expect: [\"{expression}\"]}}");
    let (output, record) = Limits::with(&check).run(&[]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let because = because(&record, "statement.limits/first");
    assert!(
        because.contains(expression) && because.contains("(line "),
        "{because}"
    );
    assert!(matches!(
        record.cases.last().expect("cases").verdict,
        Verdict::Pass
    ));
}

#[rstest]
#[case::an_import("exec('import no_such_module') or got")]
#[case::a_wait("exec('import time; time.sleep(60)') or got")]
#[case::a_call_with_too_much("len(got, 2)")]
#[case::a_list_as_a_key("{[1]: got}")]
#[case::a_part_that_no_value_can_help("got == 1 // 0")]
#[case::a_method_that_nothing_has("got.nosuch()")]
#[case::a_division_of_what_was_observed("got/0 == 1")]
#[case::an_attribute_that_nothing_has("all(v.nosuch for v in [got])")]
#[case::a_part_of_the_inputs("len([got]) == 1 // (a - a)")]
fn a_fault_of_the_pack_is_no_failure_of_the_target(#[case] expression: &str) {
    let check = format!(
        "property: {{forall: {{a: \"int(1..9)\"}}, target: \"observe(got=a // a)\", expect: \
         [\"{expression}\"]}}"
    );
    let (output, record) = Limits::with(&check).run(&[]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let because = because(&record, "statement.limits/first#1");
    assert!(because.starts_with("the pack is at fault"), "{because}");
}

#[rstest]
#[case::before("got == 2", "exec('while True: pass') == got")]
#[case::behind("exec('while True: pass') == got", "got == 2")]
#[case::beside_a_fault_of_the_pack("got == 2", "got.nosuch()")]
fn an_expectation_that_does_not_hold_decides_whatever_becomes_of_others(
    #[case] first: &str,
    #[case] second: &str,
) {
    let check =
        format!("example: {{target: \"observe(got=1)\", expect: [\"{first}\", \"{second}\"]}}");
    let (output, record) = Limits::with(&check).run(&[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let Verdict::Fail { finding } = &record.cases[0].verdict else {
        panic!("{record:?}");
    };
    assert_eq!(finding.expected, "got == 2");
    assert!(
        finding.observed.starts_with("got = 1\n(and "),
        "{finding:?}"
    );
}

#[test]
fn a_case_that_fails_is_not_hidden_by_those_before_it_that_nobody_can_judge() {
    let check = "property: {forall: {a: \"int(0..99)\"}, target: observe(got=a), expect: \
                 [\"got > 90 or exec('raise MemoryError')\", got <= 90]}";
    let (output, record) = Limits::with(check).run(&["--cases", "64"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let cases = record.cases.iter();
    let before = cases.take_while(|case| matches!(case.verdict, Verdict::Inconclusive { .. }));
    assert!(
        before.count() > 3,
        "the first cases are the ones that cannot be judged"
    );
}

#[rstest]
#[case::of_a_peer(
    "needs: [tcp]\n    property: {forall: {a: \"int(0..3)\"}, peer: [listen, accept, {send: \
     \"bytes([1 // (a - a)])\"}], target: observe(got=1), expect: [got == 1]}",
    "`bytes([1 // (a - a)])` (line "
)]
#[case::of_a_peer_that_is_a_number(
    "needs: [tcp]\n    property: {forall: {a: \"int(0..3)\"}, peer: [listen, accept, {send: a}], \
     target: observe(got=1), expect: [got == 1]}",
    "`a` (line "
)]
#[case::of_an_assumption(
    "property: {forall: {a: \"int(0..3)\"}, assume: [1 // (a - a) == 1], target: observe(got=1), \
     expect: [got == 1]}",
    "`assume: 1 // (a - a) == 1` (line "
)]
#[case::of_an_assumption_that_nothing_meets(
    "property: {forall: {a: \"int(0..3)\"}, assume: [a > 5], target: observe(got=1), expect: [got \
     == 1]}",
    "no draw of 1000 meets `assume`"
)]
fn a_fault_of_the_pack_beside_its_expectations_is_told_as_one(
    #[case] check: &str,
    #[case] says: &str,
) {
    let (output, record) = Limits::with(check).run(&[]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let because = because(&record, "statement.limits/first#1");
    assert!(
        because.starts_with("the pack is at fault") && because.contains(says),
        "{because}"
    );
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("the pack is wrong in 1"), "{told}");
    assert!(!told.contains("bench failed"), "{told}");
}

#[rstest]
#[case("observe(got=1, **{'x y': 1})", "**{'x y': 1}")]
#[case("see = observe; observe(got=1); see(rest=1)", "see = observe")]
fn check_refuses_a_program_that_does_not_write_down_what_it_reports(
    #[case] program: &str,
    #[case] place: &str,
) {
    let check = format!("example: {{target: \"{program}\", expect: [got == 1]}}");
    let limits = Limits::with(&check);
    let mut command = bench::trueline();
    command
        .args(["check", "--pack"])
        .arg(limits.0.path().join("pack"));
    let output = command.output().expect("the command starts");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("this does not say what is observed") && told.contains(place),
        "{told}"
    );
}

#[rstest]
fn a_value_that_is_nested_too_deep_for_a_report_is_judged(
    #[values("sim:", "agent:")] target: &str,
    #[values(
        "for i in range(150): v = [v]",
        "for i in range(150): v = {1: (v,)}",
        "v += [v]"
    )]
    nest: &str,
) {
    let program = format!("v = []\\n{nest}\\nobserve(got=v)");
    let check = format!("example: {{target: \"{program}\", expect: [got == 5]}}");
    let (output, record) = Limits::with(&check).run(&["--target", target]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let verdict = &record.cases[0].verdict;
    assert!(matches!(verdict, Verdict::Fail { .. }), "{verdict:?}");
}

#[test]
fn two_runs_with_one_seed_have_one_digest_whatever_an_expectation_computes() {
    let check = "example: {target: \"observe(got=[1, 2])\", expect: [\"list(enumerate(got)) == \
                 [enumerate(got), {str(n) for n in got}, len]\"]}";
    let limits = Limits::with(check);
    let digest = || {
        let (output, record) = limits.run(&[]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        record.closing.expect("it is closed").digest
    };
    assert_eq!(digest(), digest());
}

#[test]
fn a_run_that_is_to_end_does_not_wait_for_the_judge() {
    // The last case of all: whoever heard the signal after its judging would have a complete record.
    let check = "property: {forall: {a: bool}, target: observe(got=a), expect: [got == a]}";
    let limits = Limits::with(check);
    let pack = limits.0.path().join("pack/limits.yaml");
    let clauses = fs::read_to_string(&pack).expect("it is there");
    let endless = "  last:\n    level: must\n    basis: documented\n    says: It ends.\n    \
                   example: {target: observe(got=1), expect: [\"exec('while True: pass') or got\"]}\n";
    fs::write(&pack, clauses + endless).expect("a file");
    let out = limits.0.path().join("out");
    let mut running = bench::trueline()
        .arg("run")
        .args(["--cases", "2", "--pack"])
        .arg(limits.0.path().join("pack"))
        .arg("--out")
        .arg(&out)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command starts");
    let cases_so_far = || {
        let record = fs::read_to_string(out.join("record.jsonl")).unwrap_or_default();
        record.matches("\"case\"").count()
    };
    while cases_so_far() < 4 {
        assert!(running.try_wait().expect("it is there").is_none());
        std::thread::yield_now();
    }
    let id = Pid::from_raw(running.id().try_into().expect("a process"));
    kill(id, Signal::SIGTERM).expect("it runs");
    let ended = running.wait().expect("it ends");
    assert_eq!(ended.code(), Some(130));
    let record = fs::read(out.join("record.jsonl")).expect("a record");
    let record = journal::read(&record).expect("a valid one");
    assert_eq!(record.cases.len(), 4);
}

#[rstest]
#[case::of_a_type("1", "len(got) == 1")]
#[case::of_a_length("[(2, 1, 0, '', ('a',))]", "got[0][4][1] == 0")]
#[case::of_a_length_from_the_end("[(2, 1, 0, '', ('a',))]", "got[0][-1][1] == 0")]
#[case::of_a_key("{'addr': [{}]}", "got['addr'][0]['port'] == 2")]
#[case::of_a_kind_deep_inside("[[[1]]]", "got[0][0][1].decode() == 'a'")]
#[case::of_a_text("b'a'", "int(got.decode().split('/')[1].split('.')[3]) == 80")]
fn an_exception_that_a_value_of_the_target_causes_is_its_failure(
    #[case] value: &str,
    #[case] expects: &str,
) {
    let check = format!("example: {{target: \"observe(got={value})\", expect: [\"{expects}\"]}}");
    let (output, record) = Limits::with(&check).run(&[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(matches!(record.cases[0].verdict, Verdict::Fail { .. }));
}

/// A firmware whose `readinto` says that it has read less than nothing.
const READINTO: &str = "\
import sys
import usocket as _u
class _M: pass
_m = _M()
for _n in dir(_u):
    if _n[:2] != '__': setattr(_m, _n, getattr(_u, _n))
class socket:
    def __init__(self, *a): self.real = _u.socket(*a)
    def __getattr__(self, name): return getattr(self.real, name)
    def readinto(self, *a):
        self.real.readinto(*a)
        return COUNT
_m.socket = socket
sys.modules['usocket'] = _m
";

#[rstest]
#[case("-2147483648")]
#[case("-9999999999999")]
fn a_count_that_no_memory_holds_is_judged_or_given_up(#[case] count: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let boot = folder.path().join("boot.py");
    fs::write(&boot, READINTO.replace("COUNT", count)).expect("a file");
    let mut command = bench::trueline();
    command
        .args(["run", "--seed", "1", "--cases", "4", "--only"])
        .arg("usocket.socket.readinto/*")
        .arg("--target")
        .arg(format!("sim:?boot={}", boot.display()))
        .arg("--out")
        .arg(folder.path().join("out"));
    let (output, record) = ran(&mut command, &folder.path().join("out"));
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        !record
            .cases
            .iter()
            .any(|case| matches!(case.verdict, Verdict::Inconclusive { .. })),
        "{output:?}"
    );
}

#[rstest]
#[case::computes_for_ever("sum(range(10**12))", "did not end")]
#[case::takes_all_memory("list(range(10**12))", "memory")]
#[case::shifts_beyond_memory("1 << (1 << 50)", "memory")]
fn a_boot_file_that_no_board_survives_is_the_benchs_matter(
    #[case] source: &str,
    #[case] says: &str,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let boot = folder.path().join("boot.py");
    fs::write(&boot, source).expect("a file");
    let mut command = bench::trueline();
    command
        .args(["run", "--only", "usocket.AF_INET/value", "--target"])
        .arg(format!("sim:?boot={}", boot.display()))
        .arg("--out")
        .arg(folder.path().join("out"));
    let output = command.output().expect("the command starts");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains("boot file") && stderr.contains(says),
        "{stderr}"
    );
}

/// Keeps the machine busy until it is dropped.
struct Busy(Vec<Child>);

impl Busy {
    fn with(loops: usize) -> Busy {
        let start = |_| {
            Command::new("sh")
                .args(["-c", "while :; do :; done"])
                .stdin(Stdio::null())
                .spawn()
                .expect("a shell is there")
        };
        Busy((0..loops).map(start).collect())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        for process in &mut self.0 {
            process.kill().ok();
            process.wait().ok();
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_record_beside_six_busy_loops() {
    let check = "example: {target: \"n = 0\\nwhile n < 2500000:\\n n += 1\\nobserve(got=n)\\n\", \
                 expect: [got == 2500000], deadline: 60s}";
    let pack = Limits::with(check);
    let _busy = Busy::with(6);
    let digest = || {
        let (output, record) = pack.run(&[]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        record.closing.expect("it is closed").digest
    };
    assert_eq!(digest(), digest());
}
