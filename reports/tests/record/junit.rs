//! Claims about the JUnit XML.

use trueline_reports::junit::render;

use trueline_reports::journal::read_unfinished;
use trueline_reports::record::Level;

use crate::example::{Example, conforming, mixed};

#[test]
fn what_is_red_is_what_the_exit_code_is_about() {
    insta::assert_snapshot!(render(&mixed().record()).expect("text is XML"));
}

#[test]
fn nothing_is_green_when_nothing_was_judged() {
    let nothing = Example::new()
        .clause("a/b", Level::Must, 1)
        .not_applicable("a/b", "tcp")
        .record();
    let unfinished = conforming().open_text();
    let unfinished = read_unfinished(unfinished.as_bytes()).expect("its lines are sound");
    for record in [nothing, unfinished] {
        let xml = render(&record).expect("text is XML");
        assert!(xml.contains(r#"failures="0" errors="1""#), "{xml}");
    }
}

#[test]
fn a_conforming_run_is_green() {
    let example = conforming()
        .clause("a/b", Level::Should, 1)
        .fail("a/b", "no");
    let xml = render(&example.record()).expect("text is XML");
    assert!(
        xml.contains(r#"skipped="1" failures="0" errors="0""#),
        "{xml}"
    );
}
