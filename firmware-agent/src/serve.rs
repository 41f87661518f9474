//! Owns the running of a board on a line: one thread takes what comes in, one runs programs.
//! Knows neither what a line is made of nor what the REPL's bytes mean.

use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::rc::Rc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::board::{Board, Input};
use crate::console::Console;
use crate::interrupt::Interrupt;
use crate::net::Net;
use crate::python::{BANNER, Failure, Interpreter, Nudge};
use crate::repl::{Action, Ending, Program, Repl};

/// The stack that a thread needs which runs programs. The interpreter stops a program that
/// recurses too deep, but its parser and compiler recurse with a program's nesting: this is enough
/// for the longest program that the REPL takes, whatever is in it. Only what is used takes memory.
pub const STACK: usize = 1 << 30;

/// How long until an interrupt that was not answered is sent once more.
const AGAIN: Duration = Duration::from_millis(1);

/// Runs a board until the input ends.
///
/// `make_net` is called once, on the thread that runs the programs; the network has to end its
/// waits when the interrupt that it gets is raised.
pub fn serve<N>(
    mut input: impl Read + AsFd,
    console: Console,
    make_net: impl FnOnce(Arc<Interrupt>) -> N + Send + 'static,
) -> io::Result<()>
where
    N: Net + 'static,
{
    let line = Arc::new(Line::new(console)?);
    let programs = {
        let line = Arc::clone(&line);
        thread::Builder::new()
            .name("board".to_owned())
            .stack_size(STACK)
            .spawn(move || {
                let net = make_net(Arc::clone(&line.interrupt));
                line.run_programs(Box::new(net));
            })?
    };
    let outcome = line.take_input(&mut input);
    line.end();
    // What a program does cannot make the thread panic; if it did, the board is over as well.
    let _ = programs.join();
    outcome
}

/// What both threads share.
struct Line {
    state: Mutex<State>,
    /// There is something to run, or input for the program that runs.
    news: Condvar,
    console: Arc<Console>,
    interrupt: Arc<Interrupt>,
}

struct State {
    repl: Repl,
    order: Option<Order>,
    /// Of the life of the interpreter that runs now.
    nudge: Option<Nudge>,
    /// When what the running program has printed must be seen.
    due: Option<Instant>,
    /// The thread that runs programs is gone.
    over: bool,
}

enum Order {
    Run(Program),
    Reset,
    End,
}

