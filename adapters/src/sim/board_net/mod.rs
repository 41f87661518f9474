//! Owns the simulated board's network: numbered sockets and blocking calls, over the board's
//! station. A call that has to wait turns the world's crank.
//! Does not know Python, nor which calls fit a socket's state.

mod connecting;
mod naming;
mod readiness;
mod receiving;
mod sending;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;

use smoltcp::iface::SocketHandle;
use smoltcp::socket::{tcp, udp};
use smoltcp::wire::IpAddress;
use trueline_agent::net::{AccessPoint, Errno, Kind, Net, SocketId, SocketOption, Wait, Watch};

use super::air::Air;
use super::listener::Turn;
use super::station::{ListenerId, Station};
use super::world::World;

/// How long it takes to be let into the wireless network.
const JOINING: Duration = Duration::from_millis(50);

/// How long a datagram without data may wait for an address when its socket is closed already.
const LEAVING: Duration = Duration::from_secs(3);

/// The board's network in a simulated world.
pub(super) struct BoardNet {
    world: World,
    sockets: BTreeMap<SocketId, Socket>,
    access_point: AccessPoint,
    /// The world that all this is of: it may have begun anew since.
    generation: u64,
    is_joined: bool,
}

struct Socket {
    kind: Kind,
    reuses: bool,
    bound: Option<SocketAddrV4>,
    peer: Option<SocketAddrV4>,
    /// Whether it has sent a datagram without data.
    has_sent_nothing: bool,
    at: At,
}

/// What a socket is in the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Nothing yet.
    Nowhere,
    Listening(ListenerId),
    /// A stream that is being connected, or is.
    Stream {
        handle: SocketHandle,
        /// Whether it is known to the program that it is connected.
        is_connected: bool,
        /// Whether the program knows of its reset.
        is_told: bool,
    },
    Datagrams(SocketHandle),
    Raw(SocketHandle),
    /// It was open when the world began anew: the program that had it is over, but has not let go
    /// of it.
    Gone,
}

impl BoardNet {
    /// The network of the board in that world, in reach of an access point.
    pub(super) fn new(world: World, access_point: AccessPoint) -> BoardNet {
        BoardNet {
            generation: world.generation(),
            world,
            sockets: BTreeMap::new(),
            access_point,
            is_joined: true,
        }
    }

    /// Where the world has begun anew, of the sockets that are still open only their numbers are
    /// left, and the board is in its network.
    fn follow(&mut self) {
        if self.is_of_this_world() {
            return;
        }
        self.generation = self.world.generation();
        for socket in self.sockets.values_mut() {
            socket.at = At::Gone;
            socket.bound = None;
        }
        self.is_joined = true;
    }

    fn is_of_this_world(&self) -> bool {
        self.generation == self.world.generation()
    }

    fn socket(&self, id: SocketId) -> Result<&Socket, Errno> {
        let socket = self.sockets.get(&id).filter(|_| self.is_of_this_world());
        socket
            .filter(|socket| socket.at != At::Gone)
            .ok_or(Errno::EBADF)
    }

    fn socket_mut(&mut self, id: SocketId) -> Result<&mut Socket, Errno> {
        self.socket(id)?;
        self.sockets.get_mut(&id).ok_or(Errno::EBADF)
    }

    fn insert(&mut self, socket: Socket) -> Result<SocketId, Errno> {
        let most = self.world.setting(|setting| setting.limits.sockets);
        let ids = 0..u32::try_from(most).unwrap_or(u32::MAX);
        let free = ids
            .map(SocketId)
            .find(|id| !self.sockets.contains_key(id))
            .ok_or(Errno::ENFILE)?;
        self.sockets.insert(free, socket);
        Ok(free)
    }

    fn air<T>(&self, call: impl FnOnce(&mut Air) -> T) -> T {
        self.world.with(|state, now| call(state.air(now)))
    }

    fn board<T>(&self, call: impl FnOnce(&mut Station) -> T) -> T {
        self.air(|air| call(&mut air.board))
    }

    /// Tries until there is an answer, turning the crank in between.
    fn wait<T>(
        &self,
        wait: Wait,
        mut attempt: impl FnMut(&mut Station) -> Option<Result<T, Errno>>,
    ) -> Result<T, Errno> {
        self.world.call()?;
        loop {
            if let Some(answer) = self.board(&mut attempt) {
                return answer;
            }
            match wait {
                Wait::Never => return Err(Errno::EAGAIN),
                Wait::Forever => self.world.turn(None)?,
                Wait::Until(end) => self.world.turn(Some(end))?,
            }
        }
    }

