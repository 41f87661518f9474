//! Owns what makes an answer doubtful that came over a line which may lose, change or hold back
//! bytes, or while this process was held up, and how often a scenario is run again for it. Judges nothing: a verdict is given only
//! where the target really answered.

use std::time::Duration;

use crate::error::{BAD_LINE, BenchError};
use crate::observation::{Ending, Observation};
use crate::report_lines::Reports;
use crate::scenario::Scenario;
use crate::span::Span;

/// How often a scenario is run whose answer comes damaged or doubtful.
const ATTEMPTS: u32 = 6;
/// How often one is run in which the target fell silent, went away or printed without end: a target
/// that does so does it again.
const ATTEMPTS_WHEN_LOST: u32 = 2;
/// How much later than by the target's own clock a program may seem to end, apart from the
/// twentieth part of what it took: programs are read before they run.
const LATE: Duration = Duration::from_millis(60);

/// What makes an answer doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The program's input was not what was typed.
    Input,
    /// The program was interrupted and had not got all that was typed.
    NoInput,
    /// An interrupt ended it that nobody asked for.
    Interrupt,
    /// It was interrupted at its deadline, and had not run as long by its own account.
    Early,
    /// It took another time by the target's clock.
    Time,
    /// This process was held up, so that the bounds of how long it took are far apart.
    HeldUp,
    /// Something else than the program's reports came.
    Strays,
}

impl Doubt {
    /// Why nothing comes of an answer that is doubtful each time; `None` where something does.
    fn says(self) -> Option<&'static str> {
        Some(match self {
            Doubt::Input | Doubt::NoInput => "the program did not get the input that was typed",
            Doubt::Interrupt => "an interrupt ended the program that nobody had asked for",
            Doubt::Early => {
                "the program was interrupted at its deadline, and had not run for as long by the \
                 target's own clock"
            }
            Doubt::Time => {
                "how long the program took differs from the target's own clock; does the line's \
                 `baud` stand in the target's URL, and is the clock right?"
            }
            // Where both bounds come to the same, however far apart, they decide.
            Doubt::HeldUp => return None,
            Doubt::Strays => {
                "beside what the program printed came something else, each time another; is the \
                 line sound, and does nothing else print there?"
            }
        })
    }
}

/// Whether a span by the harness's clock agrees with the target's own account.
fn agree(span: Span, clocked: Duration) -> bool {
    span.nearest(clocked).abs_diff(clocked) <= LATE + clocked / 20
}

/// What makes the answer doubtful, if anything does. `span` is by the harness's clock.
pub(crate) fn of(
    reports: &Reports,
    ending: &Ending,
    span: Span,
    scenario: &Scenario,
) -> Option<Doubt> {
    if reports
        .got
        .iter()
        .zip(&scenario.input)
        .any(|(got, typed)| got != typed)
    {
        return Some(Doubt::Input);
    }
    let lacks_input = reports.got.len() < scenario.input.len();
    match ending {
        Ending::Raised(_) if reports.is_interrupted => return Some(Doubt::Interrupt),
        Ending::Interrupted if !has_run(reports, scenario.deadline) => return Some(Doubt::Early),
        Ending::Interrupted | Ending::Stopped if lacks_input => return Some(Doubt::NoInput),
        _ => {}
    }
    if let Some(clocked) = reports.clocked
        && scenario.judged.elapsed
        && !agree(span, clocked)
    {
        return Some(Doubt::Time);
    }
    (scenario.judged.output && reports.has_strays).then_some(Doubt::Strays)
}

/// Whether the program ran for so long by its own account; without a clock, whether it was at least
/// interrupted. An interrupt takes its time to come, and clocks differ.
fn has_run(reports: &Reports, deadline: Duration) -> bool {
    match reports.clocked {
        Some(clocked) if reports.is_interrupted => clocked + LATE + deadline / 20 >= deadline,
        Some(clocked) => clocked >= deadline,
        None => reports.is_interrupted,
    }
}

/// The attempts at one scenario.
#[derive(Debug, Default)]
pub(crate) struct Doubts {
    attempts: u32,
    lost: u32,
    /// How many of the attempts, up to the last one, ended with the doubt that it ended with.
    alike: u32,
    last: Option<Doubt>,
    printed: Option<String>,
}

impl Doubts {
    /// How many attempts came to nothing.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether an error is one after which the scenario may be run again; counts the attempt.
    pub(crate) fn allow_another(&mut self, error: &BenchError) -> bool {
        self.attempts += 1;
        match error {
            BenchError::Garbled(_) | BenchError::BadLine(_) => self.attempts < ATTEMPTS,
            BenchError::Silent(_) | BenchError::Gone(_) | BenchError::Endless(_) => {
                self.lost += 1;
                self.attempts < ATTEMPTS && self.lost < ATTEMPTS_WHEN_LOST
            }
            _ => false,
        }
    }

    /// What is told of an error after the last attempt: what came damaged each time had a bad way.
    pub(crate) fn told(&self, error: BenchError) -> BenchError {
        match error {
            BenchError::Garbled(says) if self.attempts >= ATTEMPTS => BenchError::BadLine(format!(
                "what is sent or comes back was damaged each of {ATTEMPTS} times, unless the target \
                     itself garbles what it prints; {BAD_LINE}; the last time {says}"
            )),
            error => error,
        }
    }

    /// Whether a doubtful answer is one all the same; counts the attempt if not.
    ///
    /// # Errors
    ///
    /// [`BenchError::Garbled`] when there were enough attempts.
    pub(crate) fn dispels(
        &mut self,
        doubt: Doubt,
        observation: &Observation,
    ) -> Result<bool, BenchError> {
        let is_last = self.attempts + 1 == ATTEMPTS;
        self.alike = if self.last == Some(doubt) {
            self.alike + 1
        } else {
            1
        };
        self.last = Some(doubt);
        match doubt {
            // Damage does not come twice in the same way: this is what the target prints.
            Doubt::Strays if self.printed.as_ref() == Some(&observation.stdout) => return Ok(true),
            Doubt::Strays => self.printed = Some(observation.stdout.clone()),
            // Nor do interrupts out of nowhere come each time, or inputs get lost.
            Doubt::Interrupt | Doubt::NoInput if self.alike == ATTEMPTS => return Ok(true),
            _ => {}
        }
        if is_last {
            return match doubt.says() {
                Some(says) => Err(BenchError::Garbled(says.to_owned())),
                None => Ok(true),
            };
        }
        self.attempts += 1;
        Ok(false)
    }
}
