//! Owns `trueline run`: from the flags to record, reports and exit code. Judges nothing.

use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use trueline_adapters::session::Clock;
use trueline_adapters::target::Target;
use trueline_adapters::target_url::TargetUrl;
use trueline_reports::format::FORMATS;
use trueline_reports::record::{Closing, Given};
use trueline_reports::{journal, summary::Summary};
use trueline_spec::bounded;
use trueline_spec::pack::Pack;

use super::resume::Judged;
use super::{Failure, print_prose, resume, selection, terminal, usage};
use crate::assembly::AssemblyError;
use crate::captures::{Captures, Policy};
use crate::conduct::Conduct;
use crate::deviations::{Deviations, day_of_the_run};
use crate::exit::Exit;
use crate::expected::ExpectedVersion;
use crate::out_folder::{LARGEST_RECORD, OutFolder, RECORD, Refused};
use crate::plan::Plan;
use crate::progress::Progress;
use crate::regressions::{Regressions, Unsaved};
use crate::stop::Stop;
use crate::targets::Listed;

/// How often a failure is run again where that is not said.
pub const RETRIES: u32 = 1;

/// The flags of `trueline run`.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    selection: selection::Flags,
    /// Clauses that are tried at once, each on a target of its own; left out: two for `sim:`,
    /// where there are as many processors, and else one
    #[arg(long, value_name = "N", value_parser = usage::jobs, allow_negative_numbers = true)]
    jobs: Option<NonZero<usize>>,
    /// Which cases leave their packets in captures/, for Wireshark; only a simulated network has
    /// packets to show. Left out: `failures` where it can be
    #[arg(long, value_name = "WHICH")]
    capture: Option<Policy>,
    /// Run nothing unless the target is this one: its version (`1.24.*`), implementation and version
    /// (`micropython 1.24.0`), board (`*ESP32*`) or build matches. Left out: as targets.yaml says,
    /// or else any
    #[arg(long, value_name = "GLOB")]
    expect_version: Option<ExpectedVersion>,
    /// A list of deviations that are known beforehand: YAML with `target` and `deviations`.
    /// Clauses that fail as listed there do not fail the run. Left out: the target's own in
    /// targets.yaml, if it has one
    #[arg(long, value_name = "FILE")]
    deviations: Option<PathBuf>,
    /// How often a case that fails is run again on a target that has just started, alone and after
    /// the cases before it; one that does not fail again is flaky. So is a listed deviation that
    /// passes, and then does not [default: 1]
    #[arg(long, value_name = "N", value_parser = usage::retries, allow_negative_numbers = true)]
    retries: Option<u32>,
    /// Go on with the run that was interrupted or killed, or that lost its bench: its record is in
    /// the folder that --out names. What has a verdict is kept; target, selection, cases, seed and
    /// deviations are the run's; its pack, and a target that is no name, have to be given again
    #[arg(long)]
    resume: bool,
}

/// Runs a pack on a target.
pub fn main(arguments: &Arguments) -> Result<Exit, Failure> {
    let selection = &arguments.selection;
    let pack = selection.pack.load().map_err(|failure| {
        let none = arguments.resume.then(|| resume::no_pack(&selection.pack));
        none.flatten().unwrap_or(failure)
    })?;
    if arguments.resume {
        return go_on(arguments, &pack);
    }
    let listed = selection.target.listed()?;
    let target = listed.equipped().map_err(Failure::usage)?;
    let url = target.url();
    let policy = policy(arguments.capture, url)?;
    let deviations = arguments.deviations.as_ref().or(listed.deviations.as_ref());
    let deviations = deviations_in(deviations, &pack)?;
    let out = OutFolder::claim(&selection.out).map_err(refused)?;
    let mut regressions = failed_before(selection)?;
    let mut plan = selection.plan(&pack, url.clock(), &regressions)?;
    if let Some(deviations) = deviations {
        plan.expect(deviations);
    }
    let captures = captures(&out, policy)?;
    let bench = (&listed, &target);
    let judged = judged(arguments);
    conduct(arguments, (&plan, judged), bench, &captures, |conduct| {
        conduct.run_in(&out, &mut regressions)
    })?;
    finish(&out, selection, regressions)
}

/// Goes on with a run.
fn go_on(arguments: &Arguments, pack: &Pack) -> Result<Exit, Failure> {
    let selection = &arguments.selection;
    resume::check_that_there_is_one(&selection.out)?;
    let out = OutFolder::claim(&selection.out).map_err(refused)?;
    let record = out.record();
    let list = arguments.deviations.as_deref();
    let mut regressions = failed_before(selection)?;
    let judged = judged(arguments);
    let run = resume::take_up(&record, selection, list, judged, pack, &mut regressions)?;
    let target = run.listed.equipped().map_err(Failure::usage)?;
    let policy = policy(arguments.capture, target.url())?;
    let captures = captures(&out, policy)?;
    let bench = (&run.listed, &target);
    let planned = (&run.plan, run.judged);
    conduct(arguments, planned, bench, &captures, |conduct| {
        conduct.resume(&run.resumed, &out, &mut regressions)
    })?;
    finish(&out, selection, regressions)
}

fn judged(arguments: &Arguments) -> Judged {
    Judged {
        expected: arguments.expect_version.clone(),
        retries: arguments.retries,
    }
}

