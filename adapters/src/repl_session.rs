//! Owns a session of a target that speaks raw REPL: the helper on it, and the way of a scenario
//! through program, peers and reports. Does not know bytes of the protocol.

use std::future::pending;
use std::net::SocketAddrV4;
use std::pin::pin;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::bench;
use crate::boot;
use crate::console::{Console, Execution, Fate};
use crate::error::BenchError;
use crate::free_port::{FreePort, Ports};
use crate::helper;
use crate::identity;
use crate::links::Link;
use crate::observation::{Ending, Observation, PeerLog, Places};
use crate::patience::Patience;
use crate::peers::{self, HostNet};
use crate::program_text;
use crate::raw_repl::client::Dialect;
use crate::report_lines::{self, Reports};
use crate::scenario::Scenario;
use crate::session::{Clock, Session, Submission, TargetInfo, one_by_one};
use crate::target_url::TargetUrl;

/// How often a target is started anew before a program has run on it again.
const RESTARTS: u32 = 3;

/// A scenario that ran: what the target's answer came to is still to be read.
struct Ran {
    execution: Execution,
    program: String,
    places: Places,
    peers: Vec<PeerLog>,
}

/// A session of a target that speaks raw REPL.
#[derive(Debug)]
pub struct ReplSession {
    url: TargetUrl,
    info: TargetInfo,
    console: Console,
    patience: Patience,
    net: HostNet,
    ports: Ports,
    token: String,
    restarts: u32,
}

impl ReplSession {
    /// Starts the target and makes it ready for scenarios.
    pub(crate) async fn start(
        url: &TargetUrl,
        seed: u64,
        patience: Patience,
    ) -> Result<ReplSession, BenchError> {
        let token = helper::token(seed);
        let console = start(url, &token, patience).await?;
        let addresses = url.addresses();
        let mut session = ReplSession {
            url: url.clone(),
            info: TargetInfo {
                url: url.to_string(),
                implementation: String::new(),
                version: String::new(),
                platform: String::new(),
                submission: match console.dialect() {
                    Dialect::RawPaste { .. } => Submission::RawPaste,
                    Dialect::Unknown | Dialect::Plain => Submission::Plain,
                },
                clock: Clock::Real,
                capabilities: bench::capabilities(addresses.peer),
                addresses,
            },
            console,
            patience,
            net: HostNet::new(addresses.peer),
            ports: Ports::new(seed),
            token,
            restarts: 0,
        };
        session.identify().await?;
        Ok(session)
    }

    async fn identify(&mut self) -> Result<(), BenchError> {
        let execution = helper::run(
            &mut self.console,
            identity::PROGRAM,
            &self.token,
            self.patience.start,
        )
        .await?;
        let (reports, _) = self.reports(self.console.output(), execution.fate)?;
        identity::read(&reports, &mut self.info);
        Ok(())
    }

    /// What a program reported in what it printed, and how it ended.
    fn reports(&self, output: &[u8], fate: Fate) -> Result<(Reports, Ending), BenchError> {
        report_lines::conclude(output, &self.token, fate, || self.console.complaint())
    }

    fn observation(&self, ran: Ran, took: Duration) -> Result<Observation, BenchError> {
        let Ran {
            execution,
            program,
            places,
            peers,
        } = ran;
        let (reports, ending) = self.reports(self.console.output(), execution.fate)?;
        Ok(Observation {
            values: reports.values,
            stdout: reports.stdout,
            ending,
            peers,
            program,
            places,
            elapsed: execution.elapsed,
            took,
            wire_bytes: execution.wire_bytes,
            capture: None,
        })
    }

    /// Runs a program beside its peers.
    async fn run_with_peers(
        &mut self,
        scenario: &Scenario,
        port: Option<u16>,
    ) -> Result<Ran, BenchError> {
        let addresses = self.info.addresses;
        let peers = peers::prepare(&self.net, &scenario.peers).await?;
        let listeners = peers
            .addresses()
            .map(|(name, address)| (name.to_owned(), address))
            .collect();
        let places = Places {
            target: addresses.target,
            port,
            listeners,
        };
        let program = places.fill(&scenario.program)?;
        let (end, ended) = oneshot::channel::<()>();
        let (finish, finished) = oneshot::channel::<()>();
        let grace = self.patience.peers;
        let stop = pin!(async {
            // What has no end by itself is over when its peers are.
            match scenario.endless {
                true => drop(finished.await),
                false => pending().await,
            }
        });
        let target = async {
            let input = typed(&scenario.input);
            let limit = scenario.deadline;
            let console = &mut self.console;
            let execution =
                helper::run_with(console, &program, &self.token, limit, &input, stop).await;
            drop(end);
            execution
        };
        let target_address = port.map(|port| SocketAddrV4::new(addresses.target, port));
        let peers = peers.run(
            target_address,
            async {
                ended.await.ok();
            },
            || drop(finish),
            || tokio::time::sleep(grace),
        );
        let (execution, peers) = tokio::try_join!(target, peers)?;
        Ok(Ran {
            execution,
            program,
            places,
            peers,
        })
    }

