//! Owns a station: a stack with its sockets and its end of the link. Knows no other station.
//!
//! A station polls its stack frame by frame, so that a listening port has a socket ready for each
//! of several connections that come at once.

use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;

use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::socket::tcp::{self, State};
use smoltcp::socket::{AnySocket, Socket, udp};
use smoltcp::time::Instant;
use smoltcp::wire::{
    EthernetAddress, EthernetFrame, HardwareAddress, IpAddress, IpCidr, IpEndpoint, Ipv4Cidr,
};

use super::buffers::Buffers;
use super::frames::{Attempt, answer_to_itself};
use super::link::Frame;
use super::listener::{Listener, Turn, Waiting};
use super::port::Port;

/// How many bits of an address name the network.
const PREFIX: u8 = 24;
/// The network of a station with itself.
const LOOPBACK: Ipv4Cidr = Ipv4Cidr::new(Ipv4Addr::LOCALHOST, 8);
/// Where the ports begin that are assigned to nobody (RFC 6335).
const FIRST_PORT: u16 = 49152;
/// How soon a stack is asked again that wants to be asked at once and did nothing.
const SOON: Duration = Duration::from_millis(1);

/// How long a stream that has something to send may do nothing.
const AWAKE: smoltcp::time::Duration = smoltcp::time::Duration::from_secs(1);

/// The number of a listening port within its station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ListenerId(usize);

/// A host in the simulated network.
pub(super) struct Station {
    interface: Box<Interface>,
    sockets: SocketSet<'static>,
    port: Port,
    hardware: EthernetAddress,
    own: Option<Ipv4Addr>,
    buffers: Buffers,
    /// How many connections there may be, or `None`.
    most_streams: Option<usize>,
    streams: usize,
    listeners: Vec<Option<Listener>>,
    /// Streams that nobody holds any more, but that have not come to their end.
    orphans: Vec<SocketHandle>,
    /// Datagram and raw sockets of the kind: what was sent still waits for an address. Each is kept
    /// until a time at the least.
    unsent: Vec<(SocketHandle, Duration)>,
    next_port: u16,
    /// Something was done to a socket since the stack was polled.
    is_touched: bool,
    polled_at: Option<Duration>,
}

/// What a station is made with.
pub(super) struct Fitting {
    /// The last byte of its hardware address.
    pub(super) number: u8,
    /// The longest IP packet.
    pub(super) mtu: u16,
    /// What each of its sockets holds.
    pub(super) buffers: Buffers,
    /// How many connections it can have.
    pub(super) most_streams: Option<usize>,
    /// What its random numbers follow from.
    pub(super) seed: u64,
}

impl Station {
    /// A station that is in no network yet.
    pub(super) fn new(fitting: &Fitting, now: Duration) -> Station {
        let hardware = EthernetAddress([2, 0, 0, 0, 0, fitting.number]);
        let mut port = Port::new(fitting.mtu);
        let mut config = Config::new(HardwareAddress::Ethernet(hardware));
        config.random_seed = fitting.seed ^ u64::from(fitting.number);
        let interface = Interface::new(config, &mut port, instant(now));
        // Which port is given out first differs from case to case, as it does elsewhere.
        let step = u16::try_from(fitting.seed % 8192).unwrap_or(0);
        let mut station = Station {
            interface: Box::new(interface),
            sockets: SocketSet::new(Vec::new()),
            port,
            hardware,
            own: None,
            buffers: fitting.buffers,
            most_streams: fitting.most_streams,
            streams: 0,
            listeners: Vec::new(),
            orphans: Vec::new(),
            unsent: Vec::new(),
            next_port: FIRST_PORT + step,
            is_touched: false,
            polled_at: None,
        };
        station.set_address(None, None);
        station
    }

    /// Gives it an address in the network and a way out of it, or takes both away.
    pub(super) fn set_address(&mut self, address: Option<Ipv4Addr>, gateway: Option<Ipv4Addr>) {
        self.own = address;
        self.interface.update_ip_addrs(|addresses| {
            addresses.clear();
            let own = address.map(|address| Ipv4Cidr::new(address, PREFIX));
            for cidr in own.into_iter().chain([LOOPBACK]) {
                // There is room for two.
                let _ = addresses.push(IpCidr::Ipv4(cidr));
            }
        });
        let routes = self.interface.routes_mut();
        routes.remove_default_ipv4_route();
        if let Some(gateway) = gateway {
            // It is the only one.
            let _ = routes.add_default_ipv4_route(gateway);
        }
        self.is_touched = true;
    }

    /// Whether there is a way to that address.
    pub(super) fn reaches(&self, address: Ipv4Addr) -> bool {
        self.own.is_some() || address.is_loopback()
    }

