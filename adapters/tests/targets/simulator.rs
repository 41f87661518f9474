//! Owns the claims about the simulator: its clock, its network, its limits, and what ends programs
//! that have no end.

use std::time::Duration;

use rstest::rstest;
use trueline_adapters::OpenTarget;
use trueline_adapters::error::BenchError;
use trueline_adapters::observation::{Ending, Observation};
use trueline_adapters::scenario::{DocumentedPorts, Peer, Scenario, Simulation, Step};
use trueline_adapters::session::Session as _;
use trueline_adapters::span::Span;
use trueline_spec::network::Network;
use trueline_spec::pack::TargetPort;
use trueline_spec::value::Value;

use crate::bench::{block_on, observed, opened, program, with_peers};

fn network(conditions: &[(&str, &str)]) -> Network {
    let mut network = Network::default();
    for (name, value) in conditions {
        let set = network.set(name, value).expect("it is a condition");
        set.unwrap_or_else(|error| panic!("{error}"));
    }
    network
}

fn on(network: Network, seed: u64, scenario: Scenario) -> Scenario {
    let simulation = Simulation {
        network,
        seed,
        ..Simulation::default()
    };
    Scenario {
        simulation,
        ..scenario
    }
}

fn peer(script: Vec<Step>) -> Vec<Peer> {
    vec![Peer {
        name: "peer".to_owned(),
        script,
    }]
}

const ACCEPT: Step = Step::Accept { name: None };

fn receive_all() -> Step {
    Step::ReceiveUntilEof {
        name: Some("got".to_owned()),
    }
}

/// Runs programs on a simulated board.
fn simulated(claim: impl AsyncFnOnce(&mut OpenTarget)) {
    block_on(async { claim(&mut opened("sim:").await).await });
}

fn run(scenario: &Scenario) -> Observation {
    block_on(async { observed(&mut opened("sim:").await, scenario).await })
}

fn finished(observation: &Observation) -> &Observation {
    assert_eq!(observation.ending, Ending::Finished, "{observation:?}");
    observation
}

fn value(observation: &Observation, name: &str) -> Value {
    finished(observation).values[name].clone()
}

#[test]
fn waiting_takes_virtual_time_exactly() {
    let body = "import time\nbegin = time.ticks_ms()\ntime.sleep(30)\n\
                observe(took=time.ticks_diff(time.ticks_ms(), begin))\n";
    let scenario = Scenario {
        deadline: Duration::from_secs(60),
        ..program(body)
    };
    let observation = run(&scenario);
    assert_eq!(value(&observation, "took"), Value::Int(30_000));
    let rest = observation.elapsed.most() - Duration::from_secs(30);
    assert!(rest < Duration::from_millis(1), "{rest:?}");
}

#[test]
fn a_program_that_only_looks_at_the_clock_sees_it_move() {
    let body = "import time\nbegin = time.ticks_ms()\n\
                while time.ticks_diff(time.ticks_ms(), begin) < 500:\n pass\n";
    assert!(run(&program(body)).elapsed.least() >= Duration::from_millis(500));
}

#[test]
fn what_waits_for_ever_is_interrupted_at_its_deadline_and_no_later() {
    let body = "s = socket.socket()\ns.bind(('0.0.0.0', 80))\ns.listen(1)\n\
                while True:\n s.accept()\n";
    let observation = run(&with_peers(Vec::new(), body));
    assert_eq!(observation.ending, Ending::Interrupted);
    assert_eq!(observation.elapsed, Span::exactly(Duration::from_secs(5)));
}

#[test]
fn a_program_that_asks_again_and_again_is_interrupted_at_its_deadline() {
    let body = "s = socket.socket(2, 2)\ns.bind(('0.0.0.0', 80))\ns.setblocking(False)\n\
                while True:\n try:\n  s.recvfrom(1)\n except OSError:\n  pass\n";
    let observation = run(&with_peers(Vec::new(), body));
    assert_eq!(observation.ending, Ending::Interrupted);
}

