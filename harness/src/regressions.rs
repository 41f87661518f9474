//! Owns `regressions.yaml`: inputs that failed in earlier runs, which the next run tries
//! first. Knows nothing of targets: an input that refuted one may be tried on any other.
//!
//! Several runs may share a file, at the same time as well: each adds what it has found to what is in
//! the file then.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use indexmap::{IndexMap, IndexSet};
use trueline_spec::bounded;
use trueline_spec::document::Document;
use trueline_spec::field::{AsWritten, Field, Table};
use trueline_spec::literal;
use trueline_spec::pack::Clause;

use crate::judge::Bindings;
use crate::replace::{folder, replace};
use crate::source_file::{self, Kind, Unsound};

/// Written above the entries.
const HEADING: &str = "\
# Inputs that failed, by clause; each is tried first in the next run with the same --out.
# Values are Python literals. Keep this file with your project to keep them.
";
/// The most bytes of the file: many inputs of the largest kind.
const LARGEST: u64 = 64 << 20;
/// The file.
const LIST: Kind = Kind {
    what: "the list of inputs that failed",
    form: "below a clause stands a list of inputs, each with its names and their Python literals, as in \
           `usocket.listen/backlog: [{backlog: '1'}]`; to forget all inputs, delete the file",
};

/// The file as it is written: by clause, inputs with their names and literals.
type Written = Table<Vec<Field<Table<AsWritten>>>>;
/// Python literals by their names.
type Inputs = BTreeMap<String, String>;

/// Inputs by clause id.
#[derive(Debug, Default)]
pub struct Regressions {
    /// The file that they are kept in; `None`: they are not kept.
    file: Option<PathBuf>,
    entries: IndexMap<String, IndexSet<Inputs>>,
    /// What was added and is not in the file yet.
    added: Vec<(String, Inputs)>,
}

/// A file to which nothing can be added.
#[derive(Debug, thiserror::Error)]
pub enum Unsaved {
    /// It cannot be written.
    #[error(
        "inputs that fail cannot be kept in {}: {error}; name another file with --regressions",
        path.display()
    )]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Somebody has changed it, and it cannot be read any more.
    #[error(transparent)]
    Unsound(#[from] Unsound),
}

impl Regressions {
    /// Reads the file; a missing one has no entries. What is added is kept in it.
    ///
    /// # Errors
    /// Everything that is wrong with it. It is left as it is then.
    pub fn read(path: &Path) -> Result<Self, Unsound> {
        let regressions = Self::in_file(path)?;
        let file = Some(path.to_owned());
        Ok(Self {
            file,
            ..regressions
        })
    }

    fn in_file(path: &Path) -> Result<Self, Unsound> {
        let text = match bounded::read_text(path, LARGEST) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(source_file::unreadable(path, LIST.what, &error)),
        };
        match source_file::is_blank(&text) {
            true => Ok(Self::default()),
            false => source_file::parse(path, text, LIST, Self::taken),
        }
    }

    fn taken(document: &Document<'_>, clauses: &Written) -> Self {
        let mut regressions = Self::default();
        for (_, clause, entries) in clauses.entries() {
            for inputs in entries.get().into_iter().flatten().filter_map(Field::get) {
                let inputs = inputs.entries().filter_map(|(spot, name, value)| {
                    let AsWritten(value) = value.get()?;
                    if let Err(error) = literal::parse(value) {
                        let message = format!("`{name}` is no Python literal: {error}");
                        let remedy = "mend the literal, or take the entry out".to_owned();
                        document.report_with(spot, message, remedy);
                    }
                    Some((name.to_owned(), value.clone()))
                });
                regressions.insert(clause, inputs.collect());
            }
        }
        regressions
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
        // In the order in which the clause names them.
        let values = |inputs: &Inputs| -> Bindings {
            let named = forall.keys().filter_map(|name| inputs.get_key_value(name));
            named
                .filter_map(|(name, value)| Some((name.clone(), literal::parse(value).ok()?)))
                .collect()
        };
        self.entries
            .get(&clause.id)
            .into_iter()
            .flatten()
            .filter(|inputs| inputs.len() == forall.len())
            .map(values)
            .filter(fits)
            .collect()
    }

    /// Adds inputs, unless there are none or they are there already.
    pub fn add(&mut self, clause: &Clause, inputs: &Bindings) {
        if inputs.is_empty() {
            return;
        }
        let inputs: Inputs = inputs
            .iter()
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect();
        if self.insert(&clause.id, inputs.clone()) {
            self.added.push((clause.id.clone(), inputs));
        }
    }

    /// Whether they were not there.
    fn insert(&mut self, clause: &str, inputs: Inputs) -> bool {
        let entries = self.entries.entry(clause.to_owned()).or_default();
        entries.insert(inputs)
    }

    /// Finds out before a run whether what it finds can be kept in the file.
    ///
    /// # Errors
    /// When its folder is not there, or cannot be locked.
    pub fn check_place(path: &Path) -> Result<(), Unsaved> {
        locked(&place(path)).map(drop).map_err(unwritable(path))
    }

    /// Adds what was added here to what is in the file now, which is replaced whole or not at all;
    /// entries of clauses that this pack does not have are kept. Where it is a link, what it leads to is
    /// written.
    ///
    /// # Errors
    /// When it cannot be read any more, or cannot be written: then it is all still to be added.
    pub fn save(&mut self) -> Result<(), Unsaved> {
        let Some(path) = self.file.as_deref().filter(|_| !self.added.is_empty()) else {
            return Ok(());
        };
        let place = place(path);
        let _lock = locked(&place).map_err(unwritable(path))?;
        let mut now = Self::in_file(&place)?;
        for (clause, inputs) in &self.added {
            now.insert(clause, inputs.clone());
        }
        let entries = serde_yaml::to_string(&now.entries).map_err(io::Error::other);
        entries
            .and_then(|entries| replace(&place, format!("{HEADING}{entries}").as_bytes()))
            .map_err(unwritable(path))?;
        self.added.clear();
        Ok(())
    }
}

/// Where the file is, or would be.
fn place(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Locks the folder of the file until it is dropped. The file itself is replaced, so whoever waited for
/// it would have the old one.
fn locked(place: &Path) -> io::Result<File> {
    let folder = File::open(folder(place))?;
    folder.lock()?;
    Ok(folder)
}

fn unwritable(path: &Path) -> impl Fn(io::Error) -> Unsaved {
    let path = path.to_owned();
    move |error| Unsaved::Unwritable {
        path: path.clone(),
        error,
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::{Inputs, Regressions};

    #[test]
    fn what_runs_add_to_one_file_at_once_is_all_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("regressions.yaml");
        std::fs::write(&file, "# Ours.\na: [{n: '0'}]\n").expect("a file");
        let run = |number: u32| {
            let mut run = Regressions::read(&file).expect("it is sound");
            for input in 0..8 {
                let inputs = Inputs::from([("n".to_owned(), (number * 8 + input).to_string())]);
                run.added.push(("a".to_owned(), inputs));
                run.save().expect("it can be written");
            }
        };
        thread::scope(|scope| {
            for number in 0..4 {
                let run = &run;
                scope.spawn(move || run(number));
            }
        });
        let kept = Regressions::read(&file).expect("it is sound");
        assert_eq!(kept.entries["a"].len(), 32);
    }
}
