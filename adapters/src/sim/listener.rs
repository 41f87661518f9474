//! Owns the queue of a listening port. A stack knows no queue: each connection takes a listening
//! socket of its own, so one is always kept ready while there is room.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddrV4};

use smoltcp::iface::{SocketHandle, SocketSet};
use smoltcp::socket::tcp::{self, State};
use smoltcp::wire::IpListenEndpoint;

use super::buffers::Buffers;
use super::station::address;

/// In which turn connections are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// As they are made, as everywhere.
    WhenMade,
    /// As they were begun. On a network that loses packets that may be another turn, and whoever
    /// plays a script wants the connections in that of the program.
    WhenBegun,
}

/// A listening port with the connections that wait for their `accept`.
pub(super) struct Listener {
    address: Option<Ipv4Addr>,
    port: u16,
    backlog: usize,
    turn: Turn,
    buffers: Buffers,
    ready: Option<SocketHandle>,
    queue: VecDeque<Waiting>,
}

/// A connection that waits. Whose it is would be forgotten with a reset.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    /// Its socket.
    pub(super) handle: SocketHandle,
    /// Who has made it.
    pub(super) remote: SocketAddrV4,
}

impl Listener {
    /// Listens on all addresses unless one is given.
    pub(super) fn new(
        address: Option<Ipv4Addr>,
        port: u16,
        backlog: usize,
        turn: Turn,
        buffers: Buffers,
        sockets: &mut SocketSet<'static>,
    ) -> Listener {
        let mut listener = Listener {
            address,
            port,
            backlog,
            turn,
            buffers,
            ready: None,
            queue: VecDeque::new(),
        };
        listener.attend(sockets, true);
        listener
    }

    /// Lets so many connections wait from now on.
    pub(super) fn set_backlog(&mut self, backlog: usize) {
        self.backlog = backlog;
    }

    /// Where it listens.
    pub(super) fn place(&self) -> (Option<Ipv4Addr>, u16) {
        (self.address, self.port)
    }

    /// Whether a connection to this address would find no room: the attempt is then passed over,
    /// and made again by whoever makes it.
    pub(super) fn turns_away(&self, address: Ipv4Addr, port: u16) -> bool {
        self.ready.is_none() && self.port == port && self.address.is_none_or(|own| own == address)
    }

    /// Takes up what has happened to its sockets. `more` says whether the station has room for
    /// one more connection.
    pub(super) fn attend(&mut self, sockets: &mut SocketSet<'static>, more: bool) {
        if let Some(handle) = self.ready
            && let Some(remote) = sockets.get::<tcp::Socket>(handle).remote_endpoint()
        {
            let remote = address(remote);
            self.queue.push_back(Waiting { handle, remote });
            self.ready = None;
        }
        // A reset before the connection was there makes the socket listen again.
        self.queue.retain(|&Waiting { handle, .. }| {
            let stays = sockets.get::<tcp::Socket>(handle).state() != State::Listen;
            if !stays {
                sockets.remove(handle);
            }
            stays
        });
        if self.ready.is_none() && self.queue.len() < self.backlog && more {
            let mut socket = self.buffers.stream();
            let place = IpListenEndpoint {
                addr: self.address.map(Into::into),
                port: self.port,
            };
            // It is new, and the port is not 0.
            if socket.listen(place).is_ok() {
                self.ready = Some(sockets.add(socket));
            }
        }
    }

    /// How many connections wait, those that are being made included.
    pub(super) fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// Whether a connection waits.
    pub(super) fn has_one(&self, sockets: &SocketSet<'static>) -> bool {
        self.first(sockets).is_some()
    }

    /// Takes the first connection that is there. One that was reset while it waited is one, too.
    pub(super) fn take(&mut self, sockets: &SocketSet<'static>) -> Option<Waiting> {
        let place = self.first(sockets)?;
        self.queue.remove(place)
    }

    fn first(&self, sockets: &SocketSet<'static>) -> Option<usize> {
        let is_made = |waiting: &Waiting| {
            sockets.get::<tcp::Socket>(waiting.handle).state() != State::SynReceived
        };
        match self.turn {
            Turn::WhenMade => self.queue.iter().position(is_made),
            Turn::WhenBegun => self.queue.front().filter(|first| is_made(first)).map(|_| 0),
        }
    }

    /// Stops listening; gives the connections that nobody will accept.
    pub(super) fn end(
        self,
        sockets: &mut SocketSet<'static>,
    ) -> impl Iterator<Item = SocketHandle> + use<> {
        if let Some(ready) = self.ready {
            sockets.remove(ready);
        }
        self.queue.into_iter().map(|waiting| waiting.handle)
    }
}
