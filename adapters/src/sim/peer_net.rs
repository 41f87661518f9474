//! Owns the peers' network in the simulated world: the same scripts as on a real machine, with
//! sockets of the peers' station.

use std::cell::Cell;
use std::io;
use std::net::SocketAddrV4;
use std::time::Duration;

use smoltcp::iface::SocketHandle;
use smoltcp::socket::{tcp, udp};

use super::listener::Turn;
use super::station::{ListenerId, Station, address};
use super::world::World;
use crate::peers::{
    Breach, Fault, PeerConnection, PeerDatagrams, PeerListener, PeerNet, PeerVacancy,
};

/// Connections that may wait for their `accept`.
const BACKLOG: usize = 128;

/// The time between two calls that write. What a script sends in pieces arrives in pieces: a target
/// that waits has the first one before the second is sent.
const WRITE: Duration = Duration::from_micros(50);

/// The simulated network, seen from the peers' station.
pub(super) struct SimPeers {
    world: World,
    /// The port that a documented program finds its peer on, until it is taken.
    documented: Cell<Option<u16>>,
}

impl SimPeers {
    /// The first port that is asked for is the documented one, if there is one.
    pub(super) fn new(world: World, documented: Option<u16>) -> SimPeers {
        SimPeers {
            world,
            documented: Cell::new(documented),
        }
    }

    fn take_address(&self) -> SocketAddrV4 {
        let documented = self.documented.take();
        let host = self.world.setting(|setting| setting.addresses.peer);
        // By turns: none is given out twice in a world.
        let port =
            documented.unwrap_or_else(|| with(&self.world, |station| station.free_port(|_| false)));
        SocketAddrV4::new(host, port)
    }
}

/// Does something with the peers' station.
fn with<T>(world: &World, call: impl FnOnce(&mut Station) -> T) -> T {
    world.with(|state, now| call(&mut state.air(now).peer))
}

impl PeerNet for SimPeers {
    type Listener = SimListener;
    type Connection = SimConnection;
    type Datagrams = SimDatagrams;
    type Vacancy = SimVacancy;

    async fn listen(&self) -> io::Result<SimListener> {
        let address = self.take_address();
        let id = with(&self.world, |station| {
            station.listen(
                Some(*address.ip()),
                address.port(),
                BACKLOG,
                Turn::WhenBegun,
            )
        });
        Ok(SimListener {
            world: self.world.clone(),
            id,
            address,
        })
    }

    async fn bind(&self) -> io::Result<SimDatagrams> {
        let address = self.take_address();
        let socket = with(&self.world, |station| {
            let socket = station.datagrams();
            let bound = station.touch::<udp::Socket>(socket).bind(address.port());
            bound.map(|()| socket)
        });
        let socket = socket.map_err(|error| io::Error::other(error.to_string()))?;
        Ok(SimDatagrams {
            world: self.world.clone(),
            socket,
            address,
        })
    }

    async fn vacate(&self) -> io::Result<SimVacancy> {
        Ok(SimVacancy(self.take_address()))
    }

    async fn connect(&self, target: SocketAddrV4) -> Result<SimConnection, Fault> {
        let local = self.take_address();
        let socket = with(&self.world, |station| station.connect(local, target));
        let Some(socket) = socket else {
            let error = io::Error::other("the simulated computer cannot connect");
            return Err(Fault::Bench(error));
        };
        let connection = SimConnection::new(&self.world, socket, local, target);
        let established = self
            .world
            .until(|state, now| {
                let socket: &tcp::Socket = state.air(now).peer.look(socket);
                match socket.state() {
                    tcp::State::SynSent | tcp::State::SynReceived => None,
                    tcp::State::Closed => Some(false),
                    _ => Some(true),
                }
            })
            .await;
        match established {
            true => Ok(connection),
            false => Err(Fault::Target(Breach::Refused)),
        }
    }

    async fn sleep(&self, duration: Duration) {
        self.world.sleep(duration).await;
    }
}

/// A listening port of the peers' station.
pub(super) struct SimListener {
    world: World,
    id: ListenerId,
    address: SocketAddrV4,
}

impl PeerListener for SimListener {
    type Connection = SimConnection;

    fn address(&self) -> SocketAddrV4 {
        self.address
    }

    async fn accept(&self) -> Result<SimConnection, Fault> {
        let waiting = self
            .world
            .until(|state, now| state.air(now).peer.accept(self.id))
            .await;
        Ok(SimConnection::new(
            &self.world,
            waiting.handle,
            self.address,
            waiting.remote,
        ))
    }
}

impl Drop for SimListener {
    fn drop(&mut self) {
        with(&self.world, |station| station.stop_listening(self.id));
    }
}

/// A connection of the peers' station.
pub(super) struct SimConnection {
    world: World,
    /// `None` when it was closed or reset.
    socket: Option<SocketHandle>,
    local: SocketAddrV4,
    remote: SocketAddrV4,
    written_at: Duration,
}

