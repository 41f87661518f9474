//! Owns what a check may say of its network, and what has to go with it.

use std::time::Duration;

use trueline_spec::pack::Capability;

use crate::scratch::Scratch;

/// The sound pack whose item has these lines more: capabilities, and conditions of the network.
fn recv(needs: &str, network: &str) -> Scratch {
    let old = "    property:\n      forall:";
    let new =
        format!("    needs: [{needs}]\n    property:\n      network: {network}\n      forall:");
    Scratch::recv_with(old, &new)
}

fn says(message: &str, marks: &str) -> (String, String) {
    (message.to_owned(), marks.to_owned())
}

#[test]
fn conditions_are_read_and_nothing_else_is_assumed() {
    let network =
        "{latency: 20ms, loss: 2.5%, mtu: 576, bandwidth: 64kbit, queue: 4, partition: 1s..}";
    let pack = recv("shaped-network", network).pack();
    let (_, clause) = pack
        .clauses()
        .find(|(_, clause)| clause.id == "usocket.socket.recv/at-most-bufsize")
        .expect("it is there");
    let network = &clause.check.network;
    assert_eq!(network.latency, Some(Duration::from_millis(20)));
    assert_eq!(
        network.loss.map(|loss| loss.to_string()).as_deref(),
        Some("2.5%")
    );
    assert_eq!((network.mtu, network.queue), (Some(576), Some(4)));
    assert_eq!(network.bandwidth, Some(64_000));
    assert_eq!(
        network.partition,
        Some(Duration::from_secs(1)..Duration::MAX)
    );
    assert_eq!((network.jitter, network.reorder), (None, None));
    assert!(clause.needs.contains(&Capability::ShapedNetwork));
}

#[test]
fn a_network_needs_its_capability() {
    let problem = recv("tcp", "{loss: 5%}").problem();
    assert_eq!(
        problem,
        says(
            "there is `network`, and `needs` does not name `shaped-network`",
            "at-most-bufsize"
        )
    );
}

#[test]
fn a_condition_that_is_none_is_told_with_what_would_be_one() {
    let problem = recv("shaped-network", "{loss: often}").problem();
    assert_eq!(
        problem,
        says(
            "`loss` is a share of the packets, as in `5%`, not `often`",
            "often"
        )
    );
    let scratch = recv("shaped-network", "{losses: 5%, latency: 1s}");
    assert_eq!(
        scratch.problem(),
        says("there is no key `losses` here", "losses")
    );
    let scratch = recv("shaped-network", "{loss: 5%, queue: 3}");
    assert_eq!(scratch.problem().0, "nothing queues without a `bandwidth`");
}

#[test]
fn a_network_without_a_condition_says_nothing() {
    let scratch = recv("shaped-network", "{}");
    let (message, _) = scratch.problem();
    assert_eq!(message, "`network` without a condition says nothing");
}

#[test]
fn who_judges_time_beside_peers_needs_a_prompt_network_or_one_of_its_own() {
    let timed = |needs: &str| {
        let new = format!("    needs: [{needs}]\n    property:\n      waits: 1s\n      forall:");
        let scratch = Scratch::recv_with("    property:\n      forall:", &new);
        scratch.edit("recv.yaml", "- sent.startswith(got)", "- elapsed < 2");
        scratch
    };
    assert_eq!(
        timed("tcp").problem().0,
        "`elapsed` counts what the network takes, too, and `needs` does not name `prompt-network`"
    );
    timed("prompt-network").pack();

    let shaped = recv("shaped-network", "{latency: 9ms}");
    shaped.edit("recv.yaml", "- sent.startswith(got)", "- elapsed < 2");
    shaped.pack();
}
