//! Owns the boundary between runner and driver: one verb carries all work.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use trueline_spec::pack::Capability;

use crate::error::BenchError;
use crate::observation::Observation;
use crate::scenario::{Addresses, Scenario};
use crate::secrets::Secrets;

/// What a target says of itself, and what its bench can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetInfo {
    /// The URL that it was opened by.
    pub url: String,
    /// `sys.implementation.name`, as `micropython`.
    pub implementation: String,
    /// `sys.implementation.version`, dotted.
    pub version: String,
    /// `sys.platform`.
    pub platform: String,
    /// The board in words, as `Generic ESP32 module with ESP32`; may be empty.
    pub machine: String,
    /// The firmware's build in words, with its day where it says one; may be empty.
    pub build: String,
    /// Which of the modules that matter to socket programs it can import; none where it has no
    /// sockets.
    pub modules: Vec<String>,
    /// Bytes that its heap has left beside Trueline's helper; `None` where it does not say.
    pub free_memory: Option<u64>,
    /// How programs are sent.
    pub submission: Submission,
    /// Whether its time passes by itself.
    pub clock: Clock,
    /// What target and bench can do.
    pub capabilities: BTreeSet<Capability>,
    /// Where target and peers reach each other.
    pub addresses: Addresses,
}

impl TargetInfo {
    /// The same without secrets in what the target said of itself.
    pub(crate) fn hiding(&self, secrets: &Secrets) -> TargetInfo {
        let hide = |says: &String| secrets.hide(says).into_owned();
        TargetInfo {
            implementation: hide(&self.implementation),
            version: hide(&self.version),
            platform: hide(&self.platform),
            machine: hide(&self.machine),
            build: hide(&self.build),
            modules: self.modules.iter().map(hide).collect(),
            ..self.clone()
        }
    }
}

impl TargetInfo {
    /// What is known of a target before it has been asked who it is.
    pub(crate) fn not_asked(
        url: String,
        submission: Submission,
        clock: Clock,
        capabilities: BTreeSet<Capability>,
        addresses: Addresses,
    ) -> TargetInfo {
        TargetInfo {
            url,
            implementation: String::new(),
            version: String::new(),
            platform: String::new(),
            machine: String::new(),
            build: String::new(),
            modules: Vec::new(),
            free_memory: None,
            submission,
            clock,
            capabilities,
            addresses,
        }
    }
}

/// Whether time on a target passes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// It does, and whoever waits waits.
    Real,
    /// It moves as soon as everybody waits.
    Virtual,
}

/// How the line of a session was used, where its speed is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineUse {
    /// Bits a second.
    pub baud: u32,
    /// How long the session has lasted, from before its line was opened.
    pub lasted: Duration,
    /// For how much of it there were bytes on the line, either way.
    pub busy: Duration,
    /// For how much of it there were none because a program, or one of its peers, was told to wait.
    pub waited: Duration,
}

impl LineUse {
    /// The use of this line and of another one, at the same time.
    #[must_use]
    pub fn and(self, other: LineUse) -> LineUse {
        LineUse {
            baud: self.baud,
            lasted: self.lasted + other.lasted,
            busy: self.busy + other.busy,
            waited: self.waited + other.waited,
        }
    }
}

/// How programs are sent to a raw REPL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submission {
    /// With flow control, through raw paste.
    RawPaste,
    /// As it is.
    Plain,
    /// Without a line in between.
    Direct,
}

impl fmt::Display for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Submission::RawPaste => "raw paste",
            Submission::Plain => "plain raw REPL",
            Submission::Direct => "direct call",
        })
    }
}

/// How a target was brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// An interrupt, after which it was found as it had been.
    Interrupt,
    /// It came back, or had started anew, by itself.
    Return,
    /// A soft reset of its interpreter.
    SoftReset,
    /// A pulse on the control lines of its serial line.
    ControlLines,
    /// The user's command.
    Command,
    /// A new start of the program that it is.
    NewStart,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Way::Interrupt => "an interrupt",
            Way::Return => "its own return",
            Way::SoftReset => "a soft reset",
            Way::ControlLines => "its control lines",
            Way::Command => "the reset command",
            Way::NewStart => "a new start",
        })
    }
}

/// An open target.
///
/// `Err` means that the bench broke; an [`Observation`] is what the target did.
#[expect(
    async_fn_in_trait,
    reason = "sessions are used by this workspace only, on one thread"
)]
pub trait Session {
    /// What is known of the target.
    fn target(&self) -> &TargetInfo;

    /// Runs one scenario.
    async fn run(&mut self, scenario: &Scenario) -> Result<Observation, BenchError>;

    /// Runs several scenarios; a session may send them all at once. Where time passes by itself
    /// they have no peers, and nothing of them is about what they print. Only the first of them are run
    /// where the target has to be looked at before the next, but one at the least.
    ///
    /// An error says nothing of any of them: they can be run again, one by one.
    async fn run_all(&mut self, scenarios: &[Scenario]) -> Result<Vec<Observation>, BenchError> {
        one_by_one(self, scenarios).await
    }

    /// Makes the target as new, if that costs next to nothing and what one clause leaves behind
    /// would be seen by the next; other targets stay as they are.
    async fn refresh(&mut self) -> Result<(), BenchError> {
        Ok(())
    }

    /// Starts the target anew, whatever state it is in: nothing that ran on it is left.
    async fn restart(&mut self) -> Result<(), BenchError>;

    /// How its line was used so far; `None` where it has no speed.
    fn line_use(&self) -> Option<LineUse> {
        None
    }

    /// Brings the target back after an error, and says how.
    async fn recover(&mut self) -> Result<Way, BenchError>;
}

/// Runs scenarios each by a submission of its own.
pub(crate) async fn one_by_one<S: Session + ?Sized>(
    session: &mut S,
    scenarios: &[Scenario],
) -> Result<Vec<Observation>, BenchError> {
    let mut observations = Vec::with_capacity(scenarios.len());
    for scenario in scenarios {
        observations.push(session.run(scenario).await?);
    }
    Ok(observations)
}
