//! Owns a session of a target that speaks raw REPL: the helper on it, and the way of a scenario
//! through program, peers and reports. Does not know bytes of the protocol.

use std::future::pending;
use std::net::SocketAddrV4;
use std::pin::{Pin, pin};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::bench;
use crate::boot;
use crate::calls::{Call, Calls};
use crate::console::{Console, Execution, Fate};
use crate::doubt::{self, Doubt, Doubts};
use crate::error::BenchError;
use crate::free_port::{FreePort, Ports};
use crate::helper;
use crate::identity::{self, Answers};
use crate::links::{Access, Link};
use crate::observation::{Ending, Observation, PeerLog, Places};
use crate::patience::Patience;
use crate::peers::{self, HostNet};
use crate::program_text::{self, Part, Parts};
use crate::raw_repl::client::Dialect;
use crate::report_lines::{self, Reports, Trust};
use crate::scenario::{Judged, Scenario};
use crate::session::{Clock, Session, Submission, TargetInfo, one_by_one};
use crate::target_url::TargetUrl;

/// How often a question of the session's own is sent over a line that damages it.
const ATTEMPTS: u32 = 8;
/// How many bytes of programs a target keeps, as far as it has room for them.
const ROOM: usize = 8 * 1024;
/// How often a target is started anew before a program has run on it again.
const RESTARTS: u32 = 3;

/// A scenario that ran: what the target's answer came to is still to be read.
struct Ran {
    execution: Execution,
    call: Call,
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
    calls: Calls,
    restarts: u32,
    /// Dropped last: its line is closed before what it leads to is let go.
    access: Access,
}

