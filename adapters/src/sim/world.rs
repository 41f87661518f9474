//! Owns the simulated world: its clock, its network, and the peers who play beside the program.
//! Knows neither Python nor what a socket of the board does.
//!
//! There is no thread in it. The board's program is what drives it: a call that has to wait turns
//! the crank with [`World::turn`] until it can answer. While nothing waits, nothing moves, and the
//! clock stands still but for what each call costs.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use trueline_agent::interrupt::Interrupt;
use trueline_agent::net::Errno;

use super::air::{Air, Setting};
use super::capture::Capture;

/// What a call of the network, or a look at the clock, costs on a small board. Without it a
/// program that asks again and again until something happens would wait for ever.
const CALL: Duration = Duration::from_micros(10);

/// The part of the time since the last event that a call costs at the least. A program that polls
/// in vain comes to its deadline after some thousand calls, whatever that is, and what it measures
/// with the clock meanwhile is wrong by less than half a percent.
const POLL: u32 = 256;

/// How long a program that has no end goes on when its peers have finished, unless it waits in
/// vain before.
const AFTER_THE_PEERS: Duration = Duration::from_secs(1);

/// How often a program may be interrupted and go on. Then it is ended.
const INTERRUPTS: u32 = 100;

/// How a program was ended, unless it ended by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Its time was over, or nothing could ever happen again.
    Interrupted,
    /// It has no end, and its peers have finished.
    Stopped,
}

/// How long a program may run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    /// Until then at the most.
    pub(super) deadline: Duration,
    /// How much of the CPU's time it may take, in which the world's clock stands still.
    pub(super) computing: Duration,
    /// Whether it is over when its peers are.
    pub(super) endless: bool,
}

type Play = Pin<Box<dyn Future<Output = ()>>>;

/// A world. Each clone is the same one.
#[derive(Clone)]
pub(super) struct World(Rc<Inner>);

struct Inner {
    state: RefCell<State>,
    /// What the peers do, while there are any.
    play: RefCell<Option<Play>>,
    now: Cell<Duration>,
    generation: Cell<u64>,
    /// Something happened that the peers have not seen.
    news: Cell<bool>,
    /// When something last happened that no program did.
    last_event: Cell<Duration>,
    /// Nothing can ever happen again, or not in a time that anybody waits for.
    at_rest: Cell<bool>,
    /// Until when the peers may go on after the program.
    grace: Cell<Option<Duration>>,
    term: Cell<Term>,
    peers_finished: Cell<Option<Duration>>,
    cut: Cell<Option<Cut>>,
    interrupts: Cell<u32>,
    interrupt: Arc<Interrupt>,
}

/// A time of grace, until nobody waits for its end any more.
struct Grace<'a>(&'a Cell<Option<Duration>>);

impl Drop for Grace<'_> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

/// What changes in a world beside its clock.
pub(super) struct State {
    setting: Setting,
    /// Made when somebody first needs it: most programs need no network.
    air: Option<Box<Air>>,
    timers: BTreeSet<Duration>,
}

impl State {
    /// The network.
    pub(super) fn air(&mut self, now: Duration) -> &mut Air {
        let State { setting, air, .. } = self;
        air.get_or_insert_with(|| Box::new(Air::new(setting, now)))
    }
}

impl World {
    /// A world in which nothing has happened yet.
    pub(super) fn new(setting: Setting, interrupt: Arc<Interrupt>) -> World {
        World(Rc::new(Inner {
            state: RefCell::new(State {
                setting,
                air: None,
                timers: BTreeSet::new(),
            }),
            play: RefCell::new(None),
            now: Cell::new(Duration::ZERO),
            generation: Cell::new(0),
            news: Cell::new(false),
            last_event: Cell::new(Duration::ZERO),
            at_rest: Cell::new(false),
            grace: Cell::new(None),
            term: Cell::new(Term {
                deadline: Duration::MAX,
                computing: Duration::MAX,
                endless: false,
            }),
            peers_finished: Cell::new(None),
            cut: Cell::new(None),
            interrupts: Cell::new(0),
            interrupt,
        }))
    }

