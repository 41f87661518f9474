//! Owns how datagrams and raw packets leave.

use std::net::SocketAddrV4;

use smoltcp::iface::SocketHandle;
use smoltcp::socket::{raw, udp};
use smoltcp::wire::{IpProtocol, Ipv4Packet, Ipv4Repr};
use trueline_agent::net::{Errno, SocketId, Wait};

use super::BoardNet;

/// The most that a datagram can carry over IPv4.
const LARGEST_DATAGRAM: usize = 65_507;
/// The header of an IP packet and of a datagram.
const DATAGRAM_HEADERS: usize = 28;
/// How many hops a packet may take.
const HOPS: u8 = 64;

impl BoardNet {
    pub(super) fn send_raw(
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

    pub(super) fn send_datagram(
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
        self.socket_mut(id)?.has_sent_nothing |= data.is_empty();
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
}
