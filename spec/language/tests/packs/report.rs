//! Owns what a report looks like: several problems of one file in one go.

use crate::scratch::Scratch;

const UNSOUND: &str = "\
item: usocket.socket.send
kind: metod
signature: send(bytes)
sumary: Send bytes.
clauses:
  counts:
    level: musst
    basis: documented
    says: send returns how many bytes it sent
    property:
      forall: {data: byte(1..64), left: bool}
      using: tcp-cliant
      target: |
        count = s.send(data)
        observe(count=count
      expect:
        - count == len(data)
        - 1 + 1 == 2
  nothing:
    level: must
    basis: implied
    says: There is no check.
";

#[test]
fn every_problem_of_a_file_is_reported_in_one_go() {
    let problems = Scratch::with_file(UNSOUND)
        .load()
        .expect_err("the pack is unsound");
    insta::assert_snapshot!(problems);
}
