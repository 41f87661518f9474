//! Owns the built-in functions that a board has of its own: `print`, `input`, `__import__`, and
//! `sys.print_exception`. They are put in their places by `crate::python::face`.

pub(super) use definition::module_def;

#[rustpython_vm::pymodule(name = "builtins_of_the_board")]
mod definition {
    use rustpython_vm::builtins::{PyBaseExceptionRef, PyStrRef};
    use rustpython_vm::function::{FuncArgs, OptionalArg, PosArgs};
    use rustpython_vm::{FromArgs, PyObjectRef, PyResult, VirtualMachine};

    use crate::python::interruption::{board, interrupted};
    use crate::repl::line::{Entered, Line};
    use crate::repl::{CTRL_C, CTRL_D};

    #[derive(FromArgs)]
    struct PrintOptions {
        #[pyarg(named, default)]
        sep: Option<PyStrRef>,
        #[pyarg(named, default)]
        end: Option<PyStrRef>,
        #[pyarg(named, default)]
        file: Option<PyObjectRef>,
        #[pyarg(named, default)]
        flush: bool,
    }

    /// Prints all at once, so that a line is one write.
    #[pyfunction]
    fn print(values: PosArgs, options: PrintOptions, vm: &VirtualMachine) -> PyResult<()> {
        let mut text = Vec::new();
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                text.extend(options.sep.as_ref().map_or(&b" "[..], |sep| sep.as_bytes()));
            }
            text.extend(value.str(vm)?.as_bytes());
        }
        text.extend(
            options
                .end
                .as_ref()
                .map_or(&b"\n"[..], |end| end.as_bytes()),
        );
        if let Some(file) = options.file {
            let text = vm.ctx.new_str(String::from_utf8_lossy(&text).into_owned());
            vm.call_method(&file, "write", (text,))?;
            return Ok(());
        }
        let board = board(vm)?;
        board.console.print(&text);
        if options.flush {
            board.console.flush();
        }
        Ok(())
    }

    /// Reads a line from the REPL's input, echoing it. What comes after the line stays for the
    /// next call, or for the REPL.
    #[pyfunction]
    fn input(prompt: OptionalArg<PyObjectRef>, vm: &VirtualMachine) -> PyResult<String> {
        let board = board(vm)?;
        if let OptionalArg::Present(prompt) = prompt {
            board.console.print(prompt.str(vm)?.as_bytes());
        }
        let mut line = Line::default();
        loop {
            let Some(byte) = board.input.next_byte() else {
                return Err(interrupted(&board.interrupt, vm));
            };
            let (echo, entered) = line.push(byte);
            board.console.put(&echo);
            match entered {
                Some(Entered::Line(line)) => {
                    board.console.flush();
                    return Ok(line);
                }
                Some(Entered::Control(CTRL_C)) => return Err(interrupted(&board.interrupt, vm)),
                Some(Entered::Control(CTRL_D)) => {
                    let class = vm.ctx.exceptions.eof_error.to_owned();
                    return Err(vm.new_exception_empty(class));
                }
                Some(Entered::Control(_)) | None => {}
            }
        }
    }

    #[pyfunction(name = "__import__")]
    fn import(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        crate::python::import(args, vm)
    }

    #[pyfunction]
    fn print_exception(
        error: PyBaseExceptionRef,
        file: OptionalArg<PyObjectRef>,
        vm: &VirtualMachine,
    ) -> PyResult<()> {
        let text = crate::python::traceback(&error, vm);
        match file {
            OptionalArg::Present(file) => {
                vm.call_method(&file, "write", (vm.ctx.new_str(text),))?;
            }
            OptionalArg::Missing => board(vm)?.console.print(text.as_bytes()),
        }
        Ok(())
    }
}
