//! Owns a session of a target that speaks raw REPL: the way of a scenario through program, peers
//! and reports. Does not know bytes of the protocol. `sending` sends programs, `together` several
//! at once, and `recovery` brings a target back that does not answer.

mod no_repl;
mod recovery;
mod sending;
mod together;

use std::future::pending;
use std::pin::pin;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use self::recovery::make_ready;
use self::sending::{How, Sending, Sent, send, submit};
use self::together::can_be_joined;
use crate::bench;
use crate::calls::Calls;
use crate::console::{Console, Fate};
use crate::doubt::{self, Doubt, Doubts};
use crate::error::BenchError;
use crate::free_port::{ClaimedPorts, Ports};
use crate::helper;
use crate::identity::{self, Answers};
use crate::links::Access;
use crate::observation::{Ending, Observation, PeerLog, Places};
use crate::patience::Patience;
use crate::peers::{self, HostNet, Reached};
use crate::program_text::{Part, Parts};
use crate::raw_repl::client::Dialect;
use crate::report_lines::{self, Last, Reports, Trust};
use crate::room::Room;
use crate::scenario::{Scenario, Step};
use crate::session::{Clock, LineUse, Session, Submission, TargetInfo, Way, one_by_one};
use crate::span::Span;
use crate::target::Target;

/// How often a question of the session's own is sent over a line that damages it.
const ATTEMPTS: u32 = 8;

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
        let begun = console.begin(!access.is_lasting()).await;
        begun.map_err(|error| no_repl::with_remedy(error, target.url().place()))?;
        make_ready(&mut console, target, &token, checks, patience).await?;
        let addresses = target.url().addresses();
        let mut session = ReplSession {
            target: target.clone(),
            info: TargetInfo::not_asked(
                target.url().to_string(),
                match console.dialect() {
                    Dialect::RawPaste { .. } => Submission::RawPaste,
                    Dialect::Unknown | Dialect::Plain => Submission::Plain,
                },
                Clock::Real,
                bench::capabilities(addresses.peer),
                addresses,
            ),
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
        session.calls.resize(session.room);
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
            // What it is asked raises nothing, and an interrupt may come out of a bad line.
            let is_whole = match &asked {
                Ok((_, ending)) => *ending == Ending::Finished,
                Err(BenchError::Garbled(_) | BenchError::BadLine(_) | BenchError::Silent(_)) => {
                    false
                }
                Err(_) => true,
            };
            if is_whole || left == 0 || !self.checks {
                return asked;
            }
            self.console.regain().await?;
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
        let ending = own_account(&reports, scenario).unwrap_or(ending);
        let span = execution.elapsed.shortened(execution.carried);
        let doubt = match self.checks {
            true => doubt::of(&reports, &ending, span, scenario),
            false => None,
        };
        // Whatever this process did late, the program may have waited for, if it has peers.
        let late = match scenario.peers.is_empty() {
            true => Duration::ZERO,
            false => execution.late,
        };
        let is_held_up = scenario.judged.elapsed && execution.elapsed.shortened(late).is_wide();
        // Within the bounds the target's own clock knows it, held up or not.
        let elapsed = match reports.clocked {
            Some(clocked) => Span::exactly(span.nearest(clocked)),
            None => span,
        };
        let elapsed = elapsed.shortened(late);
        let doubt = doubt.or((is_held_up && elapsed.is_wide()).then_some(Doubt::HeldUp));
        let observation = Observation {
            values: reports.values,
            stdout: reports.stdout,
            ending,
            peers,
            program: program.text,
            places,
            elapsed,
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
        claimed: &ClaimedPorts,
    ) -> Result<Ran, BenchError> {
        let addresses = self.info.addresses;
        let peers = peers::prepare(&self.net, &scenario.peers).await?;
        let listeners = peers
            .addresses()
            .map(|(name, address)| (name.to_owned(), address))
            .collect();
        let places = Places {
            target: addresses.target,
            port: claimed.first(),
            second_port: claimed.second(),
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
        let reached = Reached::at(addresses.target, claimed.first(), claimed.second());
        let peers = peers.run(
            reached,
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
        let claimed = self.ports.claim(scenario)?;
        let ran = if scenario.peers.is_empty() {
            let target = self.info.addresses.target;
            let places = Places {
                target,
                port: claimed.first(),
                second_port: claimed.second(),
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
            self.run_with_peers(scenario, &claimed).await?
        };
        self.observation(ran, scenario, start.elapsed())
    }
}

impl Session for ReplSession {
    fn target(&self) -> &TargetInfo {
        &self.info
    }

    async fn run(&mut self, scenario: &Scenario) -> Result<Observation, BenchError> {
        let mut doubts = Doubts::default();
        let start = Instant::now();
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
                    observation.took = start.elapsed();
                    self.restarts = 0;
                    return Ok(observation);
                }
                Err(error) if self.checks && doubts.allow_another(&error) => {
                    if let Err(reason) = self.bring_back().await {
                        self.given_up = Some(reason);
                        return Err(error);
                    }
                }
                Err(error) => return Err(doubts.told(error)),
            }
        }
    }

    async fn run_all(&mut self, scenarios: &[Scenario]) -> Result<Vec<Observation>, BenchError> {
        // Without flow control a line loses bytes so easily that a program had better be short.
        if self.console.dialect() == Dialect::Plain || !scenarios.iter().all(can_be_joined) {
            return one_by_one(self, scenarios).await;
        }
        self.run_together(scenarios).await
    }

    async fn restart(&mut self) -> Result<(), BenchError> {
        self.begin_anew().await
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

/// How a program ended by its own account that the harness had interrupted, where that came too late:
/// it had ended by itself.
fn own_account(reports: &Reports, scenario: &Scenario) -> Option<Ending> {
    let in_time = scenario.endless
        || reports
            .clocked
            .is_some_and(|clocked| clocked < scenario.deadline);
    reports
        .account
        .clone()
        .filter(|_| in_time && !reports.is_interrupted)
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

/// The lines as somebody at the terminal types them.
pub(crate) fn typed(lines: &[String]) -> Vec<u8> {
    let lines = lines.iter().flat_map(|line| [line.as_str(), "\r"]);
    lines.collect::<String>().into_bytes()
}
