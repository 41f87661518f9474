//! The examination of a bench: what is sound is said to be, what is not comes with its remedy, and a
//! target that goes away takes nothing with it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use insta::assert_snapshot;
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode;
use nix::unistd::{Pid, mkfifo};
use rstest::rstest;
use serde_json::Value;

use crate::bench;

fn doctor(folder: &Path, target: &str) -> Command {
    let mut command = bench::trueline();
    command.args(["doctor", "--target", target]);
    command.current_dir(folder);
    command
}

fn examined(folder: &Path, target: &str) -> Output {
    doctor(folder, target).output().expect("it starts")
}

fn here() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("it is text")
}

/// What differs from run to run are measures, which are numbers with a unit.
fn without_measures(text: &str) -> String {
    let mut words: Vec<_> = text.split(' ').map(str::to_owned).collect();
    for at in 1..words.len() {
        let is_unit = ["ms", "ms:", "bytes/s", "bytes/s\n", "bytes"];
        let is_unit = is_unit
            .iter()
            .any(|unit| words[at].trim_end().starts_with(unit));
        if is_unit && words[at - 1].parse::<f64>().is_ok() {
            words[at - 1] = "N".to_owned();
        }
    }
    words.join(" ")
}

#[test]
fn the_simulated_bench_is_sound() {
    let output = examined(here().path(), "sim:");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_snapshot!("doctor-sim", without_measures(&said(&output)));
}

#[test]
fn the_reference_agent_on_this_machine_is_sound() {
    let output = examined(here().path(), "agent:");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(
        said(&output).matches(" ok: ").count(),
        13,
        "{}",
        said(&output)
    );
}

#[rstest]
#[case::micropython("micropython", "exec:micropython")]
#[case::cpython("python3", "cpython:")]
fn interpreters_of_this_machine_are_sound(#[case] program: &str, #[case] target: &str) {
    if bench::part(program).is_none() {
        return;
    }
    let output = examined(here().path(), target);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn a_real_board_without_sockets_is_told_what_it_lacks() {
    const FIRMWARE: &str = "/usr/share/firmware-microbit-micropython/firmware.hex";
    if bench::part("qemu-system-arm").is_none() || !Path::new(FIRMWARE).is_file() {
        return;
    }
    let board = format!(
        "exec:qemu-system-arm -M microbit -device loader,file={FIRMWARE} -display none \
         -monitor none -serial stdio"
    );
    let output = examined(here().path(), &board);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let said = said(&output);
    // How the board says that it has no memory depends on where it had none.
    let (before, memory) = said.split_once("memory ").expect("it is examined");
    assert!(memory.contains("does not fit: "), "{memory}");
    assert_snapshot!("doctor-micro-bit", without_measures(before));
}

#[test]
fn a_command_that_is_not_there_leaves_the_rest_unexamined() {
    let output = examined(here().path(), "exec:no-such-interpreter");
    assert_eq!(output.status.code(), Some(3));
    assert_snapshot!("doctor-missing", said(&output));
}

#[test]
fn a_wrong_address_is_named_with_its_option() {
    let output = examined(here().path(), "agent:?peer=192.0.2.1");
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("`peer=IP` has to name an address of this machine"));
}

#[test]
fn a_bench_without_a_network_is_not_examined_for_one() {
    let folder = here();
    let list = "targets: {board: {url: 'agent:', without: [tcp, udp]}}\n";
    fs::write(folder.path().join("targets.yaml"), list).expect("it can be written");
    let output = examined(folder.path(), "board");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    for way in [
        "tcp-to-peer",
        "tcp-from-peer",
        "udp-to-peer",
        "udp-from-peer",
    ] {
        let line = format!("{way:<13}  not examined: the bench has no `");
        assert!(said(&output).contains(&line), "{}", said(&output));
    }
}

/// A board whose input ends after so many bytes, and it with it; it starts so often.
fn dying(folder: &Path, starts: u32) -> String {
    let agent = env!("CARGO_BIN_EXE_trueline");
    let script = format!(
        "echo >> starts\n[ $(wc -l < starts) -le {starts} ] || exit 1\n\
         dd bs=1 count=9000 2>/dev/null | {agent} agent\n"
    );
    fs::write(folder.join("board.sh"), script).expect("it can be written");
    "exec:sh board.sh".to_owned()
}

#[test]
fn a_target_that_dies_and_comes_back_is_examined_to_the_end() {
    let folder = here();
    let output = examined(folder.path(), &dying(folder.path(), 99));
    assert_eq!(output.status.code(), Some(3));
    let said = said(&output);
    assert!(said.contains("problem: the target went away"), "{said}");
    assert!(said.contains("a new start brought it back"), "{said}");
    assert!(!said.contains("not examined"), "{said}");
}

#[test]
fn what_a_lost_target_was_not_asked_is_not_examined() {
    let folder = here();
    let output = examined(folder.path(), &dying(folder.path(), 1));
    assert_eq!(output.status.code(), Some(3));
    let said = said(&output);
    assert!(said.contains("it did not come back"), "{said}");
    assert!(
        said.ends_with("not examined: the target was lost before\n"),
        "{said}"
    );
}

#[test]
fn scripts_get_one_document() {
    let folder = here();
    let output = doctor(folder.path(), "sim:").arg("--json").output();
    let output = output.expect("it starts");
    let document: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(document["format"], "trueline-doctor");
    assert_eq!(document["sound"], true);
    let examinations = document["examinations"].as_array().expect("a list");
    assert_eq!(examinations.len(), 13);
    assert_eq!(examinations[0]["what"], "link");
    assert_eq!(examinations[0]["state"], "ok");
    assert_eq!(examinations[0]["remedy"], Value::Null);
    assert_eq!(examinations[3]["state"], "not-examined");
}

#[test]
fn an_interrupt_ends_it() {
    let folder = here();
    let mut child = doctor(folder.path(), "exec:sh board.sh");
    // The board says when it is started, so that the interrupt comes while it is waited for.
    let script = "echo > started\nexec sleep 1000\n";
    fs::write(folder.path().join("board.sh"), script).expect("it can be written");
    let started = folder.path().join("started");
    mkfifo(&started, Mode::S_IRWXU).expect("a pipe can be made");
    let mut child = child.spawn().expect("it starts");
    fs::read(&started).expect("the board opens it");
    let id = Pid::from_raw(i32::try_from(child.id()).expect("ids are small"));
    kill(id, Signal::SIGINT).expect("it runs");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}
