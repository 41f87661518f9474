//! Owns a pack of six clauses, of which three fail on the reference agent, in a folder of its
//! own: what commands say of it does not change with the built-in pack. Makes no claims.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::bench;

const PACK: &str = "\
pack: small
version: 1.2.3
title: A small pack
module: {import: usocket, as: socket}
source:
  title: A small document
  sha256: 0000000000000000000000000000000000000000000000000000000000000000
  sections:
    - title: Constants
      items: [usocket.AF_INET, usocket.SOCK_STREAM, usocket.SOCK_DGRAM]
    - title: Functions
      items: [usocket.getaddrinfo, example.sum]
";

const CONSTANTS: &str = "\
constants:
  usocket.AF_INET: {value: 2, level: must, basis: documented, says: The address family of IPv4.}
  usocket.SOCK_STREAM: {value: 71, level: must, basis: documented, says: The type of a stream.}
  usocket.SOCK_DGRAM: {value: 72, level: should, basis: inherited, says: The type of a datagram.}
";

const FUNCTION: &str = "\
item: usocket.getaddrinfo
kind: function
signature: getaddrinfo(host, port)
summary: Look an address up.
parameters:
  host: {type: str, says: The name.}
  port: {type: int, says: The number.}
returns: list
clauses:
  keeps-the-port:
    level: must
    basis: implied
    says: The port that was given is the one that is returned.
    needs: [tcp, udp]
    property:
      forall: {number: port}
      target: observe(got=socket.getaddrinfo('127.0.0.1', number)[0][4][1])
      expect: [got == number]
";

const EXAMPLE: &str = "\
examples:
  example.sum:
    level: must
    basis: documented
    says: It prints three.
    program: |
      print(1 + 2)
    expect: {stdout: \"3\\n\"}
    as_printed:
      says: As printed it prints four.
      program: |
        print(2 + 1)
      expect: {stdout: \"4\\n\"}
";

/// A folder with the pack and room for what a test writes.
pub struct SmallPack(TempDir);

impl SmallPack {
    /// Writes the pack.
    pub fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in [
            ("pack/pack.yaml", PACK),
            ("pack/constants.yaml", CONSTANTS),
            ("pack/getaddrinfo.yaml", FUNCTION),
            ("pack/sum.yaml", EXAMPLE),
        ] {
            folder.write(name, text);
        }
        folder
    }

    /// Writes a file beside or into the pack, and says where.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path
    }

    /// Where the pack is.
    pub fn pack(&self) -> PathBuf {
        self.0.path().join("pack")
    }

    /// Where runs write.
    pub fn out(&self) -> PathBuf {
        self.0.path().join("out")
    }

    /// A command in this folder, so that what it says names no folder of the machine.
    pub fn trueline(&self, command: &str) -> Command {
        let mut trueline = bench::trueline();
        trueline.arg(command).current_dir(self.0.path());
        trueline
    }

    /// Runs the pack with these arguments on a day.
    pub fn run_on(&self, day: &str, arguments: &[&str]) -> Output {
        self.trueline("run")
            .args([
                "--pack", "pack", "--out", "out", "--cases", "2", "--seed", "1",
            ])
            .args(arguments)
            .env("SOURCE_DATE_EPOCH", day)
            .output()
            .expect("it starts")
    }
}

/// What a command printed, without what it says of its progress.
pub fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("it is text")
}

/// What a command complained of.
pub fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("it is text")
}

/// A file's text.
pub fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
