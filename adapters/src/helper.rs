//! Owns what is put on a target once a session, `target.py`: its pieces, its token, and putting
//! it there. Calls of it are `calls`; does not read reports.

use std::collections::HashSet;
use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use trueline_spec::value::text_literal;

use crate::console::{Console, Execution, Fate};
use crate::error::{BAD_LINE, BenchError};
use crate::report_sum;

const SOURCE: &str = include_str!("target.py");
/// Begins a piece of it that is compiled by itself.
const PIECE: &str = "\n#:";
/// What the end of a damaged program is reported as.
pub(crate) const DAMAGED: &str = "damaged";
/// How often a piece is sent over a line that damages it.
const ATTEMPTS: u32 = 8;

/// Every report has the token in front of it, which a slow line has to carry.
const LETTERS_OF_A_TOKEN: u32 = 4;

/// What marks the helper's lines: nothing that a program prints by chance.
pub(crate) fn token(seed: u64) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let random = ChaCha8Rng::seed_from_u64(seed).next_u64();
    let letters = (0..LETTERS_OF_A_TOKEN)
        .map(|place| char::from(LETTERS[(random >> (5 * place)) as usize % 32]));
    std::iter::once('~').chain(letters).collect()
}

/// What begins the report of a program's end.
pub(crate) fn end_mark(token: &str) -> String {
    format!("{token}!")
}

