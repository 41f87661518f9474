//! The `trueline` command. Everything it does is in [`trueline::command_line`], and in
//! [`trueline::work`] where it is a worker of another one.

use std::process::ExitCode;

use trueline_adapters::worker;

fn main() -> ExitCode {
    match worker::asked() {
        Some(role) => trueline::work(role),
        None => trueline::command_line::main(),
    }
}
