//! Files that a run leaves and reads: what is not a run's is left alone, what is old goes, one run at a
//! time writes, and whatever stands where a file is expected is told with a sentence.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode;
use nix::unistd::{Pid, mkfifo};
use rstest::rstest;
use tempfile::TempDir;
use trueline_reports::journal::{self, Record};

use crate::bench;

/// A firmware whose sockets lose the end of what they receive: it leaves captures.
const DEFECT: &str = "
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


usocket.socket = socket
";

const QUICK: [&str; 6] = ["--only", "usocket.AF_INET", "--seed", "1", "--cases", "1"];

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().expect("a temporary folder can be made"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bench::trueline();
        command.current_dir(self.0.path()).args(arguments);
        command
    }

    /// Runs the command, which has to end so, and gives what it said.
    fn ends(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().expect("it starts");
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    fn run(&self, code: i32, arguments: &[&str]) -> String {
        self.ends(code, &[&["run"], arguments].concat())
    }

    fn record(&self, out: &str) -> Record {
        let text = self.text(&format!("{out}/record.jsonl"));
        journal::read(text.as_bytes()).unwrap_or_else(|invalid| panic!("{invalid}"))
    }

    /// A run that leaves captures.
    fn run_with_captures(&self, out: &str) -> Vec<PathBuf> {
        self.write("boot.py", DEFECT);
        let recv = "usocket.socket.recv/within-every-size";
        let target = "sim:?boot=boot.py";
        self.run(
            1,
            &[
                "--target", target, "--only", recv, "--seed", "1", "--out", out,
            ],
        );
        let cases = self.record(out).cases.into_iter();
        let captures = cases.filter_map(|case| case.capture);
        let captures: Vec<_> = captures
            .map(|file| self.path(out).join(file.as_str()))
            .collect();
        assert!(!captures.is_empty() && captures.iter().all(|file| file.is_file()));
        captures
    }

    /// Begins a run whose target never answers, and waits until it is asked.
    fn begin_endless(&self, out: &str) -> Endless {
        self.begin_by(bench::on_a_terminal(), out)
    }

    /// The same by a command that takes the arguments.
    fn begin_by(&self, mut command: Command, out: &str) -> Endless {
        let asked = self.path("asked");
        self.write("board.sh", "touch asked\nexec sleep 1000\n");
        command
            .args(["run", "--target", "exec:sh board.sh", "--out", out])
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut run = Endless(command.spawn().expect("it starts"));
        while !asked.exists() {
            let ended = run.0.try_wait().expect("it can be asked");
            assert_eq!(ended, None, "it ended before its target was asked");
            std::thread::yield_now();
        }
        run
    }
}

/// A run that is ended when it is dropped.
struct Endless(Child);

impl Endless {
    fn end(mut self, signal: Signal) -> Option<i32> {
        let id = Pid::from_raw(i32::try_from(self.0.id()).expect("ids are small"));
        kill(id, signal).expect("it runs");
        self.0.wait().expect("it ends").code()
    }
}

impl Drop for Endless {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("it is there");
    let names = entries.map(|entry| entry.expect("it can be read").file_name());
    let mut names: Vec<_> = names
        .map(|name| name.into_string().expect("it is text"))
        .collect();
    names.sort();
    names
}

#[test]
fn one_run_at_a_time_writes_to_a_folder() {
    let folder = Folder::new();
    folder.run(0, &QUICK);
    let record = folder.text("trueline-out/record.jsonl");
    let first = folder.begin_endless("trueline-out");
    for arguments in [&QUICK[..], &["--resume"]] {
        let said = folder.run(2, arguments);
        assert!(
            said.contains("another run writes to trueline-out"),
            "{said}"
        );
        assert!(said.contains("--out"), "{said}");
    }
    assert_eq!(folder.text("trueline-out/record.jsonl"), record);
    folder.run(0, &[&QUICK[..], &["--out", "other"]].concat());
    // However it ends, the folder is free again.
    first.end(Signal::SIGKILL);
    folder.run(0, &QUICK);
}

