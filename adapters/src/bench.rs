//! Owns what the bench of a target permits: what this machine lets its own side do. Does not ask
//! the target.

use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};

use socket2::{Domain, Protocol, SockRef, Socket, Type};
use trueline_spec::pack::Capability;

/// A group of the block that is for use within a site (RFC 2365).
const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 84, 76);

/// What the bench can do whose peers have this address.
///
/// Raw sockets are the target's own to open. Most targets run on this machine, as this user; where
/// this process may not open one, neither may they.
pub(crate) fn capabilities(peer: Ipv4Addr) -> BTreeSet<Capability> {
    let mut capabilities = BTreeSet::from([
        Capability::Tcp,
        Capability::Udp,
        Capability::Stdin,
        Capability::PromptNetwork,
    ]);
    if Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::UDP)).is_ok() {
        capabilities.insert(Capability::Raw);
    }
    if reaches_groups(peer).is_ok() {
        capabilities.insert(Capability::Multicast);
    }
    capabilities
}

/// Joins a group and sends it a datagram by way of the peers' address.
fn reaches_groups(peer: Ipv4Addr) -> io::Result<()> {
    let member = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
    member.join_multicast_v4(&GROUP, &peer)?;
    let sender = UdpSocket::bind((peer, 0))?;
    SockRef::from(&sender).set_multicast_if_v4(&peer)?;
    sender.send_to(b"", SocketAddrV4::new(GROUP, member.local_addr()?.port()))?;
    Ok(())
}
