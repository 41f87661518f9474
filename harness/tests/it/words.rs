//! Claims about what people read: a command line that is wrong, a bad line, a target that is away
//! for a while, and what a terminal shows.

use std::fs;
use std::process::{Command, Output, Stdio};

use rstest::rstest;

use crate::bench;
use crate::small_pack::{SmallPack, complained, printed, text};

fn said(arguments: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = bench::trueline();
    let output = command.args(arguments).current_dir(folder.path()).output();
    let output = output.expect("it starts");
    (output.status.code(), complained(&output))
}

#[rstest]
#[case(&["run", "--jobs", "0"], "`0` is no value for `--jobs <N>`: it takes a whole number from 1 to 64")]
#[case(&["run", "--jobs", "many"], "a whole number from 1 to 64")]
#[case(&["run", "--seed", "abc"], "`abc` is no value for `--seed <N>`: it takes a whole number from 0")]
#[case(&["plan", "--seed=-1"], "a whole number from 0")]
#[case(&["run", "--seed", "-1"], "`-1` is no value for `--seed <N>`: it takes a whole number from 0")]
#[case(&["plan", "--cases", "-5"], "a whole number from 1 to 100000")]
#[case(&["run", "--jobs", "-1"], "a whole number from 1 to 64")]
#[case(&["run", "--retries", "-1.5"], "a whole number from 0 to 100")]
#[case(&["agent", "--baud", "-1"], "expected a speed from")]
#[case(&["run", "--out", "-1"], "`--out <DIR>` needs a value behind it, and there is no flag `-1` here")]
#[case(&["run", "--only", "--sede"], "`--only <GLOB>` needs a value behind it")]
#[case(&["run", "--resume=out"], "`--resume` takes no value, and `out` is one")]
#[case(&["plan", "--cases", "0"], "a whole number from 1 to 100000")]
#[case(&["plan", "--cases", "1e3"], "a whole number from 1 to 100000")]
#[case(&["run", "--capture", "some"], "it takes `all` or `failures` or `none`")]
#[case(&["run", "--capture", "failure"], "did you mean `failures`?")]
#[case(&["run", "--sede", "1"], "there is no flag `--sede` here; did you mean `--seed`?")]
#[case(&["run", "--out"], "`--out <DIR>` needs a value behind it")]
#[case(&["run", "--seed", "1", "--seed", "2"], "is given twice; give it once")]
#[case(&["chekc"], "there is no command `chekc`; did you mean `check`?")]
#[case(&["rum"], "there is no command `rum`; did you mean `run`?")]
#[case(&["check", "a", "b"], "nothing is known of `b` here; `trueline check --help`")]
#[case(&["check", "a", "--pack", "b"], "cannot be given together; leave one out")]
#[case(&["pages"], "`--out <DIR>` is missing; `trueline pages --help`")]
#[case(&["schema", "all"], "it takes `pack` or `items` or `firmwares` or `targets`")]
#[case(&["agent", "--repl", "usb"], "expected `stdio`, `pty` or `tcp:ADDRESS`")]
#[case(&["agent", "--baud", "0"], "expected a speed from")]
#[case(&["run", "--color", "red"], "it takes `auto` or `always` or `never`")]
#[case(&["plan", "--target", "exec:micropython?bot=x"], "is `boot=FILE` meant?")]
#[case(&["plan", "--pack", "none"], "built in: `waffle-nano-socket`")]
#[case(&["run", "--only", ""], "`--only ''` is no pattern: it is empty")]
#[case(&["run", "sim:"], "`sim:` is no pack, and a target is named by --target: give `--target sim:`")]
#[case(&["plan", "--target", "sim:", "agent:?boot=b.py"], "give `--target agent:?boot=b.py`")]
#[case(&["run", "--out", "/proc/x"], "/proc takes no new folder")]
#[case(&["pages", "--out", "/proc/x/y"], "/proc takes no new folder")]
#[case(&["run", "--target", "tcp:bench:1?baud=4294967296"], "a number of bits a second from 1 to 4294967295")]
fn a_wrong_command_line_is_told_with_what_would_be_right(
    #[case] arguments: &[&str],
    #[case] says: &str,
) {
    let (code, told) = said(arguments);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.starts_with("error: ") && told.contains(says), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}

