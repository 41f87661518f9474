//! Owns what is put on a target once a session, `target.py`, and the calls of it: its pieces,
//! its token, and sending again what a line has damaged. Does not read reports.

use std::future::pending;
use std::pin::{Pin, pin};
use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use trueline_spec::value::text_literal;

use crate::console::{Console, Execution, Fate};
use crate::error::BenchError;
use crate::raw_repl::client::Dialect;
use crate::target_url::TargetUrl;

const SOURCE: &str = include_str!("target.py");
/// Begins a piece of it that is compiled by itself.
const PIECE: &str = "\n#:";
/// What the end of a damaged program is reported as.
pub(crate) const DAMAGED: &str = "damaged";
/// How often something is sent over a line that damages it. Without raw paste, nothing holds the
/// host back when the target is slow for a while.
const ATTEMPTS: u32 = 5;

/// What marks the helper's lines: nothing that a program prints by chance.
pub(crate) fn token(seed: u64) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let random = ChaCha8Rng::seed_from_u64(seed).next_u64();
    let letters = (0..12).map(|place| char::from(LETTERS[(random >> (5 * place)) as usize % 32]));
    std::iter::once('~').chain(letters).collect()
}

/// What begins the report of a program's end.
pub(crate) fn end_mark(token: &str) -> String {
    format!("{token}!")
}

/// Puts the helper on a target that waits for a program.
///
/// # Errors
///
/// [`BenchError::Open`] when it does not take it.
pub(crate) async fn install(
    console: &mut Console,
    url: &TargetUrl,
    token: &str,
    limit: Duration,
) -> Result<(), BenchError> {
    for (number, piece) in pieces(token).enumerate() {
        let mut attempt = 1;
        loop {
            // The first piece is what checks the others.
            let is_plain = console.dialect() == Dialect::Plain;
            let program = if is_plain && number > 0 {
                checked("_t_load", &piece)
            } else {
                piece.clone()
            };
            let execution = console.execute(program.as_bytes(), 1, limit).await?;
            if execution.fate == Fate::Ended && console.traceback().is_empty() {
                break;
            }
            if attempt == ATTEMPTS || console.dialect() != Dialect::Plain {
                return Err(refused(console, url, execution.fate));
            }
            attempt += 1;
        }
    }
    Ok(())
}

/// Runs a program by the helper; where the line damages it, sends it again.
pub(crate) async fn run(
    console: &mut Console,
    program: &str,
    token: &str,
    limit: Duration,
) -> Result<Execution, BenchError> {
    let never = pin!(pending());
    run_with(console, program, token, limit, b"", never).await
}

/// The same for a program that gets input, and that is interrupted when `stop` comes.
pub(crate) async fn run_with(
    console: &mut Console,
    program: &str,
    token: &str,
    limit: Duration,
    input: &[u8],
    mut stop: Pin<&mut impl Future<Output = ()>>,
) -> Result<Execution, BenchError> {
    let is_plain = console.dialect() == Dialect::Plain;
    let call = match is_plain {
        true => checked("_t", program),
        false => format!("_t({})", text_literal(program)),
    };
    let mut attempt = 1;
    loop {
        let execution = console
            .execute_with(call.as_bytes(), 1, limit, input, stop.as_mut())
            .await?;
        let never_ran = match execution.fate {
            Fate::NotTaken => true,
            Fate::Interrupted | Fate::Stopped => false,
            Fate::Ended => is_plain && was_damaged(console, token),
        };
        if !never_ran || !is_plain || attempt == ATTEMPTS {
            return match execution.fate {
                Fate::NotTaken => Err(console.not_taken()),
                _ => Ok(execution),
            };
        }
        attempt += 1;
    }
}

/// Runs several programs, one after the other, by one submission.
///
/// # Errors
///
/// [`BenchError`] when anything out of the ordinary happens to any of them: then nothing is
/// known of the others.
pub(crate) async fn run_all(
    console: &mut Console,
    programs: &[String],
    limit: Duration,
) -> Result<Execution, BenchError> {
    let calls: Vec<_> = programs
        .iter()
        .map(|program| format!("_t({})", text_literal(program)))
        .collect();
    let calls = calls.join(" and\\\n");
    let execution = console
        .execute(calls.as_bytes(), programs.len(), limit)
        .await?;
    match execution.fate {
        Fate::NotTaken => Err(console.not_taken()),
        Fate::Interrupted | Fate::Stopped => Err(BenchError::Silent(
            "one of several programs ran beyond its deadline".to_owned(),
        )),
        Fate::Ended if console.marked().len() < programs.len() => {
            Err(BenchError::Garbled(format!(
                "one of several programs ended without a report; {}",
                console.complaint()
            )))
        }
        Fate::Ended => Ok(execution),
    }
}

/// Whether the last call came damaged, so that its program never ran: by the helper's account,
/// or because the call itself was not understood. A program's own errors never get that far.
fn was_damaged(console: &Console, token: &str) -> bool {
    let report = format!("{}{DAMAGED}", end_mark(token));
    let output = console.output();
    memchr::memmem::find(output, report.as_bytes()).is_some()
        || output.is_empty() && memchr::memmem::find(console.traceback(), b"SyntaxError").is_some()
}

fn refused(console: &Console, url: &TargetUrl, fate: Fate) -> BenchError {
    if fate == Fate::NotTaken {
        return console.not_taken();
    }
    BenchError::Open {
        target: url.to_string(),
        reason: format!(
            "it does not take the helper that reports what programs do; {}",
            console.complaint()
        ),
    }
}

/// A call with a text and the sum of its bytes, by which lost ones are noticed.
fn checked(function: &str, text: &str) -> String {
    let sum: u64 = text.bytes().map(u64::from).sum();
    format!("{function}({},{sum})", text_literal(text))
}

/// The pieces of the helper, without what is only for its readers.
pub(crate) fn pieces(token: &str) -> impl Iterator<Item = String> {
    let mut pieces = SOURCE.split(PIECE).skip(1).map(|piece| {
        let lines = piece.lines().skip(1);
        let sent = lines.filter(|line| !line.trim_start().starts_with('#'));
        sent.flat_map(|line| [line, "\n"]).collect()
    });
    let loader = pieces.next();
    let token = format!("_t_token = {}\n", text_literal(token));
    loader
        .into_iter()
        .chain(std::iter::once(token))
        .chain(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_token() {
        assert_eq!(token(1), token(1));
        assert_ne!(token(1), token(2));
        assert_eq!(token(1).len(), 13);
    }

    #[test]
    fn comments_of_the_helper_stay_here() {
        for piece in pieces("~t") {
            assert!(piece.lines().all(|line| !line.contains('#')), "{piece}");
            assert!(!piece.trim().is_empty());
        }
    }

    #[test]
    fn the_piece_that_checks_the_others_comes_first() {
        assert!(
            pieces("~t")
                .next()
                .is_some_and(|piece| piece.starts_with("def _t_load"))
        );
    }

    #[test]
    fn a_checked_call_has_the_sum_of_its_bytes() {
        assert_eq!(checked("_t", "ab"), "_t('ab',195)");
    }
}
