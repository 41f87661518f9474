//! Claims about lines: what leads to a target changes no verdict on it, be it slow, a server or a
//! farm.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use trueline::plan::{Plan, Selection};
use trueline::regressions::Regressions;
use trueline_reports::journal::Record;
use trueline_reports::record::{LineUse, Outcome, Verdict};
use trueline_reports::summary::Summary;

use crate::bench;
use crate::farm_bench::{self, Farm};
use crate::relay::{Relay, serial};
use crate::running::board;
use crate::ser2net::SerialServer;

const BOARD: &str = "micropython";

/// What the whole pack comes to on a real MicroPython that nothing stands before.
static DIRECTLY: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| told(&run("exec:micropython", &[], 3)));

fn run(target: &str, only: &[&str], cases: u32) -> Record {
    let pack = bench::pack();
    let selection = Selection {
        cases,
        ..bench::selection(only)
    };
    let plan = Plan::new(&pack, selection, &Regressions::default()).expect("the patterns are some");
    bench::record(&plan, target)
}

/// The cases with what came of each, in words that do not change from run to run: addresses and
/// descriptors are numbers, or bytes.
fn told(record: &Record) -> BTreeMap<String, String> {
    let changing = Regex::new(r#"b'(\\.|[^'\\])*'|b"[^"]*"|[0-9]+"#).expect("it is one");
    let ran = record.cases.iter().map(|case| {
        let verdict = match &case.verdict {
            Verdict::Fail { finding } => {
                let observed = changing.replace_all(&finding.observed, "_");
                let (expected, inputs) = (&finding.expected, &finding.inputs);
                format!("fail\nexpected {expected}\nwith {inputs:?}\nobserved {observed}")
            }
            verdict => format!("{verdict:?}"),
        };
        (case.id.clone(), verdict)
    });
    let not_run = record.not_run.iter().flat_map(|not_run| {
        let because = not_run.because.because();
        let cases = not_run.cases.iter();
        cases.map(move |case| (case.clone(), format!("not run: {because}")))
    });
    ran.chain(not_run).collect()
}

fn comes_to_the_same(target: &str) {
    let behind = told(&run(target, &[], 3));
    let ids = DIRECTLY.keys().chain(behind.keys());
    let differing: BTreeMap<_, _> = ids
        .map(|id| (id, (DIRECTLY.get(id), behind.get(id))))
        .filter(|(_, (directly, behind))| directly != behind)
        .collect();
    assert!(differing.is_empty(), "{target}: {differing:#?}");
}

fn has_parts() -> bool {
    bench::part("socat").is_some() && bench::part(BOARD).is_some()
}

#[test]
fn a_serial_device_changes_no_verdict() {
    if !has_parts() {
        return;
    }
    let relay = Relay::device(BOARD);
    comes_to_the_same(&serial(&relay.path(), ""));
}

#[test]
fn a_server_that_passes_bytes_on_changes_no_verdict() {
    if !has_parts() || bench::part("ser2net").is_none() {
        return;
    }
    let relay = Relay::device(BOARD);
    let server = SerialServer::of(&relay.path());
    comes_to_the_same(&format!("tcp:127.0.0.1:{}", server.plain));
}

#[test]
fn a_server_of_serial_lines_changes_no_verdict() {
    if !has_parts() || bench::part("ser2net").is_none() {
        return;
    }
    let relay = Relay::device(BOARD);
    let server = SerialServer::of(&relay.path());
    comes_to_the_same(&format!("rfc2217:127.0.0.1:{}", server.controlled));
}

#[test]
fn a_farm_changes_no_verdict() {
    if !has_parts() || !farm_bench::has_parts() {
        return;
    }
    let relay = Relay::device(BOARD);
    let server = SerialServer::of(&relay.path());
    let farm = Farm::of(&[("board", server.plain, "raw")]);
    let coordinator = farm.coordinator();
    comes_to_the_same(&format!("labgrid:board?coordinator={coordinator}"));
    assert!(farm.is_free());
}

/// Runs clauses on the reference agent behind a line of so many bits a second; gives what the
/// line did.
fn conforms_at(baud: u32, only: &[&str], cases: u32) -> LineUse {
    let speed = baud.to_string();
    let (_board, device) = board("pty", &["--baud", &speed]);
    let record = run(&format!("serial:{device}?baud={baud}"), only, cases);
    let summary = Summary::of(&record);
    let sentence = summary.sentence();
    assert_eq!(summary.outcome, Some(Outcome::Conforms), "{sentence}");
    let all = summary.of_the_target();
    assert_eq!((all.fail, all.inconclusive, all.not_run), (0, 0, 0));
    let closing = record.closing.expect("the record is complete");
    closing.timing.line.expect("the line's speed is known")
}

#[test]
fn a_correct_board_conforms_behind_the_usual_line_and_its_use_is_on_record() {
    let only = [
        "usocket.*/value",
        "usocket.socket.recv",
        "usocket.socket.settimeout",
    ];
    let line = conforms_at(115_200, &only, 8);
    assert_eq!(line.baud, 115_200);
    assert!(line.busy_millis > 0);
    assert!(line.busy_millis <= line.open_millis, "{line:?}");
    assert!((1..=100).contains(&line.busy_percent()), "{line:?}");
}

#[test]
fn a_correct_board_conforms_behind_a_slow_line_although_time_is_judged() {
    let only = ["usocket.AF_INET", "usocket.socket.settimeout"];
    let line = conforms_at(9600, &only, 2);
    assert_eq!(line.baud, 9600);
}
