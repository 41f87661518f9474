//! Owns `trueline doctor`: how findings about a bench are printed, and the exit code. Examines
//! nothing itself.

use serde::Serialize;
use trueline_adapters::target::Target;
use trueline_reports::visible;
use trueline_spec::pack::Pack;

use super::pack::PackFlags;
use super::target::TargetFlags;
use super::{Failure, complain, print_json, print_prose, terminal};
use crate::doctor::{self, Examination, Found};
use crate::exit::Exit;
use crate::prose;
use crate::stop::Stop;

/// The flags of `trueline doctor`.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    target: TargetFlags,
    #[command(flatten)]
    pack: PackFlags,
    /// Print one JSON document when everything is examined
    #[arg(long)]
    json: bool,
}

/// Examines the bench of a target.
pub fn main(arguments: &Arguments) -> Result<Exit, Failure> {
    let pack = arguments.pack.load()?;
    let listed = arguments.target.listed()?;
    let target = listed.equipped().map_err(Failure::usage)?;
    let stop =
        Stop::on_signals().map_err(|error| Failure::bench(format!("no signals: {error}")))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::bench(format!("no event loop: {error}")))?;
    let mut lines = Vec::new();
    let mut printed = Ok(());
    let is_whole = runtime.block_on(async {
        let tell = &mut |examination, found| {
            let line = Line::of(examination, &found);
            if !arguments.json && printed.is_ok() {
                printed = print_prose(&terminal::examined(
                    line.what,
                    line.state,
                    &line.says,
                    line.remedy.as_deref(),
                ));
            }
            lines.push(line);
        };
        tokio::select! {
            biased;
            () = stop.requested() => false,
            () = examine(&target, &pack, tell) => true,
        }
    });
    printed?;
    if !is_whole {
        return Err(Failure::new(
            Exit::Interrupted,
            "interrupted; the rest was not examined",
        ));
    }
    let is_sound = lines.iter().all(|line| line.state != State::Problem);
    if arguments.json {
        let document = Document {
            format: "trueline-doctor",
            version: 1,
            target: target.url().to_string(),
            sound: is_sound,
            examinations: lines,
        };
        print_json(&document)?;
    }
    Ok(match is_sound {
        true => Exit::Conforms,
        false => Exit::BenchFailed,
    })
}

async fn examine(target: &Target, pack: &Pack, tell: &mut dyn FnMut(Examination, Found)) {
    let waits = |says: &str| {
        let note = format!("note: {}", visible::block(says));
        complain(&prose::for_stderr(&note));
    };
    doctor::examine(target, pack, &waits, tell).await;
}

/// The findings as JSON; the members are documented in `docs/src/command-line.md`.
#[derive(Serialize)]
struct Document {
    format: &'static str,
    version: u32,
    target: String,
    sound: bool,
    examinations: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    what: &'static str,
    state: State,
    says: String,
    remedy: Option<String>,
}

/// How an examination ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Ok,
    Problem,
    NotExamined,
}

impl Line {
    fn of(examination: Examination, found: &Found) -> Self {
        let (state, says, remedy) = match found {
            Found::Sound(says) => (State::Ok, says, None),
            Found::Problem { says, remedy } => (State::Problem, says, Some(remedy)),
            Found::NotExamined(says) => (State::NotExamined, says, None),
        };
        let shown = |text: &String| visible::block(text).into_owned();
        Self {
            what: examination.word(),
            state,
            says: shown(says),
            remedy: remedy.map(shown),
        }
    }
}
