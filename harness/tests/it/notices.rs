//! What `trueline notices` tells whoever passes the program on.

use std::collections::BTreeSet;
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

/// The targets that the notices are written for, as `notices/about.toml` names them.
const TARGETS: [&str; 2] = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"];

/// Name and version of each library in the program.
fn linked() -> BTreeSet<String> {
    let mut linked = BTreeSet::new();
    for target in TARGETS {
        let output = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--locked",
                "--package",
                "trueline",
                "--edges",
                "normal",
            ])
            .args(["--prefix", "none", "--format", "{p}", "--target", target])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo starts");
        assert!(output.status.success(), "{}", complained(&output));
        let printed = printed(&output);
        let packages = printed.lines().map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next().unwrap_or_default();
            let version = words.next().unwrap_or_default();
            format!("{name} {}", version.trim_start_matches('v'))
        });
        linked.extend(packages.filter(|package| !package.starts_with("trueline")));
    }
    linked
}

#[test]
fn the_notices_name_each_library_in_the_program_and_no_other() {
    let is_version =
        |word: &str| word.split('.').count() >= 3 && word.starts_with(|c: char| c.is_ascii_digit());
    let named: BTreeSet<_> = notices()
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter(|line| {
            line.split_once(' ')
                .is_some_and(|(_, version)| is_version(version))
        })
        .map(str::to_owned)
        .collect();
    let differ: Vec<_> = named.symmetric_difference(&linked()).cloned().collect();
    assert!(differ.is_empty(), "run .ci/notices: {differ:?}");
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
