//! Owns the shape of a record: the lines of `record.jsonl` and what they mean.
//! Reading, writing and checking are in [`crate::journal`]; what is made of a record is in the
//! renderers.
//!
//! A record is JSON Lines: one [`Header`], one [`Clause`] for each planned clause, then a
//! [`Case`] for each case that was run, a [`NotRun`] for planned cases that were not,
//! [`Note`]s anywhere between, and one [`Closing`] at the end. Each line is an object whose
//! `line` member names its kind. A member called `timing` is always the last of its line and
//! holds everything that may differ between two runs with the same seed.
//!
//! A line has exactly one spelling: the one that these types serialise to. The order of the
//! fields here is therefore a part of the format.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::capture_file::CaptureFile;
use crate::day::Day;
use crate::web_link::WebLink;

/// The `format` of every record.
pub const FORMAT: &str = "trueline-record";
/// The version that this crate writes.
pub const VERSION: u32 = 2;
/// The oldest version that it reads. Lines of it are lines of this version, too; in it a clause of
/// any level without a verdict decides the outcome.
pub const OLDEST_VERSION: u32 = 1;
/// The first version whose lines carry a chain, each tied to all lines above it.
pub const CHAINED_SINCE: u32 = 2;

/// One line of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub enum Line {
    /// The first line.
    Header(Box<Header>),
    /// A planned clause.
    Clause(Clause),
    /// A case that was run.
    Case(Case),
    /// Planned cases that were not run.
    NotRun(NotRun),
    /// Something that happened to the bench.
    Note(Note),
    /// The last line.
    Closing(Closing),
}

/// What was run on what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`], or an older one.
    pub version: u32,
    /// The tool and its version, as `trueline 0.1.0`.
    pub tool: String,
    /// The pack.
    pub pack: Pack,
    /// The plan.
    pub plan: Plan,
    /// The target; what it says of itself is `None` when it could not be opened.
    pub target: Target,
    /// The list of deviations that was given with the run; `None`: none was.
    pub deviations: Option<Deviations>,
    /// The run's seed.
    pub seed: u64,
    /// What differs between two runs.
    pub timing: HeaderTiming,
}

/// When the run began, and what else no two runs need to have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderTiming {
    /// In UTC, RFC 3339.
    pub started: String,
    /// The day against which deviations' last days were held; there exactly when a list of
    /// deviations was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// Bytes that the target's heap had left at the start; left out when it did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_memory: Option<u64>,
    /// What the run was given beside target, selection and seed; left out where that cannot be
    /// written down as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Given>,
}

/// What a run was given that a command which runs a part of it again has to be given as well, as
/// it was typed: paths are relative to the folder in which the run was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The pack's folder; left out for the built-in pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack: Option<String>,
    /// The list of targets; left out when none was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<String>,
    /// The list of deviations; left out when none was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviations: Option<String>,
    /// Which firmware the target had to have; left out when that was not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect_version: Option<String>,
    /// How often failures were run again; left out when that was not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
    /// The file with inputs that failed in earlier runs.
    pub regressions: String,
    /// The folder that the run wrote to.
    pub out: String,
}

/// A list of deviations that are known beforehand. Its entries stand beside their clauses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviations {
    /// Whose they are, in the words of the list.
    pub target: String,
}

/// The pack of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// SHA-256 over its files.
    pub digest: String,
    /// The title of the document that it encodes.
    pub source: String,
    /// SHA-256 of that document.
    pub source_sha256: String,
}

/// What was planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// How many clauses.
    pub clauses: usize,
    /// How many cases.
    pub cases: usize,
    /// SHA-256 over the case ids in the order of the plan, each followed by a line feed.
    pub digest: String,
    /// Cases a property.
    pub cases_per_property: u32,
    /// The `--only` patterns; empty: everything.
    pub only: Vec<String>,
    /// SHA-256 over the inputs of its cases that failed in earlier runs; left out where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_before: Option<String>,
}

/// The target of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Its name in the bench's list of targets; left out when it was given by its URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its URL.
    pub url: String,
    /// SHA-256 of its boot file; left out where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<String>,
    /// SHA-256 of the command that resets it, which may hold what is nobody's business; left out where
    /// it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset: Option<String>,
    /// What it says of itself.
    pub identity: Option<Identity>,
}

impl Target {
    /// What the user called it: its name, or else its URL.
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.url)
    }
}

/// What a target says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// `sys.implementation.name`.
    pub implementation: String,
    /// `sys.implementation.version`, dotted.
    pub version: String,
    /// `sys.platform`.
    pub platform: String,
    /// The board in words; left out when it does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub machine: String,
    /// The firmware's build in words; left out when it does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub build: String,
    /// Which of the modules that matter to socket programs it can import; left out when there is
    /// none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<String>,
    /// How programs are sent to it.
    pub submission: String,
    /// What target and bench can do.
    pub capabilities: Vec<String>,
}

