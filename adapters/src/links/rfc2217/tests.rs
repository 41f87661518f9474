//! Claims about control lines behind a server, with a server that only has these: no device of a
//! test machine has any.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::thread::{self, JoinHandle};

use super::com_port::COM_PORT;
use super::telnet::{self, Decoder, Event, Verb};
use super::*;

/// Answers every setting except control lines that it has not; gives what was said of control
/// lines, when its client has gone.
fn server(has_controls: bool) -> (Server, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let serving = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the client comes");
        let (mut decoder, mut said) = (Decoder::new(), Vec::new());
        let mut buffer = [0; 1024];
        let mut answers = Vec::new();
        telnet::send_option(Verb::Do, COM_PORT, &mut answers);
        telnet::send_data(b"\xff board", &mut answers);
        loop {
            stream.write_all(&answers).expect("the client listens");
            answers.clear();
            let read = stream.read(&mut buffer).unwrap_or(0);
            if read == 0 {
                return said;
            }
            for event in decoder.receive(&buffer[..read]) {
                let Event::Within(mut within) = event else {
                    continue;
                };
                let is_control = within[1] == 5 && within[2] > 3;
                if is_control {
                    said.push(within[2]);
                }
                if !is_control || has_controls {
                    within[1] += 100;
                    telnet::send_within(&within, &mut answers);
                }
            }
        }
    });
    let host = Ipv4Addr::LOCALHOST.to_string();
    (Server { host, port }, serving)
}

/// Opens a line, resets the board, reads what it says: whether it was reset, and what the server
/// heard of control lines.
fn pulse(has_controls: bool, controls: Controls) -> (Result<bool, String>, Vec<u8>) {
    let (server, serving) = server(has_controls);
    let settings = SerialLine {
        baud: 9600,
        controls,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the system gives a runtime");
    let pulsed = runtime.block_on(async {
        let mut link = open(&server, settings).await?;
        let pulsed = link.pulse().await.expect("the line is there");
        let mut buffer = [0; 32];
        let read = link.read(&mut buffer).await.expect("the line is there");
        assert_eq!(&buffer[..read], b"\xff board");
        Ok(pulsed)
    });
    (pulsed, serving.join().expect("the server has no trouble"))
}

const NOT_ASKED: Controls = Controls {
    dtr: None,
    rts: None,
};
const DTR_ON: Controls = Controls {
    dtr: Some(true),
    rts: None,
};

#[test]
fn a_board_behind_a_server_is_reset_by_its_control_lines() {
    let (pulsed, said) = pulse(true, DTR_ON);
    assert_eq!(pulsed, Ok(true));
    assert_eq!(said, [8, 9, 11, 12, 8, 11]);
}

#[test]
fn a_server_without_control_lines_is_refused_only_to_who_asks_for_one() {
    let (pulsed, _) = pulse(false, NOT_ASKED);
    assert_eq!(pulsed, Ok(false));
    let (refused, _) = pulse(false, DTR_ON);
    let refused = refused.expect_err("it has no DTR");
    assert!(refused.contains("does not set dtr=on"), "{refused}");
}
