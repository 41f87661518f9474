//! The sockets of the board against the host's own.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};

use super::session::Session;

/// A board whose socket `s` is connected to the stream.
fn connected() -> (Session, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("it is bound").port();
    let mut board = Session::start();
    board.print(&format!(
        "import usocket as socket\ns = socket.socket()\ns.connect(('127.0.0.1', {port}))"
    ));
    let (stream, _) = listener.accept().expect("the board has connected");
    stream.set_nodelay(true).expect("it is a TCP stream");
    (board, stream)
}

/// A board with a listening socket `l`, and its port.
fn listening() -> (Session, u16) {
    let port = TcpListener::bind("127.0.0.1:0")
        .expect("a port is free")
        .local_addr();
    let port = port.expect("it is bound").port();
    let mut board = Session::start();
    board.print(&format!(
        "import usocket as socket\nl = socket.socket()\nl.setsockopt(1, 4, 1)\n\
         l.bind(['127.0.0.1', {port}])\nl.listen(5)"
    ));
    (board, port)
}

/// A board with a bound datagram socket `u`, and a peer that is connected to it.
fn datagrams() -> (Session, UdpSocket) {
    let peer = UdpSocket::bind("127.0.0.1:0").expect("a port is free");
    let port = peer.local_addr().expect("it is bound").port();
    let mut board = Session::start();
    board.print(&format!(
        "import usocket as socket\nu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
         peer = ('127.0.0.1', {port})\nu.sendto('hello', peer)"
    ));
    let mut buffer = [0; 16];
    let (count, board_address) = peer.recv_from(&mut buffer).expect("the board has sent");
    assert_eq!(&buffer[..count], b"hello");
    peer.connect(board_address).expect("an address is enough");
    (board, peer)
}

#[test]
fn every_documented_name_is_there() {
    let program = "import usocket as socket\n\
                   module = '__name__ AF_INET AF_INET6 IPPROTO_IP IPPROTO_TCP IPPROTO_UDP \
                   IP_ADD_MEMBERSHIP SOCK_DGRAM SOCK_RAW SOCK_STREAM SOL_SOCKET SO_REUSEADDR \
                   getaddrinfo socket'\n\
                   methods = 'close read readinto readline send write __del__ accept bind connect \
                   fileno listen makefile recv recvfrom sendall sendto setblocking setsockopt \
                   settimeout'\n\
                   print([n for n in module.split() if n not in dir(socket)], \
                   [n for n in methods.split() if n not in dir(socket.socket)])\n\
                   print(socket.AF_INET, socket.AF_INET6, socket.SOCK_STREAM, socket.SOCK_DGRAM, \
                   socket.SOCK_RAW, socket.SO_REUSEADDR, socket.IPPROTO_IP, socket.IPPROTO_TCP, \
                   socket.IPPROTO_UDP, socket.SOL_SOCKET, socket.IP_ADD_MEMBERSHIP)";
    assert_eq!(
        Session::start().print(program),
        "[] []\r\n2 0 1 2 3 4 0 6 17 1 35"
    );
}

