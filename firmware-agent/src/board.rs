//! Owns what a program on the board reaches: network, wireless interface, console, input,
//! interrupt.
//! Does not know Python.
//!
//! The interpreter's own types live once for each thread, so the board that they work on does,
//! too: [`Board::install`] makes a board the thread's, and modules find it by
//! [`Board::current`].

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use crate::console::Console;
use crate::interrupt::Interrupt;
use crate::net::Net;
use crate::wlan::Wlan;

thread_local! {
    static CURRENT: RefCell<Option<Rc<Board>>> = const { RefCell::new(None) };
}

/// Where a running program's input comes from.
pub trait Input {
    /// Takes the next byte; `None` when an interrupt ends the wait for it. Before it waits, all
    /// output is written. Of CR LF only the CR comes.
    fn next_byte(&self) -> Option<u8>;
}

/// A board, from one start to the next.
pub struct Board {
    /// `None` when this start is over: sockets that outlive it must not touch later ones.
    net: RefCell<Option<Box<dyn Net>>>,
    /// One interface, however many objects a program makes of it.
    pub wlan: RefCell<Wlan>,
    /// Where output goes.
    pub console: Arc<Console>,
    /// Where input comes from.
    pub input: Rc<dyn Input>,
    /// Set by Ctrl-C.
    pub interrupt: Arc<Interrupt>,
}

impl Board {
    /// A board that has just started.
    pub fn new(
        net: Box<dyn Net>,
        console: Arc<Console>,
        input: Rc<dyn Input>,
        interrupt: Arc<Interrupt>,
    ) -> Self {
        Self {
            net: RefCell::new(Some(net)),
            wlan: RefCell::default(),
            console,
            input,
            interrupt,
        }
    }

    /// Makes it the board of this thread.
    pub fn install(board: &Rc<Board>) {
        CURRENT.set(Some(Rc::clone(board)));
    }

    /// The board of this thread, if there is one.
    pub fn current() -> Option<Rc<Board>> {
        CURRENT.with_borrow(Clone::clone)
    }

    /// Uses the network; `None` when this start is over.
    pub fn with_net<T>(&self, call: impl FnOnce(&mut dyn Net) -> T) -> Option<T> {
        let mut net = self.net.borrow_mut();
        net.as_mut().map(|net| call(net.as_mut()))
    }

    /// Ends this start, closing every socket and switching the wireless interface off, and gives the board of the next.
    pub fn restarted(&self) -> Self {
        let mut net = self.net.borrow_mut().take();
        if let Some(net) = &mut net {
            net.reset();
        }
        Self {
            net: RefCell::new(net),
            wlan: RefCell::default(),
            console: Arc::clone(&self.console),
            input: Rc::clone(&self.input),
            interrupt: Arc::clone(&self.interrupt),
        }
    }
}
