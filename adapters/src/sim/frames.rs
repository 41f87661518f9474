//! Owns what a station reads out of frames before its stack does, and the one that it writes by
//! itself. Keeps nothing.

use std::net::{Ipv4Addr, SocketAddrV4};

use smoltcp::wire::{
    ArpOperation, ArpPacket, ArpRepr, EthernetAddress, EthernetFrame, EthernetProtocol, IpProtocol,
    Ipv4Packet, TcpPacket,
};

use super::link::Frame;

/// An attempt to connect.
pub(super) struct Attempt {
    pub(super) from: SocketAddrV4,
    pub(super) to: SocketAddrV4,
}

impl Attempt {
    pub(super) fn of(frame: &Frame) -> Option<Attempt> {
        let ethernet = EthernetFrame::new_checked(&frame[..]).ok()?;
        if ethernet.ethertype() != EthernetProtocol::Ipv4 {
            return None;
        }
        let ip = Ipv4Packet::new_checked(ethernet.payload()).ok()?;
        if ip.next_header() != IpProtocol::Tcp {
            return None;
        }
        let tcp = TcpPacket::new_checked(ip.payload()).ok()?;
        (tcp.syn() && !tcp.ack()).then(|| Attempt {
            from: SocketAddrV4::new(ip.src_addr(), tcp.src_port()),
            to: SocketAddrV4::new(ip.dst_addr(), tcp.dst_port()),
        })
    }
}

/// The answer to a question for its own address, which nobody else would give.
pub(super) fn answer_to_itself(
    hardware: EthernetAddress,
    is_own: impl Fn(Ipv4Addr) -> bool,
    frame: &EthernetFrame<&[u8]>,
) -> Option<Frame> {
    if frame.ethertype() != EthernetProtocol::Arp {
        return None;
    }
    let packet = ArpPacket::new_checked(frame.payload()).ok()?;
    let ArpRepr::EthernetIpv4 {
        operation: ArpOperation::Request,
        source_protocol_addr,
        target_protocol_addr,
        ..
    } = ArpRepr::parse(&packet).ok()?
    else {
        return None;
    };
    if !is_own(target_protocol_addr) {
        return None;
    }
    let reply = ArpRepr::EthernetIpv4 {
        operation: ArpOperation::Reply,
        source_hardware_addr: hardware,
        source_protocol_addr: target_protocol_addr,
        target_hardware_addr: hardware,
        target_protocol_addr: source_protocol_addr,
    };
    let mut answer = vec![0; EthernetFrame::<&[u8]>::buffer_len(reply.buffer_len())];
    let mut frame = EthernetFrame::new_unchecked(&mut answer[..]);
    frame.set_src_addr(hardware);
    frame.set_dst_addr(hardware);
    frame.set_ethertype(EthernetProtocol::Arp);
    reply.emit(&mut ArpPacket::new_unchecked(frame.payload_mut()));
    Some(answer)
}
