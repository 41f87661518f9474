//! Owns the reference agent as a target: a board in this process, on the host's network.

use tokio::net::UnixStream;
use trueline_agent::Agent;

use super::{Line, Link};

/// Starts a board.
pub(super) fn start() -> Result<Link, String> {
    let explain = |error: std::io::Error| format!("the reference agent could not be started: {error}");
    let line = Agent::spawn().map_err(explain)?.into_stream();
    line.set_nonblocking(true).map_err(explain)?;
    let line = UnixStream::from_std(line).map_err(explain)?;
    Ok(Link { line: Line::Socket(line), child: None })
}
