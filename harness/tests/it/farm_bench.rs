//! Owns a labgrid farm on this machine for tests: coordinator, exporter and boards, all real, all
//! on ports that the system chose. Makes no claims.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::bench;
use crate::running::{Running, board};
use crate::ser2net::SerialServer;

/// A farm with places that lead to boards.
pub struct Farm {
    coordinator: String,
    // Ended in this order.
    _running: [Running; 2],
    _serving: Option<SerialServer>,
    _boards: Vec<Running>,
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
    /// A farm with the places `plain` and `controlled`, which lead to boards, and `astray`, which
    /// leads nowhere. The first has the tags `board=agent` and `line=plain`, the second
    /// `board=agent`.
    pub fn start() -> Farm {
        let (plain_board, plain) = board("tcp:127.0.0.1:0", &[]);
        let (terminal_board, device) = board("pty", &[]);
        let serving = SerialServer::of(Path::new(&device));
        let plain = plain.rsplit_once(':').expect("an address and a port").1;
        let mut farm = Farm::of(&[
            ("plain", plain.parse().expect("a port"), "raw"),
            ("controlled", serving.controlled, "rfc2217"),
            ("astray", free_port(), "raw"),
        ]);
        farm.ask(
            "me",
            &["-p", "plain", "set-tags", "board=agent", "line=plain"],
        );
        farm.ask("me", &["-p", "controlled", "set-tags", "board=agent"]);
        farm._serving = Some(serving);
        farm._boards = vec![terminal_board, plain_board];
        farm
    }

    /// A farm with these places: name, port of this machine, and the protocol there.
    pub fn of(places: &[(&str, u16, &str)]) -> Farm {
        let folder = TempDir::new().expect("a temporary folder can be made");
        // The coordinator keeps its places in the folder that it is started in.
        let mut command = Command::new("labgrid-coordinator");
        command.args(["-l", "127.0.0.1:0"]).current_dir(&folder);
        let (coordinating, coordinator) = Running::saying(&mut command, "listening on ");
        let exported = places.iter().map(|(place, port, protocol)| {
            format!(
                "{place}: {{NetworkSerialPort: {{host: 127.0.0.1, port: {port}, \
                 speed: 115200, protocol: {protocol}}}}}\n"
            )
        });
        let config = folder.path().join("exporter.yaml");
        fs::write(&config, exported.collect::<String>()).expect("it can be written");
        let mut command = Command::new("labgrid-exporter");
        command
            .args(["-c", &coordinator, "--name", "lab"])
            .arg(config);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let exporting = Running::start(&mut command);
        let farm = Farm {
            coordinator,
            _running: [exporting, coordinating],
            _serving: None,
            _boards: Vec::new(),
            _folder: folder,
        };
        for (place, ..) in places {
            while !farm
                .ask("me", &["resources"])
                .contains(&format!("lab/{place}"))
            {}
            farm.ask("me", &["-p", place, "create"]);
            farm.ask("me", &["-p", place, "add-match", &format!("*/{place}/*")]);
        }
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

/// A port at which nothing listens.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    listener.local_addr().expect("it is bound").port()
}
