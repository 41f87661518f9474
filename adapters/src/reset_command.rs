//! Owns the running of the user's command that resets a board. Does not know how it does that.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use crate::error::BenchError;
use crate::excerpt::excerpt;

/// How long it may take. Power is off for some seconds at the most.
const LIMIT: Duration = Duration::from_secs(30);

/// Runs the command, given as its words, and waits until it has ended.
///
/// # Errors
///
/// [`BenchError::Reset`] when it cannot be started, fails, or does not end in time.
pub(crate) async fn run(words: &[String]) -> Result<(), BenchError> {
    let failed = |reason: String| BenchError::Reset {
        command: words.join(" "),
        reason,
    };
    let Some((program, arguments)) = words.split_first() else {
        return Err(failed("is empty".to_owned()));
    };
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = match timeout(LIMIT, output).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(failed(format!("cannot be started: {error}"))),
        Err(_) => return Err(failed(format!("did not end within {LIMIT:?}"))),
    };
    if output.status.success() {
        return Ok(());
    }
    let said = match output.stderr.trim_ascii() {
        [] => output.stdout.trim_ascii(),
        said => said,
    };
    Err(failed(format!(
        "failed with {}: `{}`",
        output.status,
        excerpt(said)
    )))
}
