//! Owns the claims that hold on every interpreter with a raw REPL.

use std::time::Duration;

use trueline_adapters::OpenTarget;
use trueline_adapters::observation::Ending;
use trueline_adapters::scenario::{Peer, Piece, Program, Scenario, Step};
use trueline_adapters::session::{Session, Submission};
use trueline_spec::literal;
use trueline_spec::pack::TargetPort;
use trueline_spec::value::Value;

use crate::bench::{block_on, has_file, has_part, observed, opened, program, with_peers};

/// Real MicroPython takes an address only as `getaddrinfo` gives it.
pub const ADDRESS: &str = "def address(a): return socket.getaddrinfo(a[0], a[1])[0][-1]\n";

/// A target, its name for itself, and how programs are sent to it.
struct Part {
    url: &'static str,
    program: &'static str,
    implementation: &'static str,
    submission: Option<Submission>,
}

const MICROPYTHON: Part = Part {
    url: "exec:micropython",
    program: "micropython",
    implementation: "micropython",
    submission: Some(Submission::RawPaste),
};
const CPYTHON: Part = Part {
    url: "cpython:",
    program: "python3",
    implementation: "cpython",
    submission: Some(Submission::Plain),
};

/// Every interpreter that is here.
pub fn everywhere(claim: impl AsyncFn(&mut OpenTarget)) {
    for part in [&MICROPYTHON, &CPYTHON] {
        if has_part(part.program) {
            block_on(async { claim(&mut opened(part.url).await).await });
        }
    }
    for own in ["agent:", "sim:"] {
        block_on(async { claim(&mut opened(own).await).await });
    }
}

#[test]
fn a_target_says_who_it_is() {
    for part in [&MICROPYTHON, &CPYTHON] {
        if !has_part(part.program) {
            continue;
        }
        block_on(async {
            let session = opened(part.url).await;
            let target = session.target();
            assert_eq!(target.implementation, part.implementation);
            assert!(
                target
                    .version
                    .starts_with(|first: char| first.is_ascii_digit())
            );
            assert_eq!(target.platform, "linux");
            assert_eq!(target.url, part.url);
            assert!(!target.machine.is_empty());
            assert!(target.build.contains(" 20"), "no day in {}", target.build);
            for name in ["socket", "sys", "gc"] {
                assert!(target.modules.iter().any(|module| module == name), "{name}");
            }
            let counts_memory = part.implementation == "micropython";
            assert_eq!(target.free_memory.is_some(), counts_memory);
            if let Some(submission) = part.submission {
                assert_eq!(target.submission, submission);
            }
        });
    }
}

#[test]
fn values_arrive_as_they_were_observed() {
    let body = r"
class Thing:
 def __str__(self): return 'a\nthing'
observe(a=None, b=True, c=-12, d=0.5, e='t\n\x04\x7f\u20ac\'', f=b'\x00\x04\xff\'')
observe(g=bytearray(b'\x04'), h=memoryview(b'ab'), i=[1, [2]], j=(), k=(1,), l={'x': (2, 3)})
observe(m=Thing(), n=float('inf'))
";
    everywhere(async |session| {
        let observation = observed(session, &program(body)).await;
        assert_eq!(observation.ending, Ending::Finished);
        assert_eq!(observation.stdout, "");
        let expected = [
            ("a", "None"),
            ("b", "True"),
            ("c", "-12"),
            ("d", "0.5"),
            ("e", r"'t\n\x04\x7f\u20ac\''"),
            ("f", r"b'\x00\x04\xff\''"),
            ("g", r"bytearray(b'\x04')"),
            ("h", "b'ab'"),
            ("i", "[1, [2]]"),
            ("j", "()"),
            ("k", "(1,)"),
            ("l", "{'x': (2, 3)}"),
            ("m", r"Object('Thing', 'a\nthing')"),
            ("n", "inf"),
        ];
        assert_eq!(observation.values.len(), expected.len());
        for (name, value) in expected {
            let value = literal::parse(value).expect("it is a literal");
            assert_eq!(observation.values[name], value);
        }
    });
}

#[test]
fn outcomes_let_a_program_go_on_after_an_exception() {
    let body = "
def fails(): raise OSError(110)
def gives(a, b): return [a, b]
observe(good=outcome(gives, 1, b'x'))
observe(bad=outcome(fails))
";
    everywhere(async |session| {
        let observation = observed(session, &program(body)).await;
        assert_eq!(observation.ending, Ending::Finished);
        assert_eq!(
            observation.values["good"].to_string(),
            "Returned([1, b'x'])"
        );
        let Value::Raised(exception) = &observation.values["bad"] else {
            panic!("{:?}", observation.values["bad"]);
        };
        assert!(exception.is("OSError") && exception.is("Exception"));
        assert_eq!(exception.errno, Some(110));
    });
}

