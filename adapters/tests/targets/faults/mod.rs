//! Owns the claim that no line fault makes a wrong observation: whatever is wrong with the line,
//! what a session says of a program is what that program does, or that the bench broke; and every
//! scenario ends by itself. `line` is the line.
//!
//! `TRUELINE_FAULT_CASES` says how many scenarios are run with each fault, `TRUELINE_SEED` where the
//! faults are.

mod line;

use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use trueline_adapters::observation::{Ending, Observation};
use trueline_adapters::open_with;
use trueline_adapters::patience::Patience;
use trueline_adapters::scenario::{Judged, Peer, Scenario, Step};
use trueline_adapters::session::Session as _;
use trueline_adapters::target::Target;

use self::line::{Board, Fault, FaultyLine};
use crate::bench::{block_on, has_part, program, with_peers};

/// Nobody waits long here for what does not come.
const PATIENCE: Patience = Patience {
    start: Duration::from_secs(3),
    answer: Duration::from_millis(400),
    away: Duration::from_secs(5),
    peers: Duration::from_millis(100),
};
/// Scenarios that are sent at once.
const AT_ONCE: usize = 16;

/// A scenario, and what has to be observed in it.
struct Known {
    scenario: Scenario,
    holds: Box<dyn Fn(&Observation) -> bool>,
}

fn from_environment(name: &str, default: u64) -> u64 {
    let value = std::env::var(name).ok();
    value.map_or(default, |value| value.parse().expect("it is a number"))
}

fn finished(observation: &Observation, values: &[(&str, String)]) -> bool {
    observation.ending == Ending::Finished
        && observation.values.len() == values.len()
        && values
            .iter()
            .all(|(name, value)| observation.values[*name].to_string() == *value)
}

/// A scenario of one of the sorts that there are; most can be sent together.
fn known(random: &mut ChaCha8Rng, number: u64) -> Known {
    let n = random.next_u32();
    let word: String = (0..n % 40)
        .map(|_| char::from(b'a' + (random.next_u32() % 26) as u8))
        .collect();
    match number % 400 {
        0 => Known {
            scenario: Scenario {
                deadline: Duration::from_millis(200),
                ..program("observe(before=1)\nwhile True: pass")
            },
            holds: Box::new(|seen| {
                seen.ending == Ending::Interrupted && seen.values["before"].to_string() == "1"
            }),
        },
        1..=4 => Known {
            scenario: Scenario {
                judged: Judged {
                    elapsed: true,
                    output: false,
                },
                ..program("import time\ntime.sleep_ms(60)")
            },
            // The line holds back for longer than this.
            holds: Box::new(|seen| {
                let millis = seen.elapsed.most().as_millis();
                seen.ending == Ending::Finished && (50..900).contains(&millis)
            }),
        },
        5..=10 => Known {
            scenario: Scenario {
                input: vec![word.clone()],
                ..program("observe(got=input())")
            },
            holds: Box::new(move |seen| finished(seen, &[("got", format!("'{word}'"))])),
        },
        11..=40 => {
            let peer = Peer {
                name: "peer".to_owned(),
                script: vec![
                    Step::Listen,
                    Step::Accept { name: None },
                    Step::Send(word.clone().into_bytes()),
                    Step::ReceiveUntilEof {
                        name: Some("back".to_owned()),
                    },
                ],
            };
            let size = word.len();
            let body = format!(
                "s = socket.socket()\n\
                 s.connect(socket.getaddrinfo(peer[0], peer[1])[0][-1])\nd = b''\n\
                 while len(d) < {size}: d += s.recv(100)\nobserve(d=d)\ns.sendall(d)\ns.close()"
            );
            let sent = format!("b'{word}'");
            Known {
                scenario: with_peers(vec![peer], &body),
                holds: Box::new(move |seen| {
                    finished(seen, &[("d", sent.clone())])
                        && seen.peers[0].values["back"].to_string() == sent
                }),
            }
        }
        41..=70 => Known {
            scenario: Scenario {
                judged: Judged {
                    elapsed: false,
                    output: true,
                },
                ..program(&format!("print('{word}', end='\\x04')\nprint({n})"))
            },
            holds: Box::new(move |seen| {
                finished(seen, &[]) && seen.stdout == format!("{word}\u{4}{n}\n")
            }),
        },
        71..=100 => Known {
            scenario: program(&format!("observe(n={n})\nraise OSError({n})")),
            holds: Box::new(move |seen| {
                let Ending::Raised(exception) = &seen.ending else {
                    return false;
                };
                exception.kind == "OSError"
                    && exception.errno == Some(i64::from(n))
                    && seen.values["n"].to_string() == n.to_string()
            }),
        },
        _ => Known {
            scenario: program(&format!("n = {n}\nobserve(n=[n, n + 1], word='{word}')")),
            holds: Box::new(move |seen| {
                let next = u64::from(n) + 1;
                finished(
                    seen,
                    &[
                        ("n", format!("[{n}, {next}]")),
                        ("word", format!("'{word}'")),
                    ],
                )
            }),
        },
    }
}

