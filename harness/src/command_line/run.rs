//! Owns `trueline run`: from the flags to record, reports and exit code. Judges nothing.

use std::fs::{self, File};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;
use std::path::{Path, PathBuf};

use trueline_adapters::target_url::TargetUrl;
use trueline_reports::{html, journal, junit, markdown, summary::Summary};
use trueline_spec::pack::Pack;

use super::{Failure, terminal};
use crate::conduct::conduct;
use crate::exit::Exit;
use crate::plan::{Plan, Selection};
use crate::progress::Progress;
use crate::regressions::Regressions;
use crate::stop::Stop;

/// The flags of `trueline run`.
#[derive(clap::Args)]
pub struct Arguments {
    /// What to test: `agent:` (the reference agent), `exec:COMMAND` (an interpreter with a raw
    /// REPL, on a terminal), `cpython:[PYTHON]`
    #[arg(long, value_name = "URL", default_value = "agent:")]
    target: String,
    /// The folder of the pack; left out: the pack of the Waffle Nano V1 socket API
    #[arg(long, value_name = "DIR")]
    pack: Option<PathBuf>,
    /// Run only clauses whose id, or whose item's id, matches; can be given several times
    #[arg(long, value_name = "GLOB")]
    only: Vec<String>,
    /// Cases a property
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    cases: u32,
    /// The seed that inputs are drawn from; left out: a new one, which is printed
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// The folder for record and reports
    #[arg(long, value_name = "DIR", default_value = "trueline-out")]
    out: PathBuf,
}

/// Runs a pack on a target.
pub fn main(arguments: &Arguments) -> Result<Exit, Failure> {
    let pack = super::check::load(arguments.pack.as_deref())?;
    let url: TargetUrl = arguments.target.parse().map_err(Failure::usage)?;
    let out = Output::new(&arguments.out)?;
    let mut regressions = Regressions::read(&out.regressions()).map_err(Failure::usage)?;
    let selection = Selection {
        only: arguments.only.clone(),
        cases: arguments.cases,
        seed: arguments.seed.unwrap_or_else(new_seed),
    };
    let plan = Plan::new(&pack, selection, &regressions).map_err(Failure::usage)?;
    if plan.clauses.is_empty() {
        return Err(nothing_selected(&pack, &arguments.only));
    }
    let record = out.record();
    run(&plan, &url, &record, &mut regressions)?;
    if regressions.changed() {
        regressions
            .write(&out.regressions())
            .map_err(Failure::bench)?;
    }

    let text = fs::read(&record).map_err(|error| unwritable(&record, &error))?;
    let record = journal::read(&text).map_err(Failure::bench)?;
    let summary = Summary::of(&record);
    out.write(
        "report.html",
        &html::render(&record).map_err(Failure::bench)?,
    )?;
    out.write("report.md", &markdown::render(&record))?;
    out.write(
        "junit.xml",
        &junit::render(&record).map_err(Failure::bench)?,
    )?;
    anstream::print!("{}", terminal::summary(&record, &summary, &arguments.out));
    // A record that was read whole has a closing line, and with it an outcome.
    Ok(summary.outcome.map_or(Exit::BenchFailed, Exit::from))
}

fn run(
    plan: &Plan<'_>,
    url: &TargetUrl,
    record: &Path,
    regressions: &mut Regressions,
) -> Result<(), Failure> {
    let file = File::create(record).map_err(|error| unwritable(record, &error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::bench(format!("no event loop: {error}")))?;
    runtime.block_on(async {
        let stop =
            Stop::on_signals().map_err(|error| Failure::bench(format!("no signals: {error}")))?;
        let progress = Progress::on_stderr(plan.case_count());
        conduct(plan, url, file, regressions, &progress, &stop)
            .await
            .map_err(Failure::bench)
    })?;
    Ok(())
}

fn new_seed() -> u64 {
    // The keys of the standard hasher are the system's randomness. 32 bits are enough to
    // choose a run and short enough to type.
    RandomState::new().build_hasher().finish() & u64::from(u32::MAX)
}

fn nothing_selected(pack: &Pack, only: &[String]) -> Failure {
    let example = pack
        .clauses()
        .next()
        .map(|(_, clause)| clause.id.as_str())
        .unwrap_or_default();
    let says = if only.is_empty() {
        format!(
            "the pack `{}` has no clause, so nothing was tested",
            pack.name
        )
    } else {
        format!(
            "no clause or item matches --only {}, so nothing was tested; ids look like `{example}`, \
             and `*` matches any part of them",
            only.join(" --only ")
        )
    };
    Failure::new(Exit::NothingSelected, says)
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::bench(format!("{} cannot be written: {error}", path.display()))
}

/// The folder that a run writes to.
struct Output<'a>(&'a Path);

impl<'a> Output<'a> {
    fn new(folder: &'a Path) -> Result<Self, Failure> {
        fs::create_dir_all(folder).map_err(|error| {
            Failure::usage(format!(
                "--out {} cannot be made: {error}",
                folder.display()
            ))
        })?;
        Ok(Self(folder))
    }

    fn record(&self) -> PathBuf {
        self.0.join("record.jsonl")
    }

    fn regressions(&self) -> PathBuf {
        self.0.join("regressions.yaml")
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        let path = self.0.join(name);
        fs::write(&path, text).map_err(|error| unwritable(&path, &error))
    }
}
