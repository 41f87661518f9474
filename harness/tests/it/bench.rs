//! Owns how tests run a plan: on which target, with which seed, and how findings are shown.
//! Makes no claims.

use std::collections::HashSet;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use tempfile::TempDir;
use trueline::captures::{Captures, Policy};
use trueline::conduct::Conduct;
use trueline::judge::Judge;
use trueline::plan::{Plan, Selection};
use trueline::progress::Progress;
use trueline::regressions::Regressions;
use trueline::stop::Stop;
use trueline_adapters::session::Clock;
use trueline_adapters::worker;
use trueline_reports::journal::{self, Record};
use trueline_spec::firmwares::Firmwares;
use trueline_spec::pack::Pack;

/// Cases a property in tests: enough to meet both bounds of a range and many a mixture.
pub const CASES: u32 = 16;

/// The firmware that tests the built-in pack.
pub static FIRMWARES: LazyLock<Firmwares> = LazyLock::new(|| {
    let firmwares = Firmwares::built_in("waffle-nano-socket").expect("it is built in");
    firmwares.unwrap_or_else(|problems| panic!("{problems}"))
});

/// The built-in pack.
pub fn pack() -> Pack {
    let pack = Pack::built_in("waffle-nano-socket").expect("it is built in");
    pack.unwrap_or_else(|problems| panic!("{problems}"))
}

/// The seed of this test run: `TRUELINE_SEED`, or 1. It is in every record and finding.
pub fn seed() -> u64 {
    let seed = std::env::var("TRUELINE_SEED").ok();
    seed.map_or(1, |seed| seed.parse().expect("TRUELINE_SEED is a number"))
}

/// Everything with these ids.
pub fn selection(only: &[&str]) -> Selection {
    Selection {
        only: only.iter().map(|&pattern| pattern.to_owned()).collect(),
        cases: CASES,
        seed: seed(),
        clock: Clock::Virtual,
    }
}

/// Runs the plan on the target and reads the record back.
pub fn record(plan: &Plan<'_>, target: &str) -> Record {
    let written = written(plan, target, 1);
    journal::read(&written).expect("what was written is a valid record")
}

/// Runs the plan on so many targets at once; gives the record as it is written.
pub fn written(plan: &Plan<'_>, target: &str, jobs: usize) -> Vec<u8> {
    worker::start_from(Path::new(env!("CARGO_BIN_EXE_trueline")));
    let folder = TempDir::new().expect("a temporary folder can be made");
    let conduct = Conduct {
        plan,
        target: &target.parse().expect("the target is a URL"),
        expected: None,
        jobs: NonZero::new(jobs).expect("at least one job"),
        captures: &Captures::new(folder.path(), Policy::None, HashSet::new())
            .expect("none are wanted"),
        given: None,
        progress: &Progress::hidden(),
        stop: &Stop::never(),
        retries: 1,
    };
    let mut written = Vec::new();
    conduct
        .run(&mut written, &mut Regressions::default())
        .expect("a record in memory can be written");
    written
}

/// A judge, whose worker is the command under test.
pub fn judge() -> Judge {
    worker::start_from(Path::new(env!("CARGO_BIN_EXE_trueline")));
    Judge::new(Stop::never())
}

/// Runs a future to its end on this thread.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    worker::start_from(Path::new(env!("CARGO_BIN_EXE_trueline")));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("an event loop").block_on(future)
}

/// Where an outside program is, or `None` after saying that the test was left out; with
/// `TRUELINE_REQUIRE_PARTS=1` its absence is a failure.
pub fn part(program: &str) -> Option<PathBuf> {
    let found = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .map(|folder| folder.join(program))
        .find(|path| path.is_file());
    told(
        found.is_some(),
        &format!("`{program}` was not found on PATH"),
    );
    found
}

/// The same for a file.
pub fn is_there(file: &Path) -> bool {
    told(file.is_file(), &format!("there is no `{}`", file.display()))
}

fn told(found: bool, missing: &str) -> bool {
    let required = std::env::var_os("TRUELINE_REQUIRE_PARTS").is_some_and(|value| value == "1");
    assert!(
        found || !required,
        "{missing}, and TRUELINE_REQUIRE_PARTS=1"
    );
    if !found {
        eprintln!("left out: {missing}");
    }
    found
}

/// The command under test, as if it had been begun on a terminal: the tests themselves may have been
/// begun to outlive theirs.
pub fn on_a_terminal() -> Command {
    let mut command = Command::new("env");
    command.arg("--default-signal=HUP");
    command.arg(trueline().get_program());
    command
}

/// The command under test.
pub fn trueline() -> Command {
    Command::new(env!("CARGO_BIN_EXE_trueline"))
}
