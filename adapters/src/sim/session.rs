//! Owns a session of the simulator: the worker process with the board, asked and replaced. Runs no
//! program itself.

use std::collections::BTreeSet;
use std::io;

use trueline_spec::network::Network;
use trueline_spec::pack::Capability;

use super::board::Making;
use super::template::{Answer, Order, STARTING};
use crate::error::BenchError;
use crate::helper;
use crate::identity;
use crate::observation::Observation;
use crate::scenario::Scenario;
use crate::session::{Clock, Session, Submission, TargetInfo, Way};
use crate::target_url::TargetUrl;
use crate::worker::{Death, Replies, Role};

/// What a simulated board can do on a network with these conditions.
fn capabilities(network: &Network) -> BTreeSet<Capability> {
    let mut capabilities = BTreeSet::from([
        Capability::Tcp,
        Capability::Stdin,
        Capability::ShapedNetwork,
    ]);
    if network.is_reliable() {
        capabilities.extend([Capability::Udp, Capability::Raw, Capability::Multicast]);
    }
    if network.is_ideal() {
        capabilities.insert(Capability::PromptNetwork);
    }
    capabilities
}

/// A session of a simulated board.
pub struct SimSession {
    info: TargetInfo,
    making: Making,
    worker: Replies,
}

impl SimSession {
    /// Switches a board on.
    pub(crate) async fn start(url: &TargetUrl, seed: u64) -> Result<SimSession, BenchError> {
        let making = Making {
            token: helper::token(seed),
            addresses: url.addresses(),
            network: url.network().clone(),
            boot: url.boot().map(Into::into),
        };
        let info = TargetInfo::not_asked(
            url.to_string(),
            Submission::Direct,
            Clock::Virtual,
            capabilities(url.network()),
            url.addresses(),
        );
        let worker = started(&making).await?;
        let mut session = SimSession {
            info,
            making,
            worker,
        };
        match session.order(&Order::Identify).await? {
            Answer::Identity(answers) => identity::read(&answers, &mut session.info),
            other => return Err(beside_the_point(&other)),
        }
        Ok(session)
    }

    async fn order(&mut self, order: &Order) -> Result<Answer, BenchError> {
        match self.worker.ask(order).await {
            Ok(Answer::Broke(error)) => Err(error),
            Ok(Answer::Died(death)) => Err(of_the_board(&death)),
            Ok(answer) => Ok(answer),
            Err(death) => Err(BenchError::Simulator(format!("it {}", death.clause()))),
        }
    }
}

impl Session for SimSession {
    fn target(&self) -> &TargetInfo {
        &self.info
    }

    async fn run(&mut self, scenario: &Scenario) -> Result<Observation, BenchError> {
        let ran = self.run_all(std::slice::from_ref(scenario)).await?;
        let nothing = || BenchError::Simulator("it saw nothing of a program".to_owned());
        ran.into_iter().next().ok_or_else(nothing)
    }

    async fn run_all(&mut self, scenarios: &[Scenario]) -> Result<Vec<Observation>, BenchError> {
        match self.order(&Order::Run(scenarios.to_vec())).await? {
            Answer::Ran(observations) => Ok(observations),
            other => Err(beside_the_point(&other)),
        }
    }

    async fn refresh(&mut self) -> Result<(), BenchError> {
        match self.order(&Order::Renew).await? {
            Answer::Ready => Ok(()),
            other => Err(beside_the_point(&other)),
        }
    }

    async fn restart(&mut self) -> Result<(), BenchError> {
        self.recover().await.map(drop)
    }

    async fn recover(&mut self) -> Result<Way, BenchError> {
        if self.refresh().await.is_err() {
            self.worker = started(&self.making).await?;
        }
        Ok(Way::NewStart)
    }
}

/// Starts a worker and the board in it.
async fn started(making: &Making) -> Result<Replies, BenchError> {
    let refused = |error: io::Error| BenchError::Open {
        target: "sim:".to_owned(),
        reason: format!("the simulator's process could not be started: {error}"),
    };
    let mut worker = Replies::start(Role::Simulator).map_err(refused)?;
    match (worker.ask(making).await, &making.boot) {
        (Ok(Answer::Ready), _) => Ok(worker),
        (Ok(Answer::Broke(error)), _) => Err(error),
        (Ok(other), _) => Err(beside_the_point(&other)),
        (Err(Death::OutOfTime), Some(file)) => Err(BenchError::Boot {
            file: file.clone(),
            reason: format!(
                "did not end: it computed for {} s on the target",
                STARTING.as_secs()
            ),
        }),
        (Err(Death::OutOfMemory), Some(file)) => Err(BenchError::Boot {
            file: file.clone(),
            reason: format!("ended its target: it {}", Death::OutOfMemory.clause()),
        }),
        (Err(death), _) => Err(BenchError::Simulator(format!("it {}", death.clause()))),
    }
}

/// What it means for a scenario that the board's process has ended. What a program took belongs to
/// the program, as on any board; a crash belongs to the simulator.
fn of_the_board(death: &Death) -> BenchError {
    match death {
        Death::OutOfMemory => BenchError::Gone("it ran out of memory, and started anew".to_owned()),
        Death::OutOfTime => BenchError::Silent(
            "a program computed beyond its deadline, and did not hear an interrupt".to_owned(),
        ),
        Death::Crashed(how) => BenchError::Simulator(format!("its board {how}")),
    }
}

fn beside_the_point(answer: &Answer) -> BenchError {
    BenchError::Simulator(format!("it answered something else: {answer:?}"))
}
