//! Owns the driving of the raw REPL's client over a link: reading, writing, and every clock.
//! Does not know what programs report.

use std::future::{pending, poll_fn, ready};
use std::io;
use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use crate::error::{BAD_LINE, BenchError};
use crate::excerpt::{LastWords, excerpt};
use crate::line_clock::LineClock;
use crate::links::Link;
use crate::patience::Patience;
use crate::raw_repl::client::{Client, Dialect, Lost, Status};
use crate::span::{Moment, Span};

/// How much a program may print. It is far more than a clause can be about.
pub(crate) const OUTPUT_LIMIT: usize = 1024 * 1024;
/// The same where every byte takes its time; it is still twice what any program reports.
const SLOW_OUTPUT_LIMIT: usize = 64 * 1024;
/// How long a target that has just been started may say nothing before it is spoken to.
const START_QUIET: Duration = Duration::from_millis(500);
/// How long a target that was interrupted may say nothing before it is spoken to.
const QUIET: Duration = Duration::from_millis(100);
/// How long one attempt to enter the raw REPL, or to settle before it, may take.
const ATTEMPT: Duration = Duration::from_secs(1);
/// How long one way of interrupting gets before the other one is tried.
const ONE_WAY: Duration = Duration::from_millis(250);
/// A board's serial line holds some 64 bytes at the least. Without raw paste nothing tells when
/// it has taken them, so half of that is sent at a time.
const PACED_PIECE: usize = 32;
const PACED_GAP: Duration = Duration::from_millis(2);
/// How often it is looked, while a program runs, whether really nothing has come: an end that is
/// heard of late did not come late.
const LOOKS: Duration = Duration::from_millis(10);
/// From which time between two looks on the rest of it was none in which anybody was waited for,
/// because this process did not get its turn. A program's peers did not get theirs either.
const HELD_UP: Duration = Duration::from_millis(100);

/// A target's raw REPL.
#[derive(Debug)]
pub(crate) struct Console {
    link: Link,
    client: Client,
    patience: Patience,
    buffer: Box<[u8]>,
    last_words: LastWords,
    wire_bytes: u64,
    clock: LineClock,
    /// Whether the place has to be found again before a program is submitted.
    is_lost: bool,
    /// Whether there is nothing more to be read or written.
    has_ended: bool,
    /// Whether a signal has interrupted a program where Ctrl-C had not.
    hears_signals: bool,
    /// When each end mark of the last program came.
    marked: Vec<Moment>,
    /// When it was looked for bytes last and there were none.
    quiet_at: Instant,
    /// When the last piece was handed to the line, at the earliest.
    handed_over: Instant,
}

/// How a program went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It ended by itself.
    Ended,
    /// It was still running at its deadline.
    Interrupted,
    /// It was told to stop, and an interrupt ended it.
    Stopped,
    /// The target did not begin it.
    NotTaken,
}

/// What a program's run came to, apart from what it printed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Execution {
    /// How it went.
    pub(crate) fate: Fate,
    /// From the arrival of its last byte to its end mark, or to the prompt without one.
    pub(crate) elapsed: Span,
    /// How much of this the line may have needed to carry what the program printed.
    pub(crate) carried: Duration,
    /// For how much of the time between there was nothing on the line.
    pub(crate) idle: Duration,
    /// Bytes sent and received for it.
    pub(crate) wire_bytes: u64,
    /// How much of the time this process did not get its turn.
    pub(crate) late: Duration,
    /// When it had arrived.
    pub(crate) begun: Moment,
}

impl Console {
    /// The console of a line that was just opened; [`Console::begin`] comes first.
    pub(crate) fn new(link: Link, end_mark: &str, patience: Patience) -> Console {
        let clock = LineClock::new(link.baud(), Instant::now());
        let output_limit = match clock.baud() {
            Some(_) => SLOW_OUTPUT_LIMIT,
            None => OUTPUT_LIMIT,
        };
        Console {
            link,
            client: Client::new(end_mark, output_limit),
            patience,
            buffer: vec![0; 8192].into_boxed_slice(),
            last_words: LastWords::default(),
            wire_bytes: 0,
            clock,
            is_lost: true,
            has_ended: false,
            hears_signals: false,
            marked: Vec::new(),
            quiet_at: Instant::now(),
            handed_over: Instant::now(),
        }
    }

