//! Owns what sound packs come to: every way of writing a check, and what is made of it.

use std::time::Duration;

use trueline_spec::pack::{
    Basis, Capability, CheckKind, ItemKind, Level, PeerStep, PlaceName, Raises,
};

use crate::scratch::{FIXTURES, PACK, RECV, Scratch};

#[test]
fn a_property_starts_from_its_fixture() {
    let pack = Scratch::with_file("{}").pack();
    let (item, clause) = pack.clauses().next().expect("there is one clause");
    assert_eq!(
        (item.id.as_str(), item.kind),
        ("usocket.socket.recv", ItemKind::Method)
    );
    assert_eq!(item.parameters["bufsize"].unit.as_deref(), Some("byte"));
    assert_eq!(clause.id, "usocket.socket.recv/at-most-bufsize");
    assert_eq!(
        (clause.level, clause.basis),
        (Level::Must, Basis::Documented)
    );
    assert_eq!(clause.needs.iter().collect::<Vec<_>>(), [&Capability::Tcp]);
    assert_eq!(clause.place.to_string(), "recv.yaml:10:3");
    let check = &clause.check;
    assert_eq!(check.kind, CheckKind::Property);
    assert!(check.setup.ends_with("s.connect(peer)\n"));
    assert_eq!(check.program, "observe(got=s.recv(bufsize))");
    let steps: Vec<_> = check.peers["peer"].iter().collect();
    assert!(matches!(
        steps.as_slice(),
        [PeerStep::Listen, PeerStep::Accept { name: Some(who) }, PeerStep::Send(_)] if who == "who"
    ));
    let generated: Vec<_> = check
        .forall
        .iter()
        .map(|(name, of)| format!("{name}: {of}"))
        .collect();
    assert_eq!(generated, ["sent: bytes(1..2048)", "bufsize: int(1..2048)"]);
    assert_eq!(check.assume[0].text, "bufsize != 7");
    assert_eq!(check.expect.holds.len(), 2);
    assert_eq!(
        (check.deadline, check.waits),
        (Duration::from_secs(5), Duration::ZERO)
    );
}

#[test]
fn a_constant_is_checked_for_its_type_and_its_value() {
    let pack = Scratch::with_file(
        "constants:
  usocket.AF_INET: {value: 2, level: must, basis: documented, says: Address family IPv4.}
  usocket.IP_ADD_MEMBERSHIP: {type: int, level: must, basis: erratum, says: It is there.}
",
    )
    .pack();
    let clauses: Vec<_> = pack
        .clauses()
        .filter(|(item, _)| item.kind == ItemKind::Constant)
        .collect();
    let described: Vec<_> = clauses
        .iter()
        .map(|(_, clause)| {
            let holds: Vec<_> = clause
                .check
                .expect
                .holds
                .iter()
                .map(|held| held.text.as_str())
                .collect();
            (clause.id.as_str(), clause.check.program.as_str(), holds)
        })
        .collect();
    assert_eq!(
        described,
        [
            (
                "usocket.AF_INET/value",
                "observe(value=socket.AF_INET)",
                vec!["type(value) is int", "value == 2"]
            ),
            (
                "usocket.IP_ADD_MEMBERSHIP/type",
                "observe(value=socket.IP_ADD_MEMBERSHIP)",
                vec!["type(value) is int"]
            ),
        ]
    );
}

#[test]
fn a_listing_asks_for_every_name() {
    let pack = Scratch::with_file(
        "listings:
  usocket.socket.listing:
    of: socket.socket
    names: [recv, __del__]
    level: must
    basis: documented
    says: Every name is there.
",
    )
    .pack();
    let item = pack
        .items
        .iter()
        .find(|item| item.kind == ItemKind::Listing)
        .expect("it is there");
    let check = &item.clauses[0].check;
    assert_eq!(item.clauses[0].id, "usocket.socket.listing/names");
    assert_eq!(check.program, "observe(names=dir(socket.socket))");
    assert_eq!(
        check.expect.holds[0].text,
        "[name for name in ['recv', '__del__'] if name not in names] == []"
    );
}

