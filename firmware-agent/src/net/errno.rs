//! Owns the error numbers that the board knows, with their names.
//! Does not know how Python raises them; see `crate::python::os_error`.

use std::fmt;
use std::io;

/// An error number as the board's C library has it (Linux numbering).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Errno(pub i32);

macro_rules! numbers {
    ($($name:ident = $number:literal, $says:literal;)*) => {
        impl Errno {
            $(#[doc = $says] pub const $name: Errno = Errno($number);)*

            /// Every named number, in rising order.
            pub const NAMES: &'static [(Errno, &'static str)] =
                &[$((Errno::$name, stringify!($name)),)*];
        }
    };
}

numbers! {
    EPERM = 1, "Operation not permitted.";
    ENOENT = 2, "No such thing.";
    EINTR = 4, "The wait was interrupted; Python sees `KeyboardInterrupt`.";
    EIO = 5, "Input or output failed.";
    EBADF = 9, "The socket is closed.";
    EAGAIN = 11, "Nothing there, and the call must not wait.";
    ENOMEM = 12, "Out of memory.";
    EACCES = 13, "Permission denied.";
    EEXIST = 17, "It is there already.";
    ENODEV = 19, "No such device.";
    EISDIR = 21, "It is a directory.";
    EINVAL = 22, "The socket is in no state for this, or an argument is wrong.";
    ENFILE = 23, "The board has no socket left.";
    EDESTADDRREQ = 89, "A datagram without a destination.";
    EMSGSIZE = 90, "The datagram is too long.";
    ENOPROTOOPT = 92, "No such option.";
    EPROTONOSUPPORT = 93, "No such protocol.";
    EOPNOTSUPP = 95, "Not for this type of socket.";
    EADDRINUSE = 98, "The port is taken.";
    ENETUNREACH = 101, "No way to that network.";
    ECONNABORTED = 103, "The connection was given up.";
    ECONNRESET = 104, "The peer broke the connection off.";
    ENOBUFS = 105, "No buffer left.";
    EISCONN = 106, "The socket is connected or listens already.";
    ENOTCONN = 107, "The socket is not connected.";
    ETIMEDOUT = 110, "The time has passed.";
    ECONNREFUSED = 111, "Nobody listens there.";
    EHOSTUNREACH = 113, "No way to that host.";
    EALREADY = 114, "The connection is being made already.";
    EINPROGRESS = 115, "The connection is being made.";
}

impl Errno {
    /// What `getaddrinfo` raises for a port that is none: lwIP's `EAI_SERVICE`, negated.
    pub const NO_SERVICE: Errno = Errno(-201);
    /// What `getaddrinfo` raises for an unknown name: lwIP's `EAI_FAIL`, negated.
    pub const NO_NAME: Errno = Errno(-202);

    /// Its name, as `ETIMEDOUT`.
    pub fn name(self) -> Option<&'static str> {
        Self::NAMES
            .iter()
            .find(|(number, _)| *number == self)
            .map(|(_, name)| *name)
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "[Errno {}] {name}", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}

impl std::error::Error for Errno {}

impl From<io::Error> for Errno {
    /// A broken pipe is told as the reset that caused it: lwIP knows no other word for it.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ECONNRESET,
            _ => error.raw_os_error().map_or(Self::EIO, Self),
        }
    }
}
