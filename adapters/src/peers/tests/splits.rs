//! Owns the claim that a stream stays what it is, however its two ends cut it up.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::{PeerConnection, PeerNet};
use super::memory::World;
use super::{accept, got, only, peer, send};
use crate::scenario::Step;

fn pieces() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(any::<u8>(), 0..40), 0..8)
}

proptest! {
    #[test]
    fn whatever_the_target_sends_is_received_however_it_is_cut(
        sent in pieces(),
        counts in vec(0usize..60, 0..8),
        capacity in 1usize..32,
    ) {
        let world = World::with_capacity(capacity);
        let receives = counts.iter().enumerate().map(|(index, count)| Step::ReceiveBytes {
            count: *count,
            name: Some(index.to_string()),
        });
        let rest = Step::ReceiveUntilEof { name: Some("rest".to_owned()) };
        let script = [Step::Listen, accept()].into_iter().chain(receives).chain([rest]);
        let log = only(world.run(&[peer("peer", script)], async |addresses| {
            let mut target = world.connect(addresses[0]).await.expect("the peer listens");
            for piece in &sent {
                target.send(piece).await.expect("the peer receives all");
            }
            target.close();
        }));
        let sent = sent.concat();
        let asked: usize = counts.iter().sum();
        prop_assert_eq!(log.stopped.is_none(), asked <= sent.len());
        let mut left = sent.as_slice();
        for (name, value) in &log.values {
            let count = name.parse().map_or(left.len(), |index: usize| counts[index]);
            let (due, after) = left.split_at(count.min(left.len()));
            prop_assert_eq!(value, &trueline_spec::value::Value::Bytes(due.to_vec()));
            left = after;
        }
        prop_assert!(left.is_empty());
    }

    #[test]
    fn whatever_a_peer_sends_arrives_however_it_is_cut(
        sent in pieces(),
        capacity in 1usize..32,
    ) {
        let world = World::with_capacity(capacity);
        let sends = sent.iter().map(|piece| send(piece.as_slice()));
        let script = [Step::Listen, accept()].into_iter().chain(sends).chain([Step::Shutdown]);
        let log = only(world.run(&[peer("peer", script)], async |addresses| {
            let mut target = world.connect(addresses[0]).await.expect("the peer listens");
            let received = target.receive_all().await.expect("the peer ends its stream in order");
            assert_eq!(received, sent.concat());
        }));
        prop_assert_eq!(log.stopped, None);
    }

    #[test]
    fn a_stream_that_ends_early_ends_the_script_and_is_observed_as_what_came(
        sent in vec(any::<u8>(), 0..40),
        missing in 1usize..40,
    ) {
        let world = World::with_capacity(16);
        let receive = super::receive(sent.len() + missing);
        let log = only(world.run(&[peer("peer", [Step::Listen, accept(), receive])], async |addresses| {
            let mut target = world.connect(addresses[0]).await.expect("the peer listens");
            target.send(&sent).await.expect("the peer receives");
            target.shutdown().expect("the connection is open");
        }));
        prop_assert_eq!(got(&log), Some(sent.as_slice()));
        prop_assert!(log.stopped.is_some_and(|why| why.contains("the stream ended after")));
    }
}
