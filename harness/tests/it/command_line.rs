//! The command line as scripts meet it: exit codes, what is written, what is said.

use std::fs;
use std::path::Path;
use std::process::Output;

use trueline_reports::journal;

use crate::bench;
use crate::small_pack::{self, SmallPack};

/// A module that says the same whatever is asked of it.
const BROKEN_MODULE: &str = "\
import sys
class Broken:
 def __getattr__(self, name):
  raise ImportError('broken')
sys.modules['usocket'] = Broken()
";

fn run(out: &Path, arguments: &[&str]) -> Output {
    let mut command = bench::trueline();
    command.arg("run").arg("--out").arg(out).args(arguments);
    command.output().expect("the command starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_run_on_the_reference_agent_conforms_and_leaves_every_report() {
    let out = tempfile::tempdir().expect("a folder");
    let output = run(
        out.path(),
        &[
            "--cases",
            "4",
            "--seed",
            "7",
            "--only",
            "usocket.socket.recv*",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    for name in ["record.jsonl", "report.html", "report.md", "junit.xml"] {
        let written = fs::metadata(out.path().join(name)).expect("it was written");
        assert!(written.len() > 0, "{name} is empty");
    }
    assert!(said(&output).contains("seed 7"), "{}", said(&output));
}

#[test]
fn failures_of_one_cause_are_told_one_by_one_only_until_it_shows() {
    let out = tempfile::tempdir().expect("a folder");
    let boot = out.path().join("boot.py");
    fs::write(&boot, BROKEN_MODULE).expect("it can be written");
    let target = format!("agent:?boot={}", boot.display());
    let output = run(
        out.path(),
        &["--target", &target, "--only", "usocket.*/value"],
    );
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let progress = String::from_utf8_lossy(&output.stderr);
    assert_eq!(progress.matches("fail usocket.").count(), 4, "{progress}");
    assert!(
        progress.contains("others that do are told at the end"),
        "{progress}"
    );
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("fail 10 clauses show the same"), "{told}");
}

#[test]
fn the_same_seed_gives_the_same_record_but_for_its_timing() {
    let record = || {
        let out = tempfile::tempdir().expect("a folder");
        let output = run(
            out.path(),
            &[
                "--cases",
                "4",
                "--seed",
                "7",
                "--only",
                "usocket.getaddrinfo*",
            ],
        );
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let bytes = fs::read(out.path().join("record.jsonl")).expect("it was written");
        journal::read(&bytes)
            .expect("it is valid")
            .closing
            .expect("it is closed")
            .digest
    };
    assert_eq!(record(), record());
}

#[test]
fn a_selection_of_nothing_is_no_success() {
    let out = tempfile::tempdir().expect("a folder");
    let output = run(out.path(), &["--only", "no-such-clause"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(said(&output).contains("no-such-clause"));
    assert!(
        !out.path().join("record.jsonl").exists(),
        "nothing was run, so nothing is on record"
    );
}

#[test]
fn a_pattern_that_is_none_is_a_usage_error() {
    let out = tempfile::tempdir().expect("a folder");
    let output = run(out.path(), &["--only", "recv["]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("recv["), "{}", said(&output));
}

#[test]
fn an_unknown_target_scheme_is_a_usage_error_that_names_the_known_ones() {
    let out = tempfile::tempdir().expect("a folder");
    let output = run(out.path(), &["--target", "agnet:"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("agent:"), "{}", said(&output));
}

#[test]
fn a_broken_pack_is_named_with_file_line_and_column() {
    let folder = tempfile::tempdir().expect("a folder");
    let sound = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/packs/waffle-nano-socket");
    fs::copy(sound.join("pack.yaml"), folder.path().join("pack.yaml")).expect("a copy");
    let constants =
        "constants:\n  usocket.AF_INET: {vlaue: 2, level: must, basis: documented, says: IPv4.}\n";
    fs::write(folder.path().join("constants.yaml"), constants).expect("a file");
    for arguments in [vec!["check"], vec!["run", "--pack"]] {
        let output = bench::trueline()
            .args(arguments)
            .arg(folder.path())
            .output()
            .expect("it starts");
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(
            said(&output).contains("constants.yaml:2:"),
            "{}",
            said(&output)
        );
        assert!(said(&output).contains("value"), "{}", said(&output));
    }
}

#[test]
fn a_regressions_file_that_is_none_is_left_alone() {
    let out = tempfile::tempdir().expect("a folder");
    let file = out.path().join("regressions.yaml");
    fs::write(
        &file,
        "usocket.getaddrinfo/sockaddr: [{host: 'os.system('}]\n",
    )
    .expect("a file");
    let output = run(out.path(), &[]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains("regressions.yaml"),
        "{}",
        said(&output)
    );
    assert!(
        fs::read_to_string(&file)
            .expect("it is there")
            .contains("os.system(")
    );
}

#[test]
fn no_colour_reaches_a_pipe_unless_it_is_asked_for() {
    let out = tempfile::tempdir().expect("a folder");
    let arguments = ["--cases", "1", "--only", "usocket.AF_INET"];
    assert!(!said(&run(out.path(), &arguments)).contains('\x1b'));
    let mut asked = bench::trueline();
    asked
        .args(["--color", "always", "run", "--out"])
        .arg(out.path())
        .args(arguments);
    assert!(said(&asked.output().expect("it starts")).contains('\x1b'));
}

#[test]
fn failing_inputs_are_kept_and_tried_first_next_time() {
    if bench::part("python3").is_none() {
        return;
    }
    let out = tempfile::tempdir().expect("a folder");
    let arguments = [
        "--target",
        "cpython:",
        "--cases",
        "8",
        "--seed",
        "3",
        "--only",
        "usocket.socket.send",
    ];
    assert_eq!(run(out.path(), &arguments).status.code(), Some(1));
    let kept =
        fs::read_to_string(out.path().join("regressions.yaml")).expect("properties fail there");
    let output = run(out.path(), &arguments);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let record = fs::read_to_string(out.path().join("record.jsonl")).expect("it was written");
    assert!(record.contains("#regression-1"), "{kept}");
}

#[test]
fn a_run_with_many_failures_stays_readable() {
    let small = SmallPack::new();
    let mut constants = "constants:\n".to_owned();
    let mut ids = String::new();
    for level in ["must", "should", "may"] {
        for number in 10..40 {
            let id = format!("usocket.{}_{number}", level.to_uppercase());
            ids.push_str(&format!(", {id}"));
            constants.push_str(&format!(
                "  {id}: {{value: 1, level: {level}, basis: documented, says: A name.}}\n"
            ));
        }
    }
    small.write("pack/many.yaml", &constants);
    let pack = small_pack::text(&small.pack().join("pack.yaml"));
    let pack = pack.replace(
        "items: [usocket.AF_INET",
        &format!("items: [usocket.AF_INET{ids}"),
    );
    small.write("pack/pack.yaml", &pack);

    let output = small.run_on("0", &["--only", "*_[123]?"]);

    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let printed = small_pack::printed(&output);
    let settled: Vec<_> = printed
        .lines()
        .filter(|line| !line.starts_with("small 1.2.3 on"))
        .collect();
    insta::assert_snapshot!(settled.join("\n"));
}
