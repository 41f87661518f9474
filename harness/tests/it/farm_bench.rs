//! Owns a labgrid farm on this machine for tests: coordinator, exporter and boards, all real, all
//! on ports that the system chose. Makes no claims.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use tempfile::TempDir;

use crate::bench;

/// A process that is ended with its owner.
pub struct Running(pub Child);

impl Running {
    fn start(command: &mut Command) -> Running {
        let child = command.stdin(Stdio::null()).spawn();
        Running(child.unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }

    /// Starts it and waits until it has said something; gives what follows.
    fn saying(command: &mut Command, text: &str) -> (Running, String) {
        let mut running = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::null()));
        let output = running.0.stdout.take().expect("it is piped");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let said = lines.find_map(|line| Some(line.strip_prefix(text)?.to_owned()));
        // What else it says must not stop it.
        thread::spawn(move || lines.for_each(drop));
        (
            running,
            said.unwrap_or_else(|| panic!("it did not say `{text}`")),
        )
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A farm with the places `plain` and `controlled`, which lead to boards, and `astray`, which leads
/// nowhere. The first has the tags `board=agent` and `line=plain`, the second `board=agent`.
pub struct Farm {
    coordinator: String,
    // Ended in this order.
    _running: Vec<Running>,
    _folder: TempDir,
}

/// Whether everything is installed that a farm needs.
pub fn has_parts() -> bool {
    [
        "labgrid-coordinator",
        "labgrid-exporter",
        "labgrid-client",
        "ser2net",
    ]
    .iter()
    .all(|part| bench::part(part).is_some())
}

impl Farm {
    pub fn start() -> Farm {
        let folder = TempDir::new().expect("a temporary folder can be made");
        // The coordinator keeps its places in the folder that it is started in.
        let mut command = Command::new("labgrid-coordinator");
        command.args(["-l", "127.0.0.1:0"]).current_dir(&folder);
        let (coordinating, coordinator) = Running::saying(&mut command, "listening on ");
        let (plain_board, plain) = board("tcp:127.0.0.1:0");
        let (terminal_board, device) = board("pty");
        let [controlled, astray] = free_ports();
        let serving = serial_server(folder.path(), &device, controlled);
        let plain = plain.rsplit_once(':').expect("an address and a port").1;
        let port = |group, port, protocol| {
            format!(
                "{group}: {{NetworkSerialPort: {{host: 127.0.0.1, port: {port}, \
                 speed: 115200, protocol: {protocol}}}}}\n"
            )
        };
        let ports = [
            port("plain", plain, "raw"),
            port("controlled", &controlled.to_string(), "rfc2217"),
            port("astray", &astray.to_string(), "raw"),
        ];
        let config = folder.path().join("exporter.yaml");
        fs::write(&config, ports.concat()).expect("the configuration can be written");
        let mut command = Command::new("labgrid-exporter");
        command
            .args(["-c", &coordinator, "--name", "lab"])
            .arg(config);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let exporting = Running::start(&mut command);
        let farm = Farm {
            coordinator,
            _running: vec![
                exporting,
                coordinating,
                serving,
                terminal_board,
                plain_board,
            ],
            _folder: folder,
        };
        while !farm.ask("me", &["resources"]).contains("lab/astray") {}
        for place in ["plain", "controlled", "astray"] {
            farm.ask("me", &["-p", place, "create"]);
            farm.ask("me", &["-p", place, "add-match", &format!("*/{place}/*")]);
        }
        farm.ask(
            "me",
            &["-p", "plain", "set-tags", "board=agent", "line=plain"],
        );
        farm.ask("me", &["-p", "controlled", "set-tags", "board=agent"]);
        farm
    }

    /// What labgrid's own command says to a user of the farm.
    pub fn ask(&self, user: &str, words: &[&str]) -> String {
        let mut command = Command::new("labgrid-client");
        command.args(["-x", &self.coordinator]).args(words);
        let answer = command.env("LG_USERNAME", user).output();
        let answer = answer.expect("labgrid-client starts");
        let said = String::from_utf8_lossy(&answer.stdout).into_owned();
        let complaint = String::from_utf8_lossy(&answer.stderr);
        assert!(answer.status.success(), "{words:?}: {said}{complaint}");
        said
    }

    /// Whether nobody holds a place, and nobody waits for one.
    pub fn is_free(&self) -> bool {
        self.ask("me", &["places", "--acquired"]).is_empty()
            && self.ask("me", &["reservations"]).is_empty()
    }

    /// `trueline run` as the user `me` on a target of this farm, standard error piped.
    pub fn run(&self, target: &str, out: &Path) -> Command {
        let mut command = bench::trueline();
        command
            .args([
                "run", "--seed", "1", "--cases", "4", "--target", target, "--out",
            ])
            .arg(out)
            .env("LG_COORDINATOR", &self.coordinator)
            .env("LG_USERNAME", "me")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Where the coordinator is.
    pub fn coordinator(&self) -> &str {
        &self.coordinator
    }
}

/// The reference agent as a board, and where it is.
fn board(repl: &str) -> (Running, String) {
    let mut command = bench::trueline();
    Running::saying(command.args(["agent", "--repl", repl]), "connect to ")
}

/// A serial server in front of a device.
fn serial_server(folder: &Path, device: &str, port: u16) -> Running {
    let config = folder.join("ser2net.yaml");
    let connection = format!(
        "connection: &board\n  accepter: telnet(rfc2217),tcp,127.0.0.1,{port}\n  \
         connector: serialdev,{device},115200n81,local\n"
    );
    fs::write(&config, connection).expect("the configuration can be written");
    let mut command = Command::new("ser2net");
    command.args(["-n", "-c"]).arg(config);
    Running::start(command.stdout(Stdio::null()).stderr(Stdio::null()))
}

fn free_ports() -> [u16; 2] {
    // Both at once, so that they differ.
    let listeners = [(); 2]
        .map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port"));
    listeners.map(|listener| listener.local_addr().expect("it is bound").port())
}