#[test]
fn an_old_record_and_its_reports_stay_until_the_target_has_opened() {
    let folder = Folder::new();
    folder.run(0, &QUICK);
    let files = ["record.jsonl", "report.html", "report.md", "junit.xml"];
    let texts = || files.map(|name| folder.text(&format!("trueline-out/{name}")));
    let before = texts();
    let endless = folder.begin_endless("trueline-out");
    assert_eq!(texts(), before);
    endless.end(Signal::SIGKILL);
    assert_eq!(texts(), before);
    let left = names(&folder.path("trueline-out"));
    assert_eq!(
        left,
        [
            ".trueline.lock",
            "junit.xml",
            "record.jsonl",
            "report.html",
            "report.md"
        ]
    );
}

/// Every file below a folder, with its content.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for name in names(folder) {
        let path = folder.join(name);
        match path.is_dir() {
            true => found.extend(contents(&path)),
            false => found.push((path.clone(), fs::read(&path).expect("it can be read"))),
        }
    }
    found
}

#[rstest]
#[case::a_device_that_is_missing(&["--target", "serial:/dev/no-such-board"], "no such device")]
#[case::a_command_that_is_missing(&["--target", "exec:no-such-command"], "no-such-command")]
#[case::another_version(&["--target", "sim:?boot=boot.py", "--expect-version", "0.*"], "was expected")]
#[case::a_boot_file_that_fails(&["--target", "sim:?boot=fails.py"], "ZeroDivisionError")]
#[case::a_resumed_run(&["--target", "sim:?boot=boot.py", "--expect-version", "0.*", "--resume"], "was expected")]
fn what_an_earlier_run_left_stays_when_a_run_does_not_begin(
    #[case] arguments: &[&str],
    #[case] says: &str,
) {
    let folder = Folder::new();
    folder.run_with_captures("out");
    folder.write("fails.py", "1 / 0\n");
    if arguments.contains(&"--resume") {
        let whole = folder.text("out/record.jsonl");
        let place = whole
            .find("{\"line\":\"not-run\"")
            .expect("it has a finding");
        folder.write("out/record.jsonl", &whole[..place]);
        // A run that was killed had no time for it.
        fs::remove_file(folder.path("out/regressions.yaml")).expect("it is there");
    }
    let before = contents(&folder.path("out"));
    let said = folder.run(3, &[arguments, &["--out", "out"]].concat());
    assert!(said.contains(says), "{said}");
    assert!(
        said.contains("the earlier record in out stays as it was"),
        "{said}"
    );
    assert_eq!(contents(&folder.path("out")), before);
}

#[test]
fn a_run_that_is_stopped_before_it_begins_leaves_the_earlier_record() {
    let folder = Folder::new();
    folder.run_with_captures("out");
    let before = contents(&folder.path("out"));
    assert_eq!(folder.begin_endless("out").end(Signal::SIGTERM), Some(130));
    assert_eq!(contents(&folder.path("out")), before);
}

#[test]
fn a_file_that_may_not_grow_ends_a_run_with_a_sentence() {
    let folder = Folder::new();
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -f 100; exec \"$0\" run --seed 1 --cases 1"]);
    limited.arg(bench::trueline().get_program());
    let output = limited
        .current_dir(folder.path("."))
        .output()
        .expect("it starts");
    let said = said(&output);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(
        said.contains("trueline-out/record.jsonl: the record cannot be written"),
        "{said}"
    );
    assert!(said.contains("is there space"), "{said}");
}

#[rstest]
#[case::hung_up(Signal::SIGHUP)]
#[case::terminated(Signal::SIGTERM)]
fn a_signal_ends_a_run_in_good_order(#[case] signal: Signal) {
    let folder = Folder::new();
    let endless = folder.begin_endless("out");
    // Whoever ends a command may tell it and its group.
    let id = Pid::from_raw(i32::try_from(endless.0.id()).expect("ids are small"));
    kill(id, signal).expect("it runs");
    assert_eq!(endless.end(signal), Some(130));
    let closing = folder.record("out").closing.expect("it is closed");
    assert!(closing.cases.not_run > 0);
    assert!(folder.path("out/report.html").is_file());
}

