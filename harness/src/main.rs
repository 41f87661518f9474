//! The `trueline` command. Everything it does is in [`trueline::command_line`].

use std::process::ExitCode;

fn main() -> ExitCode {
    trueline::command_line::main()
}
