//! Owns what a simulated board prints: kept up to a limit, beyond which the program is ended.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use trueline_agent::interrupt::Interrupt;
use trueline_agent::python::Nudge;

use crate::console::OUTPUT_LIMIT;

/// How often a program that prints without end is asked to end before it is made to.
const INTERRUPTS: u32 = 10;

/// What has been printed. Each clone is the same one.
#[derive(Clone)]
pub(super) struct Sink(Arc<Shared>);

struct Shared {
    printed: Mutex<Printed>,
    interrupt: Arc<Interrupt>,
}

#[derive(Default)]
struct Printed {
    bytes: Vec<u8>,
    nudge: Option<Nudge>,
    /// How often it was too much.
    too_much: u32,
}

impl Sink {
    /// A sink that raises the interrupt when it has enough.
    pub(super) fn new(interrupt: Arc<Interrupt>) -> Sink {
        Sink(Arc::new(Shared {
            printed: Mutex::default(),
            interrupt,
        }))
    }

    /// Makes the interrupt heard by a program that only computes.
    pub(super) fn nudge_by(&self, nudge: Nudge) {
        self.lock().nudge = Some(nudge);
    }

    /// Forgets what was printed.
    pub(super) fn clear(&self) {
        let mut printed = self.lock();
        printed.bytes.clear();
        printed.too_much = 0;
    }

    /// Looks at what was printed; `None` when it was too much.
    pub(super) fn read<T>(&self, read: impl FnOnce(Option<&[u8]>) -> T) -> T {
        let printed = self.lock();
        read((printed.too_much == 0).then_some(&printed.bytes[..]))
    }

    fn lock(&self) -> MutexGuard<'_, Printed> {
        self.0
            .printed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut printed = self.lock();
        if printed.bytes.len() + bytes.len() <= OUTPUT_LIMIT {
            printed.bytes.extend_from_slice(bytes);
            return Ok(bytes.len());
        }
        printed.too_much += 1;
        match printed.too_much > INTERRUPTS {
            true => self.0.interrupt.end(),
            false => self.0.interrupt.raise(),
        }
        if let Some(nudge) = &printed.nudge {
            nudge.send();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
