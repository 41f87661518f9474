//! Owns the running again of a clause that passed though it is listed as a deviation, before anyone is
//! told that nothing of its entry is left.

use trueline_adapters::error::BenchError;
use trueline_adapters::session::Session;
use trueline_reports::record::Verdict;

use super::{Event, Runner};
use crate::attempt::Smallest;
use crate::finding::{Standing, finding};
use crate::plan::PlannedClause;
use crate::undecided::Undecided;

impl<'r, S: Session> Runner<'r, S> {
    /// Runs a clause again that passed though it is listed as a deviation, each time on a target
    /// that has just started. A case that does not pass then is flaky.
    pub(super) async fn pass_again(
        &mut self,
        planned: &'r PlannedClause<'r>,
        events: &mut [Event],
    ) {
        for _ in 0..self.retries {
            self.history.forget();
            let started = self.session.restart().await;
            for (case, event) in planned.cases.iter().zip(&mut *events) {
                let Event::Case { verdict, broke, .. } = event else {
                    return;
                };
                let attempt = self.cases.attempt(&planned.clause.check, case);
                let again = match (&started, self.cases.inputs(attempt.check, case)) {
                    (Ok(()), Ok(given)) => {
                        self.history.add(planned, [case]);
                        let tried = attempt.run(&mut self.session, &given.now).await;
                        tried.map(|tried| tried.map(|tried| (tried, given.now)))
                    }
                    (Ok(()), Err(undecided)) => Ok(Err(undecided)),
                    (Err(error), _) => {
                        *verdict = cannot_pass_again(error);
                        *broke = true;
                        return;
                    }
                };
                match again {
                    Ok(Ok((tried, now))) => {
                        let Some(failure) = tried.failure() else {
                            continue;
                        };
                        let failing = Smallest {
                            failure,
                            inputs: now.clone(),
                            runs: 0,
                        };
                        *verdict = Verdict::Flaky {
                            finding: Box::new(finding(failing, &now, Standing::Alone)),
                            because: "It passed at first, though it is listed as a deviation, and \
                                      failed when it was run again."
                                .to_owned(),
                        };
                        return;
                    }
                    Ok(Err(_)) => {}
                    Err(error) => {
                        *verdict = cannot_pass_again(&error);
                        *broke = true;
                        // The next clause meets the same error and says so.
                        drop(self.recover().await);
                        return;
                    }
                }
            }
        }
    }
}

fn cannot_pass_again(error: &BenchError) -> Verdict {
    Undecided::by_the_bench(format_args!(
        "it passed, though it is listed as a deviation, and could not be run again: {error}"
    ))
    .into()
}