impl ReplSession {
    /// Starts the target and makes it ready for scenarios.
    pub(crate) async fn start(
        url: &TargetUrl,
        seed: u64,
        patience: Patience,
        tell: &dyn Fn(&str),
    ) -> Result<ReplSession, BenchError> {
        let token = helper::token(seed);
        let access = Access::gain(url, tell).await?;
        let console = ready(access.open().await?, url, &token, patience).await?;
        let addresses = url.addresses();
        let mut session = ReplSession {
            url: url.clone(),
            info: TargetInfo {
                url: url.to_string(),
                implementation: String::new(),
                version: String::new(),
                platform: String::new(),
                machine: String::new(),
                build: String::new(),
                modules: Vec::new(),
                free_memory: None,
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
            calls: Calls::new(0),
            restarts: 0,
            access,
        };
        session.identify().await?;
        session.calls = Calls::new(ROOM);
        Ok(session)
    }

    async fn identify(&mut self) -> Result<(), BenchError> {
        let mut answers = Answers::new();
        for program in identity::PROGRAMS {
            let (reports, _) = self.ask(program).await?;
            answers.extend(reports.values);
        }
        identity::read(&answers, &mut self.info);
        Ok(())
    }

    /// Runs a program of the session's own; where the line damages it, again.
    async fn ask(&mut self, program: &str) -> Result<(Reports, Ending), BenchError> {
        let parts = Parts(vec![Part {
            text: program.to_owned(),
            is_shared: false,
        }]);
        let mut left = ATTEMPTS;
        loop {
            left -= 1;
            let call = self.calls.write(std::slice::from_ref(&parts));
            let asked = match submit(
                &mut self.console,
                &call,
                self.patience.start,
                b"",
                pin!(pending()),
            )
            .await
            {
                Ok(execution) => {
                    self.reports(self.console.output(), call.first_sum, execution.fate)
                }
                Err(error) => Err(error),
            };
            match asked {
                Err(BenchError::Garbled(_)) if left > 0 && self.console.may_lose_bytes() => {
                    self.console.regain().await?;
                }
                asked => return asked,
            }
        }
    }

    /// What a program reported in what it printed, and how it ended.
    fn reports(
        &self,
        output: &[u8],
        first_sum: u64,
        fate: Fate,
    ) -> Result<(Reports, Ending), BenchError> {
        let trust = match self.console.may_lose_bytes() {
            true => Trust::Sum(first_sum),
            false => Trust::Blind,
        };
        report_lines::conclude(output, &self.token, trust, fate, || {
            self.console.complaint()
        })
    }

    /// What came of a scenario, and what makes it doubtful.
    fn observation(
        &mut self,
        ran: Ran,
        scenario: &Scenario,
        took: Duration,
    ) -> Result<(Observation, Option<Doubt>), BenchError> {
        let Ran {
            execution,
            call,
            program,
            places,
            peers,
        } = ran;
        let (reports, ending) =
            self.reports(self.console.output(), call.first_sum, execution.fate)?;
        self.calls.arrived(&call);
        let doubt = match self.console.may_lose_bytes() {
            true => doubt::of(&reports, &ending, execution.elapsed, scenario),
            false => None,
        };
        let observation = Observation {
            values: reports.values,
            stdout: reports.stdout,
            ending,
            peers,
            program,
            places,
            elapsed: execution.elapsed,
            took,
            wire_bytes: execution.wire_bytes,
            sent: 1,
            capture: None,
        };
        Ok((observation, doubt))
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
        let program = places.fill(scenario)?;
        let call = self.calls.write(std::slice::from_ref(&program));
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
            let execution = submit(&mut self.console, &call, limit, &input, stop).await;
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
            call,
            program: program.text(),
            places,
            peers,
        })
    }

    /// Finds the target and its helper again, as they are. A target without the helper has
    /// started anew by itself.
    async fn regain(&mut self) -> Result<(), BenchError> {
        self.console.regain().await?;
        match self.ask("").await? {
            (_, Ending::Finished) => Ok(()),
            _ => Err(BenchError::Gone("it started anew".to_owned())),
        }
    }

    /// Runs a scenario once.
    async fn run_once(
        &mut self,
        scenario: &Scenario,
    ) -> Result<(Observation, Option<Doubt>), BenchError> {
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
            let program = places.fill(scenario)?;
            let call = self.calls.write(std::slice::from_ref(&program));
            let input = typed(&scenario.input);
            let never = pin!(pending());
            let execution =
                submit(&mut self.console, &call, scenario.deadline, &input, never).await?;
            Ran {
                execution,
                call,
                program: program.text(),
                places,
                peers: Vec::new(),
            }
        } else {
            self.run_with_peers(scenario, port).await?
        };
        self.observation(ran, scenario, start.elapsed())
    }

    /// Runs several programs by one submission.
    async fn run_together(
        &mut self,
        scenarios: &[Scenario],
    ) -> Result<Vec<Observation>, BenchError> {
        let limit = scenarios.iter().map(|scenario| scenario.deadline).max();
        let places = Places {
            target: self.info.addresses.target,
            port: None,
            listeners: Vec::new(),
        };
        let programs: Vec<_> = scenarios
            .iter()
            .map(|scenario| places.fill(scenario))
            .collect::<Result<_, _>>()?;
        let call = self.calls.write(&programs);
        let execution = self
            .console
            .execute(
                call.text.as_bytes(),
                programs.len(),
                limit.unwrap_or_default(),
            )
            .await?;
        match execution.fate {
            Fate::NotTaken => return Err(self.console.not_taken()),
            Fate::Interrupted | Fate::Stopped => {
                let says = "one of several programs ran beyond its deadline";
                return Err(BenchError::Silent(says.to_owned()));
            }
            Fate::Ended if self.console.marked().len() < programs.len() => {
                return Err(BenchError::Garbled(format!(
                    "one of several programs ended without a report; {}",
                    self.console.complaint()
                )));
            }
            Fate::Ended => {}
        }
        let end_mark = helper::end_mark(&self.token);
        let outputs = report_lines::split(self.console.output(), &end_mark);
        let mut observations = Vec::with_capacity(programs.len());
        let mut begun = execution.begun;
        let ends = self.console.marked().iter();
        let sums = call.first_sum..;
        for (((program, output), &ended), sum) in programs.iter().zip(outputs).zip(ends).zip(sums) {
            let (reports, ending) = self.reports(output, sum, execution.fate)?;
            let elapsed = ended.saturating_duration_since(begun);
            begun = ended;
            observations.push(Observation {
                values: reports.values,
                stdout: reports.stdout,
                ending,
                peers: Vec::new(),
                program: program.text(),
                places: places.clone(),
                elapsed,
                took: elapsed,
                wire_bytes: execution.wire_bytes / scenarios.len() as u64,
                sent: 1,
                capture: None,
            });
        }
        self.calls.arrived(&call);
        Ok(observations)
    }
}

