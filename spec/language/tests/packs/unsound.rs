//! Owns what makes a pack unsound: each problem with its message and the text that it marks.

use crate::scratch::{FIXTURES, PACK, RECV, Scratch};

/// The only problem of the sound pack with one text replaced in its item.
fn recv(old: &str, new: &str) -> (String, String) {
    Scratch::recv_with(old, new).problem()
}

/// The only problem of the sound pack with one more file.
fn more(text: &str) -> (String, String) {
    Scratch::with_file(text).problem()
}

fn says(message: &str, marks: &str) -> (String, String) {
    (message.to_owned(), marks.to_owned())
}

/// The suggestion of the only problem.
fn suggestion(scratch: &Scratch) -> String {
    let problems = scratch.problems();
    problems[0]
        .suggestion
        .clone()
        .expect("there is a suggestion")
}

#[test]
fn an_unknown_key_is_a_problem_with_a_suggestion() {
    let scratch = Scratch::recv_with("returns:", "retruns:");
    assert_eq!(
        scratch.problem(),
        says("there is no key `retruns` here", "retruns")
    );
    assert_eq!(suggestion(&scratch), "did you mean `returns`?");
    let deep = recv("unit: byte", "unti: byte");
    assert_eq!(deep, says("there is no key `unti` here", "unti"));
}

#[test]
fn a_key_that_stands_twice_is_a_problem() {
    let twice = recv("returns: bytes\n", "returns: bytes\nreturns: str\n");
    assert_eq!(
        twice,
        says(
            "`returns` stands here a second time; the first one is in line 7",
            "returns"
        )
    );
}

#[test]
fn unknown_words_are_problems_with_suggestions() {
    for (old, new, message, marks, help) in [
        (
            "level: must",
            "level: musst",
            "there is no level `musst`",
            "musst",
            "`must`",
        ),
        (
            "basis: documented",
            "basis: documentd",
            "there is no basis `documentd`",
            "documentd",
            "`documented`",
        ),
        (
            "kind: method",
            "kind: metod",
            "there is no kind `metod`",
            "metod",
            "`method`",
        ),
        (
            "using: tcp-client",
            "using: tcp-cliant",
            "there is no fixture `tcp-cliant`",
            "tcp-cliant",
            "`tcp-client`",
        ),
        (
            "bytes(1..2048)",
            "byte(1..2048)",
            "there is no strategy `byte`",
            "byte(1..2048)",
            "`bytes`",
        ),
        (
            "{send: sent}",
            "{sent: sent}",
            "there is no step with a value `sent`",
            "sent",
            "`send`",
        ),
        (
            "{send: sent}",
            "{send: sent}, clos",
            "there is no step that stands alone `clos`",
            "clos",
            "`close`",
        ),
        (
            "    property:\n",
            "    needs: [tpc]\n    property:\n",
            "there is no capability `tpc`",
            "tpc",
            "`tcp`",
        ),
    ] {
        let scratch = Scratch::recv_with(old, new);
        let problems = scratch.problems();
        let found = problems.iter().find(|problem| problem.message == message);
        let found = found.unwrap_or_else(|| panic!("{message} is not in {problems:#?}"));
        assert_eq!(crate::scratch::marked(found), marks);
        assert_eq!(found.suggestion, Some(format!("did you mean {help}?")));
    }
}

#[test]
fn a_value_of_another_shape_is_a_problem() {
    let wrong = recv("assume: [bufsize != 7]", "assume: bufsize != 7");
    assert_eq!(
        wrong,
        says(
            "expected a sequence, found the text `bufsize != 7`",
            "bufsize != 7"
        )
    );
    let step = recv("peer: [{send: sent}]", "peer: [{send: sent}, [close]]");
    assert_eq!(step.0, "expected a word or a mapping, found a sequence");
    let two = recv("peer: [{send: sent}]", "peer: [{send: sent, pause: 1s}]");
    assert_eq!(
        two.0,
        "expected a step with a value: a mapping with one key, found a mapping"
    );
    let nothing = recv("returns: bytes", "returns:");
    assert_eq!(nothing.0, "expected text, found nothing");
}

