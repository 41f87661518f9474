//! Owns the host's side of the raw REPL, as far as these tests need it.

use std::io::{Read, Write};
use std::time::Duration;

use trueline_agent::Agent;

/// How long an answer may take before a test fails rather than hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// An agent in raw mode.
pub struct Session {
    agent: Agent,
    unread: Vec<u8>,
}

/// What a program wrote, and its traceback.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub output: String,
    pub error: String,
}

impl Session {
    pub fn start() -> Self {
        Self::with(Agent::spawn().expect("sockets and threads can be had"))
    }

    pub fn with(agent: Agent) -> Self {
        agent
            .stream()
            .set_read_timeout(Some(PATIENCE))
            .expect("the timeout is not zero");
        let mut session = Self {
            agent,
            unread: Vec::new(),
        };
        session.until(">>> ");
        session.send(b"\x01");
        session.until("raw REPL; CTRL-B to exit\r\n>");
        session
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.agent
            .stream()
            .write_all(bytes)
            .expect("the agent listens");
    }

    /// Reads up to the end of these words, and gives all before them.
    pub fn until(&mut self, words: &str) -> String {
        loop {
            let found = self
                .unread
                .windows(words.len())
                .position(|part| part == words.as_bytes());
            if let Some(start) = found {
                let before: Vec<u8> = self
                    .unread
                    .drain(..start + words.len())
                    .take(start)
                    .collect();
                return String::from_utf8(before).expect("the tests print UTF-8");
            }
            let mut buffer = [0; 4096];
            let count = self
                .agent
                .stream()
                .read(&mut buffer)
                .unwrap_or_else(|error| {
                    panic!(
                        "waiting for {words:?} after {:?}: {error}",
                        self.unread.escape_ascii()
                    )
                });
            assert_ne!(count, 0, "the agent ended before {words:?}");
            self.unread.extend(&buffer[..count]);
        }
    }

    /// Starts a program.
    pub fn begin(&mut self, program: &str) {
        self.send(program.as_bytes());
        self.send(b"\x04");
        self.until("OK");
    }

    /// What a program that was begun still writes.
    pub fn end(&mut self) -> Answer {
        let output = self.until("\x04");
        let error = self.until("\x04>");
        Answer { output, error }
    }

    pub fn run(&mut self, program: &str) -> Answer {
        self.begin(program);
        self.end()
    }

    /// What a program prints that raises nothing, without the last line end.
    pub fn print(&mut self, program: &str) -> String {
        let answer = self.run(program);
        assert_eq!(answer.error, "", "{program}");
        answer.output.trim_end_matches("\r\n").to_owned()
    }

    /// The last line of the traceback.
    pub fn error(&mut self, program: &str) -> String {
        let error = self.run(program).error;
        error
            .trim_end_matches("\r\n")
            .rsplit("\r\n")
            .next()
            .unwrap_or_default()
            .to_owned()
    }

    pub fn soft_reset(&mut self) {
        self.send(b"\x04");
        self.until("OK\r\nMPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>");
    }

    pub fn interrupt(&mut self) {
        self.send(b"\x03");
    }

    pub fn stop(self) {
        self.agent.end().expect("the agent ends in good order");
    }
}
