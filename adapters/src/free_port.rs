//! Owns the choice of a port, TCP and UDP, for the target to listen on, and the claim to it among
//! all sessions of this machine. Does not bind it for longer than a look: the target does.

use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use socket2::{Domain, Socket, Type};

use crate::error::BenchError;
use crate::program_text;
use crate::scenario::Scenario;

/// Below the ports that systems give out by themselves, so that no connection of anybody gets
/// one of these meanwhile.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// A port for one scenario. No other session is given it until this is dropped: a peer that
/// came to the other's target would make a correct one fail.
#[derive(Debug)]
struct FreePort {
    number: u16,
    /// A name that the system lets only one socket have, and frees with its process.
    _claim: UnixDatagram,
}

impl FreePort {
    fn number(&self) -> u16 {
        self.number
    }
}

/// The ports of one scenario, as many as it needs.
#[derive(Debug)]
pub(crate) struct ClaimedPorts {
    first: Option<FreePort>,
    second: Option<FreePort>,
}

impl ClaimedPorts {
    pub(crate) fn first(&self) -> Option<u16> {
        self.first.as_ref().map(FreePort::number)
    }

    pub(crate) fn second(&self) -> Option<u16> {
        self.second.as_ref().map(FreePort::number)
    }
}

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

    /// The ports that a scenario needs.
    pub(crate) fn claim(&mut self, scenario: &Scenario) -> Result<ClaimedPorts, BenchError> {
        let mut free = |is_needed: bool| is_needed.then(|| self.free()).transpose();
        Ok(ClaimedPorts {
            first: free(program_text::needs_port(scenario))?,
            second: free(program_text::needs_second_port(scenario))?,
        })
    }

    /// A port that nobody on this machine uses.
    fn free(&mut self) -> Result<FreePort, BenchError> {
        let mut refused = io::Error::from(io::ErrorKind::AddrInUse);
        for _ in 0..COUNT {
            let port = FIRST + self.next;
            self.next = (self.next + 1) % COUNT;
            match claimed(port) {
                Ok(port) => return Ok(port),
                Err(error) => refused = error,
            }
        }
        let doing = "looking for a free port for the target".to_owned();
        Err(BenchError::Network {
            doing,
            reason: refused.to_string(),
        })
    }
}

/// Without SO_REUSEADDR, a port that a connection still lingers on counts as used: a target
/// may bind without it, too.
fn claimed(number: u16) -> io::Result<FreePort> {
    let name = format!("trueline-port-{number}");
    let claim = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(name)?)?;
    for kind in [Type::STREAM, Type::DGRAM] {
        let socket = Socket::new(Domain::IPV4, kind, None)?;
        socket.bind(&SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, number).into())?;
    }
    Ok(FreePort {
        number,
        _claim: claim,
    })
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn number(ports: &mut Ports) -> u16 {
        ports.free().expect("some port is free").number()
    }

    #[test]
    fn a_port_in_use_is_passed_over() {
        let used = number(&mut Ports::new(7));
        let _listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, used));
        assert_ne!(number(&mut Ports::new(7)), used);
    }

    #[test]
    fn two_sessions_with_one_seed_are_given_different_ports() {
        let first = Ports::new(99).free().expect("some port is free");
        let second = Ports::new(99).free().expect("some port is free");
        assert_ne!(first.number(), second.number());
    }

    #[test]
    fn ports_follow_each_other_and_begin_anew() {
        let mut ports = Ports { next: COUNT - 1 };
        let (first, second) = (number(&mut ports), number(&mut ports));
        assert!((FIRST..FIRST + COUNT).contains(&first));
        assert!((FIRST..FIRST + COUNT).contains(&second));
        assert_ne!(first, second);
    }
}
