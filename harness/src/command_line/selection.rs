//! Owns the flags that say which clauses and cases, for every command that plans them, and the
//! way from them to a plan. Runs nothing.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::PathBuf;

use trueline_adapters::session::Clock;
use trueline_spec::pack::Pack;

use super::pack::PackFlags;
use super::target::TargetFlags;
use super::{Failure, usage};
use crate::exit::Exit;
use crate::plan::{Plan, Selection};
use crate::regressions::Regressions;

/// The flags that select.
#[derive(clap::Args)]
pub struct Flags {
    #[command(flatten)]
    pub target: TargetFlags,
    #[command(flatten)]
    pub pack: PackFlags,
    /// Only clauses whose id, or whose item's id, matches; can be given several times
    #[arg(long, value_name = "GLOB")]
    pub only: Vec<String>,
    /// Cases a property [default: 64]
    #[arg(long, value_name = "N", value_parser = usage::cases, allow_negative_numbers = true)]
    pub cases: Option<u32>,
    /// The seed that inputs are drawn from; left out: each run takes a new one and prints it
    #[arg(long, value_name = "N", value_parser = usage::seed, allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// The folder of the run: record and reports are written there
    #[arg(long, value_name = "DIR", default_value = "trueline-out")]
    pub out: PathBuf,
    /// The file with inputs that failed before: they are tried first, and those that fail now are
    /// added; left out: regressions.yaml in the folder of the run
    #[arg(long, value_name = "FILE")]
    pub regressions: Option<PathBuf>,
}

impl Flags {
    /// Where inputs that failed before are kept.
    pub fn regressions_file(&self) -> PathBuf {
        let usual = || self.out.join("regressions.yaml");
        self.regressions.clone().unwrap_or_else(usual)
    }

    /// The inputs that failed before.
    pub fn failed_before(&self) -> Result<Regressions, Failure> {
        Regressions::read(&self.regressions_file()).map_err(Failure::unsound)
    }

    /// What is selected of the pack; that it is nothing is a failure.
    pub fn plan<'p>(
        &self,
        pack: &'p Pack,
        clock: Clock,
        regressions: &Regressions,
    ) -> Result<Plan<'p>, Failure> {
        let selection = Selection {
            only: self.only.clone(),
            cases: self.cases.unwrap_or(64),
            seed: self.seed.unwrap_or_else(new_seed),
            clock,
        };
        let plan = Plan::new(pack, selection, regressions).map_err(Failure::usage)?;
        if plan.clauses.is_empty() {
            return Err(nothing_selected(pack, &self.only));
        }
        Ok(plan)
    }
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
        let only: Vec<_> = only.iter().map(|glob| format!("--only '{glob}'")).collect();
        format!(
            "no clause or item matches {}, so nothing was tested; ids look like `{example}`, \
             and `*` matches any part of them",
            only.join(" or ")
        )
    };
    Failure::new(Exit::NothingSelected, says)
}
