//! Owns the judge's worker process: questions answered one after the other, each case within its
//! limits. Does not know verdicts.

use std::io;
use std::time::Duration;

use trueline_adapters::worker::cpu::Limit;
use trueline_adapters::worker::line::{Line, on_a_thread};
use trueline_agent::memory::{self, Limits};

use super::evaluator::Evaluator;
use super::questions::{Answer, Question};

/// How long the expressions of one case may be computed, in CPU time.
pub(super) const JUDGING: Duration = Duration::from_secs(2);

/// Answers questions on the line of this process until it ends.
///
/// # Errors
///
/// When the line breaks, or the system refuses what the judge needs.
pub fn serve() -> io::Result<()> {
    on_a_thread("judge", answer)
}

fn answer() -> io::Result<()> {
    let mut line = Line::inherited()?;
    let evaluator = Evaluator::default();
    let mut limit = Limit::new()?;
    while let Some(question) = line.take::<Question>()? {
        let mut answer = Answer::with_capacity(question.cases.len());
        for names in &question.cases {
            limit.set(JUDGING)?;
            memory::limit(Limits::OF_PROGRAMS, || ());
            answer.push(evaluator.evaluated(&question.expressions, names));
        }
        limit.lift()?;
        line.give(&answer)?;
    }
    Ok(())
}
