//! Owns the module `errno`: the numbers of `crate::net::Errno`, and `errorcode`.

pub(super) use definition::module_def;

#[rustpython_vm::pymodule(name = "errno")]
mod definition {
    use rustpython_vm::builtins::PyModule;
    use rustpython_vm::{Py, PyResult, VirtualMachine};

    use crate::net::Errno;

    pub(crate) fn module_exec(vm: &VirtualMachine, module: &Py<PyModule>) -> PyResult<()> {
        __module_exec(vm, module);
        let names = vm.ctx.new_dict();
        for (number, name) in Errno::NAMES {
            let number = vm.new_pyobj(number.0);
            names.set_item(&*number, vm.new_pyobj(*name), vm)?;
            module.set_attr(vm.ctx.intern_str(*name), number, vm)?;
        }
        module.set_attr("errorcode", names, vm)
    }
}
