//! Owns which modules a program can import. RustPython's own import machinery never runs.

use rustpython_vm::builtins::{PyStr, PyStrRef};
use rustpython_vm::function::FuncArgs;
use rustpython_vm::import::import_builtin;
use rustpython_vm::{AsObject, PyRef, PyResult, TryFromObject, VirtualMachine};

/// The names that can be imported, and which native module each stands for.
const MODULES: &[(&str, &str)] = &[
    ("errno", "errno"),
    ("gc", "gc"),
    ("micropython", "micropython"),
    ("network", "network"),
    ("select", "select"),
    ("socket", "usocket"),
    ("time", "time"),
    ("uerrno", "errno"),
    ("uselect", "select"),
    ("usocket", "usocket"),
    ("utime", "time"),
];

/// `__import__(name, globals, locals, fromlist, level)`.
pub fn import(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let Some(name) = args.args.first() else {
        return Err(vm.new_type_error("__import__() needs a module name"));
    };
    let name = PyRef::<PyStr>::try_from_object(vm, name.clone())?;
    if let Some(level) = args.args.get(4)
        && i64::try_from_object(vm, level.clone())? != 0
    {
        return Err(import_error("can't perform relative import", &name, vm));
    }
    let modules = vm.sys_module.get_attr("modules", vm)?;
    if let Ok(module) = modules.get_item(name.as_object(), vm) {
        return Ok(module);
    }
    let module = match name.to_string_lossy().as_ref() {
        "sys" | "usys" => vm.sys_module.clone().into(),
        "builtins" => vm.builtins.clone().into(),
        asked => match MODULES.iter().find(|(alias, _)| *alias == asked) {
            Some((_, native)) => import_builtin(vm, native)?,
            None => {
                return Err(import_error(
                    &format!("no module named '{asked}'"),
                    &name,
                    vm,
                ));
            }
        },
    };
    modules.set_item(name.as_object(), module.clone(), vm)?;
    Ok(module)
}

fn import_error(
    text: &str,
    name: &PyStrRef,
    vm: &VirtualMachine,
) -> rustpython_vm::builtins::PyBaseExceptionRef {
    vm.new_import_error(text, name.clone())
}
