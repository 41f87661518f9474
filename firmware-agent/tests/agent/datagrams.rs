//! Datagram sockets of the board against the host's own.

use std::net::UdpSocket;

use super::ports::free_port;
use super::session::Session;

fn port(socket: &UdpSocket) -> u16 {
    socket.local_addr().expect("it is bound").port()
}

/// A peer on the loopback interface.
fn peer() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0").expect("a port is free")
}

/// A board with a datagram socket `u` that is bound, and a peer `peer` that is connected to it.
fn bound() -> (Session, UdpSocket) {
    let peer = peer();
    let own = free_port();
    let mut board = Session::start();
    board.print(&format!(
        "import usocket as socket, time\nu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
         u.bind(('127.0.0.1', {own}))\npeer = ('127.0.0.1', {})\n\
         def error(f, *a):\n    try: return f(*a)\n    except OSError as e: return e.errno",
        port(&peer)
    ));
    peer.connect(("127.0.0.1", own))
        .expect("an address is enough");
    (board, peer)
}

fn received(peer: &UdpSocket) -> Vec<u8> {
    let mut buffer = vec![0; 70_000];
    let count = peer.recv(&mut buffer).expect("the board has sent");
    buffer.truncate(count);
    buffer
}

#[test]
fn any_bytes_go_to_a_tuple_or_a_list() {
    let (mut board, peer) = bound();
    for (data, sent) in [
        ("'héllo'", "héllo".as_bytes()),
        ("b'bytes'", b"bytes"),
        ("bytearray(b'array')", b"array"),
        ("memoryview(b'view')", b"view"),
        ("b''", b""),
    ] {
        for address in ["peer", "list(peer)", "(peer[0], str(peer[1]))"] {
            assert_eq!(
                board.print(&format!("print(u.sendto({data}, {address}))")),
                sent.len().to_string(),
                "{data} to {address}"
            );
            assert_eq!(received(&peer), sent, "{data} to {address}");
        }
    }
    for wrong in [
        "u.sendto(1, peer)",
        "u.sendto(None, peer)",
        "u.sendto([1], peer)",
        "u.sendto(b'x', '127.0.0.1')",
        "u.sendto(b'x', 5)",
        "u.sendto(b'x')",
        "u.recvfrom()",
        "u.recvfrom('1')",
    ] {
        let error = board.error(wrong);
        assert!(error.starts_with("TypeError: "), "{wrong}: {error}");
    }
    let error = board.error("u.sendto(b'x', peer[:1])");
    assert!(error.starts_with("ValueError: "), "{error}");
}

#[test]
fn what_is_longer_than_the_buffer_is_cut_off_in_every_call() {
    let (mut board, peer) = bound();
    for call in [
        "u.recvfrom(2)[0]",
        "u.recv(2)",
        "u.read(2)",
        "(u.readinto(b), bytes(b))[1]",
        "u.readline(2)",
    ] {
        peer.send(b"12345").expect("the board is bound");
        peer.send(b"after").expect("the board is bound");
        let program = format!("b = bytearray(2)\nprint({call}, u.recvfrom(99)[0])");
        assert_eq!(board.print(&program), "b'12' b'after'", "{call}");
    }
    peer.send(b"gone").expect("the board is bound");
    peer.send(b"after").expect("the board is bound");
    assert_eq!(board.print("print(u.recv(0), u.recv(99))"), "b'' b'after'");
}

#[test]
fn an_empty_datagram_is_no_end() {
    let (mut board, peer) = bound();
    for call in ["u.recvfrom(9)[0]", "u.recv(9)", "u.read(9)", "u.readline()"] {
        peer.send(b"").expect("the board is bound");
        peer.send(b"after").expect("the board is bound");
        let program = format!("print({call}, {call})");
        assert_eq!(board.print(&program), "b'' b'after'", "{call}");
    }
}

#[test]
fn datagrams_of_every_length_go_both_ways() {
    let (mut board, peer) = bound();
    for length in [0, 1, 1472, 1473, 2000, 9000, 65507] {
        let sent = vec![b'x'; length];
        peer.send(&sent).expect("the board is bound");
        let program = "d, a = u.recvfrom(70000)\nprint(len(d), u.sendto(d, a), a == peer)";
        assert_eq!(board.print(program), format!("{length} {length} True"));
        assert_eq!(received(&peer), sent);
    }
    for length in [65508, 70000] {
        let error = board.error(&format!("u.sendto(bytes({length}), peer)"));
        assert_eq!(error, "OSError: [Errno 90] EMSGSIZE", "{length}");
    }
}

