//! Owns the way to a target: what has to be done once before lines can be opened, and the opening
//! of a line, as often as one is needed. Speaks over none of them.

use super::labgrid::{self, Held};
use super::{Link, agent, host_python, rfc2217, serial, tcp, terminal};
use crate::error::BenchError;
use crate::target_url::wired::Wired;
use crate::target_url::{Place, TargetUrl};

/// The way to a target. A place of a farm is held until it is dropped.
#[derive(Debug)]
pub(crate) struct Access {
    url: TargetUrl,
    held: Option<Held>,
}

impl Access {
    /// Prepares the way: takes a place of a farm, and waits for it when somebody else has it.
    /// `tell` hears in a sentence without a full stop what is waited for.
    ///
    /// # Errors
    ///
    /// [`BenchError::Open`] when there is no way to the target.
    pub(crate) async fn gain(url: &TargetUrl, tell: &dyn Fn(&str)) -> Result<Access, BenchError> {
        let held = match url.place() {
            Place::Farm(farm) => {
                let held = labgrid::acquire(farm, tell).await;
                Some(held.map_err(|reason| not_open(url, reason))?)
            }
            _ => None,
        };
        Ok(Access {
            url: url.clone(),
            held,
        })
    }

    /// As [`TargetUrl::is_lasting`].
    pub(crate) fn is_lasting(&self) -> bool {
        self.url.is_lasting()
    }

    /// Opens a fresh line, and starts the target where it is a program. The line before it has to
    /// be closed: boards have only one.
    ///
    /// # Errors
    ///
    /// [`BenchError::Open`] when that fails.
    pub(crate) async fn open(&self) -> Result<Link, BenchError> {
        let opened = match (self.url.place(), &self.held) {
            (Place::Agent, _) => agent::start(),
            (Place::Command(words), _) => terminal::start(words),
            (Place::Python(program), _) => host_python::start(program),
            (Place::Wired(wired), _) => connect(wired).await,
            (Place::Farm(_), Some(held)) => connect(&held.line).await,
            (Place::Sim | Place::Farm(_), _) => Err("no line leads to it".to_owned()),
        };
        opened.map_err(|reason| not_open(&self.url, reason))
    }
}

async fn connect(wired: &Wired) -> Result<Link, String> {
    match wired {
        Wired::Serial { device, line } => serial::open(device, *line),
        Wired::Tcp { server, baud } => tcp::open(server, *baud).await,
        Wired::Rfc2217 { server, line } => rfc2217::open(server, *line).await,
    }
}

fn not_open(url: &TargetUrl, reason: String) -> BenchError {
    BenchError::Open {
        target: url.to_string(),
        reason,
    }
}
