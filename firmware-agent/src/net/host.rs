//! Owns the network over the host's own sockets, on which Ctrl-C ends any wait at once.
//! Does not know Python, nor which calls fit a socket's state.

use std::collections::BTreeMap;
use std::io;
use std::mem::MaybeUninit;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, ToSocketAddrs};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::libc::MSG_NOSIGNAL;
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use super::{Errno, Kind, Net, SocketId, SocketOption, Wait};
use crate::interrupt::Interrupt;

/// How many sockets a board has: lwIP's usual number. It also keeps a program that leaks
/// sockets from exhausting the host.
const SOCKETS: usize = 16;

/// The longest single poll: the kernel refuses times that are too far away.
const LONGEST_POLL: Duration = Duration::from_secs(3600);

/// The network over the host's sockets.
#[derive(Debug)]
pub struct HostNet {
    interrupt: Arc<Interrupt>,
    start: Instant,
    sockets: BTreeMap<SocketId, HostSocket>,
    joined: bool,
}

#[derive(Debug)]
struct HostSocket {
    kind: Kind,
    /// Or why the host refused a raw socket: permission is asked for when it is opened, and its
    /// lack is told at the first use, since the firmware opens one without asking.
    socket: Result<Socket, Errno>,
    options: Vec<SocketOption>,
    bound: Option<SocketAddrV4>,
}

impl HostNet {
    /// A network whose waits the interrupt ends.
    pub fn new(interrupt: Arc<Interrupt>) -> Self {
        Self {
            interrupt,
            start: Instant::now(),
            sockets: BTreeMap::new(),
            joined: false,
        }
    }

    fn entry(&mut self, socket: SocketId) -> Result<&mut HostSocket, Errno> {
        self.sockets.get_mut(&socket).ok_or(Errno::EBADF)
    }

    fn socket(&self, socket: SocketId) -> Result<&Socket, Errno> {
        let entry = self.sockets.get(&socket).ok_or(Errno::EBADF)?;
        entry.socket.as_ref().map_err(|refused| *refused)
    }

    fn insert(&mut self, entry: HostSocket) -> Result<SocketId, Errno> {
        let free = (0..SOCKETS as u32)
            .map(SocketId)
            .find(|id| !self.sockets.contains_key(id));
        let id = free.ok_or(Errno::ENFILE)?;
        self.sockets.insert(id, entry);
        Ok(id)
    }

    /// Tries until it works, waiting for the events in between.
    fn wait_for<T>(
        &self,
        socket: SocketId,
        events: PollFlags,
        wait: Wait,
        mut attempt: impl FnMut(&Socket) -> io::Result<T>,
    ) -> Result<T, Errno> {
        let socket = self.socket(socket)?;
        loop {
            match attempt(socket) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.ready(Some((socket.as_fd(), events)), wait)?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => return Ok(outcome?),
            }
        }
    }

    /// Waits for one of the events, or for the time alone.
    fn ready(&self, what: Option<(BorrowedFd<'_>, PollFlags)>, wait: Wait) -> Result<(), Errno> {
        loop {
            let left = match wait {
                Wait::Never => return Err(Errno::EAGAIN),
                Wait::Forever => None,
                Wait::Until(end) => Some(end.saturating_sub(self.now()).min(LONGEST_POLL)),
            };
            let mut watched = vec![PollFd::new(self.interrupt.as_fd(), PollFlags::POLLIN)];
            watched.extend(what.map(|(fd, events)| PollFd::new(fd, events)));
            match ppoll(&mut watched, left.map(TimeSpec::from), None) {
                Err(nix::Error::EINTR) => continue,
                Err(error) => return Err(Errno(error as i32)),
                Ok(_) => {}
            }
            if watched[0].any() == Some(true) {
                return Err(Errno::EINTR);
            }
            if watched.get(1).and_then(PollFd::any) == Some(true) {
                return Ok(());
            }
            // The kernel's clock and ours may differ by a little: time is up when ours says so.
            if matches!(wait, Wait::Until(end) if self.now() >= end) {
                return Err(Errno::ETIMEDOUT);
            }
        }
    }
}

