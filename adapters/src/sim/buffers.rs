//! Owns how much a station keeps for a socket: what has come and was not taken, what was sent and
//! is not there yet.

use smoltcp::socket::{raw, tcp, udp};
use smoltcp::wire::{IpProtocol, IpVersion};

/// The buffers of a station's sockets, in bytes and in datagrams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Buffers {
    /// What a stream holds that has come.
    pub(super) receive: usize,
    /// What a stream holds that goes.
    pub(super) send: usize,
    /// What a datagram socket holds in each direction.
    pub(super) datagrams: usize,
    /// How many datagrams that may be.
    pub(super) datagram_count: usize,
}

impl Buffers {
    /// Of a computer.
    pub(super) const COMPUTER: Buffers = Buffers {
        receive: 32_768,
        send: 32_768,
        datagrams: 65_536,
        datagram_count: 64,
    };

    /// Of an access point, which has no streams.
    pub(super) const ROUTER: Buffers = Buffers {
        receive: 0,
        send: 0,
        datagrams: 4096,
        datagram_count: 16,
    };

    /// A stream's socket. What is sent leaves at once, and what comes is acknowledged at once:
    /// a simulated network has nothing to save by waiting.
    pub(super) fn stream(self) -> tcp::Socket<'static> {
        let buffer = |size| tcp::SocketBuffer::new(vec![0; size]);
        let mut socket = tcp::Socket::new(buffer(self.receive), buffer(self.send));
        socket.set_nagle_enabled(false);
        socket.set_ack_delay(None);
        socket
    }

    /// A datagram socket.
    pub(super) fn datagrams(self) -> udp::Socket<'static> {
        let buffer = || {
            udp::PacketBuffer::new(
                vec![udp::PacketMetadata::EMPTY; self.datagram_count],
                vec![0; self.datagrams],
            )
        };
        udp::Socket::new(buffer(), buffer())
    }

    /// A raw socket for the IP packets of a protocol.
    pub(super) fn raw(self, protocol: u8) -> raw::Socket<'static> {
        let buffer = || {
            raw::PacketBuffer::new(
                vec![raw::PacketMetadata::EMPTY; self.datagram_count],
                vec![0; self.datagrams],
            )
        };
        let protocol = IpProtocol::from(protocol);
        raw::Socket::new(Some(IpVersion::Ipv4), Some(protocol), buffer(), buffer())
    }
}
