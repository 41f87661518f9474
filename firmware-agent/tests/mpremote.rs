//! The official host tool, `mpremote`, against the agent on a pseudo-terminal.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};

/// An agent that is ended with the test.
struct Board {
    agent: Child,
    device: String,
}

impl Board {
    fn start() -> Self {
        Self::with(&[])
    }

    fn with(flags: &[&str]) -> Self {
        let mut agent = Command::new(env!("CARGO_BIN_EXE_trueline-agent"))
            .args(["--repl", "pty"])
            .args(flags)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the command is built before its tests");
        let mut line = String::new();
        let output = agent.stdout.take().expect("it is piped");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("it says where it is");
        let device = line
            .trim_end()
            .strip_prefix("connect to ")
            .expect("it says where it is");
        Self {
            device: device.to_owned(),
            agent,
        }
    }

    fn mpremote(&self, arguments: &[&str]) -> Output {
        Command::new("mpremote")
            .args(["connect", &self.device])
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("it was found a moment ago")
    }

    /// What it prints, when it succeeds.
    fn prints(&self, arguments: &[&str]) -> String {
        let output = self.mpremote(arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.agent.kill();
        let _ = self.agent.wait();
    }
}

/// Whether the tool is there. Its absence is said, and a failure where all parts are required.
fn found() -> bool {
    let found = Command::new("mpremote").arg("version").output().is_ok();
    if !found {
        let required = std::env::var("TRUELINE_REQUIRE_PARTS").is_ok_and(|value| value == "1");
        assert!(
            !required,
            "mpremote is required and not on the path; `pip install mpremote`"
        );
        eprintln!("mpremote is not on the path: nothing was tested (`pip install mpremote`)");
    }
    found
}

#[test]
fn mpremote_runs_programs() {
    if !found() {
        return;
    }
    let board = Board::start();
    assert_eq!(board.prints(&["exec", "x = 41; print(x)"]), "41\n");
    assert_eq!(board.prints(&["eval", "1+2"]), "3\n");
    let mut file = tempfile::NamedTempFile::new().expect("a file can be made");
    // Longer than the window of raw paste.
    let program = "total = 0\n".to_owned() + &"total += 1\n".repeat(1000) + "print(total)\n";
    file.write_all(program.as_bytes())
        .expect("the file can be written");
    let path = file.path().to_str().expect("the name is text");
    assert_eq!(board.prints(&["run", path]), "1000\n");
}

#[test]
fn mpremote_loses_nothing_on_a_slow_line() {
    if !found() {
        return;
    }
    let board = Board::with(&["--baud", "115200"]);
    let text = "0123456789".repeat(300);
    let program = format!("print('{text}')");
    assert_eq!(board.prints(&["exec", &program]), format!("{text}\n"));
}

#[test]
fn resume_keeps_what_the_last_call_left_and_exec_does_not() {
    if !found() {
        return;
    }
    let board = Board::start();
    board.prints(&["exec", "x = 42"]);
    assert_eq!(board.prints(&["resume", "exec", "print(x)"]), "42\n");
    let output = board.mpremote(&["exec", "print(x)"]);
    assert_eq!(output.status.code(), Some(1));
    // The tool prints tracebacks on its standard output.
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("NameError: name 'x' is not defined"),
        "{said}"
    );
}
