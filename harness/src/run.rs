//! Owns the running of clauses on one session: each case staged, run and judged, failing inputs
//! shrunk, a sick target brought back. Does not open targets, and writes nothing down: what
//! happened goes to whoever assembles it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use trueline_adapters::error::BenchError;
use trueline_adapters::observation::Capture;
use trueline_adapters::session::{Clock, LineUse, Session};
use trueline_adapters::wifi::Wifi;
use trueline_reports::record::{CaseTiming, Reason, Verdict};
use trueline_spec::pack::{Capability, Check};

use crate::attempt::{Attempt, Failure, Smallest, Tried, draw_all, meets};
use crate::finding::finding;
use crate::generate::Inputs;
use crate::judge::{Bindings, Judge, Judgement, Seen};
use crate::plan::{Plan, PlannedCase, PlannedClause, PlannedInputs};
use crate::staging::{self, Circumstances};
use crate::stop::Stop;

/// Cases that are handed over at once: most of what a small case costs is waiting for each other.
const AT_ONCE: usize = 64;
/// Time that shrinking may take in a run on a real clock. A target on which nearly everything
/// fails is not better understood by a smallest input for each failure.
const SHRINK_TIME_IN_ALL: Duration = Duration::from_secs(20);

/// What happens while a clause is run, in the order in which it happens.
pub enum Event {
    /// A case came to its verdict.
    Case {
        /// Which of the clause's cases.
        index: usize,
        /// What came of it.
        verdict: Verdict,
        /// What differs between two runs.
        timing: CaseTiming,
        /// Its packets.
        capture: Option<Capture>,
        /// The inputs that refute the clause, to be tried first in the next run.
        refuted_by: Option<Bindings>,
        /// Whether it was the bench that broke, and not the pack that cannot be decided.
        broke: bool,
    },
    /// The cases from there on were not run.
    NotRun {
        /// The first of them.
        from: usize,
        /// Why.
        because: Reason,
    },
    /// Something happened to the bench.
    Note(String),
    /// Nothing can be run any more.
    End(Reason),
}

/// Runs clauses on a session, one after the other.
pub struct Runner<'r, S> {
    plan: &'r Plan<'r>,
    session: S,
    /// The wireless network in the stead of the document's.
    wifi: Option<&'r Wifi>,
    judge: Judge,
    stop: Stop,
    capture: bool,
    /// What shrinking may still take in all; `None`: as much as the findings take.
    shrinking: Option<Duration>,
}

/// What came of one case.
enum Ran {
    Judged(Judged),
    Broke(BenchError),
    Stopped,
}

struct Judged {
    verdict: Verdict,
    timing: CaseTiming,
    capture: Option<Capture>,
    refuted_by: Option<Bindings>,
}

impl<'r, S: Session> Runner<'r, S> {
    /// Runs clauses of the plan on the session, in the reach of `wifi`, until `stop`, and keeps
    /// packets if `capture`.
    pub fn new(
        plan: &'r Plan<'r>,
        session: S,
        wifi: Option<&'r Wifi>,
        stop: Stop,
        capture: bool,
    ) -> Self {
        // On a virtual clock findings are made on several targets at once, and what one takes must
        // not depend on the others.
        let shrinking = (session.target().clock == Clock::Real).then_some(SHRINK_TIME_IN_ALL);
        Self {
            plan,
            session,
            wifi,
            judge: Judge::default(),
            stop,
            capture,
            shrinking,
        }
    }

    /// How the session's line was used so far; `None` where it has no speed.
    pub fn line_use(&self) -> Option<LineUse> {
        self.session.line_use()
    }

    /// Runs the cases of one clause, unless it is told to halt; says whether anything can be run
    /// after it.
    pub async fn clause(
        &mut self,
        planned: &'r PlannedClause<'r>,
        halt: &AtomicBool,
        tell: &mut impl FnMut(Event),
    ) -> bool {
        if let Some(missing) = self.missing(planned) {
            not_applicable(planned, &missing, tell);
            return true;
        }
        if self.session.refresh().await.is_err() && !self.brought_back(tell).await {
            return ends(0, Reason::BenchLost, tell);
        }
        let stop = self.stop.clone();
        let mut ahead = VecDeque::new();
        let mut together = true;
        for (index, case) in planned.cases.iter().enumerate() {
            let working = async {
                if ahead.is_empty() && together {
                    match self.run_ahead(planned, &planned.cases[index..]).await {
                        Together::Ran(ran) => ahead = ran,
                        Together::Alone => together = false,
                        // Whose an error was shows when each is run alone, on a target that is
                        // at its place again.
                        Together::Broke => {
                            together = false;
                            if let Err(error) = self.session.recover().await {
                                return Ran::Broke(error);
                            }
                        }
                    }
                }
                self.run_case(planned, case, ahead.pop_front()).await
            };
            let ran = tokio::select! {
                biased;
                () = stop.requested() => Ran::Stopped,
                ran = working => ran,
            };
            match ran {
                Ran::Judged(judged) => {
                    let refuted = matches!(judged.verdict, Verdict::Fail { .. });
                    tell(Event::Case {
                        index,
                        verdict: judged.verdict,
                        timing: judged.timing,
                        capture: judged.capture,
                        refuted_by: judged.refuted_by,
                        broke: false,
                    });
                    if refuted {
                        tell(Event::NotRun {
                            from: index + 1,
                            because: Reason::AlreadyRefuted,
                        });
                        return true;
                    }
                }
                Ran::Broke(error) => {
                    let because = error.to_string();
                    tell(Event::Case {
                        index,
                        verdict: Verdict::Inconclusive { because },
                        timing: NO_TIME,
                        capture: None,
                        refuted_by: None,
                        broke: true,
                    });
                    if !self.brought_back(tell).await {
                        return ends(index + 1, Reason::BenchLost, tell);
                    }
                }
                Ran::Stopped => return ends(index, Reason::Interrupted, tell),
            }
            if halt.load(Ordering::Relaxed) {
                return false;
            }
        }
        true
    }

