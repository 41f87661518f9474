//! Owns a piece of Python of the pack with its place: read, reported when it is none.
//! Does not know what it is for.

use std::ops::Range;

use crate::document::Document;
use crate::field::{Field, Words};
use crate::pack::Expression;
use crate::python::{Names, NoPython};
use crate::tree::Spot;
use crate::vocabulary::REACHING_OUT;

/// A piece of Python that has been read.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub spot: Spot,
    pub text: String,
    pub names: Names,
}

impl Piece {
    /// Reads an expression; what is none is reported.
    pub(crate) fn expression(document: &Document<'_>, spot: Spot, text: &str) -> Option<Piece> {
        let piece = Piece::new(document, spot, text, Names::of_expression(text))?;
        if let Some(name) = piece.names.binds.first() {
            let message = format!("an expression binds no names: `{name}` would hide another one");
            document.report(spot, message);
        }
        let mut reads = piece.names.reads.iter();
        if let Some(read) = reads.find(|read| REACHING_OUT.contains(&read.name.as_str())) {
            let message = format!(
                "an expression computes from values alone: `{}` has no place in it",
                read.name
            );
            piece.report(document, &read.range, message, None);
        }
        Some(piece)
    }

    /// Reads a program; what is none is reported.
    pub(crate) fn program(document: &Document<'_>, spot: Spot, text: &str) -> Option<Piece> {
        if text.trim().is_empty() {
            document.report(spot, "the program is empty");
            return None;
        }
        Piece::new(document, spot, text, Names::of_program(text))
    }

    /// Reads a list of expressions. `None` where one of them is none.
    pub(crate) fn expressions(
        document: &Document<'_>,
        list: &Field<Vec<Field<Words>>>,
    ) -> Option<Vec<Piece>> {
        match list.get() {
            Some(list) => Piece::all(document, list),
            None => list.is_absent().then(Vec::new),
        }
    }

    /// Reads several expressions. `None` where one of them is none.
    pub(crate) fn all(document: &Document<'_>, list: &[Field<Words>]) -> Option<Vec<Piece>> {
        let pieces: Vec<_> = list
            .iter()
            .map(|field| {
                let (spot, Words(text)) = field.placed()?;
                Piece::expression(document, spot, text)
            })
            .collect();
        pieces.into_iter().collect()
    }

    fn new(
        document: &Document<'_>,
        spot: Spot,
        text: &str,
        names: Result<Names, NoPython>,
    ) -> Option<Piece> {
        match names {
            Ok(names) => Some(Piece {
                spot,
                text: text.to_owned(),
                names,
            }),
            Err(NoPython { range, message }) => {
                document.report_in(spot, text, range, message, None);
                None
            }
        }
    }

    /// Reports a problem of some of its bytes.
    pub(crate) fn report(
        &self,
        document: &Document<'_>,
        range: &Range<usize>,
        message: String,
        suggestion: Option<String>,
    ) {
        document.report_in(self.spot, &self.text, range.clone(), message, suggestion);
    }

    /// As the harness evaluates it.
    pub(crate) fn to_expression(&self, document: &Document<'_>) -> Expression {
        Expression {
            text: self.text.trim().to_owned(),
            line: document.place(self.spot).line,
        }
    }
}