#[test]
fn a_connected_socket_hears_only_its_peer_and_can_be_connected_anew() {
    let (mut board, first) = bound();
    let other = peer();
    let own = first.peer_addr().expect("it is connected");
    board.print("u.connect(peer)");
    other.send_to(b"stranger", own).expect("the board is bound");
    first.send(b"friend").expect("the board is bound");
    assert_eq!(
        board.print("print(u.recvfrom(99) == (b'friend', peer))"),
        "True"
    );
    board.print(&format!("u.connect(['127.0.0.1', {}])", port(&other)));
    first.send(b"stranger").expect("the board is bound");
    other.send_to(b"friend", own).expect("the board is bound");
    assert_eq!(board.print("print(u.recv(99))"), "b'friend'");
    // The host tells the stranger that nobody hears it; that is not looked at here.
    first.take_error().expect("the socket is open");
    // One datagram can still go elsewhere.
    assert_eq!(
        board.print("print(u.send(b'to other'), u.sendall(b''), u.sendto(b'to first', peer))"),
        "8 None 8"
    );
    assert_eq!(received(&other), b"to other");
    assert_eq!(received(&other), b"");
    assert_eq!(received(&first), b"to first");
}

#[test]
fn without_a_peer_what_is_sent_goes_nowhere() {
    let (mut board, peer) = bound();
    assert_eq!(
        board.print("print(u.send(b'x'), u.sendall(b'x'), u.write(b'x'))"),
        "1 None 1"
    );
    // What came first is what has an address.
    board.print("u.sendto(b'to the peer', peer)");
    assert_eq!(received(&peer), b"to the peer");
}

#[test]
fn nobody_there_is_no_error() {
    let (mut board, peer) = bound();
    drop(peer);
    let program = "u.settimeout(0.02)\n\
                   print([error(u.sendto, b'x', peer) for _ in range(3)], error(u.recvfrom, 9))\n\
                   u.connect(peer)\n\
                   print([error(u.send, b'x') for _ in range(3)], error(u.recv, 9))";
    assert_eq!(board.print(program), "[1, 1, 1] 110\r\n[1, 1, 1] 110");
}

#[test]
fn every_call_that_receives_keeps_to_the_time() {
    let (mut board, peer) = bound();
    for call in [
        "u.recvfrom, 9",
        "u.recv, 9",
        "u.read, 9",
        "u.read",
        "u.readinto, bytearray(9)",
        "u.readline",
    ] {
        let program = format!(
            "u.settimeout(0.02)\nt = time.ticks_us()\n\
             print(error({call}), time.ticks_diff(time.ticks_us(), t) >= 20000)"
        );
        assert_eq!(board.print(&program), "110 True", "{call}");
    }
    assert_eq!(
        board.print("u.setblocking(False)\nprint(error(u.recvfrom, 9), error(u.recv, 9))"),
        "11 11"
    );
    assert_eq!(
        board.print("print(u.read(9), u.readinto(bytearray(9)), u.readline())"),
        "None None None"
    );
    board.begin("u.settimeout(None)\nprint('waits')\nprint(u.recvfrom(9)[0])");
    board.until("waits\r\n");
    peer.send(b"late").expect("the board is bound");
    assert_eq!(board.end().output, "b'late'\r\n");
}

#[test]
fn a_socket_that_has_sent_can_still_be_bound_and_keeps_its_peer() {
    let (mut board, _peer) = bound();
    let friend = peer();
    let other = free_port();
    board.print(&format!(
        "friend = ('127.0.0.1', {})\nv = socket.socket(2, 2)\nv.sendto(b'x', friend)\n\
         v.connect(friend)\nv.bind(('127.0.0.1', {other}))\nv.send(b'y')",
        port(&friend)
    ));
    assert_eq!(received(&friend), b"x");
    let mut buffer = [0; 9];
    let (_, from) = friend.recv_from(&mut buffer).expect("the board has sent");
    assert_eq!((buffer[0], from.port()), (b'y', other));
}

#[test]
fn a_port_is_free_again_when_its_socket_is_closed() {
    let (mut board, peer) = bound();
    let own = peer.peer_addr().expect("it is connected").port();
    let bind = format!("v = socket.socket(2, 2)\nv.bind(('127.0.0.1', {own}))");
    assert_eq!(board.error(&bind), "OSError: [Errno 98] EADDRINUSE");
    board.print("u.__del__()\nprint(u.fileno())");
    board.print(&bind);
}