#[test]
fn a_program_that_polls_comes_to_its_deadline_whatever_that_is() {
    // So many polls of the least cost would take a day to compute.
    let body = "s = socket.socket(2, 2)\ns.bind(('0.0.0.0', 80))\ns.setblocking(False)\n\
                while True:\n try:\n  s.recvfrom(1)\n except OSError:\n  pass\n";
    let scenario = Scenario {
        deadline: Duration::from_secs(1_000_000),
        ..with_peers(Vec::new(), body)
    };
    let observation = run(&scenario);
    assert_eq!(observation.ending, Ending::Interrupted);
    assert_eq!(
        observation.elapsed,
        Span::exactly(Duration::from_secs(1_000_000))
    );
}

#[test]
fn a_program_that_reads_byte_by_byte_does_not_poll_in_vain() {
    let body = "s = socket.socket()\ns.connect(peer)\ntotal = 0\nwhile s.recv(1):\n total += 1\n\
                s.close()\nobserve(total=total)\n";
    let send = Step::Send(vec![7; 5000]);
    let script = vec![Step::Listen, ACCEPT, send, Step::Close];
    simulated(async |session| {
        let seen = observed(session, &with_peers(peer(script), body)).await;
        finished(&seen);
        assert_eq!(value(&seen, "total"), Value::Int(5000));
        assert!(
            seen.elapsed.most() < Duration::from_secs(1),
            "{}",
            seen.elapsed
        );
    });
}

#[test]
fn a_program_that_polls_measures_time_to_half_a_percent() {
    let body = "import time\nbegin = time.ticks_us()\n\
                while time.ticks_diff(time.ticks_us(), begin) < 400000:\n pass\n\
                observe(took=time.ticks_diff(time.ticks_us(), begin))\n";
    let Value::Int(took) = value(&run(&program(body)), "took") else {
        panic!("it is a number");
    };
    assert!((400_000..402_000 + 1600).contains(&took), "{took}");
}

#[test]
fn a_poll_after_a_long_sleep_costs_no_more_than_any_other() {
    let body = "import time\ntime.sleep(4)\nbegin = time.ticks_us()\n\
                observe(took=time.ticks_diff(time.ticks_us(), begin))\n";
    let Value::Int(took) = value(&run(&program(body)), "took") else {
        panic!("it is a number");
    };
    assert!(took < 100, "{took}");
}

/// Programs that no board survives: none of them may touch the harness.
const TOO_MUCH: [&str; 8] = [
    "1 << (1 << 50)",
    "'a'.ljust(1 << 60)",
    "(1).to_bytes(1 << 60, 'big')",
    "list(range(10**12))",
    "[].extend(range(10**9))",
    "'%1000000000d' % 1",
    "sum(range(10**12))",
    "10**10**8",
];

#[test]
fn what_no_board_survives_ends_the_board_and_the_next_one_is_sound() {
    simulated(async |session| {
        for expression in TOO_MUCH {
            let scenario = Scenario {
                deadline: Duration::from_millis(200),
                ..program(&format!("x = {expression}\n"))
            };
            match session.run(&scenario).await {
                Err(BenchError::Gone(_) | BenchError::Silent(_)) => {
                    session.recover().await.expect("another board is there");
                }
                Ok(observation) => assert!(
                    matches!(observation.ending, Ending::Interrupted | Ending::Raised(_)),
                    "{expression}: {observation:?}"
                ),
                Err(error) => panic!("{expression}: {error}"),
            }
            let sound = observed(session, &program("observe(here=1)\n")).await;
            assert_eq!(value(&sound, "here"), Value::Int(1), "{expression}");
        }
    });
}

#[test]
fn a_program_that_takes_its_memory_bit_by_bit_gets_a_memory_error_that_it_can_catch() {
    let body = "kept = []\ntry:\n while True:\n  kept.append(bytearray(1000))\n\
                except MemoryError:\n kept = None\n observe(caught=True)\n";
    let scenario = Scenario {
        deadline: Duration::from_secs(60),
        ..program(body)
    };
    assert_eq!(value(&run(&scenario), "caught"), Value::Bool(true));
}

