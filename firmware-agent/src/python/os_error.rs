//! Owns `OSError` as MicroPython has it: always exactly that type, made with one number, which is
//! also its `errno`; its text names the number.

use rustpython_vm::builtins::{
    PyBaseException, PyBaseExceptionRef, PyInt, PyOSError, PyStr, PyTypeRef,
};
use rustpython_vm::common::wtf8::Wtf8Buf;
use rustpython_vm::function::FuncArgs;
use rustpython_vm::types::Constructor;
use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, TryFromObject, VirtualMachine,
};

use crate::net::Errno;

/// The exception for an error number.
pub fn os_error(error: Errno, vm: &VirtualMachine) -> PyBaseExceptionRef {
    vm.new_os_error(error.0)
}

/// Changes the type.
pub fn install(vm: &VirtualMachine) {
    let class = vm.ctx.exceptions.os_error;
    class.slots.new.store(Some(new));
    class.slots.str.store(Some(text));
    let errno = vm.ctx.new_readonly_getset("errno", class, errno);
    class.set_attr(vm.ctx.intern_str("errno"), errno.into());
    let text = vm.new_method(
        "__str__",
        class,
        |zelf: PyObjectRef, vm: &VirtualMachine| text(&zelf, vm),
    );
    class.set_attr(vm.ctx.intern_str("__str__"), text.into());
}

/// No number makes it another type.
fn new(class: PyTypeRef, args: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let error = PyOSError::py_new(&class, args, vm)?;
    error.into_ref_with_type(vm, class).map(Into::into)
}

fn errno(zelf: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    let error = PyRef::<PyBaseException>::try_from_object(vm, zelf)?;
    Ok(error.get_arg(0).unwrap_or_else(|| vm.ctx.none()))
}

fn text(zelf: &PyObject, vm: &VirtualMachine) -> PyResult<PyRef<PyStr>> {
    let error = PyRef::<PyBaseException>::try_from_object(vm, zelf.to_owned())?;
    let args = error.args();
    let number = args.first().and_then(|first| {
        first
            .downcast_ref::<PyInt>()?
            .try_to_primitive::<i32>(vm)
            .ok()
            .map(Errno)
    });
    let text: Wtf8Buf = match (number.filter(|number| number.name().is_some()), &args[..]) {
        (_, []) => Wtf8Buf::new(),
        (Some(number), [_]) => number.to_string().into(),
        (Some(number), [_, what]) => {
            let mut text = Wtf8Buf::from(format!("{number}: "));
            text.push_wtf8(what.str(vm)?.as_wtf8());
            text
        }
        (None, [single]) => single.str(vm)?.as_wtf8().to_owned(),
        _ => args.as_object().repr(vm)?.as_wtf8().to_owned(),
    };
    Ok(vm.ctx.new_str(text))
}