#[test]
fn addresses_are_looked_up_as_the_family_does_it() {
    let mut board = Session::start();
    board.print("from usocket import getaddrinfo");
    for (call, result) in [
        (
            "('127.0.0.1', 5000)",
            "[(2, 1, 0, '127.0.0.1', ('127.0.0.1', 5000))]",
        ),
        ("('', 80)", "[(2, 1, 0, '0.0.0.0', ('0.0.0.0', 80))]"),
        (
            "('127.0.0.1', '80')",
            "[(2, 1, 0, '127.0.0.1', ('127.0.0.1', 80))]",
        ),
        (
            "('localhost', 0)",
            "[(2, 1, 0, 'localhost', ('127.0.0.1', 0))]",
        ),
        (
            "('1.2.3', 65535)",
            "[(2, 1, 0, '1.2.3', ('1.2.0.3', 65535))]",
        ),
        (
            "('127.0.0.1', 1, 2, 1, 6)",
            "[(2, 1, 6, '127.0.0.1', ('127.0.0.1', 1))]",
        ),
        (
            "(b'127.0.0.1', b'80')",
            "[(2, 1, 0, '127.0.0.1', ('127.0.0.1', 80))]",
        ),
        (
            "('127.0.0.1', 1, 0, 2)",
            "[(2, 2, 0, '127.0.0.1', ('127.0.0.1', 1))]",
        ),
    ] {
        assert_eq!(
            board.print(&format!("print(getaddrinfo{call})")),
            result,
            "{call}"
        );
    }
    for (call, error) in [
        ("('127.0.0.1', 65536)", "OSError: -201"),
        ("('127.0.0.1', -1)", "OSError: -201"),
        ("('256.1.1.1', 80)", "OSError: -202"),
        ("('no-such-host.invalid', 80)", "OSError: -202"),
    ] {
        assert_eq!(board.error(&format!("getaddrinfo{call}")), error, "{call}");
    }
    for call in [
        "('127.0.0.1',)",
        "(None, 80)",
        "('127.0.0.1', 1.5)",
        "(1, 2)",
    ] {
        assert!(
            board
                .error(&format!("getaddrinfo{call}"))
                .starts_with("TypeError: "),
            "{call}"
        );
    }
}

#[test]
fn a_socket_is_made_from_numbers_and_prints_as_one() {
    let mut board = Session::start();
    board.print("from usocket import socket");
    for arguments in [
        "", "2", "2, 1", "2, 1, 6", "2, 2", "2, 3", "0, 1", "2, 1, 17", "99",
    ] {
        assert_eq!(
            board.print(&format!("print(socket({arguments}))")),
            "<socket>",
            "{arguments}"
        );
    }
    assert_eq!(board.error("socket(2, 99)"), "OSError: [Errno 22] EINVAL");
    for arguments in ["'2'", "2, 1, 6, 0", "None", "af=2"] {
        let error = board.error(&format!("socket({arguments})"));
        assert!(error.starts_with("TypeError: "), "{arguments}: {error}");
    }
}

#[test]
fn a_board_has_few_sockets_and_gets_them_back() {
    let mut board = Session::start();
    let all = "from usocket import socket\nkept = []\nwhile True: kept.append(socket())";
    assert_eq!(board.error(all), "OSError: [Errno 23] ENFILE");
    assert_eq!(
        board.print("kept = None\nprint(socket().fileno() >= 0)"),
        "True"
    );
    board.error(all);
    board.soft_reset();
    assert_eq!(
        board.print("from usocket import socket\nprint(socket().fileno())"),
        "0"
    );
}

#[test]
fn an_address_is_a_tuple_or_a_list_of_two() {
    let mut board = Session::start();
    board.print("from usocket import socket\ns = socket()");
    for (address, error) in [
        ("'127.0.0.1'", "TypeError"),
        ("5", "TypeError"),
        ("(None, 5)", "TypeError"),
        ("('127.0.0.1', None)", "TypeError"),
        ("('127.0.0.1',)", "ValueError"),
        ("('127.0.0.1', 70000)", "OSError: -201"),
        ("('256.0.0.1', 7)", "OSError: -202"),
    ] {
        let raised = board.error(&format!("s.bind({address})"));
        assert!(raised.starts_with(error), "{address}: {raised}");
    }
    board.print("s.bind(('', 0))\nsocket().bind(['127.0.0.1', '0'])");
    // As lwIP, it binds to an address that it does not have.
    board.print("socket().bind(('192.168.50.66', 0))");
}

#[test]
fn a_stream_carries_bytes_both_ways() {
    let (mut board, mut peer) = connected();
    assert_eq!(
        board.print("print(s.send('héllo'), s.write(b'-'), s.sendall(b'end'))"),
        "6 1 None"
    );
    let mut received = [0; 10];
    peer.read_exact(&mut received).expect("so much was sent");
    assert_eq!(received, *"héllo-end".as_bytes());
    peer.write_all(b"abc").expect("the board listens");
    assert_eq!(board.print("print(s.recv(2), s.recv(1024))"), "b'ab' b'c'");
    drop(peer);
    assert_eq!(
        board.print("print(s.recv(1), s.read(), s.readline(), s.recv(1))"),
        "b'' b'' b'' b''"
    );
}