/// Whether a signal is among those that a line of a process's status names.
fn is_among(run: &Endless, line: &str, signal: Signal) -> bool {
    let status = fs::read_to_string(format!("/proc/{}/status", run.0.id())).expect("it runs");
    let mask = status.lines().find_map(|found| found.strip_prefix(line));
    let mask = mask.expect("there is such a line").trim();
    let mask = u64::from_str_radix(mask, 16).expect("it is a mask");
    mask >> (signal as i32 - 1) & 1 == 1
}

#[test]
fn a_run_that_was_begun_to_outlive_its_terminal_does() {
    let folder = Folder::new();
    let run = folder.begin_endless("out");
    assert!(is_among(&run, "SigCgt:", Signal::SIGHUP));
    fs::remove_file(folder.path("asked")).expect("it is there");
    let mut nohup = Command::new("nohup");
    nohup.arg(bench::trueline().get_program());
    let run = folder.begin_by(nohup, "other");
    assert!(is_among(&run, "SigIgn:", Signal::SIGHUP));
    assert!(is_among(&run, "SigCgt:", Signal::SIGTERM));
}

#[test]
fn captures_of_the_last_run_go_and_all_others_stay() {
    let folder = Folder::new();
    let captures = folder.run_with_captures("out");
    folder.write("out/captures/mine.pcap", "mine");
    folder.write("out/notes.txt", "mine");
    folder.run(0, &[&QUICK[..], &["--out", "out"]].concat());
    assert!(captures.iter().all(|file| !file.exists()));
    assert_eq!(names(&folder.path("out/captures")), ["mine.pcap"]);
    assert_eq!(folder.text("out/notes.txt"), "mine");
}

#[test]
fn a_capture_that_somebody_has_changed_stays_and_is_not_replaced() {
    let folder = Folder::new();
    let [first, others @ ..] = &folder.run_with_captures("out")[..] else {
        panic!("there are none");
    };
    // Still one that Trueline wrote, by what its first block says.
    let mut changed = fs::read(first).expect("it is there");
    changed.extend(b"mine");
    fs::write(first, &changed).expect("it can be written");
    let recv = "usocket.socket.recv/within-every-size";
    let target = "sim:?boot=boot.py";
    // The same cases as before, and with them the same captures.
    let again = ["--seed", "1", "--out", "out", "--regressions", "other.yaml"];
    let said = folder.run(
        3,
        &[&["--target", target, "--only", recv], &again[..]].concat(),
    );
    assert!(said.contains("is no capture of a run"), "{said}");
    assert_eq!(fs::read(first).expect("it is there"), changed);

    fs::remove_dir_all(folder.path("out")).expect("it can be removed");
    folder.run_with_captures("out");
    fs::write(first, "mine").expect("it can be written");
    folder.run(0, &[&QUICK[..], &["--out", "out"]].concat());
    assert_eq!(fs::read_to_string(first).expect("it is there"), "mine");
    assert!(others.iter().all(|file| !file.exists()));
}

#[test]
fn nothing_is_removed_through_a_link() {
    let folder = Folder::new();
    folder.run_with_captures("out");
    fs::rename(folder.path("out/captures"), folder.path("mine")).expect("it can be moved");
    symlink(folder.path("mine"), folder.path("out/captures")).expect("a link");
    let before = names(&folder.path("mine"));
    folder.run(
        0,
        &[&QUICK[..], &["--out", "out", "--capture", "none"]].concat(),
    );
    assert_eq!(names(&folder.path("mine")), before);
    let said = folder.run(2, &[&QUICK[..], &["--out", "out"]].concat());
    assert!(said.contains("out/captures is no folder"), "{said}");
}

