//! Owns how a program gets what has come.

use std::net::{Ipv4Addr, SocketAddrV4};

use smoltcp::socket::{raw, tcp, udp};
use smoltcp::wire::Ipv4Packet;
use trueline_agent::net::{Errno, SocketId, Wait};

use super::{At, BoardNet, Socket};
use crate::sim::station::address;

impl BoardNet {
    /// Takes what has come: some bytes of a stream, or a datagram or packet.
    pub(super) fn take(
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
}

/// As much of the data as there is room for; says how much.
fn copy(data: &[u8], buffer: &mut [u8]) -> usize {
    let count = data.len().min(buffer.len());
    buffer[..count].copy_from_slice(&data[..count]);
    count
}
