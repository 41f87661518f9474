//! Owns a session of a target that speaks raw REPL: the way of a scenario through program, peers
//! and reports. Does not know bytes of the protocol. `sending` sends programs, `recovery` brings
//! a target back that does not answer.

mod recovery;
mod sending;

use std::future::pending;
use std::net::SocketAddrV4;
use std::pin::pin;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use self::recovery::make_ready;
use self::sending::{How, Sending, Sent, send, submit};
use crate::bench;
use crate::calls::{Call, Calls};
use crate::console::{Console, Fate};
use crate::doubt::{self, Doubt, Doubts, Span};
use crate::error::BenchError;
use crate::free_port::{FreePort, Ports};
use crate::helper;
use crate::identity::{self, Answers};
use crate::links::Access;
use crate::observation::{Ending, Observation, PeerLog, Places};
use crate::patience::Patience;
use crate::peers::{self, HostNet};
use crate::program_text::{self, Part, Parts};
use crate::raw_repl::client::Dialect;
use crate::report_lines::{self, Last, Reports, Trust};
use crate::room::Room;
use crate::scenario::{Judged, Program, Scenario, Step};
use crate::session::{Clock, LineUse, Session, Submission, TargetInfo, Way, one_by_one};
use crate::target::Target;

/// Most programs in a submission: when anything happens to one, all are run again alone.
const TOGETHER: usize = 16;
/// How often a question of the session's own is sent over a line that damages it.
const ATTEMPTS: u32 = 8;

/// Several scenarios that are run by one submission.
struct Batch<'s> {
    scenarios: &'s [Scenario],
    places: Places,
    programs: Vec<Parts>,
    call: Call,
}

/// A scenario that ran: what the target's answer came to is still to be read.
struct Ran {
    sent: Sent,
    program: Sending,
    places: Places,
    peers: Vec<PeerLog>,
}

/// A session of a target that speaks raw REPL.
#[derive(Debug)]
pub struct ReplSession {
    target: Target,
    info: TargetInfo,
    console: Console,
    patience: Patience,
    net: HostNet,
    ports: Ports,
    token: String,
    calls: Calls,
    room: Room,
    /// Whether the line may lose or change bytes.
    checks: bool,
    began: Instant,
    /// How long lines were busy that are closed now.
    busy_before: Duration,
    /// How long nothing was on the line because programs were told to wait.
    waited: Duration,
    /// How often the target was started anew since a program last ran on it.
    restarts: u32,
    /// Why nothing brought the target back in the middle of a scenario: whoever hears of that
    /// would else try the same ways at once.
    given_up: Option<BenchError>,
    /// Dropped last: its line is closed before what it leads to is let go.
    access: Access,
}

