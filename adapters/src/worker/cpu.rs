//! Owns how long a worker may compute, in CPU time of its process: what else the machine does is
//! not counted. Does not know what is computed.
//!
//! The clock of a process's CPU time has timers, which send signals. The last one ends the process
//! by the signal's default action, whatever it is doing, so that no part of it has to be sound.

use std::io;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{SigEvent, SigSet, SigevNotify, Signal};
use nix::sys::time::TimeSpec;
use nix::sys::timer::{Expiration, Timer, TimerSetTimeFlags};
use nix::time::ClockId;

/// The signal that ends a process that has computed for too long.
pub const OUT_OF_TIME: Signal = Signal::SIGXCPU;

/// The signal of a time that may be answered.
const DUE: Signal = Signal::SIGVTALRM;

/// A time after which a process is ended. Each process has its own: a child of this one has none.
#[derive(Debug)]
pub struct Limit(Timer);

impl Limit {
    /// A limit that is not set yet.
    ///
    /// # Errors
    ///
    /// When the system refuses a timer.
    pub fn new() -> io::Result<Limit> {
        Ok(Limit(timer(OUT_OF_TIME)?))
    }

    /// Ends the process when it has computed for so long from now on.
    ///
    /// # Errors
    ///
    /// When the system refuses to set the timer.
    pub fn set(&mut self, limit: Duration) -> io::Result<()> {
        set(&mut self.0, limit)
    }

    /// Lets it compute.
    ///
    /// # Errors
    ///
    /// When the system refuses to set the timer.
    pub fn lift(&mut self) -> io::Result<()> {
        set(&mut self.0, Duration::ZERO)
    }
}

/// A time that is told when it has come.
#[derive(Debug)]
pub struct Alarm(Timer);

impl Alarm {
    /// An alarm that calls `ring` each time it goes off, on a thread of its own. To be made before
    /// other threads are that compute: it keeps its signal from them.
    ///
    /// # Errors
    ///
    /// When the system refuses a timer, or a thread.
    pub fn new(ring: impl Fn() + Send + 'static) -> io::Result<Alarm> {
        let mut signals = SigSet::empty();
        signals.add(DUE);
        // Threads that are made from here on have it blocked as well.
        signals.thread_block()?;
        thread::Builder::new()
            .name("alarm".to_owned())
            .spawn(move || {
                while signals.wait().is_ok() {
                    ring();
                }
            })?;
        Ok(Alarm(timer(DUE)?))
    }

    /// Goes off when the process has computed for so long from now on; what was set before is
    /// forgotten.
    ///
    /// # Errors
    ///
    /// When the system refuses to set the timer.
    pub fn set(&mut self, after: Duration) -> io::Result<()> {
        set(&mut self.0, after)
    }
}

fn timer(signal: Signal) -> io::Result<Timer> {
    let event = SigEvent::new(SigevNotify::SigevSignal {
        signal,
        si_value: 0,
    });
    Ok(Timer::new(ClockId::CLOCK_PROCESS_CPUTIME_ID, event)?)
}

/// Zero is never.
fn set(timer: &mut Timer, after: Duration) -> io::Result<()> {
    let after = Expiration::OneShot(TimeSpec::from_duration(after));
    Ok(timer.set(after, TimerSetTimeFlags::empty())?)
}
