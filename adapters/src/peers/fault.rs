//! Owns the line between what the target did to a connection and what broke in the bench.

use std::io;

/// Why something on a peer's network did not succeed.
#[derive(Debug)]
pub enum Fault {
    /// The target's doing: something to observe.
    Target(Breach),
    /// The bench's own side failed: nothing that could be observed.
    Bench(io::Error),
}

/// What a target did to a connection.
#[derive(Debug)]
pub enum Breach {
    /// It answered the attempt to connect with a reset: nobody listens there.
    Refused,
    /// It broke the connection off.
    Reset,
    /// It ended its direction of the stream before everything had come.
    Ended,
    /// It does not answer at all.
    Unreachable(io::Error),
}

/// Sorts the errors of the system's sockets, as `connect`, `accept`, `recv` and `send` give them.
impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Fault::Target(Breach::Refused),
            // After the first `ECONNRESET` the system answers with the other three.
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::NotConnected => Fault::Target(Breach::Reset),
            io::ErrorKind::TimedOut | io::ErrorKind::HostUnreachable => {
                Fault::Target(Breach::Unreachable(error))
            }
            _ => Fault::Bench(error),
        }
    }
}
