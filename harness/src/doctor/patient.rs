//! Owns the target under examination: programs run on it one by one, and it is brought back after
//! one that broke the bench. Does not know what is examined.

use std::time::{Duration, Instant};

use trueline_adapters::OpenTarget;
use trueline_adapters::error::BenchError;
use trueline_adapters::observation::{Ending, Observation};
use trueline_adapters::scenario::{Peer, Scenario};
use trueline_adapters::session::{Session, TargetInfo};
use trueline_spec::pack::{Module, Pack};

use super::Found;

/// How long a program may take that does not wait for anybody.
const DEADLINE: Duration = Duration::from_secs(10);

/// What to do about a target that is too small.
pub(super) const ROOM: &str =
    "free memory in the boot file, or leave clauses with long programs out with --only";
/// What to do about this machine's own network.
const NETWORK: &str = "`peer=IP` has to name an address of this machine, and a port has to be free";

/// A target that is examined.
pub(super) struct Patient<'p> {
    session: OpenTarget,
    is_lost: bool,
    /// What it will be tested with.
    pub(super) pack: &'p Pack,
    /// How long the smallest program takes, when that is known.
    pub(super) round_trip: Duration,
    /// Whether it can import the module under test; false until that is known.
    pub(super) has_module: bool,
}

impl<'p> Patient<'p> {
    pub(super) fn new(session: OpenTarget, pack: &'p Pack) -> Self {
        Self {
            session,
            is_lost: false,
            pack,
            round_trip: Duration::ZERO,
            has_module: false,
        }
    }

    /// Whether it cannot be spoken to any more.
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost
    }

    pub(super) fn info(&self) -> &TargetInfo {
        self.session.target()
    }

    /// The speed of its line in bits a second, where that is known.
    pub(super) fn baud(&self) -> Option<u32> {
        self.session.line_use().map(|used| used.baud)
    }

    /// Runs a scenario, whatever comes of it on the target.
    ///
    /// # Errors
    /// The finding that the bench broke.
    pub(super) async fn observe(&mut self, scenario: &Scenario) -> Result<Observation, Found> {
        let error = match self.session.run(scenario).await {
            Ok(observation) => return Ok(observation),
            Err(error) => error,
        };
        let remedy = match &error {
            BenchError::Scenario(_) => ROOM.to_owned(),
            BenchError::Network { .. } => NETWORK.to_owned(),
            _ => self.brought_back().await,
        };
        Err(Found::problem(error.to_string(), remedy))
    }

    /// Brings the target back after it broke the bench; says what to do.
    async fn brought_back(&mut self) -> String {
        match self.session.recover().await {
            Ok(way) => format!(
                "{way} brought it back; look whether line and power are steady, and examine it again"
            ),
            Err(gone) => {
                self.is_lost = true;
                format!(
                    "it did not come back ({gone}); look at line and power, or reset it by hand"
                )
            }
        }
    }

    /// Runs a program that has to come to its end; says how long it took with everything around it.
    ///
    /// # Errors
    /// The finding that it did not, or that the bench broke.
    pub(super) async fn run(&mut self, body: &str) -> Result<Duration, Found> {
        let begun = Instant::now();
        let observation = self.observe(&scenario("", body)).await?;
        let took = begun.elapsed();
        match &observation.ending {
            Ending::Finished => Ok(took),
            ending => Err(Found::problem(
                format!(
                    "a small program does not come to its end: {}",
                    ended(ending)
                ),
                "start the target anew; if that does not help, a boot file or the firmware stands in \
                 the way",
            )),
        }
    }
}

/// How a program ended, as the end of a sentence.
pub(super) fn ended(ending: &Ending) -> String {
    match ending {
        Ending::Finished => "it ended".to_owned(),
        Ending::Raised(exception) => format!("it raised {exception}"),
        Ending::Interrupted | Ending::Stopped => format!("it ran for {} s", DEADLINE.as_secs()),
    }
}

/// A program with nobody beside it.
pub(super) fn scenario(opening: &str, body: &str) -> Scenario {
    Scenario::alone("doctor", opening, body.to_owned(), DEADLINE)
}

/// A program beside a peer, with the module under test as `socket`.
pub(super) fn beside(peer: Peer, uses_port: bool, module: &Module, body: &str) -> Scenario {
    Scenario {
        peers: vec![peer],
        uses_port,
        ..scenario(&format!("import {} as socket\n", module.import), body)
    }
}