#[test]
fn computing_is_held_against_the_deadline_in_cpu_time() {
    let loops = |deadline| Scenario {
        deadline: Duration::from_millis(deadline),
        ..program("n = 0\nwhile n < 300000:\n n += 1\nobserve(n=n)\n")
    };
    assert_eq!(value(&run(&loops(60_000)), "n"), Value::Int(300_000));
    let observation = run(&loops(4));
    assert_eq!(observation.ending, Ending::Interrupted);
    assert_eq!(observation.elapsed, Span::exactly(Duration::from_millis(4)));
}

#[test]
fn an_endless_program_is_stopped_when_its_peers_have_finished_and_nothing_is_on_its_way() {
    let body = "s = socket.socket(2, 2)\ns.bind(('0.0.0.0', port))\n\
                while True:\n data, who = s.recvfrom(99)\n print(data)\n s.sendto(data, who)\n";
    let ask = Step::Ask {
        data: b"x".to_vec(),
        name: Some("answer".to_owned()),
        from: None,
    };
    let scenario = Scenario {
        endless: true,
        ..with_peers(peer(vec![Step::Bind, ask]), body)
    };
    let observation = run(&on(network(&[("latency", "1s")]), 1, scenario));
    assert_eq!(observation.ending, Ending::Stopped);
    let answer = &observation.peers[0].values["answer"];
    assert_eq!(answer, &Value::Bytes(b"x".to_vec()));
    assert!(observation.stdout.starts_with("b'x'\n"));
}

/// What ends no program by itself, and is no observation either.
#[test]
fn a_program_that_nothing_ends_is_the_benchs_trouble_and_the_next_one_runs() {
    let stubborn = "s = socket.socket()\ns.bind(('0.0.0.0', 80))\ns.listen(1)\n\
                    while True:\n try:\n  s.accept()\n except:\n  pass\n";
    let computing = "while True:\n try:\n  while True: pass\n except:\n  pass\n";
    let talking =
        "while True:\n try:\n  while True: print('more and more' * 99)\n except:\n  pass\n";
    simulated(async |session| {
        for body in [stubborn, computing, talking] {
            let error = session
                .run(&with_peers(Vec::new(), body))
                .await
                .expect_err("it has no end");
            match body == talking {
                true => assert!(matches!(error, BenchError::Endless(_)), "{error}"),
                false => assert!(matches!(error, BenchError::Silent(_)), "{error}"),
            }
            session.recover().await.expect("another board is there");
            finished(&observed(session, &program("observe(a=1)")).await);
        }
    });
}

#[rstest]
#[case::in_a_loop("while True: pass")]
#[case::in_a_generator("def g():\n while True: pass\n yield\nfor _ in g(): pass")]
#[case::in_a_comprehension("def g():\n while True: yield 1\nsum(i for i in g())")]
fn a_program_that_only_computes_is_the_last_of_several(#[case] body: &str) {
    simulated(async |session| {
        let spin = program(body);
        let quick = program("observe(a=1)");
        let ran = session
            .run_all(&[quick.clone(), spin.clone(), quick.clone()])
            .await
            .expect("the board answers");
        let [first, second] = &ran[..] else {
            panic!("{} programs ran", ran.len());
        };
        finished(first);
        assert_eq!(second.ending, Ending::Interrupted);
        assert_eq!(second.elapsed.most(), spin.deadline);
        finished(&observed(session, &quick).await);
    });
}

#[test]
fn nothing_of_a_program_is_left_after_a_fresh_start() {
    simulated(async |session| {
        let hoarding = "import sys\nsys.kept = [socket.socket() for _ in range(9)]\n\
                        import builtins\nbuiltins.len = None\n";
        finished(&observed(session, &with_peers(Vec::new(), hoarding)).await);
        session.refresh().await.expect("it starts anew");
        let body = "import sys\nobserve(kept=hasattr(sys, 'kept'), one=len([socket.socket()]))\n";
        let next = observed(session, &with_peers(Vec::new(), body)).await;
        assert_eq!(value(&next, "kept"), Value::Bool(false));
        assert_eq!(value(&next, "one"), Value::Int(1));
    });
}

