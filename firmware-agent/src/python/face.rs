//! Owns the face of MicroPython: which built-ins there are, and what `sys` says.
//! Everything that a board does not have is taken away, by lists of what stays.

use rustpython_vm::builtins::{PyDictRef, PyModule, PyNamespace, PyStr};
use rustpython_vm::class::PyClassImpl;
use rustpython_vm::import::import_builtin;
use rustpython_vm::scope::Scope;
use rustpython_vm::{AsObject, Py, PyPayload, PyResult, VirtualMachine};

use super::{allocation, exception_repr, os_error, text};
use crate::modules::terminal::Terminal;

/// The version of MicroPython whose behaviour is followed.
const VERSION: (u32, u32, u32) = (1, 24, 0);

/// What the banner says, without its line end.
pub const BANNER: &str = "MicroPython v1.24.0 on 2024-10-25; Trueline reference agent";

/// The built-ins that stay. `open`, `breakpoint` and the rest of Python's are no board's.
#[rustfmt::skip]
const BUILTINS: &[&str] = &[
    "__build_class__", "__debug__", "__import__", "__name__",
    "ArithmeticError", "AssertionError", "AttributeError", "BaseException", "EOFError",
    "Ellipsis", "Exception", "GeneratorExit", "ImportError", "IndentationError", "IndexError",
    "KeyError", "KeyboardInterrupt", "LookupError", "MemoryError", "NameError",
    "NotImplemented", "NotImplementedError", "OSError", "OverflowError", "RuntimeError",
    "StopAsyncIteration", "StopIteration", "SyntaxError", "SystemExit", "TypeError",
    "UnicodeError", "ValueError", "ZeroDivisionError",
    "False", "None", "True",
    "abs", "all", "any", "bin", "bool", "bytearray", "bytes", "callable", "chr",
    "classmethod", "compile", "complex", "delattr", "dict", "dir", "divmod", "enumerate",
    "eval", "exec", "filter", "float", "frozenset", "getattr", "globals", "hasattr", "hash",
    "hex", "id", "input", "int", "isinstance", "issubclass", "iter", "len", "list", "locals",
    "map", "max", "memoryview", "min", "next", "object", "oct", "ord", "pow", "print",
    "property", "range", "repr", "reversed", "round", "set", "setattr", "slice", "sorted",
    "staticmethod", "str", "sum", "super", "tuple", "type", "zip",
];

/// What stays of `sys`. The hooks are the interpreter's own way to write values and exceptions.
#[rustfmt::skip]
const SYS: &[&str] = &[
    "__name__", "argv", "byteorder", "displayhook", "exc_info", "excepthook", "exit",
    "implementation", "maxsize", "modules", "path", "platform", "print_exception", "stderr",
    "stdin", "stdout", "unraisablehook", "version", "version_info",
];

/// Gives the interpreter its face.
pub fn install(vm: &VirtualMachine) -> PyResult<()> {
    text::install(vm);
    os_error::install(vm);
    exception_repr::install(vm);
    allocation::install(vm);
    Terminal::make_static_type();
    let natives = import_builtin(vm, "builtins_of_the_board")?;
    for name in ["__import__", "input", "print"] {
        vm.builtins
            .set_attr(name, natives.get_attr(name, vm)?, vm)?;
    }
    keep(&vm.builtins.dict(), BUILTINS, vm)?;
    vm.sys_module.set_attr(
        "print_exception",
        natives.get_attr("print_exception", vm)?,
        vm,
    )?;
    keep(&vm.sys_module.dict(), SYS, vm)
}

/// What a program may have changed of the face, as it was before.
pub struct Original {
    builtins: PyDictRef,
    sys: PyDictRef,
}

impl Original {
    /// Remembers the face as it is now.
    pub fn of(vm: &VirtualMachine) -> Self {
        let copy = |module: &Py<PyModule>| module.dict().copy().into_ref(&vm.ctx);
        Self {
            builtins: copy(&vm.builtins),
            sys: copy(&vm.sys_module),
        }
    }

    /// Makes the face what it was, with no module imported, and gives new globals.
    pub fn restore(&self, vm: &VirtualMachine) -> PyResult<Scope> {
        refill(&vm.builtins.dict(), &self.builtins, vm)?;
        refill(&vm.sys_module.dict(), &self.sys, vm)?;
        // What only a program imports is among the modules: RustPython's own are out of reach.
        vm.sys_module.set_attr("modules", vm.ctx.new_dict(), vm)?;
        describe(vm)?;
        vm.new_scope_with_main()
    }
}

/// What `sys` says of the board.
fn describe(vm: &VirtualMachine) -> PyResult<()> {
    let set = |name: &'static str, value| vm.sys_module.set_attr(name, value, vm);
    let (major, minor, micro) = VERSION;
    let implementation = PyNamespace::default().into_ref(&vm.ctx);
    let describe = |name: &'static str, value| implementation.as_object().set_attr(name, value, vm);
    describe("name", vm.new_pyobj("micropython"))?;
    describe("version", vm.new_pyobj((major, minor, micro)))?;
    describe("_machine", vm.new_pyobj("Trueline reference agent"))?;
    set("implementation", implementation.into())?;
    set("platform", vm.new_pyobj("trueline"))?;
    set("version", vm.new_pyobj(format!("3.4.0; {BANNER}")))?;
    set("version_info", vm.new_pyobj((3, 4, 0)))?;
    set("argv", vm.ctx.new_list(Vec::new()).into())?;
    set("path", vm.ctx.new_list(Vec::new()).into())?;
    for stream in ["stdin", "stdout", "stderr"] {
        set(stream, Terminal.into_pyobject(vm))?;
    }
    Ok(())
}

fn keep(namespace: &PyDictRef, names: &[&str], vm: &VirtualMachine) -> PyResult<()> {
    for (name, _) in namespace.clone() {
        let stays = name
            .downcast_ref::<PyStr>()
            .is_some_and(|name| names.contains(&name.to_string_lossy().as_ref()));
        if !stays {
            namespace.del_item(name.as_object(), vm)?;
        }
    }
    Ok(())
}

fn refill(namespace: &PyDictRef, original: &PyDictRef, vm: &VirtualMachine) -> PyResult<()> {
    for (name, _) in namespace.clone() {
        if !original.contains_key(name.as_object(), vm) {
            namespace.del_item(name.as_object(), vm)?;
        }
    }
    for (name, value) in original.clone() {
        namespace.set_item(name.as_object(), value, vm)?;
    }
    Ok(())
}
