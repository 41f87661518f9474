//! Owns the way of one case to its verdict: run, judged, run again and shrunk where it fails. Which
//! cases there are, and what comes after a lost target, is the business of [`super`].

use std::time::Instant;

use trueline_adapters::error::BenchError;
use trueline_adapters::observation::Ending;
use trueline_adapters::session::Session;
use trueline_reports::record::{CaseTiming, Verdict};

use super::{Ahead, Judged, Ran, Runner};
use crate::attempt::{Budget, Failure, Smallest, Tried};
use crate::cases::Given;
use crate::confirmation::{Confirmation, Confirmed};
use crate::finding::{Standing, finding, finding_of_a_loss};
use crate::generate::Inputs;
use crate::judge::{Bindings, Judgement};
use crate::loss::{Loss, is_sound};
use crate::plan::{PlannedCase, PlannedClause};
use crate::undecided::Undecided;

/// Programs that shrinking a finding may run at the least on a virtual clock, and as many as its clause
/// has cases where these are more: so a run in which everything fails takes no more than three times
/// as long as one in which nothing does. Shrinking three values takes about so many.
const LEAST_SHRINK_RUNS: u32 = 32;

impl<'r, S: Session> Runner<'r, S> {
    pub(super) async fn run_case(
        &mut self,
        planned: &'r PlannedClause<'r>,
        case: &'r PlannedCase,
        ahead: Option<Ahead>,
    ) -> Ran {
        let check = &planned.clause.check;
        let attempt = self.cases.attempt(check, case);
        let (given, tried) = match ahead {
            Some(Ahead { given, tried }) => (given, tried),
            None => {
                let given = match self.cases.inputs(check, case) {
                    Ok(given) => given,
                    Err(error) => return undecided(error),
                };
                self.history.add(planned, [case]);
                match attempt.run(&mut self.session, &given.now).await {
                    Ok(Ok(tried)) => (given, tried),
                    Ok(Err(error)) => return undecided(error),
                    Err(error) => match Loss::of(&error).filter(|_| self.retries > 0) {
                        Some(loss) => {
                            return self.lost(planned, case, &given.now, loss, error).await;
                        }
                        None => return Ran::Broke(error),
                    },
                }
            }
        };
        Ran::Judged(self.judged(planned, case, given, tried).await)
    }

    /// What to make of a target that was lost in a case. Where it is sound in between and is lost in
    /// the same way when it has started anew, that is what it does.
    async fn lost(
        &mut self,
        planned: &'r PlannedClause<'r>,
        case: &'r PlannedCase,
        inputs: &Bindings,
        loss: Loss,
        error: BenchError,
    ) -> Ran {
        let attempt = self.cases.attempt(&planned.clause.check, case);
        let Ok(scenario) = attempt.scenario(inputs) else {
            return Ran::Broke(error);
        };
        self.history.forget();
        let sound = async {
            self.session.recover().await?;
            let sound = is_sound(&mut self.session, &scenario).await?;
            self.session.restart().await?;
            Ok::<_, BenchError>(sound)
        };
        if !matches!(sound.await, Ok(true)) {
            return Ran::Broke(error);
        }
        self.history.add(planned, [case]);
        let again = attempt.run(&mut self.session, inputs).await;
        let (verdict, is_sick) = match again {
            Err(again) if Loss::of(&again) == Some(loss) => {
                let detail = again.to_string();
                let finding = finding_of_a_loss(loss, &detail, &scenario, inputs);
                let finding = Box::new(finding);
                (Verdict::Fail { finding }, true)
            }
            Err(_) => return Ran::Broke(error),
            Ok(_) => {
                let because =
                    format!("{error}; run again on a target that had just started, it was not");
                (Undecided::by_the_bench(because).into(), false)
            }
        };
        Ran::Judged(Judged {
            broke: true,
            is_sick,
            ..Judged::without_run(verdict)
        })
    }

    async fn judged(
        &mut self,
        planned: &'r PlannedClause<'r>,
        case: &'r PlannedCase,
        given: Given,
        mut tried: Tried,
    ) -> Judged {
        let timing = CaseTiming {
            micros: u64::try_from(tried.observation.elapsed.most().as_micros()).unwrap_or(u64::MAX),
            wire_bytes: tried.observation.wire_bytes,
            sent: tried.observation.sent,
            capture_sha256: None,
        };
        let capture = tried.observation.capture.take();
        let mut judged = Judged {
            timing,
            capture,
            hung: tried.observation.ending == Ending::Interrupted,
            ..Judged::without_run(Verdict::Pass)
        };
        if let Judgement::Inconclusive(undecided) = tried.judgement {
            judged.verdict = undecided.into();
        } else if let Some(failure) = tried.failure() {
            self.failed(planned, case, given, failure, &mut judged)
                .await;
        }
        judged
    }

