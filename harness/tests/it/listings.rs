//! The commands that run nothing: `plan`, `coverage` and `schema`.

use std::process::{Output, Stdio};

use trueline_reports::journal;

use crate::small_pack::{SmallPack, complained, printed, text};

fn listed(small: &SmallPack, command: &str, arguments: &[&str]) -> Output {
    let mut trueline = small.trueline(command);
    trueline.args(arguments).output().expect("it starts")
}

#[test]
fn a_plan_lists_clauses_with_what_they_need_and_runs_nothing() {
    let small = SmallPack::new();
    let output = listed(&small, "plan", &["--pack", "pack", "--cases", "5"]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    insta::assert_snapshot!(printed(&output));
    assert!(!small.out().exists() && !small.pack().join("../trueline-out").exists());
}

#[test]
fn a_plan_is_one_json_document_that_does_not_change() {
    let small = SmallPack::new();
    let arguments = ["--pack", "pack", "--cases", "2", "--seed", "7", "--json"];
    let only = ["--only", "usocket.getaddrinfo", "--only", "*SOCK_S*"];
    let plan = || listed(&small, "plan", &[&arguments[..], &only[..]].concat());
    assert_eq!(printed(&plan()), printed(&plan()));
    insta::assert_snapshot!(printed(&plan()));
}

#[test]
fn a_run_does_what_was_planned() {
    let small = SmallPack::new();
    // What failed in the first run is planned for the second.
    for _ in 0..2 {
        let plan = printed(&listed(
            &small,
            "plan",
            &["--pack", "pack", "--cases", "2", "--out", "out", "--json"],
        ));
        small.run_on("0", &[]);
        let record = text(&small.out().join("record.jsonl"));
        let record = journal::read(record.as_bytes()).expect("it is valid");
        let digest = format!("  \"digest\": \"{}\"", record.header.plan.digest);
        assert!(plan.contains(&digest), "{digest}\n{plan}");
    }
}

#[test]
fn a_plan_of_nothing_ends_as_a_run_of_nothing_does() {
    let small = SmallPack::new();
    let output = listed(&small, "plan", &["--pack", "pack", "--only", "banana"]);
    assert_eq!(output.status.code(), Some(4));
    insta::assert_snapshot!(complained(&output));
}

#[test]
fn a_document_that_is_covered_is_said_to_be() {
    let small = SmallPack::new();
    let output = listed(&small, "coverage", &["pack"]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    insta::assert_snapshot!(printed(&output));
}

#[test]
fn gaps_are_named_and_end_with_1() {
    let small = SmallPack::new();
    let pack = text(&small.pack().join("pack.yaml"));
    let pack = pack.replace("usocket.AF_INET,", "usocket.AF_INET6,");
    small.write("pack/pack.yaml", &pack);
    let output = listed(&small, "coverage", &["pack"]);
    assert_eq!(output.status.code(), Some(1), "{}", complained(&output));
    insta::assert_snapshot!(printed(&output));
    let json = listed(&small, "coverage", &["pack", "--json"]);
    assert_eq!(json.status.code(), Some(1));
    insta::assert_snapshot!(printed(&json));
}

#[test]
fn schemas_are_printed_one_by_one_and_written_together() {
    let small = SmallPack::new();
    let output = listed(&small, "schema", &["--out", "schemas"]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    for which in ["pack", "items", "targets"] {
        let file = format!("{which}.schema.json");
        let output = listed(&small, "schema", &[which]);
        assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
        let written = text(&small.pack().join("../schemas").join(file));
        assert_eq!(printed(&output), written);
    }
}

#[test]
fn a_schema_has_to_be_named() {
    let small = SmallPack::new();
    for arguments in [&[][..], &["target"], &["pack", "--out", "schemas"]] {
        let output = listed(&small, "schema", arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_folder_that_is_a_file_is_named() {
    let small = SmallPack::new();
    small.write("taken", "");
    let output = listed(&small, "schema", &["--out", "taken"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        complained(&output).contains("taken is a file; name another one"),
        "{}",
        complained(&output)
    );
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let small = SmallPack::new();
    let mut plan = small.trueline("plan");
    plan.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut plan = plan.spawn().expect("it starts");
    drop(plan.stdout.take());
    let output = plan.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
}
