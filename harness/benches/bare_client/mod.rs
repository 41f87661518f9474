//! Owns the yardstick: a client that writes a program to a raw REPL on a terminal and reads
//! the answer, blocking, and does nothing else. It checks nothing that it need not.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};

use nix::pty::openpty;
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};

/// An interpreter in its raw REPL.
pub struct BareClient {
    child: Child,
    line: File,
    answer: Vec<u8>,
}

impl BareClient {
    /// Starts the command on a terminal of its own.
    pub fn start(command: &str) -> io::Result<Self> {
        let pty = openpty(None, None)?;
        let mut modes = tcgetattr(&pty.slave)?;
        cfmakeraw(&mut modes);
        tcsetattr(&pty.slave, SetArg::TCSANOW, &modes)?;
        let end = |slave: &OwnedFd| Ok::<_, io::Error>(Stdio::from(slave.try_clone()?));
        let child = Command::new(command)
            .stdin(end(&pty.slave)?)
            .stdout(end(&pty.slave)?)
            .stderr(end(&pty.slave)?)
            .spawn()?;
        drop(pty.slave);
        let mut client = Self {
            child,
            line: File::from(pty.master),
            answer: Vec::new(),
        };
        client.line.write_all(b"\r\x03\x03\r\x01")?;
        client.read_to(b"raw REPL; CTRL-B to exit\r\n>")?;
        Ok(client)
    }

    /// Runs a program and reads everything up to the next prompt.
    pub fn run(&mut self, program: &[u8]) -> io::Result<()> {
        let mut sent = Vec::with_capacity(program.len() + 1);
        sent.extend_from_slice(program);
        sent.push(4);
        self.line.write_all(&sent)?;
        self.read_to(b"\x04\x04>")
    }

    fn read_to(&mut self, end: &[u8]) -> io::Result<()> {
        self.answer.clear();
        let mut part = [0; 4096];
        while !self.answer.ends_with(end) {
            match self.line.read(&mut part)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                size => self.answer.extend_from_slice(&part[..size]),
            }
        }
        Ok(())
    }
}

impl Drop for BareClient {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing is left to do.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
