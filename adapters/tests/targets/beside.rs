//! Owns the claims about what happens beside a program on every interpreter: its input, its
//! peers over UDP, and the end of a program that has none.

use std::net::Ipv4Addr;
use std::time::Duration;

use trueline_adapters::observation::{Ending, PeerLog};
use trueline_adapters::scenario::{Peer, Scenario, Step};
use trueline_adapters::session::Session;
use trueline_spec::pack::Capability;
use trueline_spec::value::Value;

use crate::bench::{observed, program, with_peers};
use crate::interpreters::{ADDRESS, everywhere};

fn peer(name: &str, script: impl IntoIterator<Item = Step>) -> Peer {
    Peer {
        name: name.to_owned(),
        script: script.into_iter().collect(),
    }
}

fn receive_from(name: &str) -> Step {
    Step::ReceiveFrom {
        name: Some(name.to_owned()),
        from: None,
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn finished(log: &PeerLog) {
    assert_eq!(log.stopped, None, "{log:?}");
}

#[test]
fn input_gives_the_lines_in_order() {
    let scenario = Scenario {
        input: vec!["first".to_owned(), "the second".to_owned(), String::new()],
        ..program("observe(a=input())\nobserve(b=input('more? '))\nobserve(c=input())\n")
    };
    everywhere(async |session| {
        let observation = observed(session, &scenario).await;
        assert_eq!(observation.ending, Ending::Finished, "{observation:?}");
        let seen: Vec<_> = observation.values.values().cloned().collect();
        assert_eq!(seen, [text("first"), text("the second"), text("")]);
    });
}

#[test]
fn input_that_no_program_reads_reaches_no_other_program() {
    let unread = Scenario {
        input: vec!["observe(wrong=1)".to_owned(), "and more".to_owned()],
        ..program("observe(here=1)\n")
    };
    everywhere(async |session| {
        for _ in 0..3 {
            let observation = observed(session, &unread).await;
            assert_eq!(observation.values["here"], Value::Int(1));
        }
        let observation = observed(session, &program("observe(here=2)\n")).await;
        assert_eq!(observation.values.len(), 1);
        assert_eq!(observation.stdout, "");
    });
}

#[test]
fn a_program_that_waits_for_input_in_vain_is_interrupted() {
    let waits = Scenario {
        deadline: Duration::from_millis(100),
        ..program("input()\n")
    };
    everywhere(async |session| {
        let observation = observed(session, &waits).await;
        assert_eq!(observation.ending, Ending::Interrupted);
        let observation = observed(session, &program("observe(here=2)\n")).await;
        assert_eq!(observation.values["here"], Value::Int(2));
    });
}

#[test]
fn an_endless_program_is_stopped_when_its_peers_have_finished() {
    let body = format!(
        "{ADDRESS}s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
 s.sendto(b'ping', address(peer))
 print(s.recvfrom(10)[0])
"
    );
    let exchange = [receive_from("a"), Step::Reply(b"pong".to_vec())];
    let script = [Step::Bind]
        .into_iter()
        .chain(exchange)
        .chain([receive_from("b")]);
    let scenario = Scenario {
        endless: true,
        deadline: Duration::from_secs(60),
        ..with_peers(vec![peer("peer", script)], &body)
    };
    everywhere(async |session| {
        for _ in 0..2 {
            let observation = observed(session, &scenario).await;
            assert_eq!(observation.ending, Ending::Stopped, "{observation:?}");
            assert_eq!(observation.stdout, "b'pong'\n");
            finished(&observation.peers[0]);
        }
    });
}

#[test]
fn an_endless_program_that_ends_by_itself_is_no_stopped_one() {
    let scenario = Scenario {
        endless: true,
        ..with_peers(
            vec![peer("peer", [Step::Bind, receive_from("got")])],
            "raise ValueError\n",
        )
    };
    everywhere(async |session| {
        let observation = observed(session, &scenario).await;
        assert!(matches!(observation.ending, Ending::Raised(_)));
        assert!(observation.peers[0].stopped.is_some());
    });
}

#[test]
fn a_server_over_udp_is_asked_until_it_is_there() {
    let body = format!(
        "{ADDRESS}s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(address(('0.0.0.0', port)))
data, who = s.recvfrom(10)
s.sendto(data + b'!', who)
"
    );
    let ask = Step::Ask {
        data: b"who?".to_vec(),
        name: Some("answer".to_owned()),
        from: Some("who".to_owned()),
    };
    let scenario = with_peers(vec![peer("peer", [Step::Bind, ask])], &body);
    everywhere(async |session| {
        let observation = observed(session, &scenario).await;
        let log = &observation.peers[0];
        finished(log);
        assert_eq!(log.values["answer"], Value::Bytes(b"who?!".to_vec()));
        let port = observation.places.port.expect("a port was found");
        let host = text(&observation.places.target.to_string());
        let who = Value::Tuple(vec![host, Value::Int(port.into())]);
        assert_eq!(log.values["who"], who);
    });
}

#[test]
fn two_peers_over_udp_have_an_address_each() {
    let body = format!(
        "{ADDRESS}s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for each in (one, two):
 s.sendto(b'%d' % each[1], address(each))
"
    );
    let script = || [Step::Bind, receive_from("got")];
    let peers = vec![peer("one", script()), peer("two", script())];
    let scenario = with_peers(peers, &body);
    everywhere(async |session| {
        let observation = observed(session, &scenario).await;
        for (log, (_, listener)) in observation.peers.iter().zip(&observation.places.listeners) {
            finished(log);
            let port = listener.port().to_string().into_bytes();
            assert_eq!(log.values["got"], Value::Bytes(port));
        }
    });
}

#[test]
fn a_connection_to_a_peer_that_refuses_is_refused() {
    let body = format!(
        "{ADDRESS}s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
observe(result=outcome(s.connect, address(peer)))
"
    );
    let scenario = with_peers(vec![peer("peer", [Step::Refuse])], &body);
    everywhere(async |session| {
        let observation = observed(session, &scenario).await;
        let Value::Raised(exception) = &observation.values["result"] else {
            panic!("{observation:?}");
        };
        assert!(exception.is("OSError"), "{exception}");
        finished(&observation.peers[0]);
    });
}

#[test]
fn a_program_that_wants_a_port_gets_one_without_a_peer() {
    let scenario = Scenario {
        uses_port: true,
        ..program("observe(number=port)\n")
    };
    everywhere(async |session| {
        let observation = observed(session, &scenario).await;
        let port = observation.places.port.expect("a port was found");
        assert_eq!(observation.values["number"], Value::Int(port.into()));
    });
}

#[test]
fn a_program_that_listens_twice_gets_two_ports() {
    let scenario = Scenario {
        uses_port: true,
        uses_second_port: true,
        ..program("observe(one=port, other=second_port)\n")
    };
    everywhere(async |session| {
        let observation = observed(session, &scenario).await;
        let places = &observation.places;
        let one = places.port.expect("a port was found");
        let other = places.second_port.expect("a second one was found");
        assert_ne!(one, other);
        assert_eq!(observation.values["one"], Value::Int(one.into()));
        assert_eq!(observation.values["other"], Value::Int(other.into()));
    });
}

#[test]
fn a_group_is_sent_to_on_the_targets_port() {
    let body = "\
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('0.0.0.0', port))
s.setsockopt(0, socket.IP_ADD_MEMBERSHIP, bytes([239, 1, 2, 3, 127, 0, 0, 1]))
s.sendto(b'ready', peer)
observe(got=s.recvfrom(16)[0])
";
    let multicast = Step::Multicast {
        group: Ipv4Addr::new(239, 1, 2, 3),
        data: b"to all".to_vec(),
    };
    let script = [Step::Bind, receive_from("ready"), multicast];
    let scenario = with_peers(vec![peer("peer", script)], body);
    everywhere(async |session| {
        let info = session.target();
        if info.implementation == "micropython" && info.url.starts_with("exec:") {
            // The unix port has neither the constant nor addresses that are tuples.
            return;
        }
        if !info.capabilities.contains(&Capability::Multicast) {
            return;
        }
        let observation = observed(session, &scenario).await;
        assert_eq!(
            observation.values.get("got"),
            Some(&Value::Bytes(b"to all".to_vec())),
            "{observation:?}"
        );
    });
}