#[test]
fn any_bytes_can_be_sent_and_nothing_else() {
    let (mut board, mut peer) = connected();
    board.print("s.send(bytearray(b'a'))\ns.send(memoryview(b'b'))\ns.write(b'xcde', 1, 2)");
    let mut received = [0; 4];
    peer.read_exact(&mut received).expect("so much was sent");
    assert_eq!(&received, b"abcd");
    for data in ["1", "None", "[1]"] {
        for method in ["send", "sendall", "write"] {
            let error = board.error(&format!("s.{method}({data})"));
            assert!(
                error.starts_with("TypeError: "),
                "{method}({data}): {error}"
            );
        }
    }
    assert_eq!(
        board.print("print(s.send(b''), s.write(b''), s.sendall(b''))"),
        "0 0 None"
    );
}

#[test]
fn receiving_nothing_keeps_the_stream() {
    let (mut board, mut peer) = connected();
    assert_eq!(board.print("print(s.recv(0), s.read(0))"), "b'' b''");
    peer.write_all(b"x").expect("the board listens");
    assert_eq!(board.print("print(s.recv(9))"), "b'x'");
    assert!(board.error("s.recv()").starts_with("TypeError: "));
    assert!(board.error("s.recv('1')").starts_with("TypeError: "));
    assert!(board.error("s.recv(-1)").starts_with("ValueError: "));
}

#[test]
fn lines_keep_their_newline() {
    let (mut board, mut peer) = connected();
    peer.write_all(b"one\ntwo\n12345\nrest")
        .expect("the board listens");
    drop(peer);
    let program = "print(s.readline(), s.recv(2), s.readline(), s.readline(3), s.readline(), \
                   s.readline(), s.readline())";
    assert_eq!(
        board.print(program),
        "b'one\\n' b'tw' b'o\\n' b'123' b'45\\n' b'rest' b''"
    );
}

#[test]
fn what_a_line_left_over_still_has_its_sender() {
    let (mut board, mut peer) = connected();
    let own = peer.local_addr().expect("it is connected");
    peer.write_all(b"line\nrest").expect("the board listens");
    assert_eq!(
        board.print("s.readline()\nprint(s.recvfrom(99))"),
        format!("(b'rest', ('127.0.0.1', {}))", own.port())
    );
}

#[test]
fn reads_wait_for_all_that_was_asked_for() {
    let (mut board, mut peer) = connected();
    board.begin("print('reads')\nprint(s.read(6), s.read())");
    peer.write_all(b"abc").expect("the board listens");
    board.until("reads\r\n");
    peer.write_all(b"defgh").expect("the board listens");
    drop(peer);
    assert_eq!(board.end().output, "b'abcdef' b'gh'\r\n");
}

#[test]
fn what_a_read_had_when_the_time_ran_out_is_read_next() {
    let (mut board, mut peer) = connected();
    peer.write_all(b"abc").expect("the board listens");
    board.print("s.settimeout(0.05)");
    assert_eq!(board.error("s.read(9)"), "OSError: [Errno 110] ETIMEDOUT");
    assert_eq!(
        board.error("s.readline()"),
        "OSError: [Errno 110] ETIMEDOUT"
    );
    assert_eq!(
        board.error("s.readinto(bytearray(9))"),
        "OSError: [Errno 110] ETIMEDOUT"
    );
    peer.write_all(b"d\n").expect("the board listens");
    assert_eq!(board.print("print(s.readline())"), "b'abcd\\n'");
}

#[test]
fn a_buffer_is_filled_but_never_over_its_end() {
    let (mut board, mut peer) = connected();
    peer.write_all(b"0123456789abcdef")
        .expect("the board listens");
    let program = "b = bytearray(8)\nprint(s.readinto(b, 1024), b)\nprint(s.readinto(b, 4), b)";
    let expected = "8 bytearray(b'01234567')\r\n4 bytearray(b'89ab4567')";
    assert_eq!(board.print(program), expected);
    assert_eq!(
        board.print("print(s.readinto(memoryview(b)[1:3]), b)"),
        "2 bytearray(b'8cdb4567')"
    );
    for buffer in ["b'x'", "5", "'x'"] {
        let error = board.error(&format!("s.readinto({buffer})"));
        assert!(error.starts_with("TypeError: "), "{buffer}: {error}");
    }
}

