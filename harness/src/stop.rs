//! Owns the wish to end a run early: the first interrupt ends it in good order, a later
//! one at once. Does not know what has to be finished.

use std::io;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::exit::Exit;

/// For how long further signals say the same as the first: `timeout`, and a shell whose terminal goes
/// away, send theirs to the process and to its group.
const ONE_WISH: Duration = Duration::from_secs(1);

/// Whether the run is to end.
#[derive(Clone)]
pub struct Stop {
    wish: watch::Receiver<bool>,
    // Keeps the channel open where nobody listens for signals.
    _sender: Option<std::sync::Arc<watch::Sender<bool>>>,
}

impl Stop {
    /// Never.
    #[must_use]
    pub fn never() -> Self {
        let (sender, wish) = watch::channel(false);
        Self {
            wish,
            _sender: Some(sender.into()),
        }
    }

    /// On Ctrl-C, on the signal that CI systems end a job with, and when the terminal goes away. A
    /// thread of its own listens for them, since everybody else may be busy.
    ///
    /// # Errors
    /// When the system refuses the signal handlers.
    pub fn on_signals() -> io::Result<Self> {
        let (sender, wish) = watch::channel(false);
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let mut kinds = vec![SignalKind::interrupt(), SignalKind::terminate()];
        if !outlives_its_terminal()? {
            kinds.push(SignalKind::hangup());
        }
        let mut signals = {
            let _entered = runtime.enter();
            let signals = kinds.into_iter().map(signal);
            signals.collect::<io::Result<Vec<_>>>()?
        };
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    any(&mut signals).await;
                    // Nobody waits any more when this fails: the run is over.
                    if sender.send(true).is_ok() {
                        let same = async {
                            loop {
                                any(&mut signals).await;
                            }
                        };
                        // It ends by its time only.
                        let _ = timeout(ONE_WISH, same).await;
                        any(&mut signals).await;
                        std::process::exit(Exit::Interrupted.code().into());
                    }
                });
            })?;
        Ok(Self {
            wish,
            _sender: None,
        })
    }

    /// Whether the run is to end.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.wish.borrow()
    }

    /// Resolves when the run is to end.
    pub async fn requested(&self) {
        let mut wish = self.wish.clone();
        if wish.wait_for(|wished| *wished).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Resolves when one of the signals comes.
async fn any(signals: &mut [tokio::signal::unix::Signal]) {
    std::future::poll_fn(|context| {
        let mut ready = signals.iter_mut().map(|signal| signal.poll_recv(context));
        match ready.any(|ready| ready.is_ready()) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
}

/// Whether the process was begun to go on without its terminal, as `nohup` does.
fn outlives_its_terminal() -> io::Result<bool> {
    let ignore = SigAction::new(SigHandler::SigIgn, SaFlags::empty(), SigSet::empty());
    // SAFETY: ignoring a signal runs no code of this process when it comes.
    let before = unsafe { sigaction(Signal::SIGHUP, &ignore) }?;
    if matches!(before.handler(), SigHandler::SigIgn) {
        return Ok(true);
    }
    // SAFETY: this is what stood there a moment ago, and its handler, if it has any, still exists.
    unsafe { sigaction(Signal::SIGHUP, &before) }?;
    Ok(false)
}