#[test]
fn what_has_to_be_there_is_missed() {
    for (line, missing, marks) in [
        ("kind: method\n", "`kind` is missing", "usocket.socket.recv"),
        (
            "signature: recv(bufsize)\n",
            "`signature` is missing",
            "usocket.socket.recv",
        ),
        ("    level: must\n", "`level` is missing", "at-most-bufsize"),
        (
            "      target: observe(got=s.recv(bufsize))\n",
            "`target` is missing",
            "property",
        ),
    ] {
        assert_eq!(recv(line, ""), says(missing, marks));
    }
}

#[test]
fn a_clause_has_exactly_one_check() {
    let (head, _) = RECV
        .split_once("    property:")
        .expect("there is a property");
    let files = [("pack.yaml", PACK), ("recv.yaml", head)];
    let none = Scratch::new(&files).problem();
    assert_eq!(
        none,
        says(
            "a clause needs a check: `property` or `example`",
            "at-most-bufsize"
        )
    );
    let both = Scratch::recv_with(
        "    property:",
        "    example: {target: observe(a=1), expect: [a]}\n    property:",
    );
    let messages: Vec<_> = both
        .problems()
        .into_iter()
        .map(|problem| problem.message)
        .collect();
    assert!(messages.contains(&"a clause has one check: `property` or `example`, not both".into()));
}

#[test]
fn a_property_ranges_over_something_and_an_example_does_not() {
    let none = recv(
        "forall: {sent: bytes(1..2048), bufsize: int(1..2048)}",
        "deadline: 1s",
    );
    assert_eq!(none, says("`forall` is missing", "property"));
    let example = Scratch::recv_with("property:", "example:").problems();
    assert!(
        example[0]
            .message
            .starts_with("an `example` runs once: `forall`"),
        "{example:#?}"
    );
    assert!(
        example[1]
            .message
            .starts_with("an `example` runs once: `assume`"),
        "{example:#?}"
    );
}

#[test]
fn an_expectation_that_cannot_fail_is_a_problem() {
    let constant = recv("- sent.startswith(got)", "- sent.startswith(sent)");
    assert_eq!(
        constant,
        says(
            "this cannot fail: it depends on nothing that was observed",
            "sent.startswith(sent)"
        )
    );
    let (head, _) = RECV
        .split_once("      expect:")
        .expect("there is an expectation");
    for empty in ["      expect: []\n", "      expect: {}\n"] {
        let files = [
            ("pack.yaml", PACK),
            ("f.yaml", FIXTURES),
            ("r.yaml", &format!("{head}{empty}")),
        ];
        let (message, _) = Scratch::new(&files).problem();
        assert_eq!(
            message,
            "`expect` expects nothing, so that the check cannot fail"
        );
    }
}

#[test]
fn an_expression_binds_nothing_and_reaches_nothing() {
    assert_eq!(
        recv(
            "- sent.startswith(got)",
            "- \"(got := sent).startswith(got)\""
        )
        .0,
        "an expression binds no names: `got` would hide another one"
    );
    for name in ["__import__", "open", "input"] {
        let reaching = format!("- {name}(got) == sent");
        assert_eq!(
            recv("- sent.startswith(got)", &reaching),
            (
                format!("an expression computes from values alone: `{name}` has no place in it"),
                name.to_owned()
            )
        );
    }
}

#[test]
fn names_that_nothing_binds_are_problems() {
    let expected = Scratch::recv_with("startswith(got)", "startswith(gott)");
    assert_eq!(expected.problem(), says("nothing observes `gott`", "gott"));
    assert_eq!(suggestion(&expected), "did you mean `got`?");
    assert_eq!(
        recv("s.recv(bufsize)", "s.recv(bufsizes)").0,
        "nothing binds `bufsizes`"
    );
    assert_eq!(
        recv("[bufsize != 7]", "[bufsize != got]"),
        says("`got` is not generated", "got")
    );
    assert_eq!(
        recv("{send: sent}", "{send: sent + who}"),
        says("`who` is not generated", "who")
    );
    assert_eq!(
        recv("[bufsize != 7]", "[1 != 7]").0,
        "this does not depend on what is generated"
    );
    // What a fixture's peer saw can be judged.
    Scratch::recv_with("- sent.startswith(got)", "- sent.startswith(got) and who").pack();
}

