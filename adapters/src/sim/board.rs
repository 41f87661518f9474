//! Owns a simulated board: the interpreter in its world, and the way of a scenario through program,
//! peers and reports. Lives on one thread, and waits for nothing but the program. How long a program
//! computes is measured in CPU time, so that no verdict depends on what else the machine does.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::net::SocketAddrV4;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use trueline_agent::board::{Board as Hardware, Input};
use trueline_agent::console::Console;
use trueline_agent::interrupt::Interrupt;
use trueline_agent::net::AccessPoint;
use trueline_agent::python::{Compiled, Failure, Interpreter, Nudge, Parts};
use trueline_agent::repl::Ending as Ended;
use trueline_spec::network::Network;

use super::air::Setting;
use super::board_net::BoardNet;
use super::limits::Limits;
use super::peer_net::SimPeers;
use super::sink::Sink;
use super::world::{Cut, Term, World};
use crate::console::Fate;
use crate::error::BenchError;
use crate::excerpt::excerpt;
use crate::identity::{self, Answers};
use crate::observation::{Observation, PeerLog, Places};
use crate::peers::{Reached, prepare};
use crate::repl_session::typed;
use crate::report_lines::{self, Last, Reports, Trust};
use crate::scenario::{Addresses, Scenario};
use crate::span::Span;
use crate::worker::cpu::{Alarm, Limit};
use crate::{boot, helper, program_text};

/// How much longer than its deadline a program may compute until its board is ended: it may take a
/// moment until an interrupt is heard.
const HEARD: Duration = Duration::from_millis(100);

/// The CPU time that a second of the board is worth. In so much of it a program counts here to
/// 200,000, which takes a real board a second or two.
const CPU_TIME_OF_A_SECOND: Duration = Duration::from_millis(60);

/// The first seconds of a deadline, which programs have that ask for no more, are worth less: such
/// programs compute for milliseconds, and one that computes for ever has to come to its deadline soon,
/// since a firmware can do so in every clause.
const FIRST: Duration = Duration::from_secs(5);
const CPU_TIME_OF_THE_FIRST: Duration = Duration::from_millis(200);

/// How much longer a program may take on a network that loses packets: sending them again takes
/// seconds, and minutes when it happens several times in a row.
const PATIENCE: Duration = Duration::from_secs(600);

/// The CPU time that the frames of such a network may take beside the program: there can be tens of
/// thousands of them, and one timer counts both.
const DELIVERIES: Duration = Duration::from_secs(5);

/// How long peers may go on after the program while nothing of theirs gets on: on a network that
/// delivers everything at once, on one that is late or fails for a while, and on one that may lose
/// a packet each time that it is sent again, which is done ever more seldom.
const GRACE: Duration = Duration::from_secs(1);
const LONG_GRACE: Duration = Duration::from_secs(60);
const LONGEST_GRACE: Duration = Duration::from_secs(600);

/// How long what runs on a board before any program may take.
const AT_THE_START: Term = Term {
    deadline: Duration::from_secs(60),
    computing: Duration::from_secs(10),
    endless: false,
};

/// Where the ports begin that a target is given to listen on, and how many there are.
const FIRST_PORT: u16 = 20_000;
const PORTS: u64 = 12_000;

/// How a board is made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Making {
    /// Marks the reports of its programs.
    pub(super) token: String,
    /// Of the board and of its peers.
    pub(super) addresses: Addresses,
    /// What its network does, unless a scenario says otherwise.
    pub(super) network: Network,
    /// What runs on it after each start.
    pub(super) boot: Option<PathBuf>,
}

/// How much a board may compute.
struct Computing {
    /// Interrupts a program at its deadline.
    alarm: Alarm,
    /// Ends the process when that was of no use.
    limit: Limit,
}

