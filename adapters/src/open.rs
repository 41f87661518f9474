//! Owns the opening of targets. What a URL means is in [`crate::target_url`].

use crate::error::BenchError;
use crate::observation::Observation;
use crate::patience::Patience;
use crate::repl_session::ReplSession;
use crate::scenario::Scenario;
use crate::session::{LineUse, Session, TargetInfo};
use crate::sim::SimSession;
use crate::target_url::{Place, TargetUrl};

/// A session of any target.
pub enum OpenTarget {
    /// It speaks raw REPL.
    Repl(Box<ReplSession>),
    /// It is simulated.
    Sim(Box<SimSession>),
}

/// Starts the target, enters its raw REPL, puts the helper on it and asks who it is.
///
/// `seed` gives what is random in a session: the token that marks reports, and the first port
/// that a target is given to listen on.
///
/// # Errors
///
/// [`BenchError::Open`] when it cannot be started, and any other one when it cannot be spoken to.
pub async fn open(url: &TargetUrl, seed: u64) -> Result<OpenTarget, BenchError> {
    open_with(url, seed, Patience::default(), &|_| ()).await
}

/// As [`open`], for benches that are slower or faster than most. `tell` hears what is waited for
/// when the target is not free, in a sentence without a full stop.
///
/// # Errors
///
/// As [`open`].
pub async fn open_with(
    url: &TargetUrl,
    seed: u64,
    patience: Patience,
    tell: &dyn Fn(&str),
) -> Result<OpenTarget, BenchError> {
    Ok(match url.place() {
        Place::Sim => OpenTarget::Sim(Box::new(SimSession::start(url, seed).await?)),
        _ => OpenTarget::Repl(Box::new(
            ReplSession::start(url, seed, patience, tell).await?,
        )),
    })
}

impl Session for OpenTarget {
    fn target(&self) -> &TargetInfo {
        match self {
            OpenTarget::Repl(session) => session.target(),
            OpenTarget::Sim(session) => session.target(),
        }
    }

    async fn run(&mut self, scenario: &Scenario) -> Result<Observation, BenchError> {
        match self {
            OpenTarget::Repl(session) => session.run(scenario).await,
            OpenTarget::Sim(session) => session.run(scenario).await,
        }
    }

    async fn run_all(&mut self, scenarios: &[Scenario]) -> Result<Vec<Observation>, BenchError> {
        match self {
            OpenTarget::Repl(session) => session.run_all(scenarios).await,
            OpenTarget::Sim(session) => session.run_all(scenarios).await,
        }
    }

    async fn refresh(&mut self) -> Result<(), BenchError> {
        match self {
            OpenTarget::Repl(session) => session.refresh().await,
            OpenTarget::Sim(session) => session.refresh().await,
        }
    }

    fn line_use(&self) -> Option<LineUse> {
        match self {
            OpenTarget::Repl(session) => session.line_use(),
            OpenTarget::Sim(session) => session.line_use(),
        }
    }

    async fn recover(&mut self) -> Result<(), BenchError> {
        match self {
            OpenTarget::Repl(session) => session.recover().await,
            OpenTarget::Sim(session) => session.recover().await,
        }
    }
}
