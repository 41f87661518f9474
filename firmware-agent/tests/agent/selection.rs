//! The module `select`: waiting for one of several sockets.

use std::io::Write;
use std::net::{TcpListener, TcpStream, UdpSocket};

use super::ports::free_port;
use super::session::Session;

/// A board with a listening socket `l`, a connected one `s` and a datagram socket `u`, and
/// their peers.
struct Bench {
    board: Session,
    listening_port: u16,
    stream: TcpStream,
    datagrams: UdpSocket,
}

fn bench() -> Bench {
    let server = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let listening_port = free_port();
    let datagrams = UdpSocket::bind("127.0.0.1:0").expect("a port is free");
    let port =
        |address: std::io::Result<std::net::SocketAddr>| address.expect("it is bound").port();
    let mut board = Session::start();
    board.print(&format!(
        "import usocket, select, time\nl = usocket.socket()\nl.setsockopt(1, 4, 1)\n\
         l.bind(('127.0.0.1', {listening_port}))\nl.listen(2)\n\
         s = usocket.socket()\ns.connect(('127.0.0.1', {}))\n\
         u = usocket.socket(2, 2)\nu.sendto(b'x', ('127.0.0.1', {}))\n\
         names = {{id(l): 'l', id(s): 's', id(u): 'u'}}\n\
         def told(ready): return sorted([(names[id(o)], mask) for o, mask in ready])\n\
         p = select.poll()\nfor o in (l, s, u): p.register(o, select.POLLIN)",
        port(server.local_addr()),
        port(datagrams.local_addr()),
    ));
    let (_, from) = datagrams
        .recv_from(&mut [0; 1])
        .expect("the board has sent");
    datagrams.connect(from).expect("an address is enough");
    let (stream, _) = server.accept().expect("the board has connected");
    Bench {
        board,
        listening_port,
        stream,
        datagrams,
    }
}

#[test]
fn the_numbers_are_those_of_micropython() {
    let program = "import select, uselect\nprint(select.POLLIN, select.POLLOUT, select.POLLERR, \
                   select.POLLHUP, select is uselect)";
    assert_eq!(Session::start().print(program), "1 4 8 16 True");
}

#[test]
fn each_socket_is_ready_when_something_comes() {
    let mut bench = bench();
    let board = &mut bench.board;
    assert_eq!(board.print("print(p.poll(0))"), "[]");
    bench.stream.write_all(b"x").expect("the board listens");
    assert_eq!(board.print("print(told(p.poll()))"), "[('s', 1)]");
    assert_eq!(board.print("print(s.recv(9), p.poll(0))"), "b'x' []");
    bench.datagrams.send(b"").expect("the board is bound");
    assert_eq!(board.print("print(told(p.poll(-1)))"), "[('u', 1)]");
    assert_eq!(board.print("print(u.recv(9), p.poll(0))"), "b'' []");
    let _peer = TcpStream::connect(("127.0.0.1", bench.listening_port)).expect("it listens");
    assert_eq!(board.print("print(told(p.ipoll(None)))"), "[('l', 1)]");
    board.print("c, a = l.accept()");
    drop(bench.stream);
    assert_eq!(board.print("print(told(p.poll(60000)))"), "[('s', 1)]");
}

#[test]
fn a_wait_ends_when_something_comes_and_not_before() {
    let mut bench = bench();
    bench.board.begin("print('waits')\nprint(told(p.poll()))");
    bench.board.until("waits\r\n");
    bench.stream.write_all(b"x").expect("the board listens");
    assert_eq!(bench.board.end().output, "[('s', 1)]\r\n");
}

#[test]
fn a_wait_is_never_shorter_than_asked() {
    let mut bench = bench();
    let program = "t = time.ticks_ms()\nr = p.poll(30), select.select([s], [], [l], 0.03)\n\
                   print(r, time.ticks_diff(time.ticks_ms(), t) >= 60)";
    assert_eq!(bench.board.print(program), "([], ([], [], [])) True");
    let empty = "t = time.ticks_ms()\nr = select.poll().poll(20)\n\
                 print(r, time.ticks_diff(time.ticks_ms(), t) >= 20)";
    assert_eq!(bench.board.print(empty), "[] True");
}

