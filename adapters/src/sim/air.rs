//! Owns the network in a box: the board, the access point and the peers' computer, and the
//! frames between them. Has no clock of its own and knows no program.
//!
//! The access point joins the wireless link of the board with the wired network of the peers;
//! only the wireless link has faults. It also knows names.

use std::net::Ipv4Addr;
use std::time::Duration;

use smoltcp::wire::EthernetFrame;
use trueline_spec::network::Network;

use super::buffers::Buffers;
use super::capture::Packet;
use super::limits::Limits;
use super::link::{Frame, Link};
use super::names::NameServer;
use super::station::{Fitting, Station};
use crate::scenario::Addresses;

/// The longest IP packet of Ethernet, and of wireless networks by custom.
const MTU: u16 = 1500;

/// What a network is made with.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    /// Of board and peers.
    pub(super) addresses: Addresses,
    /// What the wireless link does.
    pub(super) network: Network,
    /// What the board has.
    pub(super) limits: Limits,
    /// What chance follows from.
    pub(super) seed: u64,
    /// Whether packets are kept.
    pub(super) capture: bool,
}

/// Three stations and what is between them.
pub(super) struct Air {
    pub(super) board: Station,
    pub(super) peer: Station,
    access_point: Station,
    names: NameServer,
    addresses: Addresses,
    up: Link,
    down: Link,
    is_joined: bool,
    /// What went by at the board's antenna.
    packets: Option<Vec<Packet>>,
}

impl Air {
    /// The network, with the board in it.
    pub(super) fn new(setting: &Setting, now: Duration) -> Air {
        let mtu = setting.network.mtu.unwrap_or(MTU);
        let station = |number, buffers, most_streams| {
            let fitting = Fitting {
                number,
                mtu,
                buffers,
                most_streams,
                seed: setting.seed,
            };
            Station::new(&fitting, now)
        };
        let limits = setting.limits;
        let board = station(1, limits.buffers(), Some(limits.connections));
        let mut peer = station(2, Buffers::COMPUTER, None);
        let mut access_point = station(3, Buffers::ROUTER, None);
        let addresses = setting.addresses;
        let gateway = gateway(addresses);
        peer.set_address(Some(addresses.peer), Some(gateway));
        access_point.set_address(Some(gateway), None);
        let names = NameServer::open(&mut access_point, addresses);
        let mut air = Air {
            board,
            peer,
            access_point,
            names,
            addresses,
            up: Link::new(&setting.network, setting.seed),
            down: Link::new(&setting.network, !setting.seed),
            is_joined: false,
            packets: setting.capture.then(Vec::new),
        };
        air.join();
        air
    }

    /// Takes the board into the network.
    pub(super) fn join(&mut self) {
        self.is_joined = true;
        let gateway = gateway(self.addresses);
        self.board
            .set_address(Some(self.addresses.target), Some(gateway));
    }

    /// Takes the board out of it. What is on its way is lost.
    pub(super) fn leave(&mut self) {
        self.is_joined = false;
        self.board.set_address(None, None);
    }

    /// The address of the access point, who is also the name server.
    pub(super) fn access_point(&self) -> Ipv4Addr {
        gateway(self.addresses)
    }

    /// Lets everything happen that happens now; whether anything did.
    pub(super) fn settle(&mut self, now: Duration) -> bool {
        let mut happened = false;
        while self.step(now) {
            happened = true;
        }
        happened
    }

    fn step(&mut self, now: Duration) -> bool {
        let mut happened = false;
        while let Some(frame) = self.up.arrived(now) {
            happened = true;
            if self.is_joined {
                self.spread(Place::Board, frame, now);
            }
        }
        while let Some(frame) = self.down.arrived(now) {
            happened = true;
            if self.is_joined {
                self.keep(now, &frame);
                self.board.receive(frame);
            }
        }
        if self.board.is_due(now) {
            happened = true;
            for frame in self.board.poll(now) {
                if self.is_joined {
                    self.keep(now, &frame);
                    self.up.send(frame, now);
                }
            }
        }
        if self.peer.is_due(now) {
            happened = true;
            for frame in self.peer.poll(now) {
                self.spread(Place::Peer, frame, now);
            }
        }
        if self.access_point.is_due(now) {
            happened = true;
            for frame in self.access_point.poll(now) {
                self.spread(Place::AccessPoint, frame, now);
            }
            self.names.answer(&mut self.access_point);
        }
        happened
    }

    /// When something happens next by itself.
    pub(super) fn next_event(&mut self, now: Duration) -> Option<Duration> {
        [
            self.up.next_arrival(),
            self.down.next_arrival(),
            self.board.next_event(now),
            self.peer.next_event(now),
            self.access_point.next_event(now),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// What went by at the board's antenna.
    pub(super) fn take_packets(&mut self) -> Option<Vec<Packet>> {
        self.packets.as_mut().map(std::mem::take)
    }

    /// Hands a frame to whom it is for, as a switch does.
    fn spread(&mut self, from: Place, frame: Frame, now: Duration) {
        let Ok(ethernet) = EthernetFrame::new_checked(&frame[..]) else {
            return;
        };
        let to = ethernet.dst_addr();
        let is_for = |place, station: &Station| {
            place != from && (!to.is_unicast() || to == station.hardware())
        };
        let to_peer = is_for(Place::Peer, &self.peer);
        let to_access_point = is_for(Place::AccessPoint, &self.access_point);
        let to_board = is_for(Place::Board, &self.board);
        if to_peer {
            self.peer.receive(frame.clone());
        }
        if to_access_point {
            self.access_point.receive(frame.clone());
        }
        if to_board {
            self.down.send(frame, now);
        }
    }

    fn keep(&mut self, now: Duration, frame: &Frame) {
        if let Some(packets) = &mut self.packets {
            packets.push(Packet {
                at: now,
                frame: frame.clone(),
            });
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Board,
    Peer,
    AccessPoint,
}

/// The access point's address: the first one of the board's network that is free.
fn gateway(addresses: Addresses) -> Ipv4Addr {
    let [a, b, c, _] = addresses.target.octets();
    (1..=3)
        .map(|last| Ipv4Addr::new(a, b, c, last))
        .find(|address| ![addresses.target, addresses.peer].contains(address))
        .unwrap_or(Ipv4Addr::new(a, b, c, 254))
}
