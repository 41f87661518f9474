//! Owns socat as a stand-in for the wire to a board: in front of a command, a serial device or a
//! TCP server. Makes no claims.

use std::io::{BufRead as _, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use tempfile::TempDir;

/// A relay that runs until it is dropped.
pub struct Relay {
    process: Process,
    /// What it says. Were this closed, its next notice would end it.
    notices: Lines<BufReader<ChildStderr>>,
    folder: TempDir,
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Relay {
    /// A serial device with the command behind it. It is a pseudo-terminal: it has no control
    /// lines.
    pub fn device(command: &str) -> Relay {
        let folder = TempDir::new().expect("a temporary folder can be made");
        Relay::device_in(folder, command)
    }

    /// The same in a folder where such a device was before.
    pub fn device_in(folder: TempDir, command: &str) -> Relay {
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
            process: Process(process),
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

    /// The wire is cut; gives the folder that the device was in.
    pub fn end(self) -> TempDir {
        let device = self.path();
        drop(self.process);
        // Killed, it leaves a link to a terminal that may be another test's by now.
        std::fs::remove_file(device).ok();
        self.folder
    }
}

/// A device's URL.
pub fn serial(device: &Path, options: &str) -> String {
    format!("serial:{}{options}", device.display())
}

fn on_a_terminal(command: &str) -> String {
    format!("EXEC:{command},pty,raw,echo=0,setsid,ctty")
}