#[test]
fn a_timeout_is_never_early() {
    let (mut board, _peer) = connected();
    let program = "import time\nfor t in (0.001, 0.03, 0.15):\n    s.settimeout(t)\n    \
                   start = time.ticks_us()\n    try: s.recv(1)\n    except OSError as e:\n        \
                   print(e.errno, time.ticks_diff(time.ticks_us(), start) >= t * 1000000)";
    assert_eq!(board.print(program), "110 True\r\n110 True\r\n110 True");
}

#[test]
fn a_socket_that_may_not_wait_says_so() {
    let (mut board, mut peer) = connected();
    for never in [
        "s.setblocking(False)",
        "s.settimeout(0)",
        "s.setblocking([])",
        "s.settimeout(-1)",
    ] {
        board.print(never);
        assert_eq!(
            board.error("s.recv(1)"),
            "OSError: [Errno 11] EAGAIN",
            "{never}"
        );
        let program = "print(s.read(1), s.read(), s.readline(), s.readinto(bytearray(1)))";
        assert_eq!(board.print(program), "None None None None", "{never}");
        board.print("s.settimeout(None)");
    }
    peer.write_all(b"abc").expect("the board listens");
    assert_eq!(
        board.print("s.setblocking(1)\nx = s.recv(1)\ns.setblocking(0)\nprint(x, s.read(9))"),
        "b'a' b'bc'"
    );
    for wrong in ["s.settimeout('1')", "s.settimeout(float('nan'))"] {
        assert_ne!(board.error(wrong), "", "{wrong}");
    }
}

#[test]
fn a_full_window_stops_the_sender() {
    let (mut board, mut peer) = connected();
    board.print("s.settimeout(0.05)\nbig = bytes(8000000)");
    assert_eq!(
        board.error("while True: s.sendall(big)"),
        "OSError: [Errno 110] ETIMEDOUT"
    );
    board.print("s.setblocking(False)");
    assert_eq!(
        board.error("while True: s.send(big)"),
        "OSError: [Errno 11] EAGAIN"
    );
    board.print("while s.write(big) is not None: pass");
    board.print("s.setblocking(True)\ns.close()");
    peer.read_to_end(&mut Vec::new())
        .expect("it was closed in good order");
}

#[test]
fn all_of_a_long_message_arrives() {
    let (mut board, mut peer) = connected();
    board.begin("s.sendall(b'0123456789' * 100000)\ns.close()");
    let mut received = Vec::new();
    peer.read_to_end(&mut received)
        .expect("it was closed in good order");
    assert_eq!(received, b"0123456789".repeat(100_000));
    board.end();
}

#[test]
fn a_reset_by_the_peer_is_an_error_of_the_next_receive() {
    let (mut board, peer) = connected();
    SockRef::from(&peer)
        .set_linger(Some(Duration::ZERO))
        .expect("it is a TCP stream");
    drop(peer);
    assert_eq!(board.error("s.recv(1)"), "OSError: [Errno 104] ECONNRESET");
    let error = board.error("while True: s.send(b'x')");
    assert_eq!(error, "OSError: [Errno 104] ECONNRESET");
    assert_eq!(board.print("print('alive')"), "alive");
}

#[test]
fn a_refused_connection_is_an_error_and_the_socket_can_try_again() {
    let mut board = Session::start();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    board.print(&format!(
        "from usocket import socket\ns = socket()\npeer = ('127.0.0.1', {})",
        address.port()
    ));
    assert_eq!(
        board.error("s.connect(peer)"),
        "OSError: [Errno 104] ECONNRESET"
    );
    assert_eq!(board.error("s.send(b'x')"), "OSError: [Errno 107] ENOTCONN");
    let listener = TcpListener::bind(address).expect("the port is free again");
    board.print("s.connect(peer)\ns.send(b'x')");
    drop(listener);
}