#[test]
fn the_bench_binds_a_peer_that_has_an_address() {
    let fixtures = FIXTURES.replace("peer: [listen, {accept: {as: who}}]", "peer: [connect]");
    let files = [
        ("pack.yaml", PACK),
        ("f.yaml", fixtures.as_str()),
        ("r.yaml", RECV),
    ];
    let peer = Scratch::new(&files).problem();
    assert_eq!(
        peer,
        says(
            "`peer` is there only when the peer listens, binds or refuses",
            "peer"
        )
    );
}

#[test]
fn what_is_generated_is_used_and_what_is_observed_is_judged() {
    let unused = recv(
        "bufsize: int(1..2048)}",
        "bufsize: int(1..2048), more: bool}",
    );
    assert_eq!(unused, says("`more` is generated and used nowhere", "more"));
    let unjudged = recv(
        "observe(got=s.recv(bufsize))",
        "observe(got=s.recv(bufsize), rest=1)",
    );
    assert_eq!(
        unjudged,
        says("`rest` is observed and never judged", "rest")
    );
}

#[test]
fn a_name_stands_for_one_thing() {
    let taken = recv(
        "bufsize: int(1..2048)}",
        "bufsize: int(1..2048), peer: bool}",
    );
    assert_eq!(taken, says("`peer` has a meaning already", "peer"));
    let keyword = Scratch::recv_with(
        "bufsize: int(1..2048)}",
        "bufsize: int(1..2048), for: bool}",
    );
    let messages: Vec<_> = keyword
        .problems()
        .into_iter()
        .map(|problem| problem.message)
        .collect();
    assert!(messages.contains(&"`for` is no name that Python can use".into()));
    let twice = recv(
        "{send: sent}",
        "{send: sent}, {receive: {bytes: 1, as: sent}}",
    );
    assert_eq!(twice, says("`sent` stands for two things", "sent"));
    let observed = Scratch::recv_with(
        "observe(got=s.recv(bufsize))",
        "observe(got=s.recv(bufsize), sent=1)",
    );
    assert_eq!(
        observed.problem(),
        says("`sent` is generated or seen by a peer already", "sent")
    );
}

#[test]
fn text_that_is_no_python_is_marked_where_it_breaks() {
    let (message, marks) = recv(
        "observe(got=s.recv(bufsize))",
        "observe(got=s.recv(bufsize) 1)",
    );
    assert!(message.starts_with("this is no Python: "), "{message}");
    assert_eq!(marks, "1");
    let (message, _) = recv("- sent.startswith(got)", "- sent.startswith(got");
    assert!(message.starts_with("this is no Python: "), "{message}");
    assert_eq!(
        recv("observe(got=s.recv(bufsize))", "''").0,
        "the program is empty"
    );
}

#[test]
fn peers_take_steps_in_an_order_that_can_be() {
    for (steps, message) in [
        ("listen", "this peer listens already"),
        ("connect", "this peer is connected already"),
        ("shutdown, {send: sent}", "`send` cannot follow `shutdown`"),
        (
            "close, {send: sent}",
            "`send` needs an `accept` or a `connect` before it",
        ),
        (
            "reset, close",
            "`close` needs an `accept` or a `connect` before it",
        ),
        (
            "{receive: {as: more}}",
            "`receive` needs exactly one of `bytes` and `until: eof`",
        ),
        ("send", "there is no step that stands alone `send`"),
        (
            "{accept: {as: who2}, close: 1}",
            "expected a step with a value: a mapping with one key, found a mapping",
        ),
    ] {
        let problems =
            Scratch::recv_with("{send: sent}", &format!("{{send: sent}}, {steps}")).problems();
        assert!(
            problems.iter().any(|problem| problem.message == message),
            "{problems:#?}"
        );
    }
    let fixtures = FIXTURES.replace("[listen, {accept: {as: who}}]", "[accept, listen]");
    let files = [
        ("pack.yaml", PACK),
        ("f.yaml", fixtures.as_str()),
        ("r.yaml", RECV),
    ];
    assert_eq!(
        Scratch::new(&files).problem(),
        says("`accept` needs a `listen` before it", "accept")
    );
}