#[test]
fn every_way_of_ending_is_told_apart() {
    everywhere(async |session| {
        for (body, kind) in [
            ("1 // 0", "ZeroDivisionError"),
            ("raise OSError(5)", "OSError"),
            ("import sys\nsys.exit()", "SystemExit"),
            ("raise KeyboardInterrupt", "KeyboardInterrupt"),
            ("1 +", "SyntaxError"),
            ("nothing", "NameError"),
        ] {
            let observation = observed(session, &program(body)).await;
            let Ending::Raised(exception) = observation.ending else {
                panic!("{body}: {:?}", observation.ending);
            };
            assert_eq!(exception.kind, kind);
        }
        let observation = observed(session, &program("x = 1")).await;
        assert_eq!(observation.ending, Ending::Finished);
        assert_eq!(observation.program, "x = 1");
        let is_on_a_line = session.target().submission != Submission::Direct;
        assert_eq!(observation.wire_bytes > 20, is_on_a_line);
    });
}

#[test]
fn what_is_printed_is_kept_apart_from_what_is_observed() {
    let body = "print('one')\nprint('two', end='')\nobserve(a=1)\nprint('a\\x04b\\x04')\n";
    everywhere(async |session| {
        let observation = observed(session, &program(body)).await;
        assert_eq!(observation.stdout, "one\ntwoa\u{4}b\u{4}\n");
        assert_eq!(observation.values["a"], Value::Int(1));
    });
}

#[test]
fn a_program_starts_without_the_names_of_another() {
    everywhere(async |session| {
        observed(session, &program("left = 1")).await;
        let observation = observed(session, &program("observe(name=__name__)\nleft")).await;
        assert_eq!(observation.values["name"].to_string(), "'__main__'");
        assert!(matches!(observation.ending, Ending::Raised(error) if error.kind == "NameError"));
    });
}

#[test]
fn what_a_program_leaves_is_closed() {
    let leaves = "
class Leak:
 def close(self): print('closed')
class Trap:
 def close(self): raise OSError(9)
a = Trap()
b = Leak()
c = [Leak(), (Leak(),)]
d = outcome(Leak)
";
    everywhere(async |session| {
        let observation = observed(session, &program(leaves)).await;
        assert_eq!(observation.stdout, "closed\n".repeat(3));
        assert_eq!(observation.ending, Ending::Finished);
    });
}

#[test]
fn a_program_beyond_its_deadline_is_interrupted_and_the_next_one_runs() {
    let spin = Scenario {
        deadline: Duration::from_millis(100),
        ..program("observe(begun=1)\nwhile True: pass")
    };
    let blocked = Scenario {
        deadline: Duration::from_millis(100),
        ..with_peers(
            Vec::new(),
            "s = socket.socket()\ns.bind(socket.getaddrinfo('127.0.0.1', 0)[0][-1])\ns.listen(1)\ns.accept()",
        )
    };
    everywhere(async |session| {
        for scenario in [&spin, &blocked, &spin] {
            let observation = observed(session, scenario).await;
            assert_eq!(observation.ending, Ending::Interrupted, "{observation:?}");
            assert!(observation.elapsed.most() >= scenario.deadline);
            let next = observed(session, &program("observe(a=1)")).await;
            assert_eq!(next.ending, Ending::Finished);
            assert_eq!(next.values["a"], Value::Int(1));
        }
    });
}

#[test]
fn long_programs_arrive_whole() {
    let text: String = ('!'..='~').cycle().take(6000).collect();
    let literal = trueline_spec::value::text_literal(&text);
    everywhere(async |session| {
        let body = format!("observe(text={literal})");
        let observation = observed(session, &program(&body)).await;
        assert_eq!(observation.values["text"], Value::Text(text.clone()));
    });
}

#[test]
fn a_target_exchanges_bytes_with_a_listening_peer() {
    let peer = Peer {
        name: "peer".to_owned(),
        script: vec![
            Step::Listen,
            Step::Accept {
                name: Some("who".to_owned()),
            },
            Step::Send(b"hello".to_vec()),
            Step::ReceiveUntilEof {
                name: Some("heard".to_owned()),
            },
        ],
    };
    let body = format!(
        "{ADDRESS}s = socket.socket()\ns.connect(address(peer))\nobserve(got=s.recv(5))\ns.send(b'bye')\n"
    );
    let scenario = with_peers(vec![peer], &body);
    everywhere(async |session| {
        for _ in 0..20 {
            let observation = observed(session, &scenario).await;
            assert_eq!(
                observation.ending,
                Ending::Finished,
                "{}",
                observation.stdout
            );
            assert_eq!(observation.values["got"], Value::Bytes(b"hello".to_vec()));
            let log = &observation.peers[0];
            assert_eq!((log.finished, &log.stopped), (4, &None));
            assert_eq!(log.values["heard"], Value::Bytes(b"bye".to_vec()));
            assert!(log.values.contains_key("who"));
        }
    });
}

