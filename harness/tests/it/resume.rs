//! Runs that did not come to their end and are taken up again: what was done is kept, the rest is
//! as in one run, and what does not belong together is refused.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rstest::rstest;
use tempfile::TempDir;
use trueline_reports::journal::{self, Record, Writer};
use trueline_reports::record::{Line, Outcome, Verdict};

use crate::bench;
use crate::running;
use crate::small_pack::SmallPack;

/// A firmware whose sockets lose the end of what they receive and send: it has findings.
const DEFECTS: &str = "
import usocket

real = usocket.socket


class socket:
    def __init__(self, *arguments):
        self.real = real(*arguments)

    def __getattr__(self, name):
        return getattr(self.real, name)

    def recv(self, size):
        data = self.real.recv(size)
        return data[:-1] if len(data) > 9 else data

    def sendall(self, data):
        self.real.sendall(data[:100])


usocket.socket = socket
";

/// A folder with a firmware and what runs on it leave.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        fs::write(folder.path().join("boot.py"), DEFECTS).expect("it can be written");
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        let folder = path.parent().expect("it is in a folder");
        fs::create_dir_all(folder).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    /// Runs that go to `out` of this folder.
    fn trueline(&self, out: &str, arguments: &[&str]) -> Command {
        let mut command = bench::on_a_terminal();
        command.current_dir(self.0.path());
        command.args(["run", "--out", out]).args(arguments);
        command
    }

    fn run(&self, out: &str, arguments: &[&str], code: i32) -> String {
        let output = self.trueline(out, arguments).output().expect("it starts");
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{said}");
        said
    }

    fn record(&self, out: &str) -> Record {
        let text = self.text(&format!("{out}/record.jsonl"));
        journal::read(text.as_bytes()).unwrap_or_else(|invalid| panic!("{invalid}"))
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

const SELECTION: [&str; 10] = [
    "--only",
    "usocket.AF_*",
    "--only",
    "usocket.socket.recv/*",
    "--only",
    "usocket.socket.sendall/sends*",
    "--cases",
    "4",
    "--seed",
    "7",
];

fn on(target: &str) -> Vec<&str> {
    [&SELECTION[..], &["--target", target]].concat()
}

/// The firmware of the folder, whose URL no record is trusted with.
const BOOTED: [&str; 2] = ["--target", "sim:?boot=boot.py"];

/// A line of a record, whatever it is tied to.
fn parsed(line: &str) -> Line {
    let mut line: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
    line.as_object_mut()
        .expect("it is an object")
        .remove("chain");
    serde_json::from_value(line).expect("it is a line of a record")
}

/// The record with another chain, which fits what was changed in it.
fn forged(record: &str) -> String {
    let mut lines = record.lines().map(parsed);
    let Some(Line::Header(header)) = lines.next() else {
        panic!("it has a header");
    };
    let mut text = Vec::new();
    let mut writer = Writer::new(&mut text, &header).expect("it can be written");
    for line in lines {
        match line {
            Line::Clause(clause) => writer.clause(&clause),
            Line::Case(case) => writer.case(&case),
            Line::NotRun(not_run) => writer.not_run(&not_run),
            Line::Note(note) => writer.note(&note),
            Line::Header(_) | Line::Closing(_) => panic!("it breaks off"),
        }
        .expect("it is sound");
    }
    drop(writer);
    String::from_utf8(text).expect("it is JSON")
}

/// The lines of a record without notes, chain, timing and closing line.
fn settled(record: &str) -> Vec<String> {
    let lines = record
        .lines()
        .filter(|line| !matches!(parsed(line), Line::Note(_) | Line::Closing(_)));
    let settled = |line: &str| match line.rfind(",\"chain\":") {
        Some(chain) => line[..chain].to_owned(),
        None => panic!("it is protected: {line}"),
    };
    lines.map(settled).collect()
}

#[test]
fn wherever_a_run_was_killed_the_rest_is_as_in_one_run() {
    let folder = Folder::new();
    folder.run("whole", &on("sim:?boot=boot.py"), 1);
    // The second one has the findings of the first to try again.
    folder.run("whole", &on("sim:?boot=boot.py"), 1);
    let whole = folder.text("whole/record.jsonl");
    let regressions = folder.text("whole/regressions.yaml");
    assert!(
        settled(&whole)
            .iter()
            .any(|line| line.contains("#regression-1"))
    );
    let cases = whole.find("{\"line\":\"case\"").expect("it has cases");
    let end = whole.rfind("{\"line\":\"closing\"").expect("it is closed");
    // In the middle of lines and between them, with and without anything done.
    let places = (0..9).map(|part| cases + (end - cases) * part / 8);
    for (place, jobs) in places.zip(["1", "2"].iter().cycle()) {
        folder.write("out/record.jsonl", &whole[..place]);
        folder.write("out/regressions.yaml", &regressions);
        let arguments = [&BOOTED[..], &["--resume", "--jobs", jobs]].concat();
        folder.run("out", &arguments, 1);
        let resumed = folder.text("out/record.jsonl");
        assert_eq!(settled(&resumed), settled(&whole), "killed at {place}");
        assert_eq!(folder.text("out/regressions.yaml"), regressions);
        let record = folder.record("out");
        let closing = record.closing.expect("it was read whole");
        let of_whole = folder.record("whole").closing.expect("it was read whole");
        assert_eq!(closing.cases, of_whole.cases);
        assert!(
            record.notes[0]
                .says
                .starts_with("The run was resumed with ")
        );
    }
}

#[test]
fn findings_of_a_killed_run_are_tried_first_by_the_next_one() {
    let folder = Folder::new();
    folder.run("whole", &on("sim:?boot=boot.py"), 1);
    let whole = folder.text("whole/record.jsonl");
    let end = whole.rfind("{\"line\":\"closing\"").expect("it is closed");
    // It was killed before it could write them down.
    folder.write("out/record.jsonl", &whole[..end]);
    folder.run("out", &[&BOOTED[..], &["--resume"]].concat(), 1);
    assert_eq!(
        folder.text("out/regressions.yaml"),
        folder.text("whole/regressions.yaml")
    );
}

/// Ends a run on the host's network as soon as it has a finding.
fn cut_short(folder: &Folder, signal: Signal) {
    let mut run = folder
        .trueline("out", &on("agent:?boot=boot.py"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut says = BufReader::new(run.stderr.take().expect("it is piped"));
    let mut line = String::new();
    while !line.starts_with("fail ") {
        line.clear();
        assert!(
            says.read_line(&mut line).expect("it is text") > 0,
            "it ended"
        );
    }
    let id = Pid::from_raw(i32::try_from(run.id()).expect("ids are small"));
    kill(id, signal).expect("it runs");
    says.read_to_string(&mut line).expect("it is text");
    run.wait().expect("it ends");
}

#[rstest]
#[case::interrupted(Signal::SIGINT)]
#[case::terminated(Signal::SIGTERM)]
#[case::hung_up(Signal::SIGHUP)]
#[case::killed(Signal::SIGKILL)]
fn a_run_that_a_signal_ended_is_taken_up(#[case] signal: Signal) {
    let folder = Folder::new();
    cut_short(&folder, signal);
    let before = folder.text("out/record.jsonl");
    let before = journal::read_unfinished(before.as_bytes()).expect("it can be read");
    let has_reports = folder.path("out/report.html").exists();
    assert_eq!(has_reports, signal != Signal::SIGKILL);
    let again = ["--resume", "--target", "agent:?boot=boot.py"];
    let said = folder.run("out", &again, 1);
    assert!(said.contains("note: The run was resumed with "), "{said}");
    let after = folder.record("out");
    assert_eq!(after.header, before.header);
    for case in &before.cases {
        assert!(after.cases.contains(case), "{} was run again", case.id);
    }
    let closing = after.closing.expect("it was read whole");
    assert_eq!(closing.outcome, Outcome::DoesNotConform);
    assert_eq!(closing.cases.not_run, already_refuted(&after.not_run));
}

fn already_refuted(not_run: &[trueline_reports::record::NotRun]) -> usize {
    not_run.iter().map(|line| line.cases.len()).sum()
}

#[test]
fn what_a_dead_board_left_undone_is_done_when_it_is_back() {
    let folder = Folder::new();
    let agent = env!("CARGO_BIN_EXE_trueline");
    let board = format!("{agent} agent --repl stdio");
    // Its input ends after so many bytes, and it with it, for good.
    let dying =
        format!("[ ! -e dead ] || exit 1\ntouch dead\ndd bs=1 count=12000 2>/dev/null | {board}\n");
    folder.write("board.sh", &dying);
    let arguments = [&SELECTION[..], &["--target", "exec:sh board.sh"]].concat();
    folder.run("out", &arguments, 3);
    let before = folder.record("out");
    let done = |record: &Record| {
        let cases = record.cases.iter();
        let settled = cases.filter(|case| !matches!(case.verdict, Verdict::Inconclusive { .. }));
        settled.count()
    };
    assert!(done(&before) > 0 && done(&before) < before.header.plan.cases);
    folder.write("board.sh", &format!("exec {board}\n"));
    let again = ["--resume", "--target", "exec:sh board.sh"];
    folder.run(
        "out",
        &[&again[..], &["--only", "nothing-else"]].concat(),
        2,
    );
    folder.run("out", &again, 0);
    let after = folder.record("out");
    assert_eq!(done(&after), after.header.plan.cases);
    let notes = before.notes.len();
    assert_eq!(after.notes[..notes], before.notes, "what happened is kept");
}

#[test]
fn a_board_that_was_not_there_at_first_is_named_when_it_is() {
    let folder = Folder::new();
    folder.write("board.sh", "exit 1\n");
    let arguments = ["--target", "exec:sh board.sh", "--only", "usocket.AF_*"];
    folder.run("out", &arguments, 3);
    assert_eq!(folder.record("out").header.target.identity, None);
    let agent = env!("CARGO_BIN_EXE_trueline");
    folder.write("board.sh", &format!("exec {agent} agent\n"));
    folder.run("out", &["--resume", "--target", "exec:sh board.sh"], 0);
    let identity = folder.record("out").header.target.identity;
    assert_eq!(
        identity.expect("it was there").implementation,
        "micropython"
    );
}

#[test]
fn a_target_of_the_list_is_found_again_by_its_name() {
    let folder = Folder::new();
    folder.write("targets.yaml", "targets: {board: {url: 'sim:'}}\n");
    folder.run("whole", &on("board"), 0);
    let whole = folder.text("whole/record.jsonl");
    let cases = whole.find("{\"line\":\"case\"").expect("it has cases");
    folder.write("out/record.jsonl", &whole[..cases + 1000]);
    folder.run("out", &["--resume"], 0);
    assert_eq!(settled(&folder.text("out/record.jsonl")), settled(&whole));

    folder.write("out/record.jsonl", &whole[..cases + 1000]);
    folder.write("targets.yaml", "targets: {board: {url: 'agent:'}}\n");
    refused(&folder, &[], "is `agent:` now, and was `sim:`");
}

#[test]
fn a_run_that_refused_its_target_goes_on_with_the_expected_one() {
    let folder = Folder::new();
    let wrong = ["--only", "usocket.AF_*", "--expect-version", "0.*"];
    folder.run("out", &wrong, 3);
    folder.run("out", &["--resume", "--expect-version", "1.*"], 0);
}

/// A run that was killed after its first clauses.
fn killed() -> Folder {
    let folder = Folder::new();
    folder.run("out", &on("sim:?boot=boot.py"), 1);
    let whole = folder.text("out/record.jsonl");
    let place = whole
        .find("{\"line\":\"not-run\"")
        .expect("it has findings");
    folder.write("out/record.jsonl", &whole[..place]);
    folder
}

/// Resuming is refused so, and the record is left as it was.
fn refused(folder: &Folder, arguments: &[&str], says: &str) {
    let before = folder.text("out/record.jsonl");
    let target = match arguments.contains(&"--target") || says.contains("was `sim:`") {
        true => &[],
        false => &BOOTED[..],
    };
    let arguments = [&["--resume"], target, arguments].concat();
    let said = folder.run("out", &arguments, 2);
    assert!(said.contains(says), "{said}");
    assert_eq!(folder.text("out/record.jsonl"), before);
}

#[test]
fn a_boot_file_that_has_changed_is_another_firmware() {
    let folder = killed();
    folder.write("boot.py", &format!("{DEFECTS}# changed\n"));
    refused(
        &folder,
        &[],
        "the boot file boot.py has changed since the run was begun",
    );
    folder.write("boot.py", DEFECTS);
    folder.run("out", &[&BOOTED[..], &["--resume"]].concat(), 1);
}

#[test]
fn another_reset_command_is_noted_and_the_run_goes_on() {
    let folder = Folder::new();
    let (_board, at) = running::board("tcp:127.0.0.1:0", &[]);
    let list = |reset: &str| {
        let entry = format!("targets: {{board: {{url: 'tcp:{at}', reset: {reset}}}}}\n");
        folder.write("targets.yaml", &entry);
    };
    list("power --token hunter22");
    folder.run("whole", &on("board"), 0);
    let whole = folder.text("whole/record.jsonl");
    assert!(!whole.contains("hunter22"), "{whole}");
    let cases = whole.find("{\"line\":\"case\"").expect("it has cases");
    for (reset, notes) in [("power --token hunter22", 1), ("power cycle", 2)] {
        folder.write("out/record.jsonl", &whole[..cases + 1000]);
        list(reset);
        folder.run("out", &["--resume"], 0);
        let record = folder.record("out");
        assert_eq!(record.notes.len(), notes, "{:?}", record.notes);
        let last = &record.notes[notes - 1].says;
        assert_eq!(
            last.contains("resets the target is another one"),
            notes == 2
        );
    }
}

#[test]
fn inputs_that_failed_before_and_were_exchanged_are_told() {
    let folder = Folder::new();
    folder.run("out", &on("sim:?boot=boot.py"), 1);
    folder.run("out", &on("sim:?boot=boot.py"), 1);
    let whole = folder.text("out/record.jsonl");
    let place = whole
        .find("{\"line\":\"not-run\"")
        .expect("it has findings");
    folder.write("out/record.jsonl", &whole[..place]);
    let inputs = folder.text("out/regressions.yaml");
    let (before, after) = inputs.split_once(": b'").expect("bytes failed");
    folder.write("out/regressions.yaml", &format!("{before}: b'Q{after}"));
    refused(&folder, &[], "that the run was begun with were others");
    folder.write("out/regressions.yaml", &inputs);
    folder.run("out", &[&BOOTED[..], &["--resume"]].concat(), 1);
}

#[test]
fn what_was_said_of_version_and_retries_holds_for_the_rest_of_a_run() {
    let folder = Folder::new();
    let flags = ["--retries", "3", "--expect-version", "1.*"];
    folder.run("out", &[&on("sim:?boot=boot.py")[..], &flags].concat(), 1);
    let whole = folder.text("out/record.jsonl");
    let place = whole
        .find("{\"line\":\"not-run\"")
        .expect("it has findings");
    folder.write("out/record.jsonl", &whole[..place]);
    refused(
        &folder,
        &["--retries", "1"],
        "--retries is `1`, and the run was begun with `3`",
    );
    folder.run("out", &[&BOOTED[..], &["--resume"]].concat(), 1);
    let given = folder
        .record("out")
        .header
        .timing
        .given
        .expect("paths are text");
    assert_eq!(given.retries, Some(3));
    assert_eq!(given.expect_version.as_deref(), Some("1.*"));
}

#[test]
fn a_selection_behind_a_run_of_everything_is_told_so() {
    let folder = Folder::new();
    let list = "usocket.AF_INET";
    folder.run("out", &["--seed", "1", "--cases", "1", "--only", list], 0);
    let record = folder.text("out/record.jsonl");
    let whole = record.replacen(&format!("\"only\":[\"{list}\"]"), "\"only\":[]", 1);
    let cases = whole.find("{\"line\":\"case\"").expect("it has cases");
    folder.write("out/record.jsonl", &forged(&whole[..cases]));
    refused(
        &folder,
        &["--target", "sim:", "--only", list],
        "the run was begun without --only, so with every clause",
    );
}

#[rstest]
#[case(&["--seed", "8"], "--seed is `8`, and the run was begun with `7`")]
#[case(&["--cases", "5"], "--cases is `5`, and the run was begun with `4`")]
#[case(&["--target", "agent:"], "--target is `agent:`, and the run was begun with `sim:?boot=boot.py`")]
#[case(&["--only", "*"], "--only is `*`, and the run was begun with `usocket.AF_* usocket.socket.recv/*")]
#[case(&["--pack", "pack"], "the run was begun with the pack `waffle-nano-socket")]
#[case(&["--deviations", "list.yaml"], "the run was begun without a list")]
fn a_flag_that_says_otherwise_than_the_run_is_refused(#[case] flags: &[&str], #[case] says: &str) {
    let folder = killed();
    let other = SmallPack::new();
    std::os::unix::fs::symlink(other.pack(), folder.path("pack")).expect("it can be linked");
    refused(&folder, flags, says);
}

/// A pack that comes to another number of cases than any run has cannot have its own plan refused first.
#[test]
fn another_pack_is_told_before_what_its_cases_come_to() {
    let folder = killed();
    let record = folder.text("out/record.jsonl");
    let many = record
        .replacen(
            "\"cases_per_property\":4",
            "\"cases_per_property\":100000",
            1,
        )
        .replacen("usocket.socket.recv/*", "*", 1);
    folder.write("out/record.jsonl", &forged(&many));
    refused(&folder, &[], "the selection comes to");
    let other = SmallPack::new();
    let pack = other.pack();
    let pack = pack.to_str().expect("it is text");
    refused(
        &folder,
        &["--pack", pack],
        "the run was begun with the pack",
    );
    folder.write("list.yaml", "target: t\ndeviations: []\n");
    for flags in [&["--seed", "8"][..], &["--deviations", "list.yaml"]] {
        let flags = [&["--pack", pack], flags].concat();
        refused(&folder, &flags, "the run was begun with the pack");
    }
}

#[test]
fn a_record_whose_header_is_cut_short_is_said_to_be() {
    let folder = killed();
    let record = folder.text("out/record.jsonl");
    let header = record.find('\n').expect("it has lines");
    for length in [100, header] {
        folder.write("out/record.jsonl", &record[..length]);
        refused(&folder, &[], "record.jsonl:1: the header breaks off");
    }
}

#[test]
fn a_folder_behind_resume_is_told_how_it_is_named() {
    let folder = killed();
    for value in ["out", "out/record.jsonl"] {
        refused(&folder, &[value], "`--resume --out out`");
    }
}

#[test]
fn flags_that_say_the_same_are_fine() {
    let folder = killed();
    let same = on("sim:?boot=boot.py");
    folder.run("out", &[&["--resume"], &same[..]].concat(), 1);
}

#[rstest]
#[case::another_board(
    "\"version\":\"1.24.0\"",
    "\"version\":\"1.23.0\"",
    "its version was \"1.23.0\" and is \"1.24.0\""
)]
#[case::another_trueline(
    "\"tool\":\"trueline 0.",
    "\"tool\":\"trueline 9.",
    "the run was begun by trueline 9."
)]
#[case::another_plan("\"level\":\"must\"", "\"level\":\"may\"", "other clauses or cases")]
#[case::no_record("\"verdict\"", "\"judgement\"", "record.jsonl:")]
fn what_does_not_belong_together_is_refused(
    #[case] written: &str,
    #[case] instead: &str,
    #[case] says: &str,
) {
    let folder = killed();
    let record = folder.text("out/record.jsonl");
    assert!(record.contains(written), "{record}");
    let changed = record.replacen(written, instead, 1);
    folder.write("out/record.jsonl", &changed);
    if written == "\"verdict\"" {
        return refused(&folder, &[], says);
    }
    refused(&folder, &[], "record.jsonl:");
    folder.write("out/record.jsonl", &forged(&changed));
    refused(&folder, &[], says);
}

