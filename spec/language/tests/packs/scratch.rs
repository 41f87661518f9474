//! Owns packs that are written for one test: a sound one to begin with, in a folder of its own.

use std::fs;

use tempfile::TempDir;
use trueline_spec::firmwares::Firmwares;
use trueline_spec::pack::Pack;
use trueline_spec::problem::{Problem, Problems};

/// What names the pack.
pub const PACK: &str = "\
pack: waffle
version: 1.0.0
title: Waffle API
module: usocket
source:
  title: The document
  sha256: c77c943eebf1b3465028c952d107f5595f1ef7a2a8f8c200705e44014bbce531
";

/// Fixtures; `tcp-client` has to be used by whoever takes them.
pub const FIXTURES: &str = "\
fixtures:
  tcp-client:
    says: The target is connected to a listening peer; `s` is its socket.
    needs: [tcp]
    peer: [listen, {accept: {as: who}}]
    target: |
      s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
      s.connect(peer)
";

/// An item with one sound property.
pub const RECV: &str = "\
item: usocket.socket.recv
kind: method
signature: recv(bufsize)
summary: Receive what the peer sent, up to bufsize bytes.
parameters:
  bufsize: {type: int, unit: byte, says: The most that one call returns.}
returns: bytes

clauses:
  at-most-bufsize:
    level: must
    basis: documented
    says: One call returns at least one byte and no more than bufsize.
    property:
      forall: {sent: bytes(1..2048), bufsize: int(1..2048)}
      assume: [bufsize != 7]
      using: tcp-client
      peer: [{send: sent}]
      target: observe(got=s.recv(bufsize))
      expect:
        - 1 <= len(got) <= bufsize
        - sent.startswith(got)
";

/// A statement whose one clause has an `example`, of which `check` is the rest. It is written
/// with six spaces before each line.
pub fn statement(needs: &str, check: &str) -> String {
    format!(
        "\
item: statement.something
kind: statement
summary: It says something.
clauses:
  something:
    level: must
    basis: documented
    says: It holds.
    needs: [{needs}]
    example:
{check}"
    )
}

/// Files in a folder that goes away with them.
pub struct Scratch(TempDir);

impl Scratch {
    /// A folder with some files.
    pub fn new(files: &[(&str, &str)]) -> Scratch {
        let folder = TempDir::new().expect("the system has a folder for temporary files");
        for (name, text) in files {
            let path = folder.path().join(name);
            let parent = path.parent().expect("a file stands in a folder");
            fs::create_dir_all(parent).expect("the folder is writable");
            fs::write(path, text).expect("the folder is writable");
        }
        Scratch(folder)
    }

    /// The sound pack, with one text replaced in its item.
    pub fn recv_with(old: &str, new: &str) -> Scratch {
        assert!(RECV.contains(old), "`{old}` stands in the item");
        let recv = RECV.replacen(old, new, 1);
        Scratch::new(&[
            ("pack.yaml", PACK),
            ("fixtures.yaml", FIXTURES),
            ("recv.yaml", &recv),
        ])
    }

    /// The sound pack with one more file.
    pub fn with_file(text: &str) -> Scratch {
        Scratch::new(&[
            ("pack.yaml", PACK),
            ("fixtures.yaml", FIXTURES),
            ("recv.yaml", RECV),
            ("more.yaml", text),
        ])
    }

    /// Writes one more file.
    pub fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("it is writable");
        fs::write(path, bytes).expect("the folder is writable");
    }

    /// Replaces a text of a file by another one.
    pub fn edit(&self, name: &str, old: &str, new: &str) {
        let path = self.0.path().join(name);
        let text = fs::read_to_string(&path).expect("the file is there");
        assert!(text.contains(old), "`{old}` stands in {name}");
        fs::write(path, text.replacen(old, new, 1)).expect("the folder is writable");
    }

    /// Reads the pack.
    pub fn load(&self) -> Result<Pack, Problems> {
        Pack::load(self.0.path())
    }

    /// Reads the firmware that tests the pack.
    pub fn firmwares(&self) -> Result<Firmwares, Problems> {
        Firmwares::load(self.0.path())
    }

    /// The pack, which is sound.
    pub fn pack(&self) -> Pack {
        self.load()
            .unwrap_or_else(|problems| panic!("the pack is sound, but:\n{problems}"))
    }

    /// Everything that is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let problems = self.load().expect_err("the pack is unsound");
        problems.iter().cloned().collect()
    }

    /// The only thing that is wrong with it, and what its place marks.
    pub fn problem(&self) -> (String, String) {
        let problems = self.problems();
        let [problem] = problems.as_slice() else {
            panic!("there is one problem, but: {problems:#?}");
        };
        (problem.message.clone(), marked(problem))
    }
}

/// The text that a problem's place marks.
pub fn marked(problem: &Problem) -> String {
    let skip = problem.column.saturating_sub(1);
    problem
        .source
        .chars()
        .skip(skip)
        .take(problem.length)
        .collect()
}
