//! Owns the board's output: what waits to be written, and when it is written.
//! Does not know what is written, nor who reads it.

use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

/// How long output of a running program may wait for more where a write costs more than a byte
/// does. A program that ends sooner is answered with one write.
const PATIENCE: Duration = Duration::from_millis(10);

/// How much may wait there.
const ROOM: usize = 8192;

/// The output of the REPL and of the program that runs.
pub struct Console {
    output: Mutex<Output>,
    /// How long output of a running program may wait for more.
    patience: Duration,
    /// How many bytes of it may wait.
    room: usize,
}

struct Output {
    writer: Box<dyn Write + Send>,
    waiting: Vec<u8>,
    /// Since when a program runs that nobody has seen anything of.
    since: Instant,
}

impl Console {
    /// A console that writes there. What cannot be written is lost, as on a line that nobody
    /// listens to.
    pub fn new(writer: impl Write + Send + 'static) -> Self {
        Self::with(writer, PATIENCE, ROOM)
    }

    /// A console of which nothing waits, for a writer that has a buffer of its own.
    pub fn unbuffered(writer: impl Write + Send + 'static) -> Self {
        Self::with(writer, Duration::ZERO, 0)
    }

    fn with(writer: impl Write + Send + 'static, patience: Duration, room: usize) -> Self {
        let output = Output {
            writer: Box::new(writer),
            waiting: Vec::new(),
            since: Instant::now(),
        };
        Self {
            output: Mutex::new(output),
            patience,
            room,
        }
    }

    /// How long output of a running program may wait for more.
    pub fn patience(&self) -> Duration {
        self.patience
    }

    /// Adds bytes of the REPL, which wait until the next [`Console::flush`].
    pub fn put(&self, bytes: &[u8]) {
        self.lock().waiting.extend(bytes);
    }

    /// A program starts.
    pub fn begin_program(&self) {
        self.lock().since = Instant::now();
    }

    /// Adds what a program prints, each newline as CR LF; a newline after a CR stays.
    pub fn print(&self, text: &[u8]) {
        let mut output = self.lock();
        let mut previous = 0;
        for byte in text {
            if *byte == b'\n' && previous != b'\r' {
                output.waiting.push(b'\r');
            }
            output.waiting.push(*byte);
            previous = *byte;
        }
        if output.waiting.len() > self.room || output.since.elapsed() > self.patience {
            output.flush();
        }
    }

    /// Writes what waits.
    pub fn flush(&self) {
        self.lock().flush();
    }

    /// Writes what waits, unless a write is going on, which will write it too or has the
    /// program's end after it.
    pub fn flush_if_free(&self) {
        match self.output.try_lock() {
            Ok(mut output) => output.flush(),
            Err(TryLockError::Poisoned(output)) => output.into_inner().flush(),
            Err(TryLockError::WouldBlock) => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, Output> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Output {
    fn flush(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        // Nobody may be listening any more; the end of the input says so, too.
        let _ = self
            .writer
            .write_all(&self.waiting)
            .and_then(|()| self.writer.flush());
        self.waiting.clear();
    }
}

/// A newline as the line has it: CR LF.
pub fn cooked(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}