    /// Finds the target and its helper again, as they are. A target without the helper has
    /// started anew by itself.
    async fn regain(&mut self) -> Result<(), BenchError> {
        self.console.regain().await?;
        let execution =
            helper::run(&mut self.console, "", &self.token, self.patience.answer).await?;
        match self.reports(self.console.output(), execution.fate)? {
            (_, Ending::Finished) => Ok(()),
            _ => Err(BenchError::Gone("it started anew".to_owned())),
        }
    }
}

impl Session for ReplSession {
    fn target(&self) -> &TargetInfo {
        &self.info
    }

    async fn run(&mut self, scenario: &Scenario) -> Result<Observation, BenchError> {
        let start = Instant::now();
        // Claimed until the scenario is over.
        let claimed = match program_text::needs_port(scenario) {
            true => Some(self.ports.free()?),
            false => None,
        };
        let port = claimed.as_ref().map(FreePort::number);
        let ran = if scenario.peers.is_empty() {
            let target = self.info.addresses.target;
            let places = Places {
                target,
                port,
                listeners: Vec::new(),
            };
            let program = places.fill(&scenario.program)?;
            let input = typed(&scenario.input);
            let limit = scenario.deadline;
            let never = pin!(pending());
            let console = &mut self.console;
            let execution =
                helper::run_with(console, &program, &self.token, limit, &input, never).await?;
            Ran {
                execution,
                program,
                places,
                peers: Vec::new(),
            }
        } else {
            self.run_with_peers(scenario, port).await?
        };
        let observation = self.observation(ran, start.elapsed())?;
        self.restarts = 0;
        Ok(observation)
    }

    async fn run_all(&mut self, scenarios: &[Scenario]) -> Result<Vec<Observation>, BenchError> {
        // Without flow control a program is sent again when the line has damaged it, which
        // needs a submission of its own.
        if self.console.dialect() == Dialect::Plain || !scenarios.iter().all(can_be_joined) {
            return one_by_one(self, scenarios).await;
        }
        let limit = scenarios.iter().map(|scenario| scenario.deadline).max();
        let target = self.info.addresses.target;
        let places = Places {
            target,
            port: None,
            listeners: Vec::new(),
        };
        let programs: Vec<_> = scenarios
            .iter()
            .map(|scenario| places.fill(&scenario.program))
            .collect::<Result<_, _>>()?;
        let execution =
            helper::run_all(&mut self.console, &programs, limit.unwrap_or_default()).await?;
        let end_mark = helper::end_mark(&self.token);
        let outputs = report_lines::split(self.console.output(), &end_mark);
        let mut observations = Vec::with_capacity(programs.len());
        let mut begun = execution.begun;
        let ends = self.console.marked().iter();
        for ((program, output), &ended) in programs.into_iter().zip(outputs).zip(ends) {
            let (reports, ending) = self.reports(output, execution.fate)?;
            let elapsed = ended.saturating_duration_since(begun);
            begun = ended;
            observations.push(Observation {
                values: reports.values,
                stdout: reports.stdout,
                ending,
                peers: Vec::new(),
                program,
                places: places.clone(),
                elapsed,
                took: elapsed,
                wire_bytes: execution.wire_bytes / scenarios.len() as u64,
                capture: None,
            });
        }
        self.restarts = 0;
        Ok(observations)
    }

    async fn recover(&mut self) -> Result<(), BenchError> {
        let Err(reason) = self.regain().await else {
            return Ok(());
        };
        if self.restarts == RESTARTS {
            return Err(reason);
        }
        self.restarts += 1;
        self.console = start(&self.url, &self.token, self.patience).await?;
        Ok(())
    }
}

/// Starts the target and puts the helper on it.
async fn start(url: &TargetUrl, token: &str, patience: Patience) -> Result<Console, BenchError> {
    let link = Link::open(url)?;
    let mut console = Console::start(link, &helper::end_mark(token), patience).await?;
    if let Some(file) = url.boot() {
        boot::run(&mut console, file, patience.start).await?;
    }
    helper::install(&mut console, url, token, patience.start).await?;
    Ok(console)
}

/// Whether the scenario can be one of several in a submission: nothing outside of its program
/// takes part.
fn can_be_joined(scenario: &Scenario) -> bool {
    scenario.peers.is_empty() && scenario.input.is_empty() && !program_text::needs_port(scenario)
}

/// The lines as somebody at the terminal types them.
pub(crate) fn typed(lines: &[String]) -> Vec<u8> {
    let lines = lines.iter().flat_map(|line| [line.as_str(), "\r"]);
    lines.collect::<String>().into_bytes()
}
