//! Owns CPython as a target: a child that speaks raw REPL on its standard streams, which are one
//! socket. The protocol's other side is in `host_python.py`.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::child::{self, Child};
use super::line::Line;
use super::{Link, OtherEnd};

const BOOTSTRAP: &str = include_str!("host_python.py");

/// Starts `program`, a CPython.
pub(super) fn start(program: &str) -> Result<Link, String> {
    let no_socket = |error| format!("the system gave no socket for it: {error}");
    let (host, target) = UnixStream::pair().map_err(no_socket)?;
    let line = Line::new(host.into()).map_err(no_socket)?;
    let target = OwnedFd::from(target);
    let process = Command::new(program)
        // Isolated: neither the user's settings nor the current folder change what it imports.
        .args(["-I", "-u", "-c", BOOTSTRAP])
        .stdin(target.try_clone().map_err(no_socket)?)
        .stdout(target.try_clone().map_err(no_socket)?)
        .stderr(target)
        .process_group(0)
        .spawn()
        .map_err(|error| child::explain(program, &error))?;
    Ok(Link {
        line: Some(line),
        end: OtherEnd::Program(Child::new(process)),
        baud: None,
    })
}
