//! Claims about lines: what leads to a target changes no verdict on it, be it slow, a server or a
//! farm.

use std::collections::BTreeMap;
use std::thread;

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

fn whole_pack(target: &str) -> BTreeMap<String, String> {
    told(&run(target, &[], 3))
}

/// A board of its own behind ser2net.
fn served() -> (Relay, SerialServer) {
    let relay = Relay::device(BOARD);
    let server = SerialServer::of(&relay.path());
    (relay, server)
}

#[test]
fn what_leads_to_a_board_changes_no_verdict() {
    let parts = ["socat", "ser2net", BOARD];
    if !parts.iter().all(|part| bench::part(part).is_some()) || !farm_bench::has_parts() {
        return;
    }
    let device = Relay::device(BOARD);
    let (_behind_plain, plain) = served();
    let (_behind_controlled, controlled) = served();
    let (_behind_farm, farmed) = served();
    let farm = Farm::of(&[("board", farmed.plain, "raw")]);
    let targets = [
        serial(&device.path(), ""),
        format!("tcp:127.0.0.1:{}", plain.plain),
        format!("rfc2217:127.0.0.1:{}", controlled.controlled),
        format!("labgrid:board?coordinator={}", farm.coordinator()),
    ];
    // Most of the time they wait, so they do it together.
    thread::scope(|scope| {
        let directly = scope.spawn(|| whole_pack("exec:micropython"));
        let behind = targets
            .each_ref()
            .map(|target| scope.spawn(|| whole_pack(target)));
        let directly = directly.join().expect("it ran");
        for (target, behind) in targets.iter().zip(behind) {
            let behind = behind.join().expect("it ran");
            let ids = directly.keys().chain(behind.keys());
            let differing: BTreeMap<_, _> = ids
                .map(|id| (id, (directly.get(id), behind.get(id))))
                .filter(|(_, (directly, behind))| directly != behind)
                .collect();
            assert!(differing.is_empty(), "{target}: {differing:#?}");
        }
    });
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
    let only = ["usocket.*/value", "usocket.socket.recv"];
    let line = conforms_at(115_200, &only, 8);
    assert_eq!(line.baud, 115_200);
    assert!(line.busy_millis > 0);
    assert!(line.busy_millis <= line.open_millis, "{line:?}");
    assert!((1..=100).contains(&line.busy_percent()), "{line:?}");
}

#[test]
fn a_correct_board_conforms_behind_a_slow_line_although_time_is_judged() {
    let only = ["usocket.AF_INET", "usocket.socket.settimeout/*-in-time"];
    let line = conforms_at(9600, &only, 2);
    assert_eq!(line.baud, 9600);
}
