//! What `trueline notices` tells whoever passes the program on.

use std::process::Command;

use crate::small_pack::{complained, printed};

const LOCK: &str = include_str!("../../../Cargo.lock");

fn notices() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_trueline"))
        .arg("notices")
        .output()
        .expect("it starts");
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    printed(&output)
}

/// Name and version of each locked package whose name begins so.
fn locked(prefix: &str) -> Vec<String> {
    let quoted = |line: Option<&str>| Some(line?.split('"').nth(1)?.to_owned());
    let mut lines = LOCK.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with("name = ") {
            let name = quoted(Some(line)).expect("a name");
            let version = quoted(lines.next()).expect("a version");
            if name.starts_with(prefix) {
                found.push(format!("{name} {version}"));
            }
        }
    }
    assert!(!found.is_empty(), "{prefix} is not locked");
    found
}

#[test]
fn each_copyleft_library_is_named_with_its_version_below_its_licence() {
    let notices = notices();
    let section = |title: &str| {
        let (_, rest) = notices.split_once(title).expect(title);
        rest.split("\n\n").next().expect("its libraries").to_owned()
    };
    let lesser = section("GNU Lesser General Public License v3.0 only (LGPL-3.0-only)\n");
    for library in locked("malachite-") {
        assert!(lesser.contains(&format!("  {library}\n")), "{library}");
    }
    let mozilla = section("Mozilla Public License 2.0 (MPL-2.0)\n");
    for library in locked("serialport") {
        assert!(mozilla.contains(&format!("  {library}\n")), "{library}");
    }
}

#[test]
fn the_licences_that_have_to_come_with_the_program_are_printed_in_full() {
    let notices = notices();
    for words in [
        // The first and the last words of each.
        "GNU LESSER GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n",
        "permanent authorization for you to choose that version for the Library.",
        "GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n",
        "why-not-lgpl.html>.",
        // The C library in a folder of libffi-sys.
        "libffi - Copyright (c) 1996",
        "Mozilla Public License Version 2.0\n",
        "defined by the Mozilla Public License, v. 2.0.",
    ] {
        assert!(notices.contains(words), "{words}");
    }
}
