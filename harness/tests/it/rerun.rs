//! The command that a report prints to run a finding again: run as printed, it comes to the same.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use trueline_reports::journal::{self, Record};
use trueline_reports::summary::Summary;
use trueline_reports::tally::ClauseVerdict;

use crate::bench;
use crate::small_pack::{SmallPack, text};

/// A firmware that can look no port up that is even: a property fails on it.
const DEFECT: &str = "
import usocket

real = usocket.getaddrinfo


def getaddrinfo(host, port, *others):
    return real(host, port | 1, *others)


usocket.getaddrinfo = getaddrinfo
";

/// The failing clauses of a record, and the command that reports give for each.
fn commands(folder: &Path, out: &str) -> BTreeSet<(String, String)> {
    let record = record(&folder.join(out));
    let summary = Summary::of(&record);
    let reports = ["report.md", "junit.xml", "report.html"];
    let reports = reports.map(|name| unescaped(&text(&folder.join(out).join(name))));
    let mut commands = BTreeSet::new();
    for result in &summary.clauses {
        if result.verdict != ClauseVerdict::Fail {
            continue;
        }
        let command = summary.rerun(result).expect("it is on record");
        // What is excused, or about the document, is told without it in some of them.
        let is_finding = result.is_failure_of_the_target();
        for report in reports.iter().filter(|_| is_finding) {
            assert!(report.contains(&command), "{command} is not in {report}");
        }
        commands.insert((result.clause.id.clone(), command));
    }
    commands
}

/// The text without the escapes of HTML and XML.
fn unescaped(text: &str) -> String {
    let escapes = [
        ("&#39;", "'"),
        ("&#34;", "\""),
        ("&apos;", "'"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    let mut text = text.to_owned();
    for (escape, character) in escapes {
        text = text.replace(escape, character);
    }
    text
}

fn record(out: &Path) -> Record {
    let text = fs::read(out.join("record.jsonl")).expect("it was written");
    journal::read(&text).unwrap_or_else(|invalid| panic!("{invalid}"))
}

/// Runs a command as a user would who copies it.
fn in_a_shell(folder: &Path, command: &str) -> Output {
    let trueline = Path::new(env!("CARGO_BIN_EXE_trueline"));
    let mut path = trueline
        .parent()
        .expect("it is in a folder")
        .as_os_str()
        .to_owned();
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path)
        .output()
        .expect("there is a shell")
}

/// Runs each command of a run's reports, which leave the run's own files as they are.
fn every_command_comes_to_the_same(folder: &Path, out: &str, expected: &[&str]) {
    let commands = commands(folder, out);
    let failing: Vec<_> = commands.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(failing, expected);
    let evidence = text(&folder.join(out).join("record.jsonl"));
    for (id, command) in &commands {
        let output = in_a_shell(folder, command);
        let complaint = String::from_utf8_lossy(&output.stderr);
        let again = record(&folder.join(out).join("again"));
        let summary = Summary::of(&again);
        let verdicts = summary.clauses.iter();
        let verdicts: Vec<_> = verdicts
            .map(|result| (result.clause.id.as_str(), result.verdict))
            .collect();
        assert_eq!(
            verdicts,
            [(id.as_str(), ClauseVerdict::Fail)],
            "{command}: {complaint}"
        );
        assert!(matches!(output.status.code(), Some(0 | 1)), "{complaint}");
    }
    assert_eq!(text(&folder.join(out).join("record.jsonl")), evidence);
}

fn run(small: &SmallPack, arguments: &[&str]) {
    let output = small
        .trueline("run")
        .args(arguments)
        .output()
        .expect("it starts");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{complaint}");
}

#[test]
fn a_pack_and_a_target_of_a_list_and_deviations_are_named() {
    let small = SmallPack::new();
    small.write("it's a bench/boot file.py", DEFECT);
    small.write(
        "it's a bench/my targets.yaml",
        "targets: {board: {url: 'sim:', boot: boot file.py}}\n",
    );
    small.write(
        "known.yaml",
        "target: the board\ndeviations:\n  - {clauses: [usocket.SOCK_DGRAM/value], reason: It is so., \
         link: 'https://example.org/1', expires: 2999-01-01}\n",
    );
    let arguments = [
        "--pack",
        "pack",
        "--targets",
        "it's a bench/my targets.yaml",
        "--target",
        "board",
        "--deviations",
        "known.yaml",
        "--out",
        "my out",
        "--cases",
        "8",
        "--retries",
        "2",
    ];
    run(&small, &arguments);
    let folder = small.pack();
    let folder = folder.parent().expect("it is in a folder");
    let printed = commands(folder, "my out");
    let says_how_often = |(_, command): &(String, String)| command.contains("--retries 2 ");
    assert!(printed.iter().all(says_how_often), "{printed:?}");
    let expected = [
        "example.sum/as-printed",
        "usocket.SOCK_DGRAM/value",
        "usocket.SOCK_STREAM/value",
        "usocket.getaddrinfo/keeps-the-port",
    ];
    every_command_comes_to_the_same(folder, "my out", &expected);
    // The second run fails by the inputs of the first.
    let other_seed = [
        &arguments[..],
        &["--seed", "2", "--only", "usocket.getaddrinfo/*"],
    ]
    .concat();
    run(&small, &other_seed);
    let cases = record(&folder.join("my out")).cases;
    assert!(cases[0].id.ends_with("#regression-1"), "{}", cases[0].id);
    every_command_comes_to_the_same(folder, "my out", &["usocket.getaddrinfo/keeps-the-port"]);
}

#[test]
fn a_target_that_is_a_command_with_quotes_is_named_whole() {
    let small = SmallPack::new();
    let agent = bench::trueline();
    let agent = agent.get_program().to_string_lossy();
    let target = format!("exec:sh -c 'exec \"{agent}\" agent'");
    run(
        &small,
        &[
            "--pack", "./pack/", "--target", &target, "--out", ".", "--cases", "2",
        ],
    );
    let folder = small.pack();
    let folder = folder.parent().expect("it is in a folder");
    let expected = [
        "example.sum/as-printed",
        "usocket.SOCK_DGRAM/value",
        "usocket.SOCK_STREAM/value",
    ];
    every_command_comes_to_the_same(folder, ".", &expected);
}