    fn missing(&self, planned: &PlannedClause<'_>) -> Option<Vec<Capability>> {
        let there = &self.session.target().capabilities;
        let missing: Vec<_> = planned.clause.needs.difference(there).copied().collect();
        (!missing.is_empty()).then_some(missing)
    }

    async fn brought_back(&mut self, tell: &mut impl FnMut(Event)) -> bool {
        let recovered = self.session.recover().await;
        tell(Event::Note(match &recovered {
            Ok(way) => format!("The target was brought back by {way} after an error."),
            Err(error) => format!("The target could not be brought back: {error}."),
        }));
        recovered.is_ok()
    }

    /// Runs as many of the next cases at once as can be.
    async fn run_ahead(
        &mut self,
        planned: &'r PlannedClause<'r>,
        cases: &'r [PlannedCase],
    ) -> Together {
        let check = &planned.clause.check;
        if cases.len() < 2 || !self.can_be_joined(check) {
            return Together::Alone;
        }
        let cases = &cases[..cases.len().min(AT_ONCE)];
        // What is wrong with the pack is said when the case is run alone.
        let Ok(given) = inputs_of_all(&self.judge, check, cases) else {
            return Together::Alone;
        };
        let attempts: Vec<_> = cases
            .iter()
            .map(|case| attempt(self.plan, self.wifi, &self.judge, self.capture, check, case))
            .collect();
        let staged: Vec<_> = attempts
            .iter()
            .zip(&given)
            .map(|(attempt, given)| (attempt.case, &given.now))
            .collect();
        let Ok(scenarios) = staging::scenarios(&staged, check, self.judge.interpreter()) else {
            return Together::Alone;
        };
        let Ok(observations) = self.session.run_all(&scenarios).await else {
            return Together::Broke;
        };
        let stdouts: Vec<_> = attempts
            .iter()
            .zip(&observations)
            .map(|(attempt, observation)| attempt.stdout(observation))
            .collect();
        let seen: Vec<_> = given
            .iter()
            .zip(&observations)
            .zip(&stdouts)
            .map(|((given, observation), stdout)| Seen {
                inputs: &given.now,
                stdout: stdout.as_deref(),
                observation,
            })
            .collect();
        let judgements = self.judge.judge_all(check, &seen);
        let tried = observations.into_iter().zip(judgements);
        let tried = tried.map(|(observation, judgement)| Tried {
            observation,
            judgement,
        });
        let ahead = given.into_iter().zip(tried);
        Together::Ran(ahead.map(|(given, tried)| Ahead { given, tried }).collect())
    }

    /// Whether cases of the check can be run at once. On a virtual clock each has a world of its
    /// own.
    fn can_be_joined(&self, check: &Check) -> bool {
        let mut says = check.expect.holds.iter();
        let is_about_output =
            check.expect.stdout.is_some() || says.any(|says| says.text.contains("stdout"));
        self.session.target().clock == Clock::Virtual
            || check.peers.is_empty() && check.waits.is_zero() && !is_about_output
    }

