//! `trueline report`: what it renders is what the run itself left, and what it cannot render it says.

use std::fs;
use std::process::{Command, Output};

use rstest::rstest;
use trueline_reports::format::FORMATS;

use crate::small_pack::{SmallPack, complained, printed, text};

const DAY: &str = "1700000000";

/// A folder in which a run has ended.
fn ran() -> SmallPack {
    let pack = SmallPack::new();
    let output = pack.run_on(DAY, &[]);
    assert!(pack.out().join("record.jsonl").is_file(), "{output:?}");
    pack
}

fn report(pack: &SmallPack, arguments: &[&str]) -> Output {
    let mut command: Command = pack.trueline("report");
    command.args(arguments).output().expect("it starts")
}

#[test]
fn every_form_is_what_the_run_wrote() {
    let pack = ran();
    let output = report(&pack, &["out", "--out", "again"]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    for format in FORMATS {
        let again = pack.pack().with_file_name("again").join(format.file);
        assert_eq!(
            text(&again),
            text(&pack.out().join(format.file)),
            "{}",
            format.word
        );
        let flag = format!("--{}", format.word);
        let output = report(&pack, &["out/record.jsonl", &flag]);
        assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
        assert_eq!(printed(&output), text(&again), "{}", format.word);
    }
}

#[test]
fn without_a_form_the_outcome_is_printed() {
    let pack = ran();
    let output = report(&pack, &["out"]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    let first = text(&pack.out().join("report.md"));
    let outcome = first
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("# "));
    assert!(printed(&output).contains(outcome.expect("it begins with the outcome")));
}

#[test]
fn each_of_several_records_has_a_folder_of_its_own() {
    let pack = ran();
    fs::create_dir(pack.pack().with_file_name("other")).expect("a folder");
    let other = pack.pack().with_file_name("other").join("record.jsonl");
    fs::copy(pack.out().join("record.jsonl"), other).expect("a copy");
    let output = report(&pack, &["out", "other", "--junit", "--out", "both"]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    for name in ["out", "other"] {
        let folder = pack.pack().with_file_name("both").join(name);
        assert!(folder.join("junit.xml").is_file());
        assert!(!folder.join("report.html").exists());
    }
}

#[rstest]
#[case::nothing_there(&["nosuch"], "nosuch cannot be read")]
#[case::no_record(&["pack/pack.yaml"], "pack/pack.yaml is no record")]
#[case::cut_off(&["cut.jsonl"], "trueline run --resume")]
#[case::two_forms(&["out", "--html", "--junit"], "give --out DIR")]
#[case::two_records(&["out", "out/record.jsonl", "--html"], "give --out DIR")]
#[case::one_folder(&["out", "out/record.jsonl", "--out", "x"], "would go into one folder")]
#[case::no_folder(&["out", "--out", "pack/pack.yaml"], "--out")]
fn what_cannot_be_rendered_is_told(#[case] arguments: &[&str], #[case] says: &str) {
    let pack = ran();
    let record = text(&pack.out().join("record.jsonl"));
    let kept: Vec<_> = record.lines().take(3).collect();
    pack.write("cut.jsonl", &(kept.join("\n") + "\n"));
    let output = report(&pack, arguments);
    assert_eq!(output.status.code(), Some(2), "{}", printed(&output));
    assert!(
        complained(&output).contains(says),
        "{}",
        complained(&output)
    );
}