    /// The address by which it talks to that one.
    pub(super) fn address_towards(&self, address: Ipv4Addr) -> Option<Ipv4Addr> {
        match address.is_loopback() {
            true => Some(Ipv4Addr::LOCALHOST),
            false => self.own,
        }
    }

    /// Its hardware address.
    pub(super) fn hardware(&self) -> EthernetAddress {
        self.hardware
    }

    /// A port that nothing uses, by turns.
    pub(super) fn free_port(&mut self, is_used: impl Fn(u16) -> bool) -> u16 {
        loop {
            let port = self.next_port;
            self.next_port = port.checked_add(1).unwrap_or(FIRST_PORT);
            if !is_used(port) {
                return port;
            }
        }
    }

    // ---- frames ----

    /// Hands it a frame.
    pub(super) fn receive(&mut self, frame: Frame) {
        self.port.put(frame);
    }

    /// Whether its stack has something to do now.
    pub(super) fn is_due(&mut self, now: Duration) -> bool {
        self.is_touched
            || self.port.next().is_some()
            || self.next_event(now).is_some_and(|at| at <= now)
    }

    /// When its stack has something to do by itself.
    pub(super) fn next_event(&mut self, now: Duration) -> Option<Duration> {
        let at = self.interface.poll_at(instant(now), &self.sockets)?;
        let at = Duration::from_micros(u64::try_from(at.total_micros()).unwrap_or(0));
        // What it wants to do at once, it has just tried.
        match self.polled_at {
            Some(polled) if at <= polled && !self.is_touched => Some(polled + SOON),
            _ => Some(at),
        }
    }

    /// Lets the stack take every frame that has come and do what is due; gives what it sends to
    /// others.
    pub(super) fn poll(&mut self, now: Duration) -> Vec<Frame> {
        let at = instant(now);
        let mut sent = Vec::new();
        loop {
            self.is_touched = false;
            self.polled_at = Some(now);
            while let Some(frame) = self.port.next() {
                if self.turns_away(frame) {
                    self.port.drop_next();
                    continue;
                }
                let Station {
                    interface,
                    port,
                    sockets,
                    ..
                } = self;
                interface.poll_ingress_single(at, port, sockets);
                self.attend();
            }
            self.interface.poll_maintenance(at);
            loop {
                let Station {
                    interface,
                    port,
                    sockets,
                    ..
                } = self;
                let result = interface.poll_egress(at, port, sockets);
                if result == smoltcp::iface::PollResult::None {
                    break;
                }
            }
            for frame in self.port.take() {
                if let Some(frame) = self.outward(frame) {
                    sent.push(frame);
                }
            }
            self.wake_streams();
            self.bury(now);
            if self.port.next().is_none() && !self.is_touched {
                return sent;
            }
        }
    }

    /// What it sends to itself comes back at once; everything else goes out.
    fn outward(&mut self, frame: Frame) -> Option<Frame> {
        let Ok(ethernet) = EthernetFrame::new_checked(&frame[..]) else {
            return Some(frame);
        };
        if ethernet.dst_addr() == self.hardware {
            self.port.put(frame);
            return None;
        }
        let is_own = |asked: Ipv4Addr| asked.is_loopback() || self.own == Some(asked);
        let Some(answer) = answer_to_itself(self.hardware, is_own, &ethernet) else {
            return Some(frame);
        };
        self.port.put(answer);
        None
    }

    /// Whether the frame is an attempt to connect that is passed over. One for which there is no
    /// room is: a stack without a socket for it would refuse it, and a port that listens does not.
    /// So is one that was made before: the socket that it has reached repeats its answer, and
    /// another one that listens must not answer as well.
    fn turns_away(&self, frame: &Frame) -> bool {
        if self.listeners.iter().all(Option::is_none) {
            return false;
        }
        let Some(attempt) = Attempt::of(frame) else {
            return false;
        };
        let Attempt { from, to } = attempt;
        let mut listeners = self.listeners.iter().flatten();
        listeners.any(|listener| listener.turns_away(*to.ip(), to.port()))
            || self.sockets.iter().any(|(_, socket)| match socket {
                Socket::Tcp(socket) => {
                    socket.remote_endpoint() == Some(endpoint(from))
                        && socket.local_endpoint() == Some(endpoint(to))
                }
                _ => false,
            })
    }

    fn attend(&mut self) {
        for index in 0..self.listeners.len() {
            let more = self.has_room();
            if let Some(listener) = &mut self.listeners[index] {
                listener.attend(&mut self.sockets, more);
            }
        }
    }

