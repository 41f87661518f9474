//! Deviations that are known beforehand, from the list to the exit code, on the reference agent.

use std::process::Output;

use rstest::rstest;
use trueline_reports::journal;

use crate::small_pack::{SmallPack, complained, printed, text};

/// The first of March 2026, at noon.
const FIRST_OF_MARCH: &str = "1772366400";
/// One second before the second.
const END_OF_FIRST: &str = "1772409599";
const SECOND_OF_MARCH: &str = "1772409600";

const LIST: &str = "\
target: the reference agent     # with a comment
deviations:
  - clauses: [usocket.SOCK_STREAM/value]
    reason: It has the numbers of the host.
    link: https://example.org/issues/1
    expires: 2026-03-01
  - clauses: [usocket.SOCK_DGRAM/value, usocket.AF_INET/value]
    reason: Nobody knows.
    link: https://example.org/issues/2
    expires: 2026-02-28
";

fn run_with_list(list: &str, day: &str) -> (SmallPack, Output) {
    let small = SmallPack::new();
    small.write("known.yaml", list);
    let output = small.run_on(day, &["--deviations", "known.yaml"]);
    (small, output)
}

/// What was printed, without what differs from run to run.
fn settled(output: &Output) -> String {
    printed(output)
        .lines()
        .filter(|line| !line.starts_with("small 1.2.3 on"))
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn a_run_without_a_list_fails() {
    let small = SmallPack::new();
    let output = small.run_on(FIRST_OF_MARCH, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", complained(&output));
    insta::assert_snapshot!(settled(&output));
}

#[test]
fn a_listed_failure_is_excused_and_said_and_stale_and_expired_entries_are_named() {
    let (small, output) = run_with_list(LIST, FIRST_OF_MARCH);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    insta::assert_snapshot!(settled(&output));
    for report in ["report.html", "report.md", "junit.xml"] {
        let report = text(&small.out().join(report));
        assert!(
            report.contains("It has the numbers of the host"),
            "{report}"
        );
    }
}

#[test]
fn an_entry_holds_to_the_end_of_its_last_day() {
    for (second, code) in [(END_OF_FIRST, 0), (SECOND_OF_MARCH, 1)] {
        let (_, output) = run_with_list(LIST, second);
        assert_eq!(output.status.code(), Some(code), "{}", printed(&output));
    }
}

#[test]
fn the_record_alone_gives_the_outcome() {
    let (small, output) = run_with_list(LIST, FIRST_OF_MARCH);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    let record = text(&small.out().join("record.jsonl"));
    journal::read(record.as_bytes()).expect("it is valid");
    let forged = record.replace(r#""holds":true"#, r#""holds":false"#);
    assert_ne!(record, forged);
    assert!(journal::read(forged.as_bytes()).is_err());
}

#[test]
fn runs_on_different_days_on_which_the_same_entries_hold_have_one_digest() {
    let digest = |day: &str| {
        let (small, _) = run_with_list(LIST, day);
        let record = text(&small.out().join("record.jsonl"));
        let record = journal::read(record.as_bytes()).expect("it is valid");
        record.closing.expect("it is closed").digest
    };
    assert_eq!(digest(FIRST_OF_MARCH), digest(END_OF_FIRST));
    assert_ne!(digest(FIRST_OF_MARCH), digest(SECOND_OF_MARCH));
}

#[test]
fn clauses_that_were_not_selected_are_passed_over() {
    let small = SmallPack::new();
    small.write("known.yaml", LIST);
    let output = small.run_on(
        FIRST_OF_MARCH,
        &[
            "--deviations",
            "known.yaml",
            "--only",
            "usocket.getaddrinfo",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    assert!(
        printed(&output).contains("No clause fails as listed"),
        "{}",
        printed(&output)
    );
}

#[rstest]
#[case::everything_at_once(
    "everything-at-once",
    "\
target: ' '
deviations:
  - clauses: [usocket.SOCK_STREM/value, banana, example.sum/as-printed]
    reason: ''
    link: example.org
    expires: 30.06.2027
  - clauses: []
    reason: It is so.
    link: 'javascript:alert(1)'
    expires: 2027-02-29
  - clauses: [usocket.AF_INET/value, usocket.AF_INET/value]
    reason: It is so.
    link: https://example.org
    expires: 2027-06-30
"
)]
#[case::an_unknown_key("an-unknown-key", "target: x\ndeviations:\n  - clause: a/b\n")]
#[case::a_missing_key(
    "a-missing-key",
    "target: x\ndeviations:\n  - clauses: [usocket.AF_INET/value]\n    reason: It is so.\n"
)]
#[case::another_shape("another-shape", "- usocket.AF_INET/value\n")]
#[case::no_yaml("no-yaml", "target: [\n")]
#[case::nothing("nothing", "# Nothing yet.\n")]
fn a_wrong_list_is_a_usage_error_with_its_places(#[case] name: &str, #[case] list: &str) {
    let (small, output) = run_with_list(list, FIRST_OF_MARCH);
    assert_eq!(output.status.code(), Some(2), "{}", printed(&output));
    assert!(!small.out().exists(), "nothing was run");
    insta::assert_snapshot!(name, complained(&output));
}

#[test]
fn a_list_that_cannot_be_read_is_named() {
    let small = SmallPack::new();
    for file in ["missing.yaml", "pack"] {
        let output = small.run_on(FIRST_OF_MARCH, &["--deviations", file]);
        assert_eq!(output.status.code(), Some(2));
        let complained = complained(&output);
        assert!(
            complained.contains("the list of deviations cannot be read")
                && complained.contains(file),
            "{complained}"
        );
    }
}

#[test]
fn a_day_that_is_none_is_a_usage_error() {
    let (_, output) = run_with_list(LIST, "yesterday");
    assert_eq!(output.status.code(), Some(2));
    let complained = complained(&output);
    assert!(complained.contains("SOURCE_DATE_EPOCH"), "{complained}");
}