#[rstest]
#[case("exec:true", "ended with exit status 0")]
#[case("exec:false", "ended with exit status 1")]
#[case("exec:echo hello", "it said last: `hello`")]
#[case("cpython:/bin/false", "ended with exit status 1")]
fn a_command_that_is_no_target_is_told_with_what_would_be_one(
    #[case] target: &str,
    #[case] says: &str,
) {
    let (code, told) = said(&["run", "--only", "usocket.AF_INET", "--target", target]);
    assert_eq!(code, Some(3), "{told}");
    // Where the console breaks a line is none of this test's.
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains(says), "{told}");
    let example = match target.starts_with("exec:") {
        true => "as `exec:micropython`",
        false => "as `cpython:python3`",
    };
    assert!(told.contains(example), "{told}");
}

#[test]
fn nothing_of_a_command_line_acts_on_the_terminal() {
    let hostile = "\u{1b}]0;x\u{7}\u{9b}2J";
    for arguments in [
        &["run", "--seed", hostile][..],
        &["check", hostile],
        &["run", "--target", hostile],
        &["plan", "--only", hostile],
        &[hostile],
    ] {
        let (_, told) = said(arguments);
        assert!(!told.trim_end().contains(char::is_control), "{told:?}");
        assert!(told.contains("\\x1b]0;x\\x07\\x9b2J"), "{told}");
    }
}

#[test]
fn nothing_of_a_pack_acts_on_the_terminal() {
    let small = SmallPack::new();
    let file = small.pack().join("pack.yaml");
    let hostile = text(&file).replace("title: Functions", r#"title: "\e]0;x\a\x9b2J""#);
    fs::write(&file, hostile).expect("a file");
    for arguments in [
        &["coverage"][..],
        &["coverage", "--json"],
        &["plan"],
        &["check"],
    ] {
        let mut command = small.trueline(arguments[0]);
        let output = command.arg("pack").args(&arguments[1..]).output();
        let told = printed(&output.expect("it starts"));
        let acts = |c: char| c.is_control() && c != '\n';
        assert!(!told.is_empty() && !told.contains(acts), "{told:?}");
    }
}

#[test]
fn every_command_takes_its_pack_either_way() {
    let small = SmallPack::new();
    for command in ["check", "coverage", "plan"] {
        let run = |pack: &[&str]| {
            let output = small.trueline(command).args(pack).output();
            printed(&output.expect("it starts"))
        };
        let told = run(&["pack"]);
        assert!(told.contains("small 1.2.3"), "{command}: {told}");
        assert_eq!(run(&["--pack", "pack"]), told, "{command}");
        let built_in = run(&["--pack", "waffle-nano-socket"]);
        assert!(
            built_in.contains("waffle-nano-socket 1."),
            "{command}: {built_in}"
        );
        assert_eq!(run(&[]), built_in, "{command}");
    }
}

#[test]
fn one_is_told_as_one() {
    let small = SmallPack::new();
    let one = ["--only", "usocket.AF_INET", "--seed", "1", "--out", "out"];
    let run = |command: &str| {
        let output = small.trueline(command).arg("pack").args(one).output();
        printed(&output.expect("it starts"))
    };
    let plan = run("plan");
    assert!(plan.contains(": 1 clause (1 must"), "{plan}");
    assert!(plan.contains("), 1 case\n"), "{plan}");
    assert!(run("run").contains(": 1 clause, 1 case, seed 1"));
    assert!(text(&small.out().join("report.md")).contains("| Plan | 1 clause, 1 case,"));
    assert!(text(&small.out().join("report.html")).contains("1 clause, 1 case,"));
}

fn run_on(target: &str, only: &str) -> (Output, String) {
    let out = tempfile::tempdir().expect("a folder");
    let output = bench::trueline()
        .args([
            "run", "--cases", "2", "--seed", "1", "--only", only, "--target", target, "--out",
        ])
        .arg(out.path())
        .output()
        .expect("it starts");
    let report = text(&out.path().join("report.md"));
    (output, report)
}

#[test]
fn what_kept_a_target_from_opening_stands_before_every_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let boot = folder.path().join("boot.py");
    fs::write(&boot, "raise OSError(5)\n").expect("a file");
    let (output, report) = run_on(
        &format!("agent:?boot={}", boot.display()),
        "usocket.AF_INET",
    );
    assert_eq!(output.status.code(), Some(3));
    let cause = report
        .find("raised an exception on the target")
        .expect("it is told");
    assert!(report.contains("\n    OSError: "), "{report}");
    assert!(
        cause < report.find("\n|").expect("there are tables"),
        "{report}"
    );
}