#[test]
fn a_peer_connects_to_the_port_that_the_target_was_given() {
    let peer = Peer {
        name: "visitor".to_owned(),
        script: vec![
            Step::Connect {
                to: TargetPort::First,
                name: None,
            },
            Step::Send(b"x".to_vec()),
            Step::ReceiveBytes {
                count: 2,
                name: Some("answer".to_owned()),
            },
            Step::Close,
        ],
    };
    let body = format!(
        "{ADDRESS}s = socket.socket()\ns.bind(address(('0.0.0.0', port)))\ns.listen(1)\n\
         c = s.accept()[0]\nobserve(port=port, got=c.recv(1))\nc.send(b'ok')\n"
    );
    let scenario = with_peers(vec![peer], &body);
    everywhere(async |session| {
        let observation = observed(session, &scenario).await;
        assert_eq!(observation.ending, Ending::Finished);
        assert_eq!(observation.values["got"], Value::Bytes(b"x".to_vec()));
        assert_eq!(
            observation.peers[0].values["answer"],
            Value::Bytes(b"ok".to_vec())
        );
        assert!(
            observation
                .program
                .contains(&format!("port = {}\n", observation.values["port"]))
        );
    });
}

#[test]
fn the_places_of_a_documented_program_are_filled() {
    let scenario = Scenario {
        program: Program::Verbatim(vec![
            Piece::Text("print('".to_owned()),
            Piece::PeerAddress("peer".to_owned()),
            Piece::Text("', ".to_owned()),
            Piece::PeerPort("peer".to_owned()),
            Piece::Text(")".to_owned()),
        ]),
        ..with_peers(
            vec![Peer {
                name: "peer".to_owned(),
                script: vec![Step::Listen],
            }],
            "",
        )
    };
    everywhere(async |session| {
        let observation = observed(session, &scenario).await;
        assert!(
            observation
                .stdout
                .starts_with(&format!("{} ", session.target().addresses.peer)),
            "{}",
            observation.stdout
        );
    });
}

#[test]
fn a_peer_that_nobody_comes_to_is_told_so() {
    let script = vec![Step::Listen, Step::Accept { name: None }];
    let scenario = with_peers(
        vec![Peer {
            name: "peer".to_owned(),
            script,
        }],
        "",
    );
    everywhere(async |session| {
        let observation = observed(session, &scenario).await;
        assert_eq!(observation.peers[0].finished, 1);
        assert!(observation.peers[0].stopped.is_some());
    });
}

#[test]
fn the_helper_is_put_on_the_target_again_when_it_is_gone() {
    everywhere(async |session| {
        let remove = "del observe.__globals__['_t']";
        assert_eq!(
            observed(session, &program(remove)).await.ending,
            Ending::Finished
        );
        // Where the line is not to be trusted, the session finds its way back by itself.
        if session.run(&program("")).await.is_err() {
            session
                .recover()
                .await
                .unwrap_or_else(|error| panic!("{error}"));
        }
        let observation = observed(session, &program("observe(a=1)")).await;
        assert_eq!(observation.values["a"], Value::Int(1));
    });
}

#[test]
fn many_programs_run_after_each_other() {
    everywhere(async |session| {
        for number in 0..500 {
            let observation = observed(session, &program(&format!("observe(n={number})"))).await;
            assert_eq!(observation.values["n"], Value::Int(number));
        }
    });
}

/// Old firmware on an emulated board with 16 kB of memory, behind a serial line that has no flow
/// control.
#[test]
fn a_board_without_raw_paste_runs_programs() {
    const FIRMWARE: &str = "/usr/share/firmware-microbit-micropython/firmware.hex";
    if !has_part("qemu-system-arm") || !has_file(FIRMWARE) {
        return;
    }
    let url = format!(
        "exec:qemu-system-arm -M microbit -device loader,file={FIRMWARE} -display none \
         -monitor none -serial stdio"
    );
    block_on(async {
        let mut session = opened(&url).await;
        let target = session.target();
        assert_eq!(target.submission, Submission::Plain);
        assert_eq!(
            (target.implementation.as_str(), target.version.as_str()),
            ("micropython", "1.9.2")
        );
        assert!(target.machine.contains("micro:bit"), "{}", target.machine);
        assert!(target.build.contains("v1.9.2"), "{}", target.build);
        assert!(target.modules.is_empty(), "{:?}", target.modules);
        let free = target.free_memory.expect("its collector counts");
        assert!((2_000..16_000).contains(&free), "{free} bytes");
        for number in 0..5 {
            let body = format!("print('x' * 300)\nobserve(n=[{number}])\n1 // 0");
            let observation = observed(&mut session, &program(&body)).await;
            assert_eq!(
                observation.values["n"],
                Value::List(vec![Value::Int(number)])
            );
            assert_eq!(observation.stdout, format!("{}\n", "x".repeat(300)));
            let Ending::Raised(exception) = observation.ending else {
                panic!("{:?}", observation.ending);
            };
            assert_eq!(exception.kind, "ZeroDivisionError");
        }
        let imports = observed(&mut session, &program("import usocket")).await;
        assert!(matches!(imports.ending, Ending::Raised(error) if error.kind == "ImportError"));
        let spin = Scenario {
            deadline: Duration::from_millis(300),
            ..program("while True: pass")
        };
        assert_eq!(
            observed(&mut session, &spin).await.ending,
            Ending::Interrupted
        );
        assert_eq!(
            observed(&mut session, &program("")).await.ending,
            Ending::Finished
        );
    });
}
