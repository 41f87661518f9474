//! Raw sockets, which the host permits only to some.

use std::net::UdpSocket;

use socket2::{Domain, Protocol, Socket, Type};

use super::session::Session;

#[test]
fn a_raw_socket_gives_packets_with_their_header_or_a_reason() {
    let permitted = Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::UDP)).is_ok();
    let mut board = Session::start();
    board.print(
        "import usocket as socket\nr = socket.socket(2, socket.SOCK_RAW, socket.IPPROTO_UDP)",
    );
    if !permitted {
        for call in [
            "r.recv(99)",
            "r.recvfrom(99)",
            "r.sendto(b'x', ('127.0.0.1', 0))",
        ] {
            assert_eq!(board.error(call), "OSError: [Errno 1] EPERM", "{call}");
        }
        return;
    }
    let receiver = UdpSocket::bind("127.0.0.1:0").expect("a port is free");
    let sender = UdpSocket::bind("127.0.0.1:0").expect("a port is free");
    let port = |socket: &UdpSocket| socket.local_addr().expect("it is bound").port();
    let target = ("127.0.0.1", port(&receiver));
    sender.send_to(b"hello", target).expect("it has a route");
    sender.send_to(b"again", target).expect("it has a route");
    // Other programs' datagrams pass by, too.
    let program = format!(
        "def next_packet(receive):\n    while True:\n        packet, a = receive(2000)\n        \
         head = 4 * (packet[0] & 15)\n        \
         if int.from_bytes(packet[head:head + 2], 'big') == {}: return packet, head, a\n\
         for receive in (r.recvfrom, lambda n: (r.recv(n), None)):\n    \
         packet, head, a = next_packet(receive)\n    \
         print(packet[0] >> 4, packet[9], len(packet) == head + 13, packet[head + 8:], \
         packet[12:16], a and a[0])",
        port(&sender)
    );
    assert_eq!(
        board.print(&program),
        "4 17 True b'hello' b'\\x7f\\x00\\x00\\x01' 127.0.0.1\r\n\
         4 17 True b'again' b'\\x7f\\x00\\x00\\x01' None"
    );
}