    /// Wakes streams that the stack has forgotten (smoltcp 0.14): they have something to send and no
    /// timer. After three duplicate acknowledgements it sends the first byte again that is missing,
    /// and where only the end is missing there is none. And a window that an overtaken packet closes
    /// is asked for again only if no packet was on its way. What keeps a connection alive sends the
    /// end, or asks for the window.
    fn wake_streams(&mut self) {
        for (_, socket) in self.sockets.iter_mut() {
            let Socket::Tcp(socket) = socket else {
                continue;
            };
            let awaits_an_answer = socket.send_queue() > 0
                || matches!(
                    socket.state(),
                    State::FinWait1 | State::Closing | State::LastAck
                );
            match (awaits_an_answer, socket.keep_alive().is_some()) {
                (true, false) => socket.set_keep_alive(Some(AWAKE)),
                (false, true) => socket.set_keep_alive(None),
                _ => {}
            }
        }
    }

    fn bury(&mut self, now: Duration) {
        let sockets = &mut self.sockets;
        let mut touched = false;
        self.orphans.retain(|&handle| {
            let socket = sockets.get_mut::<tcp::Socket>(handle);
            let unread = socket.recv(|unread| (unread.len(), unread.len()));
            if unread.is_ok_and(|count| count > 0) {
                touched = true;
                // Nobody will read it, which is said once everything that was sent is there:
                // whoever goes on sending is not to believe that it arrives.
                if socket.state() == State::FinWait2 {
                    socket.abort();
                }
            }
            let is_over = socket.state() == State::Closed && socket.remote_endpoint().is_none();
            if is_over {
                sockets.remove(handle);
            }
            !is_over
        });
        self.is_touched |= touched;
        self.unsent.retain(|&(handle, until)| {
            let waits = has_unsent(sockets, handle) || now < until;
            if !waits {
                sockets.remove(handle);
            }
            waits
        });
    }

    // ---- sockets ----

