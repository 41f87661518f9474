//! Owns the interpreter: its start, its programs, and what a soft reset means for it.
//! Does not know the REPL's bytes, nor threads.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use rustpython_vm::builtins::{PyBaseExceptionRef, PyCode, PyStr};
use rustpython_vm::compiler::{CompileError, CompileOpts, Mode, compile};
use rustpython_vm::gc_state::gc_state;
use rustpython_vm::scope::Scope;
use rustpython_vm::signal::user_signal_channel;
use rustpython_vm::{AsObject, PyRef, PyResult, Settings, VirtualMachine};

use super::allocation;
use super::face::{self, Original};
use super::interruption::{Between, Nudge, is_end, was_raised};
use super::traceback;
use crate::board::Board;
use crate::modules;
use crate::repl::{Ending, Form, Program};

/// Where a program's lines are said to stand.
const FILE: &str = "<stdin>";

/// The interpreter of a board. Globals stay from program to program, until it is reset.
pub struct Interpreter {
    python: rustpython_vm::Interpreter,
    original: Original,
    scope: Scope,
    board: Rc<Board>,
    nudge: Nudge,
}

/// Why the interpreter did not come to an end with a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The agent ends, and the program was unwound.
    Unwound,
    /// It asked for more memory than there can be; a new interpreter is needed.
    OutOfMemory,
    /// It was interrupted where the interpreter does not survive it; a new one is needed.
    Interrupted,
    /// The interpreter itself failed; a new one is needed.
    Broken,
}

impl Interpreter {
    /// Starts the interpreter of a board, which becomes the board of this thread.
    pub fn start(board: Board) -> Self {
        let board = Rc::new(board);
        Board::install(&board);
        let (sender, receiver) = user_signal_channel();
        let nudge = Nudge::new(sender, Arc::clone(&board.interrupt));
        let builder = rustpython_vm::Interpreter::builder(settings());
        let natives = modules::definitions(&builder.ctx);
        let python = builder
            .add_native_modules(&natives)
            .init_hook(move |vm| vm.set_user_signal_channel(receiver))
            .build();
        let (original, scope) = python.enter_and_expect(
            |vm| {
                face::install(vm)?;
                let original = Original::of(vm);
                let scope = original.restore(vm)?;
                Ok((original, scope))
            },
            "the board's modules are part of the agent and do not fail",
        );
        // What the interpreter is made of is never garbage, and looking through it for some takes
        // a hundred times as long as looking through what a program has made.
        gc_state().freeze();
        allocation::limit(nudge.sender());
        Self {
            python,
            original,
            scope,
            board,
            nudge,
        }
    }

    /// Makes what there is now a part of the interpreter: it is never looked through for garbage
    /// again, and programs get their memory beyond it.
    pub fn settle(&self) {
        gc_state().collect_force(2);
        gc_state().freeze();
        allocation::limit(self.nudge.sender());
    }

    /// What makes a computing program look at the interrupt.
    pub fn nudge(&self) -> Nudge {
        self.nudge.clone()
    }

    /// Starts the board anew: its sockets are closed, and nothing of earlier programs is left.
    ///
    /// What a program can change is put back; another interpreter would take a hundred times as
    /// long to build, and would leave some memory of this one behind.
    pub fn reset(&mut self) -> Result<(), Failure> {
        self.board = Rc::new(self.board.restarted());
        Board::install(&self.board);
        let Self {
            python,
            original,
            scope,
            ..
        } = self;
        let restored = guarded(|| {
            python.enter(|vm| {
                *scope = original.restore(vm)?;
                gc_state().enable();
                gc_state().collect_force(2);
                PyResult::Ok(())
            })
        })?;
        allocation::limit(self.nudge.sender());
        restored.map_err(|_| Failure::Broken)
    }

    /// Runs a program in the globals that all programs share.
    pub fn run(&self, program: &Program) -> Result<Ending, Failure> {
        guarded(|| self.python.enter(|vm| self.run_in(program, vm)))
    }

    /// Compiles a file, to run it again and again; a traceback where it does not compile.
    pub fn compile(&self, source: &str) -> Result<Compiled, String> {
        self.python
            .enter(|vm| compiled(source, Mode::Exec, vm))
            .map(Compiled)
    }

    /// Runs what was compiled by this interpreter in the globals that all programs share.
    pub fn run_compiled(&self, compiled: &Compiled) -> Result<Ending, Failure> {
        let code = compiled.0.clone();
        guarded(|| {
            self.python
                .enter(|vm| ending(vm.run_code_obj(code, self.scope.clone()), vm))
        })
    }

