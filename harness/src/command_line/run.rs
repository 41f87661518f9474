//! Owns `trueline run`: from the flags to record, reports and exit code. Judges nothing.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use trueline_adapters::target_url::TargetUrl;
use trueline_reports::{html, journal, junit, markdown, summary::Summary};
use trueline_spec::pack::Pack;

use super::{Failure, print, selection, terminal};
use crate::conduct::conduct;
use crate::deviations::{Deviations, day_of_the_run};
use crate::exit::Exit;
use crate::plan::Plan;
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
    #[command(flatten)]
    selection: selection::Flags,
    /// A list of deviations that are known beforehand: YAML with `target` and `deviations`.
    /// Clauses that fail as listed there do not fail the run
    #[arg(long, value_name = "FILE")]
    deviations: Option<PathBuf>,
}

/// Runs a pack on a target.
pub fn main(arguments: &Arguments) -> Result<Exit, Failure> {
    let selection = &arguments.selection;
    let pack = super::check::load(selection.pack.as_deref())?;
    let url: TargetUrl = arguments.target.parse().map_err(Failure::usage)?;
    let deviations = deviations(arguments.deviations.as_deref(), &pack)?;
    let out = Output::new(&selection.out)?;
    let mut regressions = selection.regressions()?;
    let mut plan = selection.plan(&pack, &regressions)?;
    if let Some(deviations) = deviations {
        plan.expect(deviations);
    }
    let record = out.record();
    run(&plan, &url, &record, &mut regressions)?;
    if regressions.changed() {
        regressions
            .write(&selection.regressions_file())
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
    print(&terminal::summary(&summary, &selection.out))?;
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

/// The list in the file, held against the day of the run.
fn deviations(file: Option<&Path>, pack: &Pack) -> Result<Option<Deviations>, Failure> {
    let Some(file) = file else {
        return Ok(None);
    };
    let day = day_of_the_run().map_err(Failure::usage)?;
    let list = Deviations::read(file, pack, day).map_err(|unsound| Failure {
        exit: Exit::Usage,
        // Each problem is laid out with its own heading.
        says: unsound.to_string(),
    })?;
    Ok(Some(list))
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

    fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        let path = self.0.join(name);
        fs::write(&path, text).map_err(|error| unwritable(&path, &error))
    }
}
