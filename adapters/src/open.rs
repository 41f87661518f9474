//! Owns the opening of targets. What a URL means is in [`crate::target_url`].

use crate::error::BenchError;
use crate::patience::Patience;
use crate::repl_session::ReplSession;
use crate::target_url::TargetUrl;

/// Starts the target, enters its raw REPL, puts the helper on it and asks who it is.
///
/// `seed` gives what is random in a session: the token that marks reports, and the first port
/// that a target is given to listen on.
///
/// # Errors
///
/// [`BenchError::Open`] when it cannot be started, and any other one when it cannot be spoken to.
pub async fn open(url: &TargetUrl, seed: u64) -> Result<ReplSession, BenchError> {
    open_with(url, seed, Patience::default()).await
}

/// As [`open`], for benches that are slower or faster than most.
///
/// # Errors
///
/// As [`open`].
pub async fn open_with(
    url: &TargetUrl,
    seed: u64,
    patience: Patience,
) -> Result<ReplSession, BenchError> {
    ReplSession::start(url, seed, patience).await
}
