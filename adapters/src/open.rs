//! Owns the opening of targets, and what is made of each session whatever it speaks: what a bench
//! takes away from its target, and that what breaks is told without secrets. What a URL means is in [`crate::target_url`].

use crate::error::BenchError;
use crate::observation::Observation;
use crate::patience::Patience;
use crate::repl_session::ReplSession;
use crate::scenario::Scenario;
use crate::secrets::Secrets;
use crate::session::{LineUse, Session, TargetInfo, Way};
use crate::sim::SimSession;
use crate::target::Target;
use crate::target_url::Place;

/// A session of any target.
pub struct OpenTarget {
    session: Kind,
    info: TargetInfo,
    secrets: Secrets,
}

enum Kind {
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
pub async fn open(target: &Target, seed: u64) -> Result<OpenTarget, BenchError> {
    open_with(target, seed, Patience::default(), &|_| ()).await
}

/// As [`open`], for benches that are slower or faster than most. `tell` hears what is waited for
/// when the target is not free, in a sentence without a full stop.
///
/// # Errors
///
/// As [`open`].
pub async fn open_with(
    target: &Target,
    seed: u64,
    patience: Patience,
    tell: &dyn Fn(&str),
) -> Result<OpenTarget, BenchError> {
    let secrets = target.secrets();
    let session = start(target, seed, patience, &|says| tell(&secrets.hide(says))).await;
    let session = session.map_err(|error| error.hiding(&secrets))?;
    let mut info = match &session {
        Kind::Repl(session) => session.target().hiding(&secrets),
        Kind::Sim(session) => session.target().hiding(&secrets),
    };
    for capability in target.taken_away() {
        info.capabilities.remove(capability);
    }
    Ok(OpenTarget {
        session,
        info,
        secrets,
    })
}

async fn start(
    target: &Target,
    seed: u64,
    patience: Patience,
    tell: &dyn Fn(&str),
) -> Result<Kind, BenchError> {
    Ok(match target.url().place() {
        Place::Sim => Kind::Sim(Box::new(SimSession::start(target.url(), seed).await?)),
        _ => Kind::Repl(Box::new(
            ReplSession::start(target, seed, patience, tell).await?,
        )),
    })
}

impl Session for OpenTarget {
    fn target(&self) -> &TargetInfo {
        &self.info
    }

    async fn run(&mut self, scenario: &Scenario) -> Result<Observation, BenchError> {
        let done = match &mut self.session {
            Kind::Repl(session) => session.run(scenario).await,
            Kind::Sim(session) => session.run(scenario).await,
        };
        done.map_err(|error| error.hiding(&self.secrets))
    }

    async fn run_all(&mut self, scenarios: &[Scenario]) -> Result<Vec<Observation>, BenchError> {
        let done = match &mut self.session {
            Kind::Repl(session) => session.run_all(scenarios).await,
            Kind::Sim(session) => session.run_all(scenarios).await,
        };
        done.map_err(|error| error.hiding(&self.secrets))
    }

    async fn refresh(&mut self) -> Result<(), BenchError> {
        let done = match &mut self.session {
            Kind::Repl(session) => session.refresh().await,
            Kind::Sim(session) => session.refresh().await,
        };
        done.map_err(|error| error.hiding(&self.secrets))
    }

    async fn restart(&mut self) -> Result<(), BenchError> {
        let done = match &mut self.session {
            Kind::Repl(session) => session.restart().await,
            Kind::Sim(session) => session.restart().await,
        };
        done.map_err(|error| error.hiding(&self.secrets))
    }

    fn line_use(&self) -> Option<LineUse> {
        match &self.session {
            Kind::Repl(session) => session.line_use(),
            Kind::Sim(session) => session.line_use(),
        }
    }

    async fn recover(&mut self) -> Result<Way, BenchError> {
        let done = match &mut self.session {
            Kind::Repl(session) => session.recover().await,
            Kind::Sim(session) => session.recover().await,
        };
        done.map_err(|error| error.hiding(&self.secrets))
    }
}
