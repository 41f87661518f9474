//! Owns `regressions.yaml`: inputs that failed in earlier runs, which the next run tries
//! first. Knows nothing of targets: an input that refuted one may be tried on any other.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use trueline_spec::pack::Clause;
use trueline_spec::{bounded, literal, nesting};

use crate::judge::Bindings;
use crate::replace::replace;

/// Written above the entries.
const HEADING: &str = "\
# Inputs that failed, by clause; each is tried first in the next run with the same --out.
# Values are Python literals. Keep this file with your project to keep them.
";
/// The most bytes of the file: many inputs of the largest kind.
const LARGEST: u64 = 64 << 20;

/// Inputs by clause id, each a map from name to Python literal.
#[derive(Debug, Default)]
pub struct Regressions {
    entries: IndexMap<String, Vec<IndexMap<String, String>>>,
    changed: bool,
}

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct RegressionsError {
    path: PathBuf,
    reason: String,
}

impl Regressions {
    /// Reads the file; a missing one has no entries.
    ///
    /// # Errors
    /// When it cannot be read, or is not of this form. It is left as it is then.
    pub fn read(path: &Path) -> Result<Self, RegressionsError> {
        let failed = |reason: String| RegressionsError {
            path: path.to_owned(),
            reason,
        };
        let text = match bounded::read_text(path, LARGEST) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(failed(error.to_string())),
        };
        nesting::check(&text).map_err(|deep| failed(deep.to_string()))?;
        let entries: Option<IndexMap<String, Vec<IndexMap<String, String>>>> =
            serde_yaml::from_str(&text).map_err(|error| {
                failed(format!(
                    "{error}; mend the entry, or delete the file to forget all of them"
                ))
            })?;
        let regressions = Self {
            entries: entries.unwrap_or_default(),
            changed: false,
        };
        for (clause, inputs) in &regressions.entries {
            for (name, value) in inputs.iter().flatten() {
                literal::parse(value).map_err(|error| {
                    failed(format!(
                        "`{name}` of `{clause}` is no Python literal: {error}"
                    ))
                })?;
            }
        }
        Ok(regressions)
    }

    /// The inputs that failed for this clause and still fit its `forall`.
    #[must_use]
    pub fn of(&self, clause: &Clause) -> Vec<Bindings> {
        let forall = &clause.check.forall;
        let fits = |inputs: &Bindings| {
            inputs.len() == forall.len()
                && inputs.iter().all(|(name, value)| {
                    forall
                        .get(name)
                        .is_some_and(|strategy| strategy.admits(value))
                })
        };
        let values = |inputs: &IndexMap<String, String>| -> Bindings {
            inputs
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), literal::parse(value).ok()?)))
                .collect()
        };
        self.entries
            .get(&clause.id)
            .into_iter()
            .flatten()
            .map(values)
            .filter(fits)
            .collect()
    }

    /// Whether anything was added since the file was read.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.changed
    }

    /// Adds inputs, unless there are none or they are there already.
    pub fn add(&mut self, clause: &Clause, inputs: &Bindings) {
        if inputs.is_empty() {
            return;
        }
        let entry: IndexMap<_, _> = inputs
            .iter()
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect();
        let entries = self.entries.entry(clause.id.clone()).or_default();
        if !entries.contains(&entry) {
            entries.push(entry);
            self.changed = true;
        }
    }

    /// Writes the file anew, whole or not at all; entries of clauses that this pack does not have are
    /// kept. Where it is a link, what it leads to is written.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), RegressionsError> {
        let failed = |reason: String| RegressionsError {
            path: path.to_owned(),
            reason,
        };
        let entries =
            serde_yaml::to_string(&self.entries).map_err(|error| failed(error.to_string()))?;
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        replace(&place, format!("{HEADING}{entries}").as_bytes())
            .map_err(|error| failed(error.to_string()))
    }
}