#[test]
fn a_connection_that_nobody_answers_ends_with_the_time() {
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None).expect("sockets can be had");
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    listener.bind(&any.into()).expect("a port is free");
    listener.listen(0).expect("it is bound");
    let address = listener.local_addr().expect("it is bound");
    let address = address.as_socket().expect("it is an IPv4 address");
    let mut board = Session::start();
    // Once the queue is full, the host answers nothing.
    let program = format!(
        "from usocket import socket\nimport time\nkept = []\n\
         try:\n    while True:\n        kept.append(socket())\n        \
         kept[-1].settimeout(0.1)\n        t = time.ticks_us()\n        \
         kept[-1].connect(('127.0.0.1', {}))\n\
         except OSError as e: print(e.errno, time.ticks_diff(time.ticks_us(), t) >= 100000)",
        address.port()
    );
    assert_eq!(board.print(&program), "110 True");
    // The socket can be used again.
    let server = TcpListener::bind(any).expect("a port is free");
    let port = server.local_addr().expect("it is bound").port();
    board.print(&format!(
        "kept[-1].settimeout(None)\nkept[-1].connect(('127.0.0.1', {port}))"
    ));
}

#[test]
fn a_connection_that_may_not_wait_is_made_in_the_background() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("it is bound").port();
    let mut board = Session::start();
    let program = format!(
        "from usocket import socket\ns = socket()\ns.setblocking(False)\n\
         s.connect(('127.0.0.1', {port}))"
    );
    assert_eq!(board.error(&program), "OSError: [Errno 115] EINPROGRESS");
    let (mut peer, _) = listener.accept().expect("the board connects");
    board.print("s.setblocking(True)\ns.send(b'x')");
    let mut received = [0; 1];
    peer.read_exact(&mut received).expect("the board has sent");
}

#[test]
fn connections_queue_and_are_accepted_with_their_address() {
    let (mut board, port) = listening();
    let mut peers: Vec<TcpStream> = (0..3)
        .map(|_| TcpStream::connect(("127.0.0.1", port)).expect("the board listens"))
        .collect();
    for peer in &mut peers {
        let own = peer.local_addr().expect("it is connected");
        let program = "c, a = l.accept()\nprint(c, a)\nc.send(b'hi')\nc.close()";
        let expected = format!("<socket> ('127.0.0.1', {})", own.port());
        assert_eq!(board.print(program), expected);
        let mut received = Vec::new();
        peer.read_to_end(&mut received)
            .expect("it was closed in good order");
        assert_eq!(received, b"hi");
    }
}

#[test]
fn an_accepted_socket_waits_whatever_its_listener_does() {
    let (mut board, port) = listening();
    board.print("l.setblocking(False)");
    assert_eq!(board.error("l.accept()"), "OSError: [Errno 11] EAGAIN");
    let mut peer = TcpStream::connect(("127.0.0.1", port)).expect("the board listens");
    board.print("l.settimeout(30)");
    board.begin("c, a = l.accept()\nl.setblocking(False)\nprint('waits')\nprint(c.recv(5))");
    board.until("waits\r\n");
    peer.write_all(b"late").expect("the board listens");
    assert_eq!(board.end().output, "b'late'\r\n");
}

#[test]
fn a_port_in_use_is_refused_and_can_be_bound_again_later() {
    let (mut board, port) = listening();
    let bind = format!("s = socket.socket()\ns.setsockopt(1, 4, 1)\ns.bind(('', {port}))");
    assert_eq!(board.error(&bind), "OSError: [Errno 98] EADDRINUSE");
    board.print("l.close()\nl.close()");
    board.print(&bind);
}

#[test]
fn a_soft_reset_closes_the_sockets() {
    let (mut board, mut peer) = connected();
    board.soft_reset();
    assert_eq!(
        peer.read(&mut [0; 1]).expect("it was closed in good order"),
        0
    );
}

#[test]
fn a_socket_that_nothing_refers_to_is_closed() {
    let (mut board, mut peer) = connected();
    board.print("s = None");
    assert_eq!(
        peer.read(&mut [0; 1]).expect("it was closed in good order"),
        0
    );
}

