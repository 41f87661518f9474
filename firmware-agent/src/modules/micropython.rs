//! Owns the module `micropython`, as far as programs for any board use it.

pub(super) use definition::module_def;

#[rustpython_vm::pymodule(name = "micropython")]
mod definition {
    use rustpython_vm::PyObjectRef;
    use rustpython_vm::function::OptionalArg;

    /// A constant is its value.
    #[pyfunction]
    fn r#const(value: PyObjectRef) -> PyObjectRef {
        value
    }

    /// A hint to the compiler, which needs none here.
    #[pyfunction]
    fn opt_level(_level: OptionalArg<i32>) -> i32 {
        0
    }

    #[pyfunction]
    fn native(function: PyObjectRef) -> PyObjectRef {
        function
    }
}