fn conduct(
    arguments: &Arguments,
    (plan, judged): (&Plan<'_>, Judged),
    (listed, target): (&Listed, &Target),
    captures: &Captures,
    run: impl FnOnce(&Conduct<'_>) -> Result<Closing, AssemblyError>,
) -> Result<(), Failure> {
    let stop =
        Stop::on_signals().map_err(|error| Failure::bench(format!("no signals: {error}")))?;
    let given = given(arguments);
    let conduct = Conduct {
        plan,
        target,
        expected: judged.expected.as_ref().or(listed.expected.as_ref()),
        jobs: arguments.jobs.unwrap_or_else(|| usual_jobs(target.url())),
        captures,
        given: given.as_ref(),
        progress: &Progress::on_stderr(plan.case_count()),
        stop: &stop,
        retries: judged.retries.unwrap_or(RETRIES),
    };
    match run(&conduct) {
        Ok(_) => Ok(()),
        Err(AssemblyError::OtherTarget(other)) => Err(Failure::usage(other)),
        Err(AssemblyError::NotBegun(not_begun)) if not_begun.is_interrupted => {
            Err(Failure::new(Exit::Interrupted, not_begun))
        }
        Err(AssemblyError::Record(error)) => {
            let file = arguments.selection.out.join(RECORD);
            Err(Failure::bench(format!("{}: {error}", file.display())))
        }
        Err(AssemblyError::Capture(error)) => Err(Failure::bench(error)),
        Err(AssemblyError::NotBegun(not_begun)) => Err(Failure::bench(not_begun)),
    }
}

/// Writes what is made of the record.
fn finish(
    out: &OutFolder,
    selection: &selection::Flags,
    mut regressions: Regressions,
) -> Result<Exit, Failure> {
    let record = out.record();
    let text = bounded::read(&record, LARGEST_RECORD);
    let text = text
        .map_err(|error| Failure::bench(format!("{} cannot be read: {error}", record.display())))?;
    let record = journal::read(&text).map_err(Failure::bench)?;
    let summary = Summary::of(&record);
    for format in FORMATS {
        let text = (format.render)(&record).map_err(Failure::bench)?;
        let written = out.write_report(format.file, &text);
        written.map_err(|error| unwritable(&out.path().join(format.file), &error))?;
    }
    print_prose(&terminal::summary(&summary, Some(&selection.out)))?;
    match regressions.save() {
        Ok(()) => {}
        Err(Unsaved::Unsound(unsound)) => return Err(Failure::unsound(unsound)),
        Err(unsaved) => return Err(Failure::bench(unsaved)),
    }
    // A record that was read whole has a closing line, and with it an outcome.
    Ok(summary.outcome.map_or(Exit::BenchFailed, Exit::from))
}

/// A simulated target shares nothing with another one, and more of them than processors gain
/// nothing. Other targets share this machine's network and its time.
fn usual_jobs(url: &TargetUrl) -> NonZero<usize> {
    let most = match url.clock() {
        Clock::Virtual => 2,
        Clock::Real => 1,
    };
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    NonZero::new(processors.min(most)).unwrap_or(NonZero::<usize>::MIN)
}

fn policy(asked: Option<Policy>, url: &TargetUrl) -> Result<Policy, Failure> {
    match (asked, url.clock()) {
        (Some(policy), Clock::Virtual) => Ok(policy),
        (None, Clock::Virtual) => Ok(Policy::Failures),
        (None | Some(Policy::None), Clock::Real) => Ok(Policy::None),
        (Some(_), Clock::Real) => Err(Failure::usage(format!(
            "--capture needs a target whose packets can be seen, such as `sim:`, not `{url}`"
        ))),
    }
}

fn captures(out: &OutFolder, policy: Policy) -> Result<Captures, Failure> {
    let changed = out.changed_captures().clone();
    Captures::new(out.path(), policy, changed).map_err(Failure::usage)
}

/// The list in the file, held against the day of the run.
fn deviations_in(file: Option<&PathBuf>, pack: &Pack) -> Result<Option<Deviations>, Failure> {
    let Some(file) = file else {
        return Ok(None);
    };
    let day = day_of_the_run().map_err(Failure::usage)?;
    let list = Deviations::read(file, pack, day).map_err(Failure::unsound)?;
    Ok(Some(list))
}

/// The inputs that failed before, in a file that takes those of this run.
fn failed_before(selection: &selection::Flags) -> Result<Regressions, Failure> {
    let regressions = selection.failed_before()?;
    Regressions::check_place(&selection.regressions_file()).map_err(Failure::usage)?;
    Ok(regressions)
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::bench(format!(
        "{} cannot be written: {error}; is there space, and may the folder be written?",
        path.display()
    ))
}

fn refused(refused: Refused) -> Failure {
    Failure::usage(refused)
}

/// What a command that runs a finding again has to be given as well; `None` where a path is no text.
fn given(arguments: &Arguments) -> Option<Given> {
    let selection = &arguments.selection;
    let text = |path: &Path| path.to_str().map(str::to_owned);
    let optional = |path: Option<&Path>| match path {
        Some(path) => text(path).map(Some),
        None => Some(None),
    };
    let expected = arguments.expect_version.as_ref();
    Some(Given {
        pack: optional(selection.pack.given())?,
        targets: optional(selection.target.targets.as_deref())?,
        deviations: optional(arguments.deviations.as_deref())?,
        expect_version: expected.map(|expected| expected.pattern().to_owned()),
        retries: arguments.retries.filter(|retries| *retries != RETRIES),
        regressions: text(&selection.regressions_file())?,
        out: text(&selection.out)?,
    })
}