const CHATTER: &str = "s = socket.socket()\ns.connect(peer)\ntotal = 0\n\
                       while True:\n part = s.recv(500)\n if not part:\n  break\n total += len(part)\n\
                       observe(total=total)\n";

fn chatter() -> Scenario {
    let send = Step::Send(vec![7; 20_000]);
    with_peers(peer(vec![Step::Listen, ACCEPT, send, Step::Close]), CHATTER)
}

#[test]
fn the_same_seed_gives_the_same_run_and_another_one_another() {
    let bad = || network(&[("loss", "20%"), ("reorder", "20%"), ("jitter", "9ms")]);
    let elapsed = |seed| {
        let observation = run(&on(bad(), seed, chatter()));
        assert_eq!(value(&observation, "total"), Value::Int(20_000));
        observation.elapsed
    };
    assert_eq!(elapsed(1), elapsed(1));
    assert_ne!(elapsed(1), elapsed(2));
}

#[test]
fn bandwidth_and_latency_take_the_time_that_they_say() {
    let slow = network(&[("bandwidth", "64kbit"), ("latency", "50ms")]);
    let observation = run(&on(slow, 1, chatter()));
    // 160,000 bits of data at 64,000 a second, and some 6 % of headers and acknowledgements.
    let seconds = observation.elapsed.most().as_secs_f64();
    assert!((2.5..3.5).contains(&seconds), "{seconds}");
}

#[test]
fn a_partition_ends_in_a_timeout_and_never_in_an_end() {
    let body = "s = socket.socket()\ns.connect(peer)\ns.settimeout(2)\ngot = s.recv(1)\n\
                result = outcome(s.recv, 1)\nobserve(got=got, result=result)\n";
    let script = vec![
        Step::Listen,
        ACCEPT,
        Step::Send(b"a".to_vec()),
        Step::Pause(Duration::from_secs(1)),
        Step::Close,
    ];
    let observation = run(&on(
        network(&[("partition", "0.5s..")]),
        1,
        with_peers(peer(script), body),
    ));
    assert_eq!(value(&observation, "got"), Value::Bytes(b"a".to_vec()));
    let Value::Raised(error) = value(&observation, "result") else {
        panic!("{observation:?}");
    };
    assert_eq!(error.errno, Some(110));
}

#[test]
fn sockets_run_out_with_an_error_and_come_back() {
    let body = "kept = []\n\
                def all(make, most):\n\
                \x20for n in range(most):\n\
                \x20 kept.append(make())\n\
                \x20over = outcome(make)\n\
                \x20for s in kept: s.close()\n\
                \x20kept.clear()\n\
                \x20return over\n\
                observe(streams=all(socket.socket, 9))\n\
                observe(datagrams=all(lambda: socket.socket(2, 2), 7))\n\
                def listen():\n\
                \x20s = socket.socket()\n\
                \x20s.bind(('0.0.0.0', 0))\n\
                \x20s.listen(1)\n\
                \x20return s\n\
                observe(listeners=all(listen, 2))\n\
                def connect():\n\
                \x20s = socket.socket()\n\
                \x20s.connect(peer)\n\
                \x20return s\n\
                observe(connections=all(connect, 4))\n\
                observe(again=outcome(connect))\n";
    let script = vec![Step::Listen, ACCEPT, ACCEPT, ACCEPT, ACCEPT];
    let observation = run(&with_peers(peer(script), body));
    for name in ["streams", "datagrams", "listeners", "connections"] {
        let Value::Raised(error) = value(&observation, name) else {
            panic!("{name} do not run out: {observation:?}");
        };
        assert_eq!(error.kind, "OSError", "{name}");
    }
    assert!(matches!(value(&observation, "again"), Value::Returned(_)));
}

#[test]
fn what_does_not_fit_into_the_receive_buffer_waits_and_none_of_it_is_lost() {
    let body = "import time\ns = socket.socket()\ns.connect(peer)\ntime.sleep(20)\n\
                observe(data=s.read())\n";
    let data: Vec<u8> = (0..60_000_u32).map(|n| (n % 251) as u8).collect();
    let script = vec![Step::Listen, ACCEPT, Step::Send(data.clone()), Step::Close];
    let scenario = Scenario {
        deadline: Duration::from_secs(60),
        ..with_peers(peer(script), body)
    };
    assert_eq!(value(&run(&scenario), "data"), Value::Bytes(data));
}

