//! Owns the wish to end a run early: the first interrupt ends it in good order, the second
//! at once. Does not know what has to be finished.

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

    /// On Ctrl-C and on the signal that CI systems end a job with. Needs a tokio runtime.
    ///
    /// # Errors
    /// When the system refuses the signal handlers.
    pub fn on_signals() -> std::io::Result<Self> {
        let (sender, wish) = watch::channel(false);
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::spawn(async move {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            // Nobody waits any more when this fails: the run is over.
            if sender.send(true).is_err() {
                return;
            }
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            std::process::exit(Exit::Interrupted.code().into());
        });
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