impl Identity {
    /// What it says beyond its version, each with the name under which reports show it.
    pub(crate) fn details(&self) -> impl Iterator<Item = (&'static str, String)> {
        let all = [
            ("Board", self.machine.clone()),
            ("Build", self.build.clone()),
            ("Modules", self.modules.join(", ")),
        ];
        all.into_iter().filter(|(_, says)| !says.is_empty())
    }
}

/// A planned clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// As `usocket.socket.recv/at-most-bufsize`.
    pub id: String,
    /// As `usocket.socket.recv`.
    pub item: String,
    /// `constant`, `listing`, `function`, `method`, `example` or `statement`.
    pub kind: String,
    /// `table`, `example` or `property`.
    pub check: String,
    /// How much it weighs.
    pub level: Level,
    /// `documented`, `implied`, `inherited` or `erratum`.
    pub basis: String,
    /// The sentence.
    pub says: String,
    /// The file of the pack that it stands in.
    pub file: String,
    /// The line there, from 1.
    pub at: usize,
    /// How many cases were planned for it.
    pub cases: usize,
    /// Whether it is about giving back what a target has few of, so that its failure explains those
    /// that come only after other cases; left out when it is not.
    #[serde(default, skip_serializing_if = "is_false")]
    pub releases: bool,
    /// That the target is known to deviate from it; left out when it is not listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviation: Option<Deviation>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Clause {
    /// Whether it tells what a program does that the document prints wrongly: then it is about
    /// the document, and no failure of it is one of the target.
    #[must_use]
    pub fn is_of_the_document(&self) -> bool {
        self.basis == "erratum" && self.id.ends_with("/as-printed")
    }
}

/// That a target is known to deviate from a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// Why it does, in a sentence.
    pub reason: String,
    /// Where that can be read up.
    pub link: WebLink,
    /// The last day on which the entry holds.
    pub expires: Day,
    /// Whether it held on the day of the run: whether a failure of the clause is excused.
    pub holds: bool,
}

/// How much a clause weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A target that fails it does not conform.
    Must,
    /// A target that fails it deviates from what users may expect.
    Should,
    /// Reported, and no more.
    May,
}

impl Level {
    /// Every level, the weightiest first.
    pub const ALL: [Level; 3] = [Level::Must, Level::Should, Level::May];

    /// The word for it in records and reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Level::Must => "must",
            Level::Should => "should",
            Level::May => "may",
        }
    }
}

/// A case that was run.
// Serde cannot deny unknown fields beside a flattened one: the reader does, by comparing each
// line with its one spelling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The clause's id, with `#` and a number for the cases of a property, `#1` first, or
    /// `#regression-1` for an input that failed earlier.
    pub id: String,
    /// What came of it.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The file with the packets of its program, beside the record; left out when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<CaptureFile>,
    /// What differs between two runs.
    pub timing: CaseTiming,
}

/// How long a case took, and what it left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseTiming {
    /// From sending the program to its answer, in microseconds, shrinking left out.
    pub micros: u64,
    /// Bytes on the line for it.
    pub wire_bytes: u64,
    /// How often its program was sent until an answer came whole; left out when that was once.
    #[serde(default = "once", skip_serializing_if = "is_once")]
    pub sent: u32,
    /// SHA-256 of its capture as it was written; left out when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture_sha256: Option<String>,
}

fn once() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_once(sent: &u32) -> bool {
    *sent == 1
}

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// What the clause says held.
    Pass,
    /// It did not.
    Fail {
        /// What was seen.
        finding: Box<Finding>,
    },
    /// It did not once, and held when the case was run again.
    Flaky {
        /// What was seen when it did not hold.
        finding: Box<Finding>,
        /// What became of it when it was run again, in a sentence.
        because: String,
    },
    /// The clause does not apply: a capability is missing.
    NotApplicable {
        /// Which.
        missing: Vec<String>,
    },
    /// Nobody can say what the target does.
    Inconclusive {
        /// Why, in a sentence.
        because: String,
        /// What kept it from a verdict; left out when it was the bench.
        #[serde(default, skip_serializing_if = "Cause::is_bench")]
        cause: Cause,
    },
}

/// What kept a case from a verdict.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The bench broke, or could not measure what matters.
    #[default]
    Bench,
    /// An expression is beyond the judge's limits.
    Judge,
    /// The pack is wrong.
    Pack,
}

impl Cause {
    fn is_bench(&self) -> bool {
        *self == Cause::Bench
    }
}

