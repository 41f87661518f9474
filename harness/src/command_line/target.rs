//! Owns the flags that say what is tested, for every command that needs a target. Opens nothing.

use std::env;
use std::path::PathBuf;

use trueline_adapters::target::Target;

use super::Failure;
use crate::targets::{self, Listed, Targets};

/// The target where none is named.
pub const USUAL: &str = "sim:";

/// The flags that name a target.
#[derive(clap::Args)]
pub struct TargetFlags {
    /// What to test: `sim:` (the reference agent in a simulated network, with conditions such as
    /// `sim:?loss=5%25&latency=20ms`), `agent:` (the same on this machine's network),
    /// `exec:COMMAND` (an interpreter with a raw REPL, on a terminal), `cpython:[PYTHON]`,
    /// `serial:DEVICE` (a board, with `?baud=N`), `tcp:HOST:PORT` or `rfc2217:HOST:PORT` (a board
    /// behind a server), `labgrid:PLACE` or `labgrid:?tag=KEY=VALUE` (a board in a farm); or a
    /// name out of targets.yaml [default: sim:]
    #[arg(long, value_name = "URL|NAME")]
    pub target: Option<String>,
    /// The list of targets that --target names one of; left out: targets.yaml in this folder or,
    /// inside of a repository, in the nearest folder above
    #[arg(long, value_name = "FILE")]
    pub targets: Option<PathBuf>,
}

impl TargetFlags {
    /// What is tested.
    pub fn listed(&self) -> Result<Listed, Failure> {
        self.called(self.target.as_deref().unwrap_or(USUAL))
    }

    /// The target that is called so. A name has no colon, and a URL has one.
    pub fn called(&self, name: &str) -> Result<Listed, Failure> {
        if name.contains(':') {
            let target = name.parse().map_err(Failure::usage)?;
            if let Some(file) = &self.targets {
                return Err(Failure::usage(format!(
                    "--targets {} lists targets by name, and `{target}` is a URL; name one of \
                     them with --target, or leave --targets out",
                    file.display()
                )));
            }
            return Ok(Listed::of_url(target));
        }
        let file = match &self.targets {
            Some(file) => file.clone(),
            None => nearest_list().ok_or_else(|| no_list(name))?,
        };
        let targets = Targets::read(&file).map_err(Failure::unsound)?;
        targets.get(name).cloned().map_err(Failure::usage)
    }
}

/// The list that is nearest to the working folder.
fn nearest_list() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let file = targets::nearest_file(&here)?;
    let is_here = file.parent() == Some(&here);
    Some(if is_here { targets::NAME.into() } else { file })
}

/// Without a list a name can only be a URL that is none.
fn no_list(name: &str) -> Failure {
    let url: Result<Target, _> = name.parse();
    let why = url.map_or_else(|error| error.to_string(), |target| target.to_string());
    let list = targets::NAME;
    Failure::usage(format!(
        "{why}; and there is no {list} here that could name it"
    ))
}
