//! Owns what it means that a target is lost while a program runs: whether it may be the target's own
//! doing, and the program that shows whether it is sound in between. Does not bring it back.

use trueline_adapters::error::BenchError;
use trueline_adapters::observation::{Ending, Observation};
use trueline_adapters::scenario::{Piece, Program, Scenario};
use trueline_adapters::session::Session;
use trueline_spec::value::Value;

use std::time::Duration;

/// What the sound program reports, and under which name.
const SOUND: (&str, i64) = ("sound", 1);
/// How long it may take.
const DEADLINE: Duration = Duration::from_secs(5);
/// How long the lines are that make it as long as another program.
const LINE: usize = 60;

/// How a target was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// It answers nothing, and no interrupt.
    Hangs,
    /// It ended, or started anew.
    Restarts,
    /// It prints and prints.
    PrintsWithoutEnd,
}

impl Loss {
    /// How the error says that the target was lost; `None` for what is the bench's own trouble, or
    /// an answer that came damaged.
    #[must_use]
    pub fn of(error: &BenchError) -> Option<Loss> {
        match error {
            BenchError::Silent(_) => Some(Loss::Hangs),
            BenchError::Gone(_) => Some(Loss::Restarts),
            BenchError::Endless(_) => Some(Loss::PrintsWithoutEnd),
            _ => None,
        }
    }

    /// What was observed then.
    #[must_use]
    pub fn observed(self) -> &'static str {
        match self {
            Loss::Hangs => "the target hangs and does not hear an interrupt",
            Loss::Restarts => "the target restarts",
            Loss::PrintsWithoutEnd => "the target prints without end",
        }
    }
}

/// Whether the target answers another program, which does nothing and is as long as this one: a
/// line that loses long programs would lose it, too.
///
/// # Errors
/// When the bench breaks in it as well.
pub async fn is_sound<S: Session>(
    session: &mut S,
    scenario: &Scenario,
) -> Result<bool, BenchError> {
    let Observation { values, ending, .. } = session.run(&sound(scenario)).await?;
    let (name, value) = SOUND;
    Ok(ending == Ending::Finished && values.get(name) == Some(&Value::Int(value.into())))
}

fn sound(scenario: &Scenario) -> Scenario {
    let comment = format!("#{}\n", "-".repeat(LINE));
    let lines = text(&scenario.program).len() / comment.len();
    let (name, value) = SOUND;
    let body = format!("{}observe({name}={value})\n", comment.repeat(lines));
    Scenario::alone(&scenario.name, "", body, DEADLINE)
}

/// The program as far as it is known before its places are filled.
#[must_use]
pub fn text(program: &Program) -> String {
    match program {
        Program::Bound {
            opening,
            bindings,
            setup,
            body,
        } => [opening, bindings, setup, body]
            .map(String::as_str)
            .concat(),
        Program::Verbatim(pieces) => pieces.iter().map(piece).collect(),
    }
}

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) | Piece::Value(text) => text.clone(),
        Piece::PeerAddress(name) => format!("<address of {name}>"),
        Piece::PeerPort(name) => format!("<port of {name}>"),
        Piece::TargetAddress => "<address of the target>".to_owned(),
        Piece::TargetPort => "<port of the target>".to_owned(),
    }
}
