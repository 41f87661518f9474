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
