//! Claims about boards in a labgrid farm: they are waited for, used, and let go, however the run
//! ends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{ChildStderr, Output};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::farm_bench::{Farm, has_parts};
use crate::running::Running;

fn folder() -> TempDir {
    TempDir::new().expect("a temporary folder can be made")
}

/// Runs one clause on a target.
fn one_clause(farm: &Farm, target: &str) -> Output {
    let out = folder();
    let mut command = farm.run(target, out.path());
    command.args(["--only", "usocket.AF_INET"]);
    command.output().expect("the command starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A run that goes on.
struct Run {
    running: Running,
    stderr: BufReader<ChildStderr>,
    _out: TempDir,
}

impl Run {
    fn begin(farm: &Farm, target: &str, only: &str) -> Run {
        let out = folder();
        let mut command = farm.run(target, out.path());
        let child = command.args(["--only", only]).spawn();
        let mut running = Running(child.expect("the command starts"));
        let stderr = running.0.stderr.take().expect("it is piped");
        Run {
            running,
            stderr: BufReader::new(stderr),
            _out: out,
        }
    }

    /// Waits until it has said something.
    fn says(&mut self, text: &str) -> String {
        let mut all = String::new();
        while !all.contains(text) {
            let read = self.stderr.read_line(&mut all).expect("it prints UTF-8");
            assert!(read > 0, "it did not say `{text}` but: {all}");
        }
        all
    }

    fn signal(&self, signal: Signal) {
        let process = i32::try_from(self.running.0.id()).expect("it has a process id");
        kill(Pid::from_raw(process), signal).expect("it still runs");
    }

    /// Waits for its end; gives its exit code, if it has one.
    fn ends(&mut self) -> Option<i32> {
        let mut rest = String::new();
        self.stderr
            .read_to_string(&mut rest)
            .expect("it prints UTF-8");
        self.running.0.wait().expect("it is waited for once").code()
    }
}

#[test]
fn a_place_is_used_by_name_or_by_tag_and_free_when_the_run_has_ended() {
    if !has_parts() {
        return;
    }
    let farm = Farm::start();
    for target in [
        "labgrid:plain",
        "labgrid:controlled",
        "labgrid:?tag=board=agent&tag=line=plain",
        "labgrid:?tag=board=agent",
        &format!("labgrid:plain?coordinator={}", farm.coordinator()),
    ] {
        let output = one_clause(&farm, target);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{target}: {}",
            stderr(&output)
        );
        assert!(farm.is_free(), "{target} is still held");
    }
}

#[test]
fn a_place_that_somebody_holds_is_waited_for() {
    if !has_parts() {
        return;
    }
    let farm = Farm::start();
    farm.ask("bob", &["-p", "plain", "acquire"]);
    let mut run = Run::begin(&farm, "labgrid:plain", "usocket.AF_INET");
    let said = run.says("waiting for a place with name=plain");
    assert!(
        said.contains("`plain` is held by") && said.contains("/bob"),
        "{said}"
    );
    farm.ask("bob", &["-p", "plain", "release"]);
    run.says("the place `plain` is acquired");
    assert_eq!(run.ends(), Some(0));
    assert!(farm.is_free());
}

#[test]
fn the_waiting_ends_when_the_user_wants_it() {
    if !has_parts() {
        return;
    }
    let farm = Farm::start();
    farm.ask("bob", &["-p", "plain", "acquire"]);
    let mut run = Run::begin(&farm, "labgrid:plain", "*");
    run.says("waiting for a place");
    run.signal(Signal::SIGINT);
    assert_eq!(run.ends(), Some(130));
    assert!(farm.ask("me", &["reservations"]).is_empty());
    assert!(
        farm.ask("me", &["who"]).contains("bob"),
        "it is still bob's"
    );
}

#[test]
fn a_run_that_is_cut_off_lets_its_place_go() {
    if !has_parts() {
        return;
    }
    let farm = Farm::start();
    // Who is killed cannot wait until it is let go.
    for (signal, code, looks) in [
        (Signal::SIGINT, Some(130), 1),
        (Signal::SIGTERM, Some(130), 1),
        (Signal::SIGKILL, None, 100),
    ] {
        let mut run = Run::begin(&farm, "labgrid:plain", "*");
        run.says("the place `plain` is acquired");
        assert!(!farm.is_free());
        run.signal(signal);
        assert_eq!(run.ends(), code);
        assert!(
            (0..looks).any(|_| farm.is_free()),
            "it is held after {signal}"
        );
    }
}

#[test]
fn a_place_whose_board_does_not_answer_is_let_go() {
    if !has_parts() {
        return;
    }
    let farm = Farm::start();
    let output = one_clause(&farm, "labgrid:astray");
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr(&output).contains("nothing listens at"),
        "{}",
        stderr(&output)
    );
    assert!(farm.is_free());
}

#[test]
fn a_place_that_is_ones_own_already_is_told_and_stays_so() {
    if !has_parts() {
        return;
    }
    let farm = Farm::start();
    farm.ask("me", &["-p", "plain", "acquire"]);
    let output = one_clause(&farm, "labgrid:plain");
    assert_eq!(output.status.code(), Some(3));
    let says = stderr(&output);
    assert!(says.contains("`plain` is yours already"), "{says}");
    assert!(says.contains("labgrid-client -p plain release"), "{says}");
    assert!(
        farm.ask("me", &["who"]).contains("plain"),
        "it is still held"
    );
}

#[test]
fn a_job_that_finds_no_board_holds_nobody_up() {
    if !has_parts() {
        return;
    }
    let farm = Farm::start();
    for target in ["labgrid:plain", "labgrid:?tag=line=plain"] {
        let out = folder();
        let mut command = farm.run(target, out.path());
        command.args(["--only", "usocket.AF_INET*", "--jobs", "2"]);
        let output = command.output().expect("the command starts");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let says = stderr(&output);
        assert_eq!(says.matches("is acquired").count(), 1, "{says}");
        assert!(farm.is_free());
    }
}

#[test]
fn what_is_in_no_farm_is_told_with_what_is_there() {
    if !has_parts() {
        return;
    }
    let farm = Farm::start();
    for (target, says) in [
        (
            "labgrid:plane",
            "the places of the farm are `astray`, `controlled board=agent`, `plain",
        ),
        (
            "labgrid:?tag=board=waffle",
            "no place of the farm has board=waffle",
        ),
        (
            "labgrid:plain?coordinator=127.0.0.1:1",
            "Could not connect to coordinator",
        ),
    ] {
        let output = one_clause(&farm, target);
        assert_eq!(output.status.code(), Some(3), "{target}");
        assert!(
            stderr(&output).contains(says),
            "{target}: {}",
            stderr(&output)
        );
    }
    let out = folder();
    let mut command = farm.run("labgrid:plain", out.path());
    let output = command.env("PATH", "/usr/bin:/bin").output();
    let output = output.expect("the command starts");
    assert!(
        stderr(&output).contains("pip install labgrid"),
        "{}",
        stderr(&output)
    );
}
