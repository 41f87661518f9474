//! Owns the network as the firmware's C code sees it: numbered sockets and blocking calls.
//! Knows no Python and no operating system; [`host`] is the implementation over the host's
//! sockets. A simulated network is another implementation, with a clock of its own: everything
//! above this trait takes its time from [`Net::now`].

mod errno;
pub mod host;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;

pub use errno::Errno;

/// The number of an open socket, which Python sees as `fileno()`.
///
/// The network gives the lowest number that is free, as a descriptor table does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketId(pub u32);

impl fmt::Display for SocketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a socket carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// TCP.
    Stream,
    /// UDP.
    Datagram,
    /// IP packets of the protocol with this number.
    Raw(u8),
}

/// How long a call may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// As long as it takes.
    Forever,
    /// Until [`Net::now`] has reached this; then the call fails with [`Errno::ETIMEDOUT`], never
    /// earlier.
    Until(Duration),
    /// Not at all; the call fails with [`Errno::EAGAIN`].
    Never,
}

/// An option of a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocketOption {
    /// A port may be bound again while old connections of it linger.
    ReuseAddress(bool),
    /// Datagrams to the group arrive, on the interface with that address.
    Membership {
        /// The multicast group.
        group: Ipv4Addr,
        /// The address of the interface; 0.0.0.0 leaves the choice.
        interface: Ipv4Addr,
    },
}

/// The board's network.
///
/// The caller keeps each socket's state (see `crate::socket`) and makes only calls that fit it:
/// `accept` on a listening stream, `send` on a connected socket, and so on.
///
/// A call that waits ends with [`Errno::EINTR`] as soon as the program is interrupted, and a
/// simulated network may also end it so when nothing can ever happen again. Python then sees
/// `KeyboardInterrupt`.
pub trait Net {
    /// The time since the board was switched on.
    fn now(&self) -> Duration;

    /// Waits until [`Net::now`] has reached `until`.
    fn sleep(&mut self, until: Duration) -> Result<(), Errno>;

    /// Opens a socket; [`Errno::ENFILE`] when the board has none left.
    fn open(&mut self, kind: Kind) -> Result<SocketId, Errno>;

    /// Binds to an address, the unspecified one for all, and a port, 0 for an unused one.
    /// A socket that is bound already is bound anew.
    fn bind(&mut self, socket: SocketId, address: SocketAddrV4) -> Result<(), Errno>;

    /// Lets a stream take connections, binding it to an unused port if it is not bound. May be
    /// called again.
    fn listen(&mut self, socket: SocketId, backlog: u32) -> Result<(), Errno>;

    /// Takes the next connection, with the peer's address.
    fn accept(&mut self, socket: SocketId, wait: Wait) -> Result<(SocketId, SocketAddrV4), Errno>;

    /// Connects a stream, or sets a datagram socket's peer.
    ///
    /// With [`Wait::Never`] a stream answers [`Errno::EINPROGRESS`] and goes on by itself; called
    /// again it answers [`Errno::EALREADY`] or how it ended. After any other failure the socket
    /// can be connected again.
    fn connect(&mut self, socket: SocketId, peer: SocketAddrV4, wait: Wait) -> Result<(), Errno>;

    /// Sends some of the bytes of a stream, at least one, or a whole datagram to the peer.
    fn send(&mut self, socket: SocketId, data: &[u8], wait: Wait) -> Result<usize, Errno>;

    /// Sends a datagram.
    fn send_to(
        &mut self,
        socket: SocketId,
        data: &[u8],
        peer: SocketAddrV4,
        wait: Wait,
    ) -> Result<usize, Errno>;

    /// Receives some bytes of a stream, 0 at its end, or a datagram, whose rest is lost when the
    /// buffer is shorter. Also says where they come from.
    ///
    /// On a stream that is not connected it waits as if nothing came.
    fn receive(
        &mut self,
        socket: SocketId,
        buffer: &mut [u8],
        wait: Wait,
    ) -> Result<(usize, SocketAddrV4), Errno>;

    /// Sets an option.
    fn set_option(&mut self, socket: SocketId, option: SocketOption) -> Result<(), Errno>;

    /// Closes in good order. Bytes that were sent still arrive.
    fn close(&mut self, socket: SocketId);

    /// Looks a host's name up; [`Errno::NO_NAME`] when there is none.
    fn resolve(&mut self, name: &str) -> Result<Ipv4Addr, Errno>;

    /// Joins the wireless network, waiting until the board is in it.
    fn join(&mut self, network: &str, key: &str) -> Result<(), Errno>;

    /// Leaves the wireless network.
    fn leave(&mut self);

    /// The board's own address, or `None` while it is in no network.
    fn address(&self) -> Option<Ipv4Addr>;

    /// Closes every socket: the board starts anew.
    fn reset(&mut self);
}