    /// Begins anew, with the clock at zero and nothing left of what was.
    pub(super) fn renew(&self, setting: Setting, term: Term) {
        let inner = &*self.0;
        inner.play.borrow_mut().take();
        inner.generation.set(inner.generation.get() + 1);
        let mut state = inner.state.borrow_mut();
        state.setting = setting;
        state.air = None;
        state.timers.clear();
        inner.now.set(Duration::ZERO);
        inner.news.set(false);
        inner.last_event.set(Duration::ZERO);
        inner.at_rest.set(false);
        inner.grace.set(None);
        inner.term.set(term);
        inner.peers_finished.set(None);
        inner.cut.set(None);
        inner.interrupts.set(0);
    }

    /// How often it has begun anew.
    pub(super) fn generation(&self) -> u64 {
        self.0.generation.get()
    }

    /// The time on its clock.
    pub(super) fn now(&self) -> Duration {
        self.0.now.get()
    }

    /// Looks at the world and changes it.
    pub(super) fn with<T>(&self, call: impl FnOnce(&mut State, Duration) -> T) -> T {
        call(&mut self.0.state.borrow_mut(), self.now())
    }

    /// The setting that it has now.
    pub(super) fn setting<T>(&self, look: impl FnOnce(&Setting) -> T) -> T {
        look(&self.0.state.borrow().setting)
    }

    /// How the program was cut off, if it was.
    pub(super) fn cut(&self) -> Option<Cut> {
        self.0.cut.get()
    }

    // ---- the program ----

    /// A call of the program: it costs a little time, and fails when the program's time is over.
    pub(super) fn call(&self) -> Result<(), Errno> {
        if self.0.interrupt.is_raised() {
            return Err(self.cut_off(Cut::Interrupted));
        }
        let now = self.now();
        let in_vain = now.saturating_sub(self.0.last_event.get());
        let cost = CALL.max(in_vain / POLL);
        // Not beyond the next event: a poll that is costly would be late for it.
        let until = match self.next_event() {
            Some(event) => (now + cost).min(event.max(now + CALL)),
            None => now + cost,
        };
        self.run_until(until.min(self.end().0.max(now)));
        self.check_term()
    }

    /// Takes note that the program gets on, though nothing happens elsewhere.
    pub(super) fn is_not_in_vain(&self) {
        self.0.last_event.set(self.now());
    }

    /// Waits for the next thing to happen, at most until a time.
    ///
    /// # Errors
    ///
    /// [`Errno::ETIMEDOUT`] when that time has come already, [`Errno::EINTR`] when the program
    /// has to end.
    pub(super) fn turn(&self, until: Option<Duration>) -> Result<(), Errno> {
        if self.0.interrupt.is_raised() {
            return Err(self.cut_off(Cut::Interrupted));
        }
        if until.is_some_and(|until| self.now() >= until) {
            return Err(Errno::ETIMEDOUT);
        }
        let (end, cut) = self.end();
        let limit = until.map_or(end, |until| until.min(end));
        let waits_in_vain = until.is_none() && self.next_event().is_none();
        if waits_in_vain && cut == Cut::Stopped {
            return Err(self.cut_off(cut));
        }
        let began = self.now();
        self.advance(limit);
        // Who waits does not poll, unless it waits for next to nothing.
        let waited = self.now() - began;
        if waited >= began.saturating_sub(self.0.last_event.get()) / POLL {
            self.0.last_event.set(self.now());
        }
        self.settle();
        self.check_term()
    }

    /// When the program is cut off, and how.
    fn end(&self) -> (Duration, Cut) {
        let term = self.0.term.get();
        let stop = self.0.peers_finished.get().filter(|_| term.endless);
        match stop.map(|finished| finished + AFTER_THE_PEERS) {
            Some(stop) if stop <= term.deadline => (stop, Cut::Stopped),
            _ => (term.deadline, Cut::Interrupted),
        }
    }

    fn check_term(&self) -> Result<(), Errno> {
        let (end, cut) = self.end();
        match self.now() >= end {
            true => Err(self.cut_off(cut)),
            false => Ok(()),
        }
    }

    fn cut_off(&self, cut: Cut) -> Errno {
        let inner = &*self.0;
        inner.cut.set(Some(inner.cut.get().unwrap_or(cut)));
        inner.interrupts.set(inner.interrupts.get() + 1);
        if inner.interrupts.get() > INTERRUPTS {
            inner.interrupt.end();
        }
        Errno::EINTR
    }

    // ---- the peers ----

