//! Owns the claims about time and order, on a clock that the test itself moves.

use std::time::Duration;

use super::super::{PeerConnection, PeerListener, PeerNet};
use super::memory::World;
use super::{accept, connect, got, only, pause, peer, receive, receive_all, send};
use crate::scenario::Step;

#[test]
fn an_hour_of_pause_passes_on_the_networks_clock() {
    let world = World::with_capacity(64);
    let script = [
        Step::Listen,
        accept(),
        pause(3_600_000),
        send("late"),
        Step::Close,
    ];
    let logs = world.run(&[peer("peer", script)], async |addresses| {
        let mut target = world.connect(addresses[0]).await.expect("the peer listens");
        assert_eq!(
            target
                .receive_all()
                .await
                .expect("the peer closes in order"),
            b"late"
        );
    });
    assert_eq!(only(logs).stopped, None);
    assert_eq!(world.now(), Duration::from_secs(3600));
}

#[test]
fn connect_tries_again_with_growing_pauses_up_to_five_milliseconds() {
    let world = World::with_capacity(64);
    let logs = world.run(&[peer("peer", [connect(), send("hello")])], async |_| {
        world.sleep(Duration::from_micros(20_000)).await;
        let listener = world.listen_as_target();
        let mut target = listener.accept().await.expect("the peer tries again");
        let mut greeting = [0; 5];
        target.read(&mut greeting).await.expect("the peer sends");
    });
    assert_eq!(only(logs).stopped, None);
    // 200, 400, 800, 1600 and 3200 µs, then 5 ms each.
    assert_eq!(world.now(), Duration::from_micros(21_200));
}

#[test]
fn a_finished_peer_keeps_its_connection_until_the_program_has_ended() {
    let world = World::with_capacity(64);
    let logs = world.run(
        &[peer("peer", [Step::Listen, accept(), send("x")])],
        async |addresses| {
            let mut target = world.connect(addresses[0]).await.expect("the peer listens");
            let mut byte = [0; 1];
            target.read(&mut byte).await.expect("the peer sends");
            world.sleep(Duration::from_secs(60)).await;
            target
                .send(b"still there?")
                .await
                .expect("the peer has neither closed nor reset");
        },
    );
    assert_eq!(only(logs).finished, 3);
}

#[test]
fn a_script_goes_on_after_the_program_has_ended() {
    let world = World::with_capacity(64);
    let script = [Step::Listen, accept(), pause(500), receive_all()];
    let logs = world.run(&[peer("peer", script)], async |addresses| {
        let mut target = world.connect(addresses[0]).await.expect("the peer listens");
        target.send(b"last words").await.expect("the peer is there");
        target.close();
    });
    assert_eq!(got(&only(logs)), Some(b"last words".as_slice()));
}

#[test]
fn grace_counts_from_the_end_of_the_program() {
    let world = World::with_capacity(64);
    let grace = || world.sleep(Duration::from_secs(1));
    let logs = world.run_for(grace, &[peer("peer", [connect()])], async |_| {
        world.sleep(Duration::from_secs(10)).await;
    });
    assert_eq!(only(logs).finished, 0);
    assert_eq!(world.now(), Duration::from_secs(11));
}

#[test]
fn grace_counts_anew_when_a_script_got_on_and_cuts_no_pause_short() {
    let world = World::with_capacity(64);
    let grace = || world.sleep(Duration::from_secs(1));
    let script = [pause(5000), connect()];
    let logs = world.run_for(grace, &[peer("peer", script)], async |_| {});
    assert_eq!(only(logs).finished, 1);
    assert_eq!(world.now(), Duration::from_secs(6));
}

#[test]
fn scripts_are_played_beside_each_other() {
    let world = World::with_capacity(64);
    let peers = [
        peer("slow", [Step::Listen, accept(), receive(1)]),
        peer("quick", [Step::Listen, accept(), send("q")]),
    ];
    let logs = world.run(&peers, async |addresses| {
        let mut slow = world
            .connect(addresses[0])
            .await
            .expect("the slow peer listens");
        let mut quick = world
            .connect(addresses[1])
            .await
            .expect("the quick peer listens");
        let mut byte = [0; 1];
        quick
            .read(&mut byte)
            .await
            .expect("the quick peer does not wait for the slow one");
        slow.send(&byte).await.expect("the slow peer is there");
    });
    assert_eq!(got(&logs[0]), Some(b"q".as_slice()));
    assert_eq!(
        (logs[0].name.as_str(), logs[1].name.as_str()),
        ("slow", "quick")
    );
}

#[test]
fn a_second_accept_leaves_the_first_connection_open() {
    let world = World::with_capacity(64);
    let script = [
        Step::Listen,
        accept(),
        accept(),
        send("second"),
        Step::Close,
    ];
    let logs = world.run(&[peer("peer", script)], async |addresses| {
        let mut first = world.connect(addresses[0]).await.expect("the peer listens");
        let mut second = world
            .connect(addresses[0])
            .await
            .expect("the peer listens on");
        assert_eq!(
            second.receive_all().await.expect("closed in order"),
            b"second"
        );
        first
            .send(b"still there?")
            .await
            .expect("only the second one was closed");
    });
    assert_eq!(only(logs).stopped, None);
}

#[test]
fn a_stream_without_an_end_is_not_kept_without_an_end() {
    const MEBIBYTE: usize = 1024 * 1024;
    let world = World::with_capacity(MEBIBYTE);
    let script = [Step::Listen, accept(), receive_all()];
    let logs = world.run(&[peer("peer", script)], async |addresses| {
        let mut target = world.connect(addresses[0]).await.expect("the peer listens");
        // So much fits into the peer and into the network, and then nothing does.
        for _ in 0..65 {
            target
                .send(&[0; MEBIBYTE])
                .await
                .expect("the peer does not break it off");
        }
    });
    let log = only(logs);
    assert_eq!(got(&log), None);
    let stopped = log.stopped.expect("the stream did not end");
    assert!(
        stopped.starts_with("waited for the end of the stream after 67108864 bytes"),
        "{stopped}"
    );
}