    /// Enters the raw REPL. `starts`: whether the target is starting, and should be let to say so
    /// before it is spoken to.
    pub(crate) async fn begin(&mut self, starts: bool) -> Result<(), BenchError> {
        let deadline = Instant::now() + self.patience.start;
        self.client.listen();
        if starts {
            self.settle(START_QUIET, deadline).await?;
        }
        if !self.client.is_at_friendly_prompt() {
            self.client.interrupt();
            self.settle(QUIET, deadline).await?;
        }
        self.enter(deadline).await
    }

    /// Starts the target's interpreter anew, from its raw REPL or else from its friendly one, and
    /// enters the raw REPL again.
    pub(crate) async fn soft_reset(&mut self) -> Result<(), BenchError> {
        match self.regain().await {
            Ok(()) => self.client.soft_reset(),
            Err(error @ BenchError::Gone(_)) => return Err(error),
            Err(_) => self.client.soft_reset_blindly(),
        }
        let deadline = self.answered_by() + self.patience.start;
        self.is_lost = true;
        if !self.answers(self.answered_by()).await? || self.client.status() != Status::Ready {
            self.settle(START_QUIET, deadline).await?;
        }
        self.enter(deadline).await
    }

    /// Resets the target by the control lines of its line; says whether there are any.
    pub(crate) async fn pulse(&mut self) -> Result<bool, BenchError> {
        self.is_lost = true;
        self.link
            .pulse()
            .await
            .map_err(|error| BenchError::Gone(format!("its control lines cannot be set: {error}")))
    }

    /// Closes the line.
    pub(crate) fn hang_up(&mut self) {
        self.link.close();
        self.has_ended = true;
    }

    /// Whether the line has ended, so that another one is needed.
    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// What is known of raw paste.
    pub(crate) fn dialect(&self) -> Dialect {
        self.client.dialect()
    }

    /// The times of the line.
    pub(crate) fn clock(&self) -> &LineClock {
        &self.clock
    }

    /// What the last program printed.
    pub(crate) fn output(&self) -> &[u8] {
        self.client.output()
    }

    /// When each end mark of the last program came.
    pub(crate) fn marked(&self) -> &[Moment] {
        &self.marked
    }

    /// What the raw REPL printed after the last program.
    pub(crate) fn traceback(&self) -> &[u8] {
        self.client.traceback()
    }

    /// What the target said last, in a clause.
    pub(crate) fn last_words(&self) -> String {
        self.last_words.told()
    }

    /// Interrupts whatever runs and finds the place in the raw REPL again.
    pub(crate) async fn regain(&mut self) -> Result<(), BenchError> {
        let deadline = self.answered_by();
        self.is_lost = true;
        self.client.interrupt();
        if self.hears_signals {
            self.link.signal_interrupt();
        }
        self.settle(QUIET, deadline).await?;
        self.enter(deadline).await
    }

    /// Runs a program that prints so many end marks and may take `limit` until the first and
    /// between each two, once it has been sent; interrupts it when it takes longer.
    pub(crate) async fn execute(
        &mut self,
        program: &[u8],
        marks: usize,
        limit: Duration,
    ) -> Result<Execution, BenchError> {
        self.execute_before(program, marks, limit, None).await
    }

    /// The same for a program that another one follows, with its number of end marks: it is begun to
    /// be sent while this one runs, where that can be done. It has to be executed next.
    pub(crate) async fn execute_before(
        &mut self,
        program: &[u8],
        marks: usize,
        limit: Duration,
        next: Option<(&[u8], usize)>,
    ) -> Result<Execution, BenchError> {
        let never = pin!(pending());
        self.run(program, marks, limit, b"", never, next).await
    }