#[test]
fn a_capture_that_no_run_has_written_is_not_replaced() {
    let folder = Folder::new();
    let captures = folder.run_with_captures("out");
    fs::remove_dir_all(folder.path("out")).expect("it can be removed");
    let name = captures[0]
        .strip_prefix(folder.path(""))
        .expect("it is in it");
    folder.write(&name.to_string_lossy(), "mine");
    let recv = "usocket.socket.recv/within-every-size";
    let target = "sim:?boot=boot.py";
    let said = folder.run(
        3,
        &[
            "--target", target, "--only", recv, "--seed", "1", "--out", "out",
        ],
    );
    assert!(said.contains("is no capture of a run"), "{said}");
    assert_eq!(folder.text(&name.to_string_lossy()), "mine");
}

#[rstest]
#[case("record.jsonl")]
#[case("report.html")]
#[case("report.md")]
#[case("junit.xml")]
fn a_file_that_no_run_has_written_is_not_replaced(#[case] name: &str) {
    let folder = Folder::new();
    folder.write(name, "mine");
    folder.write("captures/mine.pcap", "mine");
    let said = folder.run(2, &[&QUICK[..], &["--out", "."]].concat());
    assert!(
        said.contains(name) && said.contains("move it away"),
        "{said}"
    );
    assert_eq!(folder.text(name), "mine");
    fs::remove_file(folder.path(name)).expect("it can be removed");
    folder.run(0, &[&QUICK[..], &["--out", "."]].concat());
    assert_eq!(folder.text("captures/mine.pcap"), "mine");

    fs::rename(folder.path(name), folder.path("elsewhere")).expect("it can be moved");
    symlink(folder.path("elsewhere"), folder.path(name)).expect("a link");
    let before = folder.text("elsewhere");
    folder.run(2, &[&QUICK[..], &["--out", "."]].concat());
    assert_eq!(folder.text("elsewhere"), before);
}

#[test]
fn a_list_of_regressions_may_be_a_link_to_the_one_of_the_project() {
    let folder = Folder::new();
    folder.write("project.yaml", "# Ours.\n");
    folder.write("out/.trueline.lock", "");
    symlink(
        folder.path("project.yaml"),
        folder.path("out/regressions.yaml"),
    )
    .expect("a link");
    folder.run_with_captures("out");
    let link = fs::symlink_metadata(folder.path("out/regressions.yaml")).expect("it is there");
    assert!(link.is_symlink());
    assert!(folder.text("project.yaml").contains("usocket.socket.recv/"));
}

