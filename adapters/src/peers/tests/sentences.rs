//! Owns the claims about the sentence that a log ends with.

use std::time::Duration;

use super::super::{PeerConnection, PeerListener, PeerNet};
use super::memory::{MemoryConnection, World};
use super::{accept, connect, only, peer, receive, receive_all, send};
use crate::observation::PeerLog;
use crate::scenario::Step;

/// A listening peer that has accepted, against a target that is connected to it.
fn accepted(
    script: impl IntoIterator<Item = Step>,
    target: impl AsyncFnOnce(MemoryConnection),
) -> PeerLog {
    let world = World::with_capacity(1024);
    let script = [Step::Listen, accept()].into_iter().chain(script);
    let logs = world.run(&[peer("peer", script)], async |addresses| {
        target(world.connect(addresses[0]).await.expect("the peer listens")).await;
    });
    only(logs)
}

fn stopped(log: &PeerLog) -> &str {
    log.stopped.as_deref().expect("the script was not finished")
}

#[test]
fn a_connection_that_does_not_come_is_said() {
    let world = World::with_capacity(64);
    let logs = world.run(&[peer("peer", [Step::Listen, accept()])], async |_| {});
    let log = only(logs);
    assert_eq!(stopped(&log), "waited for a connection that did not come");
    assert_eq!(log.finished, 1);
}

#[test]
fn a_refused_connection_is_said_with_its_port() {
    let world = World::with_capacity(64);
    let grace = || world.sleep(Duration::from_secs(1));
    let logs = world.run_for(grace, &[peer("peer", [connect()])], async |_| {});
    assert_eq!(
        stopped(&only(logs)),
        "the target refused the connection on port 5000"
    );
}

#[test]
fn missing_bytes_are_counted_and_shown() {
    let log = accepted([receive(6)], async |mut target| {
        target.send(b"hello").await.expect("the peer is there");
    });
    assert_eq!(stopped(&log), "waited for 6 bytes and got 5: b'hello'");
    assert!(log.values.is_empty());
}

#[test]
fn nothing_received_is_counted_and_not_shown() {
    let log = accepted([receive(1)], async |_| {});
    assert_eq!(stopped(&log), "waited for 1 byte and got 0");
}

#[test]
fn much_data_is_shown_by_its_beginning() {
    let log = accepted([receive(300)], async |mut target| {
        target.send(&[b'a'; 299]).await.expect("the peer is there");
    });
    let beginning = "a".repeat(64);
    assert_eq!(
        stopped(&log),
        format!("waited for 300 bytes and got 299, first b'{beginning}'")
    );
}

#[test]
fn hostile_data_is_shown_escaped() {
    let log = accepted([receive(9)], async |mut target| {
        target
            .send(b"\x1b[2J'\n\xff")
            .await
            .expect("the peer is there");
    });
    assert_eq!(
        stopped(&log),
        r#"waited for 9 bytes and got 7: b"\x1b[2J'\n\xff""#
    );
}

#[test]
fn a_stream_that_does_not_end_is_said() {
    let log = accepted([receive_all()], async |mut target| {
        target
            .send(b"hello world\n")
            .await
            .expect("the peer is there");
    });
    assert_eq!(
        stopped(&log),
        r"waited for the end of the stream after 12 bytes: b'hello world\n'"
    );
}

#[test]
fn a_reset_is_said_with_what_came_before_it() {
    let log = accepted([receive_all()], async |mut target| {
        target.send(b"hello").await.expect("the peer is there");
        target.reset();
    });
    assert_eq!(
        stopped(&log),
        "the connection was reset by the target after 5 bytes: b'hello'"
    );
}

#[test]
fn a_reset_while_sending_is_said_with_what_was_sent() {
    let log = accepted([send([0; 2000])], async |mut target| {
        let mut byte = [0; 1];
        target.read(&mut byte).await.expect("the peer sends");
        target.reset();
    });
    assert_eq!(
        stopped(&log),
        "the connection was reset by the target after 1024 of 2000 bytes were sent"
    );
}

#[test]
fn a_target_that_does_not_take_what_is_sent_is_said() {
    let log = accepted([send([0; 2000])], async |target| {
        // The connection stays open and unread.
        std::mem::forget(target);
    });
    assert_eq!(
        stopped(&log),
        "waited for the target to take 2000 bytes; it took 1024"
    );
}

#[test]
fn a_sentence_is_about_the_step_at_hand_only() {
    let log = accepted([receive(2), receive(2)], async |mut target| {
        target.send(b"abc").await.expect("the peer is there");
    });
    assert_eq!(stopped(&log), "waited for 2 bytes and got 1: b'c'");
    assert_eq!(log.finished, 3);
}

#[test]
fn a_stopped_script_leaves_the_others_alone() {
    let world = World::with_capacity(64);
    let peers = [
        peer("broken", [Step::Listen, accept(), receive(1)]),
        peer("whole", [connect(), receive_all()]),
    ];
    let logs = world.run(&peers, async |addresses| {
        world
            .connect(addresses[0])
            .await
            .expect("the peer listens")
            .reset();
        let listener = world.listen_as_target();
        listener
            .accept()
            .await
            .expect("the other peer connects")
            .close();
    });
    assert_eq!(
        stopped(&logs[0]),
        "the connection was reset by the target after 0 bytes"
    );
    assert_eq!(logs[1].stopped, None);
}
