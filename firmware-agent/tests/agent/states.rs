//! What each operation does in each state of a socket, as the firmware family does it.

use super::session::Session;

/// How a socket `s` comes into the state.
const STATES: &[(&str, &str)] = &[
    ("new", "s = socket()"),
    ("bound", "s = socket(); s.bind(any)"),
    ("listening", "s = socket(); s.bind(any); s.listen(1)"),
    (
        "connected",
        "s = socket(); s.connect(server); kept, a = l.accept()",
    ),
    (
        "ended",
        "s = socket(); s.connect(server); kept, a = l.accept(); kept.close(); s.recv(1)",
    ),
    (
        "closed",
        "s = socket(); s.connect(server); kept, a = l.accept(); s.close()",
    ),
    ("udp", "s = socket(2, 2)"),
];

/// What an operation does in the states in that order: the number of its `OSError`, or what it
/// returns.
const TABLE: &[(&str, [&str; 7])] = &[
    (
        "s.bind(any)",
        ["None", "None", "22", "22", "22", "9", "None"],
    ),
    (
        "s.listen()",
        ["None", "None", "None", "22", "22", "9", "95"],
    ),
    ("s.accept()", ["22", "22", "110", "22", "22", "9", "95"]),
    (
        "s.connect(server)",
        ["None", "None", "106", "106", "106", "9", "None"],
    ),
    ("s.send(b'x')", ["107", "107", "107", "1", "1", "9", "1"]),
    (
        "s.sendall(b'x')",
        ["107", "107", "107", "None", "None", "9", "None"],
    ),
    ("s.write(b'x')", ["107", "107", "107", "1", "1", "9", "1"]),
    (
        "s.sendto(b'x', peer)",
        ["107", "107", "107", "1", "1", "9", "1"],
    ),
    ("s.recv(1)", ["107", "110", "107", "110", "b''", "9", "110"]),
    (
        "s.recvfrom(1)[0]",
        ["107", "110", "107", "110", "b''", "9", "110"],
    ),
    ("s.read(1)", ["107", "110", "107", "110", "b''", "9", "110"]),
    (
        "s.readinto(bytearray(1))",
        ["107", "110", "107", "110", "0", "9", "110"],
    ),
    (
        "s.readline()",
        ["107", "110", "107", "110", "b''", "9", "110"],
    ),
    (
        "s.setsockopt(1, 4, 1)",
        ["None", "None", "None", "None", "None", "9", "None"],
    ),
    ("s.settimeout(1)", ["None"; 7]),
    ("s.setblocking(True)", ["None"; 7]),
    ("s.makefile()", ["<socket>"; 7]),
    (
        "s.fileno() >= 0",
        ["True", "True", "True", "True", "True", "False", "True"],
    ),
    (
        "(s.close(), s.close(), s.__del__(), s.fileno())",
        ["(None, None, None, -1)"; 7],
    ),
];

#[test]
fn each_operation_does_what_its_state_lets_it() {
    let mut board = Session::start();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("a port is free")
        .local_addr();
    let port = port.expect("it is bound").port();
    board.print(&format!(
        "from usocket import socket\nany = ('127.0.0.1', 0)\nserver = ('127.0.0.1', {port})\n\
         peer = ('127.0.0.1', 9)\nl = socket()\nl.setsockopt(1, 4, 1)\nl.bind(server)\nl.listen(5)"
    ));
    for (operation, results) in TABLE {
        for ((state, setup), expected) in STATES.iter().zip(results) {
            let program = format!(
                "kept = None; {setup}\ns.settimeout(0.01)\ntry: print({operation})\n\
                 except OSError as e: print(e.errno)\nwhile True:\n    l.settimeout(0)\n    \
                 try: l.accept()\n    except OSError: break\nl.settimeout(None)"
            );
            assert_eq!(
                board.print(&program),
                *expected,
                "{operation} of a socket that is {state}"
            );
        }
    }
}