#[test]
fn what_another_run_adds_to_a_shared_list_meanwhile_is_kept() {
    let folder = Folder::new();
    folder.write("boot.py", DEFECT);
    mkfifo(&folder.path("go"), Mode::S_IRWXU).expect("a pipe");
    let agent = bench::trueline();
    let agent = agent.get_program().to_str().expect("it is text");
    folder.write(
        "board.sh",
        &format!("touch asked\nread word < go\nexec {agent} agent\n"),
    );
    let on = |target: &str, only: &str, out: &str| {
        let flags = [
            "--target",
            target,
            "--only",
            only,
            "--out",
            out,
            "--regressions",
            "ours.yaml",
        ];
        let mut command = folder.command(&["run"]);
        command.args(flags).args(["--seed", "1", "--cases", "8"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("it starts")
    };
    let [first, second] = [
        "usocket.socket.recv/within-every-size",
        "usocket.socket.recv/after-the-peers-close",
    ];
    let mut waiting = on("exec:sh board.sh?boot=boot.py", first, "a");
    while !folder.path("asked").exists() {
        assert_eq!(waiting.try_wait().expect("it can be asked"), None);
        std::thread::yield_now();
    }
    on("sim:?boot=boot.py", second, "b")
        .wait()
        .expect("it ends");
    let shared = || folder.text("ours.yaml");
    assert!(
        shared().contains(second) && !shared().contains(first),
        "{}",
        shared()
    );
    folder.write("go", "\n");
    waiting.wait().expect("it ends");
    assert!(
        shared().contains(second) && shared().contains(first),
        "{}",
        shared()
    );
}

#[test]
fn a_run_that_is_killed_leaves_the_inputs_that_failed() {
    let folder = Folder::new();
    folder.write("boot.py", DEFECT);
    let fails = "usocket.socket.recv/within-every-size";
    let passes = "usocket.socket.sendall/sends-all";
    let mut run = folder.command(&["run", "--target", "sim:?boot=boot.py", "--out", "out"]);
    // What comes behind the failure is not done before the run is killed.
    run.args(["--only", fails, "--only", passes, "--cases", "100000"]);
    run.args(["--jobs", "1", "--seed", "1"]);
    run.stdout(Stdio::null()).stderr(Stdio::null());
    let mut run = Endless(run.spawn().expect("it starts"));
    while !folder.path("out/regressions.yaml").exists() {
        assert_eq!(run.0.try_wait().expect("it can be asked"), None);
        std::thread::yield_now();
    }
    assert_eq!(run.end(Signal::SIGKILL), None);
    assert!(folder.text("out/regressions.yaml").contains(fails));
    let record = folder.text("out/record.jsonl");
    assert!(!record.contains("{\"line\":\"closing\""));
    folder.run(
        1,
        &[
            "--target",
            "sim:?boot=boot.py",
            "--only",
            fails,
            "--out",
            "out",
        ],
    );
    let failed = folder.record("out").cases;
    assert!(failed[0].id.ends_with("#regression-1"), "{failed:?}");
}

#[test]
fn a_list_of_regressions_that_cannot_be_kept_is_said_before_anything_is_run() {
    let folder = Folder::new();
    let said = folder.run(
        2,
        &[&QUICK[..], &["--regressions", "nowhere/ours.yaml"]].concat(),
    );
    assert!(
        said.contains("cannot be kept in nowhere/ours.yaml"),
        "{said}"
    );
    assert!(!folder.path("trueline-out/record.jsonl").exists());
}

const TARGETS: &[&str] = &["--target", "a", "--targets", "list.yaml"];
const DEVIATIONS: &[&str] = &["--deviations", "list.yaml"];
const REGRESSIONS: &[&str] = &["--regressions", "list.yaml"];

#[rstest]
#[case::targets(TARGETS, "targets: {}\ntargets: {a: {url: 'sim:'}}\n", "targets", (2, 1))]
#[case::a_target(TARGETS, "targets:\n  a: {url: 'sim:'}\n  a: {url: 'agent:'}\n", "a", (3, 2))]
#[case::a_url(TARGETS, "targets:\n  a:\n    url: 'sim:'\n    url: 'agent:'\n", "url", (4, 3))]
#[case::deviations(DEVIATIONS, "target: t\ndeviations: []\ntarget: u\n", "target", (3, 1))]
#[case::a_clause(
    REGRESSIONS,
    "usocket.x/y: [{n: '1'}]\nusocket.x/y: [{n: '2'}]\n",
    "usocket.x/y",
    (2, 1)
)]
#[case::a_name(REGRESSIONS, "usocket.x/y:\n- n: '1'\n  n: '2'\n", "n", (3, 2))]
fn a_key_that_stands_twice_is_told_with_both_places(
    #[case] arguments: &[&str],
    #[case] list: &str,
    #[case] key: &str,
    #[case] (line, first): (u32, u32),
) {
    let folder = Folder::new();
    folder.write("list.yaml", list);
    let said = folder.run(2, &[&QUICK[..], arguments].concat());
    let message = format!("`{key}` stands here a second time; the first one is in line {first}\n");
    assert!(said.contains(&message), "{said}");
    assert!(said.contains(&format!("list.yaml:{line}:")), "{said}");
    assert!(said.contains("help: keep one of them"), "{said}");
}