/// A simulated board.
pub(super) struct Board {
    making: Making,
    interrupt: Arc<Interrupt>,
    /// Whether a program that computed was interrupted at its deadline.
    has_overrun: Arc<AtomicBool>,
    /// `None` while it starts, which is limited as a whole.
    computing: Option<Computing>,
    world: World,
    interpreter: Interpreter,
    console: Arc<Console>,
    sink: Sink,
    input: Rc<TypedInput>,
    helper: Compiled,
    /// The body of the last program.
    body: Option<(String, Compiled)>,
    has_failed: bool,
}

impl Board {
    /// Switches a board on, runs its boot file and puts its helper on it.
    pub(super) fn start(making: Making) -> Result<Board, BenchError> {
        let interrupt = Interrupt::new().map_err(|error| BenchError::Open {
            target: "sim:".to_owned(),
            reason: format!("the simulated board could not be started: {error}"),
        })?;
        let interrupt = Arc::new(interrupt);
        let setting = setting(&making, &Network::default(), 0, false);
        let world = World::new(setting, Arc::clone(&interrupt));
        let sink = Sink::new(Arc::clone(&interrupt));
        let console = Arc::new(Console::new(sink.clone()));
        let input = Rc::new(TypedInput {
            bytes: RefCell::default(),
            world: world.clone(),
        });
        let hardware = Hardware::new(
            Box::new(BoardNet::new(world.clone(), AccessPoint::default())),
            Arc::clone(&console),
            Rc::clone(&input) as Rc<dyn Input>,
            Arc::clone(&interrupt),
        );
        let interpreter = Interpreter::start(hardware);
        sink.nudge_by(interpreter.nudge());
        let helper = compiled_helper(&interpreter, &making.token)?;
        let mut board = Board {
            making,
            interrupt,
            has_overrun: Arc::default(),
            computing: None,
            world,
            interpreter,
            console,
            sink,
            input,
            helper,
            body: None,
            has_failed: false,
        };
        board.boot()?;
        board.put_helper()?;
        board.interpreter.settle();
        Ok(board)
    }

    /// Starts the interpreter anew in this process, where that leaves nothing of earlier programs; says
    /// whether it does. What a boot file has made of the interpreter cannot be told from what
    /// programs have.
    pub(super) fn renew(&mut self) -> bool {
        self.making.boot.is_none()
            && !self.has_overrun.load(Ordering::Relaxed)
            && self.interpreter.reset().is_ok()
            && self.put_helper().is_ok()
    }

    /// Limits how long each program may compute from now on.
    pub(super) fn may_compute(&mut self, alarm: Alarm, limit: Limit) {
        self.computing = Some(Computing { alarm, limit });
    }

    /// What interrupts its program.
    pub(super) fn interrupt(&self) -> Arc<Interrupt> {
        Arc::clone(&self.interrupt)
    }