/// A board behind a terminal that loses bytes of what is sent to it.
fn lossy(one_in: u32) -> String {
    let script = format!(
        "import os, subprocess, sys, threading\n\
         agent = subprocess.Popen([sys.argv[1], 'agent', '--repl', 'stdio'], \
         stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)\n\
         def back():\n \
         while True:\n  \
         said = os.read(agent.stdout.fileno(), 4096)\n  \
         if not said: os._exit(0)\n  \
         os.write(1, said)\n\
         threading.Thread(target=back, daemon=True).start()\n\
         count = 0\n\
         while True:\n \
         given = os.read(0, 4096)\n \
         if not given: break\n \
         kept = b''\n \
         for byte in given:\n  \
         count += byte >= 32\n  \
         if byte < 32 or count % {one_in}: kept += bytes([byte])\n \
         agent.stdin.write(kept)\n"
    );
    let program = shlex::try_quote(&script)
        .expect("it has no zero")
        .into_owned();
    format!(
        "exec:python3 -c {program} {}",
        env!("CARGO_BIN_EXE_trueline")
    )
}

/// A board that dies for good when it is asked to take a program, and says so.
const DIES: &str = "\
import os, subprocess, sys, threading
if os.path.exists(sys.argv[2]):
    sys.exit(12)
agent = subprocess.Popen([sys.argv[1], 'agent', '--repl', 'stdio'],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
def back():
    while True:
        said = os.read(agent.stdout.fileno(), 4096)
        if not said:
            break
        os.write(1, said)
threading.Thread(target=back, daemon=True).start()
requests = 0
while True:
    given = os.read(0, 4096)
    requests += given.count(b'\\x05A')
    if requests > 40 or not given:
        open(sys.argv[2], 'w').close()
        agent.kill()
        agent.wait()
        os.write(1, b'Segmentation fault\\r\\n')
        sys.exit(11)
    agent.stdin.write(given)
";

#[test]
fn a_command_that_dies_is_said_to_have_died() {
    if bench::part("python3").is_none() {
        return;
    }
    let small = SmallPack::new();
    let script = small.write("board.py", DIES);
    let agent = env!("CARGO_BIN_EXE_trueline");
    let dead = small.pack().join("../dead");
    let (output, report) = run_on(
        &format!(
            "exec:python3 {} {agent} {}",
            script.display(),
            dead.display()
        ),
        "usocket.socket.recv/*",
    );
    let told = complained(&output);
    assert!(told.contains("it ended with exit status 11"), "{told}");
    assert!(told.contains("Segmentation fault"), "{told}");
    let protocol = |text: &str| text.contains("raw REPL") || text.contains("raw paste");
    assert!(!protocol(&told) && !protocol(&report), "{told}");
}

#[rstest]
#[case::rarely(97)]
#[case::often(11)]
fn a_line_that_loses_bytes_is_called_bad(#[case] one_in: u32) {
    if bench::part("python3").is_none() {
        return;
    }
    let (output, _) = run_on(&lossy(one_in), "usocket.socket.recv/at-most-bufsize");
    let told = complained(&output);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("the line to the target is bad: "), "{told}");
    assert!(told.contains("check the line's speed"), "{told}");
}

/// A board that ends at the interrupt of a program without end, and that can be started again a
/// second later.
const GOES_AWAY: &str = "\
import os, subprocess, sys, threading, time
left = sys.argv[2]
if os.path.exists(left) and time.time() - os.path.getmtime(left) < 1:
    sys.exit('no such device')
