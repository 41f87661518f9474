//! Owns what is claimed of input, of endless programs, and of the wireless network's places.

use crate::scratch::{RECV, Scratch, statement};

fn says(message: &str, marks: &str) -> (String, String) {
    (message.to_owned(), marks.to_owned())
}

fn example(needs: &str, keys: &str) -> Scratch {
    let check = format!("{keys}      target: observe(line=input())\n      expect: [line]\n");
    Scratch::with_file(&statement(needs, &check))
}

#[test]
fn lines_of_input_are_given_in_their_order() {
    let pack = example("stdin", "      input: [hello, \"5 \", '']\n").pack();
    let (_, clause) = pack.clauses().next().expect("the statement stands first");
    assert_eq!(clause.check.input, ["hello", "5 ", ""]);
    assert!(!clause.check.endless);
}

#[test]
fn input_is_text_without_line_ends() {
    assert_eq!(
        example("stdin", "      input: [5]\n").problem(),
        says("expected text, found the number `5`", "5")
    );
    assert_eq!(
        example("stdin", "      input: [\"a\\nb\"]\n").problem().0,
        "a line of `input` has no line ends and no other control characters"
    );
    assert_eq!(
        example("stdin", "      input: []\n").problem(),
        says("an `input` without a line gives nothing", "input")
    );
}

#[test]
fn input_needs_stdin() {
    assert_eq!(
        example("", "      input: [hello]\n").problem(),
        says(
            "there is `input`, and `needs` does not name `stdin`",
            "something"
        )
    );
}

#[test]
fn an_endless_program_has_a_peer_and_no_end_of_its_own() {
    let sound = "      endless: true\n      peer: [listen, accept]\n";
    let pack = example("tcp", sound).pack();
    let (_, clause) = pack.clauses().next().expect("the statement stands first");
    assert!(clause.check.endless);
    assert_eq!(
        example("tcp", "      endless: true\n").problem(),
        says(
            "an endless program is interrupted when its peers are done, and there is no peer",
            "true"
        )
    );
    assert_eq!(
        example("tcp", &sound.replace("true", "yes")).problem(),
        says("expected `true` or `false`, found the text `yes`", "yes")
    );
    for expect in ["raises: OSError", "or_raises: OSError, stdout: ''"] {
        let raises = format!("{sound}      target: x = peer\n      expect: {{{expect}}}\n");
        assert_eq!(
            Scratch::with_file(&statement("tcp", &raises)).problem().0,
            "an endless program is interrupted: no exception of its own can end it"
        );
    }
    let property = RECV.replace("      using:", "      endless: true\n      using:");
    assert_eq!(
        Scratch::recv_with(RECV, &property).problem(),
        says("`endless` belongs to an `example`", "true")
    );
}

const EXAMPLE: &str = "examples:
  example.tcp-server:
    level: must
    basis: documented
    says: A server sends what is typed.
    needs: [tcp, stdin, wlan]
    places: {wlan.ssid: Noah-BlackWalnut, wlan.password: 123abc456d, target.port: 5000}
    program: |
      wl.connect('Noah-BlackWalnut', '123abc456d')
      s.bind(('0.0.0.0', 5000))
      while True: s.accept()[0].send(input())
    input: [hello]
    endless: true
    peer: [connect, {receive: {bytes: 5, as: got}}]
    expect: [got]
    as_printed:
      says: As printed it breaks.
      program: wl.connect('Noah-BlackWalnut', '123abc456d'
      expect: {raises: SyntaxError}
";

#[test]
fn a_documented_program_has_input_and_no_end() {
    let pack = Scratch::with_file(EXAMPLE).pack();
    let item = &pack.items[0];
    let [documented, printed] = item.clauses.as_slice() else {
        panic!("it has two clauses")
    };
    assert_eq!(documented.check.input, ["hello"]);
    assert!(documented.check.endless);
    // The harness fills the places: a documented program has no name of the bench.
    assert!(!documented.check.uses_port);
    assert_eq!(printed.check.input, ["hello"]);
    assert!(!printed.check.endless);
    assert_eq!(printed.check.places.len(), 2);
}

#[test]
fn the_places_of_the_wireless_network_need_it() {
    let without = EXAMPLE.replace(", wlan]", "]");
    let problems = Scratch::with_file(&without).problems();
    assert!(
        problems.iter().any(|problem| problem.message
            == "there is a place of `wlan`, and `needs` does not name `wlan`"),
        "{problems:#?}"
    );
}
