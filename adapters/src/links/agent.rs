//! Owns the reference agent as a target: a board in this process, on the host's network.

use trueline_agent::Agent;

use super::line::Line;
use super::{Link, OtherEnd};

/// Starts a board.
pub(super) fn start() -> Result<Link, String> {
    let line = Agent::spawn().and_then(|agent| Line::new(agent.into_stream().into()));
    let line =
        line.map_err(|error| format!("the reference agent could not be started: {error}"))?;
    Ok(Link {
        line: Some(line),
        end: OtherEnd::Agent,
        baud: None,
    })
}
