//! Owns the network over the host's own sockets, on which Ctrl-C ends any wait at once.
//! Does not know Python, nor which calls fit a socket's state.
//!
//! The host's network is there whether the board is in a wireless network or not: sockets work
//! before it is joined, and go on when it is left.

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

use super::{AccessPoint, Errno, Events, Kind, Net, SocketId, SocketOption, Wait, Watch};
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
    access_point: AccessPoint,
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
    /// Of a datagram socket.
    peer: Option<SocketAddrV4>,
}

impl HostNet {
    /// A network whose waits the interrupt ends, with the document's access point in reach.
    pub fn new(interrupt: Arc<Interrupt>) -> Self {
        Self::in_reach_of(AccessPoint::default(), interrupt)
    }

    /// The same with another access point.
    pub fn in_reach_of(access_point: AccessPoint, interrupt: Arc<Interrupt>) -> Self {
        Self {
            interrupt,
            start: Instant::now(),
            sockets: BTreeMap::new(),
            access_point,
            joined: false,
        }
    }

    fn entry(&mut self, socket: SocketId) -> Result<&mut HostSocket, Errno> {
        self.sockets.get_mut(&socket).ok_or(Errno::EBADF)
    }

    fn entry_of(&self, socket: SocketId) -> Result<&HostSocket, Errno> {
        self.sockets.get(&socket).ok_or(Errno::EBADF)
    }

    fn socket(&self, socket: SocketId) -> Result<&Socket, Errno> {
        self.entry_of(socket)?.usable()
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
        if wait == Wait::Never {
            return Err(Errno::EAGAIN);
        }
        let watched = what.map(|(fd, events)| PollFd::new(fd, events));
        self.wait(&mut Vec::from_iter(watched), wait)
    }