    /// Takes note that a call has moved so many bytes: it was no poll in vain.
    fn moved(&self, count: usize) {
        if count > 0 {
            self.world.is_not_in_vain();
        }
    }

    /// Waits as if nothing ever came.
    fn wait_in_vain<T>(&self, wait: Wait) -> Result<T, Errno> {
        self.wait(wait, |_| None)
    }

    /// Whether another socket keeps a port from being bound.
    fn is_taken(&self, id: SocketId, address: SocketAddrV4) -> Result<bool, Errno> {
        let socket = self.socket(id)?;
        let overlaps = |other: &SocketAddrV4| {
            other.port() == address.port()
                && (other.ip() == address.ip()
                    || other.ip().is_unspecified()
                    || address.ip().is_unspecified())
        };
        let by_a_socket = self.sockets.iter().any(|(other_id, other)| {
            let is_another = *other_id != id && other.kind == socket.kind;
            let shares = socket.reuses && other.reuses && !matches!(other.at, At::Listening(_));
            is_another && !shares && other.bound.as_ref().is_some_and(overlaps)
        });
        // A connection that lingers keeps its port, too.
        let by_a_stream = socket.kind == Kind::Stream
            && !socket.reuses
            && self.board(|board| board.stream_ports().any(|port| port == address.port()));
        Ok(by_a_socket || by_a_stream)
    }

    fn free_port(&self) -> u16 {
        let bound: Vec<_> = self
            .sockets
            .values()
            .filter_map(|socket| socket.bound.map(|bound| bound.port()))
            .collect();
        self.board(|board| {
            let streams: Vec<_> = board.stream_ports().collect();
            board.free_port(|port| bound.contains(&port) || streams.contains(&port))
        })
    }

    /// Binds a socket that has no port yet to any.
    fn bound(&mut self, id: SocketId) -> Result<SocketAddrV4, Errno> {
        if let Some(bound) = self.socket(id)?.bound {
            return Ok(bound);
        }
        self.bind_to(id, SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0))
    }

    fn bind_to(&mut self, id: SocketId, to: SocketAddrV4) -> Result<SocketAddrV4, Errno> {
        let to = match to.port() {
            0 => SocketAddrV4::new(*to.ip(), self.free_port()),
            _ => to,
        };
        if self.is_taken(id, to)? {
            return Err(Errno::EADDRINUSE);
        }
        if let At::Datagrams(handle) = self.socket(id)?.at {
            let place = smoltcp::wire::IpListenEndpoint {
                addr: (!to.ip().is_unspecified()).then_some(IpAddress::Ipv4(*to.ip())),
                port: to.port(),
            };
            let bound = self.board(|board| {
                let socket = board.touch::<udp::Socket>(handle);
                socket.close();
                socket.bind(place)
            });
            bound.map_err(|_| Errno::EADDRINUSE)?;
        }
        self.socket_mut(id)?.bound = Some(to);
        Ok(to)
    }

    /// Where a packet really goes: nowhere in particular is the board itself.
    fn destination(&self, peer: SocketAddrV4) -> Result<SocketAddrV4, Errno> {
        let peer = match peer.ip().is_unspecified() {
            true => SocketAddrV4::new(Ipv4Addr::LOCALHOST, peer.port()),
            false => peer,
        };
        match self.board(|board| board.reaches(*peer.ip())) {
            true => Ok(peer),
            false => Err(Errno::EHOSTUNREACH),
        }
    }

    fn stream(&self, id: SocketId) -> Result<SocketHandle, Errno> {
        match self.socket(id)?.at {
            At::Stream { handle, .. } => Ok(handle),
            _ => Err(Errno::ENOTCONN),
        }
    }

    fn let_go(&mut self, socket: &Socket) {
        match socket.at {
            At::Nowhere | At::Gone => {}
            At::Listening(id) => self.board(|board| board.stop_listening(id)),
            At::Datagrams(handle) | At::Raw(handle) => {
                let until = socket.has_sent_nothing.then(|| self.world.now() + LEAVING);
                self.board(|board| board.let_leave(handle, until));
            }
            At::Stream { handle, .. } => self.board(|board| {
                let stream = board.look::<tcp::Socket>(handle);
                let is_made = !matches!(stream.state(), tcp::State::SynSent | tcp::State::Closed);
                // What has come and nobody will read is lost, and whoever sent it is told so,
                // unless that would destroy what goes the other way.
                let loses = stream.can_recv() && stream.send_queue() == 0;
                match is_made && !loses {
                    true => board.close(handle),
                    false => board.abort(handle),
                }
            }),
        }
    }
}

