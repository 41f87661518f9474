//! Owns the worker of programs that use the crate and are not themselves Trueline, as its tests: see
//! [`trueline_adapters::worker::start_from`].

use std::process::ExitCode;

use trueline_adapters::worker;

fn main() -> ExitCode {
    let Some(role) = worker::asked() else {
        eprintln!("trueline-worker is started by a program that uses Trueline, not by hand");
        return ExitCode::FAILURE;
    };
    match worker::serve(role) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("trueline-worker {}: {error}", role.word());
            ExitCode::FAILURE
        }
    }
}
