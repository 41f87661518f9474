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
use trueline_spec::document::{Document, Spot};
use trueline_spec::field::{AsWritten, Field};
use trueline_spec::nearest::nearest;
use trueline_spec::pack::Pack;

use crate::source_file::{self, Kind, Unsound};

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
        let text = source_file::read(file, LIST.what)?;
        source_file::parse(file, text, LIST, |document, list| {
            taken(document, list, pack, day)
        })
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

/// A list of deviations.
const LIST: Kind = Kind {
    what: "the list of deviations",
    form: "a list says `target: …` and `deviations: […]`; each entry of these has `clauses: […]`, \
           `reason: …`, `link: …` and `expires: …`",
};

/// The list as it is written.
#[derive(Default, Deserialize)]
#[serde(default, expecting = "`target` and `deviations`")]
struct List {
    target: Field<AsWritten>,
    deviations: Field<Vec<Field<Entry>>>,
}

#[derive(Default, Deserialize)]
#[serde(
    default,
    expecting = "an entry with `clauses`, `reason`, `link` and `expires`"
)]
struct Entry {
    clauses: Field<Vec<Field<AsWritten>>>,
    reason: Field<AsWritten>,
    link: Field<AsWritten>,
    expires: Field<AsWritten>,
}

/// What the list says; the document knows where something in it is wrong.
fn taken(document: &Document<'_>, list: &List, pack: &Pack, day: Day) -> Deviations {
    let mut reading = Reading {
        document,
        pack,
        known: pack
            .clauses()
            .map(|(_, clause)| clause.id.as_str())
            .collect(),
        listed: HashSet::new(),
    };
    let mut by_clause = HashMap::new();
    let whole = Spot::WHOLE;
    let target = reading.filled(
        &list.target,
        (whole, "target"),
        "`target` names whose deviations these are, in words",
    );
    let entries = list.deviations.required(document, whole, "deviations");
    for (spot, entry) in entries
        .iter()
        .flat_map(|(_, entries)| entries.iter())
        .filter_map(Field::placed)
    {
        let deviation = reading.entry(spot, entry, day);
        for (spot, clause) in entry
            .clauses
            .get()
            .into_iter()
            .flatten()
            .filter_map(Field::placed)
        {
            reading.clause(spot, &clause.0);
            if let Some(deviation) = &deviation {
                by_clause.insert(clause.0.clone(), deviation.clone());
            }
        }
    }
    Deviations {
        target: target.unwrap_or_default(),
        day,
        by_clause,
    }
}

/// A list that is being held against the pack.
struct Reading<'r> {
    document: &'r Document<'r>,
    pack: &'r Pack,
    /// The ids of its clauses.
    known: IndexSet<&'r str>,
    listed: HashSet<String>,
}

impl Reading<'_> {
    /// The words of a key of `owner` that has to have some; `what` says which.
    fn filled(
        &self,
        field: &Field<AsWritten>,
        (owner, key): (Spot, &str),
        what: &str,
    ) -> Option<String> {
        let (spot, words) = field.required(self.document, owner, key)?;
        let words = words.0.trim();
        if words.is_empty() {
            self.document.report(spot, what);
            return None;
        }
        Some(words.to_owned())
    }

    /// What an entry says of each of its clauses; `None` where something in it is wrong.
    fn entry(&self, owner: Spot, entry: &Entry, day: Day) -> Option<record::Deviation> {
        let reason = self.filled(
            &entry.reason,
            (owner, "reason"),
            "`reason` says in a sentence why the target deviates",
        );
        let clauses = entry.clauses.required(self.document, owner, "clauses");
        if let Some((spot, clauses)) = clauses
            && clauses.is_empty()
        {
            self.document.report(spot, "this entry lists no clause");
        }
        let link: Option<WebLink> = self.parsed(&entry.link, (owner, "link"));
        let expires: Option<Day> = self.parsed(&entry.expires, (owner, "expires"));
        let (reason, link, expires) = (reason?, link?, expires?);
        Some(record::Deviation {
            reason,
            link,
            expires,
            holds: day <= expires,
        })
    }

    fn parsed<T: FromStr<Err: fmt::Display>>(
        &self,
        field: &Field<AsWritten>,
        (owner, key): (Spot, &str),
    ) -> Option<T> {
        let (spot, word) = field.required(self.document, owner, key)?;
        let parsed = word.0.parse();
        parsed
            .map_err(|error: T::Err| self.document.report(spot, error.to_string()))
            .ok()
    }

    fn clause(&mut self, spot: Spot, id: &str) {
        let (message, suggestion) = match self.known.get(id) {
            None => {
                let message = format!("the pack `{}` has no clause `{id}`", self.pack.name);
                // Comparing takes its time, and of very many problems the first ones are shown.
                let is_shown = self.document.problem_count() < SUGGESTED;
                let known = self.known.iter().copied().filter(|_| is_shown);
                (message, nearest(id, known))
            }
            Some(_) if id.ends_with("/as-printed") => {
                let message = format!(
                    "`{id}` is about the document, which no target deviates from; take it out"
                );
                (message, None)
            }
            Some(_) if !self.listed.insert(id.to_owned()) => {
                let message = format!("`{id}` is listed a second time; keep one of its entries");
                (message, None)
            }
            Some(_) => return,
        };
        self.document.report_with(spot, message, suggestion);
    }
}