impl HostSocket {
    fn open(kind: Kind) -> Result<Self, Errno> {
        let socket = match (new_socket(kind), kind) {
            (Err(refused), Kind::Raw(_)) => Err(Errno::from(refused)),
            (socket, _) => Ok(socket?),
        };
        Ok(Self {
            kind,
            socket,
            options: Vec::new(),
            bound: None,
        })
    }

    /// Replaces the host's socket by a new one with the same options.
    fn renew(&mut self) -> Result<(), Errno> {
        self.socket = Ok(new_socket(self.kind)?);
        for option in &self.options {
            apply(self.usable()?, *option)?;
        }
        Ok(())
    }

    fn usable(&self) -> Result<&Socket, Errno> {
        self.socket.as_ref().map_err(|refused| *refused)
    }

    fn bind(&mut self, address: SocketAddrV4) -> Result<(), Errno> {
        if self.bound.take().is_some() {
            self.renew()?;
        }
        let socket = self.usable()?;
        // lwIP binds to addresses that the board does not have.
        socket.set_freebind_v4(true)?;
        socket.bind(&SockAddr::from(address))?;
        self.bound = socket.local_addr()?.as_socket_ipv4();
        Ok(())
    }

    /// After a connection that failed: the host's socket would stay in the middle of it.
    fn start_over(&mut self) -> Result<(), Errno> {
        let bound = self.bound.take();
        self.renew()?;
        bound.map_or(Ok(()), |address| self.bind(address))
    }
}

fn new_socket(kind: Kind) -> io::Result<Socket> {
    let (kind, protocol) = match kind {
        Kind::Stream => (Type::STREAM, Some(Protocol::TCP)),
        Kind::Datagram => (Type::DGRAM, Some(Protocol::UDP)),
        Kind::Raw(protocol) => (Type::RAW, Some(Protocol::from(i32::from(protocol)))),
    };
    let socket = Socket::new(Domain::IPV4, kind, protocol)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

fn apply(socket: &Socket, option: SocketOption) -> io::Result<()> {
    match option {
        SocketOption::ReuseAddress(on) => socket.set_reuse_address(on),
        SocketOption::Membership { group, interface } => {
            socket.join_multicast_v4(&group, &interface)
        }
    }
}

/// Datagram sockets of the board do not hear that an earlier datagram was refused.
fn deaf_to_refusals<T>(kind: Kind, mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match attempt() {
            Err(error)
                if kind == Kind::Datagram && error.kind() == io::ErrorKind::ConnectionRefused => {}
            outcome => return outcome,
        }
    }
}

