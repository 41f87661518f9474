//! Owns agents within a process: a board on a thread, and the line to it.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crate::console::Console;
use crate::interrupt::Interrupt;
use crate::net::Net;
use crate::net::host::HostNet;
use crate::serve::serve;

/// A board that runs in this process.
///
/// It ends when its line is closed: when the agent and every clone of its stream are dropped, or
/// with [`Agent::end`].
#[derive(Debug)]
pub struct Agent {
    stream: UnixStream,
    thread: JoinHandle<io::Result<()>>,
}

impl Agent {
    /// A board on the host's network.
    pub fn spawn() -> io::Result<Self> {
        Self::spawn_on(HostNet::new)
    }

    /// A board on any network, which is made on the board's own thread.
    pub fn spawn_on<N: Net + 'static>(
        make_net: impl FnOnce(Arc<Interrupt>) -> N + Send + 'static,
    ) -> io::Result<Self> {
        let (stream, line) = UnixStream::pair()?;
        let output = line.try_clone()?;
        let thread = thread::Builder::new()
            .name("agent".to_owned())
            .spawn(move || serve(line, Console::new(output), make_net))?;
        Ok(Self { stream, thread })
    }

    /// The line to the board, on which it speaks its REPL.
    pub fn stream(&self) -> &UnixStream {
        &self.stream
    }

    /// The line alone; closing it ends the board.
    pub fn into_stream(self) -> UnixStream {
        self.stream
    }

    /// Ends the board, whatever it is doing, and waits until it has ended.
    pub fn end(self) -> io::Result<()> {
        self.stream.shutdown(std::net::Shutdown::Both)?;
        match self.thread.join() {
            Ok(outcome) => outcome,
            Err(_) => Err(io::Error::other("the agent's thread failed")),
        }
    }
}
