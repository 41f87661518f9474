//! Owns the way back to a target that does not answer, and what makes a target ready that has just
//! started. Each way back is tried once, the gentlest first, and each has its deadline.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::ReplSession;
use crate::boot;
use crate::console::Console;
use crate::error::BenchError;
use crate::helper;
use crate::observation::Ending;
use crate::patience::Patience;
use crate::reset_command;
use crate::session::Way;
use crate::target::Target;

/// How often a target is started anew before a program has run on it again.
const RESTARTS: u32 = 6;
/// How long until a line that could not be opened is tried again.
const AGAIN: Duration = Duration::from_millis(100);
/// How long it takes at the most until a command that ended at once is started again: each pause
/// is twice the one before it.
const SELDOM: Duration = Duration::from_secs(1);
/// How often what makes a target ready is begun anew where the line damages it.
const BEGINNINGS: u32 = 3;

/// The ways back to a target that goes on when its line is closed, and to one that does not.
const OF_A_BOARD: [Way; 4] = [Way::Return, Way::SoftReset, Way::ControlLines, Way::Command];
const OF_A_PROGRAM: [Way; 1] = [Way::NewStart];
/// The ways to start a target anew that answers: the first of the above only waits for it.
const STARTS_OF_A_BOARD: &[Way] = OF_A_BOARD.split_at(1).1;
/// The same for an interpreter on an operating system, which a soft reset ends for good.
const STARTS_ON_A_HOST: &[Way] = OF_A_BOARD.split_at(2).1;
/// What `sys.platform` says there.
const HOSTS: [&str; 3] = ["linux", "darwin", "win32"];

impl ReplSession {
    /// Brings the target back, and says how.
    pub(super) async fn bring_back(&mut self) -> Result<Way, BenchError> {
        // Whatever happened, it may be that what was to be kept is not.
        self.calls.forget();
        let mut reason = match self.regain().await {
            Ok(()) => return Ok(Way::Interrupt),
            Err(reason) => reason,
        };
        let ways: &[Way] = match self.access.is_lasting() {
            true => &OF_A_BOARD,
            false => &OF_A_PROGRAM,
        };
        if self.restarts < RESTARTS {
            self.restarts += 1;
            for &way in ways {
                match self.back_by(way).await {
                    Ok(true) => return Ok(way),
                    Ok(false) => {}
                    Err(error) => reason = error,
                }
            }
        }
        Err(reason)
    }

    /// Starts the target anew, whatever state it is in. One behind a line that nothing can start is
    /// found as it is.
    pub(super) async fn begin_anew(&mut self) -> Result<(), BenchError> {
        // Nothing that was kept outlives it.
        self.calls.forget();
        self.given_up = None;
        let ways = match self.access.is_lasting() {
            true if HOSTS.contains(&self.info.platform.as_str()) => STARTS_ON_A_HOST,
            true => STARTS_OF_A_BOARD,
            false => &OF_A_PROGRAM,
        };
        let mut reason = None;
        for &way in ways {
            match self.back_by(way).await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) => reason = Some(error),
            }
        }
        match reason {
            Some(reason) => Err(reason),
            None => self.regain().await,
        }
    }

    /// Finds the target and its helper again, as they are. A target without the helper has
    /// started anew by itself.
    async fn regain(&mut self) -> Result<(), BenchError> {
        self.console.regain().await?;
        match self.has_helper().await {
            true => Ok(()),
            false => Err(BenchError::Gone("it started anew".to_owned())),
        }
    }

    async fn has_helper(&mut self) -> bool {
        matches!(self.ask("").await, Ok((_, Ending::Finished)))
    }

    /// Starts the target anew in that way and makes it ready; says whether there is that way.
    async fn back_by(&mut self, way: Way) -> Result<bool, BenchError> {
        let mut left = BEGINNINGS;
        loop {
            if !self.start_anew(way).await? {
                return Ok(false);
            }
            // It may only have been away.
            if way == Way::Return && self.has_helper().await {
                return Ok(true);
            }
            left -= 1;
            let (target, patience) = (&self.target, self.patience);
            let console = &mut self.console;
            match make_ready(console, target, &self.token, self.checks, patience).await {
                Ok(()) => return Ok(true),
                Err(error) if left == 0 || !self.checks => return Err(error),
                Err(_) => {}
            }
        }
    }

    async fn start_anew(&mut self, way: Way) -> Result<bool, BenchError> {
        match way {
            Way::Interrupt => {}
            Way::Return => {
                self.reach(self.patience.away).await?;
                self.console.begin(false).await?;
            }
            Way::SoftReset => {
                // What is away has been waited for, here and below.
                self.reach(Duration::ZERO).await?;
                self.console.soft_reset().await?;
            }
            Way::ControlLines => {
                self.reach(Duration::ZERO).await?;
                if !self.console.pulse().await? {
                    return Ok(false);
                }
                self.console.begin(true).await?;
            }
            Way::Command => {
                let Some(words) = self.target.reset().map(<[String]>::to_vec) else {
                    return Ok(false);
                };
                // It may switch the board off, and its device with it.
                self.hang_up();
                reset_command::run(&words).await?;
                self.reach(self.patience.away).await?;
                self.console.begin(true).await?;
            }
            Way::NewStart => self.start_program().await?,
        }
        Ok(true)
    }

    /// Starts the program that the target is, again and again while it ends at once: what it needs
    /// may be away for a while, as a board's device is when the board has been reset.
    async fn start_program(&mut self) -> Result<(), BenchError> {
        let deadline = Instant::now() + self.patience.away;
        let mut pause = AGAIN;
        loop {
            self.hang_up();
            self.reach(Duration::ZERO).await?;
            match self.console.begin(true).await {
                Err(BenchError::Gone(_)) if Instant::now() < deadline => sleep(pause).await,
                begun => return begun,
            }
            pause = SELDOM.min(2 * pause);
        }
    }

    fn hang_up(&mut self) {
        self.busy_before += self.console.clock().busy();
        self.console.hang_up();
    }

    /// Sees to it that there is a line, be it that its device has to come back first, for which
    /// it waits that long.
    async fn reach(&mut self, wait: Duration) -> Result<(), BenchError> {
        if !self.console.has_ended() {
            return Ok(());
        }
        self.hang_up();
        let deadline = Instant::now() + wait;
        let link = loop {
            match self.access.open().await {
                Ok(link) => break link,
                Err(error) if Instant::now() >= deadline => return Err(error),
                Err(_) => sleep(AGAIN).await,
            }
        };
        self.console = Console::new(link, &helper::end_mark(&self.token), self.patience);
        Ok(())
    }
}

/// Makes a target ready that waits for a program and has just started: the boot file, then the
/// helper. `checks`: whether the line may lose or change bytes.
pub(super) async fn make_ready(
    console: &mut Console,
    target: &Target,
    token: &str,
    checks: bool,
    patience: Patience,
) -> Result<(), BenchError> {
    let name = target.url().to_string();
    let limit = patience.start;
    if checks {
        helper::put_loader(console, &name, limit).await?;
    }
    if let Some(file) = target.url().boot() {
        boot::run(console, file, target.wifi(), checks, limit).await?;
    }
    helper::install(console, &name, token, checks, limit).await
}