#[test]
fn more_datagrams_than_the_mailbox_holds_are_lost_whole() {
    let body = "import time\ns = socket.socket(2, 2)\ns.sendto(b'?', peer)\ntime.sleep(1)\n\
                s.settimeout(0.5)\ngot = []\nwhile True:\n result = outcome(s.recvfrom, 99)\n\
                \x20if not result.returned:\n  break\n got.append(result.value[0])\nobserve(got=got)\n";
    let mut script = vec![
        Step::Bind,
        Step::ReceiveFrom {
            name: None,
            from: None,
        },
    ];
    script.extend((0..20).map(|number| Step::Reply(vec![number; 3])));
    let Value::List(got) = value(&run(&with_peers(peer(script), body)), "got") else {
        panic!("it is a list");
    };
    let expected: Vec<_> = (0..8).map(|number| Value::Bytes(vec![number; 3])).collect();
    assert_eq!(got, expected);
}

#[test]
fn a_board_outside_of_its_network_reaches_nobody_but_itself() {
    let body = "import network\nw = network.WLAN()\nw.active(True)\n\
                def reach(to):\n\
                \x20s = socket.socket()\n\
                \x20s.settimeout(3)\n\
                \x20result = outcome(s.connect, to)\n\
                \x20s.close()\n\
                \x20return result.returned\n\
                inside = reach(peer)\n\
                w.connect('Noah-BlackWalnut', 'wrong')\n\
                outside = (w.isconnected(), reach(peer))\n\
                l = socket.socket()\nl.bind(('127.0.0.1', 80))\nl.listen(1)\n\
                itself = reach(('127.0.0.1', 80))\nl.accept()[0].close()\n\
                w.connect('Noah-BlackWalnut', '123abc456d')\n\
                observe(inside=inside, outside=outside, itself=itself)\n\
                observe(back=(w.isconnected(), w.ifconfig()[0], reach(peer)))\n";
    let observation = run(&with_peers(peer(vec![Step::Listen, ACCEPT, ACCEPT]), body));
    let yes = Value::Bool(true);
    assert_eq!(value(&observation, "inside"), yes);
    let no = Value::Bool(false);
    assert_eq!(
        value(&observation, "outside"),
        Value::Tuple(vec![no.clone(), no])
    );
    assert_eq!(value(&observation, "itself"), yes);
    let address = Value::Text("192.168.50.10".to_owned());
    assert_eq!(
        value(&observation, "back"),
        Value::Tuple(vec![yes.clone(), address, yes])
    );
}

#[test]
fn a_board_talks_to_itself_by_either_address() {
    let body = "l = socket.socket()\nl.bind(('0.0.0.0', 80))\nl.listen(2)\ngot = []\n\
                for host in ('127.0.0.1', '192.168.50.10'):\n\
                \x20s = socket.socket()\n\
                \x20s.connect((host, 80))\n\
                \x20c, who = l.accept()\n\
                \x20c.send(b'hello')\n\
                \x20got.append((s.recv(9), who[0]))\n\
                \x20s.close()\n\
                \x20c.close()\n\
                observe(got=got)\n";
    let got = |host: &str| {
        let host = Value::Text(host.to_owned());
        Value::Tuple(vec![Value::Bytes(b"hello".to_vec()), host])
    };
    assert_eq!(
        value(&run(&with_peers(Vec::new(), body)), "got"),
        Value::List(vec![got("127.0.0.1"), got("192.168.50.10")])
    );
}

#[test]
fn names_are_told_by_the_access_point() {
    let body = "def host(name):\n return socket.getaddrinfo(name, 1)[0][-1][0]\n\
                observe(peer=host('peer.test'), board=host('BOARD.test'))\n\
                observe(nobody=outcome(host, 'nobody.test'))\n";
    let observation = run(&with_peers(Vec::new(), body));
    for (name, address) in [("peer", "192.168.50.66"), ("board", "192.168.50.10")] {
        assert_eq!(value(&observation, name), Value::Text(address.to_owned()));
    }
    assert!(matches!(value(&observation, "nobody"), Value::Raised(_)));
}

