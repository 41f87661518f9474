//! Owns the claims about the machine's own sockets, with plain tokio sockets as the target.

use std::future::{pending, ready};
use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use trueline_spec::pack::TargetPort;
use trueline_spec::value::Value;

use super::super::{HostNet, PeerListener, PeerNet, Reached, prepare};
use super::{accept, connect, got, only, peer, receive, receive_all, send};
use crate::error::BenchError;
use crate::observation::PeerLog;
use crate::scenario::{Peer, Step};

const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// Plays one peer beside the target; its script has to come to its end by itself.
async fn play(
    peer: Peer,
    port: Option<u16>,
    target: impl AsyncFnOnce(Option<SocketAddrV4>),
) -> PeerLog {
    let net = HostNet::new(HERE);
    let peers = [peer];
    let prepared = prepare(&net, &peers)
        .await
        .expect("the loopback has free ports");
    let address = prepared.addresses().next().map(|(_, address)| address);
    let reached = Reached::at(HERE, port, None);
    let logs = prepared.run(reached, target(address), || {}, pending).await;
    only(logs.expect("the loopback does not fail and the script is sound"))
}

/// The same with a peer that has accepted the target's connection.
async fn accepted(
    script: impl IntoIterator<Item = Step>,
    target: impl AsyncFnOnce(TcpStream),
) -> PeerLog {
    let script = [Step::Listen, accept()].into_iter().chain(script);
    play(peer("peer", script), None, async |address| {
        target(connected(address).await).await
    })
    .await
}

async fn connected(address: Option<SocketAddrV4>) -> TcpStream {
    let address = address.expect("the script says `listen`");
    TcpStream::connect(address).await.expect("the peer listens")
}

fn value(address: io::Result<std::net::SocketAddr>) -> Value {
    let address = address.expect("the socket is open");
    let host = Value::Text(address.ip().to_string());
    Value::Tuple(vec![host, Value::Int(address.port().into())])
}

#[tokio::test]
async fn only_listening_peers_have_addresses() {
    let net = HostNet::new(HERE);
    let peers = [
        peer("caller", [connect()]),
        peer("first", [Step::Listen]),
        peer("second", [Step::Listen, Step::Listen]),
    ];
    let prepared = prepare(&net, &peers)
        .await
        .expect("the loopback has free ports");
    let (names, addresses): (Vec<_>, Vec<_>) = prepared.addresses().unzip();
    assert_eq!(names, ["first", "second"]);
    assert!(
        addresses
            .iter()
            .all(|address| *address.ip() == HERE && address.port() != 0)
    );
    assert_ne!(addresses[0], addresses[1]);
}

#[tokio::test]
async fn a_peer_listens_before_its_script_is_played() {
    let net = HostNet::new(HERE);
    let peers = [peer("peer", [Step::Listen, accept()])];
    let prepared = prepare(&net, &peers)
        .await
        .expect("the loopback has free ports");
    let (_, address) = prepared.addresses().next().expect("the peer listens");
    let _target = TcpStream::connect(address)
        .await
        .expect("the peer listens already");
    let log = only(
        prepared
            .run(Reached::default(), ready(()), || {}, pending)
            .await
            .expect("the bench is whole"),
    );
    assert_eq!(log.finished, 2);
}

#[tokio::test]
async fn a_port_that_is_taken_is_passed_over() {
    let net = HostNet::new(HERE);
    let first = net
        .listen()
        .await
        .expect("the loopback has free ports")
        .address();
    let next = SocketAddrV4::new(HERE, first.port().checked_add(2).unwrap_or(first.port()));
    // Whether it is this socket that takes the port or another one makes no difference.
    let _taken = TcpListener::bind(next).await;
    let second = net
        .listen()
        .await
        .expect("the loopback has free ports")
        .address();
    assert_ne!(second, next);
}

#[tokio::test]
async fn accept_observes_where_the_target_came_from() {
    let script = [
        Step::Listen,
        Step::Accept {
            name: Some("who".to_owned()),
        },
    ];
    let mut local = None;
    let log = play(peer("peer", script), None, async |address| {
        let target = connected(address).await;
        local = Some(value(target.local_addr()));
    })
    .await;
    assert_eq!(log.values.get("who"), local.as_ref());
}

#[tokio::test]
async fn connect_observes_the_peers_own_address() {
    let listener = TcpListener::bind((HERE, 0))
        .await
        .expect("the loopback has free ports");
    let port = listener.local_addr().expect("it is bound").port();
    let script = [Step::Connect {
        to: TargetPort::First,
        name: Some("me".to_owned()),
    }];
    let mut remote = None;
    let log = play(peer("peer", script), Some(port), async |_| {
        let (target, _) = listener.accept().await.expect("the peer connects");
        remote = Some(value(target.peer_addr()));
    })
    .await;
    assert_eq!(log.values.get("me"), remote.as_ref());
}

