//! Owns `str` as MicroPython has it: `str(text, 'utf-8')` of what is text already is that text.
//! The documented examples call it so. The type itself is changed, not replaced, so that
//! `type(text) is str` holds.

use rustpython_vm::builtins::{PyStr, PyTypeRef};
use rustpython_vm::function::FuncArgs;
use rustpython_vm::types::Constructor;
use rustpython_vm::{AsObject, PyResult, VirtualMachine};

/// Changes the type.
pub fn install(vm: &VirtualMachine) {
    vm.ctx.types.str_type.slots.new.store(Some(new));
}

fn new(class: PyTypeRef, mut args: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let decodes_text =
        (2..=3).contains(&args.args.len()) && args.args[0].class().is(vm.ctx.types.str_type);
    if decodes_text {
        args.args.truncate(1);
    }
    PyStr::slot_new(class, args, vm)
}
