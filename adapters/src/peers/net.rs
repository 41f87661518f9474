//! Owns what a network has to offer so that peers can live in it. Implemented over the system's
//! sockets in [`super::sockets`]; a simulated network implements it with its own.
//!
//! The futures need not be `Send`. They are all polled through the context of whoever polls
//! [`Prepared::run`](super::Prepared::run), every unfinished one at every poll and in the order
//! of the scenario, so a world that polls again whenever something has happened may pass a waker
//! that does nothing.

use std::io;
use std::net::SocketAddrV4;
use std::time::Duration;

use super::Fault;

/// A network with the peers' own address in it.
#[expect(
    async_fn_in_trait,
    reason = "peers are polled on one thread, within this workspace"
)]
pub trait PeerNet {
    /// A listening TCP socket.
    type Listener: PeerListener<Connection = Self::Connection>;
    /// A TCP connection.
    type Connection: PeerConnection;

    /// A UDP socket.
    type Datagrams: PeerDatagrams;
    /// A TCP port that is taken, and on which nobody listens.
    type Vacancy: PeerVacancy;

    /// Listens on a free port of the peers' address. It can only be the bench that fails here.
    async fn listen(&self) -> io::Result<Self::Listener>;

    /// Opens a UDP socket on a free port of the peers' address.
    async fn bind(&self) -> io::Result<Self::Datagrams>;

    /// Takes a free TCP port of the peers' address on which nobody will listen.
    async fn vacate(&self) -> io::Result<Self::Vacancy>;

    /// Makes one attempt to connect to the target.
    async fn connect(&self, target: SocketAddrV4) -> Result<Self::Connection, Fault>;

    /// Waits for so much of the network's time.
    async fn sleep(&self, duration: Duration);
}

/// A listening TCP socket. Dropping it stops the listening.
#[expect(
    async_fn_in_trait,
    reason = "peers are polled on one thread, within this workspace"
)]
pub trait PeerListener {
    /// What it accepts.
    type Connection;

    /// Where it listens.
    fn address(&self) -> SocketAddrV4;

    /// Takes the next connection. Dropping the future must not lose one.
    async fn accept(&self) -> Result<Self::Connection, Fault>;
}

/// A TCP connection. Dropping it closes it.
#[expect(
    async_fn_in_trait,
    reason = "peers are polled on one thread, within this workspace"
)]
pub trait PeerConnection {
    /// The peer's own end.
    fn local_address(&self) -> SocketAddrV4;

    /// The target's end; known even when the connection is broken already.
    fn remote_address(&self) -> SocketAddrV4;

    /// Reads what has come, at least one byte, at most as many as fit; 0 at the end of the stream.
    /// Bytes that came before a reset are given before it is told. Dropping the future must not
    /// lose any.
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Fault>;

    /// Writes as much as the network takes, at least one byte of them. Dropping the future means
    /// that nothing was written.
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Fault>;

    /// Ends the peer's direction of the stream behind what was written.
    fn shutdown(&mut self) -> Result<(), Fault>;

    /// Closes in good order: what was written still arrives, then the end of the stream, even if
    /// the target sent something that was never read.
    fn close(self);

    /// Breaks the connection off: the target gets a reset, and nothing else any more.
    fn reset(self);
}

/// A UDP socket. Dropping it closes it.
#[expect(
    async_fn_in_trait,
    reason = "peers are polled on one thread, within this workspace"
)]
pub trait PeerDatagrams {
    /// Where it receives.
    fn address(&self) -> SocketAddrV4;

    /// Takes the next datagram, whole, and its sender. Dropping the future must not lose one.
    async fn receive(&self) -> Result<(Vec<u8>, SocketAddrV4), Fault>;

    /// Sends one datagram, to a group by way of the peers' address. That nobody is there is no
    /// fault: a datagram may be lost.
    async fn send(&self, data: &[u8], to: SocketAddrV4) -> Result<(), Fault>;
}

/// A TCP port on which nobody listens. Dropping it gives it back.
pub trait PeerVacancy {
    /// Where connections are refused.
    fn address(&self) -> SocketAddrV4;
}
