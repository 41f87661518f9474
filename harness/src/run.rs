//! Owns the running of clauses on one session: each case staged, run and judged, what fails run
//! again and shrunk, a sick target brought back or given up. Does not open targets, and writes
//! nothing down: what happened goes to whoever assembles it. `case` runs one case, `deviation`
//! a clause again that passed though it should not.

mod case;
mod deviation;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use trueline_adapters::error::BenchError;
use trueline_adapters::observation::Capture;
use trueline_adapters::session::{Clock, LineUse, Session, Way};
use trueline_adapters::wifi::Wifi;
use trueline_reports::record::{CaseTiming, Reason, Verdict};
use trueline_spec::pack::{Capability, Check};

use crate::attempt::Tried;
use crate::cases::{Cases, Given};
use crate::history::History;
use crate::judge::{Bindings, Judge, Judgement};
use crate::plan::{Plan, PlannedCase, PlannedClause};
use crate::stop::Stop;
use crate::undecided::Undecided;

/// Cases that are handed over at once: most of what a small case costs is waiting for each other.
const AT_ONCE: usize = 64;
/// Time that shrinking may take in a run on a real clock. A target on which nearly everything
/// fails is not better understood by a smallest input for each failure.
const SHRINK_TIME_IN_ALL: Duration = Duration::from_secs(20);
/// Time that running failures again may take in a run on a real clock, for the same reason.
const CONFIRM_TIME_IN_ALL: Duration = Duration::from_secs(20);
/// Cases of a clause that come to nothing before its others are left.
const LEFT_AFTER: u32 = 3;
/// Time that lost targets may take in a run on a real clock, bringing them back included.
const LOST_TIME_IN_ALL: Duration = Duration::from_secs(300);
/// Time that programs which have to be interrupted may take on a real clock.
const HANGING_TIME_IN_ALL: Duration = Duration::from_secs(180);
/// What a clause of which no program has to be interrupted gives back of that time: about what one
/// takes of which a program has to. So a target is given up that hangs in most of its clauses.
const HANGING_TIME_GIVEN_BACK: Duration = Duration::from_secs(5);

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
    cases: Cases<'r>,
    session: S,
    stop: Stop,
    /// How often a failure is run again.
    retries: u32,
    /// What ran since the target was started.
    history: History<'r>,
    /// What may still be spent; `None` on a virtual clock, where findings are made on several
    /// targets at once, and what one takes must not depend on the others.
    left: Option<TimeLeft>,
}

/// Time on a real clock that may still be spent.
struct TimeLeft {
    shrinking: Duration,
    confirming: Duration,
    lost: Duration,
    hanging: Duration,
}

/// What came of one case.
enum Ran {
    Judged(Judged),
    Broke(BenchError),
}

struct Judged {
    verdict: Verdict,
    timing: CaseTiming,
    capture: Option<Capture>,
    refuted_by: Option<Bindings>,
    /// Whether the program had to be interrupted.
    hung: bool,
    /// Whether the target was lost, or what it said came to nothing.
    broke: bool,
    /// Whether the target has to be brought back.
    is_sick: bool,
}

impl Judged {
    /// A verdict without an observation.
    fn without_run(verdict: Verdict) -> Judged {
        Judged {
            verdict,
            timing: NO_TIME,
            capture: None,
            refuted_by: None,
            hung: false,
            broke: false,
            is_sick: false,
        }
    }
}