#[test]
fn peers_need_tcp() {
    let fixtures = FIXTURES.replace("    needs: [tcp]\n", "");
    let files = [
        ("pack.yaml", PACK),
        ("f.yaml", fixtures.as_str()),
        ("r.yaml", RECV),
    ];
    let problems = Scratch::new(&files).problems();
    let marks: Vec<_> = problems.iter().map(crate::scratch::marked).collect();
    assert_eq!(marks, ["tcp-client", "at-most-bufsize"]);
    assert_eq!(
        problems[0].message,
        "there is a peer of TCP, and `needs` does not name `tcp`"
    );
}

#[test]
fn exceptions_are_built_in() {
    let (head, _) = RECV
        .split_once("      expect:")
        .expect("there is an expectation");
    let raises = format!("{}      expect: {{raises: OsErorr, holds: [got]}}\n", head);
    let files = [
        ("pack.yaml", PACK),
        ("f.yaml", FIXTURES),
        ("r.yaml", raises.as_str()),
    ];
    assert_eq!(
        Scratch::new(&files).problem(),
        says("`OsErorr` is no built-in exception", "OsErorr")
    );
}

#[test]
fn an_exception_that_may_come_is_no_expectation_by_itself() {
    let (head, _) = RECV
        .split_once("      expect:")
        .expect("there is an expectation");
    let read = |expect: &str| {
        let raises = format!("{head}      expect: {expect}\n");
        let files = [
            ("pack.yaml", PACK),
            ("f.yaml", FIXTURES),
            ("r.yaml", raises.as_str()),
        ];
        Scratch::new(&files)
    };
    assert_eq!(
        read("{or_raises: OSError}").problem().0,
        "`expect` expects nothing, so that the check cannot fail"
    );
    let pack = read("{or_raises: {OSError: [110]}, holds: [len(got) <= bufsize]}").pack();
    let (_, clause) = pack.clauses().next().expect("there is a clause");
    let raises = clause.check.expect.or_raises.as_ref();
    assert_eq!(
        raises.map(ToString::to_string).as_deref(),
        Some("OSError with errno 110")
    );
}

#[test]
fn durations_are_written_with_a_unit() {
    let (message, marks) = recv("using:", "deadline: 5m\n      using:");
    assert_eq!(
        message,
        "expected a duration of up to an hour such as `50ms` or `1.5s`, found `5m`"
    );
    assert_eq!(marks, "5m");
    let (message, _) = recv("using:", "deadline: 0s\n      using:");
    assert_eq!(message, "no program is done in no time");
    let (message, marks) = recv("using:", "waits: 5\n      using:");
    assert_eq!(
        (message.as_str(), marks.as_str()),
        ("expected text, found the number `5`", "5")
    );
}

#[test]
fn sentences_are_sentences() {
    let (message, _) = recv("says: One call returns", "says: one call returns");
    assert_eq!(
        message,
        "a sentence begins with a capital or with a name of the API"
    );
    let (message, _) = recv("no more than bufsize.", "no more than bufsize");
    assert_eq!(message, "a sentence ends with a full stop");
    Scratch::recv_with("says: One call returns", "says: recv(bufsize) returns").pack();
    Scratch::recv_with("says: One call returns", "says: recv returns").pack();
}

#[test]
fn ids_are_spelt_by_their_kind() {
    assert_eq!(
        recv("item: usocket.socket.recv", "item: usocket.recv").0,
        "the id of a method is `usocket.`, its type, and its name"
    );
    assert_eq!(
        recv("  at-most-bufsize:", "  atMost:").0,
        "`atMost` is no name of a clause"
    );
    assert_eq!(
        recv("signature: recv(bufsize)", "signature: receive(bufsize)").0,
        "the signature of `usocket.socket.recv` begins with `recv(`"
    );
    assert_eq!(
        recv("signature: recv(bufsize)", "signature: recv(size)").0,
        "the signature has no parameter `bufsize`"
    );
    let constant = "{value: 2, level: must, basis: documented, says: It is there.}";
    assert_eq!(
        more(&format!("constants:\n  socket.AF_INET: {constant}\n")).0,
        "`socket.AF_INET` is no id within the module `usocket`"
    );
}

#[test]
fn an_id_is_described_once() {
    let (message, marks) = more(RECV);
    assert_eq!(
        message,
        "`usocket.socket.recv` is described already, at more.yaml:1:7"
    );
    assert_eq!(marks, "usocket.socket.recv");
}

