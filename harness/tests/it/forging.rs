//! Targets that say what is not so. They can lie about what their calls returned; they cannot
//! replace an input or what a peer saw, and they cannot do without a peer that has its part.

use std::fs;

use rstest::rstest;
use tempfile::NamedTempFile;
use trueline::plan::Plan;
use trueline::regressions::Regressions;
use trueline_reports::journal::Record;
use trueline_reports::record::Verdict;

use crate::bench;

/// A socket module that never opens a socket. What its calls are given and what they return is as
/// it should be, and `report` runs in each of them, with the helper's names in reach.
const PRETENDS: &str = "
import sys
import usocket as below


class socket:
    def __init__(self, *arguments):
        pass

    def __getattr__(self, name):
        def call(*arguments):
            report()
            return None
        return call


module = type(sys)('usocket')
for name in dir(below):
    if name[0] != '_':
        setattr(module, name, getattr(below, name))
module.socket = socket
sys.modules['usocket'] = sys.modules['socket'] = module
";

/// The record of these clauses on a target with that boot file.
fn record(target: &str, boot: &str, only: &[&str]) -> Record {
    let file = NamedTempFile::new().expect("a temporary file can be made");
    fs::write(file.path(), boot).expect("it can be written");
    let pack = bench::pack();
    let mut selection = bench::selection(only);
    selection.cases = 3;
    let plan = Plan::new(&pack, selection, &Regressions::default()).expect("sound patterns");
    assert!(!plan.clauses.is_empty(), "no clause matches {only:?}");
    bench::record(&plan, &format!("{target}?boot={}", file.path().display()))
}

/// What was observed in the first case of a record that has to fail.
fn observed(record: &Record) -> &str {
    match &record.cases[0].verdict {
        Verdict::Fail { finding } => &finding.observed,
        other => panic!("{} is {other:?}", record.cases[0].id),
    }
}

/// The names of this clause: `piece` and `times` are inputs, `got` is what the peer saw.
#[rstest]
#[case::an_input("piece=b''")]
#[case::all_inputs("piece=b'', times=1")]
#[case::what_a_peer_saw("got=b''")]
#[case::inputs_and_what_a_peer_saw("piece=b'', times=0, got=b''")]
#[case::what_the_harness_measures("elapsed=0.1, stdout=''")]
fn a_report_takes_the_place_of_nothing_else(
    #[values("sim:", "agent:")] target: &str,
    #[case] reports: &str,
) {
    let boot = format!("{PRETENDS}\n\ndef report():\n    _t_observe({reports})\n");
    let only = ["usocket.socket.sendall/sends-all-of-much"];
    let record = record(target, &boot, &only);
    let observed = observed(&record);
    assert!(
        observed.contains("which the program does not observe"),
        "{observed}"
    );
}

#[test]
fn nothing_that_a_peer_has_a_part_in_passes_without_it() {
    let boot = format!("{PRETENDS}\n\ndef report():\n    pass\n");
    let record = record("sim:", &boot, &["usocket.socket.{connect,send,close}/*"]);
    let pack = bench::pack();
    let needs_a_peer = |case: &str| {
        let clause = case.split('#').next().expect("an id");
        let (_, clause) = pack
            .clauses()
            .find(|(_, other)| other.id == clause)
            .expect("it is of the pack");
        let script = clause.check.peers.values();
        let waits = script.flatten().any(|step| {
            use trueline_spec::pack::PeerStep as Step;
            matches!(
                step,
                Step::Accept { .. } | Step::Connect { .. } | Step::ReceiveBytes { .. }
            )
        });
        // Where the network of the clause itself loses what is sent, a peer may wait in vain.
        waits && clause.check.network.is_reliable()
    };
    let mut asked = 0;
    for case in &record.cases {
        if needs_a_peer(&case.id) {
            asked += 1;
            assert_ne!(case.verdict, Verdict::Pass, "{} passes", case.id);
        }
    }
    assert!(asked > 20, "only {asked} cases have such a peer");
}

/// A pack of one clause, whose peer has this script.
fn verdict_with(peer: &str, target: &str, expect: &str) -> Verdict {
    let folder = tempfile::tempdir().expect("a folder");
    let pack = "pack: one\nversion: 1.0.0\ntitle: One clause\nmodule: usocket\nsource:\n  \
                title: A document\n  sha256: \
                0000000000000000000000000000000000000000000000000000000000000000\n  sections:\n    \
                - title: Methods\n      items: [usocket.socket]\n";
    let program: String = target
        .lines()
        .map(|line| format!("        {line}\n"))
        .collect();
    let item = format!(
        "item: usocket.socket\nkind: function\nsignature: socket()\nsummary: A socket.\nreturns: \
         socket\nclauses:\n  one:\n    level: must\n    basis: documented\n    says: The peer does \
         its part.\n    needs: [tcp]\n    example:\n      peer: {peer}\n      target: |\n{program}      \
         expect: {expect}\n"
    );
    fs::write(folder.path().join("pack.yaml"), pack).expect("it can be written");
    fs::write(folder.path().join("item.yaml"), item).expect("it can be written");
    let pack = trueline_spec::pack::Pack::load(folder.path()).expect("the pack is sound");
    let mut selection = bench::selection(&[]);
    selection.cases = 1;
    let plan = Plan::new(&pack, selection, &Regressions::default()).expect("no pattern");
    bench::record(&plan, "sim:").cases.remove(0).verdict
}

const CONNECTS: &str = "s = socket.socket()\ns.connect(peer)\nobserve(done=1)\n";

#[rstest]
#[case::waits_for_a_connection(
    "[listen, accept]",
    "raise OSError(5)",
    "{stdout: '', or_raises: OSError}"
)]
#[case::waits_though_an_exception_has_to_come(
    "[listen, accept]",
    "raise OSError(5)",
    "{raises: OSError}"
)]
#[case::waits_for_room("[listen, accept, {send: bytes(4000000)}]", CONNECTS, "[done == 1]")]
#[case::was_reset_while_it_sent(
    "[listen, accept, {send: b'ab'}, {pause: 1s}, {send: b'ab'}]",
    CONNECTS,
    "[done == 1]"
)]
#[case::got_too_little(
    "[listen, accept, {receive: {bytes: 3}}]",
    "s = socket.socket()\ns.connect(peer)\ns.send(b'ab')\nobserve(done=1)\n",
    "[done == 1]"
)]
#[case::pauses_before_it_receives(
    "[listen, accept, {pause: 1s}, {receive: {bytes: 1}}]",
    CONNECTS,
    "[done == 1]"
)]
fn no_clause_passes_whose_peer_did_not_finish(
    #[case] peer: &str,
    #[case] target: &str,
    #[case] expect: &str,
) {
    let verdict = verdict_with(peer, target, expect);
    assert!(
        matches!(&verdict, Verdict::Fail { finding } if finding.expected.contains("the peers finish")),
        "{verdict:?}"
    );
}

#[test]
fn what_is_optional_a_target_may_do_without() {
    let peer = "[listen, accept, optional, {receive: {bytes: 3}}]";
    assert_eq!(verdict_with(peer, CONNECTS, "[done == 1]"), Verdict::Pass);
}
