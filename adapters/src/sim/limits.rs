//! Owns what the simulated board has: so many sockets, and so much memory for what they hold.

use super::buffers::Buffers;

/// What a board has.
///
/// The numbers are those of the Waffle Nano's own network stack: its headers allow 9 sockets, of
/// which 7 for datagrams, 4 connections and 2 listening ports, and its TCP window is four segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    /// Sockets of all kinds.
    pub(super) sockets: usize,
    /// Sockets for datagrams and raw packets.
    pub(super) datagrams: usize,
    /// Connections, those included that wait in a queue.
    pub(super) connections: usize,
    /// Listening ports.
    pub(super) listeners: usize,
    /// Bytes that a stream holds, in each direction.
    pub(super) window: usize,
    /// Datagrams that wait to be received.
    pub(super) mailbox: usize,
}

impl Limits {
    /// Of the documented board.
    pub(super) const BOARD: Limits = Limits {
        sockets: 9,
        datagrams: 7,
        connections: 4,
        listeners: 2,
        window: 4 * 1460,
        mailbox: 8,
    };

    /// What its sockets hold.
    pub(super) fn buffers(self) -> Buffers {
        Buffers {
            receive: self.window,
            send: self.window,
            datagrams: 16 * 1024,
            datagram_count: self.mailbox,
        }
    }
}