#[test]
fn a_constant_has_a_value_or_a_type() {
    for columns in ["", "value: 2, type: int, "] {
        let text = format!(
            "constants:\n  usocket.A: {{{columns}level: must, basis: documented, says: It is.}}\n"
        );
        assert_eq!(
            more(&text),
            says(
                "a constant has exactly one of `value` and `type`",
                "usocket.A"
            )
        );
    }
}

#[test]
fn a_fixture_that_no_check_uses_is_a_problem() {
    let text = "fixtures:\n  idle: {says: It idles., target: x = 1}\n";
    assert_eq!(more(text), says("no check uses the fixture `idle`", "idle"));
}

#[test]
fn an_item_has_a_clause_or_an_example() {
    let text = "item: statement.nothing\nkind: statement\nsummary: It says nothing.\n";
    assert_eq!(
        more(text),
        says(
            "`statement.nothing` has neither a clause nor an example",
            "statement.nothing"
        )
    );
}

#[test]
fn clauses_belong_to_an_item() {
    assert_eq!(
        more("clauses: {}\n"),
        says(
            "`clauses` belongs to an item, and this file has none",
            "clauses"
        )
    );
}

const EXAMPLE: &str = "examples:
  example.recv:
    level: must
    basis: documented
    says: A client receives.
    needs: [tcp]
    places: {peer.port: 5000}
    program: s.connect(5000)
    peer: [listen]
    expect: {stdout: ''}
";

fn example(old: &str, new: &str) -> (String, String) {
    assert!(EXAMPLE.contains(old), "`{old}` stands in the example");
    more(&EXAMPLE.replacen(old, new, 1))
}

#[test]
fn places_stand_in_the_program_and_can_be_filled() {
    assert_eq!(
        example("s.connect(5000)", "s.connect(50001)"),
        says("`5000` does not stand in the program", "5000")
    );
    assert_eq!(
        example("peer.port: 5000", "peer.prot: 5000"),
        says("there is no place `peer.prot`", "peer.prot")
    );
    assert_eq!(
        example("peer.port: 5000", "peer.port: 5000, target.port: 5000"),
        says("`5000` stands for `peer.port` already", "5000")
    );
    assert_eq!(
        example("    peer: [listen]\n", ""),
        says("nothing fills `peer.port`", "5000")
    );
    assert_eq!(
        example("[listen]", "[listen, connect]").0,
        "a peer reaches for the target, and no place says at which port"
    );
}

#[test]
fn examples_have_ids_of_their_own() {
    let (message, _) = example("example.recv", "examples.recv");
    assert_eq!(
        message,
        "the id of an example is `example.` and words joined by hyphens"
    );
}

#[test]
fn a_transcript_takes_the_place_of_program_and_expectation() {
    let both = example(
        "    program: s.connect(5000)\n",
        "    transcript: '>>> f(5000)'\n",
    );
    assert_eq!(both.0, "`transcript` takes the place of `expect`");
    let broken = "examples:
  example.f:
    level: must
    basis: documented
    says: The session is broken.
    transcript: |
      >>> f()
      1
      >>> f(]
";
    let problems = Scratch::with_file(broken).problems();
    assert_eq!((problems[0].line, problems[0].column), (9, 13));
}

#[test]
fn what_is_printed_wrongly_may_be_no_python() {
    let printed = "    as_printed: {says: As printed it breaks., program: 's.connect((5000', expect: {raises: SyntaxError}}\n";
    Scratch::with_file(&format!("{EXAMPLE}{printed}")).pack();
    let broken = example("program: s.connect(5000)", "program: s.connect((5000");
    assert!(broken.0.starts_with("this is no Python"));
}

#[test]
fn the_pack_names_itself() {
    for (old, new, message) in [
        (
            "pack: waffle",
            "pack: Waffle",
            "expected small letters and digits, joined by hyphens, found `Waffle`",
        ),
        (
            "version: 1.0.0",
            "version: '1.0'",
            "expected three numbers such as `1.0.0`, found `1.0`",
        ),
        (
            "version: 1.0.0",
            "version: 1.0",
            "expected text, found the number `1.0`",
        ),
        (
            "module: usocket",
            "module: u-socket",
            "expected the name of a module, found `u-socket`",
        ),
        (
            "sha256: c7",
            "sha256: C7",
            "expected 64 small hexadecimal digits, found `C77c943eebf1b3465028c952d107f5595f1ef7a2a8f8c200705e44014bbce531`",
        ),
    ] {
        let pack = PACK.replace(old, new);
        let found = Scratch::new(&[("pack.yaml", pack.as_str())]).problem();
        assert_eq!(found.0, message);
    }
}

