//! The wireless interface: whom the access point lets in, and what the board says of it.

use trueline_agent::Agent;
use trueline_agent::net::AccessPoint;
use trueline_agent::net::host::HostNet;

use super::session::Session;

const SWITCHED_ON: &str = "import network\nwl = network.WLAN()\nwl.active(1)";

fn switched_on() -> Session {
    let mut board = Session::start();
    board.print(SWITCHED_ON);
    board
}

/// Whether it is connected, and its status as the name of a constant.
fn state(board: &mut Session) -> String {
    board.print(
        "print(wl.isconnected(), [n for n in dir(network) if n.startswith('STAT_') \
         and getattr(network, n) == wl.status()][0])",
    )
}

#[test]
fn the_documented_name_and_password_join_in_every_form_of_the_call() {
    for arguments in [
        "'Noah-BlackWalnut','123abc456d',security=network.AUTH_PSK",
        "'Noah-BlackWalnut', '123abc456d'",
        "'Noah-BlackWalnut', '123abc456d', network.AUTH_PSK",
        "ssid='Noah-BlackWalnut', password='123abc456d', security=network.AUTH_WPA2_PSK",
        "b'Noah-BlackWalnut', b'123abc456d'",
    ] {
        let mut board = switched_on();
        assert_eq!(state(&mut board), "False STAT_IDLE");
        assert_eq!(
            board.print(&format!("print(wl.connect({arguments}))")),
            "None",
            "{arguments}"
        );
        assert_eq!(state(&mut board), "True STAT_GOT_IP", "{arguments}");
        assert_eq!(board.print("print(wl.ifconfig()[0])"), "127.0.0.1");
    }
}

#[test]
fn who_is_not_let_in_stays_outside_without_an_exception() {
    for (arguments, status) in [
        ("'Noah-BlackWalnut', 'wrong'", "STAT_WRONG_PASSWORD"),
        ("'Noah-BlackWalnut', ''", "STAT_WRONG_PASSWORD"),
        ("'Noah-BlackWalnut'", "STAT_WRONG_PASSWORD"),
        (
            "'Noah-BlackWalnut', '123abc456d', security=network.AUTH_OPEN",
            "STAT_WRONG_PASSWORD",
        ),
        (
            "'Noah-BlackWalnut', '123abc456d', network.AUTH_WEP",
            "STAT_WRONG_PASSWORD",
        ),
        ("'elsewhere', '123abc456d'", "STAT_NO_AP_FOUND"),
    ] {
        let mut board = switched_on();
        // What was joined before is left.
        board.print("wl.connect('Noah-BlackWalnut', '123abc456d')");
        board.print(&format!("wl.connect({arguments})"));
        assert_eq!(state(&mut board), format!("False {status}"), "{arguments}");
        assert_eq!(board.print("print(wl.ifconfig()[0])"), "0.0.0.0");
        board.print("wl.connect('Noah-BlackWalnut', '123abc456d')");
        assert_eq!(state(&mut board), "True STAT_GOT_IP", "{arguments}");
    }
}

#[test]
fn arguments_that_are_none_are_type_errors() {
    let mut board = switched_on();
    for call in ["wl.connect()", "wl.connect(5, 'x')", "wl.connect('x', 5)"] {
        let error = board.error(call);
        assert!(error.starts_with("TypeError: "), "{call}: {error}");
    }
    let error = board.error("wl.connect('x', 'y', security='psk')");
    assert!(error.starts_with("TypeError: "), "{error}");
    let error = board.error("network.WLAN(network.AP_IF)");
    assert!(error.starts_with("ValueError: "), "{error}");
}

#[test]
fn an_interface_that_is_off_neither_joins_nor_scans() {
    let mut board = Session::start();
    board.print("import network\nwl = network.WLAN(network.STA_IF)");
    assert_eq!(board.print("print(wl.active())"), "False");
    for call in ["wl.connect('Noah-BlackWalnut', '123abc456d')", "wl.scan()"] {
        assert_eq!(
            board.error(call),
            "RuntimeError: the interface is not active"
        );
    }
    assert_eq!(state(&mut board), "False STAT_IDLE");
}

#[test]
fn all_objects_are_the_one_interface_of_the_board() {
    let mut board = switched_on();
    board.print("network.WLAN().connect('Noah-BlackWalnut', '123abc456d')\nother = network.WLAN()");
    assert_eq!(
        board.print("print(other.active(), other.isconnected(), wl.isconnected())"),
        "True True True"
    );
    board.print("wl.disconnect()");
    assert_eq!(
        board.print("print(other.active(), other.isconnected())"),
        "True False"
    );
    board.print("wl.connect('Noah-BlackWalnut', '123abc456d')\nother.active(False)");
    assert_eq!(
        board.print("print(wl.active(), wl.isconnected())"),
        "False False"
    );
    // Another board has an interface of its own.
    assert_eq!(
        Session::start().print("import network\nprint(network.WLAN().active())"),
        "False"
    );
}

#[test]
fn a_soft_reset_switches_it_off() {
    let mut board = switched_on();
    board.print("wl.connect('Noah-BlackWalnut', '123abc456d')");
    board.soft_reset();
    board.print("import network\nwl = network.WLAN()");
    assert_eq!(
        board.print("print(wl.active(), wl.isconnected())"),
        "False False"
    );
}

#[test]
fn another_access_point_can_be_in_reach() {
    let access_point = AccessPoint::new("lab", "correct horse");
    let agent = Agent::spawn_on(|interrupt| HostNet::in_reach_of(access_point, interrupt));
    let mut board = Session::with(agent.expect("sockets and threads can be had"));
    board.print(SWITCHED_ON);
    assert_eq!(
        board.print("print([found[0] for found in wl.scan()])"),
        "[b'lab']"
    );
    board.print("wl.connect('Noah-BlackWalnut', '123abc456d')");
    assert_eq!(state(&mut board), "False STAT_NO_AP_FOUND");
    board.print("wl.connect('lab', 'correct horse')");
    assert_eq!(state(&mut board), "True STAT_GOT_IP");
}
