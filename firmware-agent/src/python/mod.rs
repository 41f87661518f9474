//! Owns the Python of the board: RustPython with the face of MicroPython.
//!
//! [`Interpreter`] runs programs. `face` takes away what a board does not have and puts back
//! what a program changed, `importer` decides which modules there are, `text`, `os_error` and
//! `exception_repr` change built-in types, `allocation` keeps programs within memory, `traceback` writes exceptions as MicroPython does, and `interruption`
//! brings Ctrl-C to a program.

mod allocation;
mod exception_repr;
mod face;
mod importer;
mod interpreter;
pub mod interruption;
pub mod os_error;
mod text;
mod traceback;

pub use face::BANNER;
pub use importer::import;
pub use interpreter::{Compiled, Failure, Interpreter, Parts};
pub use interruption::Nudge;
pub use traceback::traceback;
