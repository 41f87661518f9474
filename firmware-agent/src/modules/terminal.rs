//! Owns `sys.stdin`, `sys.stdout` and `sys.stderr`: one object, the REPL's own line.

use rustpython_vm::builtins::PyStr;
use rustpython_vm::function::{ArgBytesLike, OptionalArg};
use rustpython_vm::{PyObjectRef, PyPayload, PyResult, TryFromObject, VirtualMachine, pyclass};

use crate::python::interruption::{board, interrupted};

/// The REPL's line as a file.
#[pyclass(name = "FileIO", module = false)]
#[derive(Debug, PyPayload)]
pub struct Terminal;

#[pyclass(flags(IMMUTABLETYPE, DISALLOW_INSTANTIATION))]
impl Terminal {
    /// Takes text and bytes; says how much it has written.
    #[pymethod]
    fn write(&self, data: PyObjectRef, vm: &VirtualMachine) -> PyResult<usize> {
        let board = board(vm)?;
        if let Some(text) = data.downcast_ref::<PyStr>() {
            board.console.print(text.as_bytes());
            return Ok(text.as_bytes().len());
        }
        let data = ArgBytesLike::try_from_object(vm, data)?;
        data.with_ref(|bytes| board.console.print(bytes));
        Ok(data.len())
    }

    #[pymethod]
    fn flush(&self, vm: &VirtualMachine) -> PyResult<()> {
        board(vm)?.console.flush();
        Ok(())
    }

    /// Reads so many characters of ASCII, without echo.
    #[pymethod]
    fn read(&self, size: OptionalArg<usize>, vm: &VirtualMachine) -> PyResult<String> {
        let size = size.unwrap_or(1);
        read(vm, |bytes| bytes.len() >= size)
    }

    /// Reads until a line end, without echo.
    #[pymethod]
    fn readline(&self, vm: &VirtualMachine) -> PyResult<String> {
        read(vm, |bytes| bytes.ends_with(b"\n"))
    }
}

fn read(vm: &VirtualMachine, enough: impl Fn(&[u8]) -> bool) -> PyResult<String> {
    let board = board(vm)?;
    let mut bytes = Vec::new();
    while !enough(&bytes) {
        match board.input.next_byte() {
            // A terminal sends a carriage return for the line end.
            Some(b'\r') => bytes.push(b'\n'),
            Some(byte) => bytes.push(byte),
            None => return Err(interrupted(&board.interrupt, vm)),
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
