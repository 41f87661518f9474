//! Owns that no file makes the loader panic: it is a pack or it has problems.

use proptest::prelude::*;

use crate::scratch::{FIXTURES, PACK, RECV, Scratch};

fn load(name: &str, bytes: &str) {
    let files = [
        ("pack.yaml", PACK),
        ("fixtures.yaml", FIXTURES),
        ("recv.yaml", RECV),
        (name, bytes),
    ];
    if let Err(problems) = Scratch::new(&files).load() {
        assert!(!problems.is_empty());
        assert!(!problems.render(false).is_empty());
        assert!(!problems.render(true).is_empty());
    }
}

/// A file of the sound pack in which some lines are dropped, doubled, cut or overwritten.
fn damaged() -> impl Strategy<Value = String> {
    let text = prop_oneof![Just(RECV), Just(FIXTURES), Just(PACK)];
    let change = (
        0..40_usize,
        0..60_usize,
        "[-a-z0-9:{}\\[\\]&*!|>'\"%@`# ,?\\n\u{e9}]{0,6}",
    );
    (text, proptest::collection::vec(change, 1..6)).prop_map(|(text, changes)| {
        let mut text = text.to_owned();
        for (line, column, new) in changes {
            let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            let at = (start + column).min(text.len());
            let at = (0..=at)
                .rev()
                .find(|at| text.is_char_boundary(*at))
                .unwrap_or(0);
            let end = (at + new.len()).min(text.len());
            let end = (end..=text.len())
                .find(|end| text.is_char_boundary(*end))
                .unwrap_or(at);
            text.replace_range(at..end, &new);
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        load("more.yaml", &text);
        load("pack.yaml", &text);
    }

    #[test]
    fn damaged_files_never_panic(text in damaged()) {
        load("recv.yaml", &text);
        load("pack.yaml", &text);
    }
}

#[test]
fn bombs_are_problems() {
    let aliases = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n\
                   c: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\n\
                   e: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e]\n\
                   g: &g [*f,*f,*f,*f,*f,*f,*f,*f]\nh: [*g,*g,*g,*g,*g,*g,*g,*g]\n";
    load("more.yaml", aliases);
    load("more.yaml", &"[".repeat(100_000));
    load("more.yaml", &"{a: ".repeat(1_000));
    load("more.yaml", "a: &a [*a]\n");
    load("more.yaml", "? [a, b]\n: 1\n");
    load("more.yaml", "--- 1\n--- 2\n");
    load("more.yaml", "!tag x");
    load("more.yaml", "");
}

#[test]
fn bytes_that_are_no_text_are_a_problem_of_their_file() {
    let scratch = Scratch::with_file("{}");
    scratch.write("bad.yaml", b"a: \xff\n");
    let (message, _) = scratch.problem();
    assert_eq!(message, "byte 3 is no UTF-8");
}

#[test]
fn what_stands_too_deep_is_told_by_its_place() {
    for open in ["{a: ", "[{a: ", "{\"a\": ", "{a:\n"] {
        let scratch = Scratch::with_file(&open.repeat(200_000));
        let (message, _) = scratch.problem();
        assert!(message.contains("deeper than 256 levels"), "{message}");
    }
}

#[test]
fn of_very_many_problems_the_first_are_told() {
    let entries: String = (0..5_000)
        .map(|number| format!("  usocket.A{number}: {{value: 2, level: 5}}\n"))
        .collect();
    let scratch = Scratch::with_file(&format!("constants:\n{entries}"));
    let problems = scratch.load().expect_err("it is unsound");
    let first = problems.iter().find(|problem| problem.line == 2);
    assert!(first.is_some(), "{problems}");
    let told = problems.to_string();
    assert!(told.ends_with("more problems; mend these first"), "{told}");
    assert!(told.len() < 50_000, "{told}");
}

#[test]
fn a_line_that_is_too_long_is_told_by_its_place_alone() {
    let entries: String = (0..1_000)
        .map(|number| format!("usocket.A{number}: 5, "))
        .collect();
    let scratch = Scratch::with_file(&format!("constants: {{{entries}}}"));
    let problems = scratch.load().expect_err("it is unsound");
    assert!(problems.iter().all(|problem| problem.source.is_empty()));
    assert!(problems.to_string().contains(":1:"), "{problems}");
}

#[test]
fn a_folder_with_the_name_of_a_file_is_a_problem() {
    let scratch = Scratch::with_file("{}");
    scratch.write("x.yaml/y.yaml", b"{}");
    let problems = scratch.load().expect_err("it is unsound");
    let told = problems.to_string();
    assert!(
        told.contains("this is a folder, and the name is one of a file"),
        "{told}"
    );
}

#[test]
fn folders_end_somewhere() {
    let scratch = Scratch::with_file("{}");
    scratch.write(&format!("{}x.yaml", "d/".repeat(40)), b"{}");
    let told = scratch.load().expect_err("it is unsound").to_string();
    assert!(told.contains("deeper than 16 levels"), "{told}");
}