#[tokio::test]
async fn connect_goes_to_the_port_that_the_step_names() {
    let free = || TcpListener::bind((HERE, 0));
    let first = free().await.expect("the loopback has free ports");
    let second = free().await.expect("the loopback has free ports");
    let port = |listener: &TcpListener| listener.local_addr().expect("it is bound").port();
    let reached = Reached::at(HERE, Some(port(&first)), Some(port(&second)));
    let step = Step::Connect {
        to: TargetPort::Second,
        name: None,
    };
    let peers = [peer("peer", [step, send("hello")])];
    let net = HostNet::new(HERE);
    let prepared = prepare(&net, &peers).await.expect("nothing is opened");
    let target = async {
        let (mut stream, _) = second.accept().await.expect("the peer connects");
        let mut came = [0; 5];
        stream.read_exact(&mut came).await.expect("the peer sends");
        assert_eq!(&came, b"hello");
    };
    let logs = prepared.run(reached, target, || {}, pending).await;
    assert_eq!(only(logs.expect("the script is sound")).stopped, None);
}

#[tokio::test]
async fn connect_waits_until_the_target_listens() {
    let socket = TcpSocket::new_v4().expect("the machine has sockets left");
    socket
        .bind((HERE, 0).into())
        .expect("the loopback has free ports");
    let target = SocketAddrV4::new(HERE, socket.local_addr().expect("it is bound").port());
    let net = HostNet::new(HERE);
    let Err(_refused) = net.connect(target).await else {
        panic!("nobody listens there yet");
    };
    let log = play(
        peer("peer", [connect(), send("hello")]),
        Some(target.port()),
        async |_| {
            // Lets the peer try once more.
            tokio::task::yield_now().await;
            let listener = socket.listen(1).expect("the port is bound");
            let (mut target, _) = listener.accept().await.expect("the peer tries again");
            let mut greeting = [0; 5];
            target
                .read_exact(&mut greeting)
                .await
                .expect("the peer sends");
            assert_eq!(&greeting, b"hello");
        },
    )
    .await;
    assert_eq!(log.stopped, None);
}

#[tokio::test]
async fn a_peer_connects_from_its_own_address() {
    let net = HostNet::new(Ipv4Addr::new(127, 0, 0, 7));
    let listener = TcpListener::bind((HERE, 0))
        .await
        .expect("the loopback has free ports");
    let port = listener.local_addr().expect("it is bound").port();
    let peers = [peer("peer", [connect()])];
    let prepared = prepare(&net, &peers)
        .await
        .expect("nothing is to be opened");
    let target = async {
        let (_, remote) = listener.accept().await.expect("the peer connects");
        assert_eq!(remote.ip(), Ipv4Addr::new(127, 0, 0, 7));
    };
    let logs = prepared
        .run(Reached::at(HERE, Some(port), None), target, || {}, pending)
        .await;
    assert_eq!(only(logs.expect("the bench is whole")).stopped, None);
}

#[tokio::test]
async fn more_than_the_system_buffers_is_sent_to_a_slow_target() {
    let data: Vec<u8> = (0..8_000_000u32)
        .map(|index| index.to_le_bytes()[1])
        .collect();
    let log = accepted([send(data.clone()), Step::Shutdown], async |mut target| {
        let mut received = Vec::new();
        target
            .read_to_end(&mut received)
            .await
            .expect("the peer shuts down in order");
        assert!(received == data);
    })
    .await;
    assert_eq!(log.stopped, None);
}

#[tokio::test]
async fn everything_up_to_the_end_of_the_stream_is_received() {
    let data = vec![7; 3_000_000];
    let log = accepted([receive_all()], async |mut target| {
        target.write_all(&data).await.expect("the peer reads");
    })
    .await;
    assert_eq!(got(&log), Some(data.as_slice()));
}

#[tokio::test]
async fn a_shut_down_peer_still_receives() {
    let log = accepted([Step::Shutdown, receive(6)], async |mut target| {
        let mut nothing = Vec::new();
        target
            .read_to_end(&mut nothing)
            .await
            .expect("the peer ends its direction");
        target
            .write_all(b"answer")
            .await
            .expect("the peer still receives");
    })
    .await;
    assert_eq!(got(&log), Some(b"answer".as_slice()));
}

#[tokio::test]
async fn close_ends_the_stream_in_order_even_with_unread_data() {
    let log = accepted(
        [receive(1), send("bye"), Step::Close],
        async |mut target| {
            target
                .write_all(b"much that nobody reads")
                .await
                .expect("the peer is there");
            let mut received = Vec::new();
            target
                .read_to_end(&mut received)
                .await
                .expect("the peer does not reset");
            assert_eq!(received, b"bye");
        },
    )
    .await;
    assert_eq!(log.stopped, None);
}

