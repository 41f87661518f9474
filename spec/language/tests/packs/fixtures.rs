//! Owns what is claimed of fixtures that build on fixtures.

use trueline_spec::pack::{Capability, PeerStep};

use crate::scratch::{PACK, Scratch, marked, statement};

const FIXTURES: &str = "\
fixtures:
  served:
    says: The peer has connected.
    using: listening
    needs: [stdin]
    peer: [{connect: {as: me}}]
    target: conn = take(s)
  bare:
    says: There is a helper.
    target: |-
      def take(listener):
          return listener.accept()[0]
  listening:
    says: The target listens.
    using: bare
    needs: [tcp]
    target: |
      s = socket.socket()
      s.bind(('0.0.0.0', port))
";

const CHECK: &str = "      using: served
      peer: [{send: \"b'x'\"}]
      target: observe(got=conn.recv(1))
      expect: [got and me]
";

fn with(fixtures: &str, check: &str) -> Scratch {
    Scratch::new(&[
        ("pack.yaml", PACK),
        ("fixtures.yaml", fixtures),
        ("item.yaml", &statement("", check)),
    ])
}

#[test]
fn a_fixture_goes_behind_the_one_that_it_builds_on() {
    let pack = with(FIXTURES, CHECK).pack();
    let names: Vec<_> = pack.fixtures.keys().collect();
    assert_eq!(names, ["served", "bare", "listening"]);
    let served = &pack.fixtures["served"];
    assert_eq!(
        served.target,
        "def take(listener):\n    return listener.accept()[0]\n\
         s = socket.socket()\ns.bind(('0.0.0.0', port))\nconn = take(s)"
    );
    let needs: Vec<_> = served.needs.iter().collect();
    assert_eq!(needs, [&Capability::Tcp, &Capability::Stdin]);
    let (_, clause) = pack.clauses().next().expect("there is one clause");
    assert_eq!(clause.check.setup, served.target);
    assert_eq!(clause.needs, served.needs);
    assert!(clause.check.uses_port);
    assert!(matches!(
        clause.check.peers["peer"].as_slice(),
        [PeerStep::Connect { .. }, PeerStep::Send(_)]
    ));
}

#[test]
fn fixtures_that_build_in_a_circle_are_a_problem_once() {
    let circle = FIXTURES.replace(
        "    says: There is a helper.",
        "    says: There is a helper.\n    using: served",
    );
    let problems = with(&circle, CHECK).problems();
    let [problem] = problems.as_slice() else {
        panic!("there is one problem, but: {problems:#?}");
    };
    assert_eq!(
        problem.message,
        "fixtures build in a circle: `served` on `listening` on `bare` on `served`"
    );
    assert_eq!((marked(problem).as_str(), problem.line), ("served", 10));
}

#[test]
fn a_fixture_builds_on_one_that_is_there() {
    let unknown = FIXTURES.replace("using: bare", "using: baer");
    let problems = with(&unknown, CHECK).problems();
    let messages: Vec<_> = problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    // That nothing uses the other one follows.
    assert_eq!(
        messages,
        [
            "no check uses the fixture `bare`",
            "there is no fixture `baer`"
        ]
    );
    assert_eq!(
        problems[1].suggestion.as_deref(),
        Some("did you mean `bare`?")
    );
}

#[test]
fn a_fixture_that_only_an_unused_one_uses_is_not_reported() {
    let fixtures = format!("{FIXTURES}  idle: {{says: It idles., using: bare, target: take(1)}}\n");
    assert_eq!(
        with(&fixtures, CHECK).problem().0,
        "no check uses the fixture `idle`"
    );
}

#[test]
fn a_long_chain_of_fixtures_is_read() {
    let mut fixtures = String::from("fixtures:\n");
    for number in 0..400 {
        let line = format!(
            "  f{number}: {{says: It is., using: f{}, target: a = 1}}\n",
            number + 1
        );
        fixtures.push_str(&line);
    }
    fixtures.push_str("  f400: {says: It is., target: a = 1}\n");
    let check = "      using: f0\n      target: observe(a=a)\n      expect: [a]\n";
    // What is observed was bound by the fixtures.
    let pack = with(&fixtures, check).pack();
    assert_eq!(pack.fixtures["f0"].target.matches("a = 1").count(), 401);
}
