//! Owns the choice of a port for the target to listen on. Does not hold it: the target binds it
//! itself.

use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};

use socket2::{Domain, Socket, Type};

use crate::error::BenchError;

/// Below the ports that systems give out by themselves, so that no connection of anybody gets
/// one of these meanwhile.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// The ports in turn, so that one is not used again soon after.
#[derive(Debug)]
pub(crate) struct Ports {
    next: u16,
}

impl Ports {
    /// Begins at a place that `seed` gives, so that sessions beside each other seldom try the
    /// same ones.
    pub(crate) fn new(seed: u64) -> Ports {
        // The remainder is below COUNT.
        Ports {
            next: u16::try_from(seed % u64::from(COUNT)).unwrap_or(0),
        }
    }

    /// A port that nobody on this machine uses.
    pub(crate) fn free(&mut self) -> Result<u16, BenchError> {
        let mut refused = io::Error::from(io::ErrorKind::AddrInUse);
        for _ in 0..COUNT {
            let port = FIRST + self.next;
            self.next = (self.next + 1) % COUNT;
            match is_free(port) {
                Ok(()) => return Ok(port),
                Err(error) => refused = error,
            }
        }
        let doing = "looking for a free port for the target".to_owned();
        Err(BenchError::Network {
            doing,
            source: refused,
        })
    }
}

/// Without SO_REUSEADDR, a port that a connection still lingers on counts as used: a target
/// may bind without it, too.
fn is_free(port: u16) -> io::Result<()> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, port).into())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_port_in_use_is_passed_over() {
        let used = Ports::new(7).free().expect("some port is free");
        let _listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, used));
        let next = Ports::new(7).free().expect("some port is free");
        assert_ne!(next, used);
    }

    #[test]
    fn ports_follow_each_other_and_begin_anew() {
        let mut ports = Ports { next: COUNT - 1 };
        let first = ports.free().expect("some port is free");
        let second = ports.free().expect("some port is free");
        assert!((FIRST..FIRST + COUNT).contains(&first));
        assert!((FIRST..FIRST + COUNT).contains(&second));
        assert_ne!(first, second);
    }
}