#[tokio::test]
async fn reset_breaks_the_connection_off() {
    let log = accepted([Step::Reset], async |mut target| {
        let error = target.read(&mut [0; 1]).await.expect_err("the peer resets");
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    })
    .await;
    assert_eq!(log.stopped, None);
}

#[tokio::test]
async fn a_reset_by_the_target_is_observed_behind_its_data() {
    let log = accepted(
        [receive(5), send("!"), receive_all()],
        async |mut target| {
            target.write_all(b"hello").await.expect("the peer is there");
            target
                .read_exact(&mut [0; 1])
                .await
                .expect("the peer has received it and answers");
            target.write_all(b"half").await.expect("the peer is there");
            target.set_zero_linger().expect("the socket is open");
        },
    )
    .await;
    assert_eq!(log.finished, 4);
    assert_eq!(
        log.stopped.as_deref(),
        Some("the connection was reset by the target after 4 bytes: b'half'")
    );
}

#[tokio::test]
async fn a_reset_while_sending_ends_the_script_without_an_error() {
    let log = accepted([send(vec![0; 8_000_000])], async |mut target| {
        target
            .read_exact(&mut [0; 1])
            .await
            .expect("the peer sends");
        target.set_zero_linger().expect("the socket is open");
    })
    .await;
    let stopped = log.stopped.expect("not all of it can be sent");
    assert!(
        stopped.starts_with("the connection was reset by the target after "),
        "{stopped}"
    );
    assert!(
        stopped.ends_with(" of 8000000 bytes were sent"),
        "{stopped}"
    );
}

#[tokio::test]
async fn a_connection_left_open_is_reset_when_all_is_over() {
    let mut left = None;
    let log = accepted([], async |target| left = Some(target)).await;
    assert_eq!(log.finished, 2);
    let mut target = left.expect("the target has connected");
    let error = target
        .read(&mut [0; 1])
        .await
        .expect_err("the peer has left");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn an_address_of_another_machine_is_the_benchs_fault_and_is_named() {
    let net = HostNet::new(Ipv4Addr::new(203, 0, 113, 7));
    let peers = [peer("peer", [Step::Listen])];
    let error = prepare(&net, &peers)
        .await
        .err()
        .expect("the address is reserved for documents");
    let text = error.to_string();
    assert!(text.contains("the peer `peer`"), "{text}");
    assert!(
        text.contains("203.0.113.7 is no address of this machine"),
        "{text}"
    );
}

#[tokio::test]
async fn a_script_that_cannot_be_played_is_the_benchs_fault_and_is_named() {
    let net = HostNet::new(HERE);
    let scripts = [
        (vec![send("x")], "step 1 of its script, `send`"),
        (
            vec![Step::Listen, receive(1)],
            "step 2 of its script, `receive`",
        ),
        (vec![accept()], "put `listen`"),
        (vec![connect()], "no port of the target is known"),
        (vec![Step::Close], "put `accept` or `connect` before it"),
        (vec![Step::Reset], "step 1 of its script, `reset`"),
        (vec![Step::Shutdown], "step 1 of its script, `shutdown`"),
    ];
    for (script, says) in scripts {
        let peers = [peer("peer", script)];
        let prepared = prepare(&net, &peers)
            .await
            .expect("the loopback has free ports");
        let error = prepared
            .run(Reached::default(), pending(), || {}, pending)
            .await
            .expect_err("it cannot be played");
        assert!(matches!(error, BenchError::Network { .. }));
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[tokio::test]
async fn sending_after_shutdown_is_the_benchs_fault_and_not_a_reset() {
    let net = HostNet::new(HERE);
    let peers = [peer(
        "peer",
        [Step::Listen, accept(), Step::Shutdown, send("x")],
    )];
    let prepared = prepare(&net, &peers)
        .await
        .expect("the loopback has free ports");
    let address = prepared.addresses().next().map(|(_, address)| address);
    let _target = connected(address).await;
    let error = prepared
        .run(Reached::default(), pending(), || {}, pending)
        .await
        .expect_err("it cannot be played");
    assert!(
        error.to_string().contains("step 4 of its script, `send`"),
        "{error}"
    );
    assert!(error.to_string().contains("shut down already"), "{error}");
}

#[tokio::test]
async fn a_listener_outlives_a_dropped_accept() {
    let net = HostNet::new(HERE);
    let listener = net.listen().await.expect("the loopback has free ports");
    let given_up = tokio::select! {
        biased;
        _ = listener.accept() => false,
        () = ready(()) => true,
    };
    assert!(given_up, "nobody has connected yet");
    let _target = TcpStream::connect(listener.address())
        .await
        .expect("it listens");
    listener
        .accept()
        .await
        .expect("the connection waits for the next accept");
}
