//! Owns the module `gc`. Collection is the interpreter's; memory figures are a board's, not the
//! host's: `mem_free` of a heap of the usual size.

pub(super) use definition::module_def;

#[rustpython_vm::pymodule(name = "gc")]
mod definition {
    use rustpython_vm::function::OptionalArg;
    use rustpython_vm::gc_state::gc_state;

    /// The heap of a Wi-Fi board.
    const HEAP: usize = 180 * 1024;

    /// What an object takes there, on average.
    const OBJECT: usize = 32;

    #[pyfunction]
    fn collect() -> usize {
        gc_state().collect_force(2).collected
    }

    #[pyfunction]
    fn enable() {
        gc_state().enable();
    }

    #[pyfunction]
    fn disable() {
        gc_state().disable();
    }

    #[pyfunction]
    fn isenabled() -> bool {
        gc_state().is_enabled()
    }

    /// Guessed from the number of young objects; never all of the heap.
    #[pyfunction]
    fn mem_alloc() -> usize {
        (gc_state().get_count().0 * OBJECT).clamp(OBJECT, HEAP / 2)
    }

    #[pyfunction]
    fn mem_free() -> usize {
        HEAP - mem_alloc()
    }

    /// Taken, but the interpreter decides for itself when to collect.
    #[pyfunction]
    fn threshold(_amount: OptionalArg<isize>) -> isize {
        -1
    }
}
