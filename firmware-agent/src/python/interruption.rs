//! Owns how an interrupt reaches a program, wherever it is: computing, or waiting in a call.

use std::any::Any;
use std::cell::Cell;
use std::panic::resume_unwind;
use std::rc::Rc;
use std::sync::Arc;

use rustpython_vm::builtins::PyBaseExceptionRef;
use rustpython_vm::signal::UserSignalSender;
use rustpython_vm::{PyResult, VirtualMachine};

use crate::board::Board;
use crate::interrupt::Interrupt;
use crate::net::{Errno, Net};
use crate::python::os_error::os_error;

thread_local! {
    /// What was raised last on this thread between two instructions.
    static BETWEEN: Cell<Option<Between>> = const { Cell::new(None) };
}

/// What can be raised between two instructions of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// The interrupt.
    Interrupt,
    /// `MemoryError`.
    OutOfMemory,
}

/// Keeps in mind that this is raised between two instructions.
///
/// RustPython 0.5.0 gives the argument of the instruction that did not run to the first one of the
/// handler. That of a generator reads it, and panics where it is not zero.
pub(super) fn raises(what: Between) {
    BETWEEN.set(Some(what));
}

/// What was raised between two instructions since this was last asked.
pub(super) fn was_raised() -> Option<Between> {
    BETWEEN.take()
}

/// What unwinds a program that must end because the agent ends. No Python code can catch it.
struct AgentEnds;

/// Whether a program was unwound because the agent ends.
pub fn is_end(unwound: &(dyn Any + Send)) -> bool {
    unwound.is::<AgentEnds>()
}

/// Makes a computing program look at the interrupt.
#[derive(Debug, Clone)]
pub struct Nudge {
    sender: UserSignalSender,
    interrupt: Arc<Interrupt>,
}

impl Nudge {
    /// A nudge through the channel of an interpreter.
    pub fn new(sender: UserSignalSender, interrupt: Arc<Interrupt>) -> Self {
        Self { sender, interrupt }
    }

    /// The channel itself.
    pub(super) fn sender(&self) -> &UserSignalSender {
        &self.sender
    }

    /// Nudges. The interpreter's flag is one for the whole process, so another interpreter may
    /// take it away: nudge again while [`Interrupt::is_raised`] stays true.
    pub fn send(&self) {
        let interrupt = Arc::clone(&self.interrupt);
        // It fails when the interpreter is gone, and then nothing is to be interrupted.
        let _ = self
            .sender
            .send(Box::new(move |vm| deliver(&interrupt, vm)));
    }
}

/// Raises what a raised interrupt means.
fn deliver(interrupt: &Interrupt, vm: &VirtualMachine) -> PyResult<()> {
    if interrupt.take() {
        let exception = interrupted(interrupt, vm);
        raises(Between::Interrupt);
        Err(exception)
    } else {
        Ok(())
    }
}

/// What an interrupted call raises. The interrupt is answered by it.
pub fn interrupted(interrupt: &Interrupt, vm: &VirtualMachine) -> PyBaseExceptionRef {
    interrupt.take();
    if interrupt.has_ended() {
        resume_unwind(Box::new(AgentEnds));
    }
    vm.new_exception_empty(vm.ctx.exceptions.keyboard_interrupt.to_owned())
}

/// The board of this thread, for a module.
pub fn board(vm: &VirtualMachine) -> PyResult<Rc<Board>> {
    Board::current().ok_or_else(|| vm.new_runtime_error("no board is running on this thread"))
}

/// Calls the network; an error number becomes the exception that a board raises.
pub fn call_net<T>(
    board: &Board,
    vm: &VirtualMachine,
    call: impl FnOnce(&mut dyn Net) -> Result<T, Errno>,
) -> PyResult<T> {
    match board.with_net(call).unwrap_or(Err(Errno::EBADF)) {
        Ok(value) => Ok(value),
        Err(Errno::EINTR) => Err(interrupted(&board.interrupt, vm)),
        Err(error) => Err(os_error(error, vm)),
    }
}
