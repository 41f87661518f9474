//! Owns `trueline doctor`: how findings about a bench are printed, and the exit code. Examines
//! nothing itself.

use std::path::PathBuf;

use serde::Serialize;
use trueline_adapters::target::Target;
use trueline_reports::visible;
use trueline_spec::pack::Pack;

use super::target::TargetFlags;
use super::{Failure, check, complain, print, terminal};
use crate::doctor::{self, Examination, Found};
use crate::exit::Exit;
use crate::stop::Stop;

/// The flags of `trueline doctor`.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    target: TargetFlags,
    /// The folder of the pack that is going to be run; left out: the pack of the Waffle Nano V1
    /// socket API
    #[arg(long, value_name = "DIR")]
    pack: Option<PathBuf>,
    /// Print one JSON document when everything is examined
    #[arg(long)]
    json: bool,
}

/// Examines the bench of a target.
pub fn main(arguments: &Arguments) -> Result<Exit, Failure> {
    let pack = check::load(arguments.pack.as_deref())?;
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
                printed = print(&terminal::examined(
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
        let text = serde_json::to_string_pretty(&document).map_err(Failure::bench)?;
        print(&format!("{text}\n"))?;
    }
    Ok(match is_sound {
        true => Exit::Conforms,
        false => Exit::BenchFailed,
    })
}

async fn examine(target: &Target, pack: &Pack, tell: &mut dyn FnMut(Examination, Found)) {
    let waits = |says: &str| complain(&format!("note: {}", visible::line(says)));
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
        let shown = |text: &String| visible::line(text).into_owned();
        Self {
            what: examination.word(),
            state,
            says: shown(says),
            remedy: remedy.map(shown),
        }
    }
}