agent = subprocess.Popen([sys.argv[1], 'agent', '--repl', 'stdio'],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
def back():
    while True:
        said = os.read(agent.stdout.fileno(), 4096)
        if not said:
            os._exit(0)
        os.write(1, said)
threading.Thread(target=back, daemon=True).start()
seen = b''
while True:
    given = os.read(0, 4096)
    seen += given
    if b'while True' in seen and b'\\x03' in given:
        open(left, 'w').close()
        agent.kill()
        os._exit(0)
    if not given:
        break
    agent.stdin.write(given)
";

#[test]
fn a_command_that_cannot_be_started_for_a_while_is_waited_for() {
    if bench::part("python3").is_none() {
        return;
    }
    let small = SmallPack::new();
    let script = small.write("board.py", GOES_AWAY);
    // The first clause has to be interrupted, after which the command ends.
    small.write(
        "pack/hangs.yaml",
        "examples:\n  example.hangs:\n    level: may\n    basis: documented\n    says: It ends.\n    \
         deadline: 1s\n    program: |\n      while True: pass\n    expect: {stdout: \"\"}\n",
    );
    let left = small.pack().join("../left");
    let target = format!(
        "exec:python3 {} {} {}",
        script.display(),
        env!("CARGO_BIN_EXE_trueline"),
        left.display()
    );
    let output = small.run_on("1780000000", &["--target", &target]);
    let record = text(&small.out().join("record.jsonl"));
    assert!(left.exists(), "it went away: {record}");
    assert!(record.contains("brought back by a new start"), "{record}");
    assert!(!record.contains("no such device"), "{record}");
    let told = printed(&output);
    assert!(told.contains("fail usocket.SOCK_STREAM/value"), "{told}");
}

/// What a command shows on a terminal with so many columns; `None` where none can be had.
fn shown(columns: u16, small: &SmallPack, arguments: &[&str]) -> Option<String> {
    bench::part("python3")?;
    // It prints what the terminal is sent.
    let script = "import fcntl, os, pty, struct, sys, termios\n\
                  def run():\n \
                  size = struct.pack('HHHH', 24, int(sys.argv[1]), 0, 0)\n \
                  fcntl.ioctl(1, termios.TIOCSWINSZ, size)\n \
                  os.execv(sys.argv[2], sys.argv[2:])\n\
                  pid, terminal = pty.fork()\n\
                  if pid == 0: run()\n\
                  while True:\n \
                  try: said = os.read(terminal, 4096)\n \
                  except OSError: break\n \
                  if not said: break\n \
                  os.write(1, said)\n";
    let output = Command::new("python3")
        .args(["-c", script, &columns.to_string()])
        .arg(env!("CARGO_BIN_EXE_trueline"))
        .args(arguments)
        .current_dir(small.pack().join(".."))
        .env("NO_COLOR", "1")
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .output()
        .expect("it starts");
    Some(printed(&output))
}

/// The text without its line breaks and the room that follows them.
fn joined(lines: &[&str]) -> String {
    lines
        .iter()
        .map(|line| line.trim())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A run with a finding and something to say at its end.
const FINDING: [&str; 10] = [
    "run",
    "pack",
    "--seed",
    "1",
    "--cases",
    "2",
    "--only",
    "usocket.SOCK_STREAM",
    "--only",
    "example.sum",
];

#[test]
fn a_terminal_shows_each_finding_once_and_breaks_lines_between_words() {
    let Some(shown) = shown(60, &SmallPack::new(), &FINDING) else {
        return;
    };
    let heading = "fail usocket.SOCK_STREAM";
    assert_eq!(shown.matches(heading).count(), 1, "{shown}");
    let results = &shown[shown.find(heading).expect("it is there")..];
    let lines: Vec<_> = results.lines().map(str::trim_end).collect();
    assert!(
        lines.iter().all(|line| line.chars().count() <= 60),
        "{lines:#?}"
    );
    let whole = joined(&lines);
    assert!(
        whole.contains("this says nothing of the others."),
        "{whole}"
    );
}

#[test]
fn results_and_progress_in_one_file_show_each_finding_once() {
    let small = SmallPack::new();
    let both = small.pack().join("../said");
    let file = fs::File::create(&both).expect("a file");
    let mut command = bench::trueline();
    command.args(FINDING).current_dir(small.pack().join(".."));
    command.stderr(file.try_clone().expect("it can be shared"));
    let status = command.stdout(file).status().expect("it starts");
    assert_eq!(status.code(), Some(1));
    let said = text(&both);
    assert_eq!(
        said.matches("fail usocket.SOCK_STREAM").count(),
        1,
        "{said}"
    );
}

#[rstest]
fn listings_fit_a_terminal(
    #[values(40, 60, 80)] columns: u16,
    #[values(&["plan"], &["coverage"], &["check"], &["plan", "pack"], &["coverage", "pack"])]
    arguments: &[&str],
) {
    let Some(shown) = shown(columns, &SmallPack::new(), arguments) else {
        return;
    };
    let lines: Vec<_> = shown.lines().map(str::trim_end).collect();
    for line in &lines {
        // An id is one word.
        let is_word = !line.trim().contains(' ');
        assert!(
            is_word || line.chars().count() <= usize::from(columns),
            "{line}"
        );
    }
    let last = match arguments[0] {
        "plan" => "cases plan ",
        "coverage" => "items have a clause (",
        _ => "among them",
    };
    let whole = joined(&lines);
    assert!(whole.contains(last), "{whole}");
}