impl Line {
    fn new(console: Console) -> io::Result<Self> {
        let mut repl = Repl::new(BANNER);
        let console = Arc::new(console);
        for action in repl.start() {
            if let Action::Write(bytes) = action {
                console.put(&bytes);
            }
        }
        console.flush();
        let state = State {
            repl,
            order: None,
            nudge: None,
            due: None,
            over: false,
        };
        Ok(Self {
            state: Mutex::new(state),
            news: Condvar::new(),
            console,
            interrupt: Arc::new(Interrupt::new()?),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // ---- the thread that takes input ----

    fn take_input(&self, input: &mut (impl Read + AsFd)) -> io::Result<()> {
        let mut buffer = [0; 4096];
        loop {
            let patience = self.attend();
            if !readable(input.as_fd(), patience)? {
                continue;
            }
            match input.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => self.received(&buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    fn received(&self, bytes: &[u8]) {
        let mut state = self.lock();
        let actions = state.repl.receive(bytes);
        self.perform(&mut state, actions, Origin::Input);
        let busy = state.repl.is_busy();
        drop(state);
        if busy {
            self.news.notify_all();
        } else {
            self.console.flush();
        }
    }

    /// Does what is due, and says when to come again.
    fn attend(&self) -> Option<Duration> {
        let mut state = self.lock();
        if !state.repl.is_busy() {
            state.due = None;
            return None;
        }
        let again = self.interrupt.is_raised().then(|| {
            self.nudge(&state);
            AGAIN
        });
        let left = state
            .due
            .map(|due| due.saturating_duration_since(Instant::now()));
        if left == Some(Duration::ZERO) {
            state.due = None;
            drop(state);
            self.console.flush_if_free();
            return again;
        }
        match (again, left) {
            (Some(again), Some(left)) => Some(again.min(left)),
            (again, left) => again.or(left),
        }
    }

    fn nudge(&self, state: &State) {
        if let Some(nudge) = &state.nudge {
            nudge.send();
        }
    }

    /// Ends the thread that runs programs, and whatever runs there.
    fn end(&self) {
        let mut state = self.lock();
        state.order = Some(Order::End);
        self.interrupt.end();
        self.news.notify_all();
        while !state.over {
            self.nudge(&state);
            let waited = self.news.wait_timeout(state, AGAIN);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    // ---- the thread that runs programs ----

    fn run_programs(self: &Arc<Self>, net: Box<dyn Net>) {
        let _over = Over(self);
        let input = Rc::new(Arc::clone(self));
        let console = Arc::clone(&self.console);
        let board = Board::new(net, console, input, Arc::clone(&self.interrupt));
        let mut interpreter = Interpreter::start(board);
        self.lock().nudge = Some(interpreter.nudge());
        loop {
            let order = self.next_order();
            let outcome = match &order {
                Order::End => return,
                Order::Reset => interpreter.reset().map(|()| None),
                Order::Run(program) => interpreter.run(program).map(Some),
            };
            let ending = match outcome {
                Ok(ending) => ending,
                Err(Failure::Unwound) => {
                    // What it was doing cannot be ended in good order.
                    std::mem::forget(interpreter);
                    return;
                }
                Err(failure) => {
                    interpreter = interpreter.replaced();
                    self.lock().nudge = Some(interpreter.nudge());
                    let text = match failure {
                        Failure::OutOfMemory => "MemoryError: memory allocation failed\n",
                        Failure::Interrupted => "KeyboardInterrupt: \n",
                        _ => "RuntimeError: the interpreter failed and was started anew\n",
                    };
                    matches!(order, Order::Run(_)).then(|| Ending::Raised(text.to_owned()))
                }
            };
            match ending {
                Some(ending) => self.answer(|repl, late| repl.finished(ending, late)),
                None => self.answer(Repl::restarted),
            }
        }
    }

    fn next_order(&self) -> Order {
        let mut state = self.lock();
        loop {
            match state.order.take() {
                Some(order) => return order,
                None => {
                    state = self
                        .news
                        .wait(state)
                        .unwrap_or_else(PoisonError::into_inner)
                }
            }
        }
    }

    /// Tells the REPL what came of it, writes the answer, and goes on with what waits.
    fn answer(&self, tell: impl FnOnce(&mut Repl, bool) -> Vec<Action>) {
        let mut state = self.lock();
        if self.interrupt.has_ended() {
            return;
        }
        let late = self.interrupt.take();
        let actions = tell(&mut state.repl, late);
        self.perform(&mut state, actions, Origin::Program);
        let idle = state.order.is_none();
        drop(state);
        if idle {
            self.console.flush();
        }
    }

    // ---- both ----

    fn perform(&self, state: &mut State, actions: Vec<Action>, origin: Origin) {
        for action in actions {
            match action {
                Action::Write(bytes) => self.console.put(&bytes),
                Action::Interrupt => {
                    self.interrupt.raise();
                    self.nudge(state);
                }
                Action::Run(program) => {
                    state.order = Some(Order::Run(program));
                    self.begin(state, origin);
                }
                Action::Reset => {
                    state.order = Some(Order::Reset);
                    self.begin(state, origin);
                }
            }
        }
    }

    /// A program that began because input came gets the patience of the thread that takes input,
    /// which looks again when it is due. One that waited behind another has its clock.
    fn begin(&self, state: &mut State, origin: Origin) {
        if origin == Origin::Input {
            self.console.begin_program();
            state.due = Some(Instant::now() + self.console.patience());
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Input,
    Program,
}

impl Input for Arc<Line> {
    fn next_byte(&self) -> Option<u8> {
        let mut state = self.lock();
        let mut seen = false;
        loop {
            if self.interrupt.is_raised() {
                return None;
            }
            if let Some(byte) = state.repl.take_waiting() {
                return Some(byte);
            }
            if !seen {
                // Not with the lock held: a host that does not read must still be heard.
                drop(state);
                self.console.flush();
                seen = true;
                state = self.lock();
                continue;
            }
            state = self
                .news
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Says that the thread that runs programs is gone, however it went.
struct Over<'a>(&'a Line);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.lock().over = true;
        self.0.console.flush();
        self.0.news.notify_all();
    }
}

/// Waits until there is something to read or the time is over.
fn readable(input: BorrowedFd<'_>, patience: Option<Duration>) -> io::Result<bool> {
    let timeout = patience.map_or(PollTimeout::NONE, |patience| {
        // Rounded up, so that what is due is due.
        PollTimeout::try_from(patience + Duration::from_millis(1)).unwrap_or(PollTimeout::MAX)
    });
    let mut watched = [PollFd::new(input, PollFlags::POLLIN)];
    match poll(&mut watched, timeout) {
        Ok(0) | Err(nix::Error::EINTR) => Ok(false),
        Ok(_) => Ok(true),
        Err(error) => Err(error.into()),
    }
}