#[test]
fn a_raw_socket_pings_the_peer() {
    // An echo request without data: type 8, checksum 0xf7fd, id 1, number 1.
    let body = "s = socket.socket(2, 3, 1)\ns.settimeout(2)\n\
                s.sendto(bytes([8, 0, 0xf7, 0xfd, 0, 1, 0, 1]), ('192.168.50.66', 0))\n\
                packet, who = s.recvfrom(99)\nobserve(kind=packet[20], who=who[0])\n";
    let observation = run(&with_peers(Vec::new(), body));
    assert_eq!(value(&observation, "kind"), Value::Int(0));
    let peer = Value::Text("192.168.50.66".to_owned());
    assert_eq!(value(&observation, "who"), peer);
}

#[test]
fn documented_ports_are_the_peers_and_the_targets_own() {
    let body = "l = socket.socket()\nl.bind(('0.0.0.0', port))\nl.listen(1)\n\
                l.accept()\nobserve(port=port, peer=caller)\n";
    let peers = vec![
        Peer {
            name: "caller".to_owned(),
            script: vec![Step::Listen],
        },
        Peer {
            name: "visitor".to_owned(),
            script: vec![Step::Connect {
                to: TargetPort::First,
                name: None,
            }],
        },
    ];
    let simulation = Simulation {
        documented: DocumentedPorts {
            peer: Some(5000),
            target: Some(3160),
        },
        ..Simulation::default()
    };
    let observation = run(&Scenario {
        simulation,
        ..with_peers(peers, body)
    });
    assert_eq!(value(&observation, "port"), Value::Int(3160));
    let host = Value::Text("192.168.50.66".to_owned());
    let address = Value::Tuple(vec![host, Value::Int(5000)]);
    assert_eq!(value(&observation, "peer"), address);
}

#[test]
fn a_closed_stream_still_arrives_whole_on_a_bad_network() {
    let body = "s = socket.socket()\ns.connect(peer)\ns.sendall(b'0123456789' * 2000)\ns.close()\n";
    let bad = || {
        network(&[
            ("loss", "20%"),
            ("duplicate", "20%"),
            ("corrupt", "10%"),
            ("reorder", "20%"),
        ])
    };
    simulated(async |session| {
        for seed in 0..50 {
            let scenario = with_peers(peer(vec![Step::Listen, ACCEPT, receive_all()]), body);
            let observation = observed(session, &on(bad(), seed, scenario)).await;
            finished(&observation);
            let got = observation.peers[0].values.get("got");
            let sent = Value::Bytes(b"0123456789".repeat(2000));
            assert_eq!(got, Some(&sent), "seed {seed}: {:?}", observation.peers);
        }
    });
}

/// Longer than peers have for themselves after a program, on a network on which they were waited for.
#[test]
fn a_pause_of_a_script_is_not_cut_short_by_the_programs_end() {
    let script = vec![
        Step::Listen,
        ACCEPT,
        Step::ReceiveBytes {
            count: 1,
            name: None,
        },
        Step::Pause(Duration::from_secs(1500)),
        receive_all(),
    ];
    let body = "s = socket.socket()\ns.connect(peer)\ns.sendall(b'hello')\n";
    let scenario = with_peers(peer(script), body);
    let observation = run(&on(network(&[("latency", "1s")]), 1, scenario));
    finished(&observation);
    let got = &observation.peers[0].values["got"];
    assert_eq!(got, &Value::Bytes(b"ello".to_vec()));
}

#[test]
fn packets_are_kept_where_they_are_asked_for() {
    let kept = |capture| {
        let simulation = Simulation {
            capture,
            ..Simulation::default()
        };
        run(&Scenario {
            simulation,
            ..chatter()
        })
        .capture
    };
    assert_eq!(kept(false), None);
    let capture = kept(true).expect("it was asked for");
    // The data alone take 14 packets.
    assert!(capture.len() > 20, "{}", capture.len());
}
