//! Owns socat as a stand-in for the wire to a board: in front of a command, a serial device or a
//! TCP server. Makes no claims.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A relay that runs until it is dropped.
pub struct Relay {
    process: Child,
    /// What it says: without a reader it would be stopped by its own notices.
    notices: std::io::Lines<BufReader<std::process::ChildStderr>>,
    folder: TempDir,
}

impl Relay {
    /// A serial device with the command behind it. It is a pseudo-terminal: it has no control
    /// lines.
    pub fn device(command: &str) -> Relay {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let device = format!(
            "PTY,link={},raw,echo=0",
            folder.path().join("tty").display()
        );
        let mut relay = Relay::start(folder, &device, &on_a_terminal(command));
        relay.notice("starting data transfer loop");
        relay
    }

    /// A TCP server that starts the command for every client; gives its port.
    pub fn server(command: &str) -> (Relay, u16) {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let listen = "TCP4-LISTEN:0,bind=127.0.0.1,fork,reuseaddr";
        let mut relay = Relay::start(folder, listen, &on_a_terminal(command));
        let notice = relay.notice("listening on");
        let port = notice.rsplit_once(':').map(|(_, port)| port.trim());
        let port = port.and_then(|port| port.parse().ok());
        (relay, port.expect("socat says where it listens"))
    }

    fn start(folder: TempDir, near: &str, far: &str) -> Relay {
        let mut process = Command::new("socat")
            .args(["-d", "-d", near, far])
            .stderr(Stdio::piped())
            .spawn()
            .expect("socat starts");
        let notices = process.stderr.take().expect("its notices are piped");
        Relay {
            process,
            notices: BufReader::new(notices).lines(),
            folder,
        }
    }

    fn notice(&mut self, text: &str) -> String {
        let mut lines = self.notices.by_ref().map_while(Result::ok);
        let notice = lines.find(|line| line.contains(text));
        notice.unwrap_or_else(|| panic!("socat did not say `{text}`"))
    }

    /// The device's file.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("tty")
    }

    /// The wire is cut.
    pub fn end(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.end();
    }
}

/// A device's URL.
pub fn serial(device: &Path, options: &str) -> String {
    format!("serial:{}{options}", device.display())
}

fn on_a_terminal(command: &str) -> String {
    format!("EXEC:{command},pty,raw,echo=0,setsid,ctty")
}
