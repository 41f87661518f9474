//! Owns one file of YAML while it is read, of a pack or of a bench: its text, where its nodes are, and
//! the problems found in it so far. Does not know what its keys mean.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::locate::{byte_of, locate};
use crate::nesting;
use crate::pack::Place;
use crate::problem::{LONGEST_LINE, Problem};
use crate::reader;
use crate::tree::{Duplicate, Node, SpotRecord, TOO_MANY, Tree, Unreadable};
use crate::visible;

pub use crate::folder::SourceFile;
pub use crate::tree::Spot;

/// How many bytes are read again to find places: without a bound, reading would take a time that grows
/// with the square of the file. What is looked for beyond has the place of the nearest node around it
/// that is known.
const MOST_REREAD: usize = 32 << 20;
/// How many problems of a file are kept: far more than anybody is shown.
const MOST_PROBLEMS: usize = 1000;
/// The longest message, in characters: a part of the file may stand in it.
const LONGEST_MESSAGE: usize = 500;

/// What the parser says where aliases repeat too much.
const REPETITION: &str = "repetition limit exceeded";
/// What to do about a text that is no YAML.
const NO_YAML: &str =
    "compare it with the line above and below: quotes, brackets and columns have to fit";
/// What to do about aliases that make more of a file than can be read.
const NO_ALIASES: &str = "write out what its aliases (`*name`) repeat, or take some of them out";

/// A file that is being read.
#[derive(Debug)]
pub struct Document<'f> {
    file: &'f SourceFile,
    /// What the file looks like, for whoever has written something else; of a pack's files the schemas
    /// say it.
    form: Option<&'static str>,
    spots: Vec<SpotRecord>,
    lines: OnceCell<Vec<usize>>,
    problems: RefCell<Vec<Problem>>,
    /// How many bytes were read again.
    reread: Cell<usize>,
}

impl<'f> Document<'f> {
    /// Reads the file's tree; `None` where it has none, which is then among the problems.
    pub(crate) fn read(file: &'f SourceFile) -> (Document<'f>, Option<Node<'f>>) {
        Document::read_by(file, None, Tree::read)
    }

    /// Reads a file of a bench, in which every scalar is taken as it is written; `form` says what such a
    /// file looks like, for whoever has written something else. `None`: what is wrong is among the
    /// problems, of which there may be others as well.
    pub fn of_a_bench<T: DeserializeOwned>(
        file: &'f SourceFile,
        form: &'static str,
    ) -> (Document<'f>, Option<T>) {
        let (document, node) = Document::read_by(file, Some(form), Tree::read_as_written);
        let value = node.and_then(|node| reader::read(&node, &document));
        (document, value)
    }

    fn read_by(
        file: &'f SourceFile,
        form: Option<&'static str>,
        read: impl FnOnce(&'f str) -> Result<Tree<'f>, Unreadable>,
    ) -> (Document<'f>, Option<Node<'f>>) {
        let mut document = Document {
            file,
            form,
            spots: Vec::new(),
            lines: OnceCell::new(),
            problems: RefCell::default(),
            reread: Cell::new(0),
        };
        if let Err(deep) = nesting::check(&file.text) {
            let remedy = "close what was opened, or take levels out".to_owned();
            document.push(deep.byte..deep.byte, deep.to_string(), Some(remedy));
            return (document, None);
        }
        match read(&file.text) {
            Ok(tree) => {
                document.spots = tree.spots;
                for duplicate in tree.duplicates {
                    document.report_duplicate(&duplicate);
                }
                (document, Some(tree.root))
            }
            Err(unreadable) => {
                document.report_unreadable(&unreadable);
                (document, None)
            }
        }
    }

    /// What a file like this looks like, where it has a form of its own.
    pub(crate) fn form(&self) -> Option<&'static str> {
        self.form
    }

    fn report_unreadable(&self, Unreadable { error, read }: &Unreadable) {
        let said = error.to_string();
        // The line that is shown says the place.
        let what = said
            .rsplit_once(" at line ")
            .map_or(&*said, |(what, _)| what);
        let is_too_much = what.starts_with(REPETITION) || what.contains(TOO_MANY);
        // The parser knows no place of what it gives up: it is where the text was read last.
        let byte = match is_too_much {
            true => None,
            false => byte_of(&self.file.text, error),
        };
        let byte = byte.unwrap_or(*read);
        let (message, remedy) = match is_too_much {
            true => (
                "the file comes to more values than can be read".to_owned(),
                NO_ALIASES,
            ),
            false => (
                format!("this is no YAML that can be read: {what}"),
                self.form.unwrap_or(NO_YAML),
            ),
        };
        self.push(byte..byte, message, Some(remedy.to_owned()));
    }

    fn report_duplicate(&self, duplicate: &Duplicate) {
        let (line, _) = self.line_and_column(self.range(duplicate.first).start);
        self.report_with(
            duplicate.again,
            format!(
                "`{}` stands here a second time; the first one is in line {line}",
                duplicate.key
            ),
            "keep one of them, or rename one".to_owned(),
        );
    }

    /// Reports a problem of a node.
    pub fn report(&self, spot: Spot, message: impl Into<String>) {
        self.report_with(spot, message, None);
    }

    /// Reports a problem of a node, with what to do about it.
    pub fn report_with(
        &self,
        spot: Spot,
        message: impl Into<String>,
        suggestion: impl Into<Option<String>>,
    ) {
        self.push(self.range(spot), message.into(), suggestion.into());
    }

    /// Reports a problem of a value at its key, with what to do about it.
    pub fn report_at_key(
        &self,
        spot: Spot,
        message: impl Into<String>,
        suggestion: impl Into<Option<String>>,
    ) {
        let key = self.record(spot).and_then(|record| record.key);
        self.report_with(key.unwrap_or(spot), message, suggestion);
    }