    async fn run_case(
        &mut self,
        planned: &'r PlannedClause<'r>,
        case: &'r PlannedCase,
        ahead: Option<Ahead>,
    ) -> Ran {
        let check = &planned.clause.check;
        let attempt = attempt(self.plan, self.wifi, &self.judge, self.capture, check, case);
        let (given, mut tried) = match ahead {
            Some(Ahead { given, tried }) => (given, tried),
            None => {
                let given = match inputs(&self.judge, check, case) {
                    Ok(given) => given,
                    Err(because) => return undecided(because),
                };
                match attempt.run(&mut self.session, &given.now).await {
                    Ok(Ok(tried)) => (given, tried),
                    Ok(Err(because)) => return undecided(because),
                    Err(error) => return Ran::Broke(error),
                }
            }
        };
        let timing = CaseTiming {
            micros: u64::try_from(tried.observation.elapsed.most().as_micros()).unwrap_or(u64::MAX),
            wire_bytes: tried.observation.wire_bytes,
            sent: tried.observation.sent,
        };
        let capture = tried.observation.capture.take();
        let mut judged = Judged {
            verdict: Verdict::Pass,
            timing,
            capture,
            refuted_by: None,
        };
        match tried.judgement {
            Judgement::Pass => {}
            Judgement::Inconclusive { because } => {
                judged.verdict = Verdict::Inconclusive { because };
            }
            Judgement::Fail { expected, observed } => {
                let failure = Failure {
                    observation: tried.observation,
                    expected,
                    observed,
                };
                let first = given.now.clone();
                let mut smallest = Smallest {
                    failure,
                    inputs: given.now,
                    runs: 0,
                };
                if let Some(mut drawn) = given.drawn {
                    let budget = self.shrinking.as_mut();
                    smallest = attempt
                        .shrink(&mut self.session, &mut drawn, smallest, budget)
                        .await;
                }
                let smaller = smallest.failure.observation.capture.take();
                judged.capture = smaller.or(judged.capture);
                judged.refuted_by = Some(smallest.inputs.clone());
                judged.verdict = Verdict::Fail {
                    finding: Box::new(finding(smallest, &first)),
                };
            }
        }
        Ran::Judged(judged)
    }
}

/// Nothing can be run any more, from that case on.
fn ends(from: usize, because: Reason, tell: &mut impl FnMut(Event)) -> bool {
    tell(Event::NotRun { from, because });
    tell(Event::End(because));
    false
}

/// What tries a case.
fn attempt<'c>(
    plan: &'c Plan<'c>,
    wifi: Option<&'c Wifi>,
    judge: &'c Judge,
    capture: bool,
    check: &'c Check,
    case: &'c PlannedCase,
) -> Attempt<'c> {
    Attempt {
        case: Circumstances {
            name: &case.id,
            module: &plan.pack.module,
            seed: case.seed,
            capture,
            wifi,
        },
        judge,
        check,
    }
}

fn not_applicable(
    planned: &PlannedClause<'_>,
    missing: &[Capability],
    tell: &mut impl FnMut(Event),
) {
    let missing: Vec<_> = missing.iter().map(Capability::to_string).collect();
    for index in 0..planned.cases.len() {
        tell(Event::Case {
            index,
            verdict: Verdict::NotApplicable {
                missing: missing.clone(),
            },
            timing: NO_TIME,
            capture: None,
            refuted_by: None,
            broke: false,
        });
    }
}

/// The inputs of a case, and how to make them simpler where that can be done.
struct Given {
    drawn: Option<Inputs>,
    now: Bindings,
}

/// What came of running several cases at once.
enum Together {
    /// They ran.
    Ran(VecDeque<Ahead>),
    /// Each case of the clause has to be run alone.
    Alone,
    /// Something went wrong with one of them, and nothing is known of the others.
    Broke,
}

/// A case that ran with others, before its turn to be judged.
struct Ahead {
    given: Given,
    tried: Tried,
}

fn inputs(judge: &Judge, check: &Check, case: &PlannedCase) -> Result<Given, String> {
    let given = inputs_of_all(judge, check, std::slice::from_ref(case))?.pop();
    given.ok_or_else(|| "nothing was drawn".to_owned())
}

fn inputs_of_all(
    judge: &Judge,
    check: &Check,
    cases: &[PlannedCase],
) -> Result<Vec<Given>, String> {
    let seeds: Vec<_> = cases
        .iter()
        .filter_map(|case| match &case.inputs {
            PlannedInputs::Drawn(seed) => Some(*seed),
            PlannedInputs::None | PlannedInputs::Recorded(_) => None,
        })
        .collect();
    let mut drawn = draw_all(judge, check, &seeds)?.into_iter();
    cases
        .iter()
        .map(|case| {
            Ok(match &case.inputs {
                PlannedInputs::None => Given {
                    drawn: None,
                    now: Bindings::new(),
                },
                PlannedInputs::Recorded(inputs) if !meets(judge, check, inputs)? => {
                    return Err(
                        "the inputs that failed in an earlier run do not meet `assume` \
                                any more; remove them from regressions.yaml"
                            .to_owned(),
                    );
                }
                PlannedInputs::Recorded(inputs) => Given {
                    drawn: None,
                    now: inputs.clone(),
                },
                PlannedInputs::Drawn(_) => {
                    let drawn = drawn.next().ok_or("nothing was drawn")?;
                    Given {
                        now: drawn.current(),
                        drawn: Some(drawn),
                    }
                }
            })
        })
        .collect()
}

fn undecided(because: String) -> Ran {
    Ran::Judged(Judged {
        verdict: Verdict::Inconclusive { because },
        timing: NO_TIME,
        capture: None,
        refuted_by: None,
    })
}

const NO_TIME: CaseTiming = CaseTiming {
    micros: 0,
    wire_bytes: 0,
    sent: 1,
};
