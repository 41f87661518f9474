//! Owns the way to a target: what has to be done once before lines can be opened, and the opening
//! of a line, as often as one is needed. Speaks over none of them.

use super::{Link, agent, host_python, rfc2217, serial, tcp, terminal};
use crate::error::BenchError;
use crate::target_url::wired::Wired;
use crate::target_url::{Place, TargetUrl};

/// The way to a target. What it has taken for itself it keeps until it is dropped.
#[derive(Debug)]
pub(crate) struct Access {
    url: TargetUrl,
}

impl Access {
    /// Prepares the way. `tell` hears in a sentence without a full stop what is waited for.
    ///
    /// # Errors
    ///
    /// [`BenchError::Open`] when there is no way to the target.
    pub(crate) async fn gain(url: &TargetUrl, _tell: &dyn Fn(&str)) -> Result<Access, BenchError> {
        Ok(Access { url: url.clone() })
    }

    /// Opens a fresh line, and starts the target where it is a program. The line before it has to
    /// be closed: boards have only one.
    ///
    /// # Errors
    ///
    /// [`BenchError::Open`] when that fails.
    pub(crate) async fn open(&self) -> Result<Link, BenchError> {
        let opened = match self.url.place() {
            Place::Agent => agent::start(),
            Place::Sim => Err("a simulated board has no line".to_owned()),
            Place::Command(words) => terminal::start(words),
            Place::Python(program) => host_python::start(program),
            Place::Wired(Wired::Serial { device, line }) => serial::open(device, *line),
            Place::Wired(Wired::Rfc2217 { server, line }) => rfc2217::open(server, *line).await,
            Place::Wired(Wired::Tcp { server, baud }) => tcp::open(server, *baud).await,
        };
        opened.map_err(|reason| BenchError::Open {
            target: self.url.to_string(),
            reason,
        })
    }
}
