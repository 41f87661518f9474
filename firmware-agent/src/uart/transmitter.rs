//! Owns the way from the board: a small buffer as a UART driver has one, and the thread that
//! empties it at the speed of the line. A board that prints more than there is room for waits.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use super::{Baud, Pace};

/// The bytes that may wait: the usual transmit buffer of a board.
const ROOM: usize = 256;

/// The thread that sends what the board says.
pub(crate) struct Transmitter {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

/// Where the board writes to. A write returns when its last byte has found room.
pub(crate) struct TransmitBuffer(Arc<Shared>);

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    /// There is something to send, or room again, or the end.
    news: Condvar,
}

#[derive(Default)]
struct Waiting {
    bytes: VecDeque<u8>,
    ended: bool,
}

impl Transmitter {
    /// Begins to send to the host whatever comes into the buffer.
    pub(crate) fn spawn(
        host: impl Write + Send + 'static,
        baud: Baud,
    ) -> io::Result<(Self, TransmitBuffer)> {
        let shared = Arc::new(Shared::default());
        let buffer = TransmitBuffer(Arc::clone(&shared));
        let thread = {
            let shared = Arc::clone(&shared);
            thread::Builder::new()
                .name("transmitter".to_owned())
                .spawn(move || shared.transmit(host, baud))?
        };
        Ok((Self { shared, thread }, buffer))
    }

    /// Waits until everything has left, and sends nothing more.
    pub(crate) fn end(self) {
        self.shared.lock().ended = true;
        self.shared.news.notify_all();
        // It has nothing that could panic.
        let _ = self.thread.join();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, waiting: MutexGuard<'a, Waiting>) -> MutexGuard<'a, Waiting> {
        self.news
            .wait(waiting)
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn transmit(&self, mut host: impl Write, baud: Baud) {
        let mut pace = Pace::new(baud, Instant::now());
        let mut piece = Vec::new();
        while self.take(&mut pace, &mut piece) {
            let now = Instant::now();
            thread::sleep(pace.pass(piece.len(), now).saturating_duration_since(now));
            // Nobody may be listening any more: then it is lost, as on a line without a host.
            let _ = host.write_all(&piece).and_then(|()| host.flush());
        }
    }

    /// Takes what is sent next; there is nothing more after the end.
    fn take(&self, pace: &mut Pace, piece: &mut Vec<u8>) -> bool {
        let mut waiting = self.lock();
        let mut idle = false;
        while waiting.bytes.is_empty() {
            if waiting.ended {
                return false;
            }
            waiting = self.wait(waiting);
            idle = true;
        }
        if idle {
            pace.idle_until(Instant::now());
        }
        let count = pace.piece().min(waiting.bytes.len());
        piece.clear();
        piece.extend(waiting.bytes.drain(..count));
        self.news.notify_all();
        true
    }
}

impl Write for TransmitBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let mut waiting = self.0.lock();
        while waiting.bytes.len() >= ROOM && !waiting.ended {
            waiting = self.0.wait(waiting);
        }
        if waiting.ended {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let count = bytes.len().min(ROOM - waiting.bytes.len());
        waiting.bytes.extend(&bytes[..count]);
        self.0.news.notify_all();
        Ok(count)
    }

    /// Does not wait for the line: a UART sends by itself.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
