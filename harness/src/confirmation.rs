//! Owns the running again of what failed, on a target that has just started: alone, and after the
//! cases that had run before it. Judges nothing itself, and records nothing.

use std::time::Instant;

use trueline_adapters::error::BenchError;
use trueline_adapters::observation::Observation;
use trueline_adapters::session::Session;
use trueline_reports::counted;

use crate::attempt::{Attempt, Failure, Tried};
use crate::cases::Cases;
use crate::history::Past;
use crate::judge::Bindings;

/// Cases that are handed over at once.
const AT_ONCE: usize = 64;
/// How many cases before a failure are run again at first, and how many times as many then.
const FIRST_REPLAY: usize = 64;
const LONGER_BY: usize = 8;
/// Bytes of the program that repeats the cases before a failure. That of all cases of a clause has room.
const PROGRAM_LIMIT: usize = 128 * 1024;

/// What became of a failure when it was run again.
pub enum Confirmed {
    /// It fails alone on a target that has just started, in this way.
    Alone(Box<Failure>),
    /// It fails only after others.
    After {
        /// How many.
        cases: usize,
        /// Their programs and its own.
        program: String,
        /// How it failed then.
        failure: Box<Failure>,
    },
    /// It failed never again; the sentence says what was tried.
    Never(String),
}

/// Runs a failure again.
pub struct Confirmation<'a, 'r> {
    /// What cases are tried with.
    pub cases: &'a Cases<'r>,
    /// The case that failed.
    pub attempt: Attempt<'a>,
    /// Its inputs.
    pub inputs: &'a Bindings,
    /// What had run before it since the target was started.
    pub before: &'a [Past<'r>],
    /// How often it is run again each way, at least once.
    pub retries: u32,
    /// When nothing more is begun; `None`: time does not matter.
    pub until: Option<Instant>,
}

impl Confirmation<'_, '_> {
    /// Whether it fails alone, after others, or never again.
    ///
    /// # Errors
    /// When the bench breaks meanwhile.
    pub async fn run<S: Session>(&self, session: &mut S) -> Result<Confirmed, BenchError> {
        for _ in 0..self.retries {
            session.restart().await?;
            let tried = self.attempt.run(session, self.inputs).await?;
            if let Some(failure) = tried.ok().and_then(Tried::failure) {
                return Ok(Confirmed::Alone(Box::new(failure)));
            }
        }
        let alone = format!(
            "It failed once. Run again alone on a target that had just started, {}, it passed",
            times(self.retries)
        );
        let mut count = FIRST_REPLAY.min(self.before.len());
        for _ in 0..self.retries {
            loop {
                if count == 0 {
                    return Ok(Confirmed::Never(format!("{alone}.")));
                }
                if self.is_out_of_time() {
                    return Ok(Confirmed::Never(format!(
                        "{alone}; there was no time left to repeat the {} cases before it.",
                        self.before.len()
                    )));
                }
                let before = &self.before[self.before.len() - count..];
                if let Some(after) = self.after(session, before).await? {
                    return Ok(after);
                }
                if count == self.before.len() {
                    break;
                }
                count = count.saturating_mul(LONGER_BY).min(self.before.len());
            }
        }
        Ok(Confirmed::Never(format!(
            "{alone}, and so it did after the {} before it.",
            counted(count, "case")
        )))
    }

    fn is_out_of_time(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Runs it after these cases.
    async fn after<S: Session>(
        &self,
        session: &mut S,
        before: &[Past<'_>],
    ) -> Result<Option<Confirmed>, BenchError> {
        session.restart().await?;
        let mut programs = Programs::default();
        for some in before.chunks(AT_ONCE) {
            let scenarios: Vec<_> = some
                .iter()
                .filter_map(|past| {
                    let check = &past.planned.clause.check;
                    let given = self.cases.inputs(check, past.case).ok()?;
                    let attempt = self.cases.attempt(check, past.case);
                    let mut scenario = attempt.scenario(&given.now).ok()?;
                    scenario.simulation.capture = false;
                    Some(scenario)
                })
                .collect();
            let mut scenarios = &scenarios[..];
            while !scenarios.is_empty() {
                let observations = session.run_all(scenarios).await?;
                let (ran, left) = scenarios.split_at(observations.len().max(1));
                for (scenario, observation) in ran.iter().zip(&observations) {
                    programs.add(&scenario.name, observation);
                }
                scenarios = left;
            }
        }
        let tried = self.attempt.run(session, self.inputs).await?;
        Ok(tried.ok().and_then(Tried::failure).map(|failure| {
            programs.add(self.attempt.case.name, &failure.observation);
            Confirmed::After {
                cases: before.len(),
                program: programs.text(),
                failure: Box::new(failure),
            }
        }))
    }
}

/// Programs that ran one after the other on one start of a target.
#[derive(Default)]
struct Programs(Vec<(String, String)>);

impl Programs {
    fn add(&mut self, case: &str, observation: &Observation) {
        self.0.push((case.to_owned(), observation.program.clone()));
    }

    /// All of them in their order, as long as there is room; the last ones are there in any case.
    fn text(&self) -> String {
        let count = self.0.len();
        let part = |(index, (case, program)): (usize, &(String, String))| {
            format!(
                "# {} of {count} on one start of the target: {case}\n{program}\n",
                index + 1
            )
        };
        let parts: Vec<_> = self.0.iter().enumerate().map(part).collect();
        let mut room = PROGRAM_LIMIT;
        let fits = |part: &&String| {
            let fits = part.len() <= room;
            room = room.saturating_sub(part.len());
            fits
        };
        let shown = parts.iter().rev().take_while(fits).count().max(1);
        let left_out = count - shown;
        let heading = match (left_out, &self.0[..left_out]) {
            (1.., [(first, _), .., (last, _)]) => {
                format!(
                    "# Too long to be shown whole, so that this alone may not fail: the first \
                     {left_out},\n# {first} to {last}, are left out.\n"
                )
            }
            (1.., [(first, _)]) => format!(
                "# Too long to be shown whole, so that this alone may not fail: the first,\n\
                 # {first}, is left out.\n"
            ),
            _ => String::new(),
        };
        heading + &parts[left_out..].concat()
    }
}

fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}