/// What became of the scenarios with a fault.
#[derive(Debug, Default)]
struct Became {
    right: usize,
    broken: usize,
    sent_again: usize,
}

/// Runs scenarios over a line with a fault once in `every` bytes; everything that is observed has
/// to be right.
fn held_against(fault: Fault, every: u32) {
    held_on(Board::Agent, fault, every);
}

fn held_on(board: Board, fault: Fault, every: u32) {
    let seed = from_environment("TRUELINE_SEED", 1);
    let cases = from_environment("TRUELINE_FAULT_CASES", 200);
    let line = FaultyLine::new(board, fault, every, seed);
    let target: Target = line.url().parse().expect("it is a URL");
    let touch = ["touch".to_owned(), line.switch().display().to_string()];
    let target = target.reset_by(touch.to_vec());
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut became = Became::default();
    block_on(async {
        let mut session = loop {
            // The line is bad from the beginning.
            match open_with(&target, seed, PATIENCE, &|_| ()).await {
                Ok(session) => break session,
                Err(error) => eprintln!("{fault:?}: {error}"),
            }
        };
        let mut number = 0;
        while number < cases {
            let mut together: Vec<_> = Vec::new();
            while together.len() < AT_ONCE && number < cases {
                let known = known(&mut random, number);
                number += 1;
                let needs_interrupt = known.scenario.deadline < Duration::from_secs(1);
                if board == Board::Agent || !needs_interrupt {
                    together.push(known);
                }
            }
            let scenarios: Vec<_> = together
                .iter()
                .map(|known| known.scenario.clone())
                .collect();
            let observed = session.run_all(&scenarios).await;
            let observed: Vec<_> = match observed {
                Ok(observed) => observed.into_iter().map(Ok).collect(),
                Err(_) => {
                    let mut alone = Vec::new();
                    for scenario in &scenarios {
                        let observed = session.run(scenario).await;
                        if observed.is_err() {
                            session.recover().await.ok();
                        }
                        alone.push(observed);
                    }
                    alone
                }
            };
            for (known, observed) in together.iter().zip(observed) {
                match observed {
                    Ok(seen) => {
                        assert!((known.holds)(&seen), "{fault:?}, seed {seed}: {seen:#?}");
                        became.right += 1;
                        became.sent_again += usize::from(seen.sent > 1);
                    }
                    Err(error) => {
                        eprintln!("{fault:?}: {error}");
                        became.broken += 1;
                    }
                }
            }
        }
    });
    let struck = line.struck();
    println!("{board:?}, {fault:?} {struck} times, once in {every} bytes, seed {seed}: {became:?}");
    assert!(struck > 0, "the fault never came");
    assert!(became.right > became.broken, "{became:?}");
}

#[test]
fn lost_bytes_make_no_wrong_observation() {
    held_against(Fault::Lost, 3000);
}

#[test]
fn changed_bytes_make_no_wrong_observation() {
    held_against(Fault::Changed, 3000);
}

#[test]
fn doubled_bytes_make_no_wrong_observation() {
    held_against(Fault::Doubled, 3000);
}

#[test]
fn a_line_that_holds_back_makes_no_wrong_observation() {
    held_against(Fault::Held, 4000);
}

#[test]
fn a_line_that_falls_silent_makes_no_wrong_observation() {
    held_against(Fault::Silent, 4000);
}

#[test]
fn output_without_end_makes_no_wrong_observation() {
    held_against(Fault::Endless, 4000);
}

#[test]
fn a_board_that_starts_anew_makes_no_wrong_observation() {
    held_against(Fault::Reset, 4000);
}

#[test]
fn a_board_that_leaves_its_raw_repl_makes_no_wrong_observation() {
    held_against(Fault::Friendly, 3000);
}

#[test]
fn a_line_that_goes_away_makes_no_wrong_observation() {
    held_against(Fault::Gone, 4000);
}

#[test]
fn a_dead_board_is_brought_back_by_the_reset_command() {
    held_against(Fault::Dead, 10_000);
}

#[test]
fn a_slow_line_makes_no_wrong_observation() {
    held_against(Fault::Slow, u32::MAX);
}

#[test]
fn a_real_micropython_makes_no_wrong_observation_behind_a_bad_line() {
    if !has_part("socat") || !has_part("micropython") {
        return;
    }
    for fault in [Fault::Lost, Fault::Changed, Fault::Doubled] {
        held_on(Board::MicroPython, fault, 3000);
    }
    for fault in [Fault::Silent, Fault::Reset] {
        held_on(Board::MicroPython, fault, 4000);
    }
}
