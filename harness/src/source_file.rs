//! Owns how the harness's own YAML files are read: scalars that know where they stand, and every
//! problem shown at its place. Does not know what a file is about.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::path::Path;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use trueline_spec::nearest::nearest;
use trueline_spec::problem::{LONGEST_LINE, Problem};
use trueline_spec::{bounded, locate, nesting};

use crate::repeated_keys::{self, Repeated};

/// Everything that is wrong with a file, in the order of its lines.
#[derive(Debug)]
pub struct Unsound(Vec<Problem>);

impl Unsound {
    /// Problems, in any order.
    #[must_use]
    pub fn new(mut problems: Vec<Problem>) -> Unsound {
        problems.sort();
        Unsound(problems)
    }

    /// The same with other lines shown than those of the file.
    #[must_use]
    pub fn showing(mut self, line: impl Fn(&str) -> String) -> Unsound {
        for problem in &mut self.0 {
            problem.source = line(&problem.source);
        }
        self
    }
}

impl fmt::Display for Unsound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&trueline_spec::problem::joined(&self.0, Problem::to_string))
    }
}

impl std::error::Error for Unsound {}

/// The text of a file; `what` is what it is to its user, as `the list of deviations`.
///
/// # Errors
/// When it cannot be read.
pub fn read(file: &Path, what: &str) -> Result<String, Unsound> {
    bounded::read_text(file, bounded::LARGEST_TEXT).map_err(|error| unreadable(file, what, &error))
}

/// Why a file has no text.
#[must_use]
pub fn unreadable(file: &Path, what: &str, error: &io::Error) -> Unsound {
    Unsound(vec![Problem {
        suggestion: Some("name a file that is there and can be read".to_owned()),
        ..problem(file, &format!("{what} cannot be read: {error}"))
    }])
}

/// A scalar. As long as nothing in it is escaped it is a part of the text, so that its place
/// follows from its address.
#[derive(Debug, Clone, Deserialize)]
pub struct Word<'t>(#[serde(borrow)] pub Cow<'t, str>);

impl From<Word<'_>> for String {
    fn from(word: Word<'_>) -> String {
        word.0.into_owned()
    }
}

/// The keys of a mapping with their values in the order in which they are written, the second of a key
/// included.
#[derive(Debug)]
pub struct Pairs<'t, V>(pub Vec<(Word<'t>, V)>);

impl<'de: 't, 't, V: Deserialize<'de>> Deserialize<'de> for Pairs<'t, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys<V>(PhantomData<V>);

        impl<'de, V: Deserialize<'de>> Visitor<'de> for Keys<V> {
            type Value = Pairs<'de, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("names with what belongs to each")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(Keys(PhantomData))
    }
}

impl JsonSchema for Word<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

/// A file and its text.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'t> {
    file: &'t Path,
    text: &'t str,
}

impl<'t> SourceFile<'t> {
    /// The file with that text.
    #[must_use]
    pub fn new(file: &'t Path, text: &'t str) -> SourceFile<'t> {
        SourceFile { file, text }
    }

    /// Reads it as YAML; `form` says what it looks like, for whoever has written something else.
    ///
    /// # Errors
    /// When it is empty or has another form.
    pub fn parse<T: Deserialize<'t>>(self, what: &str, form: &str) -> Result<T, Unsound> {
        if self.is_blank() {
            return Err(Unsound(vec![Problem {
                suggestion: Some(form.to_owned()),
                ..problem(self.file, &format!("{what} is empty"))
            }]));
        }
        nesting::check(self.text).map_err(|deep| {
            let problem = self.placed(deep.byte, 1, &deep.to_string(), Some(form.to_owned()));
            Unsound(vec![problem])
        })?;
        serde_yaml::from_str(self.text).map_err(|error| {
            let repeated = self.repeated_keys();
            match repeated.is_empty() {
                true => self.unreadable(&error, form),
                false => Unsound::new(repeated),
            }
        })
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_blank(self) -> bool {
        let says_something = |line: &str| !line.is_empty() && !line.starts_with('#');
        !self.text.lines().map(str::trim).any(says_something)
    }

    /// A problem for each key that stands twice in one mapping. A reader that takes [`Pairs`] adds them
    /// to its own.
    #[must_use]
    pub fn repeated_keys(self) -> Vec<Problem> {
        let problem = |Repeated { first, again }: Repeated<'_>| {
            let first = match byte_of(self.text, &first.0) {
                Some(byte) => format!("in line {}", self.line_of(byte)),
                None => "above".to_owned(),
            };
            let message = format!(
                "`{}` stands here a second time; the first one is {first}",
                again.0
            );
            self.problem_at(
                &again,
                &message,
                Some("keep one of them, or rename one".to_owned()),
            )
        };
        repeated_keys::find(self.text)
            .into_iter()
            .map(problem)
            .collect()
    }

    fn line_of(self, byte: usize) -> usize {
        self.text[..byte].matches('\n').count() + 1
    }

    /// What the parser says, at the place that it names.
    fn unreadable(self, error: &serde_yaml::Error, form: &str) -> Unsound {
        let said = error.to_string();
        // It puts the path before it and the place behind it; the line that is shown says both.
        let what = said
            .rsplit_once(" at line ")
            .map_or(&*said, |(what, _)| what);
        let what = match what.split_once(": ") {
            Some((path, rest)) if is_path(path) => rest,
            _ => what,
        };
        let suggestion = meant(what).unwrap_or_else(|| form.to_owned());
        let suggestion = Some(suggestion);
        Unsound(vec![match locate::byte_of(self.text, error) {
            Some(byte) => self.placed(byte, 1, what, suggestion),
            None => Problem {
                suggestion,
                ..problem(self.file, what)
            },
        }])
    }

    /// A problem where a scalar of the file stands.
    #[must_use]
    pub fn problem_at(self, word: &Word<'_>, message: &str, suggestion: Option<String>) -> Problem {
        match byte_of(self.text, &word.0) {
            Some(byte) => self.placed(byte, word.0.chars().count().max(1), message, suggestion),
            None => Problem {
                suggestion,
                ..problem(self.file, message)
            },
        }
    }

    fn placed(
        self,
        byte: usize,
        length: usize,
        message: &str,
        suggestion: Option<String>,
    ) -> Problem {
        let before = &self.text[..byte];
        let begins = before.rfind('\n').map_or(0, |end| end + 1);
        let source = self.text[begins..].lines().next().unwrap_or_default();
        let source = Some(source).filter(|source| source.len() <= LONGEST_LINE);
        let source = source.unwrap_or_default();
        Problem {
            line: self.line_of(byte),
            column: self.text[begins..byte].chars().count() + 1,
            length,
            source: source.to_owned(),
            suggestion,
            ..problem(self.file, message)
        }
    }
}

/// Whether it is the path of a value, as in `deviations[0].link`.
fn is_path(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.contains(['.', '['])
        && !text.contains([' ', '`'])
}

/// The key that an unknown one was meant to be.
fn meant(said: &str) -> Option<String> {
    let (unknown, known) = said.strip_prefix("unknown field ")?.split_once(", ")?;
    let known = known.split('`').skip(1).step_by(2);
    nearest(unknown.trim_matches('`'), known)
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