    /// Whether a program that computed was interrupted at its deadline.
    pub(super) fn has_overrun(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.has_overrun)
    }

    /// What makes a computing program look at the interrupt.
    pub(super) fn nudge(&self) -> Nudge {
        self.interpreter.nudge()
    }

    /// Runs the boot file, if there is one.
    fn boot(&mut self) -> Result<(), BenchError> {
        let Some(file) = self.making.boot.clone() else {
            return Ok(());
        };
        self.begin(&Network::default(), 0, false, AT_THE_START)?;
        let failed = |reason| BenchError::Boot {
            file: file.clone(),
            reason,
        };
        let source = boot::source(&file).map_err(failed)?;
        let program = self.interpreter.compile(&source);
        let ended = program.map(|program| self.interpreter.run_compiled(&program));
        self.console.flush();
        match ended {
            Ok(Ok(Ended::Finished | Ended::Exited)) => Ok(()),
            Ok(Ok(Ended::Raised(traceback))) | Err(traceback) => Err(failed(match self.fate() {
                _ if self.sink.read(|printed| printed.is_none()) => {
                    "printed more than a program may, and was interrupted".to_owned()
                }
                Fate::Ended => boot::raised(traceback.as_bytes()),
                _ => "did not end on the target, and was interrupted".to_owned(),
            })),
            Ok(Err(Failure::OutOfMemory)) => Err(failed(
                "ended its target: it asked for more memory than there can be".to_owned(),
            )),
            Ok(Err(Failure::Interrupted)) => Err(failed(
                "did not end on the target, and was interrupted".to_owned(),
            )),
            Ok(Err(Failure::Unwound)) => Err(failed(
                "did not end on the target, and an interrupt did not end it".to_owned(),
            )),
            Ok(Err(Failure::Broken)) => Err(self.failed()),
        }
    }

    /// Puts the helper on the board that reports what programs do.
    fn put_helper(&mut self) -> Result<(), BenchError> {
        self.begin(&Network::default(), 0, false, AT_THE_START)?;
        match self.interpreter.run_compiled(&self.helper) {
            Ok(Ended::Finished) => Ok(()),
            Ok(ended) => Err(BenchError::Open {
                target: "sim:".to_owned(),
                reason: format!(
                    "it does not take the helper that reports what programs do; {}",
                    complaint(&ended)
                ),
            }),
            Err(_) => Err(self.failed()),
        }
    }

    /// Asks the board who it is.
    pub(super) fn identify(&mut self) -> Result<Answers, BenchError> {
        let mut answers = Answers::new();
        for program in identity::PROGRAMS {
            self.begin(&Network::default(), 0, false, AT_THE_START)?;
            let ended = self.call(program, "", false)?;
            let (reports, _) = self.conclude(&ended)?;
            answers.extend(reports.values);
        }
        Ok(answers)
    }

    /// Runs scenarios, one after the other.
    ///
    /// After one that computed to its deadline no other is run: the interrupt may come late and hit
    /// it, or may have cost the interpreter.
    pub(super) fn run_all(
        &mut self,
        scenarios: &[Scenario],
    ) -> Result<Vec<Observation>, BenchError> {
        let mut observations = Vec::with_capacity(scenarios.len());
        for scenario in scenarios {
            observations.push(self.run(scenario)?);
            if self.has_overrun.load(Ordering::Relaxed) {
                break;
            }
        }
        Ok(observations)
    }

    /// Runs one scenario.
    fn run(&mut self, scenario: &Scenario) -> Result<Observation, BenchError> {
        let simulation = &scenario.simulation;
        // What a clause says of its network is all that there is to say.
        let network = match simulation.network.is_ideal() {
            true => &self.making.network,
            false => &simulation.network,
        };
        let network = network.clone();
        let is_ideal = network.is_ideal();
        let (patience, deliveries, grace) = match (is_ideal, network.loses_by_chance()) {
            (true, _) => (Duration::ZERO, Duration::ZERO, GRACE),
            (false, false) => (PATIENCE, DELIVERIES, LONG_GRACE),
            (false, true) => (PATIENCE, DELIVERIES, LONGEST_GRACE),
        };
        self.input.set(typed(&scenario.input));
        let term = Term {
            deadline: scenario.deadline + patience,
            computing: computing(scenario.deadline) + deliveries,
            endless: scenario.endless,
        };
        self.begin(&network, simulation.seed, simulation.capture, term)?;
        let port = program_text::needs_port(scenario).then(|| {
            simulation
                .documented
                .target
                .unwrap_or(drawn(simulation.seed))
        });
        let second_port = program_text::needs_second_port(scenario)
            .then(|| drawn(simulation.seed.wrapping_add(1)));
        let stage = Rc::new(Stage::default());
        if !scenario.peers.is_empty() {
            let target = Reached::at(self.making.addresses.target, port, second_port);
            self.world.play(Rc::clone(&stage).play(
                self.world.clone(),
                scenario.clone(),
                target,
                grace,
            ));
            if let Some(Err(error)) = stage.logs.take() {
                return Err(error);
            }
        }
        let places = Places {
            target: self.making.addresses.target,
            port,
            second_port,
            listeners: stage.listeners.take(),
        };
        let program = places.fill(scenario)?;
        let (first, rest) = program.halves();
        let ended = self.call(&first, &rest, program.leaves_a_file())?;
        // A program that only computes lets no time pass in the world.
        let (elapsed, took) = match self.has_overrun.load(Ordering::Relaxed) {
            true => (term.deadline, term.computing),
            false => (self.world.now(), Duration::ZERO),
        };
        stage.has_ended.set(true);
        self.world.play_to_the_end();
        let peers = match stage.logs.take() {
            Some(logs) => logs?,
            None if scenario.peers.is_empty() => Vec::new(),
            None => {
                let says = "its peers never come to an end".to_owned();
                return Err(BenchError::Scenario(says));
            }
        };
        let (reports, ending) = self.conclude(&ended)?;
        Ok(Observation {
            values: reports.values,
            stdout: reports.stdout,
            ending,
            peers,
            program: program.text(),
            places,
            elapsed: Span::exactly(elapsed),
            took,
            wire_bytes: 0,
            sent: 1,
            capture: self.world.take_capture(),
        })
    }

    /// Begins the world anew for a program.
    fn begin(
        &mut self,
        network: &Network,
        seed: u64,
        capture: bool,
        term: Term,
    ) -> Result<(), BenchError> {
        let setting = setting(&self.making, network, seed, capture);
        self.world.renew(setting, term);
        if let Some(Computing { alarm, limit }) = &mut self.computing {
            let refused = |error| BenchError::Simulator(format!("it has no timer: {error}"));
            alarm.set(term.computing).map_err(refused)?;
            limit.set(term.computing + HEARD).map_err(refused)?;
        }
        // Those that came after the last program had ended.
        self.has_overrun.store(false, Ordering::Relaxed);
        self.interrupt.take();
        self.sink.clear();
        self.console.begin_program();
        Ok(())
    }

    /// Runs a program by the helper. `rest` is its end that other programs have in common with it.
    fn call(&mut self, first: &str, rest: &str, collects: bool) -> Result<Ended, BenchError> {
        self.compile(rest);
        let whole;
        let parts = match &self.body {
            Some((_, compiled)) => Parts {
                first,
                last: Some(compiled),
                collects,
            },
            None => {
                whole = format!("{first}{rest}");
                Parts {
                    first: &whole,
                    last: None,
                    collects,
                }
            }
        };
        let ended = self.interpreter.call("_t", &parts);
        self.console.flush();
        match ended {
            Ok(ended) => Ok(ended),
            Err(Failure::Interrupted) => {
                self.has_failed = true;
                Ok(Ended::Raised("KeyboardInterrupt: \n".to_owned()))
            }
            Err(Failure::Unwound) if self.sink.read(|printed| printed.is_none()) => {
                Err(prints_without_end())
            }
            Err(Failure::Unwound) => Err(BenchError::Silent(
                "a program ran beyond its deadline, and an interrupt did not end it".to_owned(),
            )),
            Err(Failure::OutOfMemory) => {
                self.has_failed = true;
                Err(BenchError::Gone(
                    "it ran out of memory, and started anew".to_owned(),
                ))
            }
            Err(Failure::Broken) => Err(self.failed()),
        }
    }

    /// Compiles a body once for all programs that follow each other with it. One that does not
    /// compile says so when it is run.
    fn compile(&mut self, body: &str) {
        if self.body.as_ref().is_some_and(|(text, _)| text == body) {
            return;
        }
        let compiled = match body {
            "" => None,
            body => self.interpreter.compile(body).ok(),
        };
        self.body = compiled.map(|compiled| (body.to_owned(), compiled));
    }

    /// What a program's output comes to.
    fn conclude(&self, ended: &Ended) -> Result<(Reports, crate::observation::Ending), BenchError> {
        let fate = self.fate();
        self.sink.read(|printed| {
            let printed = printed.ok_or_else(prints_without_end)?;
            report_lines::conclude(
                printed,
                &self.making.token,
                Trust::Blind,
                &mut Last::new(),
                fate,
                || complaint(ended),
            )
        })
    }

    fn fate(&self) -> Fate {
        match self.world.cut() {
            Some(Cut::Stopped) => Fate::Stopped,
            Some(Cut::Interrupted) => Fate::Interrupted,
            None if self.has_overrun.load(Ordering::Relaxed) => Fate::Interrupted,
            None => Fate::Ended,
        }
    }

    /// Whether the board is over: its interpreter was unwound or has failed, and another board is
    /// needed.
    pub(super) fn has_ended(&self) -> bool {
        self.has_failed || self.interrupt.has_ended()
    }

    fn failed(&mut self) -> BenchError {
        self.has_failed = true;
        BenchError::Simulator("its interpreter failed".to_owned())
    }
}

