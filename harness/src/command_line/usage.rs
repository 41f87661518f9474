//! Owns what is said of a command line that is wrong: what is wrong with it, and what would be
//! right, in the words of every other error. Parses nothing.

use std::env;
use std::error::Error as _;
use std::num::NonZero;
use std::ops::RangeInclusive;
use std::str::FromStr;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::Failure;
use crate::plan::MOST_CASES;

/// Reads a whole number within bounds, for a flag; `words` say which.
fn whole<N>(text: &str, range: RangeInclusive<N>, words: &str) -> Result<N, String>
where
    N: FromStr + PartialOrd,
{
    match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(format!("it takes a whole number {words}")),
    }
}

/// The most jobs of a run: each has processes of its own.
const MOST_JOBS: usize = 64;
/// How often a failure may be run again at the most.
const MOST_RETRIES: u32 = 100;

/// How many targets at once.
pub fn jobs(text: &str) -> Result<NonZero<usize>, String> {
    let words = format!("from 1 to {MOST_JOBS}");
    let jobs = whole(text, 1..=MOST_JOBS, &words)?;
    NonZero::new(jobs).ok_or(words)
}

/// How often a failure is run again.
pub fn retries(text: &str) -> Result<u32, String> {
    whole(text, 0..=MOST_RETRIES, &format!("from 0 to {MOST_RETRIES}"))
}

/// Cases a property.
pub fn cases(text: &str) -> Result<u32, String> {
    whole(text, 1..=MOST_CASES, &format!("from 1 to {MOST_CASES}"))
}

/// A seed.
pub fn seed(text: &str) -> Result<u64, String> {
    whole(
        text,
        0..=u64::MAX,
        "from 0 to 18446744073709551615, as each run prints one",
    )
}

/// What is wrong with a command line, and the remedy.
pub fn refused(error: &Error, commands: &Command) -> Failure {
    let meant = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    let meant = meant.into_iter().find_map(|kind| text(error, kind));
    let remedy = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("`{} --help` lists what there is", asked(commands)),
    };
    Failure::usage(format!("{}; {remedy}", sentence(error, commands)))
}

/// The words of the command line, whatever they are.
fn words() -> impl Iterator<Item = String> {
    env::args_os().map(|word| word.to_string_lossy().into_owned())
}

/// The command that was asked for, as it is typed, as far as it is one.
fn asked(commands: &Command) -> String {
    let name = commands.get_name();
    subcommand(commands).map_or(name.to_owned(), |command| {
        format!("{name} {}", command.get_name())
    })
}

fn subcommand(commands: &Command) -> Option<&Command> {
    words()
        .skip(1)
        .find_map(|word| commands.find_subcommand(word))
}

/// The flag in front of this word that takes it for the next flag, and needs a value.
fn in_want_of_a_value(word: &str, commands: &Command) -> Option<String> {
    let before = words().zip(words().skip(1)).find(|(_, next)| next == word);
    let flag = before?.0.strip_prefix("--")?.to_owned();
    let mut flags = subcommand(commands)?.get_arguments();
    let takes = flags.find(|known| known.get_long() == Some(&flag))?;
    let [value] = takes.get_value_names()? else {
        return None;
    };
    Some(format!("--{flag} <{value}>"))
}

fn sentence(error: &Error, commands: &Command) -> String {
    let argument = text(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = text(error, ContextKind::InvalidValue).unwrap_or_default();
    match error.kind() {
        ErrorKind::ValueValidation => {
            let why = error.source().map(ToString::to_string).unwrap_or_default();
            format!("`{value}` is no value for `{argument}`: {why}")
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("`{argument}` needs a value behind it")
        }
        ErrorKind::InvalidValue => {
            let valid = values(error, ContextKind::ValidValue);
            let valid: Vec<_> = valid.iter().map(|valid| format!("`{valid}`")).collect();
            format!(
                "`{value}` is no value for `{argument}`: it takes {}",
                valid.join(" or ")
            )
        }
        ErrorKind::UnknownArgument => match in_want_of_a_value(&argument, commands) {
            Some(flag) => format!(
                "`{flag}` needs a value behind it, and there is no flag `{argument}` here; a value \
                 that begins with `-` stands behind a `=`"
            ),
            None if argument.starts_with('-') => format!("there is no flag `{argument}` here"),
            None => format!("nothing is known of `{argument}` here"),
        },
        ErrorKind::TooManyValues => {
            let out = match argument == "--resume" {
                true => "; the folder of a run is named by `--out`",
                false => "",
            };
            format!("`{argument}` takes no value, and `{value}` is one{out}")
        }
        ErrorKind::InvalidSubcommand => {
            let command = text(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            format!("there is no command `{command}`")
        }
        ErrorKind::ArgumentConflict => {
            let others = values(error, ContextKind::PriorArg);
            match others.as_slice() {
                [other] if *other == argument => {
                    format!("`{argument}` is given twice; give it once")
                }
                others => format!(
                    "`{argument}` and `{}` cannot be given together; leave one out",
                    others.join("`, `")
                ),
            }
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = values(error, ContextKind::InvalidArg);
            format!("`{}` is missing", missing.join("`, `"))
        }
        ErrorKind::MissingSubcommand => "a command is missing".to_owned(),
        ErrorKind::InvalidUtf8 => "the command line is no UTF-8".to_owned(),
        // Whatever else there may be one day: its first line says it.
        _ => {
            let says = error.to_string();
            let first = says.lines().next().unwrap_or_default();
            first.trim_start_matches("error: ").to_owned()
        }
    }
}

fn text(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        // The nearest one comes last.
        ContextValue::Strings(texts) => texts.last().cloned(),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    }
}

fn values(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}
