//! Owns the processes that a test runs beside itself, the reference agent as a board among them.
//! Makes no claims.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::bench;

/// A process that is ended with its owner.
pub struct Running(pub Child);

impl Running {
    /// Starts it.
    pub fn start(command: &mut Command) -> Running {
        let child = command.stdin(Stdio::null()).spawn();
        Running(child.unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }

    /// Starts it and waits until it has said something; gives what follows.
    pub fn saying(command: &mut Command, text: &str) -> (Running, String) {
        let mut running = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::null()));
        let output = running.0.stdout.take().expect("it is piped");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let said = lines.find_map(|line| Some(line.strip_prefix(text)?.to_owned()));
        // What else it says must not stop it.
        thread::spawn(move || lines.for_each(drop));
        (
            running,
            said.unwrap_or_else(|| panic!("it did not say `{text}`")),
        )
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The reference agent as a board with its REPL there, and where that is.
pub fn board(repl: &str, options: &[&str]) -> (Running, String) {
    let mut command = bench::trueline();
    command.args(["agent", "--repl", repl]).args(options);
    Running::saying(&mut command, "connect to ")
}
