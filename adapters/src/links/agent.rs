//! Owns the reference agent as a target: a board in a worker process, on the host's network.

use super::line::Line;
use super::{Link, OtherEnd};
use crate::worker::{self, Role};

/// Starts a board.
pub(super) fn start() -> Result<Link, String> {
    let started = worker::spawn(Role::Agent).and_then(|(child, line)| {
        let line = Line::new(line.into())?;
        Ok((child, line))
    });
    let (child, line) =
        started.map_err(|error| format!("the reference agent could not be started: {error}"))?;
    Ok(Link {
        line: Some(line),
        end: OtherEnd::Worker(child),
        baud: None,
    })
}