    /// Calls a global function with a program: with nothing that the program is held against,
    /// and with its parts.
    pub fn call(&self, function: &str, program: &Parts<'_>) -> Result<Ending, Failure> {
        guarded(|| {
            self.python.enter(|vm| {
                let mut parts = vec![vm.new_pyobj(program.first)];
                parts.extend(program.last.map(|last| last.0.clone().into()));
                if program.collects {
                    parts.push(vm.ctx.none());
                }
                let parts = vm.ctx.new_tuple(parts);
                let arguments = (0, vm.ctx.none(), parts);
                let function = self.scope.globals.get_item(function, vm);
                ending(
                    function.and_then(|function| function.call(arguments, vm)),
                    vm,
                )
            })
        })
    }

    /// Gives up an interpreter that was unwound in the middle of something, and starts another.
    /// The memory of this one is not freed, since freeing would run more of it.
    pub fn replaced(self) -> Self {
        let board = self.board.restarted();
        std::mem::forget(self);
        Self::start(board)
    }

    fn run_in(&self, program: &Program, vm: &VirtualMachine) -> Ending {
        let Ok(source) = std::str::from_utf8(&program.source) else {
            return Ending::Raised("UnicodeError: the program is not UTF-8\n".to_owned());
        };
        let mode = match program.form {
            Form::Statement => Mode::Single,
            Form::File => Mode::Exec,
        };
        match compiled(source, mode, vm) {
            Ok(code) => ending(vm.run_code_obj(code, self.scope.clone()), vm),
            Err(text) => Ending::Raised(text),
        }
    }
}

/// A file that an interpreter has compiled.
pub struct Compiled(PyRef<PyCode>);

/// A program and its parts.
pub struct Parts<'a> {
    /// What comes before what is compiled; all of it where nothing is.
    pub first: &'a str,
    /// The rest, compiled.
    pub last: Option<&'a Compiled>,
    /// Whether memory is collected after it.
    pub collects: bool,
}

/// The program's code, or a traceback.
fn compiled(source: &str, mode: Mode, vm: &VirtualMachine) -> Result<PyRef<PyCode>, String> {
    // `VirtualMachine::compile` would parse twice, to warn of escapes.
    let options = CompileOpts {
        debug_ranges: false,
        ..vm.compile_opts()
    };
    match compile(source, mode, FILE, options) {
        Ok(code) => Ok(vm.ctx.new_code(code)),
        Err(error) => Err(syntax_error(&error, source, vm)),
    }
}

fn ending(outcome: PyResult, vm: &VirtualMachine) -> Ending {
    match outcome {
        Ok(_) => Ending::Finished,
        Err(error) if error.class().fast_issubclass(vm.ctx.exceptions.system_exit) => {
            Ending::Exited
        }
        Err(error) => Ending::Raised(traceback(&error, vm)),
    }
}

/// Runs the interpreter; a panic in it ends the call, not the agent.
fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, Failure> {
    // An earlier call may have raised something and survived it.
    was_raised();
    catch_unwind(AssertUnwindSafe(call)).map_err(|unwound| {
        let unwound = unwound.as_ref();
        if is_end(unwound) {
            return Failure::Unwound;
        }
        // What the standard library panics with where a size is beyond any memory.
        if says(unwound, "capacity overflow") {
            return Failure::OutOfMemory;
        }
        match was_raised().filter(|_| says(unwound, "InvalidBytecode")) {
            Some(Between::Interrupt) => Failure::Interrupted,
            Some(Between::OutOfMemory) => Failure::OutOfMemory,
            None => Failure::Broken,
        }
    })
}

fn says(panic: &(dyn Any + Send), words: &str) -> bool {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.is_some_and(|text| text.contains(words))
}

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.install_signal_handlers = false;
    settings.import_site = false;
    settings.ignore_environment = true;
    settings.isolated = true;
    // Sets have the same order in every run.
    settings.hash_seed = Some(0);
    settings
}

/// MicroPython's words for a program that does not compile: the line, and the type with a text.
fn syntax_error(error: &CompileError, source: &str, vm: &VirtualMachine) -> String {
    let (line, _) = error.python_location();
    let error: PyBaseExceptionRef = vm.new_syntax_error(error, Some(source));
    let text = error
        .get_arg(0)
        .and_then(|text| text.downcast::<PyStr>().ok());
    format!(
        "Traceback (most recent call last):\n  File \"{FILE}\", line {line}\n{}: {}\n",
        error.class().name(),
        text.map(|text| text.to_string_lossy().into_owned())
            .unwrap_or_default(),
    )
}