#[test]
fn a_folder_that_is_no_pack_is_one_problem() {
    let nameless = Scratch::new(&[("fixtures.yaml", "nothing: here"), ("more.yml", "")]);
    assert_eq!(
        nameless.problem().0,
        "this folder is no pack: it has no `pack.yaml`"
    );
    assert_eq!(
        suggestion(&nameless),
        "name the folder in which the pack's `pack.yaml` stands"
    );
    let outer = Scratch::new(&[("more.yaml", ""), ("inner/pack.yaml", PACK)]);
    let help = suggestion(&outer);
    assert!(
        help.starts_with("did you mean `") && help.contains("inner"),
        "{help}"
    );
}

#[test]
fn a_folder_that_is_not_there_is_a_problem() {
    let gone = std::path::Path::new("no/such/folder");
    let problems = trueline_spec::pack::Pack::load(gone).expect_err("nothing is there");
    let messages: Vec<_> = problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    assert_eq!(messages, ["there is no such folder"]);
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let problems = trueline_spec::pack::Pack::load(&file).expect_err("it is a file");
    let problem = problems.iter().next().expect("there is one");
    assert_eq!(problem.message, "a pack is a folder, and this is a file");
    let packs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs");
    let problems = trueline_spec::pack::Pack::load(&packs).expect_err("it is no pack itself");
    let problem = problems.iter().next().expect("there is one");
    let help = problem
        .suggestion
        .as_deref()
        .expect("there is a suggestion");
    assert!(help.ends_with("waffle-nano-socket`?"), "{help}");
}

#[test]
fn other_endings_are_a_problem() {
    let scratch = Scratch::with_file("{}");
    scratch.write("more.yml", b"{}");
    assert_eq!(scratch.problem().0, "files of a pack end in `.yaml`");
}

#[test]
fn all_values_of_a_case_together_have_a_bound() {
    let problem = recv(
        "forall: {sent: bytes(1..2048), bufsize: int(1..2048)}",
        "forall: {sent: bytes(1..700000), bufsize: int(1..2048), more: bytes(1..700000)}",
    );
    assert_eq!(
        problem.0,
        "all values of a case together could be larger than 1 MiB"
    );
}

#[test]
fn what_gives_back_is_an_item_and_is_listed_once() {
    let releases = |list: &str| {
        let pack = format!("{PACK}releases: {list}\n");
        Scratch::new(&[
            ("pack.yaml", &pack),
            ("fixtures.yaml", FIXTURES),
            ("recv.yaml", RECV),
        ])
    };
    let unknown = releases("[usocket.socket.revc]");
    assert_eq!(
        unknown.problem(),
        says(
            "no item has the id `usocket.socket.revc`",
            "usocket.socket.revc"
        )
    );
    assert_eq!(suggestion(&unknown), "did you mean `usocket.socket.recv`?");
    let twice = releases("[usocket.socket.recv, usocket.socket.recv]");
    assert_eq!(
        twice.problem(),
        says(
            "`usocket.socket.recv` is listed twice",
            "usocket.socket.recv"
        )
    );
    let none = releases("[]");
    assert_eq!(
        none.problem(),
        says("`releases` without an item says nothing", "releases")
    );
    let pack = releases("[usocket.socket.recv]").pack();
    assert!(pack.items[0].releases);
}

#[test]
fn a_name_that_a_fixture_observes_is_neither_generated_nor_a_peers() {
    let fixtures = FIXTURES.replace(
        "      s.connect(peer)\n",
        "      s.connect(peer)\n      observe(sent=1)\n",
    );
    let scratch = Scratch::new(&[
        ("pack.yaml", PACK),
        ("fixtures.yaml", &fixtures),
        ("recv.yaml", RECV),
    ]);
    assert_eq!(
        scratch.problem(),
        says("`sent` stands for two things", "sent")
    );
}
