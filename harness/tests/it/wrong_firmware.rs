//! Firmware with one defect: the run has to name the clause that it breaks, and no firmware
//! without a defect may be accused.

use std::time::Duration;

use rstest::rstest;
use trueline::heading;
use trueline::judge::Judge;
use trueline::plan::Plan;
use trueline::progress::Progress;
use trueline::regressions::Regressions;
use trueline::run::Run;
use trueline::stop::Stop;
use trueline_adapters::observation::Ending;
use trueline_adapters::open;
use trueline_adapters::scenario::{Piece, Program, Scenario};
use trueline_adapters::session::Session as _;
use trueline_reports::journal::{self, Record, Writer};
use trueline_reports::record::Outcome;
use trueline_reports::summary::Summary;
use trueline_reports::tally::ClauseVerdict;

use crate::bench;

/// Puts a module in the place of `usocket` that hands everything on to the real one.
const HANDED_ON: &str = r"
import sys, usocket
class Module:
    pass
module = Module()
for name in dir(usocket):
    setattr(module, name, getattr(usocket, name))
class socket:
    def __init__(self, *arguments, of=None):
        self.real = of or usocket.socket(*arguments)
    def __repr__(self):
        return repr(self.real)
    def __getattr__(self, name):
        return getattr(self.real, name)
    def accept(self):
        conn, address = self.real.accept()
        return socket(of=conn), address
    def __del__(self):
        pass
for name in dir(usocket.socket):
    if not name.startswith('__') and name != 'accept':
        setattr(socket, name, (lambda name: lambda self, *arguments: getattr(self.real, name)(*arguments))(name))
module.socket = socket
sys.modules['usocket'] = sys.modules['socket'] = module
";

/// The record of the selected clauses on an agent on which `defect` ran first.
fn record_with(defect: &str, only: &[&str]) -> Record {
    let pack = bench::pack();
    let plan =
        Plan::new(&pack, bench::selection(only), &Regressions::default()).expect("sound patterns");
    let mut written = Vec::new();
    bench::block_on(async {
        let url = "agent:".parse().expect("a URL");
        let mut session = open(&url, bench::seed())
            .await
            .expect("the agent is built in");
        let spoil = Scenario {
            name: "defect".to_owned(),
            program: Program::Verbatim(vec![Piece::Text(format!("{HANDED_ON}{defect}"))]),
            peers: Vec::new(),
            input: Vec::new(),
            endless: false,
            uses_port: false,
            deadline: Duration::from_secs(5),
        };
        let spoilt = session.run(&spoil).await.expect("the agent answers");
        assert_eq!(
            spoilt.ending,
            Ending::Finished,
            "the defect itself is sound Python"
        );

        let header = heading::header(&plan, "agent:", Some(session.target()));
        let mut journal = Writer::new(&mut written, &header).expect("memory can be written");
        for planned in &plan.clauses {
            journal
                .clause(&heading::clause(planned))
                .expect("memory can be written");
        }
        let run = Run {
            plan: &plan,
            session: &mut session,
            judge: &Judge::default(),
            journal: &mut journal,
            regressions: &mut Regressions::default(),
            progress: &Progress::hidden(),
            stop: &Stop::never(),
        };
        run.all().await.expect("memory can be written");
        journal.close(0).expect("everything planned is on record");
    });
    journal::read(&written).expect("what was written is a valid record")
}

fn failing(record: &Record) -> Vec<String> {
    let summary = Summary::of(record);
    let failing = summary
        .clauses
        .iter()
        .filter(|result| result.verdict == ClauseVerdict::Fail);
    failing.map(|result| result.clause.id.clone()).collect()
}

#[test]
fn firmware_that_only_hands_on_is_not_accused() {
    let record = record_with("", &[]);
    assert_eq!(failing(&record), Vec::<String>::new());
}

#[test]
fn firmware_without_the_module_fails_everything_for_that_one_reason() {
    let record = record_with(
        "
import builtins
found = builtins.__import__
def refuse(name, *arguments):
    if name in ('usocket', 'socket'):
        raise ImportError('no module named ' + name)
    return found(name, *arguments)
builtins.__import__ = refuse
",
        &[],
    );
    let summary = Summary::of(&record);
    assert_eq!(summary.outcome, Some(Outcome::DoesNotConform));
    for result in &summary.clauses {
        let Some((_, finding)) = result.failing else {
            // A program that is no Python is none without the module as well.
            assert!(
                result.clause.id.ends_with("/as-printed"),
                "{} passes",
                result.clause.id
            );
            continue;
        };
        assert!(finding.observed.contains("usocket"), "{}", finding.observed);
    }
    assert_eq!(
        summary.findings().shared.len(),
        1,
        "one cause is shown once"
    );
}

#[rstest]
#[case::recv_returns_one_byte_too_many(
    "socket.recv = lambda self, size: self.real.recv(size + 1)",
    "usocket.socket.recv/at-most-bufsize"
)]
#[case::recv_makes_a_byte_up(
    "socket.recv = lambda self, size: self.real.recv(size) + b'x'",
    "usocket.socket.recv/at-most-bufsize"
)]
#[case::recv_waits_for_all_that_it_may_return(
    "socket.recv = lambda self, size: self.real.read(size)",
    "usocket.socket.recv/does-not-wait-for-more"
)]
#[case::accept_gives_only_the_connection(
    "socket.accept = lambda self: socket(of=self.real.accept()[0])",
    "usocket.socket.accept/gives-a-pair"
)]
#[case::lists_are_refused(
    "
def bind(self, address):
    if type(address) is list:
        raise TypeError('tuple expected')
    return self.real.bind(address)
socket.bind = bind
",
    "usocket.socket.bind/takes-a-list"
)]
#[case::sendall_stops_after_the_first_piece(
    "socket.sendall = lambda self, data: self.real.send(data[:1024])",
    "usocket.socket.sendall/sends-all"
)]
#[case::send_reports_one_byte_too_much(
    "socket.send = lambda self, data: self.real.send(data) + 1",
    "usocket.socket.send/returns-what-it-sent"
)]
#[case::getaddrinfo_gives_the_port_as_text(
    "
def getaddrinfo(host, port):
    return [found[:4] + ((found[4][0], str(found[4][1])),) for found in usocket.getaddrinfo(host, port)]
module.getaddrinfo = getaddrinfo
",
    "usocket.getaddrinfo/sockaddr-holds-the-port"
)]
fn a_defect_is_found_by_its_clause(#[case] defect: &str, #[case] clause: &str) {
    let item = clause.split('/').next().expect("an id has an item");
    let record = record_with(defect, &[item]);
    assert_eq!(Summary::of(&record).outcome, Some(Outcome::DoesNotConform));
    assert!(
        failing(&record).iter().any(|id| id == clause),
        "{:?}",
        failing(&record)
    );
}

#[test]
fn a_call_that_never_returns_is_a_failure_of_the_case_that_made_it() {
    let defect = "
def getaddrinfo(host, port):
    while port % 4 == 0:
        pass
    return usocket.getaddrinfo(host, port)
module.getaddrinfo = getaddrinfo
";
    let record = record_with(defect, &["usocket.getaddrinfo/gives-a-list"]);
    let summary = Summary::of(&record);
    let (_, finding) = summary.clauses[0].failing.expect("one port in four hangs");
    let port: u32 = finding.inputs["number"]
        .parse()
        .expect("a port is a number");
    assert_eq!(port % 4, 0);
    assert!(
        finding.observed.contains("still running"),
        "{}",
        finding.observed
    );
}
