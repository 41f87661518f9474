//! That a Wi-Fi password leaves no trace, whatever a target does with it: neither in what is printed
//! nor in any file of the run.

use std::fs;
use std::path::Path;
use std::process::Output;

use rstest::rstest;

use crate::bench;
use crate::small_pack::SmallPack;

/// With everything in it that Python escapes; a part of it that stands anywhere is a leak.
const PASSWORD: &str = r#"it's "my\core-secret" \n"#;
const PART: &str = "core-sec";
const MARK: &str = "<wifi-password>";

const LIST: &str = "\
targets:
  leak:
    url: cpython:python3
    boot: boot.py
    wifi: {name: env:LAB_NAME, password: env:LAB_PASSWORD}
  other:
    url: cpython:python3
    wifi: {name: Lab, password: env:NOT_SET_ANYWHERE}
";

/// A board's `network`, as far as the document's programs use it.
const NETWORK: &str = "\
import os, socket, sys
pw = wifi_password
class Network: pass
network = Network()
class WLAN:
 def connect(self, name, password):
  network.joined = password.encode()
  print('joined', name, 'as told' if (name, password) == (wifi_name, pw) else 'otherwise')
network.WLAN = WLAN
sys.modules['network'] = network
";

/// A documented program that joins the document's network, and tells its peer what it said there.
const JOINS: &str = "\
examples:
  example.joins:
    level: must
    basis: documented
    says: It joins the network, and sends what it has to say.
    needs: [wlan, tcp]
    places: {wlan.ssid: Document-Net, wlan.password: documented1, peer.address: 192.168.50.66, peer.port: 5000}
    program: |
      import network
      network.WLAN().connect('Document-Net','documented1')
      import usocket as socket
      s = socket.socket()
      s.connect((\"192.168.50.66\",5000))
      s.send(network.joined)
      s.close()
    peer: [listen, accept, {receive: {until: eof, as: heard}}]
    expect:
      - heard == b'nothing'
      - stdout == ''
";

fn leaking(boot: &str, name: &str, password: &str) -> (SmallPack, Output) {
    let small = SmallPack::new();
    small.write("targets.yaml", LIST);
    small.write("boot.py", &format!("{NETWORK}{boot}"));
    small.write("pack/joins.yaml", JOINS);
    let output = small
        .trueline("run")
        .args([
            "--pack", "pack", "--out", "out", "--cases", "2", "--seed", "1",
        ])
        .args(["--target", "leak"])
        .env("LAB_NAME", name)
        .env("LAB_PASSWORD", password)
        .output()
        .expect("it starts");
    (small, output)
}

/// Everything that was printed or written.
fn all_output(small: &SmallPack, output: &Output) -> String {
    let mut all = String::from_utf8_lossy(&output.stdout).into_owned();
    all.push_str(&String::from_utf8_lossy(&output.stderr));
    read_below(&small.out(), &mut all);
    all
}

fn read_below(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_below(&path, all);
        } else {
            all.push_str(&String::from_utf8_lossy(&fs::read(&path).expect("a file")));
        }
    }
}

#[rstest]
#[case::prints(
    "\
def leak(*_):
 print(pw)
 print([pw, pw.encode(), bytearray(pw.encode())], repr(repr(pw)), pw.encode().hex())
 return []
socket.getaddrinfo = leak
"
)]
#[case::raises(
    "\
def leak(*_): raise OSError(5, pw)
socket.getaddrinfo = leak
"
)]
#[case::observes(
    "\
socket.AF_INET = [pw, pw.encode(), (pw,), {pw: [bytearray(pw.encode())]}]
socket.SOCK_STREAM = 'x' * 575 + pw
socket.SOCK_DGRAM = repr([repr(pw), pw])
"
)]
#[case::garbles(
    "\
def leak(*_):
 sys.stdout.write('\\x04' + pw + '\\x04>\\x04' + repr(pw))
 sys.stdout.flush()
