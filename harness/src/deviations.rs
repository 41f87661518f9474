//! Owns the list of deviations that are known before a run: reading it strictly, and holding it
//! against the pack and the day. What a listed failure changes is the record's matter.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use indexmap::IndexSet;
use serde::Deserialize;
use time::OffsetDateTime;
use trueline_reports::day::Day;
use trueline_reports::record;
use trueline_reports::web_link::WebLink;
use trueline_spec::nearest::nearest;
use trueline_spec::pack::Pack;
use trueline_spec::problem::Problem;

use crate::source_file::{self, SourceFile, Unsound, Word};

/// The variable that pins the day, as it does for reproducible builds.
const PINNED_DAY: &str = "SOURCE_DATE_EPOCH";

/// Deviations that are known beforehand, held against one day.
#[derive(Debug, Clone)]
pub struct Deviations {
    /// Whose they are, in the list's words.
    pub target: String,
    /// The day.
    pub day: Day,
    /// By the clause's id.
    pub by_clause: HashMap<String, record::Deviation>,
}

impl Deviations {
    /// Reads a list and holds it against the pack.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(file: &Path, pack: &Pack, day: Day) -> Result<Deviations, Unsound> {
        let text = source_file::read(file, "the list of deviations")?;
        parse(SourceFile::new(file, &text), pack, day)
    }
}

/// The day of a run in UTC: today, or the one that `SOURCE_DATE_EPOCH` names.
///
/// # Errors
/// When the variable names none, in a sentence.
pub fn day_of_the_run() -> Result<Day, String> {
    let Some(pinned) = std::env::var_os(PINNED_DAY) else {
        return Ok(OffsetDateTime::now_utc().into());
    };
    let seconds: Option<u64> = pinned.to_str().and_then(|text| text.parse().ok());
    seconds
        .and_then(|seconds| i64::try_from(seconds).ok())
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .map(Day::from)
        .ok_or_else(|| {
            format!(
                "{PINNED_DAY} is {pinned:?}, which is no number of seconds since 1970; unset it, \
                 or set it as `date +%s` prints it"
            )
        })
}

/// For how many problems a remedy is looked for.
const SUGGESTED: usize = 100;

/// What a list says, for whoever has written something else.
const FORM: &str = "a list says `target: …` and `deviations: […]`; each entry of these has \
                    `clauses: […]`, `reason: …`, `link: …` and `expires: …`";

/// The list as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "`target` and `deviations`")]
struct List<'t> {
    #[serde(borrow)]
    target: Word<'t>,
    #[serde(borrow)]
    deviations: Vec<Entry<'t>>,
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "an entry with `clauses`, `reason`, `link` and `expires`"
)]
struct Entry<'t> {
    #[serde(borrow)]
    clauses: Vec<Word<'t>>,
    #[serde(borrow)]
    reason: Word<'t>,
    #[serde(borrow)]
    link: Word<'t>,
    #[serde(borrow)]
    expires: Word<'t>,
}

fn parse(source: SourceFile<'_>, pack: &Pack, day: Day) -> Result<Deviations, Unsound> {
    let list: List<'_> = source.parse("the list of deviations", FORM)?;
    let mut reading = Reading {
        source,
        pack,
        known: pack
            .clauses()
            .map(|(_, clause)| clause.id.as_str())
            .collect(),
        listed: HashSet::new(),
        problems: source.repeated_keys(),
    };
    let mut by_clause = HashMap::new();
    reading.filled(
        &list.target,
        "`target` names whose deviations these are, in words",
    );
    for entry in &list.deviations {
        let deviation = reading.entry(entry, day);
        for clause in &entry.clauses {
            reading.clause(clause);
            if let Some(deviation) = &deviation {
                by_clause.insert(clause.0.clone().into_owned(), deviation.clone());
            }
        }
    }
    if reading.problems.is_empty() {
        Ok(Deviations {
            target: list.target.0.trim().to_owned(),
            day,
            by_clause,
        })
    } else {
        Err(Unsound::new(reading.problems))
    }
}

/// A list that is being held against the pack.
struct Reading<'r> {
    source: SourceFile<'r>,
    pack: &'r Pack,
    /// The ids of its clauses.
    known: IndexSet<&'r str>,
    listed: HashSet<String>,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn filled(&mut self, word: &Word<'_>, what: &str) {
        if word.0.trim().is_empty() {
            self.report(word, what, None);
        }
    }

    /// What an entry says of each of its clauses; `None` where something in it is wrong.
    fn entry(&mut self, entry: &Entry<'_>, day: Day) -> Option<record::Deviation> {
        self.filled(
            &entry.reason,
            "`reason` says in a sentence why the target deviates",
        );
        if entry.clauses.is_empty() {
            self.report(&entry.reason, "this entry lists no clause", None);
        }
        let link: Option<WebLink> = self.parsed(&entry.link);
        let expires: Option<Day> = self.parsed(&entry.expires);
        let (link, expires) = (link?, expires?);
        Some(record::Deviation {
            reason: entry.reason.0.trim().to_owned(),
            link,
            expires,
            holds: day <= expires,
        })
    }

    fn parsed<T: FromStr<Err: fmt::Display>>(&mut self, word: &Word<'_>) -> Option<T> {
        let parsed = word.0.parse();
        parsed
            .map_err(|error: T::Err| self.report(word, &error.to_string(), None))
            .ok()
    }

    fn clause(&mut self, word: &Word<'_>) {
        let id = word.0.as_ref();
        match self.known.get(id) {
            None => {
                let message = format!("the pack `{}` has no clause `{id}`", self.pack.name);
                // Comparing takes its time, and of very many problems the first ones are shown.
                let is_shown = self.problems.len() < SUGGESTED;
                let known = self.known.iter().copied().filter(|_| is_shown);
                let suggestion = nearest(id, known);
                self.report(word, &message, suggestion);
            }
            Some(_) if id.ends_with("/as-printed") => {
                let message = format!(
                    "`{id}` is about the document, which no target deviates from; take it out"
                );
                self.report(word, &message, None);
            }
            Some(_) if !self.listed.insert(id.to_owned()) => {
                let message = format!("`{id}` is listed a second time; keep one of its entries");
                self.report(word, &message, None);
            }
            Some(_) => {}
        }
    }

    fn report(&mut self, word: &Word<'_>, message: &str, suggestion: Option<String>) {
        self.problems
            .push(self.source.problem_at(word, message, suggestion));
    }
}