impl Net for BoardNet {
    fn now(&self) -> Duration {
        self.world.now()
    }

    fn look_at_clock(&mut self) -> Result<Duration, Errno> {
        self.world.call()?;
        Ok(self.now())
    }

    fn poll(&mut self, watched: &mut [Watch], wait: Wait) -> Result<(), Errno> {
        self.world.call()?;
        loop {
            let mut any = false;
            for watch in watched.iter_mut() {
                watch.ready = self.ready(watch)?;
                any |= watch.ready.any();
            }
            let turned = match wait {
                _ if any => return Ok(()),
                Wait::Never => return Ok(()),
                Wait::Forever => self.world.turn(None),
                Wait::Until(end) => self.world.turn(Some(end)),
            };
            match turned {
                Err(Errno::ETIMEDOUT) => return Ok(()),
                turned => turned?,
            }
        }
    }

    fn open(&mut self, kind: Kind) -> Result<SocketId, Errno> {
        self.follow();
        self.world.call()?;
        if kind != Kind::Stream {
            let most = self.world.setting(|setting| setting.limits.datagrams);
            let others = self
                .sockets
                .values()
                .filter(|other| other.kind != Kind::Stream);
            if others.count() >= most {
                return Err(Errno::ENFILE);
            }
        }
        let id = self.insert(Socket {
            kind,
            reuses: false,
            bound: None,
            peer: None,
            has_sent_nothing: false,
            at: At::Nowhere,
        })?;
        let at = match kind {
            Kind::Stream => At::Nowhere,
            Kind::Datagram => At::Datagrams(self.board(Station::datagrams)),
            Kind::Raw(protocol) => At::Raw(self.board(|board| board.raw(protocol))),
        };
        self.socket_mut(id)?.at = at;
        Ok(id)
    }

    fn bind(&mut self, socket: SocketId, address: SocketAddrV4) -> Result<(), Errno> {
        self.world.call()?;
        self.bind_to(socket, address).map(drop)
    }

    fn listen(&mut self, socket: SocketId, backlog: u32) -> Result<(), Errno> {
        self.world.call()?;
        let backlog = usize::try_from(backlog).unwrap_or(usize::MAX);
        if let At::Listening(id) = self.socket(socket)?.at {
            self.board(|board| board.set_backlog(id, backlog));
            return Ok(());
        }
        let bound = self.bound(socket)?;
        let address = (!bound.ip().is_unspecified()).then_some(*bound.ip());
        let most = self.world.setting(|setting| setting.limits.listeners);
        let id = self.board(|board| {
            let others: Vec<_> = board.listening().collect();
            if others.len() >= most {
                return Err(Errno::ENOMEM);
            }
            let overlaps =
                |other: Option<Ipv4Addr>| other.is_none() || address.is_none() || other == address;
            let is_taken = others
                .iter()
                .any(|(other, port)| *port == bound.port() && overlaps(*other));
            match is_taken {
                true => Err(Errno::EADDRINUSE),
                false => Ok(board.listen(address, bound.port(), backlog, Turn::WhenMade)),
            }
        })?;
        self.socket_mut(socket)?.at = At::Listening(id);
        Ok(())
    }

    fn accept(&mut self, socket: SocketId, wait: Wait) -> Result<(SocketId, SocketAddrV4), Errno> {
        let At::Listening(id) = self.socket(socket)?.at else {
            return Err(Errno::EINVAL);
        };
        let local = self.socket(socket)?.bound;
        if self.sockets.len() >= self.world.setting(|setting| setting.limits.sockets) {
            return Err(Errno::ENFILE);
        }
        let waiting = self.wait(wait, |board| board.accept(id).map(Ok))?;
        let connection = Socket {
            kind: Kind::Stream,
            reuses: true,
            bound: local,
            peer: Some(waiting.remote),
            has_sent_nothing: false,
            at: At::Stream {
                handle: waiting.handle,
                is_connected: true,
                is_told: false,
            },
        };
        Ok((self.insert(connection)?, waiting.remote))
    }