#[rstest]
#[case::no_literal("usocket.x/y:\n- {n: 'os.system('}\n", 2, "`n` is no Python literal")]
#[case::no_list("usocket.x/y: {n: '1'}\n", 1, "expected a sequence")]
#[case::no_inputs("usocket.x/y: [1]\n", 1, "expected a mapping, found the number `1`")]
#[case::no_yaml("usocket.x/y: [{n: '1'}\n", 2, "expected")]
#[case::a_control_character("a: &a []\nb: !!\0\n", 2, "control characters are not allowed")]
fn what_is_wrong_with_a_list_of_regressions_is_told_with_place_and_remedy(
    #[case] list: &str,
    #[case] line: u32,
    #[case] says: &str,
) {
    let folder = Folder::new();
    folder.write("list.yaml", list);
    let said = folder.run(2, &[&QUICK[..], REGRESSIONS].concat());
    assert!(said.contains(says), "{said}");
    assert!(said.contains(&format!("list.yaml:{line}:")), "{said}");
    assert!(said.contains("help: "), "{said}");
    assert_eq!(folder.text("list.yaml"), list);
}

/// What can stand where a file is expected.
#[derive(Clone, Copy, Debug)]
enum Odd {
    Pipe,
    Folder,
    Device,
    Endless,
    Deep,
}

impl Odd {
    fn make(self, path: &Path) {
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
        match self {
            Odd::Pipe => mkfifo(path, Mode::S_IRWXU).expect("a pipe"),
            Odd::Folder => fs::create_dir(path).expect("a folder"),
            Odd::Device => symlink("/dev/zero", path).expect("a link"),
            // It takes no room on the disk.
            Odd::Endless => {
                let file = File::create(path).expect("a file");
                file.set_len(1 << 40).expect("it can be long");
            }
            Odd::Deep => fs::write(path, "{a: ".repeat(200_000)).expect("a file"),
        }
    }

    /// What is said of it.
    fn says(self) -> &'static [&'static str] {
        match self {
            Odd::Pipe => &["it is a pipe"],
            Odd::Folder => &["it is a folder", "this is a folder"],
            Odd::Device => &["it is a device"],
            Odd::Endless => &["it is larger than"],
            Odd::Deep => &["stand in each other deeper than"],
        }
    }
}

#[rstest]
#[case::targets(&["--targets", "odd.yaml", "--target", "x"], "odd.yaml")]
#[case::deviations(&["--deviations", "odd.yaml"], "odd.yaml")]
#[case::regressions(&[], "trueline-out/regressions.yaml")]
#[case::named_regressions(&["--regressions", "odd.yaml"], "odd.yaml")]
#[case::pack(&["--pack", "pack"], "pack/odd.yaml")]
fn what_is_no_file_that_can_be_read_is_said(
    #[case] arguments: &[&str],
    #[case] name: &str,
    #[values(Odd::Pipe, Odd::Folder, Odd::Device, Odd::Endless, Odd::Deep)] odd: Odd,
) {
    let folder = Folder::new();
    folder.write("pack/pack.yaml", "pack: small\n");
    odd.make(&folder.path(name));
    let said = folder.run(2, &[&QUICK[..], arguments].concat());
    assert!(odd.says().iter().any(|says| said.contains(says)), "{said}");
    assert!(
        said.contains("odd.yaml") || said.contains("regressions.yaml"),
        "{said}"
    );
}

#[rstest]
fn a_list_of_targets_that_is_no_file_is_said_and_not_passed_over(
    #[values(Odd::Pipe, Odd::Folder, Odd::Device)] odd: Odd,
) {
    let folder = Folder::new();
    odd.make(&folder.path("targets.yaml"));
    let said = folder.run(2, &[&QUICK[..], &["--target", "board"]].concat());
    assert!(odd.says().iter().any(|says| said.contains(says)), "{said}");
}