#[test]
fn a_wait_is_interrupted() {
    let mut bench = bench();
    for waiting in [
        "p.poll()",
        "select.select([l], [], [])",
        "select.poll().poll()",
    ] {
        bench.board.begin(&format!("print('waits')\n{waiting}"));
        bench.board.until("waits\r\n");
        bench.board.interrupt();
        let error = bench.board.end().error;
        assert!(error.ends_with("KeyboardInterrupt: \r\n"), "{waiting}");
    }
}

#[test]
fn what_a_socket_is_watched_for_can_be_changed() {
    let mut bench = bench();
    let board = &mut bench.board;
    board.print("p.modify(s, select.POLLOUT)");
    assert_eq!(board.print("print(told(p.poll()))"), "[('s', 4)]");
    board.print("p.register(u)");
    assert_eq!(board.print("print(told(p.poll()))"), "[('s', 4), ('u', 4)]");
    board.print("p.unregister(s)\np.unregister(s)");
    assert_eq!(board.print("print(told(p.poll()))"), "[('u', 4)]");
    assert_eq!(board.error("p.modify(s, 1)"), "OSError: [Errno 2] ENOENT");
    assert_eq!(
        board.print("print(told(p.ipoll(0, 1)), told(p.ipoll(0, 1)))"),
        "[('u', 4)] []"
    );
    for wrong in [
        "p.register(5)",
        "p.register(s, 'in')",
        "p.poll('1')",
        "select.poll(1)",
    ] {
        let error = board.error(wrong);
        assert!(error.starts_with("TypeError: "), "{wrong}: {error}");
    }
}

#[test]
fn bytes_that_a_line_left_over_are_there_to_read() {
    let mut bench = bench();
    bench
        .stream
        .write_all(b"line\nrest")
        .expect("the board listens");
    let board = &mut bench.board;
    assert_eq!(
        board.print("print(s.readline(), told(p.poll()), s.recv(9), p.poll(0))"),
        "b'line\\n' [('s', 1)] b'rest' []"
    );
}

#[test]
fn a_closed_socket_is_told_as_no_socket() {
    let mut bench = bench();
    bench.board.print("s.close()");
    assert_eq!(bench.board.print("print(told(p.poll()))"), "[('s', 32)]");
}

#[test]
fn a_connection_in_the_making_is_ready_to_send_when_it_is_there() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("it is bound").port();
    let mut board = Session::start();
    board.print(&format!(
        "import usocket, select\ns = usocket.socket()\ns.setblocking(False)\n\
         try: s.connect(('127.0.0.1', {port}))\nexcept OSError as e: print(e.errno)\n\
         p = select.poll()\np.register(s, select.POLLOUT)"
    ));
    assert_eq!(board.print("print(p.poll()[0][1])"), "4");
    board.print("s.send(b'x')");
}

#[test]
fn a_refusal_does_not_make_a_datagram_socket_ready() {
    let mut bench = bench();
    let port = bench.datagrams.local_addr().expect("it is bound").port();
    drop(bench.datagrams);
    let program =
        format!("u.connect(('127.0.0.1', {port}))\nu.send(b'x')\nprint(p.poll(20), u.send(b'y'))");
    assert_eq!(bench.board.print(&program), "[] 1");
}

#[test]
fn select_gives_the_ready_of_each_list() {
    let mut bench = bench();
    bench.stream.write_all(b"x").expect("the board listens");
    let program = "r, w, x = select.select([l, s], (s, u), [s, l], 60)\n\
                   print(r == [s], w == [s, u], x)\n\
                   print(select.select([l], [], [], 0), select.select([], [], [], 0.01))";
    assert_eq!(
        bench.board.print(program),
        "True True []\r\n([], [], []) ([], [], [])"
    );
    let error = bench.board.error("select.select([5], [], [])");
    assert!(error.starts_with("TypeError: "), "{error}");
}
