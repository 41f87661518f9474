//! Owns the claim about what a case without a peer costs on the wire, beside what it would cost to
//! start the board anew for it and to paste its program.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use trueline::attempt::draw;
use trueline::plan::{Plan, PlannedInputs};
use trueline::regressions::Regressions;
use trueline::staging::{self, Circumstances};
use trueline_adapters::open;
use trueline_adapters::session::Session as _;
use trueline_spec::pack::CheckKind;

use crate::bench::{block_on, judge, pack, selection, trueline};

/// What is said around a program when a board is started anew by a soft reset and the program is
/// sent by raw paste: the reset and its answer, the request and its answer, a grant for every
/// window, the end and its acknowledgement, and what follows the output.
const RESET: &[u8] = b"\x04OK\r\nMPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>";
const PASTE: &[u8] = b"\x05A\x01R\x01\x80\x00\x01\x04\x04\x04\x04>";
const WINDOW: usize = 128;
/// A program reports by what a new start has taken away: the shortest that does it goes with it.
const OBSERVE: &str = "def observe(**v):print(v)\n";

/// A board behind a server; ends with its owner.
struct Board(Child);

impl Board {
    fn start() -> (Board, String) {
        let mut child = trueline()
            .args(["agent", "--repl", "tcp:127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the agent starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("it says where it is");
        let at = line.trim().rsplit(' ').next().expect("an address");
        (Board(child), format!("tcp:{at}"))
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn a_case_without_a_peer_takes_a_third_of_what_a_new_start_and_its_program_take() {
    let pack = pack();
    let mut selection = selection(&[]);
    selection.cases = 8;
    let plan = Plan::new(&pack, selection, &Regressions::default()).expect("a plan");
    let judge = judge();
    let (_board, url) = Board::start();
    let (mut of_cases, mut of_starts, mut clauses) = (0, 0, 0);
    block_on(async {
        let target = url.parse().expect("a URL");
        let mut session = open(&target, 1).await.expect("the agent is there");
        for planned in &plan.clauses {
            let check = &planned.clause.check;
            let is_pure = check.peers.is_empty() && check.waits.is_zero();
            let there = planned
                .clause
                .needs
                .is_subset(&session.target().capabilities);
            if check.kind != CheckKind::Property || !is_pure || !there {
                continue;
            }
            let scenarios: Vec<_> = planned
                .cases
                .iter()
                .map(|case| {
                    let PlannedInputs::Drawn(seed) = &case.inputs else {
                        panic!("nothing failed before");
                    };
                    let inputs = draw(&judge, check, seed).expect("inputs").current();
                    let case = Circumstances {
                        name: &case.id,
                        module: &pack.module,
                        seed: case.seed,
                        capture: false,
                        wifi: None,
                    };
                    let scenario = staging::scenario(case, check, &inputs, judge.interpreter());
                    scenario.expect("the check is sound")
                })
                .collect();
            let observed = session
                .run_all(&scenarios)
                .await
                .expect("the agent answers");
            let wire: u64 = observed.iter().map(|observed| observed.wire_bytes).sum();
            let start: usize = observed
                .iter()
                .map(|observed| {
                    let program = observed.program.len();
                    let values = observed.values.iter();
                    let printed: usize = values
                        .map(|(name, value)| name.len() + value.to_string().len() + 3)
                        .sum();
                    RESET.len() + PASTE.len() + OBSERVE.len() + program + program / WINDOW + printed
                })
                .sum();
            println!("{}: {wire} bytes, {start}", planned.clause.id);
            of_cases += wire;
            of_starts += start as u64;
            clauses += 1;
        }
    });
    println!("{clauses} clauses: {of_cases} bytes of {of_starts}");
    assert!(clauses > 10);
    assert!(
        of_cases * 3 <= of_starts,
        "{of_cases} bytes are more than a third of {of_starts}"
    );
}