    fn connect(&mut self, socket: SocketId, peer: SocketAddrV4, wait: Wait) -> Result<(), Errno> {
        if self.socket(socket)?.kind == Kind::Stream {
            self.connect_stream(socket, peer, wait)?;
        } else {
            self.world.call()?;
            self.destination(peer)?;
        }
        self.socket_mut(socket)?.peer = Some(peer);
        Ok(())
    }

    fn send(&mut self, socket: SocketId, data: &[u8], wait: Wait) -> Result<usize, Errno> {
        let entry = self.socket(socket)?;
        if entry.kind != Kind::Stream {
            let peer = entry.peer.ok_or(Errno::EDESTADDRREQ)?;
            return self.send_to(socket, data, peer, wait);
        }
        let handle = self.stream(socket)?;
        let sent = self.wait(wait, |board| {
            let stream = board.look::<tcp::Socket>(handle);
            match stream.state() {
                tcp::State::SynSent | tcp::State::SynReceived => return None,
                _ if !stream.may_send() => return Some(Err(Errno::ECONNRESET)),
                _ if !stream.can_send() => return None,
                _ => {}
            }
            let sent = board.touch::<tcp::Socket>(handle).send_slice(data);
            Some(sent.map_err(|_| Errno::ECONNRESET))
        })?;
        self.moved(sent);
        Ok(sent)
    }

    fn send_to(
        &mut self,
        socket: SocketId,
        data: &[u8],
        peer: SocketAddrV4,
        wait: Wait,
    ) -> Result<usize, Errno> {
        let entry = self.socket(socket)?;
        match (entry.at, entry.kind) {
            (At::Datagrams(handle), _) => self.send_datagram(socket, handle, data, peer, wait),
            (At::Raw(handle), Kind::Raw(protocol)) => {
                self.send_raw(handle, protocol, data, peer, wait)
            }
            _ => self.send(socket, data, wait),
        }
    }

    fn receive(
        &mut self,
        socket: SocketId,
        buffer: &mut [u8],
        wait: Wait,
    ) -> Result<(usize, SocketAddrV4), Errno> {
        let (count, from) = self.take(socket, buffer, wait)?;
        self.moved(count);
        Ok((count, from))
    }

    fn set_option(&mut self, socket: SocketId, option: SocketOption) -> Result<(), Errno> {
        self.world.call()?;
        match option {
            SocketOption::ReuseAddress(on) => self.socket_mut(socket)?.reuses = on,
            SocketOption::Membership { group, .. } => {
                self.socket(socket)?;
                if !group.is_multicast() {
                    return Err(Errno::EINVAL);
                }
                if !self.board(|board| board.join_group(group)) {
                    return Err(Errno::ENOBUFS);
                }
                self.world.settle();
            }
        }
        Ok(())
    }

    fn close(&mut self, socket: SocketId) {
        self.follow();
        if let Some(entry) = self.sockets.remove(&socket) {
            // What it has sent leaves before it goes.
            self.world.settle();
            self.let_go(&entry);
        }
    }

    fn resolve(&mut self, name: &str) -> Result<Ipv4Addr, Errno> {
        self.ask_for(name)
    }

    fn access_point(&self) -> Option<&AccessPoint> {
        Some(&self.access_point)
    }

    fn join(&mut self) -> Result<(), Errno> {
        self.follow();
        let end = self.world.now() + JOINING;
        match self.wait_in_vain::<()>(Wait::Until(end)) {
            Err(Errno::ETIMEDOUT) => {}
            Err(error) => return Err(error),
            Ok(()) => {}
        }
        self.is_joined = true;
        self.air(Air::join);
        Ok(())
    }

    fn leave(&mut self) {
        self.follow();
        // Without a network to leave there is none to be made.
        if self.is_joined {
            self.is_joined = false;
            self.air(Air::leave);
        }
    }

    fn address(&self) -> Option<Ipv4Addr> {
        let own = self.world.setting(|setting| setting.addresses.target);
        (self.is_joined || !self.is_of_this_world()).then_some(own)
    }

    fn reset(&mut self) {
        self.follow();
        for (_, socket) in std::mem::take(&mut self.sockets) {
            self.let_go(&socket);
        }
    }
}
