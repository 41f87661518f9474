//! What a case costs: on the reference agent and on a real MicroPython, with a peer and
//! without, beside a bare terminal client that does nothing but write a program and read the
//! answer. `cargo bench` runs it; docs/src/performance.md keeps the figures.

mod bare_client;

use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;
use trueline::generate::Inputs;
use trueline::judge::{Bindings, Judge, Judgement, Seen};
use trueline::staging::{self, Circumstances};
use trueline::stop::Stop;
use trueline_adapters::observation::Observation;
use trueline_adapters::scenario::{Program, Scenario};
use trueline_adapters::session::Session;
use trueline_adapters::{open, worker};
use trueline_spec::pack::{Clause, Pack};

use bare_client::BareClient;

/// A property whose program needs no peer.
const PURE: &str = "usocket.getaddrinfo/gives-a-list";
/// A property with a peer that sends.
const WITH_PEER: &str = "usocket.socket.recv/at-most-bufsize";
const MICROPYTHON: &str = "exec:micropython";

fn clause<'p>(pack: &'p Pack, id: &str) -> &'p Clause {
    let found = pack.clauses().find(|(_, clause)| clause.id == id);
    found.unwrap_or_else(|| panic!("{id} is not in the pack")).1
}

fn built_in_pack() -> Pack {
    let pack = Pack::built_in("waffle-nano-socket").expect("it is built in");
    pack.expect("it is sound")
}

fn runtime() -> Runtime {
    worker::start_from(Path::new(env!("CARGO_BIN_EXE_trueline")));
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("an event loop")
}

fn circumstances(module: &str, seed: u64) -> Circumstances<'_> {
    Circumstances {
        name: "bench",
        module,
        seed,
        capture: false,
        wifi: None,
    }
}

/// Draws, stages, runs and judges `count` cases, so many at once.
async fn cases<S: Session>(
    session: &mut S,
    judge: &Judge,
    module: &str,
    clause: &Clause,
    count: u64,
    at_once: u64,
) {
    let check = &clause.check;
    let mut done = 0;
    while done < count {
        let (mut drawn, mut scenarios) = (Vec::new(), Vec::new());
        for number in done..count.min(done + at_once) {
            let mut seed = [0; 32];
            seed[..8].copy_from_slice(&number.to_le_bytes());
            let inputs = Inputs::draw(&check.forall, &seed)
                .expect("the strategy is sound")
                .current();
            let case = circumstances(module, number);
            let scenario = staging::scenario(case, check, &inputs, judge.interpreter());
            scenarios.push(scenario.expect("the peers are sound"));
            drawn.push(inputs);
        }
        let observations = session
            .run_all(&scenarios)
            .await
            .expect("the target answers");
        for (inputs, observation) in drawn.iter().zip(&observations) {
            let judgement = judge.judge(check, seen(inputs, observation));
            assert_eq!(judgement, Judgement::Pass, "{}", observation.program);
        }
        done += at_once;
    }
}

fn seen<'a>(inputs: &'a Bindings, observation: &'a Observation) -> Seen<'a> {
    Seen {
        inputs,
        stdout: None,
        observation,
    }
}

fn whole_cases(criterion: &mut Criterion) {
    let pack = built_in_pack();
    let runtime = runtime();
    let judge = Judge::new(Stop::never());
    let mut group = criterion.benchmark_group("case");
    for target in ["sim:", "agent:", MICROPYTHON] {
        let url = target.parse().expect("a URL");
        let Ok(mut session) = runtime.block_on(open(&url, 1)) else {
            eprintln!("left out: {target} is not there");
            continue;
        };
        let kinds = [
            ("pure", PURE, 16),
            ("pure, alone", PURE, 1),
            (
                "with a peer",
                WITH_PEER,
                if target == "sim:" { 16 } else { 1 },
            ),
        ];
        for (name, id, at_once) in kinds {
            let clause = clause(&pack, id);
            group.bench_function(BenchmarkId::new(name, target), |bencher| {
                bencher.iter_custom(|count| {
                    let start = Instant::now();
                    runtime.block_on(cases(
                        &mut session,
                        &judge,
                        &pack.module,
                        clause,
                        count,
                        at_once,
                    ));
                    start.elapsed()
                });
            });
        }
    }
    group.finish();
}

