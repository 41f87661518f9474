//! Owns the flipping of bits. Which frames it may hit: those with an IP packet, and of those the
//! packet, whose checksums notice any single bit. What else a frame has is guarded by the link's
//! own check sequence, which no receiver lets pass when it is wrong.

use std::time::Duration;

use rand_chacha::rand_core::RngCore;

use super::{Chance, Fault, Frame};

/// Where the packet begins in an Ethernet frame.
const PACKET: usize = 14;
/// The type of a frame with an IPv4 packet.
const IPV4: [u8; 2] = [0x08, 0x00];

/// Flips a bit of a share of the packets.
pub(super) struct Corrupt(Chance);

impl Corrupt {
    pub(super) fn new(chance: Chance) -> Corrupt {
        Corrupt(chance)
    }
}

impl Fault for Corrupt {
    fn pass(&mut self, mut frame: Frame, at: Duration, next: &mut dyn FnMut(Frame, Duration)) {
        let is_packet = frame.get(PACKET - IPV4.len()..PACKET) == Some(&IPV4[..]);
        if is_packet && frame.len() > PACKET && self.0.hits() {
            let bits = 8 * (frame.len() - PACKET);
            let bit = self.0.random.next_u32() as usize % bits;
            frame[PACKET + bit / 8] ^= 1 << (bit % 8);
        }
        next(frame, at);
    }
}