/// What a failing case showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// What should have been, in a line or a few.
    pub expected: String,
    /// What was instead.
    pub observed: String,
    /// The generated inputs by name, as Python literals: the shrunk ones.
    pub inputs: BTreeMap<String, String>,
    /// The inputs with which it was first seen, when shrinking found smaller ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found_with: Option<BTreeMap<String, String>>,
    /// How many programs shrinking ran.
    pub shrink_runs: u32,
    /// The smallest program that shows it, as the target got it.
    pub program: String,
    /// What the program printed.
    pub stdout: String,
    /// What the peers did, a line each.
    pub peers: Vec<String>,
    /// How many cases have to run before it on the same start of the target, as `program` shows;
    /// left out when it fails alone on a target that has just started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<usize>,
    /// Why it was not run again on a target that has just started, in a sentence without its stop;
    /// left out when it was, and failed again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unconfirmed: Option<String>,
    /// What it has in common with other findings that may have the same cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign: Option<Sign>,
}

/// What a finding shows of a cause that may be elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// An exception says that the target has no memory, buffers, files or sockets left.
    OutOfResources,
    /// A peer waited in vain for the end of a stream.
    NoEndOfStream,
}

impl Finding {
    /// What one has to know of it beside what was expected and observed, a sentence each.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let after = self.after.map(|cases| {
            let cases = match cases {
                1 => "1 case".to_owned(),
                cases => format!("{cases} cases"),
            };
            format!(
                "It fails only after {cases} before it on the same start of the target; alone, on \
                 a target that has just started, it passes."
            )
        });
        let unconfirmed = self.unconfirmed.as_ref().map(|because| {
            format!("It was not run again on a target that has just started: {because}.")
        });
        after.into_iter().chain(unconfirmed).collect()
    }
}

/// Planned cases that were not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotRun {
    /// Their ids.
    pub cases: Vec<String>,
    /// Why, in a sentence.
    pub because: Reason,
}

/// Why planned cases were not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// An earlier case has refuted the property already.
    AlreadyRefuted,
    /// The bench broke and did not come back.
    BenchLost,
    /// What was run before it was lost in the same way, again and again.
    GivenUp,
    /// The user stopped the run.
    Interrupted,
    /// The target was not the one that was expected.
    OtherTarget,
}

impl Reason {
    /// The reason as the end of a sentence.
    #[must_use]
    pub fn because(self) -> &'static str {
        match self {
            Reason::AlreadyRefuted => "an earlier case has refuted the clause already",
            Reason::BenchLost => "the bench broke and did not come back",
            Reason::GivenUp => "what was run before it broke off each time, so it was given up",
            Reason::Interrupted => "the user stopped the run",
            Reason::OtherTarget => "the target was not the one that was expected",
        }
    }
}

/// Something that happened to the bench.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// A sentence.
    pub says: String,
}

/// The last line: without it a record is invalid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// What the run came to.
    pub outcome: Outcome,
    /// Clauses by verdict.
    pub clauses: Counts,
    /// Cases by verdict.
    pub cases: Counts,
    /// SHA-256 over every line before this one as it is written, line feed included, with the
    /// `timing` member and the comma before it cut out.
    pub digest: String,
    /// What differs between two runs.
    pub timing: ClosingTiming,
}

/// How long the run took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosingTiming {
    /// In milliseconds.
    pub millis: u64,
    /// How the line to the target was used, where its speed is known; left out elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineUse>,
}

/// How the line to a target was used in a run; of several lines, how they were used together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineUse {
    /// Its speed in bits a second.
    pub baud: u32,
    /// For how long it was open, in milliseconds.
    pub open_millis: u64,
    /// For how much of it there were bytes on the line, either way.
    pub busy_millis: u64,
    /// For how much of it there were none because a program, or one of its peers, was told to
    /// wait.
    pub waited_millis: u64,
}

impl LineUse {
    /// The share of the time in which the line was busy, in percent, when programs that were told
    /// to wait are left out.
    #[must_use]
    pub fn busy_percent(&self) -> u64 {
        let open = self.open_millis.saturating_sub(self.waited_millis);
        (self.busy_millis * 100)
            .checked_div(open)
            .unwrap_or(0)
            .min(100)
    }
}

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every applicable `must` clause passed, and no clause was left out.
    Conforms,
    /// A `must` clause failed.
    DoesNotConform,
    /// A clause has no verdict that needs one, or nothing applied, so that nobody can say.
    BenchFailed,
    /// The user stopped the run.
    Interrupted,
}

/// How many of each verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are the vocabulary")]
pub struct Counts {
    pub pass: usize,
    pub fail: usize,
    pub not_applicable: usize,
    pub inconclusive: usize,
    pub not_run: usize,
    /// Left out when there are none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub flaky: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}
