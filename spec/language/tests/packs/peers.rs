//! Owns what is claimed of peers that speak UDP or refuse, and of the port that any program
//! can have.

use std::net::Ipv4Addr;

use trueline_spec::pack::{Expression, PeerStep, TargetPort};

use crate::scratch::{Scratch, statement};

fn check(needs: &str, steps: &str) -> Scratch {
    let check = format!("      peer: [{steps}]\n      target: observe(a=1)\n      expect: [a]\n");
    Scratch::with_file(&statement(needs, &check))
}

fn says(message: &str, marks: &str) -> (String, String) {
    (message.to_owned(), marks.to_owned())
}

#[test]
fn every_step_of_udp_is_read() {
    let check = "      peers:
        one: [bind, {receive_from: {as: data, from: who}}, {reply: \"b'yes'\"}]
        two:
          - bind
          - {ask: {send: \"b'there?'\", as: answer}}
          - {pause: 50ms}
          - {reply: \"b'bye'\"}
          - {receive_from: {}}
          - {multicast: {group: 239.12.13.14, send: \"b'all'\"}}
        three: [refuse]
      target: observe(seen=(one, two, three, port))
      expect: [seen and data and who and answer]
";
    let pack = Scratch::with_file(&statement("tcp, udp, multicast", check)).pack();
    let (_, clause) = pack.clauses().next().expect("the statement stands first");
    let bytes = |text: &str, line| Expression {
        text: text.into(),
        line,
    };
    assert_eq!(
        clause.check.peers["one"],
        [
            PeerStep::Bind,
            PeerStep::ReceiveFrom {
                name: Some("data".into()),
                from: Some("who".into())
            },
            PeerStep::Reply(bytes("b'yes'", 12)),
        ]
    );
    assert_eq!(
        clause.check.peers["two"][1],
        PeerStep::Ask {
            data: bytes("b'there?'", 15),
            name: Some("answer".into()),
            from: None
        }
    );
    assert_eq!(
        clause.check.peers["two"][5],
        PeerStep::Multicast {
            group: Ipv4Addr::new(239, 12, 13, 14),
            data: bytes("b'all'", 19)
        }
    );
    assert_eq!(clause.check.peers["three"], [PeerStep::Refuse]);
    assert!(clause.check.uses_port);
}

#[test]
fn a_peer_takes_steps_of_udp_in_an_order_that_can_be() {
    for (steps, message) in [
        (
            "bind, {reply: \"b''\"}",
            "`reply` needs a `receive_from` or an `ask` before it",
        ),
        ("bind, bind", "this peer is bound already"),
        ("{ask: {send: \"b''\"}}", "`ask` needs a `bind` before it"),
        (
            "{multicast: {group: 224.0.0.1, send: \"b''\"}}",
            "`multicast` needs a `bind` before it",
        ),
        (
            "bind, listen",
            "`listen` is a step of TCP, and this peer speaks UDP",
        ),
        (
            "bind, {send: \"b''\"}",
            "`send` is a step of TCP, and this peer speaks UDP",
        ),
        (
            "listen, bind",
            "`bind` is a step of UDP, and this peer speaks TCP",
        ),
        (
            "listen, {receive_from: {}}",
            "`receive_from` is a step of UDP, and this peer speaks TCP",
        ),
        ("refuse, {pause: 1s}", "nothing can follow `refuse`"),
        ("refuse, refuse", "nothing can follow `refuse`"),
        ("listen, refuse", "`refuse` is the only step of its peer"),
    ] {
        assert_eq!(check("tcp, udp, multicast", steps).problem().0, message);
    }
}

#[test]
fn a_step_of_udp_says_what_it_needs() {
    for (step, message) in [
        ("{ask: {as: a2}}", "`send` is missing"),
        ("{multicast: {send: \"b''\"}}", "`group` is missing"),
        ("{multicast: {group: 239.0.0.1}}", "`send` is missing"),
        (
            "{multicast: {group: 192.168.0.1, send: \"b''\"}}",
            "`192.168.0.1` is no group: those are 224.0.0.0 to 239.255.255.255",
        ),
        ("{receive_from: {bytes: 1}}", "there is no key `bytes` here"),
        (
            "receive_from",
            "there is no step that stands alone `receive_from`",
        ),
    ] {
        let scratch = check("udp, multicast", &format!("bind, {step}"));
        assert_eq!(scratch.problem().0, message);
    }
}

#[test]
fn steps_ask_for_their_capabilities() {
    let marks = "something";
    for (needs, steps, message) in [
        (
            "",
            "bind",
            "there is a peer of UDP, and `needs` does not name `udp`",
        ),
        (
            "",
            "refuse",
            "there is a peer of TCP, and `needs` does not name `tcp`",
        ),
        (
            "udp",
            "bind, {multicast: {group: 239.0.0.1, send: \"b''\"}}",
            "a peer sends to a group, and `needs` does not name `multicast`",
        ),
    ] {
        assert_eq!(check(needs, steps).problem(), says(message, marks));
    }
}

#[test]
fn a_program_has_a_port_without_a_peer() {
    let check = "      target: observe(used=port)\n      expect: [used]\n";
    let pack = Scratch::with_file(&statement("", check)).pack();
    let (_, clause) = pack.clauses().next().expect("the statement stands first");
    assert!(clause.check.uses_port);
    assert!(clause.check.peers.is_empty());
}

#[test]
fn a_peer_connects_to_the_port_that_its_step_names() {
    let check = "      peers: {one: [connect], two: [{connect: {to: second_port, as: me}}]}
      target: observe(used=(port, second_port))
      expect: [used, me]
";
    let pack = Scratch::with_file(&statement("tcp", check)).pack();
    let (_, clause) = pack.clauses().next().expect("the statement stands first");
    assert!(clause.check.uses_port && clause.check.uses_second_port);
    let step = |to, name: Option<&str>| PeerStep::Connect {
        to,
        name: name.map(str::to_owned),
    };
    assert_eq!(clause.check.peers["one"], [step(TargetPort::First, None)]);
    assert_eq!(
        clause.check.peers["two"],
        [step(TargetPort::Second, Some("me"))]
    );
}

#[test]
fn a_second_port_that_a_peer_connects_to_is_one_of_the_program() {
    let check = "      peer: [{connect: {to: second_port}}]
      target: observe(used=port)
      expect: [used]
";
    assert_eq!(
        Scratch::with_file(&statement("tcp", check)).problem().0,
        "a peer connects to `second_port`, which the program does not use"
    );
}

#[test]
fn a_port_to_connect_to_is_one_of_two() {
    let check = "      peer: [{connect: {to: third_port}}]
      target: observe(used=port)
      expect: [used]
";
    assert_eq!(
        Scratch::with_file(&statement("tcp", check)).problem().0,
        "there is no port of the target `third_port`"
    );
}

#[test]
fn a_peer_has_a_name_of_its_own() {
    let check = "      peers: {port: [listen]}\n      target: observe(a=1)\n      expect: [a]\n";
    assert_eq!(
        Scratch::with_file(&statement("tcp", check)).problem(),
        says("`port` has a meaning already", "port")
    );
    let check = "      peers: {one: [listen, {accept: {as: one}}]}\n      target: observe(a=1)\n      expect: [a]\n";
    assert_eq!(
        Scratch::with_file(&statement("tcp", check)).problem(),
        says("`one` stands for two things", "one")
    );
}

const EXAMPLE: &str = "examples:
  example.sendto:
    level: must
    basis: documented
    says: A client sends.
    needs: [udp]
    places: {peer.address: 192.168.50.66, peer.port: 5000}
    program: s.sendto('hi', ('192.168.50.66', 5000))
    peer: [bind, {receive_from: {as: got}}]
    expect: [got]
";

#[test]
fn the_places_of_a_peer_are_filled_by_one_with_an_address() {
    Scratch::with_file(EXAMPLE).pack();
    let refuses = EXAMPLE
        .replace("[udp]", "[tcp]")
        .replace("[bind, {receive_from: {as: got}}]", "[refuse]");
    let refuses = refuses.replace("expect: [got]", "expect: {raises: OSError}");
    Scratch::with_file(&refuses).pack();
    let named = EXAMPLE.replace(
        "peer: [bind, {receive_from: {as: got}}]",
        "peers: {other: [bind, {receive_from: {as: got}}]}",
    );
    let problems = Scratch::with_file(&named).problems();
    let messages: Vec<_> = problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    assert_eq!(
        messages,
        ["nothing fills `peer.address`", "nothing fills `peer.port`"]
    );
}

#[test]
fn a_peer_that_asks_needs_the_port_of_the_target() {
    let asks = EXAMPLE.replace(
        "{receive_from: {as: got}}",
        "{ask: {send: \"b'?'\", as: got}}",
    );
    assert_eq!(
        Scratch::with_file(&asks).problem().0,
        "a peer reaches for the target, and no place says at which port"
    );
}