#[rstest]
#[case::a_seed("\"seed\":7", "\"seed\":8")]
#[case::a_url("sim:?boot=boot.py", "exec:touch pwned")]
#[case::an_exuberant_number("\"cases_per_property\":4", "\"cases_per_property\":4294967295")]
#[case::a_verdict(
    "\"verdict\":\"pass\"",
    "\"verdict\":\"inconclusive\",\"because\":\"x\""
)]
fn a_changed_line_is_found_and_named(#[case] written: &str, #[case] instead: &str) {
    let folder = killed();
    let record = folder.text("out/record.jsonl");
    let changed = record.replacen(written, instead, 1);
    assert_ne!(record, changed);
    folder.write("out/record.jsonl", &changed);
    refused(&folder, &[], "one of them was changed");
}

#[test]
fn no_url_out_of_a_record_is_run() {
    let folder = killed();
    let record = folder.text("out/record.jsonl");
    for (written, instead) in [
        (
            "\"url\":\"sim:?boot=boot.py\"",
            "\"url\":\"exec:touch pwned\"",
        ),
        (
            "\"url\":\"sim:?boot=boot.py\"",
            "\"name\":\"exec:touch pwned\",\"url\":\"exec:touch pwned\"",
        ),
        (
            "\"url\":\"sim:?boot=boot.py\"",
            "\"name\":\"sim:\",\"url\":\"exec:touch pwned\"",
        ),
    ] {
        let changed = record.replacen(written, instead, 1);
        assert_ne!(record, changed);
        folder.write("out/record.jsonl", &forged(&changed));
        let said = folder.run("out", &["--resume"], 2);
        assert!(said.contains("exec:touch pwned"), "{said}");
        folder.run("out", &[&BOOTED[..], &["--resume"]].concat(), 2);
    }
    assert!(!folder.path("pwned").exists(), "it was run");
}

