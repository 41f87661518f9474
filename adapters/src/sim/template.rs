//! Owns the worker process of the simulator: a board that has started, and a copy of the process for
//! each board that runs programs. Does not know what a program does.
//!
//! The first process starts the interpreter, runs the boot file and puts the helper on the board;
//! then it forks, and waits. The copy is a board that has just started, and runs programs until it is
//! told to start anew: it ends, and the next copy is made. So nothing is left of what programs did,
//! a start costs next to nothing, and whatever ends a copy leaves the template as it was. Where there
//! is no boot file a copy resets its own interpreter a few times, which costs a third of a new copy.

use std::io;
use std::process::exit;
use std::sync::atomic::Ordering;
use std::time::Duration;

use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use serde::{Deserialize, Serialize};

use super::board::{Board, Making};
use crate::error::BenchError;
use crate::identity::Answers;
use crate::observation::Observation;
use crate::scenario::Scenario;
use crate::worker::cpu::Limit;
use crate::worker::line::{Line, on_a_thread};
use crate::worker::{Death, cpu};

/// How long what runs on a board before any program may compute.
pub(super) const STARTING: Duration = Duration::from_secs(5);

/// How often a copy may reset its interpreter instead.
const RESETS: u32 = 31;

/// The status of a copy that was told to start anew: the next one is waited for.
const RENEWED: i32 = 0;
/// The status of a copy that is of no use any more, and has said so.
const OVER: i32 = 2;
/// The status of a copy that nobody talks to any more.
const LEFT: i32 = 3;

/// What a simulator's worker is told, after its [`Making`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Order {
    /// Start anew.
    Renew,
    /// Say who you are.
    Identify,
    /// Run these, one after the other.
    Run(Vec<Scenario>),
}

/// What it answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// It has started.
    Ready,
    /// Who it is.
    Identity(Answers),
    /// What was seen.
    Ran(Vec<Observation>),
    /// What broke.
    Broke(BenchError),
    /// The board's process ended.
    Died(Death),
}

/// Serves a simulator on the line of this process.
///
/// # Errors
///
/// When the line breaks, or the system refuses what a board needs.
pub(crate) fn serve() -> io::Result<()> {
    on_a_thread("board", start)
}

fn start() -> io::Result<()> {
    let mut line = Line::inherited()?;
    let Some(making) = line.take::<Making>()? else {
        return Ok(());
    };
    let mut limit = Limit::new()?;
    limit.set(STARTING)?;
    let mut board = match Board::start(making) {
        Ok(board) => board,
        Err(error) => return line.give(&Answer::Broke(error)),
    };
    limit.lift()?;
    line.give(&Answer::Ready)?;
    let mut is_awaited = false;
    loop {
        // SAFETY: of the two threads of this process the other one waits for this one and holds
        // nothing, so that the copy, which has this one only, finds everything as it is here.
        let copy = match unsafe { fork() }? {
            ForkResult::Child => exit(match live(&mut board, &mut line, is_awaited) {
                Ok(status) => status,
                Err(_) => LEFT,
            }),
            ForkResult::Parent { child } => child,
        };
        is_awaited = false;
        match waitpid(copy, None)? {
            WaitStatus::Exited(_, RENEWED) => is_awaited = true,
            WaitStatus::Exited(_, OVER) => {}
            WaitStatus::Exited(_, LEFT) => return Ok(()),
            WaitStatus::Exited(_, code) => line.give(&Answer::Died(Death::by_code(code)))?,
            WaitStatus::Signaled(_, signal, _) => {
                line.give(&Answer::Died(Death::by_signal(signal)))?;
            }
            other => return Err(io::Error::other(format!("a board's process is {other:?}"))),
        }
    }
}

/// The life of a board that has just started; gives the status to end with.
fn live(board: &mut Board, line: &mut Line, is_awaited: bool) -> io::Result<i32> {
    set_pdeathsig(Signal::SIGKILL)?;
    let (interrupt, nudge) = (board.interrupt(), board.nudge());
    let has_overrun = board.has_overrun();
    let alarm = cpu::Alarm::new(move || {
        has_overrun.store(true, Ordering::Relaxed);
        interrupt.raise();
        nudge.send();
    })?;
    board.may_compute(alarm, Limit::new()?);
    if is_awaited {
        line.give(&Answer::Ready)?;
    }
    let mut is_new = true;
    let mut resets = 0;
    while let Some(order) = line.take::<Order>()? {
        let answer = match order {
            Order::Renew if is_new => Answer::Ready,
            Order::Renew if resets < RESETS && board.renew() => {
                resets += 1;
                Answer::Ready
            }
            Order::Renew => return Ok(RENEWED),
            Order::Identify => board
                .identify()
                .map_or_else(Answer::Broke, Answer::Identity),
            Order::Run(scenarios) => board
                .run_all(&scenarios)
                .map_or_else(Answer::Broke, Answer::Ran),
        };
        is_new = matches!(answer, Answer::Ready);
        line.give(&answer)?;
        if board.has_ended() {
            return Ok(OVER);
        }
    }
    Ok(LEFT)
}
