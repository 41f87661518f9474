//! Claims about boards behind a real serial server, ser2net, with a real MicroPython behind a
//! pseudo-terminal as its board.

use std::path::Path;

use trueline_adapters::open;

use crate::bench::{block_on, has_part, observed, opened, program};
use crate::relay::Relay;
use crate::ser2net::SerialServer;

fn has_parts() -> bool {
    has_part("ser2net") && has_part("socat") && has_part("micropython")
}

fn refusal(url: &str) -> String {
    let url = url.parse().expect("the URL is one");
    match block_on(open(&url, 7)) {
        Ok(_) => panic!("{url} opens"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_board_runs_programs_and_can_be_opened_again_at_once() {
    if !has_parts() {
        return;
    }
    let relay = Relay::device("micropython");
    let server = SerialServer::of(&relay.path());
    let (controlled, plain) = (server.controlled, server.plain);
    for url in [
        format!("rfc2217:127.0.0.1:{controlled}?baud=57600"),
        format!("rfc2217:127.0.0.1:{controlled}"),
        format!("tcp:127.0.0.1:{plain}?baud=115200"),
        format!("tcp:127.0.0.1:{plain}"),
    ] {
        block_on(async {
            let mut session = opened(&url).await;
            for size in [1_usize, 300, 3000] {
                let body = format!("observe(size=len({:?}))", "x".repeat(size));
                let observation = observed(&mut session, &program(&body)).await;
                assert_eq!(observation.values["size"].to_string(), size.to_string());
            }
        });
    }
}

#[test]
fn every_byte_of_the_board_gets_through() {
    if !has_parts() {
        return;
    }
    let relay = Relay::device("micropython");
    let server = SerialServer::of(&relay.path());
    block_on(async {
        let mut session = opened(&format!("rfc2217:127.0.0.1:{}", server.controlled)).await;
        let body = "import sys\nsys.stdout.buffer.write(bytes(range(0xf0, 0x100)) * 10)";
        let observation = observed(&mut session, &program(body)).await;
        assert_eq!(observation.stdout, "\u{fffd}".repeat(160));
    });
}

#[test]
fn a_control_line_that_the_device_has_not_is_refused_to_who_asks_for_it() {
    if !has_parts() {
        return;
    }
    let relay = Relay::device("micropython");
    let server = SerialServer::of(&relay.path());
    let url = format!("rfc2217:127.0.0.1:{}?rts=off", server.controlled);
    let refusal = refusal(&url);
    assert!(refusal.contains("does not set rts=off"), "{refusal}");
}

#[test]
fn a_server_that_has_no_line_to_give_says_why() {
    if !has_parts() {
        return;
    }
    let server = SerialServer::of(Path::new("/dev/no-such-device"));
    let missing = refusal(&format!("rfc2217:127.0.0.1:{}", server.controlled));
    assert!(
        missing.contains("it said: `Device open failure"),
        "{missing}"
    );

    let relay = Relay::device("micropython");
    let server = SerialServer::of(&relay.path());
    let url = format!("rfc2217:127.0.0.1:{}", server.controlled);
    let session = block_on(opened(&url));
    let taken = refusal(&url);
    assert!(taken.contains("it said: `Port already in use"), "{taken}");
    drop(session);
}

#[test]
fn a_server_that_passes_bytes_on_as_they_are_is_told_from_one_with_a_line() {
    if !has_part("socat") {
        return;
    }
    // The second one gives back whatever it gets, as a line whose ends are joined does.
    for (command, says) in [
        ("sleep 100", "does not speak RFC 2217; for a"),
        ("cat", "is it an RFC 2217 server?"),
    ] {
        let (_relay, port) = Relay::server(command);
        let refusal = refusal(&format!("rfc2217:127.0.0.1:{port}"));
        assert!(refusal.contains(says), "{refusal}");
    }
}