    /// Adds a socket.
    pub(super) fn add<T: AnySocket<'static>>(&mut self, socket: T) -> SocketHandle {
        self.is_touched = true;
        self.sockets.add(socket)
    }

    /// A socket, to look at.
    pub(super) fn look<T: AnySocket<'static>>(&self, handle: SocketHandle) -> &T {
        self.sockets.get(handle)
    }

    /// A socket, to do something to it.
    pub(super) fn touch<T: AnySocket<'static>>(&mut self, handle: SocketHandle) -> &mut T {
        self.is_touched = true;
        self.sockets.get_mut(handle)
    }

    /// Removes a socket without a word to anybody.
    pub(super) fn remove(&mut self, handle: SocketHandle) {
        self.sockets.remove(handle);
    }

    /// Closes a datagram or raw socket. What was sent still leaves; a stack does not tell whether a
    /// datagram without data waits, so who has sent one is kept until the time given.
    pub(super) fn let_leave(&mut self, handle: SocketHandle, until: Option<Duration>) {
        match until.is_some() || has_unsent(&self.sockets, handle) {
            true => self.unsent.push((handle, until.unwrap_or_default())),
            false => self.remove(handle),
        }
    }

    /// A new datagram socket.
    pub(super) fn datagrams(&mut self) -> SocketHandle {
        let socket = self.buffers.datagrams();
        self.sockets.add(socket)
    }

    /// A new raw socket.
    pub(super) fn raw(&mut self, protocol: u8) -> SocketHandle {
        let socket = self.buffers.raw(protocol);
        self.sockets.add(socket)
    }

    /// The stack's own context.
    pub(super) fn context(&mut self) -> (&mut SocketSet<'static>, &mut smoltcp::iface::Context) {
        self.is_touched = true;
        (&mut self.sockets, self.interface.context())
    }

    /// Hears a group from now on; whether there is room for it.
    pub(super) fn join_group(&mut self, group: Ipv4Addr) -> bool {
        self.is_touched = true;
        self.interface.join_multicast_group(group).is_ok()
    }

    // ---- streams ----

    fn has_room(&self) -> bool {
        let waiting = self.listeners.iter().flatten().map(Listener::waiting);
        let streams = self.streams + waiting.sum::<usize>();
        self.most_streams.is_none_or(|most| streams < most)
    }

    /// Begins a connection; `None` when there is no room for one more.
    pub(super) fn connect(
        &mut self,
        local: SocketAddrV4,
        remote: SocketAddrV4,
    ) -> Option<SocketHandle> {
        if !self.has_room() {
            return None;
        }
        let mut socket = self.buffers.stream();
        socket
            .connect(self.interface.context(), endpoint(remote), endpoint(local))
            .ok()?;
        self.streams += 1;
        Some(self.add(socket))
    }

    /// Lets a port take connections, so many of which may wait.
    pub(super) fn listen(
        &mut self,
        address: Option<Ipv4Addr>,
        port: u16,
        backlog: usize,
        turn: Turn,
    ) -> ListenerId {
        let sockets = &mut self.sockets;
        let listener = Listener::new(address, port, backlog, turn, self.buffers, sockets);
        let free = self.listeners.iter().position(Option::is_none);
        let id = free.unwrap_or(self.listeners.len());
        match self.listeners.get_mut(id) {
            Some(place) => *place = Some(listener),
            None => self.listeners.push(Some(listener)),
        }
        ListenerId(id)
    }

    /// Changes how many connections may wait.
    pub(super) fn set_backlog(&mut self, id: ListenerId, backlog: usize) {
        if let Some(Some(listener)) = self.listeners.get_mut(id.0) {
            listener.set_backlog(backlog);
        }
        self.attend();
    }

    /// Where it listens.
    pub(super) fn listening(&self) -> impl Iterator<Item = (Option<Ipv4Addr>, u16)> {
        self.listeners.iter().flatten().map(Listener::place)
    }

    /// Whether a connection waits.
    pub(super) fn has_waiting(&self, id: ListenerId) -> bool {
        let listener = self.listeners.get(id.0).and_then(Option::as_ref);
        listener.is_some_and(|listener| listener.has_one(&self.sockets))
    }

    /// Takes the next connection.
    pub(super) fn accept(&mut self, id: ListenerId) -> Option<Waiting> {
        let listener = self.listeners.get_mut(id.0)?.as_mut()?;
        let taken = listener.take(&self.sockets)?;
        self.streams += 1;
        self.attend();
        Some(taken)
    }

    /// Stops listening and breaks off what waits.
    pub(super) fn stop_listening(&mut self, id: ListenerId) {
        let Some(listener) = self.listeners.get_mut(id.0).and_then(Option::take) else {
            return;
        };
        for handle in listener.end(&mut self.sockets) {
            self.streams += 1;
            self.abort(handle);
        }
    }

    /// Closes a stream in good order; what was sent still arrives.
    pub(super) fn close(&mut self, handle: SocketHandle) {
        self.touch::<tcp::Socket>(handle).close();
        self.orphan(handle);
    }

    /// Breaks a stream off with a reset.
    pub(super) fn abort(&mut self, handle: SocketHandle) {
        self.touch::<tcp::Socket>(handle).abort();
        self.orphan(handle);
    }

    fn orphan(&mut self, handle: SocketHandle) {
        self.streams -= 1;
        self.orphans.push(handle);
    }

    /// The local ports of streams that exist, those included that nobody holds any more.
    pub(super) fn stream_ports(&self) -> impl Iterator<Item = u16> {
        self.sockets.iter().filter_map(|(_, socket)| match socket {
            Socket::Tcp(socket) => socket.local_endpoint().map(|local| local.port),
            _ => None,
        })
    }

    /// Sends a datagram; `false` while there is no room for it.
    pub(super) fn send_datagram(
        &mut self,
        handle: SocketHandle,
        data: &[u8],
        to: SocketAddrV4,
    ) -> bool {
        let from = self.address_towards(*to.ip());
        let mut metadata = udp::UdpMetadata::from(endpoint(to));
        metadata.local_address = from.map(IpAddress::Ipv4);
        let socket = self.sockets.get_mut::<udp::Socket>(handle);
        let taken = socket.send_slice(data, metadata).is_ok();
        self.is_touched |= taken;
        taken
    }
}

/// Whether something that was sent has not left yet.
fn has_unsent(sockets: &SocketSet<'static>, handle: SocketHandle) -> bool {
    sockets.iter().any(|(other, socket)| {
        other == handle
            && match socket {
                Socket::Udp(socket) => socket.send_queue() > 0,
                Socket::Raw(socket) => socket.send_queue() > 0,
                _ => false,
            }
    })
}

/// The stack's time.
pub(super) fn instant(time: Duration) -> Instant {
    Instant::from_micros(i64::try_from(time.as_micros()).unwrap_or(i64::MAX))
}

/// An address as the stack has it.
pub(super) fn endpoint(address: SocketAddrV4) -> IpEndpoint {
    IpEndpoint::new(IpAddress::Ipv4(*address.ip()), address.port())
}

/// An address of the stack's; the stations have no other than IPv4.
pub(super) fn address(endpoint: IpEndpoint) -> SocketAddrV4 {
    let IpAddress::Ipv4(host) = endpoint.addr;
    SocketAddrV4::new(host, endpoint.port)
}