impl ReplSession {
    /// Starts the target and makes it ready for scenarios.
    pub(crate) async fn start(
        target: &Target,
        seed: u64,
        patience: Patience,
        tell: &dyn Fn(&str),
    ) -> Result<ReplSession, BenchError> {
        let token = helper::token(seed);
        let began = Instant::now();
        let access = Access::gain(target.url(), tell).await?;
        let link = access.open().await?;
        let checks = link.may_lose_bytes();
        let mut console = Console::new(link, &helper::end_mark(&token), patience);
        console.begin(!access.is_lasting()).await?;
        make_ready(&mut console, target, &token, checks, patience).await?;
        let addresses = target.url().addresses();
        let mut session = ReplSession {
            target: target.clone(),
            info: TargetInfo {
                url: target.url().to_string(),
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
            // It has not said how much it has.
            calls: Calls::new(Room::of(Some(0))),
            room: Room::of(Some(0)),
            checks,
            began,
            busy_before: Duration::ZERO,
            waited: Duration::ZERO,
            restarts: 0,
            given_up: None,
            access,
        };
        session.identify().await?;
        session.room = Room::of(session.info.free_memory);
        session.calls = Calls::new(session.room);
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
        let parts = Parts(vec![Part::own(program.to_owned())]);
        let mut left = ATTEMPTS;
        loop {
            left -= 1;
            let call = self.calls.write(std::slice::from_ref(&parts));
            let limit = self.patience.start;
            let asked = match submit(&mut self.console, &call, limit, b"", pin!(pending())).await {
                Ok(execution) => self.reports(
                    self.console.output(),
                    call.first_sum,
                    &mut Last::new(),
                    execution.fate,
                ),
                Err(error) => Err(error),
            };
            match asked {
                Err(BenchError::Garbled(_)) if left > 0 && self.checks => {
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
        last: &mut Last,
        fate: Fate,
    ) -> Result<(Reports, Ending), BenchError> {
        let trust = Trust::of(self.checks, first_sum);
        report_lines::conclude(output, &self.token, trust, last, fate, || {
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
            sent: Sent {
                execution,
                first_sum,
            },
            program,
            places,
            peers,
        } = ran;
        let (reports, ending) = self.reports(
            self.console.output(),
            first_sum,
            &mut Last::new(),
            execution.fate,
        )?;
        self.calls.arrived(&program.call);
        if self.room.is_small && is_out_of_memory(&ending) {
            return Err(BenchError::Scenario(
                "the target has not enough free memory for its program".to_owned(),
            ));
        }
        if is_told_to_wait(scenario) {
            self.waited += execution.idle;
        }
        let span = Span::new(execution.elapsed, execution.carried);
        let doubt = match self.checks {
            true => doubt::of(&reports, &ending, span, scenario),
            false => None,
        };
        let observation = Observation {
            values: reports.values,
            stdout: reports.stdout,
            ending,
            peers,
            program: program.text,
            places,
            elapsed: span.nearest(reports.clocked),
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
        let program = Sending::new(&program, &mut self.calls, self.room);
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
            let how = How {
                token: &self.token,
                checks: self.checks,
                limit: scenario.deadline,
                input: &input,
            };
            let sent = send(&mut self.console, &program, how, stop).await;
            drop(end);
            sent
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
        let (sent, peers) = tokio::try_join!(target, peers)?;
        Ok(Ran {
            sent,
            program,
            places,
            peers,
        })
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
            let program = Sending::new(&program, &mut self.calls, self.room);
            let input = typed(&scenario.input);
            let how = How {
                token: &self.token,
                checks: self.checks,
                limit: scenario.deadline,
                input: &input,
            };
            let sent = send(&mut self.console, &program, how, pin!(pending())).await?;
            Ran {
                sent,
                program,
                places,
                peers: Vec::new(),
            }
        } else {
            self.run_with_peers(scenario, port).await?
        };
        self.observation(ran, scenario, start.elapsed())
    }

    /// Writes the call for several programs. It is taken for arrived: whoever learns otherwise has
    /// everything forgotten.
    fn batch<'s>(&mut self, scenarios: &'s [Scenario]) -> Result<Batch<'s>, BenchError> {
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
        self.calls.arrived(&call);
        Ok(Batch {
            scenarios,
            places,
            programs,
            call,
        })
    }

    /// Runs several programs by one submission. The `next` one is begun to be sent meanwhile.
    async fn run_together(
        &mut self,
        batch: &Batch<'_>,
        next: Option<&Batch<'_>>,
    ) -> Result<Vec<Observation>, BenchError> {
        let Batch {
            scenarios,
            places,
            programs,
            call,
        } = batch;
        let limit = scenarios.iter().map(|scenario| scenario.deadline).max();
        let next = next.map(|next| (next.call.text.as_bytes(), next.programs.len()));
        let text = call.text.as_bytes();
        let execution = self
            .console
            .execute_before(text, programs.len(), limit.unwrap_or_default(), next)
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
        let mut last = Last::new();
        for (((program, output), &ended), sum) in programs.iter().zip(outputs).zip(ends).zip(sums) {
            let (reports, ending) = self.reports(output, sum, &mut last, execution.fate)?;
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
                Err(error) if self.checks && doubts.allow_another(&error) => {
                    if let Err(reason) = self.bring_back().await {
                        self.given_up = Some(reason);
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
        let mut observations = Vec::with_capacity(scenarios.len());
        let mut batches = split(scenarios, self.room.submission);
        let mut next = batches.next().map(|batch| self.batch(batch)).transpose()?;
        while let Some(batch) = next {
            next = batches.next().map(|batch| self.batch(batch)).transpose()?;
            match self.run_together(&batch, next.as_ref()).await {
                Ok(ran) => observations.extend(ran),
                Err(BenchError::Garbled(_)) if self.checks => {
                    self.calls.forget();
                    self.bring_back().await?;
                    observations.extend(one_by_one(self, batch.scenarios).await?);
                    next = next.map(|next| self.batch(next.scenarios)).transpose()?;
                }
                Err(error) => {
                    self.calls.forget();
                    return Err(error);
                }
            }
        }
        self.restarts = 0;
        Ok(observations)
    }

    fn line_use(&self) -> Option<LineUse> {
        let clock = self.console.clock();
        Some(LineUse {
            baud: clock.baud()?,
            lasted: self.began.elapsed(),
            busy: self.busy_before + clock.busy(),
            waited: self.waited,
        })
    }

    async fn recover(&mut self) -> Result<Way, BenchError> {
        match self.given_up.take() {
            Some(reason) => Err(reason),
            None => self.bring_back().await,
        }
    }
}

fn is_out_of_memory(ending: &Ending) -> bool {
    matches!(ending, Ending::Raised(exception) if exception.is("MemoryError"))
}

/// Whether a program takes time because it, or one of its peers, was told to wait.
fn is_told_to_wait(scenario: &Scenario) -> bool {
    let mut steps = scenario.peers.iter().flat_map(|peer| &peer.script);
    !scenario.waits.is_zero()
        || scenario.endless
        || steps.any(|step| matches!(step, Step::Pause(_)))
}

/// The scenarios in pieces that fit into a submission each.
fn split(scenarios: &[Scenario], room: usize) -> impl Iterator<Item = &[Scenario]> {
    let mut rest = scenarios;
    std::iter::from_fn(move || {
        let count = fitting(&rest[..rest.len().min(TOGETHER)], room).min(rest.len());
        let (now, later) = rest.split_at(count);
        rest = later;
        (!now.is_empty()).then_some(now)
    })
}

/// How many of the scenarios fit into a submission of so many bytes; at least one.
fn fitting(scenarios: &[Scenario], room: usize) -> usize {
    let mut left = room;
    let fit = scenarios.iter().take_while(|scenario| {
        let own = match &scenario.program {
            // The body goes with the first one only.
            Program::Bound { bindings, .. } if scenario.recurs => bindings.len(),
            Program::Bound { bindings, body, .. } => bindings.len() + body.len(),
            Program::Verbatim(_) => room,
        };
        let fits = own <= left;
        left = left.saturating_sub(own);
        fits
    });
    fit.count().max(1)
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
