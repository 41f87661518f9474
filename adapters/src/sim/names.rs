//! Owns the names of the simulated network, and a server that tells their addresses. Names end in
//! `.test`, which no name elsewhere does (RFC 6761). Of the protocol it knows what one question
//! for an address takes.

use std::net::Ipv4Addr;

use smoltcp::iface::SocketHandle;
use smoltcp::socket::udp;
use smoltcp::wire::{DnsPacket, DnsQueryType, DnsQuestion};

use super::station::{Station, address};
use crate::scenario::Addresses;

const PORT: u16 = 53;
/// Response, recursion asked for and available.
const FOUND: [u8; 2] = [0x81, 0x80];
/// The same, and there is no such name.
const UNKNOWN: [u8; 2] = [0x81, 0x83];
/// A question's header: id, flags, and four counts.
const HEADER: usize = 12;

/// A server for names.
pub(super) struct NameServer {
    socket: SocketHandle,
    names: [(&'static str, Ipv4Addr); 2],
}

impl NameServer {
    /// Opens its socket on a station.
    pub(super) fn open(station: &mut Station, addresses: Addresses) -> NameServer {
        let socket = station.datagrams();
        // The station is new, and the port is not 0.
        let bound = station.touch::<udp::Socket>(socket).bind(PORT);
        debug_assert!(bound.is_ok(), "{bound:?}");
        NameServer {
            socket,
            names: [
                ("board.test", addresses.target),
                ("peer.test", addresses.peer),
            ],
        }
    }

    /// Answers every question that has come.
    pub(super) fn answer(&self, station: &mut Station) {
        while station.look::<udp::Socket>(self.socket).can_recv() {
            let Ok((question, metadata)) = station.touch::<udp::Socket>(self.socket).recv() else {
                return;
            };
            let asker = address(metadata.endpoint);
            if let Some(answer) = self.answer_to(question) {
                // Without room for it the answer is lost, and asked for again.
                station.send_datagram(self.socket, &answer, asker);
            }
        }
    }

    /// `None`: it is no question that can be answered.
    fn answer_to(&self, message: &[u8]) -> Option<Vec<u8>> {
        let packet = DnsPacket::new_checked(message).ok()?;
        if packet.question_count() != 1 {
            return None;
        }
        let (rest, question) = DnsQuestion::parse(packet.payload()).ok()?;
        let mut labels = Vec::new();
        for label in packet.parse_name(question.name) {
            labels.push(String::from_utf8_lossy(label.ok()?).to_lowercase());
        }
        let name = labels.join(".");
        let found = self.names.iter().find(|(known, _)| *known == name);
        let address = found.filter(|_| question.type_ == DnsQueryType::A);
        let asked = &packet.payload()[..packet.payload().len() - rest.len()];
        let mut answer = Vec::with_capacity(HEADER + asked.len() + 16);
        answer.extend(packet.transaction_id().to_be_bytes());
        answer.extend(if found.is_some() { FOUND } else { UNKNOWN });
        let answers = u8::from(address.is_some());
        answer.extend([0, 1, 0, answers, 0, 0, 0, 0]);
        answer.extend(asked);
        if let Some((_, address)) = address {
            // The name of the question, type A, class IN, a minute, four bytes.
            answer.extend([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
            answer.extend(address.octets());
        }
        Some(answer)
    }
}