impl<'r, S: Session> Runner<'r, S> {
    /// Runs clauses of the plan on the session, in the reach of `wifi`, until `stop`; keeps packets
    /// if `capture`, and runs what fails again so often.
    pub fn new(
        plan: &'r Plan<'r>,
        session: S,
        wifi: Option<&'r Wifi>,
        stop: Stop,
        capture: bool,
        retries: u32,
    ) -> Self {
        let left = (session.target().clock == Clock::Real).then_some(TimeLeft {
            shrinking: SHRINK_TIME_IN_ALL,
            confirming: CONFIRM_TIME_IN_ALL,
            lost: LOST_TIME_IN_ALL,
            hanging: HANGING_TIME_IN_ALL,
        });
        Self {
            cases: Cases {
                plan,
                wifi,
                judge: Judge::new(stop.clone()),
                capture,
            },
            session,
            stop,
            retries,
            history: History::default(),
            left,
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
        if planned.deviation.is_none() || self.retries == 0 {
            return self.run_clause(planned, halt, tell).await;
        }
        // That a known deviation is gone is told when it passes again.
        let mut events = Vec::new();
        let goes_on = self
            .run_clause(planned, halt, &mut |event| events.push(event))
            .await;
        if goes_on && events.len() == planned.cases.len() && events.iter().all(is_pass) {
            let stop = self.stop.clone();
            tokio::select! {
                biased;
                () = stop.requested() => {}
                () = self.pass_again(planned, &mut events) => {}
            }
        }
        events.into_iter().for_each(tell);
        goes_on
    }

    async fn run_clause(
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
        if self.session.target().clock == Clock::Virtual {
            self.history.forget();
        }
        let stop = self.stop.clone();
        let mut ahead = VecDeque::new();
        let mut together = true;
        let mut came_to_nothing = 0;
        for (index, case) in planned.cases.iter().enumerate() {
            let begun = Instant::now();
            let working = async {
                // The first one alone on a virtual clock: a handover costs little there, and where
                // it fails the others would have run for nothing.
                let is_joined = index > 0 || self.session.target().clock == Clock::Real;
                if ahead.is_empty() && together && is_joined {
                    match self.run_ahead(planned, &planned.cases[index..]).await {
                        Together::Ran(ran) => ahead = ran,
                        Together::Alone => together = false,
                        // Whose an error was shows when each is run alone, on a target that is
                        // at its place again.
                        Together::Broke => {
                            together = false;
                            if let Err(error) = self.recover().await {
                                return Ran::Broke(error);
                            }
                        }
                    }
                }
                self.run_case(planned, case, ahead.pop_front()).await
            };
            let ran = tokio::select! {
                biased;
                () = stop.requested() => None,
                ran = working => Some(ran),
            };
            // A case whose judging was given up for the stop has no verdict.
            let Some(ran) = ran.filter(|_| !stop.is_requested()) else {
                return ends(index, Reason::Interrupted, tell);
            };
            let judged = match ran {
                Ran::Judged(judged) => judged,
                Ran::Broke(error) => Judged {
                    broke: true,
                    is_sick: true,
                    ..Judged::without_run(Undecided::by_the_bench(error).into())
                },
            };
            let refuted = matches!(judged.verdict, Verdict::Fail { .. });
            let flaky = matches!(judged.verdict, Verdict::Flaky { .. });
            let undecided = matches!(judged.verdict, Verdict::Inconclusive { .. });
            came_to_nothing += u32::from(judged.broke || flaky || undecided);
            let (hung, broke) = (judged.hung, judged.broke);
            tell(Event::Case {
                index,
                verdict: judged.verdict,
                timing: judged.timing,
                capture: judged.capture,
                refuted_by: judged.refuted_by,
                // What the target does each time is a finding, whatever it does to the bench.
                broke: broke && !refuted,
            });
            if judged.is_sick && !self.brought_back(tell).await {
                return ends(index + 1, Reason::BenchLost, tell);
            }
            let spent = begun.elapsed();
            let share = HANGING_TIME_GIVEN_BACK / u32::try_from(planned.cases.len()).unwrap_or(1);
            if let Some(says) = self.has_lost_its_time(spent, hung, broke, share) {
                tell(Event::Note(says.to_owned()));
                return ends(index + 1, Reason::GivenUp, tell);
            }
            let because = match refuted {
                true => Reason::AlreadyRefuted,
                false if came_to_nothing >= LEFT_AFTER && !ahead.iter().any(Ahead::fails) => {
                    Reason::GivenUp
                }
                false if halt.load(Ordering::Relaxed) => return false,
                false => continue,
            };
            tell(Event::NotRun {
                from: index + 1,
                because,
            });
            return !halt.load(Ordering::Relaxed);
        }
        true
    }

    /// Why nothing more is to be run on a target that takes too much time for nothing; `spent` is
    /// what the last case took, `share` what it gives back if it did not hang.
    fn has_lost_its_time(
        &mut self,
        spent: Duration,
        hung: bool,
        broke: bool,
        share: Duration,
    ) -> Option<&'static str> {
        let left = self.left.as_mut()?;
        if broke {
            left.lost = left.lost.saturating_sub(spent);
        }
        left.hanging = match hung {
            true => left.hanging.saturating_sub(spent),
            false => (left.hanging + share).min(HANGING_TIME_IN_ALL),
        };
        if left.lost.is_zero() {
            Some(
                "The target was lost again and again, for five minutes in all; nothing more was \
                 tried.",
            )
        } else if left.hanging.is_zero() {
            Some(
                "Programs of most clauses had to be interrupted, for three minutes in all; nothing \
                 more was tried.",
            )
        } else {
            None
        }
    }

    fn missing(&self, planned: &PlannedClause<'_>) -> Option<Vec<Capability>> {
        let there = &self.session.target().capabilities;
        let missing: Vec<_> = planned.clause.needs.difference(there).copied().collect();
        (!missing.is_empty()).then_some(missing)
    }

    /// Brings the target back, and forgets what ran on it where it was started anew for that.
    async fn recover(&mut self) -> Result<Way, BenchError> {
        let way = self.session.recover().await?;
        if way != Way::Interrupt {
            self.history.forget();
        }
        Ok(way)
    }

    async fn brought_back(&mut self, tell: &mut impl FnMut(Event)) -> bool {
        let recovered = self.recover().await;
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
        let Ok(given) = self.cases.inputs_of_all(check, cases) else {
            return Together::Alone;
        };
        let Ok(scenarios) = self.cases.scenarios(check, cases, &given) else {
            return Together::Alone;
        };
        let Ok(observations) = self.session.run_all(&scenarios).await else {
            self.history.add(planned, cases);
            return Together::Broke;
        };
        self.history.add(planned, &cases[..observations.len()]);
        let tried = self.cases.judged(check, cases, &given, observations);
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
}

/// Nothing can be run any more, from that case on.
fn ends(from: usize, because: Reason, tell: &mut impl FnMut(Event)) -> bool {
    tell(Event::NotRun { from, because });
    tell(Event::End(because));
    false
}

fn is_pass(event: &Event) -> bool {
    matches!(
        event,
        Event::Case {
            verdict: Verdict::Pass,
            ..
        }
    )
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

impl Ahead {
    fn fails(&self) -> bool {
        matches!(self.tried.judgement, Judgement::Fail { .. })
    }
}

const NO_TIME: CaseTiming = CaseTiming {
    micros: 0,
    wire_bytes: 0,
    sent: 1,
    capture_sha256: None,
};
