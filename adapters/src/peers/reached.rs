//! Owns where peers reach the target: an address for each port that it was given to listen on.

use std::net::{Ipv4Addr, SocketAddrV4};

use trueline_spec::pack::TargetPort;

/// Where peers reach the target, as far as they have to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reached {
    first: Option<SocketAddrV4>,
    second: Option<SocketAddrV4>,
}

impl Reached {
    /// At the ports that the target was given.
    pub fn at(target: Ipv4Addr, first: Option<u16>, second: Option<u16>) -> Reached {
        let address = |port: Option<u16>| port.map(|port| SocketAddrV4::new(target, port));
        Reached {
            first: address(first),
            second: address(second),
        }
    }

    /// At one of its ports.
    pub(super) fn by(self, port: TargetPort) -> Option<SocketAddrV4> {
        match port {
            TargetPort::First => self.first,
            TargetPort::Second => self.second,
        }
    }
}