    /// Reports a problem of some bytes of a scalar, whose text is `text`.
    pub(crate) fn report_in(
        &self,
        spot: Spot,
        text: &str,
        range: Range<usize>,
        message: impl Into<String>,
        suggestion: impl Into<Option<String>>,
    ) {
        let range = self.range_in(spot, text, range);
        self.push(range, message.into(), suggestion.into());
    }

    fn push(&self, range: Range<usize>, mut message: String, suggestion: Option<String>) {
        if self.problems.borrow().len() == MOST_PROBLEMS {
            return;
        }
        if let Cow::Owned(cut) = visible::cut(&message, LONGEST_MESSAGE) {
            message = cut;
        }
        let (line, column) = self.line_and_column(range.start);
        let source = match self.line(line) {
            shown if shown.len() <= LONGEST_LINE => shown.to_owned(),
            _ => String::new(),
        };
        let rest = source.chars().count().saturating_sub(column - 1);
        let text = self.file.text.get(range).unwrap_or_default();
        let length = text
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            .min(rest)
            .max(1);
        self.problems.borrow_mut().push(Problem {
            file: self.file.path.clone(),
            line,
            column,
            length,
            message,
            suggestion,
            source,
        });
    }

    /// Where a node is written: for a mapping or sequence, its key.
    pub(crate) fn place(&self, spot: Spot) -> Place {
        let (line, column) = self.line_and_column(self.range(spot).start);
        Place {
            file: self.file.path.clone(),
            line,
            column,
        }
    }

    /// How many problems were found, of very many the first.
    #[must_use]
    pub fn problem_count(&self) -> usize {
        self.problems.borrow().len()
    }

    /// The problems found.
    #[must_use]
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    fn record(&self, spot: Spot) -> Option<&SpotRecord> {
        self.spots.get(spot.0 as usize)
    }

    fn range(&self, spot: Spot) -> Range<usize> {
        let Some(record) = self.record(spot) else {
            return 0..0;
        };
        match (&record.range, record.key) {
            (Some(range), _) => range.clone(),
            (None, Some(key)) if record.collection => self.range(key),
            _ => {
                let start = self.start(spot);
                start..start + token(&self.file.text[start..])
            }
        }
    }

    /// Where a node begins, found the slow way.
    fn start(&self, spot: Spot) -> usize {
        let mut path = Vec::new();
        let mut at = spot;
        while let Some((parent, step)) = self.record(at).and_then(|record| record.parent) {
            path.push(step);
            at = parent;
        }
        path.reverse();
        let reread = self.reread.get().saturating_add(self.file.text.len());
        if reread > MOST_REREAD {
            return self.start_around(spot);
        }
        self.reread.set(reread);
        locate(&self.file.text, &path).unwrap_or(0)
    }

    /// Where the nearest node begins that a node stands in, or is the value of, and whose place is
    /// known.
    fn start_around(&self, spot: Spot) -> usize {
        let mut at = Some(spot);
        while let Some(record) = at.and_then(|at| self.record(at)) {
            let key = record.key.and_then(|key| self.record(key));
            let known = record
                .range
                .as_ref()
                .or(key.and_then(|key| key.range.as_ref()));
            if let Some(range) = known {
                return range.start;
            }
            if let Some(range) = at.and_then(|at| self.first_within(at)) {
                return range.start;
            }
            at = record.parent.map(|(parent, _)| parent);
        }
        0
    }

    /// The first scalar of a mapping or sequence, where its place is known: nodes are numbered in the
    /// order in which they begin.
    fn first_within(&self, spot: Spot) -> Option<&Range<usize>> {
        let first = self.record(Spot(spot.0.checked_add(1)?))?;
        let (parent, _) = first.parent?;
        first.range.as_ref().filter(|_| parent == spot)
    }

    /// Where some bytes of a scalar stand in the file. A scalar that is written as a literal
    /// block is followed line by line; for one that is folded or escaped it is its start.
    fn range_in(&self, spot: Spot, text: &str, range: Range<usize>) -> Range<usize> {
        let whole = self.range(spot);
        if self
            .record(spot)
            .is_some_and(|record| record.range.is_some())
        {
            return (whole.start + range.start)..(whole.start + range.end);
        }
        self.range_in_block(whole.start, text, range)
            .unwrap_or(whole)
    }

    fn range_in_block(
        &self,
        start: usize,
        text: &str,
        range: Range<usize>,
    ) -> Option<Range<usize>> {
        self.file
            .text
            .get(start..)?
            .starts_with('|')
            .then_some(())?;
        let before = text.get(..range.start)?;
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let content = text.get(line_start..)?.lines().next().unwrap_or_default();
        let (header, _) = self.line_and_column(start);
        let line = header + 1 + before.matches('\n').count();
        let written = self.line(line);
        let indent = written.len() - written.strip_suffix(content).map(|_| content.len())?;
        let at = self.line_starts().get(line - 1)? + indent + (range.start - line_start);
        Some(at..at + range.len())
    }

    fn line_starts(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let breaks = self.file.text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(breaks).collect()
        })
    }

    fn line(&self, line: usize) -> &str {
        let start = self
            .line_starts()
            .get(line - 1)
            .copied()
            .unwrap_or(self.file.text.len());
        self.file.text[start..].lines().next().unwrap_or_default()
    }

    fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let line = self
            .line_starts()
            .partition_point(|start| *start <= byte)
            .max(1);
        let start = self.line_starts().get(line - 1).copied().unwrap_or(0);
        let before = self.file.text.get(start..byte).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}

/// How many bytes a number or a word takes that stands at the start of `text`.
fn token(text: &str) -> usize {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '+' | '_');
    text.find(|c| !part(c)).unwrap_or(text.len())
}