    /// Runs a failure again, and makes it small where it stands alone.
    async fn failed(
        &mut self,
        planned: &'r PlannedClause<'r>,
        case: &'r PlannedCase,
        given: Given,
        failure: Failure,
        judged: &mut Judged,
    ) {
        let first = given.now.clone();
        let mut smallest = Smallest {
            failure,
            inputs: given.now,
            runs: 0,
        };
        let standing = match self.confirmed(planned, case, &first).await {
            Ok(Confirmed::Never(because)) => {
                judged.verdict = Verdict::Flaky {
                    finding: Box::new(finding(smallest, &first, Standing::Alone)),
                    because,
                };
                return;
            }
            Ok(Confirmed::After {
                cases,
                program,
                failure,
            }) => {
                smallest.failure = *failure;
                let standing = Standing::After { cases, program };
                let finding = Box::new(finding(smallest, &first, standing));
                judged.verdict = Verdict::Fail { finding };
                return;
            }
            Ok(Confirmed::Alone(failure)) => {
                smallest.failure = *failure;
                Standing::Alone
            }
            Err(Unconfirmed { because, is_sick }) => {
                judged.is_sick = is_sick;
                Standing::Unconfirmed(because)
            }
        };
        if let Some(drawn) = given.drawn.filter(|_| !judged.is_sick) {
            smallest = self
                .smaller(planned, case, drawn, smallest, &standing)
                .await;
        }
        let smaller = smallest.failure.observation.capture.take();
        judged.capture = smaller.or(judged.capture.take());
        judged.refuted_by = Some(smallest.inputs.clone());
        judged.verdict = Verdict::Fail {
            finding: Box::new(finding(smallest, &first, standing)),
        };
    }

    /// Smaller inputs that fail as well; of a failure that stands alone, ones that do so too.
    async fn smaller(
        &mut self,
        planned: &'r PlannedClause<'r>,
        case: &'r PlannedCase,
        mut drawn: Inputs,
        first: Smallest,
        standing: &Standing,
    ) -> Smallest {
        let attempt = self.cases.attempt(&planned.clause.check, case);
        let before = Smallest {
            failure: first.failure.clone(),
            inputs: first.inputs.clone(),
            runs: 0,
        };
        let cases = u32::try_from(planned.cases.len()).unwrap_or(u32::MAX);
        let budget = match &mut self.left {
            Some(left) => Budget::Time(&mut left.shrinking),
            None => Budget::Runs(cases.max(LEAST_SHRINK_RUNS)),
        };
        let mut smallest = attempt
            .shrink(&mut self.session, &mut drawn, first, budget)
            .await;
        // On a virtual clock the next clause gets a board that has just started anyway.
        let leaves_nothing = self.left.is_none() && smallest.inputs == before.inputs;
        if smallest.runs == 0 || leaves_nothing || !matches!(standing, Standing::Alone) {
            return smallest;
        }
        let begun = Instant::now();
        let mut left = self.left.as_mut();
        if left.as_ref().is_some_and(|left| left.confirming.is_zero()) {
            return before;
        }
        // What was tried may have left something behind that the next case would fail for.
        self.history.forget();
        let again = async {
            self.session.restart().await?;
            match smallest.inputs == before.inputs {
                true => Ok(None),
                false => attempt
                    .run(&mut self.session, &smallest.inputs)
                    .await
                    .map(|tried| tried.ok().and_then(Tried::failure)),
            }
        };
        let again = again.await;
        if let Some(left) = &mut left {
            left.confirming = left.confirming.saturating_sub(begun.elapsed());
        }
        let runs = smallest.runs;
        match again {
            Ok(Some(failure)) => {
                smallest.failure = failure;
                return smallest;
            }
            Ok(None) => {}
            // The next case meets the same error and says so.
            Err(_) => drop(self.session.recover().await),
        }
        Smallest { runs, ..before }
    }

    /// What becomes of a failure when it is run again.
    async fn confirmed(
        &mut self,
        planned: &'r PlannedClause<'r>,
        case: &'r PlannedCase,
        inputs: &Bindings,
    ) -> Result<Confirmed, Unconfirmed> {
        if self.retries == 0 {
            return Err(Unconfirmed::sound("it was told not to by --retries 0"));
        }
        let begun = Instant::now();
        let left = self.left.as_ref().map(|left| left.confirming);
        if left.is_some_and(|left| left.is_zero()) {
            return Err(Unconfirmed::sound("the time for that was used up"));
        }
        let before = self.history.before(case);
        self.history.forget();
        let confirmation = Confirmation {
            cases: &self.cases,
            attempt: self.cases.attempt(&planned.clause.check, case),
            inputs,
            before: &before,
            retries: self.retries,
            until: left.map(|left| begun + left),
        };
        let confirmed = confirmation.run(&mut self.session).await;
        if let Some(left) = &mut self.left {
            left.confirming = left.confirming.saturating_sub(begun.elapsed());
        }
        self.history.add(planned, [case]);
        confirmed.map_err(|error| Unconfirmed {
            because: error.to_string(),
            is_sick: true,
        })
    }
}

/// Why a failure was not run again.
struct Unconfirmed {
    because: String,
    /// Whether the target has to be brought back.
    is_sick: bool,
}

impl Unconfirmed {
    fn sound(because: &str) -> Unconfirmed {
        Unconfirmed {
            because: because.to_owned(),
            is_sick: false,
        }
    }
}

fn undecided(undecided: Undecided) -> Ran {
    Ran::Judged(Judged::without_run(undecided.into()))
}
