//! Owns where problems are said to be: in every style of scalar, at the right line and column.

use crate::scratch::{FIXTURES, PACK, Scratch, marked};

/// Line, column and marked text of the only problem, after `target` has been written so.
fn place_in_target(target: &str) -> (usize, usize, String) {
    let scratch = Scratch::recv_with("      target: observe(got=s.recv(bufsize))\n", target);
    let problems = scratch.problems();
    let [problem] = problems.as_slice() else {
        panic!("there is one problem: {problems:#?}")
    };
    (problem.line, problem.column, marked(problem))
}

#[test]
fn a_name_in_a_plain_scalar_is_marked() {
    let place = place_in_target("      target: observe(got=t.recv(bufsize))\n");
    assert_eq!(place, (19, 27, "t".into()));
}

#[test]
fn a_name_in_a_quoted_scalar_is_marked() {
    let place = place_in_target("      target: \"observe(got=t.recv(bufsize))\"\n");
    assert_eq!(place, (19, 28, "t".into()));
}

#[test]
fn a_name_in_a_literal_block_is_marked_on_its_own_line() {
    let place = place_in_target(
        "      target: |\n\n        x = 1\n        if x:\n            observe(got=t.recv(bufsize))\n",
    );
    assert_eq!(place, (23, 25, "t".into()));
}

#[test]
fn wide_characters_before_a_name_are_counted_once() {
    let place = place_in_target("      target: \"observe(got='ß你' and t.recv(bufsize))\"\n");
    assert_eq!(place, (19, 37, "t".into()));
}

#[test]
fn a_folded_or_escaped_scalar_is_marked_where_it_begins() {
    let folded = place_in_target("      target: >\n        observe(got=t.recv(bufsize))\n");
    assert_eq!((folded.0, folded.1), (19, 15));
    let escaped = place_in_target("      target: \"observe(got=t.recv(\\x62ufsize))\"\n");
    assert_eq!((escaped.0, escaped.1), (19, 15));
}

#[test]
fn lines_that_end_as_on_windows_are_counted_alike() {
    let recv = crate::scratch::RECV.replace("observe(got=s.recv", "|\n        observe(got=t.recv");
    let recv = recv.replace('\n', "\r\n");
    let scratch = Scratch::new(&[
        ("pack.yaml", PACK),
        ("f.yaml", FIXTURES),
        ("r.yaml", recv.as_str()),
    ]);
    let problems = scratch.problems();
    let [problem] = problems.as_slice() else {
        panic!("there is one problem: {problems:#?}")
    };
    assert_eq!((problem.line, problem.column), (20, 21));
    assert_eq!(problem.source, "        observe(got=t.recv(bufsize))");
}

#[test]
fn a_number_where_text_belongs_is_marked_itself() {
    let (message, text) = Scratch::recv_with("returns: bytes", "returns: 5").problem();
    assert_eq!(
        (message.as_str(), text.as_str()),
        ("expected text, found the number `5`", "5")
    );
}

#[test]
fn broken_yaml_is_marked_where_the_parser_stopped() {
    let problems = Scratch::recv_with("kind: method", "kind: [method").problems();
    let broken = problems
        .iter()
        .find(|problem| problem.message.contains("no YAML"));
    let broken = broken.expect("the file cannot be read");
    assert_eq!((broken.file.to_str(), broken.line), (Some("recv.yaml"), 3));
}
