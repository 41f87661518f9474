//! Owns the end of a link as a stack sees it: frames that have come, frames that go. Has no clock.

use std::collections::VecDeque;

use smoltcp::phy::{self, Device, DeviceCapabilities, Medium};
use smoltcp::time::Instant;

use super::link::Frame;

/// What an Ethernet header adds to a packet.
const HEADER: usize = 14;

/// A station's end of the link.
pub(super) struct Port {
    came: VecDeque<Frame>,
    goes: Vec<Frame>,
    mtu: u16,
}

impl Port {
    /// A port whose IP packets have at most so many bytes.
    pub(super) fn new(mtu: u16) -> Port {
        Port {
            came: VecDeque::new(),
            goes: Vec::new(),
            mtu,
        }
    }

    /// Hands a frame to the stack.
    pub(super) fn put(&mut self, frame: Frame) {
        self.came.push_back(frame);
    }

    /// The frame that the stack takes next.
    pub(super) fn next(&self) -> Option<&Frame> {
        self.came.front()
    }

    /// Lets the next frame fall.
    pub(super) fn drop_next(&mut self) {
        self.came.pop_front();
    }

    /// Takes what the stack has sent.
    pub(super) fn take(&mut self) -> Vec<Frame> {
        std::mem::take(&mut self.goes)
    }
}

impl Device for Port {
    type RxToken<'a> = Came;
    type TxToken<'a> = Goes<'a>;

    fn receive(&mut self, _now: Instant) -> Option<(Came, Goes<'_>)> {
        let frame = self.came.pop_front()?;
        Some((Came(frame), Goes(&mut self.goes)))
    }

    fn transmit(&mut self, _now: Instant) -> Option<Goes<'_>> {
        Some(Goes(&mut self.goes))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = usize::from(self.mtu) + HEADER;
        capabilities
    }
}

/// A frame that has come.
pub(super) struct Came(Frame);

impl phy::RxToken for Came {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, take: F) -> R {
        take(&self.0)
    }
}

/// Room for a frame that goes.
pub(super) struct Goes<'a>(&'a mut Vec<Frame>);

impl phy::TxToken for Goes<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
        let mut frame = vec![0; length];
        let result = fill(&mut frame);
        self.0.push(frame);
        result
    }
}