socket.getaddrinfo = leak
"
)]
#[case::dies(
    "\
def leak(*_):
 print(pw, 'x' * 150)
 sys.stdout.flush()
 os._exit(3)
socket.getaddrinfo = leak
"
)]
#[case::is_called_so(
    "\
sys.version = 'built with ' + pw
sys.platform = sys.implementation.name = pw
"
)]
#[case::does_not_boot("raise ValueError(pw, 'x' * 170 + pw)\n")]
#[case::boots_into_garbage(
    "\
sys.stdout.write('\\x04\\x04' + pw + '\\x04')
sys.stdout.flush()
os._exit(0)
"
)]
#[case::sends_it_to_a_peer("")]
fn a_password_is_in_no_output(#[case] boot: &str) {
    if bench::part("python3").is_none() {
        return;
    }
    let (small, output) = leaking(boot, "Lab 'two'", PASSWORD);
    let all = all_output(&small, &output);
    assert!(matches!(output.status.code(), Some(1 | 3)), "{all}");
    for line in all.lines() {
        assert!(!line.contains(PART), "{line}");
        assert!(
            !line.contains(r"it's ") && !line.contains(r"it\'s "),
            "{line}"
        );
    }
    let record = fs::read_to_string(small.out().join("record.jsonl")).expect("a record");
    assert!(record.contains(MARK), "it was not told at all: {record}");
}

#[test]
fn a_documented_program_joins_the_benchs_network_instead() {
    if bench::part("python3").is_none() {
        return;
    }
    let (small, _) = leaking("", "Lab 'two'", PASSWORD);
    let record = fs::read_to_string(small.out().join("record.jsonl")).expect("a record");
    assert!(record.contains("joined Lab 'two' as told"), "{record}");
    assert!(!record.contains("Document-Net"), "{record}");
}

#[rstest]
#[case::too_short("short 7", "8 to 63 ASCII characters")]
#[case::no_ascii("geheim-geheim-ä", "8 to 63 ASCII characters")]
fn a_password_that_could_not_be_one_is_refused_unseen(#[case] password: &str, #[case] says: &str) {
    let (small, output) = leaking("", "Lab", password);
    assert_eq!(output.status.code(), Some(2));
    assert!(!small.out().exists(), "nothing was run");
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(complained.contains(says), "{complained}");
    assert!(complained.contains("LAB_PASSWORD"), "{complained}");
    assert!(!complained.contains(password), "{complained}");
}

#[test]
fn only_the_target_that_is_used_needs_its_variables() {
    let small = SmallPack::new();
    small.write("targets.yaml", LIST);
    let run = |command: &str, target: &str| {
        let mut trueline = small.trueline(command);
        trueline.args(["--pack", "pack", "--target", target]);
        trueline.env_remove("LAB_NAME").output().expect("it starts")
    };
    assert_eq!(run("plan", "other").status.code(), Some(0));
    let output = run("run", "other");
    assert_eq!(output.status.code(), Some(2));
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(
        complained
            .contains("the variable NOT_SET_ANYWHERE, which `wifi.password` names, is not set"),
        "{complained}"
    );
}

#[rstest]
#[case::in_a_line("wifi: {password: core-secret, name: ''}")]
#[case::in_quotes("wifi: {name: Lab, \"password\": 'core-secret'}")]
#[case::on_a_line_of_its_own("wifi:\n      name: Lab\n      password:\n        core-secret")]
#[case::beside_another_problem("{wifi: {name: Lab, password: core-secret}, boot: 1}")]
fn a_password_in_clear_is_refused_and_not_shown(#[case] wifi: &str) {
    let small = SmallPack::new();
    let list = format!("targets:\n  a:\n    url: exec:a\n    without: [x]\n    {wifi}\n");
    small.write("targets.yaml", &list);
    let output = small.trueline("plan").args(["--target", "a"]).output();
    let output = output.expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(!complained.contains(PART), "{complained}");
    if !wifi.starts_with('{') {
        assert!(complained.contains("env:NAME"), "{complained}");
    }
}
