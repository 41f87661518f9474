//! Owns ser2net as a serial server, on ports that the system chose. Makes no claims.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use tempfile::TempDir;

/// A ser2net that serves a device in both ways, until it is dropped.
pub struct SerialServer {
    process: Child,
    /// Where it speaks RFC 2217.
    pub controlled: u16,
    /// Where it passes bytes on as they are.
    pub plain: u16,
    _folder: TempDir,
}

impl SerialServer {
    /// The server of a device, listening.
    pub fn of(device: &Path) -> SerialServer {
        let [controlled, plain, ready] = free_ports();
        let connector = format!("serialdev,{},115200n81,local", device.display());
        let connection = |name: &str, accepter: &str, port: u16, connector: &str| {
            format!(
                "connection: &{name}\n  accepter: {accepter},127.0.0.1,{port}\n  \
                 connector: {connector}\n"
            )
        };
        let config = [
            connection("controlled", "telnet(rfc2217),tcp", controlled, &connector),
            connection("plain", "tcp", plain, &connector),
            connection("ready", "tcp", ready, "echo"),
        ];
        let folder = TempDir::new().expect("a temporary folder can be made");
        let file = folder.path().join("ser2net.yaml");
        fs::write(&file, config.concat()).expect("the configuration can be written");
        let process = Command::new("ser2net")
            .args(["-n", "-c"])
            .arg(file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("ser2net starts");
        let mut server = SerialServer {
            process,
            controlled,
            plain,
            _folder: folder,
        };
        // It says nothing when it listens. The last connection of its configuration listens last.
        while TcpStream::connect((Ipv4Addr::LOCALHOST, ready)).is_err() {
            let ended = server.process.try_wait().expect("it can be asked");
            assert!(ended.is_none(), "ser2net ended: {ended:?}");
            thread::yield_now();
        }
        server
    }
}

impl Drop for SerialServer {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn free_ports() -> [u16; 3] {
    // All at once, so that they differ.
    let listeners = [(); 3]
        .map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port"));
    listeners.map(|listener| listener.local_addr().expect("it is bound").port())
}
