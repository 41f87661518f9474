//! Owns the network as the firmware's C code sees it: numbered sockets and blocking calls.
//! Knows no Python and no operating system; [`host`] is the implementation over the host's
//! sockets. A simulated network is another implementation, with a clock of its own: everything
//! above this trait takes its time from [`Net::now`].

mod access_point;
mod errno;
pub mod host;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;

pub use access_point::AccessPoint;
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
    /// IP packets of the protocol with this number: received with their header, sent without.
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

/// What a socket can be ready for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Events {
    /// A call that receives or accepts would not wait.
    pub input: bool,
    /// A call that sends would not wait; a connection that was being made is there.
    pub output: bool,
    /// Something went wrong.
    pub error: bool,
    /// There is no connection, or none any more.
    pub hangup: bool,
}

impl Events {
    /// Whether there is any.
    pub fn any(self) -> bool {
        self != Self::default()
    }
}

/// A socket that [`Net::poll`] watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    /// Which socket.
    pub socket: SocketId,
    /// Whether its input is watched.
    pub input: bool,
    /// Whether its output is watched.
    pub output: bool,
    /// What it is ready for, of what is watched; errors and hangups always are.
    pub ready: Events,
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

    /// The time for a program that asks for it. Asking takes time: on a simulated network, whose
    /// clock stands still otherwise, a program that does nothing but look at the clock sees it move.
    fn look_at_clock(&mut self) -> Result<Duration, Errno> {
        Ok(self.now())
    }

    /// Waits until one of the sockets is ready, and sets `ready` of each. When the time is up
    /// none is, and that is no error: neither of [`Errno::ETIMEDOUT`] and [`Errno::EAGAIN`].
    fn poll(&mut self, watched: &mut [Watch], wait: Wait) -> Result<(), Errno>;

    /// Waits until [`Net::now`] has reached `until`.
    fn sleep(&mut self, until: Duration) -> Result<(), Errno> {
        self.poll(&mut [], Wait::Until(until))
    }

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

    /// The access point that is in reach, if there is one.
    fn access_point(&self) -> Option<&AccessPoint>;

    /// Goes into the wireless network, whose access point has let the board in; waits until the
    /// board has its address there.
    fn join(&mut self) -> Result<(), Errno>;

    /// Leaves the wireless network. What that does to sockets is the network's to say.
    fn leave(&mut self);

    /// The board's own address, or `None` while it is in no network.
    fn address(&self) -> Option<Ipv4Addr>;

    /// Closes every socket and leaves the wireless network: the board starts anew.
    fn reset(&mut self);
}
