//! Owns the wish to end a run early: the first interrupt ends it in good order, the second
//! at once. Does not know what has to be finished.

use std::io;
use std::thread;

use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::exit::Exit;

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

    /// On Ctrl-C and on the signal that CI systems end a job with. A thread of its own listens
    /// for them, since everybody else may be busy.
    ///
    /// # Errors
    /// When the system refuses the signal handlers.
    pub fn on_signals() -> io::Result<Self> {
        let (sender, wish) = watch::channel(false);
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (mut interrupt, mut terminate) = {
            let _entered = runtime.enter();
            (
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
            )
        };
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
                    // Nobody waits any more when this fails: the run is over.
                    if sender.send(true).is_ok() {
                        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
                        std::process::exit(Exit::Interrupted.code().into());
                    }
                });
            })?;
        Ok(Self {
            wish,
            _sender: None,
        })
    }

    /// Resolves when the run is to end.
    pub async fn requested(&self) {
        let mut wish = self.wish.clone();
        if wish.wait_for(|wished| *wished).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
