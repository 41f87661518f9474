//! Owns how much memory one object may ask for. RustPython allocates what a program asks for,
//! and the process ends when there is not so much; a board raises `MemoryError`.
//!
//! Guarded are the usual ways: `bytes(n)`, `bytearray(n)` and the repetition of a sequence. A program
//! that takes its memory bit by bit is told by the soft limit of [`crate::memory`], at its next
//! instruction. What asks for a huge piece at once in another way, as a shift can, ends the process
//! by the hard limit.

use std::cell::RefCell;

use rustpython_vm::builtins::{
    PyBaseExceptionRef, PyByteArray, PyBytes, PyInt, PyList, PyStr, PyTuple, PyTypeRef,
};
use rustpython_vm::function::FuncArgs;
use rustpython_vm::gc_state::gc_state;
use rustpython_vm::protocol::PySequence;
use rustpython_vm::signal::UserSignalSender;
use rustpython_vm::types::{AsSequence, Constructor, Initializer};
use rustpython_vm::{PyObjectRef, PyResult, VirtualMachine};

use super::interruption::{Between, raises};
use crate::memory::{self, Limits};

/// The most bytes, or references, that one object may have at its birth: much more than a board
/// has, and little for a host.
const LARGEST: usize = 1 << 26;

thread_local! {
    /// Reaches the interpreter of this thread.
    static INTERPRETER: RefCell<Option<UserSignalSender>> = const { RefCell::new(None) };
}

/// Limits what the programs of this thread's interpreter may take in all, from what it has now.
pub fn limit(interpreter: &UserSignalSender) {
    INTERPRETER.set(Some(interpreter.clone()));
    memory::limit(Limits::OF_PROGRAMS, tell);
}

/// Lets the interpreter look at its memory before its next instruction.
fn tell() {
    INTERPRETER.with(|interpreter| {
        if let Ok(interpreter) = interpreter.try_borrow()
            && let Some(interpreter) = &*interpreter
        {
            // It fails when the interpreter is gone, and with it the program that took so much.
            let _ = interpreter.send(Box::new(look));
        }
    });
}

/// Raises `MemoryError` where collecting does not give enough back.
fn look(vm: &VirtualMachine) -> PyResult<()> {
    gc_state().collect_force(2);
    match memory::is_still_passed() {
        true => {
            raises(Between::OutOfMemory);
            Err(out_of_memory(vm))
        }
        false => Ok(()),
    }
}

/// Changes the types.
pub fn install(vm: &VirtualMachine) {
    let types = &vm.ctx.types;
    types.bytes_type.slots.new.store(Some(new_bytes));
    types.bytearray_type.slots.init.store(Some(init_bytearray));
    for (class, repeat) in [
        (types.bytes_type, repeat::<PyBytes> as Repeat),
        (types.str_type, repeat::<PyStr>),
        (types.tuple_type, repeat::<PyTuple>),
    ] {
        class.slots.as_sequence.repeat.store(Some(repeat));
    }
    for (class, repeat, in_place) in [
        (
            types.bytearray_type,
            repeat::<PyByteArray> as Repeat,
            repeat_in_place::<PyByteArray> as Repeat,
        ),
        (types.list_type, repeat::<PyList>, repeat_in_place::<PyList>),
    ] {
        let slots = &class.slots.as_sequence;
        slots.repeat.store(Some(repeat));
        slots.inplace_repeat.store(Some(in_place));
    }
}

type Repeat = fn(PySequence<'_>, isize, &VirtualMachine) -> PyResult;

fn new_bytes(class: PyTypeRef, args: FuncArgs, vm: &VirtualMachine) -> PyResult {
    check_size(args.args.first(), vm)?;
    PyBytes::slot_new(class, args, vm)
}

fn init_bytearray(zelf: PyObjectRef, args: FuncArgs, vm: &VirtualMachine) -> PyResult<()> {
    check_size(args.args.first(), vm)?;
    PyByteArray::slot_init(zelf, args, vm)
}

fn repeat<T: AsSequence>(sequence: PySequence<'_>, count: isize, vm: &VirtualMachine) -> PyResult {
    check_product(sequence, count, vm)?;
    call(T::as_sequence().repeat, sequence, count, vm)
}

fn repeat_in_place<T: AsSequence>(
    sequence: PySequence<'_>,
    count: isize,
    vm: &VirtualMachine,
) -> PyResult {
    check_product(sequence, count, vm)?;
    call(T::as_sequence().inplace_repeat, sequence, count, vm)
}

fn call(
    original: Option<Repeat>,
    sequence: PySequence<'_>,
    count: isize,
    vm: &VirtualMachine,
) -> PyResult {
    match original {
        Some(original) => original(sequence, count, vm),
        None => Err(vm.new_type_error("the object can't be repeated")),
    }
}

/// Of a constructor that takes a number of bytes as its first argument.
fn check_size(first: Option<&PyObjectRef>, vm: &VirtualMachine) -> PyResult<()> {
    let Some(number) = first.and_then(|first| first.downcast_ref::<PyInt>()) else {
        return Ok(());
    };
    // What is no `i64` is out of range either way, and Python says so.
    match number.try_to_primitive::<i64>(vm) {
        Ok(size) if size > LARGEST as i64 => Err(out_of_memory(vm)),
        _ => Ok(()),
    }
}

fn check_product(sequence: PySequence<'_>, count: isize, vm: &VirtualMachine) -> PyResult<()> {
    let length = sequence.length(vm)?;
    match length.saturating_mul(count.max(0).unsigned_abs()) > LARGEST {
        true => Err(out_of_memory(vm)),
        false => Ok(()),
    }
}

fn out_of_memory(vm: &VirtualMachine) -> PyBaseExceptionRef {
    vm.new_memory_error("memory allocation failed")
}