/// How much CPU time a program with this deadline may take.
fn computing(deadline: Duration) -> Duration {
    let rest = deadline.saturating_sub(FIRST);
    let first = (deadline - rest).div_duration_f64(FIRST);
    CPU_TIME_OF_THE_FIRST.mul_f64(first) + rest.mul_f64(CPU_TIME_OF_A_SECOND.as_secs_f64())
}

/// A port for the target to listen on: in a world of its own nobody else uses it.
fn drawn(seed: u64) -> u16 {
    FIRST_PORT + u16::try_from(seed % PORTS).unwrap_or(0)
}

fn setting(making: &Making, network: &Network, seed: u64, capture: bool) -> Setting {
    Setting {
        addresses: making.addresses,
        network: network.clone(),
        limits: Limits::BOARD,
        seed,
        capture,
    }
}

fn compiled_helper(interpreter: &Interpreter, token: &str) -> Result<Compiled, BenchError> {
    let source: String = helper::pieces(token, false).collect();
    interpreter
        .compile(&source)
        .map_err(|traceback| BenchError::Open {
            target: "sim:".to_owned(),
            reason: format!("its helper does not compile: {traceback}"),
        })
}

fn prints_without_end() -> BenchError {
    BenchError::Endless("it printed more than a program may".to_owned())
}

