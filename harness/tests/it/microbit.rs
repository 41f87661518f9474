//! Claims about a real firmware without sockets, MicroPython 1.9.2 on a BBC micro:bit: everything
//! that it comes to is that the module is missing, wherever its line leads.

use std::path::Path;

use trueline::plan::{Plan, Selection};
use trueline::regressions::Regressions;
use trueline_reports::record::{Outcome, Reason, Verdict};
use trueline_reports::summary::Summary;

use crate::bench;
use crate::relay::{Relay, serial};

const FIRMWARE: &str = "/usr/share/firmware-microbit-micropython/firmware.hex";

/// The board as a command. A comma ends a word for socat.
fn board(comma: &str) -> String {
    format!(
        "qemu-system-arm -M microbit -device loader{comma}file={FIRMWARE} -display none \
         -monitor none -serial stdio"
    )
}

fn has_parts() -> bool {
    bench::part("qemu-system-arm").is_some() && bench::is_there(Path::new(FIRMWARE))
}

/// Runs the whole pack.
fn lacks_the_module_and_nothing_else_is_found(target: &str) {
    let pack = bench::pack();
    let selection = Selection {
        cases: 4,
        ..bench::selection(&[])
    };
    let plan = Plan::new(&pack, selection, &Regressions::default()).expect("no pattern");
    let record = bench::record(&plan, target);
    let summary = Summary::of(&record);
    let sentence = summary.sentence();
    assert_eq!(summary.outcome, Some(Outcome::DoesNotConform), "{sentence}");
    for case in &record.cases {
        match &case.verdict {
            Verdict::Pass | Verdict::NotApplicable { .. } => {}
            Verdict::Fail { finding } => assert!(
                finding.observed.contains("ImportError") && finding.observed.contains("usocket"),
                "{}: {}",
                case.id,
                finding.observed
            ),
            Verdict::Inconclusive { because, .. } | Verdict::Flaky { because, .. } => {
                panic!("{}: {because}", case.id)
            }
        }
    }
    let mut reasons = record.not_run.iter().map(|not_run| not_run.because);
    assert!(reasons.all(|because| because == Reason::AlreadyRefuted));
    let findings = summary.findings();
    assert_eq!(findings.shared.len(), 1, "{:#?}", findings.shared);
    assert!(findings.single.is_empty(), "{:#?}", findings.single);
}

#[test]
fn a_command_without_the_module_is_told_once() {
    if has_parts() {
        let target = format!("exec:{}", board(","));
        lacks_the_module_and_nothing_else_is_found(&target);
    }
}

#[test]
fn a_board_on_a_line_without_the_module_is_told_once() {
    if has_parts() && bench::part("socat").is_some() {
        let relay = Relay::device(&board("\\,"));
        lacks_the_module_and_nothing_else_is_found(&serial(&relay.path(), ""));
    }
}