#[rstest]
#[case::a_pipe(Odd::Pipe, "this is a pipe")]
#[case::a_device(Odd::Device, "this is a device")]
fn a_pack_that_is_no_folder_is_said(#[case] odd: Odd, #[case] says: &str) {
    let folder = Folder::new();
    odd.make(&folder.path("packs/odd"));
    let said = folder.ends(2, &["check", "packs/odd"]);
    assert!(said.contains(says), "{said}");
}

#[test]
fn a_folder_of_a_pack_that_is_too_deep_is_told_with_a_remedy() {
    let folder = Folder::new();
    folder.write("pack/pack.yaml", "pack: small\n");
    folder.write(
        &format!("pack/{}x.yaml", "a/".repeat(18)),
        "constants: {}\n",
    );
    let said = folder.ends(2, &["check", "pack"]);
    assert!(said.contains("deeper than 16 levels"), "{said}");
    assert!(said.contains("help: move it up"), "{said}");
}

#[rstest]
fn a_boot_file_that_cannot_be_read_is_said(
    #[values(Odd::Pipe, Odd::Folder, Odd::Device, Odd::Endless)] odd: Odd,
) {
    let folder = Folder::new();
    odd.make(&folder.path("boot.py"));
    let said = folder.run(
        3,
        &[&QUICK[..], &["--target", "sim:?boot=boot.py"]].concat(),
    );
    assert!(odd.says().iter().any(|says| said.contains(says)), "{said}");
}

#[rstest]
#[case::sim("sim:?boot=boot.py")]
#[case::agent("agent:?boot=boot.py")]
fn a_boot_file_that_raises_is_told_with_its_lines_and_a_remedy(#[case] target: &str) {
    let folder = Folder::new();
    let raises = "def f():\n    raise ValueError('b\\x1bad <b>' + 'z' * 3000)\nf()\n";
    folder.write("boot.py", raises);
    let said = folder.run(3, &[&QUICK[..], &["--target", target]].concat());
    for part in [
        "boot.py raised an exception on the target; mend it, or name another one with `boot=FILE`:",
        "line 3, in <module>",
        "line 2, in f",
        "ValueError: b\\x1bad <b>zzz",
        "more characters)",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("_t_load"), "{said}");
    assert!(!said.contains(&"z".repeat(1000)), "{said}");
    let page = folder.text("trueline-out/report.html");
    let below = page.split_once("The boot file boot.py raised an exception");
    let (_, below) = below.expect("it is a note");
    let (quoted, _) = below
        .split_once("</pre>")
        .expect("the traceback is a block");
    let (_, quoted) = quoted
        .split_once("<pre>")
        .expect("the traceback is a block");
    assert!(
        quoted.contains("Traceback (most recent call last):\n"),
        "{quoted}"
    );
    assert!(
        quoted.contains("ValueError: b\\x1bad &#60;b&#62;zzz"),
        "{quoted}"
    );
}

#[rstest]
fn a_record_that_cannot_be_read_is_said(
    #[values(Odd::Pipe, Odd::Folder, Odd::Device, Odd::Endless)] odd: Odd,
) {
    let folder = Folder::new();
    odd.make(&folder.path("out/record.jsonl"));
    for arguments in [&QUICK[..], &["--resume"]] {
        let said = folder.run(2, &[arguments, &["--out", "out"]].concat());
        let is = match odd {
            Odd::Pipe => "is a pipe",
            Odd::Folder => "is a folder",
            Odd::Device => "is a link",
            Odd::Endless | Odd::Deep => "is no record",
        };
        assert!(said.contains(&format!("out/record.jsonl {is}")), "{said}");
    }
}