/// What the board said instead of letting a program end by itself, in a clause.
fn complaint(ended: &Ended) -> String {
    match ended {
        Ended::Raised(traceback) => format!("the target says: `{}`", excerpt(traceback.as_bytes())),
        Ended::Finished | Ended::Exited => "it printed no reason".to_owned(),
    }
}

/// What peers and program have to tell each other.
#[derive(Default)]
struct Stage {
    listeners: RefCell<Vec<(String, SocketAddrV4)>>,
    has_ended: Cell<bool>,
    logs: RefCell<Option<Result<Vec<PeerLog>, BenchError>>>,
}

impl Stage {
    /// Plays the scripts of a scenario; leaves its peers' addresses and then their logs.
    async fn play(
        self: Rc<Stage>,
        world: World,
        scenario: Scenario,
        target: Reached,
        grace: Duration,
    ) {
        let net = SimPeers::new(world.clone(), scenario.simulation.documented.peer);
        let prepared = match prepare(&net, &scenario.peers).await {
            Ok(prepared) => prepared,
            Err(error) => {
                self.logs.replace(Some(Err(error)));
                return;
            }
        };
        let addresses = prepared.addresses();
        let listeners = addresses.map(|(name, address)| (name.to_owned(), address));
        self.listeners.replace(listeners.collect());
        let ended = world.until(|_, _| self.has_ended.get().then_some(()));
        let finished = || world.peers_have_finished();
        let logs = prepared.run(target, ended, finished, || world.rest(grace));
        let logs = logs.await;
        self.logs.replace(Some(logs));
    }
}

/// What is typed at the board's terminal before the program runs.
struct TypedInput {
    bytes: RefCell<VecDeque<u8>>,
    world: World,
}

impl TypedInput {
    fn set(&self, bytes: Vec<u8>) {
        self.bytes.replace(bytes.into());
    }
}

impl Input for TypedInput {
    fn next_byte(&self) -> Option<u8> {
        if let Some(byte) = self.bytes.borrow_mut().pop_front() {
            return Some(byte);
        }
        // Nobody types any more: the program waits until it is interrupted.
        while self.world.turn(None).is_ok() {}
        None
    }
}