    /// The same for a program that gets input, and that is interrupted when `stop` comes.
    pub(crate) async fn execute_with(
        &mut self,
        program: &[u8],
        marks: usize,
        limit: Duration,
        input: &[u8],
        stop: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<Execution, BenchError> {
        self.run(program, marks, limit, input, stop, None).await
    }

    async fn run(
        &mut self,
        program: &[u8],
        marks: usize,
        limit: Duration,
        input: &[u8],
        mut stop: Pin<&mut impl Future<Output = ()>>,
        next: Option<(&[u8], usize)>,
    ) -> Result<Execution, BenchError> {
        let from = self.wire_bytes;
        let (start, busy) = (Instant::now(), self.clock.busy());
        if !self.client.submit_queued(program) {
            self.take_place().await?;
            self.client.submit(program, marks);
        }
        self.is_lost = true;
        self.last_words.forget();
        self.marked.clear();
        let mut submitted = None;
        let mut begun = None;
        let mut running = None;
        let mut held_up = Duration::ZERO;
        let mut late = Duration::ZERO;
        let mut fate = Fate::Ended;
        let mut is_cut = false;
        {
            let deadline = sleep_until(self.answered_by());
            tokio::pin!(deadline);
            while self.client.status() == Status::Busy {
                let turn = Instant::now();
                let is_running = self.client.is_running();
                let is_idle = self.client.outgoing().is_empty();
                let has_heard = is_idle && self.look()?;
                let is_watched = is_idle && submitted.is_some();
                let is_due = tokio::select! {
                    biased;
                    () = &mut deadline => true,
                    // When every mark has come, only the prompt is awaited.
                    () = &mut stop, if is_running && self.marked.len() < marks => {
                        fate = Fate::Stopped;
                        self.stop_program().await?;
                        break;
                    }
                    () = ready(()), if has_heard => false,
                    stepped = self.step() => {
                        stepped?;
                        false
                    }
                    () = sleep(LOOKS), if is_watched => false,
                };
                if is_due {
                    // What has come while this process did not get its turn has come in time.
                    self.look()?;
                }
                if submitted.is_none() && self.client.has_submitted() {
                    submitted = Some((self.handed_over, self.clock.sent_until()));
                }
                if begun.is_none()
                    && let Some((handed_over, sent_until)) = submitted
                    && (self.client.is_running() || self.client.status() != Status::Busy)
                {
                    // A line may be faster than its speed says, as USB is: what the target has
                    // taken has arrived.
                    let arrived = self.quiet_at.clamp(handed_over, sent_until);
                    begun = Some(Moment::between(arrived, Instant::now()));
                }
                if running.is_none() && self.client.is_running() {
                    self.client.feed(input);
                    if let Some((next, marks)) = next {
                        self.client.queue(next, marks);
                    }
                    running = Some((Instant::now(), 0));
                    // From here on it is the program that speaks.
                    self.last_words.forget();
                    self.last_words.hear(self.client.output());
                }
                if is_watched {
                    let missed = turn.elapsed().saturating_sub(HELD_UP);
                    held_up += missed;
                    late += missed;
                }
                if self.marked.len() < self.client.marks() {
                    let now = Instant::now();
                    let came = Moment::between(self.quiet_at, now);
                    self.marked.resize(self.client.marks(), came);
                    running = Some((now, self.client.output().len()));
                    held_up = Duration::ZERO;
                }
                // What the line needs to carry what a program prints is not the program's time.
                let until = match running {
                    // What it says without running the program puts nothing off.
                    None => self.clock.sent_until().max(start) + self.patience.answer,
                    Some((since, printed)) => {
                        let printed = self.client.output().len().saturating_sub(printed);
                        since + limit + self.clock.carrying(printed) + held_up
                    }
                };
                if is_due && self.client.status() == Status::Busy && until <= Instant::now() {
                    if running.is_none() {
                        fate = Fate::NotTaken;
                    } else if self.marked.len() < marks {
                        fate = Fate::Interrupted;
                        self.stop_program().await?;
                    } else {
                        is_cut = true;
                        self.stop_program().await?;
                    }
                    break;
                }
                deadline.as_mut().reset(until);
            }
        }
        if let Status::Lost(lost) = self.client.status() {
            return Err(self.lost(lost).await);
        }
        let ended = match self.marked.last() {
            Some(&marked) => marked,
            None => Moment::between(self.quiet_at, Instant::now()),
        };
        let begun = begun.unwrap_or(ended);
        // An interrupt may have come too late to hit the program, and hit whatever is next; and
        // what the program left of its input is at the prompt now.
        self.is_lost = is_cut || fate != Fate::Ended || !input.is_empty();
        Ok(Execution {
            fate,
            elapsed: begun.until(ended),
            late,
            begun,
            carried: self.clock.carrying(self.client.output().len()),
            idle: start.elapsed().saturating_sub(self.clock.busy() - busy),
            wire_bytes: self.wire_bytes - from,
        })
    }

    /// When an answer to what was handed over has to be there at the latest.
    fn answered_by(&self) -> Instant {
        self.clock.sent_until().max(Instant::now()) + self.patience.answer
    }

    /// Makes sure that the target waits for a program, and that nothing it said is unread.
    async fn take_place(&mut self) -> Result<(), BenchError> {
        if let Some(read) = self.link.read_now(&mut self.buffer) {
            self.hear(read)?;
        }
        if self.client.status() != Status::Ready || self.client.has_queued() {
            return self.regain().await;
        }
        if self.is_lost || self.client.is_stale() {
            return self.enter(self.answered_by()).await;
        }
        Ok(())
    }

    /// Asks for the raw REPL until it answers.
    async fn enter(&mut self, deadline: Instant) -> Result<(), BenchError> {
        loop {
            self.client.enter();
            let attempt = self.clock.sent_until().max(Instant::now()) + ATTEMPT;
            let attempt = deadline.min(attempt);
            if self.answers(attempt).await? && self.client.status() == Status::Ready {
                self.is_lost = false;
                return Ok(());
            }
            if Instant::now() >= deadline {
                return Err(self.not_entered());
            }
            self.client.interrupt();
            self.settle(QUIET, deadline).await?;
        }
    }

    fn not_entered(&self) -> BenchError {
        if self.last_words.is_empty() {
            return BenchError::Silent(
                "it says nothing at all, not even when asked for its raw REPL".to_owned(),
            );
        }
        if self.last_words.are_of_a_raw_repl() {
            return BenchError::BadLine(format!(
                "a raw REPL answers there, but what comes of it, or of what is sent to it, is \
                 damaged; {BAD_LINE}; {}",
                self.last_words()
            ));
        }
        BenchError::Garbled(format!(
            "it does not enter the raw REPL when asked to; {}",
            self.last_words()
        ))
    }

    /// Lets the target say what it has to say, until it waits at a friendly prompt or has said
    /// nothing for a while.
    async fn settle(&mut self, quiet: Duration, deadline: Instant) -> Result<(), BenchError> {
        let deadline = deadline.min(Instant::now() + ATTEMPT);
        while !self.client.is_at_friendly_prompt() {
            let pause = deadline.min(Instant::now() + quiet);
            tokio::select! {
                biased;
                () = sleep_until(pause) => break,
                stepped = self.step() => stepped?,
            }
        }
        Ok(())
    }

    /// Waits for the end of what the client awaits; says whether it came before the deadline.
    async fn answers(&mut self, deadline: Instant) -> Result<bool, BenchError> {
        let deadline = sleep_until(deadline);
        tokio::pin!(deadline);
        while self.client.status() == Status::Busy {
            tokio::select! {
                biased;
                () = &mut deadline => return Ok(false),
                stepped = self.step() => stepped?,
            }
        }
        Ok(true)
    }

    /// Interrupts the running program: by Ctrl-C, and by a signal where that does not help.
    ///
    /// MicroPython's unix port does not hear Ctrl-C on a raw terminal. A signal may end other
    /// commands altogether, so it comes second until it has been seen to help.
    async fn stop_program(&mut self) -> Result<(), BenchError> {
        let deadline = self.answered_by();
        for by_signal in [self.hears_signals, !self.hears_signals] {
            if by_signal {
                if !self.link.signal_interrupt() {
                    continue;
                }
            } else {
                self.client.abort();
            }
            match self.answers(deadline.min(Instant::now() + ONE_WAY)).await {
                Ok(true) => {
                    self.hears_signals = by_signal;
                    return Ok(());
                }
                Ok(false) => {}
                // It had not heard Ctrl-C, and did not go away by itself.
                Err(BenchError::Gone(says)) if by_signal => {
                    return Err(BenchError::Silent(format!(
                        "a program ran beyond its deadline, Ctrl-C did not end it, and a signal \
                         ended the target: {says}"
                    )));
                }
                Err(error) => return Err(error),
            }
        }
        if self.answers(deadline).await? {
            return Ok(());
        }
        Err(BenchError::Silent(format!(
            "a program ran beyond its deadline, and an interrupt did not end it; {}",
            self.last_words()
        )))
    }

    /// Writes a piece of what the client has to say, or reads what the target says.
    async fn step(&mut self) -> Result<(), BenchError> {
        if self.client.outgoing().is_empty() {
            let read = self.link.read(&mut self.buffer).await;
            return self.hear(read);
        }
        let paced = self.link.may_lose_bytes() && self.client.dialect() == Dialect::Plain;
        let outgoing = self.client.outgoing();
        let piece = if paced {
            &outgoing[..outgoing.len().min(PACED_PIECE)]
        } else {
            outgoing
        };
        let written = tokio::select! {
            biased;
            // Whoever holds up this process after the writing must not make it late.
            written = polled(self.link.write(piece), &mut self.handed_over) => written,
            read = self.link.read(&mut self.buffer) => return self.hear(read),
        };
        match written {
            // What it said last is still to be read, and then its end.
            Ok(0) => {
                let read = self.link.read(&mut self.buffer).await;
                return self.hear(read);
            }
            Ok(count) => {
                self.client.sent(count);
                self.wire_bytes += count as u64;
                self.clock.sent(count, self.handed_over);
            }
            Err(error) => {
                self.has_ended = true;
                return Err(line_fails(&error));
            }
        }
        if paced && !self.client.outgoing().is_empty() {
            sleep_until(self.clock.sent_until().max(Instant::now() + PACED_GAP)).await;
        }
        Ok(())
    }

    /// Takes what has come already; says whether anything has.
    fn look(&mut self) -> Result<bool, BenchError> {
        let now = Instant::now();
        match self.link.read_now(&mut self.buffer) {
            Some(read) => self.hear(read).map(|()| true),
            None => {
                self.quiet_at = now;
                Ok(false)
            }
        }
    }

    fn hear(&mut self, read: io::Result<usize>) -> Result<(), BenchError> {
        match read {
            Ok(0) => {
                self.has_ended = true;
                let fate = self.link.obituary();
                Err(BenchError::Gone(format!(
                    "it {fate}; {}",
                    self.last_words()
                )))
            }
            Ok(count) => {
                let bytes = &self.buffer[..count];
                self.wire_bytes += count as u64;
                self.clock.heard(count, Instant::now());
                self.last_words.hear(bytes);
                self.client.receive(bytes);
                Ok(())
            }
            Err(error) => {
                self.has_ended = true;
                Err(line_fails(&error))
            }
        }
    }

    async fn lost(&mut self, lost: Lost) -> BenchError {
        // Whoever dies may say so first, and that is no answer of a raw REPL.
        let soon = Instant::now() + ATTEMPT;
        if let Err(gone @ BenchError::Gone(_)) = self.settle(QUIET, soon).await {
            return gone;
        }
        let text = format!("{lost}; {}", self.last_words());
        match lost {
            Lost::Restart => BenchError::Gone(text),
            Lost::Endless => BenchError::Endless(text),
            _ => BenchError::Garbled(text),
        }
    }

    /// What is wrong with a target that does not begin a program.
    pub(crate) fn not_taken(&self) -> BenchError {
        BenchError::Silent(format!("it does not take a program; {}", self.last_words()))
    }

    /// What the raw REPL said instead of letting a program end by itself, in a clause.
    pub(crate) fn complaint(&self) -> String {
        match self.traceback() {
            [] => "it printed no reason".to_owned(),
            traceback => format!("the target says: `{}`", excerpt(traceback)),
        }
    }
}

/// Polls a future and notes when that was begun last.
async fn polled<T>(future: impl Future<Output = T>, begun: &mut Instant) -> T {
    let mut future = pin!(future);
    poll_fn(|context| {
        *begun = Instant::now();
        future.as_mut().poll(context)
    })
    .await
}

fn line_fails(error: &io::Error) -> BenchError {
    BenchError::Gone(format!("its line fails: {error}"))
}
