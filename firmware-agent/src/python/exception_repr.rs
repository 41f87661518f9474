//! Owns `repr` of exceptions as MicroPython has it: the name of the type and the tuple of the
//! arguments, as `OSError(22,)`. Does not know what `str` says; see [`super::os_error`].

use rustpython_vm::builtins::{PyBaseException, PyStr, PyType};
use rustpython_vm::{
    AsObject, Py, PyObject, PyObjectRef, PyRef, PyResult, TryFromObject, VirtualMachine,
};

/// Changes the type that all exceptions are derived from, and those that are.
pub fn install(vm: &VirtualMachine) {
    let base = vm.ctx.exceptions.base_exception_type;
    change(base);
    let method = vm.new_method(
        "__repr__",
        base,
        |zelf: PyObjectRef, vm: &VirtualMachine| repr(&zelf, vm),
    );
    base.set_attr(vm.ctx.intern_str("__repr__"), method.into());
}

/// Built-in types have their own copy of what they inherit.
fn change(class: &Py<PyType>) {
    class.slots.repr.store(Some(repr));
    for derived in class.subclasses.read().iter() {
        if let Some(derived) = derived
            .upgrade()
            .and_then(|derived| derived.downcast::<PyType>().ok())
        {
            change(&derived);
        }
    }
}

fn repr(zelf: &PyObject, vm: &VirtualMachine) -> PyResult<PyRef<PyStr>> {
    let error = PyRef::<PyBaseException>::try_from_object(vm, zelf.to_owned())?;
    let arguments = error.args().as_object().repr(vm)?;
    let text = format!("{}{arguments}", zelf.class().name());
    Ok(vm.ctx.new_str(text))
}