const EXAMPLES: &str = "examples:
  example.recv:
    level: must
    basis: documented
    says: A client receives and prints.
    needs: [tcp]
    places: {peer.address: 192.168.50.66, peer.port: 5000}
    program: |
      import usocket as socket
      s = socket.socket()
      s.connect(('192.168.50.66', 5000))
      print(str(s.recv(1024), 'utf8'))
    peer: [listen, accept, {send: \"b'hello'\"}, close]
    waits: 50ms
    expect: {stdout: \"hello\\n\"}
    as_printed:
      says: As printed a bracket is missing.
      program: |
        s.connect(('192.168.50.66', 5000)
      expect: {raises: {SyntaxError: [1, 2]}}
  example.getaddrinfo:
    level: must
    basis: documented
    says: The session shows one address.
    transcript: |
      >>> import usocket as socket
      >>> socket.getaddrinfo('127.0.0.1',5000)
      [(2, 1, 0, '127.0.0.1', ('127.0.0.1', 5000))]
";

#[test]
fn a_documented_example_runs_as_it_stands() {
    let pack = Scratch::with_file(EXAMPLES).pack();
    let item = pack
        .items
        .iter()
        .find(|item| item.id == "example.recv")
        .expect("it is there");
    let [documented, printed] = item.clauses.as_slice() else {
        panic!("it has two clauses")
    };
    assert_eq!(documented.id, "example.recv/as-documented");
    assert!(documented.check.verbatim && documented.check.kind == CheckKind::Example);
    assert_eq!(documented.check.places[&PlaceName::PeerPort], "5000");
    assert_eq!(documented.check.expect.stdout.as_deref(), Some("hello\n"));
    assert_eq!(documented.check.waits, Duration::from_millis(50));
    assert_eq!(printed.id, "example.recv/as-printed");
    assert_eq!((printed.level, printed.basis), (Level::May, Basis::Erratum));
    assert_eq!(
        printed.check.expect.raises,
        Some(Raises {
            kind: "SyntaxError".into(),
            errnos: vec![1, 2]
        })
    );
    // What it does not say of the bench is as in the example, but that it may break before its peers
    // are through.
    let mut peers = documented.check.peers.clone();
    peers["peer"].insert(1, PeerStep::Optional);
    assert_eq!(printed.check.peers, peers);
    assert_eq!(
        printed.check.places[&PlaceName::PeerAddress],
        "192.168.50.66"
    );
}

#[test]
fn a_transcript_becomes_a_program_and_its_output() {
    let pack = Scratch::with_file(EXAMPLES).pack();
    let item = pack
        .items
        .iter()
        .find(|item| item.id == "example.getaddrinfo")
        .expect("it is there");
    let check = &item.clauses[0].check;
    assert!(check.verbatim);
    assert_eq!(
        check.program,
        "import usocket as socket\n\
         _ = (socket.getaddrinfo('127.0.0.1',5000))\n\
         if _ is not None: print(repr(_))\n"
    );
    assert_eq!(
        check.expect.stdout.as_deref(),
        Some("[(2, 1, 0, '127.0.0.1', ('127.0.0.1', 5000))]\n")
    );
}

#[test]
fn peers_with_names_and_every_step_are_read() {
    let pack = Scratch::with_file(
        "item: usocket.getaddrinfo
kind: function
signature: getaddrinfo(host, port)
summary: Turn a name into addresses.
clauses:
  steps:
    level: should
    basis: inherited
    says: Every step can be written.
    needs: [tcp, stdin, prompt-network]
    property:
      forall:
        data: chunks(bytes(1..99), 8)
        mode: {one_of: [1, \"'a'\", None]}
      peers:
        one: [listen, {accept: {as: a}}, {receive: {bytes: len(data), as: b}}, reset]
        two:
          - connect
          - {receive: {until: eof, as: c}}
          - {pause: 50ms}
          - shutdown
          - close
      target: |
        s = socket.socket()
        s.connect(one)
        observe(used=port)
      expect:
        raises: OSError
        holds: [a and b and c, mode != used, elapsed < 1]
      deadline: 1.5s
",
    )
    .pack();
    let item = pack
        .items
        .iter()
        .find(|item| item.kind == ItemKind::Function)
        .expect("it is there");
    let check = &item.clauses[0].check;
    assert_eq!(check.peers.keys().collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(
        check.peers["two"][2],
        PeerStep::Pause(Duration::from_millis(50))
    );
    assert_eq!(check.forall["mode"].to_string(), "one_of(1, 'a', None)");
    assert_eq!(check.deadline, Duration::from_millis(1500));
}

#[test]
fn items_stand_in_the_order_of_files_and_of_writing() {
    let constant = "{value: 2, level: must, basis: documented, says: It is there.}";
    let constants = format!("constants:\n  usocket.B: {constant}\n  usocket.A: {constant}\n");
    let files = [
        ("pack.yaml", PACK),
        ("z.yaml", &constants),
        ("fixtures.yaml", FIXTURES),
        ("socket/recv.yaml", RECV),
    ];
    let pack = Scratch::new(&files).pack();
    let ids: Vec<_> = pack.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["usocket.socket.recv", "usocket.B", "usocket.A"]);
}

#[test]
fn the_digest_changes_with_every_byte_and_every_name() {
    let digest = |name: &str, text: &str| {
        let files = [
            ("pack.yaml", PACK),
            ("f.yaml", FIXTURES),
            ("r.yaml", RECV),
            (name, text),
        ];
        Scratch::new(&files).pack().digest
    };
    let first = digest("more.yaml", "{}");
    assert_eq!(first, digest("more.yaml", "{}"));
    assert_ne!(first, digest("more.yaml", "{ }"));
    assert_ne!(first, digest("most.yaml", "{}"));
}

#[test]
fn a_byte_order_mark_changes_no_place() {
    let marked = format!("\u{feff}{RECV}");
    let files = [
        ("pack.yaml", PACK),
        ("f.yaml", FIXTURES),
        ("r.yaml", marked.as_str()),
    ];
    let pack = Scratch::new(&files).pack();
    let (_, clause) = pack.clauses().next().expect("there is one clause");
    assert_eq!((clause.place.line, clause.place.column), (10, 3));
}
