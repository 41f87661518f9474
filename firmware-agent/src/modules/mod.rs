//! Owns the modules of the board, native to the interpreter.
//! Which names they are imported by is `crate::python`'s to say.

mod builtins;
mod errno;
mod gc;
mod micropython;
mod network;
mod select;
pub mod socket_object;
pub mod terminal;
mod time;
mod usocket;

use rustpython_vm::Context;
use rustpython_vm::builtins::PyModuleDef;

/// The definitions of all of them.
pub fn definitions(context: &Context) -> Vec<&'static PyModuleDef> {
    vec![
        builtins::module_def(context),
        errno::module_def(context),
        gc::module_def(context),
        micropython::module_def(context),
        network::module_def(context),
        select::module_def(context),
        time::module_def(context),
        usocket::module_def(context),
    ]
}