/// One fixed program, by the session and by the bare client.
fn beside_a_bare_client(criterion: &mut Criterion) {
    let runtime = runtime();
    let url = MICROPYTHON.parse().expect("a URL");
    let Ok(mut session) = runtime.block_on(open(&url, 1)) else {
        eprintln!("left out: {MICROPYTHON} is not there");
        return;
    };
    let pack = built_in_pack();
    let judge = Judge::new(Stop::never());
    let check = &clause(&pack, "usocket.AF_INET/value").check;
    let inputs = Bindings::new();
    let case = circumstances(&pack.module, 0);
    let scenario = staging::scenario(case, check, &inputs, judge.interpreter());
    let scenario = scenario.expect("sound");

    let mut group = criterion.benchmark_group("one pure program on MicroPython");
    let mut bare = BareClient::start("micropython").expect("it was there just now");
    let program =
        b"import usocket as socket\nvalue = socket.AF_INET\nprint('value', repr(value))\n";
    group.bench_function("bare client", |bencher| {
        bencher.iter(|| bare.run(program).expect("it answers"));
    });
    for at_once in [1, 16] {
        let scenarios = vec![scenario.clone(); at_once];
        group.bench_function(
            BenchmarkId::new("session and judge, at once", at_once),
            |bencher| {
                bencher.iter_custom(|count| {
                    let start = Instant::now();
                    runtime.block_on(async {
                        for _ in 0..count.div_ceil(at_once as u64) {
                            let observations =
                                session.run_all(&scenarios).await.expect("it answers");
                            for observation in &observations {
                                let judgement = judge.judge(check, seen(&inputs, observation));
                                assert_eq!(judgement, Judgement::Pass);
                            }
                        }
                    });
                    start.elapsed()
                });
            },
        );
    }
    group.finish();
}

/// Half a minute that a program sleeps, a timeout of the same length, and an accept that nobody
/// answers.
fn simulated_waiting(criterion: &mut Criterion) {
    let pack = built_in_pack();
    let runtime = runtime();
    let judge = Judge::new(Stop::never());
    let url = "sim:".parse().expect("a URL");
    let mut session = runtime.block_on(open(&url, 1)).expect("it is built in");
    let check = &clause(&pack, "usocket.AF_INET/value").check;
    let case = circumstances(&pack.module, 0);
    let scenario = staging::scenario(case, check, &Bindings::new(), judge.interpreter());
    let scenario = scenario.expect("sound");
    let mut group = criterion.benchmark_group("30 s of simulated waiting");
    for (name, body) in [
        ("sleep", "import time\ntime.sleep(30)\n"),
        (
            "recvfrom in time",
            "s = socket.socket(2, 2)\ns.bind(('0.0.0.0', 5000))\ns.settimeout(30)\n\
             observe(result=outcome(s.recvfrom, 1))\n",
        ),
        (
            "accept for ever",
            "s = socket.socket()\ns.bind(('0.0.0.0', 5000))\ns.listen(5)\n\
             while True:\n s.accept()\n",
        ),
    ] {
        let scenario = Scenario {
            program: Program::Bound {
                opening: "import usocket as socket\n".to_owned(),
                bindings: String::new(),
                setup: String::new(),
                body: body.to_owned(),
            },
            deadline: Duration::from_secs(30) + Duration::from_millis(1),
            waits: Duration::ZERO,
            judged: Default::default(),
            recurs: true,
            ..scenario.clone()
        };
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let observation = runtime.block_on(session.run(&scenario));
                let observation = observation.expect("it answers");
                assert!(observation.elapsed.least() >= Duration::from_secs(30));
            });
        });
    }
    group.finish();
}

fn start_up(criterion: &mut Criterion) {
    criterion.bench_function("load the built-in pack", |bencher| {
        bencher.iter(built_in_pack);
    });
    let pack = built_in_pack();
    let check = &clause(&pack, "usocket.AF_INET/value").check;
    let inputs = Bindings::new();
    criterion.bench_function("start the judge", |bencher| {
        bencher.iter(|| {
            Judge::new(Stop::never())
                .interpreter()
                .meet(&check.expect.holds, &[&inputs])
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(5));
    targets = whole_cases, simulated_waiting, beside_a_bare_client, start_up
}
criterion_main!(benches);
