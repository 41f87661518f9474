//! Claims about boards behind a line, with a real MicroPython behind socat as the board.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use trueline_adapters::error::BenchError;
use trueline_adapters::open;
use trueline_adapters::open_with;
use trueline_adapters::patience::Patience;
use trueline_adapters::session::{Session as _, Submission};

use crate::bench::{block_on, has_file, has_part, observed, opened, program};
use crate::relay::{Relay, serial};

const BOARD: &str = "micropython";

fn has_parts() -> bool {
    has_part("socat") && has_part(BOARD)
}

/// Why a target cannot be opened.
fn refusal(url: &str) -> String {
    let url = url.parse().expect("the URL is one");
    match block_on(open(&url, 7)) {
        Ok(_) => panic!("{url} opens"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_board_on_a_serial_device_runs_programs_again_and_again() {
    if !has_parts() {
        return;
    }
    let relay = Relay::device(BOARD);
    let url = serial(&relay.path(), "");
    // The second session finds the board as the first one left it.
    for _ in 0..2 {
        block_on(async {
            let mut session = opened(&url).await;
            for size in [1_u32, 300, 3000] {
                let body = format!("observe(size=len({:?}))", "x".repeat(size as usize));
                let observation = observed(&mut session, &program(&body)).await;
                assert_eq!(observation.values["size"].to_string(), size.to_string());
            }
        });
    }
}

#[test]
fn a_device_is_opened_by_one_at_a_time() {
    if !has_parts() {
        return;
    }
    let relay = Relay::device(BOARD);
    let url = serial(&relay.path(), "");
    let session = block_on(opened(&url));
    let refusal = refusal(&url);
    assert!(refusal.contains("it is in use"), "{refusal}");
    drop(session);
    drop(block_on(opened(&url)));
}

#[test]
fn any_speed_is_taken_and_control_lines_only_where_there_are_some() {
    if !has_parts() {
        return;
    }
    let relay = Relay::device(BOARD);
    drop(block_on(opened(&serial(&relay.path(), "?baud=74880"))));
    let refusal = refusal(&serial(&relay.path(), "?dtr=off"));
    assert!(refusal.contains("it has no control lines"), "{refusal}");
}

#[test]
fn a_line_that_is_faster_than_its_speed_says_makes_no_clock_doubtful() {
    if !has_parts() {
        return;
    }
    // A pseudo-terminal is as fast as USB, whatever its speed.
    let relay = Relay::device(BOARD);
    let mut scenario = program("import time\ntime.sleep_ms(200)");
    scenario.judged.elapsed = true;
    block_on(async {
        let mut session = opened(&serial(&relay.path(), "?baud=1200")).await;
        observed(&mut session, &scenario).await;
    });
}

#[test]
fn a_device_that_vanishes_is_the_end_of_the_line_until_it_is_back() {
    if !has_parts() {
        return;
    }
    let relay = Relay::device(BOARD);
    let url = serial(&relay.path(), "");
    block_on(async {
        let patience = Patience {
            away: Duration::from_millis(200),
            ..Patience::default()
        };
        let target = url.parse().expect("the URL is one");
        let session = open_with(&target, 7, patience, &|_| ()).await;
        let mut session = session.unwrap_or_else(|error| panic!("{error}"));
        let folder = relay.end();
        let error = session.run(&program("observe(a=1)")).await;
        let error = error.expect_err("nobody is there any more");
        assert!(matches!(error, BenchError::Gone(_)), "{error}");
        let error = session.recover().await.expect_err("it is still away");
        assert!(error.to_string().contains("no such device"), "{error}");

        let _relay = Relay::device_in(folder, BOARD);
        session.recover().await.expect("it is back");
        let observation = observed(&mut session, &program("observe(a=1)")).await;
        assert_eq!(observation.values["a"].to_string(), "1");
    });
}

#[test]
fn a_real_firmware_on_a_serial_device_runs_programs() {
    const FIRMWARE: &str = "/usr/share/firmware-microbit-micropython/firmware.hex";
    if !has_part("socat") || !has_part("qemu-system-arm") || !has_file(FIRMWARE) {
        return;
    }
    // A comma would end the word for socat.
    let relay = Relay::device(&format!(
        "qemu-system-arm -M microbit -device loader\\,file={FIRMWARE} -display none -monitor none \
         -serial stdio"
    ));
    block_on(async {
        let mut session = opened(&serial(&relay.path(), "")).await;
        assert_eq!(session.target().submission, Submission::Plain);
        let body = format!("observe(size=len({:?}))", "x".repeat(300));
        let observation = observed(&mut session, &program(&body)).await;
        assert_eq!(observation.values["size"].to_string(), "300");
    });
}

#[test]
fn what_is_no_device_is_told_with_the_remedy() {
    let nothing = refusal("serial:/dev/no-such-device");
    assert!(nothing.contains("there is no such device"), "{nothing}");
    for other in ["serial:/dev/null", "serial:/dev"] {
        let refusal = refusal(other);
        assert!(refusal.contains("as a serial device"), "{refusal}");
    }
}

#[test]
fn a_board_behind_a_tcp_server_runs_programs() {
    if !has_parts() {
        return;
    }
    let (_relay, port) = Relay::server(BOARD);
    let url = format!("tcp:127.0.0.1:{port}?baud=115200");
    for _ in 0..2 {
        block_on(async {
            let mut session = opened(&url).await;
            let observation = observed(&mut session, &program("observe(a=6 * 7)")).await;
            assert_eq!(observation.values["a"].to_string(), "42");
        });
    }
}

#[test]
fn a_server_that_is_not_there_is_told_with_the_remedy() {
    // A port that was free a moment ago has no server.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there are free ports");
    let port = listener.local_addr().expect("it is bound").port();
    drop(listener);
    let refused = refusal(&format!("tcp:127.0.0.1:{port}"));
    assert!(refused.contains("nothing listens at"), "{refused}");
    let nameless = refusal("tcp:no-such-host.invalid:4000");
    assert!(nameless.contains("leads to no address"), "{nameless}");
}

#[test]
fn a_server_that_hangs_up_is_the_end_of_the_line() {
    if !has_part("socat") {
        return;
    }
    let (_relay, port) = Relay::server("true");
    let refusal = refusal(&format!("tcp:127.0.0.1:{port}"));
    assert!(
        refusal.contains("the server closed the connection"),
        "{refusal}"
    );
}
