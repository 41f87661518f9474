//! The command `trueline-agent` on each of its lines.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct Running(Child);

impl Running {
    fn start(repl: &str) -> Self {
        Self::of(Command::new(env!("CARGO_BIN_EXE_trueline-agent")).args(["--repl", repl]))
    }

    fn at(baud: &str, repl: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trueline-agent"));
        Self::of(command.args(["--repl", repl, "--baud", baud]))
    }

    fn of(command: &mut Command) -> Self {
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        Self(child.expect("the command is built before its tests"))
    }

    /// What it says that one connects to.
    fn address(&mut self) -> String {
        let output = self.0.stdout.take().expect("it is piped");
        let mut line = String::new();
        BufReader::new(output)
            .read_line(&mut line)
            .expect("it says where it is");
        line.trim_end()
            .strip_prefix("connect to ")
            .expect("it says where it is")
            .to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn until(input: &mut impl Read, end: &str) -> String {
    let mut text = Vec::new();
    while !text.ends_with(end.as_bytes()) {
        let mut byte = [0];
        input.read_exact(&mut byte).expect("the agent answers");
        text.push(byte[0]);
    }
    String::from_utf8(text).expect("the tests print UTF-8")
}

#[test]
fn on_the_standard_streams_the_end_of_input_ends_it() {
    let mut running = Running::start("stdio");
    let mut input = running.0.stdin.take().expect("it is piped");
    let mut output = running.0.stdout.take().expect("it is piped");
    input.write_all(b"1 + 1\r").expect("the agent listens");
    assert!(until(&mut output, "\r\n2\r\n>>> ").starts_with("MicroPython v1."));
    drop(input);
    assert!(running.0.wait().expect("it ends").success());
}

#[test]
fn on_a_port_one_client_follows_another_and_the_board_goes_on() {
    let mut running = Running::start("tcp:127.0.0.1:0");
    let address = running.address();
    let mut first = TcpStream::connect(&address).expect("it listens");
    first.write_all(b"x = 42\r").expect("the agent listens");
    until(&mut first, "x = 42\r\n>>> ");
    drop(first);
    let mut second = TcpStream::connect(&address).expect("it listens");
    second.write_all(b"x\r").expect("the agent listens");
    until(&mut second, "x\r\n42\r\n>>> ");
}

#[test]
fn a_place_that_is_none_is_refused_with_the_remedy() {
    let output = Command::new(env!("CARGO_BIN_EXE_trueline-agent"))
        .args(["--repl", "tcp:nowhere"])
        .output()
        .expect("the command is built before its tests");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("write it as `tcp:127.0.0.1:5555`"), "{said}");
}

/// What a command without a usable password says.
fn refusal(password: Option<&str>) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trueline-agent"));
    command.args(["--wlan", "lab", "--wlan-password-env", "LAB_PASSWORD"]);
    command.env_remove("LAB_PASSWORD");
    command.envs(password.map(|password| ("LAB_PASSWORD", password)));
    let output = command
        .output()
        .expect("the command is built before its tests");
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_network_in_reach_is_chosen_and_its_password_stays_in_the_environment() {
    let mut running = Running::of(
        Command::new(env!("CARGO_BIN_EXE_trueline-agent"))
            .args(["--wlan", "lab", "--wlan-password-env", "LAB_PASSWORD"])
            .env("LAB_PASSWORD", "correct horse"),
    );
    let mut input = running.0.stdin.take().expect("it is piped");
    let mut output = running.0.stdout.take().expect("it is piped");
    input
        .write_all(
            b"import network\rwl = network.WLAN()\rwl.active(1)\r\
              wl.connect('lab', 'correct horse')\rwl.isconnected()\r",
        )
        .expect("the agent listens");
    until(&mut output, "wl.isconnected()\r\nTrue\r\n>>> ");
}

#[test]
fn a_password_that_is_not_there_is_refused_with_the_remedy() {
    let said = refusal(None);
    assert!(
        said.contains("`LAB_PASSWORD` is not set; export it"),
        "{said}"
    );
    let said = refusal(Some(""));
    assert!(said.contains("`LAB_PASSWORD` is empty"), "{said}");
}

/// A program whose text is long, and whose answer is as long again.
fn long_program() -> (String, String) {
    let text: String = ('a'..='z').cycle().take(2500).collect();
    (
        format!("print('{text}')\x04"),
        format!("OK{text}\r\n\x04\x04>"),
    )
}

#[test]
fn on_a_slow_line_all_that_is_sent_arrives_both_ways() {
    let (program, answer) = long_program();
    let exchanges = |input: &mut dyn Write, output: &mut dyn Read| {
        input.write_all(b"\r\x01").expect("the agent listens");
        until(&mut &mut *output, "raw REPL; CTRL-B to exit\r\n>");
        input.write_all(program.as_bytes()).expect("it listens");
        assert_eq!(until(&mut &mut *output, "\x04\x04>"), answer);
    };

    let mut running = Running::at("115200", "tcp:127.0.0.1:0");
    let address = running.address();
    let mut stream = TcpStream::connect(&address).expect("it listens");
    let mut input = stream.try_clone().expect("a socket can be cloned");
    exchanges(&mut input, &mut stream);

    let mut running = Running::at("115200", "pty");
    let device = File::options()
        .read(true)
        .write(true)
        .open(running.address())
        .expect("the device is there");
    exchanges(&mut &device, &mut &device);

    let mut running = Running::at("115200", "stdio");
    let mut input = running.0.stdin.take().expect("it is piped");
    let mut output = running.0.stdout.take().expect("it is piped");
    exchanges(&mut input, &mut output);
}

#[test]
fn a_slow_line_is_never_faster_than_its_speed() {
    let mut running = Running::at("9600", "stdio");
    let mut input = running.0.stdin.take().expect("it is piped");
    let mut output = running.0.stdout.take().expect("it is piped");
    until(&mut output, ">>> ");
    let program = format!("print(len('{}'))\r", "x".repeat(300));
    let begun = Instant::now();
    input.write_all(program.as_bytes()).expect("it listens");
    // A busy machine makes it slower, and nothing makes it faster.
    until(&mut output, "\r\n300\r\n>>> ");
    assert!(begun.elapsed() >= Duration::from_secs(program.len() as u64) / 960);
}

#[test]
fn an_interrupt_gets_through_while_the_line_is_full() {
    let mut running = Running::at("115200", "tcp:127.0.0.1:0");
    let address = running.address();
    let mut stream = TcpStream::connect(&address).expect("it listens");
    stream
        .write_all(b"while True: print('more and more')\r\r")
        .expect("the agent listens");
    until(&mut stream, "more and more\r\nmore and more\r\n");
    stream.write_all(b"\x03").expect("the agent listens");
    until(&mut stream, "KeyboardInterrupt: \r\n>>> ");
}

#[test]
fn a_slow_line_sends_all_that_was_said_before_it_ends() {
    let mut running = Running::at("9600", "stdio");
    let mut input = running.0.stdin.take().expect("it is piped");
    let mut output = running.0.stdout.take().expect("it is piped");
    until(&mut output, ">>> ");
    input.write_all(b"print('z' * 100)\r").expect("it listens");
    // The rest is on its way when the input ends.
    until(&mut output, ")\r\n");
    until(&mut output, "z");
    drop(input);
    let mut rest = String::new();
    output
        .read_to_string(&mut rest)
        .expect("the tests print UTF-8");
    assert!(rest.starts_with(&"z".repeat(99)), "{rest}");
    assert!(running.0.wait().expect("it ends").success());
}

#[test]
fn a_speed_that_no_line_has_is_refused_with_the_remedy() {
    for speed in ["0", "-1", "fast", "4000001", "99999999999"] {
        let output = Command::new(env!("CARGO_BIN_EXE_trueline-agent"))
            .arg(format!("--baud={speed}"))
            .output()
            .expect("the command is built before its tests");
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("a speed from 50 to 4000000"), "{said}");
    }
}