impl SimConnection {
    fn new(
        world: &World,
        socket: SocketHandle,
        local: SocketAddrV4,
        remote: SocketAddrV4,
    ) -> SimConnection {
        SimConnection {
            world: world.clone(),
            socket: Some(socket),
            local,
            remote,
            written_at: Duration::ZERO,
        }
    }

    /// Waits until the socket is ready, and only then does something to it: what is done to a
    /// socket makes its stack look at it, and looking again and again comes to no end.
    async fn attempt<T>(
        &self,
        is_ready: impl Fn(&tcp::Socket<'_>) -> bool,
        mut attempt: impl FnMut(&mut tcp::Socket<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let handle = self.socket.ok_or(Fault::Target(Breach::Reset))?;
        let attempted = self.world.until(|state, now| {
            let station = &mut state.air(now).peer;
            is_ready(station.look(handle)).then(|| attempt(station.touch(handle)))
        });
        attempted.await
    }
}

impl PeerConnection for SimConnection {
    fn local_address(&self) -> SocketAddrV4 {
        self.local
    }

    fn remote_address(&self) -> SocketAddrV4 {
        self.remote
    }

    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Fault> {
        let is_ready = |socket: &tcp::Socket<'_>| socket.can_recv() || !socket.may_recv();
        self.attempt(is_ready, |socket| match socket.recv_slice(buffer) {
            Ok(count) => Ok(count),
            Err(tcp::RecvError::Finished) => Ok(0),
            Err(tcp::RecvError::InvalidState) => Err(Fault::Target(Breach::Reset)),
        })
        .await
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        let since = self.world.now().saturating_sub(self.written_at);
        self.world.sleep(WRITE.saturating_sub(since)).await;
        let is_ready = |socket: &tcp::Socket<'_>| socket.can_send() || !socket.may_send();
        let written = self
            .attempt(is_ready, |socket| match socket.send_slice(bytes) {
                Ok(count) => Ok(count),
                Err(tcp::SendError::InvalidState) => Err(Fault::Target(Breach::Reset)),
            })
            .await;
        self.written_at = self.world.now();
        written
    }

    fn shutdown(&mut self) -> Result<(), Fault> {
        let handle = self.socket.ok_or(Fault::Target(Breach::Reset))?;
        with(&self.world, |station| {
            let socket = station.touch::<tcp::Socket>(handle);
            match socket.may_send() {
                true => {
                    socket.close();
                    Ok(())
                }
                false => Err(Fault::Target(Breach::Reset)),
            }
        })
    }

    fn close(mut self) {
        if let Some(handle) = self.socket.take() {
            with(&self.world, |station| station.close(handle));
        }
    }

    fn reset(mut self) {
        if let Some(handle) = self.socket.take() {
            with(&self.world, |station| station.abort(handle));
        }
    }
}

impl Drop for SimConnection {
    fn drop(&mut self) {
        if let Some(handle) = self.socket.take() {
            with(&self.world, |station| station.close(handle));
        }
    }
}

/// A UDP socket of the peers' station.
pub(super) struct SimDatagrams {
    world: World,
    socket: SocketHandle,
    address: SocketAddrV4,
}

impl PeerDatagrams for SimDatagrams {
    fn address(&self) -> SocketAddrV4 {
        self.address
    }

    async fn receive(&self) -> Result<(Vec<u8>, SocketAddrV4), Fault> {
        let received = self.world.until(|state, now| {
            let station = &mut state.air(now).peer;
            if !station.look::<udp::Socket>(self.socket).can_recv() {
                return None;
            }
            let (data, metadata) = station.touch::<udp::Socket>(self.socket).recv().ok()?;
            Some((data.to_vec(), address(metadata.endpoint)))
        });
        Ok(received.await)
    }

    async fn send(&self, data: &[u8], to: SocketAddrV4) -> Result<(), Fault> {
        let sent = self.world.until(|state, now| {
            let station = &mut state.air(now).peer;
            let socket = station.look::<udp::Socket>(self.socket);
            let fits = data.len() <= socket.payload_send_capacity();
            (!fits || station.send_datagram(self.socket, data, to)).then_some(fits)
        });
        match sent.await {
            true => Ok(()),
            false => Err(Fault::Bench(io::Error::other(
                "the datagram is longer than the simulated computer can send",
            ))),
        }
    }
}

impl Drop for SimDatagrams {
    fn drop(&mut self) {
        with(&self.world, |station| station.remove(self.socket));
    }
}

/// A port of the peers' station on which nobody listens.
pub(super) struct SimVacancy(SocketAddrV4);

impl PeerVacancy for SimVacancy {
    fn address(&self) -> SocketAddrV4 {
        self.0
    }
}
