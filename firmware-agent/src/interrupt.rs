//! Owns the interrupt of a running program: Ctrl-C, and the end of the agent.
//! Knows neither where Ctrl-C comes from nor how Python is told; see `crate::python::interruption`.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use nix::sys::eventfd::{EfdFlags, EventFd};

/// An interrupt that a waiting call can watch.
///
/// While it is raised its descriptor is readable, so that a call that polls ends at once.
#[derive(Debug)]
pub struct Interrupt {
    raised: AtomicBool,
    ended: AtomicBool,
    wake: EventFd,
    /// Held while flag and descriptor change, which have to agree.
    change: Mutex<()>,
}

impl Interrupt {
    /// An interrupt that is not raised.
    pub fn new() -> io::Result<Self> {
        let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        Ok(Self {
            raised: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            wake: EventFd::from_value_and_flags(0, flags)?,
            change: Mutex::new(()),
        })
    }

    /// Interrupts the running program.
    pub fn raise(&self) {
        let _change = self.changing();
        self.raised.store(true, Ordering::Release);
        // It can fail only when the counter is full, and then the descriptor is readable anyway.
        let _ = self.wake.write(1);
    }

    /// Ends the agent: from now on every program is interrupted, and none can catch it.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Release);
        self.raise();
    }

    /// Whether a waiting call must end now. Stays so until [`Interrupt::take`].
    pub fn is_raised(&self) -> bool {
        self.raised.load(Ordering::Acquire)
    }

    /// Whether the agent ends.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Takes a raised interrupt back, to answer it; `false` when there is none.
    pub fn take(&self) -> bool {
        if self.has_ended() {
            return true;
        }
        let _change = self.changing();
        let raised = self.raised.swap(false, Ordering::AcqRel);
        if raised {
            // What was raised was written, so there is something to read.
            let _ = self.wake.read();
        }
        raised
    }

    fn changing(&self) -> MutexGuard<'_, ()> {
        self.change.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AsFd for Interrupt {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }
}