#[test]
fn datagrams_keep_their_boundaries() {
    let (mut board, peer) = datagrams();
    for datagram in [&b"hello"[..], b"", b"after the empty one"] {
        peer.send(datagram).expect("the board is bound");
    }
    let program =
        "a, f = u.recvfrom(2)\nb, _ = u.recvfrom(99)\nc = u.recv(99)\nprint(a, b, c, f == peer)";
    assert_eq!(
        board.print(program),
        "b'he' b'' b'after the empty one' True"
    );
}

#[test]
fn a_datagram_has_a_greatest_length() {
    let (mut board, peer) = datagrams();
    assert_eq!(board.print("print(u.sendto(bytes(2000), peer))"), "2000");
    let mut buffer = [0; 4000];
    assert_eq!(peer.recv(&mut buffer).expect("the board has sent"), 2000);
    assert_eq!(
        board.error("u.sendto(bytes(70000), peer)"),
        "OSError: [Errno 90] EMSGSIZE"
    );
}

#[test]
fn a_connected_datagram_socket_sends_to_its_peer() {
    let (mut board, peer) = datagrams();
    assert_eq!(
        board.print("u.connect(peer)\nprint(u.send(b'x'), u.write(b'yz'))"),
        "1 2"
    );
    let mut buffer = [0; 9];
    assert_eq!(peer.recv(&mut buffer).expect("the board has sent"), 1);
    assert_eq!(peer.recv(&mut buffer).expect("the board has sent"), 2);
    drop(peer);
    // It does not hear that nobody listens any more.
    board.print("u.send(b'x')\nu.send(b'x')\nu.settimeout(0.01)");
    assert_eq!(board.error("u.recv(1)"), "OSError: [Errno 110] ETIMEDOUT");
}

#[test]
fn an_option_is_an_int_or_bytes() {
    let mut board = Session::start();
    board.print("import usocket as socket\ns = socket.socket()");
    for value in ["1", "0", "True", "b'\\x01\\x00\\x00\\x00'", "bytearray(4)"] {
        assert_eq!(
            board.print(&format!("print(s.setsockopt(1, 4, {value}))")),
            "None",
            "{value}"
        );
    }
    for value in ["'1'", "None", "1.5"] {
        let error = board.error(&format!("s.setsockopt(1, 4, {value})"));
        assert!(error.starts_with("TypeError: "), "{value}: {error}");
    }
    let warning = "Warning: lwip.setsockopt() option not implemented";
    assert_eq!(
        board.print("s.setsockopt(socket.SOL_SOCKET, socket.SOCK_RAW, 1)"),
        warning
    );
    assert!(
        board
            .error("s.setsockopt(0, 35, 1)")
            .starts_with("TypeError: ")
    );
    assert!(
        board
            .error("s.setsockopt(0, 35, b'1234')")
            .starts_with("ValueError: ")
    );
    let join = "u = socket.socket(2, 2)\n\
                print(u.setsockopt(0, 35, bytes([239, 1, 2, 3, 127, 0, 0, 1])))";
    assert_eq!(board.print(join), "None");
}

#[test]
fn a_file_of_a_socket_is_the_socket() {
    let mut board = Session::start();
    board.print("import usocket as socket\ns = socket.socket()\ns.settimeout(10.0)");
    for arguments in [
        "",
        "'rb'",
        "'rb', 0",
        "'wb', None",
        "mode='rb', buffering=0",
        "'rb', buffering=-1",
    ] {
        let program = format!("f = s.makefile({arguments})\nprint(f, f is s)");
        assert_eq!(board.print(&program), "<socket> True", "{arguments}");
    }
    for arguments in ["1, 2, 3", "encoding='x'"] {
        let error = board.error(&format!("s.makefile({arguments})"));
        assert!(error.starts_with("TypeError: "), "{arguments}: {error}");
    }
}

#[test]
fn a_raw_socket_opens_without_permission_asked() {
    let mut board = Session::start();
    assert_eq!(
        board.print("import usocket\ns = usocket.socket(2, 3)\nprint(s.fileno() >= 0)"),
        "True"
    );
    assert!(
        board
            .error("s.sendto(b'x', ('127.0.0.1', 0))")
            .starts_with("OSError: ")
    );
}
