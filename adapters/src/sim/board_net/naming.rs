//! Owns the asking for addresses of names.

use std::net::Ipv4Addr;
use std::time::Duration;

use smoltcp::socket::dns::{self, GetQueryResultError};
use smoltcp::wire::{DnsQueryType, IpAddress};
use trueline_agent::net::{Errno, Wait};

use super::BoardNet;

/// How long a name server is asked.
const NAMING: Duration = Duration::from_secs(20);

impl BoardNet {
    /// Asks the access point for the address of a name.
    pub(super) fn ask_for(&mut self, name: &str) -> Result<Ipv4Addr, Errno> {
        self.world.call()?;
        let server = self.air(|air| air.access_point());
        if !self.board(|board| board.reaches(server)) {
            return Err(Errno::NO_NAME);
        }
        let query = self.board(|board| {
            let socket = dns::Socket::new(&[IpAddress::Ipv4(server)], Vec::new());
            let handle = board.add(socket);
            let (sockets, context) = board.context();
            let socket = sockets.get_mut::<dns::Socket>(handle);
            let query = socket.start_query(context, name, DnsQueryType::A);
            (handle, query)
        });
        let (handle, query) = query;
        let found = query.map_err(|_| Errno::NO_NAME).and_then(|query| {
            let end = Wait::Until(self.world.now() + NAMING);
            self.wait(end, |board| {
                let socket = board.touch::<dns::Socket>(handle);
                match socket.get_query_result(query) {
                    Ok(addresses) => {
                        let IpAddress::Ipv4(first) = addresses.first()?;
                        Some(Ok(*first))
                    }
                    Err(GetQueryResultError::Pending) => None,
                    Err(GetQueryResultError::Failed) => Some(Err(Errno::NO_NAME)),
                }
            })
        });
        self.board(|board| board.remove(handle));
        found.map_err(|error| match error {
            Errno::EINTR => error,
            _ => Errno::NO_NAME,
        })
    }
}
