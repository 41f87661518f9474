//! Owns `targets.yaml`: the targets of a bench by their names, each with what has to be known of it
//! beside its URL. Opens none of them.
//!
//! `written` is the file's form, `reading` makes targets of it and tells what is wrong, `environment`
//! fetches what the file leaves out, and `place` is where the file is looked for.

mod environment;
mod place;
mod reading;
mod written;

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use trueline_adapters::target::Target;
use trueline_spec::nearest::nearest;

pub use place::{NAME, nearest_file};
pub use written::schema;

use self::environment::WifiKeys;
use crate::expected::ExpectedVersion;
use crate::source_file::Unsound;

/// The targets of a file by their names.
#[derive(Debug)]
pub struct Targets {
    file: PathBuf,
    by_name: IndexMap<String, Listed>,
}

/// A target of a list, with what a run on it takes from there.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The target, without what the environment has to say.
    pub target: Target,
    /// The file with its known deviations.
    pub deviations: Option<PathBuf>,
    /// Which firmware is expected on it.
    pub expected: Option<ExpectedVersion>,
    wifi: Option<WifiKeys>,
}

impl Listed {
    /// A target of which nothing is known but its URL.
    #[must_use]
    pub fn of_url(target: Target) -> Listed {
        Listed {
            target,
            deviations: None,
            expected: None,
            wifi: None,
        }
    }

    /// The target with what the environment says of it, ready to be opened.
    ///
    /// # Errors
    /// When a variable is missing or of no use, in a sentence.
    pub fn equipped(&self) -> Result<Target, String> {
        let target = self.target.clone();
        let Some(keys) = &self.wifi else {
            return Ok(target);
        };
        keys.resolve()
            .and_then(|wifi| target.in_reach_of(wifi))
            .map_err(|why| format!("the target `{}` cannot be used: {why}", self.target))
    }
}

impl Targets {
    /// Reads a list.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(file: &Path) -> Result<Targets, Unsound> {
        let by_name = reading::read(file)?;
        let file = file.to_owned();
        Ok(Targets { file, by_name })
    }

    /// The target with that name.
    ///
    /// # Errors
    /// When there is none, in a sentence.
    pub fn get(&self, name: &str) -> Result<&Listed, String> {
        self.by_name.get(name).ok_or_else(|| {
            let names = self.by_name.keys().map(String::as_str);
            let all: Vec<_> = names.clone().map(|name| format!("`{name}`")).collect();
            let all = match all.is_empty() {
                true => "it names none".to_owned(),
                false => format!("its targets are {}", all.join(", ")),
            };
            let what_to_do = match nearest(name, names) {
                Some(meant) => format!("{meant} {all}"),
                None => all,
            };
            let file = self.file.display();
            format!("{file} has no target `{name}`; {what_to_do}")
        })
    }
}