/// Puts the piece of the helper on a target that checks everything that is put there after it, and
/// has it show that it does: nothing checks it on its own way.
///
/// # Errors
///
/// [`BenchError::Open`] when the target does not take it, [`BenchError::BadLine`] when it never arrives
/// whole, and any other one when the line fails.
pub(crate) async fn put_loader(
    console: &mut Console,
    target: &str,
    limit: Duration,
) -> Result<(), BenchError> {
    let loader = pieces("", true).next().unwrap_or_default();
    let mut left = ATTEMPTS;
    let mut complaints = HashSet::new();
    loop {
        left -= 1;
        let put = match console.execute(loader.as_bytes(), 1, limit).await {
            Ok(execution) => match taken(console, target, execution.fate) {
                Ok(()) => has_checked(console, limit).await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        complaints.insert(console.complaint());
        match put {
            Err(error) if left > 0 && !matches!(error, BenchError::Gone(_)) => {
                console.regain().await?;
            }
            // A target that cannot run it says the same each time.
            Err(BenchError::Open { .. }) if complaints.len() > 1 => return Err(damaged(console)),
            put => return put,
        }
    }
}

/// Lets the loader refuse what has the wrong sum, and take what has the right one.
async fn has_checked(console: &mut Console, limit: Duration) -> Result<(), BenchError> {
    let text = "0";
    let sum = report_sum::go_on_with_text(0, text);
    let wrong = sum + 1;
    let program = format!(
        "try:\n _t_load('{text}',{wrong})\nexcept ValueError:\n _t_load('{text}',{sum})\nelse:\n \
         raise ValueError('damaged')"
    );
    let execution = console.execute(program.as_bytes(), 1, limit).await?;
    match execution.fate {
        Fate::NotTaken => Err(console.not_taken()),
        Fate::Ended if console.traceback().is_empty() => Ok(()),
        _ => Err(damaged(console)),
    }
}

/// What is wrong where nothing arrives whole, however often it is sent.
fn damaged(console: &Console) -> BenchError {
    BenchError::BadLine(format!(
        "what is sent arrived damaged each of {ATTEMPTS} times; {BAD_LINE}; {}",
        console.complaint()
    ))
}

/// Puts the rest of the helper on a target, or where the line is to be trusted all of it.
/// `checks`: whether the line may lose or change bytes.
///
/// # Errors
///
/// As [`put_loader`].
pub(crate) async fn install(
    console: &mut Console,
    target: &str,
    token: &str,
    checks: bool,
    limit: Duration,
) -> Result<(), BenchError> {
    for piece in pieces(token, checks).skip(usize::from(checks)) {
        let execution = load(console, &piece, checks, limit).await?;
        taken(console, target, execution.fate)?;
    }
    Ok(())
}

/// Runs a text in the namespace that all programs share; where the line damages it, again.
///
/// # Errors
///
/// When the line fails, or damages it each time.
pub(crate) async fn load(
    console: &mut Console,
    text: &str,
    checks: bool,
    limit: Duration,
) -> Result<Execution, BenchError> {
    if !checks {
        return console.execute(text.as_bytes(), 1, limit).await;
    }
    let sum = report_sum::go_on_with_text(0, text);
    let program = format!("_t_load({},{sum})", text_literal(text));
    let mut left = ATTEMPTS;
    loop {
        left -= 1;
        let execution = console.execute(program.as_bytes(), 1, limit).await;
        match execution {
            Ok(execution) if !was_damaged(console, execution.fate) => return Ok(execution),
            Ok(execution) if left == 0 => {
                return Err(match execution.fate {
                    Fate::NotTaken => console.not_taken(),
                    _ => damaged(console),
                });
            }
            Err(BenchError::Garbled(_) | BenchError::BadLine(_) | BenchError::Silent(_))
                if left > 0 => {}
            Ok(_) => {}
            Err(error) => return Err(error),
        }
        console.regain().await?;
    }
}

/// Whether what was loaded came damaged, so that it never ran: it was not taken, the loader said
/// so, or the loader was not even called. A target that has no memory for the call got it whole.
fn was_damaged(console: &Console, fate: Fate) -> bool {
    match fate {
        Fate::NotTaken => true,
        Fate::Interrupted | Fate::Stopped => false,
        Fate::Ended if console.traceback().is_empty() => false,
        Fate::Ended => {
            says(console, b"ValueError: damaged")
                || !says(console, b"_t_load") && !is_beyond_memory(console)
        }
    }
}

/// Whether the target has no memory for what was loaded over a line that may damage it, so that the
/// loader was not even called.
pub(crate) fn is_beyond_memory(console: &Console) -> bool {
    says(console, b"MemoryError") && !says(console, b"_t_load")
}

fn says(console: &Console, text: &[u8]) -> bool {
    memchr::memmem::find(console.traceback(), text).is_some()
}

/// Whether a piece was taken, which says nothing.
fn taken(console: &Console, target: &str, fate: Fate) -> Result<(), BenchError> {
    match fate {
        Fate::NotTaken => Err(console.not_taken()),
        Fate::Ended if console.traceback().is_empty() => Ok(()),
        _ => Err(BenchError::Open {
            target: target.to_owned(),
            reason: format!(
                "it does not take the helper that reports what programs do; {}",
                console.complaint()
            ),
        }),
    }
}

/// The pieces of the helper, without what is only for its readers.
pub(crate) fn pieces(token: &str, checks: bool) -> impl Iterator<Item = String> {
    let mut pieces = SOURCE.split(PIECE).skip(1).map(|piece| {
        let lines = piece.lines().skip(1);
        let sent = lines.filter(|line| !line.trim_start().starts_with('#'));
        sent.flat_map(|line| [line, "\n"]).collect()
    });
    let loader = pieces.next();
    let checks = if checks { "True" } else { "False" };
    let token = format!("_t_token = {}\n_t_checks = {checks}\n", text_literal(token));
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
        assert_eq!(token(1).len(), 5);
    }

    #[test]
    fn comments_of_the_helper_stay_here() {
        for piece in pieces("~t", true) {
            assert!(piece.lines().all(|line| !line.contains('#')), "{piece}");
            assert!(!piece.trim().is_empty());
        }
    }

    #[test]
    fn the_piece_that_checks_the_others_comes_first() {
        assert!(
            pieces("~t", true)
                .next()
                .is_some_and(|piece| piece.contains("def _t_load"))
        );
    }
}
