//! Owns the claims about peers that speak UDP, in the small network with a clock of its own.

use std::time::Duration;

use super::super::{PeerDatagrams, PeerNet};
use super::memory::{TARGET, World};
use super::{only, peer};
use crate::scenario::Step;
use trueline_spec::value::Value;

fn receive_from() -> Step {
    Step::ReceiveFrom {
        name: Some("got".to_owned()),
        from: Some("who".to_owned()),
    }
}

fn ask(data: &[u8]) -> Step {
    Step::Ask {
        data: data.to_vec(),
        name: Some("answer".to_owned()),
        from: Some("who".to_owned()),
    }
}

fn address() -> Value {
    let host = Value::Text(TARGET.ip().to_string());
    Value::Tuple(vec![host, Value::Int(TARGET.port().into())])
}

#[test]
fn a_datagram_is_observed_whole_with_its_sender_and_answered() {
    let world = World::with_capacity(64);
    let script = [Step::Bind, receive_from(), Step::Reply(b"back".to_vec())];
    let logs = world.run(&[peer("peer", script)], async |addresses| {
        let socket = world.bind_as_target();
        let sent = socket.send(b"there", addresses[0]).await;
        sent.expect("a datagram can always be sent");
        let (answer, sender) = socket.receive().await.expect("the peer answers");
        assert_eq!((answer.as_slice(), sender), (&b"back"[..], addresses[0]));
    });
    let log = only(logs);
    assert_eq!(log.values["got"], Value::Bytes(b"there".to_vec()));
    assert_eq!(log.values["who"], address());
    assert_eq!(log.stopped, None);
}

#[test]
fn a_question_is_asked_again_until_somebody_is_there_to_answer() {
    let world = World::with_capacity(64);
    let logs = world.run(
        &[peer("peer", [Step::Bind, ask(b"anybody?")])],
        async |_| {
            world.sleep(Duration::from_millis(50)).await;
            let socket = world.bind_as_target();
            let (question, sender) = socket.receive().await.expect("the peer asks again");
            assert_eq!(question, b"anybody?");
            let answered = socket.send(b"me", sender).await;
            answered.expect("a datagram can always be sent");
            world.rest().await;
        },
    );
    let log = only(logs);
    assert_eq!(log.values["answer"], Value::Bytes(b"me".to_vec()));
    assert_eq!(log.values["who"], address());
}

#[test]
fn a_question_without_an_answer_is_counted() {
    let world = World::with_capacity(64);
    let grace = || world.sleep(Duration::from_millis(12));
    let script = [Step::Bind, ask(b"anybody?")];
    let logs = world.run_for(grace, &[peer("peer", script)], async |_| {});
    let log = only(logs);
    assert_eq!(
        log.stopped.as_deref(),
        Some("sent its datagram 2 times on port 5000 and got no answer")
    );
}

#[test]
fn a_datagram_that_does_not_come_is_said() {
    let world = World::with_capacity(64);
    let logs = world.run(&[peer("peer", [Step::Bind, receive_from()])], async |_| {});
    assert_eq!(
        only(logs).stopped.as_deref(),
        Some("waited for a datagram that did not come")
    );
}