impl Net for HostNet {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&mut self, until: Duration) -> Result<(), Errno> {
        match self.ready(None, Wait::Until(until)) {
            Err(Errno::ETIMEDOUT) | Ok(()) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn open(&mut self, kind: Kind) -> Result<SocketId, Errno> {
        self.insert(HostSocket::open(kind)?)
    }

    fn bind(&mut self, socket: SocketId, address: SocketAddrV4) -> Result<(), Errno> {
        self.entry(socket)?.bind(address)
    }

    fn listen(&mut self, socket: SocketId, backlog: u32) -> Result<(), Errno> {
        Ok(self
            .socket(socket)?
            .listen(backlog.try_into().unwrap_or(i32::MAX))?)
    }

    fn accept(&mut self, socket: SocketId, wait: Wait) -> Result<(SocketId, SocketAddrV4), Errno> {
        if self.sockets.len() >= SOCKETS {
            return Err(Errno::ENFILE);
        }
        loop {
            match self.wait_for(socket, PollFlags::POLLIN, wait, Socket::accept) {
                // It was given up while it waited in the queue: the next one, then.
                Err(Errno::ECONNABORTED) => {}
                Err(error) => return Err(error),
                Ok((connection, peer)) => {
                    connection.set_nonblocking(true)?;
                    let id = self.insert(HostSocket {
                        kind: Kind::Stream,
                        socket: Ok(connection),
                        options: Vec::new(),
                        bound: None,
                    })?;
                    return Ok((id, ipv4(&peer)));
                }
            }
        }
    }

    fn connect(&mut self, socket: SocketId, peer: SocketAddrV4, wait: Wait) -> Result<(), Errno> {
        let host = self.socket(socket)?;
        let outcome = match host.connect(&SockAddr::from(peer)).map_err(Errno::from) {
            Err(Errno::EINPROGRESS | Errno::EALREADY) if wait != Wait::Never => self
                .ready(Some((host.as_fd(), PollFlags::POLLOUT)), wait)
                .and_then(|()| host.take_error()?.map_or(Ok(()), |error| Err(error.into()))),
            outcome => outcome,
        };
        match outcome {
            Ok(()) | Err(Errno::EINPROGRESS | Errno::EALREADY | Errno::EISCONN) => outcome,
            Err(error) => {
                self.entry(socket)?.start_over()?;
                Err(error)
            }
        }
    }

    fn send(&mut self, socket: SocketId, data: &[u8], wait: Wait) -> Result<usize, Errno> {
        let kind = self.entry(socket)?.kind;
        self.wait_for(socket, PollFlags::POLLOUT, wait, |socket| {
            deaf_to_refusals(kind, || socket.send_with_flags(data, MSG_NOSIGNAL))
        })
    }

    fn send_to(
        &mut self,
        socket: SocketId,
        data: &[u8],
        peer: SocketAddrV4,
        wait: Wait,
    ) -> Result<usize, Errno> {
        let kind = self.entry(socket)?.kind;
        let peer = SockAddr::from(peer);
        self.wait_for(socket, PollFlags::POLLOUT, wait, |socket| {
            deaf_to_refusals(kind, || {
                socket.send_to_with_flags(data, &peer, MSG_NOSIGNAL)
            })
        })
    }

    fn receive(
        &mut self,
        socket: SocketId,
        buffer: &mut [u8],
        wait: Wait,
    ) -> Result<(usize, SocketAddrV4), Errno> {
        let kind = self.entry(socket)?.kind;
        // SAFETY: the buffer is initialised, and the socket only ever writes bytes to it, so it
        // still is afterwards.
        let space = unsafe { &mut *(std::ptr::from_mut(buffer) as *mut [MaybeUninit<u8>]) };
        let received = self.wait_for(socket, PollFlags::POLLIN, wait, |socket| {
            deaf_to_refusals(kind, || socket.recv_from(space))
        });
        match received {
            Ok((count, from)) if kind == Kind::Stream => {
                let peer = self.socket(socket)?.peer_addr().unwrap_or(from);
                Ok((count, ipv4(&peer)))
            }
            Ok((count, from)) => Ok((count, ipv4(&from))),
            // A stream that is bound but not connected: nothing ever comes.
            Err(Errno::ENOTCONN) => {
                self.ready(None, wait)?;
                Err(Errno::ETIMEDOUT)
            }
            Err(error) => Err(error),
        }
    }

    fn set_option(&mut self, socket: SocketId, option: SocketOption) -> Result<(), Errno> {
        let entry = self.entry(socket)?;
        apply(entry.usable()?, option)?;
        entry.options.push(option);
        Ok(())
    }

    fn close(&mut self, socket: SocketId) {
        self.sockets.remove(&socket);
    }

    fn resolve(&mut self, name: &str) -> Result<Ipv4Addr, Errno> {
        let found = (name, 0).to_socket_addrs().map_err(|_| Errno::NO_NAME)?;
        found
            .filter_map(|address| match address {
                SocketAddr::V4(address) => Some(*address.ip()),
                SocketAddr::V6(_) => None,
            })
            .next()
            .ok_or(Errno::NO_NAME)
    }

    fn join(&mut self, _network: &str, _key: &str) -> Result<(), Errno> {
        self.joined = true;
        Ok(())
    }

    fn leave(&mut self) {
        self.joined = false;
    }

    fn address(&self) -> Option<Ipv4Addr> {
        self.joined.then_some(Ipv4Addr::LOCALHOST)
    }

    fn reset(&mut self) {
        self.sockets.clear();
    }
}

/// The sockets are IPv4 sockets, so the addresses are; a stream's `recv_from` leaves it empty.
fn ipv4(address: &SockAddr) -> SocketAddrV4 {
    address
        .as_socket_ipv4()
        .unwrap_or(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0))
}