#[test]
fn a_file_with_very_many_problems_is_read_in_good_time() {
    let folder = Folder::new();
    let mut constants = "constants:\n".to_owned();
    for number in 0..20_000 {
        constants.push_str(&format!(
            "  usocket.A{number}: {{value: 2, level: 5, says: x}}\n"
        ));
    }
    folder.write("pack/pack.yaml", "pack: small\n");
    folder.write("pack/constants.yaml", &constants);
    let said = folder.ends(2, &["check", "pack"]);
    assert!(said.contains("more problems; mend these first"), "{said}");
    assert!(said.len() < 100_000, "{} bytes were said", said.len());
    let entry =
        |number| format!("  - {{clauses: [no-such-{number}], reason: r, link: l, expires: e}}\n");
    let entries: String = (0..20_000).map(entry).collect();
    folder.write("list.yaml", &format!("target: t\ndeviations:\n{entries}"));
    let targets: String = (0..20_000)
        .map(|number| format!("  a{number}: {{url: 'sum:', bot: b.py}}\n"))
        .collect();
    folder.write("targets.yaml", &format!("targets:\n{targets}"));
    let inputs: String = (0..20_000)
        .map(|number| format!("- {{n: 'f({number}'}}\n"))
        .collect();
    folder.write("inputs.yaml", &format!("usocket.x/y:\n{inputs}"));
    for arguments in [
        ["--deviations", "list.yaml"],
        ["--target", "a1"],
        ["--regressions", "inputs.yaml"],
    ] {
        let said = folder.run(2, &arguments);
        assert!(said.contains("more problems; mend these first"), "{said}");
        assert!(said.len() < 100_000, "{} bytes were said", said.len());
    }
}

/// Aliases that stand for a thousand million values.
fn bomb() -> String {
    let level = |number: u32| {
        let below = format!("*a{}, ", number - 1).repeat(10);
        format!("a{number}: &a{number} [{below}]\n")
    };
    let levels: String = (1..10).map(level).collect();
    format!("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{levels}")
}

#[rstest]
#[case::targets(&["--targets", "pack/bomb.yaml", "--target", "x"])]
#[case::deviations(&["--deviations", "pack/bomb.yaml"])]
#[case::regressions(&["--regressions", "pack/bomb.yaml"])]
#[case::pack(&["--pack", "pack"])]
fn aliases_that_come_to_more_than_can_be_read_are_told_with_place_and_remedy(
    #[case] arguments: &[&str],
) {
    let folder = Folder::new();
    folder.write("pack/pack.yaml", "pack: small\n");
    folder.write("pack/bomb.yaml", &bomb());
    let said = folder.run(2, arguments);
    assert!(said.contains("more values than can be read"), "{said}");
    assert!(said.contains("bomb.yaml:"), "{said}");
    assert!(said.contains("write out what its aliases"), "{said}");
}

#[test]
fn a_list_is_read_on_behind_what_has_another_shape() {
    let folder = Folder::new();
    folder.write(
        "list.yaml",
        "target: t\ndeviations:\n- clauses: none\n  reason: r\n- 7\n- clauses: [none]\n",
    );
    let said = folder.run(2, &["--deviations", "list.yaml"]);
    for problem in [
        "list.yaml:3:12",
        "list.yaml:5:3",
        "list.yaml:6:13",
        "`link` is missing",
    ] {
        assert!(said.contains(problem), "{problem}: {said}");
    }
}

#[test]
fn a_word_of_a_list_is_taken_as_it_is_written() {
    let folder = Folder::new();
    folder.write(
        "targets.yaml",
        "targets:\n  x: {url: 'sim:', expect-version: 1.240}\n",
    );
    let said = folder.run(3, &["--target", "x"]);
    assert!(said.contains("1.240"), "{said}");
}

#[test]
fn a_password_in_a_line_of_its_own_is_not_shown() {
    let folder = Folder::new();
    let wifi = "wifi:\n      name: Lab\n      password:\n        hunter22\n";
    folder.write(
        "targets.yaml",
        &format!("targets:\n  x:\n    url: 'exec:a'\n    {wifi}"),
    );
    let said = folder.run(2, &["--target", "x"]);
    assert!(
        said.contains("a password does not stand in this file"),
        "{said}"
    );
    assert!(!said.contains("hunter22"), "{said}");
}