    /// Waits until something happens to one of these, or the time is up: [`Errno::ETIMEDOUT`],
    /// also if it must not wait at all.
    fn wait<'fd>(&'fd self, watched: &mut Vec<PollFd<'fd>>, wait: Wait) -> Result<(), Errno> {
        watched.push(PollFd::new(self.interrupt.as_fd(), PollFlags::POLLIN));
        loop {
            let left = match wait {
                Wait::Never => Some(Duration::ZERO),
                Wait::Forever => None,
                Wait::Until(end) => Some(end.saturating_sub(self.now()).min(LONGEST_POLL)),
            };
            match ppoll(watched, left.map(TimeSpec::from), None) {
                Err(nix::Error::EINTR) => continue,
                Err(error) => return Err(Errno(error as i32)),
                Ok(_) => {}
            }
            let mut happened = watched.iter().map(|fd| fd.any() == Some(true));
            if happened.next_back() == Some(true) {
                return Err(Errno::EINTR);
            }
            if happened.any(|happened| happened) {
                return Ok(());
            }
            // The kernel's clock and ours may differ by a little: time is up when ours says so.
            let over = match wait {
                Wait::Never => true,
                Wait::Forever => false,
                Wait::Until(end) => self.now() >= end,
            };
            if over {
                return Err(Errno::ETIMEDOUT);
            }
        }
    }

    /// Waits as [`Net::poll`] does, with what each socket is ready for.
    fn events(&self, watched: &[Watch], wait: Wait) -> Result<Vec<PollFlags>, Errno> {
        loop {
            let mut polled = Vec::with_capacity(watched.len() + 1);
            for watch in watched {
                let mut asked = PollFlags::empty();
                asked.set(PollFlags::POLLIN, watch.input);
                asked.set(PollFlags::POLLOUT, watch.output);
                polled.push(PollFd::new(self.socket(watch.socket)?.as_fd(), asked));
            }
            match self.wait(&mut polled, wait) {
                Ok(()) | Err(Errno::ETIMEDOUT) => {}
                Err(error) => return Err(error),
            }
            let ready = polled
                .iter()
                .map(|fd| fd.revents().unwrap_or(PollFlags::empty()));
            let ready: Vec<PollFlags> = ready.take(watched.len()).collect();
            let mut refusals = false;
            for (watch, ready) in watched.iter().zip(&ready) {
                let refused = ready.contains(PollFlags::POLLERR)
                    && self.entry_of(watch.socket)?.kind == Kind::Datagram;
                // Reading the error takes it away.
                refusals |= refused && self.socket(watch.socket)?.take_error()?.is_some();
            }
            if !refusals {
                return Ok(ready);
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
        Ok(Self::of(kind, socket))
    }

    fn of(kind: Kind, socket: Result<Socket, Errno>) -> Self {
        Self {
            kind,
            socket,
            options: Vec::new(),
            bound: None,
            peer: None,
        }
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

    /// The host binds only once, and a datagram socket is bound by its first datagram.
    fn bind(&mut self, address: SocketAddrV4) -> Result<(), Errno> {
        let own = self.usable()?.local_addr()?.as_socket_ipv4();
        if self.bound.take().is_some() || own.is_some_and(|own| own.port() != 0) {
            self.renew()?;
        }
        let socket = self.usable()?;
        // lwIP binds to addresses that the board does not have.
        socket.set_freebind_v4(true)?;
        socket.bind(&SockAddr::from(address))?;
        self.bound = socket.local_addr()?.as_socket_ipv4();
        if let Some(peer) = self.peer {
            self.usable()?.connect(&SockAddr::from(peer))?;
        }
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
    if kind == Type::DGRAM {
        // Else it would hear the groups that any program of the host is in.
        socket.set_multicast_all_v4(false)?;
    }
    Ok(socket)
}

fn apply(socket: &Socket, option: SocketOption) -> io::Result<()> {
    match option {
        SocketOption::ReuseAddress(on) => socket.set_reuse_address(on),
        SocketOption::Membership { group, interface } if interface.is_unspecified() => {
            // The board's own address is on the loopback interface; other machines are not.
            let own = join(socket, group, Ipv4Addr::LOCALHOST);
            join(socket, group, interface).or(own)
        }
        SocketOption::Membership { group, interface } => join(socket, group, interface),
    }
}

/// A group that is joined already is joined.
fn join(socket: &Socket, group: Ipv4Addr, interface: Ipv4Addr) -> io::Result<()> {
    match socket.join_multicast_v4(&group, &interface) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Ok(()),
        outcome => outcome,
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

    fn poll(&mut self, watched: &mut [Watch], wait: Wait) -> Result<(), Errno> {
        let found = self.events(watched, wait)?;
        for (watch, found) in watched.iter_mut().zip(found) {
            watch.ready = Events {
                input: watch.input && found.contains(PollFlags::POLLIN),
                output: watch.output && found.contains(PollFlags::POLLOUT),
                error: found.contains(PollFlags::POLLERR),
                hangup: found.contains(PollFlags::POLLHUP),
            };
        }
        Ok(())
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
                    let id = self.insert(HostSocket::of(Kind::Stream, Ok(connection)))?;
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
        let entry = self.entry(socket)?;
        if outcome.is_ok() && entry.kind != Kind::Stream {
            entry.peer = Some(peer);
        }
        match outcome {
            Ok(()) | Err(Errno::EINPROGRESS | Errno::EALREADY | Errno::EISCONN) => outcome,
            Err(error) => {
                entry.start_over()?;
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

    fn access_point(&self) -> Option<&AccessPoint> {
        Some(&self.access_point)
    }

    fn join(&mut self) -> Result<(), Errno> {
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
        self.leave();
    }
}

/// The sockets are IPv4 sockets, so the addresses are; a stream's `recv_from` leaves it empty.
fn ipv4(address: &SockAddr) -> SocketAddrV4 {
    address
        .as_socket_ipv4()
        .unwrap_or(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0))
}
