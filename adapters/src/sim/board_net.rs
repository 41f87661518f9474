//! Owns the simulated board's network: numbered sockets and blocking calls, over the board's
//! station. A call that has to wait turns the world's crank.
//! Does not know Python, nor which calls fit a socket's state.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;

use smoltcp::iface::SocketHandle;
use smoltcp::socket::dns::{self, GetQueryResultError};
use smoltcp::socket::{raw, tcp, udp};
use smoltcp::wire::{DnsQueryType, IpAddress, IpProtocol, Ipv4Packet, Ipv4Repr};
use trueline_agent::net::{
    AccessPoint, Errno, Events, Kind, Net, SocketId, SocketOption, Wait, Watch,
};

use super::air::Air;
use super::listener::Turn;
use super::station::{ListenerId, Station, address};
use super::world::World;

/// How long an attempt to connect is repeated that nobody answers.
const CONNECTING: Duration = Duration::from_secs(75);
/// How long a name server is asked.
const NAMING: Duration = Duration::from_secs(20);
/// How long it takes to be let into the wireless network.
const JOINING: Duration = Duration::from_millis(50);
/// The most that a datagram can carry over IPv4.
const LARGEST_DATAGRAM: usize = 65_507;
/// The header of an IP packet and of a datagram.
const DATAGRAM_HEADERS: usize = 28;
/// How many hops a packet may take.
const HOPS: u8 = 64;

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

    fn begin_connecting(
        &mut self,
        id: SocketId,
        peer: SocketAddrV4,
    ) -> Result<SocketHandle, Errno> {
        let peer = self.destination(peer)?;
        if peer.port() == 0 {
            return Err(Errno::ECONNREFUSED);
        }
        if peer.ip().is_multicast() || peer.ip().is_broadcast() {
            return Err(Errno::ENETUNREACH);
        }
        let bound = self.socket(id)?.bound;
        let port = bound.map_or_else(|| self.free_port(), |bound| bound.port());
        let handle = self.board(|board| {
            let host = bound
                .map(|bound| *bound.ip())
                .filter(|host| !host.is_unspecified());
            let host = host.or_else(|| board.address_towards(*peer.ip()));
            let local = SocketAddrV4::new(host?, port);
            board.connect(local, peer)
        });
        let handle = handle.ok_or(Errno::ENOMEM)?;
        self.socket_mut(id)?.at = At::Stream {
            handle,
            is_connected: false,
            is_told: false,
        };
        Ok(handle)
    }

    fn connect_stream(
        &mut self,
        id: SocketId,
        peer: SocketAddrV4,
        wait: Wait,
    ) -> Result<(), Errno> {
        let (handle, is_new) = match self.socket(id)?.at {
            At::Stream {
                is_connected: true, ..
            }
            | At::Listening(_) => return Err(Errno::EISCONN),
            At::Stream { handle, .. } => (handle, false),
            _ => (self.begin_connecting(id, peer)?, true),
        };
        let given_up = self.world.now() + CONNECTING;
        let patience = match wait {
            Wait::Forever => Wait::Until(given_up),
            Wait::Until(end) => Wait::Until(end.min(given_up)),
            Wait::Never => Wait::Never,
        };
        let outcome = self.wait(patience, |board| {
            match board.look::<tcp::Socket>(handle).state() {
                tcp::State::SynSent | tcp::State::SynReceived => None,
                tcp::State::Closed => Some(Err(Errno::ECONNREFUSED)),
                // That it takes a while is told even where it does not.
                _ if wait == Wait::Never && is_new => None,
                _ => Some(Ok(())),
            }
        });
        match outcome {
            Ok(()) => {
                if let At::Stream { is_connected, .. } = &mut self.socket_mut(id)?.at {
                    *is_connected = true;
                }
                Ok(())
            }
            Err(Errno::EAGAIN) if is_new => Err(Errno::EINPROGRESS),
            Err(Errno::EAGAIN) => Err(Errno::EALREADY),
            Err(error) => {
                self.board(|board| board.abort(handle));
                self.socket_mut(id)?.at = At::Nowhere;
                Err(error)
            }
        }
    }

    fn stream(&self, id: SocketId) -> Result<SocketHandle, Errno> {
        match self.socket(id)?.at {
            At::Stream { handle, .. } => Ok(handle),
            _ => Err(Errno::ENOTCONN),
        }
    }

    fn send_raw(
        &self,
        handle: SocketHandle,
        protocol: u8,
        data: &[u8],
        peer: SocketAddrV4,
        wait: Wait,
    ) -> Result<usize, Errno> {
        let peer = self.destination(peer)?;
        let source = self.board(|board| board.address_towards(*peer.ip()));
        let header = Ipv4Repr {
            src_addr: source.ok_or(Errno::EHOSTUNREACH)?,
            dst_addr: *peer.ip(),
            next_header: IpProtocol::from(protocol),
            payload_len: data.len(),
            hop_limit: HOPS,
        };
        let mut packet = vec![0; header.buffer_len()];
        let checksums = smoltcp::phy::ChecksumCapabilities::default();
        header.emit(&mut Ipv4Packet::new_unchecked(&mut packet[..]), &checksums);
        packet.extend(data);
        self.wait(wait, |board| {
            if packet.len() > board.look::<raw::Socket>(handle).payload_send_capacity() {
                return Some(Err(Errno::EMSGSIZE));
            }
            let socket = board.touch::<raw::Socket>(handle);
            socket.send_slice(&packet).ok().map(|()| Ok(data.len()))
        })
    }

    fn send_datagram(
        &mut self,
        id: SocketId,
        handle: SocketHandle,
        data: &[u8],
        peer: SocketAddrV4,
        wait: Wait,
    ) -> Result<usize, Errno> {
        if data.len() > LARGEST_DATAGRAM {
            return Err(Errno::EMSGSIZE);
        }
        if peer.port() == 0 {
            return Err(Errno::EINVAL);
        }
        let peer = self.destination(peer)?;
        self.bound(id)?;
        self.wait(wait, |board| {
            let room = board.look::<udp::Socket>(handle).payload_send_capacity();
            // Both the socket and the stack have to hold it whole.
            if data.len() + DATAGRAM_HEADERS > room {
                return Some(Err(Errno::ENOMEM));
            }
            board
                .send_datagram(handle, data, peer)
                .then_some(Ok(data.len()))
        })
    }

    fn ready(&self, watch: &Watch) -> Result<Events, Errno> {
        let socket = self.socket(watch.socket)?;
        let all = |input, output| Events {
            input: watch.input && input,
            output: watch.output && output,
            ..Events::default()
        };
        Ok(match socket.at {
            At::Nowhere | At::Gone => Events {
                hangup: true,
                ..all(false, true)
            },
            At::Listening(id) => all(self.board(|board| board.has_waiting(id)), false),
            At::Datagrams(handle) => all(
                self.board(|board| board.look::<udp::Socket>(handle).can_recv()),
                true,
            ),
            At::Raw(handle) => all(
                self.board(|board| board.look::<raw::Socket>(handle).can_recv()),
                true,
            ),
            At::Stream { handle, .. } => self.board(|board| {
                let stream = board.look::<tcp::Socket>(handle);
                match stream.state() {
                    tcp::State::SynSent | tcp::State::SynReceived => Events::default(),
                    tcp::State::Closed => Events {
                        error: true,
                        hangup: true,
                        ..all(true, true)
                    },
                    _ => {
                        let input = stream.can_recv() || !stream.may_recv();
                        all(input, stream.can_send() || !stream.may_send())
                    }
                }
            }),
        })
    }

    fn let_go(&mut self, socket: &Socket) {
        match socket.at {
            At::Nowhere | At::Gone => {}
            At::Listening(id) => self.board(|board| board.stop_listening(id)),
            At::Datagrams(handle) | At::Raw(handle) => self.board(|board| board.let_leave(handle)),
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
        self.wait(wait, |board| {
            let stream = board.look::<tcp::Socket>(handle);
            match stream.state() {
                tcp::State::SynSent | tcp::State::SynReceived => return None,
                _ if !stream.may_send() => return Some(Err(Errno::ECONNRESET)),
                _ if !stream.can_send() => return None,
                _ => {}
            }
            let sent = board.touch::<tcp::Socket>(handle).send_slice(data);
            Some(sent.map_err(|_| Errno::ECONNRESET))
        })
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
        let Socket { at, peer, .. } = *self.socket(socket)?;
        let nobody = SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0);
        match at {
            At::Nowhere | At::Gone | At::Listening(_) => self.wait_in_vain(wait),
            At::Datagrams(handle) => self.wait(wait, |board| {
                while board.look::<udp::Socket>(handle).can_recv() {
                    let (data, metadata) = board.touch::<udp::Socket>(handle).recv().ok()?;
                    let from = address(metadata.endpoint);
                    // A socket that has a peer hears nobody else.
                    if peer.is_none_or(|peer| peer == from) {
                        return Some(Ok((copy(data, buffer), from)));
                    }
                }
                None
            }),
            At::Raw(handle) => self.wait(wait, |board| {
                while board.look::<raw::Socket>(handle).can_recv() {
                    let data = board.touch::<raw::Socket>(handle).recv().ok()?;
                    let host = Ipv4Packet::new_checked(data).ok()?.src_addr();
                    if peer.is_none_or(|peer| *peer.ip() == host) {
                        return Some(Ok((copy(data, buffer), SocketAddrV4::new(host, 0))));
                    }
                }
                None
            }),
            At::Stream {
                handle, is_told, ..
            } => {
                let from = peer.unwrap_or(nobody);
                let received = self.wait(wait, |board| {
                    let stream = board.look::<tcp::Socket>(handle);
                    match stream.state() {
                        tcp::State::SynSent | tcp::State::SynReceived => return None,
                        _ if !stream.can_recv() && stream.may_recv() => return None,
                        _ => {}
                    }
                    Some(
                        match board.touch::<tcp::Socket>(handle).recv_slice(buffer) {
                            Ok(count) => Ok(count),
                            Err(tcp::RecvError::Finished) => Ok(0),
                            // It is told once; after that there is nothing more to come.
                            Err(tcp::RecvError::InvalidState) if is_told => Ok(0),
                            Err(tcp::RecvError::InvalidState) => Err(Errno::ECONNRESET),
                        },
                    )
                });
                if received == Err(Errno::ECONNRESET)
                    && let At::Stream { is_told, .. } = &mut self.socket_mut(socket)?.at
                {
                    *is_told = true;
                }
                Ok((received?, from))
            }
        }
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
        self.world.call()?;
        let server = self.air(|air| air.access_point());
        if !self.board(|board| board.reaches(server)) {
            return Err(Errno::NO_NAME);
        }
        let query = self.board(|board| {
            let socket = dns::Socket::new(&[IpAddress::Ipv4(server)], Vec::new());
            let handle = board.add(socket);
            let (sockets, context) = board.context();
            let socket = sockets.get_mut::<dns::Socket>(handle);
            let query = socket.start_query(context, name, DnsQueryType::A);
            (handle, query)
        });
        let (handle, query) = query;
        let found = query.map_err(|_| Errno::NO_NAME).and_then(|query| {
            let end = Wait::Until(self.world.now() + NAMING);
            self.wait(end, |board| {
                let socket = board.touch::<dns::Socket>(handle);
                match socket.get_query_result(query) {
                    Ok(addresses) => {
                        let IpAddress::Ipv4(first) = addresses.first()?;
                        Some(Ok(*first))
                    }
                    Err(GetQueryResultError::Pending) => None,
                    Err(GetQueryResultError::Failed) => Some(Err(Errno::NO_NAME)),
                }
            })
        });
        self.board(|board| board.remove(handle));
        found.map_err(|error| match error {
            Errno::EINTR => error,
            _ => Errno::NO_NAME,
        })
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

/// As much of the data as there is room for; says how much.
fn copy(data: &[u8], buffer: &mut [u8]) -> usize {
    let count = data.len().min(buffer.len());
    buffer[..count].copy_from_slice(&data[..count]);
    count
}
