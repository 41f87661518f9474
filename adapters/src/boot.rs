//! Owns the boot file: Python of the user's that runs on a target after each start, before
//! anything of Trueline's is there, as a board's `boot.py`. Does not know what it is for.

use std::path::Path;
use std::time::Duration;

use trueline_spec::bounded;

use crate::console::{Console, Fate};
use crate::error::BenchError;
use crate::excerpt::{lines, without_loader};
use crate::helper;
use crate::wifi::Wifi;

/// Runs the file on a target that waits for a program. What a wireless network is called and its
/// password are bound to `wifi_name` and `wifi_password` before.
///
/// # Errors
///
/// [`BenchError::Boot`] when it cannot be read, raises, or does not end in time; any other one
/// when the target cannot be spoken to.
pub(crate) async fn run(
    console: &mut Console,
    file: &Path,
    wifi: Option<&Wifi>,
    checks: bool,
    limit: Duration,
) -> Result<(), BenchError> {
    let failed = |reason: String| BenchError::Boot {
        file: file.to_owned(),
        reason,
    };
    let source = source(file).map_err(failed)?;
    if let Some(wifi) = wifi {
        // By themselves, so that the lines of a traceback are those of the file.
        let bound = helper::load(console, &wifi.bindings(), checks, limit).await?;
        if bound.fate != Fate::Ended || !console.traceback().is_empty() {
            return Err(failed(format!(
                "did not run, for the target does not take the Wi-Fi network's name; {}",
                console.complaint()
            )));
        }
    }
    let execution = helper::load(console, &source, checks, limit).await;
    let execution = execution.map_err(|error| while_it_ran(error, file))?;
    match execution.fate {
        Fate::NotTaken => Err(console.not_taken()),
        Fate::Ended if console.traceback().is_empty() => Ok(()),
        Fate::Ended if checks && helper::is_beyond_memory(console) => Err(failed(format!(
            "is too large for the target's memory; make it shorter, or put it on the target as \
                 a module:\n{}",
            lines(console.traceback())
        ))),
        Fate::Ended => Err(failed(raised(&without_loader(console.traceback())))),
        Fate::Interrupted | Fate::Stopped => Err(failed(format!(
            "did not end on the target within {limit:?}, and was interrupted"
        ))),
    }
}

/// What is said of a boot file that raised.
pub(crate) fn raised(traceback: &[u8]) -> String {
    format!(
        "raised an exception on the target; mend it, or name another one with `boot=FILE`:\n{}",
        lines(traceback)
    )
}

/// A loss of the target, with the file that it came with.
fn while_it_ran(error: BenchError, file: &Path) -> BenchError {
    let with_file = |why: String| format!("{why}; the boot file {} ran then", file.display());
    match error {
        BenchError::Gone(why) => BenchError::Gone(with_file(why)),
        BenchError::Silent(why) => BenchError::Silent(with_file(why)),
        BenchError::Endless(why) => BenchError::Endless(with_file(why)),
        error => error,
    }
}

/// What is submitted: never nothing, because nothing is a restart to a raw REPL.
pub(crate) fn source(file: &Path) -> Result<String, String> {
    let text = bounded::read(file, bounded::LARGEST_TEXT)
        .map_err(|error| format!("cannot be read: {error}"))?;
    let text = String::from_utf8(text).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("is no Python: its byte {at} is no UTF-8")
    })?;
    // The raw REPL takes these for itself, wherever they stand.
    let is_command = |c: char| ('\u{1}'..='\u{5}').contains(&c);
    if let Some(line) = text.lines().position(|line| line.contains(is_command)) {
        return Err(format!(
            "cannot be sent: line {} has a control character that a raw REPL takes for a command",
            line + 1
        ));
    }
    Ok(text + "\n")
}

#[cfg(test)]
mod tests {
    use super::source;

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
        std::fs::write(file.path(), bytes).expect("a temporary file can be written");
        file
    }

    #[test]
    fn an_empty_file_is_still_a_program() {
        assert_eq!(source(file(b"").path()).as_deref(), Ok("\n"));
    }

    #[test]
    fn what_a_raw_repl_takes_for_a_command_is_refused_with_its_line() {
        let refused = source(file(b"a = 1\nb = '\x04'\n").path());
        assert!(refused.is_err_and(|reason| reason.contains("line 2")));
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        let refused = source(file(b"a = '\xff'").path());
        assert!(refused.is_err_and(|reason| reason.contains("byte 5")));
    }
}