#[test]
fn a_number_of_cases_that_no_run_has_is_refused() {
    let folder = killed();
    let record = folder.text("out/record.jsonl");
    for number in ["0", "100001", "4294967295"] {
        let instead = format!("\"cases_per_property\":{number}");
        let changed = record.replacen("\"cases_per_property\":4", &instead, 1);
        folder.write("out/record.jsonl", &forged(&changed));
        refused(&folder, &[], "cases a property are asked for");
    }
}

#[test]
fn a_record_whose_lines_carry_nothing_that_protects_them_is_not_gone_on_with() {
    let folder = killed();
    let record = folder.text("out/record.jsonl");
    let first_version = record.replacen("\"version\":2,", "\"version\":1,", 1);
    assert_ne!(first_version, record);
    folder.write("out/record.jsonl", &forged(&first_version));
    refused(
        &folder,
        &[],
        "carry nothing that shows whether one of them was changed",
    );
}

#[test]
fn inputs_that_are_gone_are_asked_back() {
    let folder = Folder::new();
    for _ in 0..2 {
        folder.run("out", &on("sim:?boot=boot.py"), 1);
    }
    let whole = folder.text("out/record.jsonl");
    let place = whole
        .find("{\"line\":\"not-run\"")
        .expect("it has findings");
    folder.write("out/record.jsonl", &whole[..place]);
    folder.write("out/regressions.yaml", "");
    refused(
        &folder,
        &[],
        "in regressions.yaml, and now there are 0; bring them back",
    );
}

#[test]
fn a_run_that_came_to_its_end_leaves_nothing_to_resume() {
    let folder = Folder::new();
    folder.run("out", &on("sim:"), 0);
    let said = folder.run("out", &["--resume"], 4);
    assert!(said.contains("nothing is left to run"), "{said}");
    assert!(folder.record("out").closing.is_some());
}

#[test]
fn without_a_record_there_is_nothing_to_resume() {
    let folder = Folder::new();
    let said = folder.run("out", &["--resume"], 2);
    assert!(said.contains("there is no out/record.jsonl"), "{said}");
    assert!(!Path::new(&folder.path("out")).exists(), "nothing was made");
    let header = "{\"line\":\"header\",";
    folder.write("out/record.jsonl", header);
    folder.run("out", &["--resume"], 2);
    assert_eq!(folder.text("out/record.jsonl"), header);
}
