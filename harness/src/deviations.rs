//! Owns the list of deviations that are known before a run: reading it strictly, and holding it
//! against the pack and the day. What a listed failure changes is the record's matter.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs;
use std::path::Path;
use std::str::FromStr;

use serde::Deserialize;
use time::OffsetDateTime;
use trueline_reports::day::Day;
use trueline_reports::record;
use trueline_reports::web_link::WebLink;
use trueline_spec::nearest::nearest;
use trueline_spec::pack::Pack;
use trueline_spec::problem::Problem;

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
        match fs::read_to_string(file) {
            Ok(text) => parse(file, &text, pack, day),
            Err(error) => {
                let message = format!("the list of deviations cannot be read: {error}");
                Err(Unsound(vec![problem(file, &message)]))
            }
        }
    }
}

/// Everything that is wrong with a list, in the order of its lines.
#[derive(Debug)]
pub struct Unsound(Vec<Problem>);

impl fmt::Display for Unsound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems: Vec<_> = self.0.iter().map(Problem::to_string).collect();
        f.write_str(&problems.join("\n\n"))
    }
}

impl std::error::Error for Unsound {}

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

/// A scalar. As long as nothing in it is escaped it is a part of the text, so that its place
/// follows from its address.
#[derive(Deserialize)]
struct Word<'t>(#[serde(borrow)] Cow<'t, str>);

fn parse(file: &Path, text: &str, pack: &Pack, day: Day) -> Result<Deviations, Unsound> {
    let says_something = |line: &str| !line.is_empty() && !line.starts_with('#');
    if !text.lines().map(str::trim).any(says_something) {
        return Err(Unsound(vec![Problem {
            suggestion: Some(FORM.to_owned()),
            ..problem(file, "the list of deviations is empty")
        }]));
    }
    let list: List<'_> =
        serde_yaml::from_str(text).map_err(|error| unreadable(file, text, &error))?;
    let mut reading = Reading {
        file,
        text,
        pack,
        listed: HashSet::new(),
        problems: Vec::new(),
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
        reading.problems.sort();
        Err(Unsound(reading.problems))
    }
}

/// What the parser says, at the place that it names.
fn unreadable(file: &Path, text: &str, error: &serde_yaml::Error) -> Unsound {
    let said = error.to_string();
    // It puts the path before it and the place behind it; the line that is shown says both.
    let what = said
        .rsplit_once(" at line ")
        .map_or(&*said, |(what, _)| what);
    let what = match what.split_once(": ") {
        Some((path, rest)) if path.starts_with("deviations") => rest,
        _ => what,
    };
    let suggestion = Some(FORM.to_owned());
    let place = error.location().map(|location| location.index());
    Unsound(vec![
        match place.filter(|byte| text.is_char_boundary(*byte)) {
            Some(byte) => placed(file, text, byte, 1, what, suggestion),
            None => Problem {
                suggestion,
                ..problem(file, what)
            },
        },
    ])
}

/// A list that is being held against the pack.
struct Reading<'r> {
    file: &'r Path,
    text: &'r str,
    pack: &'r Pack,
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
        let known = self.pack.clauses().find(|(_, clause)| clause.id == id);
        match known {
            None => {
                let message = format!("the pack `{}` has no clause `{id}`", self.pack.name);
                let known = self.pack.clauses().map(|(_, clause)| clause.id.as_str());
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
        let (file, text) = (self.file, self.text);
        let length = word.0.chars().count().max(1);
        self.problems.push(match byte_of(text, &word.0) {
            Some(byte) => placed(file, text, byte, length, message, suggestion),
            None => Problem {
                suggestion,
                ..problem(file, message)
            },
        });
    }
}

/// Where a part of a text begins; `None` for what was copied out of it.
fn byte_of(text: &str, part: &str) -> Option<usize> {
    let byte = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    (byte + part.len() <= text.len()).then_some(byte)
}

fn problem(file: &Path, message: &str) -> Problem {
    Problem {
        file: file.to_owned(),
        line: 0,
        column: 0,
        length: 1,
        message: message.to_owned(),
        suggestion: None,
        source: String::new(),
    }
}

fn placed(
    file: &Path,
    text: &str,
    byte: usize,
    length: usize,
    message: &str,
    suggestion: Option<String>,
) -> Problem {
    let before = &text[..byte];
    let begins = before.rfind('\n').map_or(0, |end| end + 1);
    let source = text[begins..].lines().next().unwrap_or_default();
    Problem {
        line: before.matches('\n').count() + 1,
        column: text[begins..byte].chars().count() + 1,
        length,
        source: source.to_owned(),
        suggestion,
        ..problem(file, message)
    }
}
