//! Multicast groups on the loopback interface.

use std::net::{Ipv4Addr, UdpSocket};

use socket2::SockRef;

use super::ports::free_port;
use super::session::Session;

/// A sender of datagrams to groups, on the loopback interface.
fn sender() -> UdpSocket {
    let sender = UdpSocket::bind("127.0.0.1:0").expect("a port is free");
    SockRef::from(&sender)
        .set_multicast_if_v4(&Ipv4Addr::LOCALHOST)
        .expect("the loopback interface is there");
    sender
}

/// A board with a datagram socket `u`, bound to all addresses, and its port.
fn bound() -> (Session, u16) {
    let port = free_port();
    let mut board = Session::start();
    board.print(&format!(
        "import usocket as socket\nu = socket.socket(2, 2)\nu.bind(('0.0.0.0', {port}))"
    ));
    (board, port)
}

#[test]
fn a_datagram_to_the_group_reaches_who_has_joined() {
    let (mut board, port) = bound();
    let sender = sender();
    let group = Ipv4Addr::new(239, 12, 13, 14);
    board.print(
        "u.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, \
         bytes([239, 12, 13, 14, 127, 0, 0, 1]))",
    );
    sender
        .send_to(b"hello", (group, port))
        .expect("it has a route");
    let own = sender.local_addr().expect("it is bound").port();
    assert_eq!(
        board.print("print(u.recvfrom(99))"),
        format!("(b'hello', ('127.0.0.1', {own}))")
    );
}

#[test]
fn without_a_choice_of_interface_the_loopback_is_one() {
    let (mut board, port) = bound();
    board.print("u.setsockopt(0, 35, bytearray([239, 12, 13, 15, 0, 0, 0, 0]))");
    // Joined again, it is joined.
    board.print("u.setsockopt(0, 35, memoryview(bytes([239, 12, 13, 15, 0, 0, 0, 0])))");
    sender()
        .send_to(b"hello", (Ipv4Addr::new(239, 12, 13, 15), port))
        .expect("it has a route");
    assert_eq!(board.print("print(u.recv(99))"), "b'hello'");
}

#[test]
fn who_has_not_joined_hears_nothing_although_others_have() {
    let (mut board, port) = bound();
    let group = Ipv4Addr::new(239, 12, 13, 16);
    let member = UdpSocket::bind("0.0.0.0:0").expect("a port is free");
    member
        .join_multicast_v4(&group, &Ipv4Addr::LOCALHOST)
        .expect("the loopback interface is there");
    let sender = sender();
    sender
        .send_to(b"to the group", (group, port))
        .expect("it has a route");
    sender
        .send_to(b"to the board", ("127.0.0.1", port))
        .expect("it has a route");
    assert_eq!(board.print("print(u.recv(99))"), "b'to the board'");
}

#[test]
fn a_membership_is_eight_bytes_of_a_group_and_an_interface() {
    let (mut board, _) = bound();
    for (value, error) in [
        ("1", "TypeError: "),
        ("None", "TypeError: "),
        ("'239.1.2.3'", "TypeError: "),
        ("b''", "ValueError: "),
        ("b'1234'", "ValueError: "),
        ("bytes(7)", "ValueError: "),
        ("bytes(9)", "ValueError: "),
        ("bytes([10, 0, 0, 1, 127, 0, 0, 1])", "OSError: "),
    ] {
        let raised = board.error(&format!("u.setsockopt(0, 35, {value})"));
        assert!(raised.starts_with(error), "{value}: {raised}");
    }
}