    /// Lets the peers play from now on.
    pub(super) fn play(&self, play: impl Future<Output = ()> + 'static) {
        *self.0.play.borrow_mut() = Some(Box::pin(play));
        self.0.news.set(true);
        self.settle();
    }

    /// The peers have nothing left to do.
    pub(super) fn peers_have_finished(&self) {
        self.0.peers_finished.set(Some(self.now()));
    }

    /// The program has ended: lets the peers come to their end.
    pub(super) fn play_to_the_end(&self) {
        let inner = &*self.0;
        inner.news.set(true);
        self.settle();
        while inner.play.borrow().is_some() {
            let limit = inner.grace.get().unwrap_or(Duration::MAX);
            if !self.advance_to_event(limit) {
                if inner.at_rest.replace(true) {
                    // They were told, and wait for something that is not of this world.
                    return;
                }
                inner.news.set(true);
            }
            self.settle();
        }
    }

    /// Comes when nothing can happen any more, or when so much time has passed. Only after the
    /// program has ended.
    pub(super) async fn rest(&self, at_the_latest: Duration) {
        self.0.grace.set(Some(self.now() + at_the_latest));
        self.0.at_rest.set(false);
        let _grace = Grace(&self.0.grace);
        self.until(|_, _| self.0.at_rest.get().then_some(())).await;
    }

    /// Comes when the time has passed.
    pub(super) async fn sleep(&self, duration: Duration) {
        let end = self.now().saturating_add(duration);
        self.until(|state, now| {
            if now >= end {
                return Some(());
            }
            state.timers.insert(end);
            None
        })
        .await;
    }

    /// Comes when there is an answer.
    pub(super) async fn until<T>(
        &self,
        mut answer: impl FnMut(&mut State, Duration) -> Option<T>,
    ) -> T {
        poll_fn(|_| match self.with(&mut answer) {
            Some(answer) => {
                // Whoever got on may have something to do for others.
                self.0.news.set(true);
                Poll::Ready(answer)
            }
            None => Poll::Pending,
        })
        .await
    }

    // ---- the crank ----

    /// Lets everything happen that happens now.
    pub(super) fn settle(&self) {
        loop {
            let now = self.now();
            let happened = {
                let mut state = self.0.state.borrow_mut();
                state.air.as_mut().is_some_and(|air| air.settle(now))
            };
            if happened {
                self.0.news.set(true);
            }
            if !self.0.news.replace(false) {
                return;
            }
            let Some(mut play) = self.0.play.borrow_mut().take() else {
                return;
            };
            // Everything that waits looks again by itself whenever it is polled.
            let mut context = Context::from_waker(Waker::noop());
            if play.as_mut().poll(&mut context).is_pending() {
                *self.0.play.borrow_mut() = Some(play);
            }
        }
    }

    fn run_until(&self, until: Duration) {
        self.settle();
        while self.advance_to_event(until) {
            self.settle();
        }
        self.0.now.set(until);
    }

    /// Moves the clock to the next event or to the limit, whichever comes first.
    fn advance(&self, limit: Duration) {
        if !self.advance_to_event(limit) {
            self.0.now.set(limit);
        }
    }

    /// Moves the clock to the next event that comes before the limit, if there is one.
    fn advance_to_event(&self, limit: Duration) -> bool {
        let Some(event) = self.next_event().filter(|event| *event <= limit) else {
            return false;
        };
        let now = self.now().max(event);
        self.0.now.set(now);
        self.0.last_event.set(now);
        let mut state = self.0.state.borrow_mut();
        while state.timers.first().is_some_and(|timer| *timer <= now) {
            state.timers.pop_first();
            self.0.news.set(true);
        }
        true
    }

    fn next_event(&self) -> Option<Duration> {
        let now = self.now();
        let mut state = self.0.state.borrow_mut();
        let timer = state.timers.first().copied();
        let event = state.air.as_mut().and_then(|air| air.next_event(now));
        timer.into_iter().chain(event).min()
    }

    /// What went by at the board's antenna.
    pub(super) fn take_capture(&self) -> Option<Capture> {
        let mut state = self.0.state.borrow_mut();
        match &mut state.air {
            Some(air) => air.take_packets().map(|packets| Capture { packets }),
            None => state.setting.capture.then(Capture::default),
        }
    }
}