impl Session for ReplSession {
    fn target(&self) -> &TargetInfo {
        &self.info
    }

    async fn run(&mut self, scenario: &Scenario) -> Result<Observation, BenchError> {
        let mut doubts = Doubts::default();
        loop {
            let ran = self.run_once(scenario).await;
            let may_lose_bytes = self.console.may_lose_bytes();
            match ran {
                Ok((mut observation, doubt)) => {
                    if let Some(doubt) = doubt
                        && !doubts.dispels(doubt, &observation)?
                    {
                        continue;
                    }
                    observation.sent += doubts.attempts();
                    self.restarts = 0;
                    return Ok(observation);
                }
                Err(error) if may_lose_bytes && doubts.allow_another(&error) => {
                    if self.recover().await.is_err() {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn run_all(&mut self, scenarios: &[Scenario]) -> Result<Vec<Observation>, BenchError> {
        // Without flow control a line loses bytes so easily that a program had better be short.
        if self.console.dialect() == Dialect::Plain || !scenarios.iter().all(can_be_joined) {
            return one_by_one(self, scenarios).await;
        }
        match self.run_together(scenarios).await {
            Ok(observations) => {
                self.restarts = 0;
                Ok(observations)
            }
            Err(BenchError::Garbled(_)) if self.console.may_lose_bytes() => {
                self.recover().await?;
                one_by_one(self, scenarios).await
            }
            Err(error) => Err(error),
        }
    }

    async fn recover(&mut self) -> Result<(), BenchError> {
        let Err(reason) = self.regain().await else {
            return Ok(());
        };
        if self.restarts == RESTARTS {
            return Err(reason);
        }
        self.restarts += 1;
        self.console.hang_up();
        let mut link = self.access.open().await?;
        // A board does not start anew because its line is opened.
        link.pulse().await.map_err(|error| {
            BenchError::Gone(format!("its control lines cannot be set: {error}"))
        })?;
        self.console = ready(link, &self.url, &self.token, self.patience).await?;
        self.calls.forget();
        Ok(())
    }
}

/// Makes a target ready that was just started, and puts the helper on it.
async fn ready(
    link: Link,
    url: &TargetUrl,
    token: &str,
    patience: Patience,
) -> Result<Console, BenchError> {
    let mut console = Console::start(link, &helper::end_mark(token), patience).await?;
    if let Some(file) = url.boot() {
        boot::run(&mut console, file, patience.start).await?;
    }
    let checks = console.may_lose_bytes();
    helper::install(
        &mut console,
        &url.to_string(),
        token,
        checks,
        patience.start,
    )
    .await?;
    Ok(console)
}

/// Sends a call of one program and waits until it has ended.
async fn submit(
    console: &mut Console,
    call: &Call,
    limit: Duration,
    input: &[u8],
    stop: Pin<&mut impl Future<Output = ()>>,
) -> Result<Execution, BenchError> {
    let text = call.text.as_bytes();
    let execution = console.execute_with(text, 1, limit, input, stop).await?;
    match execution.fate {
        Fate::NotTaken => Err(console.not_taken()),
        _ => Ok(execution),
    }
}

/// Whether the scenario can be one of several in a submission: nothing outside of its program
/// takes part.
fn can_be_joined(scenario: &Scenario) -> bool {
    scenario.peers.is_empty()
        && scenario.input.is_empty()
        && scenario.judged == Judged::default()
        && !program_text::needs_port(scenario)
}

/// The lines as somebody at the terminal types them.
pub(crate) fn typed(lines: &[String]) -> Vec<u8> {
    let lines = lines.iter().flat_map(|line| [line.as_str(), "\r"]);
    lines.collect::<String>().into_bytes()
}
