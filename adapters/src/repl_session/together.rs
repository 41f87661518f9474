//! Owns the running of several scenarios by one submission, and of the next one while the results
//! of the last come in. What needs a submission of its own is `sending`.

use super::ReplSession;
use crate::calls::Call;
use crate::console::Fate;
use crate::error::BenchError;
use crate::helper;
use crate::observation::{Observation, Places};
use crate::program_text::{self, Parts};
use crate::report_lines::{self, Last};
use crate::scenario::{Judged, Program, Scenario};
use crate::session::one_by_one;

/// Most programs in a submission: when anything happens to one, all are run again alone.
const TOGETHER: usize = 16;
/// Several scenarios that are run by one submission.
struct Batch<'s> {
    scenarios: &'s [Scenario],
    places: Places,
    programs: Vec<Parts>,
    call: Call,
}

impl ReplSession {
    /// Runs scenarios that can be joined, several by each submission.
    pub(super) async fn run_together(
        &mut self,
        scenarios: &[Scenario],
    ) -> Result<Vec<Observation>, BenchError> {
        let mut observations = Vec::with_capacity(scenarios.len());
        let mut batches = split(scenarios, self.room.submission);
        let mut next = batches.next().map(|batch| self.batch(batch)).transpose()?;
        while let Some(batch) = next {
            let following = batches.next().map(|batch| self.batch(batch)).transpose();
            next = following.inspect_err(|_| self.calls.forget())?;
            match self.run_batch(&batch, next.as_ref()).await {
                Ok(ran) => observations.extend(ran),
                Err(BenchError::Garbled(_) | BenchError::BadLine(_)) if self.checks => {
                    self.calls.forget();
                    self.bring_back().await?;
                    observations.extend(one_by_one(self, batch.scenarios).await?);
                    next = next.map(|next| self.batch(next.scenarios)).transpose()?;
                }
                Err(error) => {
                    self.calls.forget();
                    return Err(error);
                }
            }
        }
        self.restarts = 0;
        Ok(observations)
    }

    /// Writes the call for several programs. It is taken for arrived: whoever learns otherwise has
    /// everything forgotten.
    fn batch<'s>(&mut self, scenarios: &'s [Scenario]) -> Result<Batch<'s>, BenchError> {
        let places = Places {
            target: self.info.addresses.target,
            port: None,
            second_port: None,
            listeners: Vec::new(),
        };
        let programs: Vec<_> = scenarios
            .iter()
            .map(|scenario| places.fill(scenario))
            .collect::<Result<_, _>>()?;
        let call = self.calls.write(&programs);
        self.calls.arrived(&call);
        Ok(Batch {
            scenarios,
            places,
            programs,
            call,
        })
    }

    /// Runs several programs by one submission. The `next` one is begun to be sent meanwhile.
    async fn run_batch(
        &mut self,
        batch: &Batch<'_>,
        next: Option<&Batch<'_>>,
    ) -> Result<Vec<Observation>, BenchError> {
        let Batch {
            scenarios,
            places,
            programs,
            call,
        } = batch;
        let limit = scenarios.iter().map(|scenario| scenario.deadline).max();
        let next = next.map(|next| (next.call.text.as_bytes(), next.programs.len()));
        let text = call.text.as_bytes();
        let execution = self
            .console
            .execute_before(text, programs.len(), limit.unwrap_or_default(), next)
            .await?;
        match execution.fate {
            Fate::NotTaken => return Err(self.console.not_taken()),
            Fate::Interrupted | Fate::Stopped => {
                let says = "one of several programs ran beyond its deadline";
                return Err(BenchError::Silent(says.to_owned()));
            }
            Fate::Ended if self.console.marked().len() < programs.len() => {
                return Err(BenchError::Garbled(format!(
                    "one of several programs ended without a report; {}",
                    self.console.complaint()
                )));
            }
            Fate::Ended => {}
        }
        let end_mark = helper::end_mark(&self.token);
        let outputs = report_lines::split(self.console.output(), &end_mark);
        let mut observations = Vec::with_capacity(programs.len());
        let mut begun = execution.begun;
        let ends = self.console.marked().iter();
        let sums = call.first_sum..;
        let mut last = Last::new();
        for (((program, output), &ended), sum) in programs.iter().zip(outputs).zip(ends).zip(sums) {
            let (reports, ending) = self.reports(output, sum, &mut last, execution.fate)?;
            if self.checks && reports.is_interrupted {
                let says = "an interrupt ended one of several programs that nobody had asked for";
                return Err(BenchError::Garbled(says.to_owned()));
            }
            let elapsed = begun.until(ended);
            begun = ended;
            observations.push(Observation {
                values: reports.values,
                stdout: reports.stdout,
                ending,
                peers: Vec::new(),
                program: program.text(),
                places: places.clone(),
                elapsed,
                took: elapsed.most(),
                wire_bytes: execution.wire_bytes / scenarios.len() as u64,
                sent: 1,
                capture: None,
            });
        }
        if observations.len() < programs.len() {
            return Err(BenchError::Garbled(
                "the report of one of several programs is not in a line of its own".to_owned(),
            ));
        }
        Ok(observations)
    }
}

/// The scenarios in pieces that fit into a submission each.
fn split(scenarios: &[Scenario], room: usize) -> impl Iterator<Item = &[Scenario]> {
    let mut rest = scenarios;
    std::iter::from_fn(move || {
        let count = fitting(&rest[..rest.len().min(TOGETHER)], room).min(rest.len());
        let (now, later) = rest.split_at(count);
        rest = later;
        (!now.is_empty()).then_some(now)
    })
}

/// How many of the scenarios fit into a submission of so many bytes; at least one.
fn fitting(scenarios: &[Scenario], room: usize) -> usize {
    let mut left = room;
    let fit = scenarios.iter().take_while(|scenario| {
        let own = match &scenario.program {
            // The body goes with the first one only.
            Program::Bound { bindings, .. } if scenario.recurs => bindings.len(),
            Program::Bound { bindings, body, .. } => bindings.len() + body.len(),
            Program::Verbatim(_) => room,
        };
        let fits = own <= left;
        left = left.saturating_sub(own);
        fits
    });
    fit.count().max(1)
}

/// Whether the scenario can be one of several in a submission: nothing outside of its program
/// takes part.
pub(super) fn can_be_joined(scenario: &Scenario) -> bool {
    scenario.peers.is_empty()
        && scenario.input.is_empty()
        && scenario.judged == Judged::default()
        && !program_text::needs_port(scenario)
        && !program_text::needs_second_port(scenario)
}
