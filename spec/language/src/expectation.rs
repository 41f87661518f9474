//! Owns the reading of `expect`: what must hold, and that it says something at all.
//! Whether its names exist is checked in [`crate::scope`].

use crate::document::Document;
use crate::field::{Field, Table};
use crate::nearest::nearest;
use crate::pack::{Expectation, Raises};
use crate::piece::Piece;
use crate::raw::{ExpectMapping, ExpectShape, RaisesShape};
use crate::tree::Spot;
use crate::vocabulary::ELAPSED;
use crate::vocabulary::EXCEPTIONS;

/// `expect`, with its expressions still as pieces.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    raises: Option<Raises>,
    or_raises: Option<Raises>,
    stdout: Option<String>,
    /// The expressions that must be true.
    pub holds: Vec<Piece>,
}

impl Expected {
    /// That a program prints some text and nothing else.
    pub(crate) fn printed(stdout: String) -> Expected {
        Expected {
            raises: None,
            or_raises: None,
            stdout: Some(stdout),
            holds: Vec::new(),
        }
    }

    /// Reads `expect`. `None` where it cannot be read, which has been reported then.
    pub(crate) fn read(
        document: &Document<'_>,
        owner: Spot,
        field: &Field<ExpectShape>,
    ) -> Option<Expected> {
        let (spot, shape) = field.required(document, owner, "expect")?;
        let expected = match shape {
            ExpectShape::Sequence(list) => Expected {
                raises: None,
                or_raises: None,
                stdout: None,
                holds: Piece::all(document, list)?,
            },
            ExpectShape::Mapping(shape) => Expected::of_mapping(document, shape)?,
        };
        if expected.raises.is_none() && expected.stdout.is_none() && expected.holds.is_empty() {
            document.report(
                spot,
                "`expect` expects nothing, so that the check cannot fail",
            );
            return None;
        }
        Some(expected)
    }

    fn of_mapping(document: &Document<'_>, shape: &ExpectMapping) -> Option<Expected> {
        let raises = optional(document, &shape.raises);
        let or_raises = optional(document, &shape.or_raises);
        let holds = Piece::expressions(document, &shape.holds);
        let stdout = match &shape.stdout {
            absent if absent.is_absent() => None,
            field => Some(field.get()?.clone()),
        };
        Some(Expected {
            raises: raises?,
            or_raises: or_raises?,
            stdout,
            holds: holds?,
        })
    }

    /// Whether it says something of the time that the program took.
    pub(crate) fn judges_time(&self) -> bool {
        let mut reads = self.holds.iter().flat_map(|piece| &piece.names.reads);
        reads.any(|name| name.name == ELAPSED)
    }

    /// Whether an exception has to end the program, or may.
    pub(crate) fn raises(&self) -> bool {
        self.raises.is_some() || self.or_raises.is_some()
    }

    /// As the harness judges it.
    pub(crate) fn into_expectation(self, document: &Document<'_>) -> Expectation {
        Expectation {
            raises: self.raises,
            or_raises: self.or_raises,
            stdout: self.stdout,
            holds: self
                .holds
                .iter()
                .map(|piece| piece.to_expression(document))
                .collect(),
        }
    }
}

/// An exception where one is named. The outer `None`: it cannot be read.
fn optional(document: &Document<'_>, field: &Field<RaisesShape>) -> Option<Option<Raises>> {
    if field.is_absent() {
        return Some(None);
    }
    raises(document, field).map(Some)
}

fn raises(document: &Document<'_>, field: &Field<RaisesShape>) -> Option<Raises> {
    let (spot, shape) = field.placed()?;
    match shape {
        RaisesShape::Scalar(kind) => exception(document, spot, kind, Vec::new()),
        RaisesShape::Mapping(Table(entries)) => {
            let [(kind, numbers)] = entries.as_slice() else {
                document.report(
                    spot,
                    "`raises` names one exception, with a list of its numbers",
                );
                return None;
            };
            let (spot, kind) = kind.placed()?;
            let (at, numbers) = numbers.placed()?;
            if numbers.is_empty() {
                document.report_with(
                    at,
                    "no number is listed",
                    format!("write `raises: {kind}` for any"),
                );
            }
            let errnos: Option<Vec<i64>> =
                numbers.iter().map(|field| field.get().copied()).collect();
            exception(document, spot, kind, errnos?)
        }
    }
}

fn exception(document: &Document<'_>, spot: Spot, kind: &str, errnos: Vec<i64>) -> Option<Raises> {
    if EXCEPTIONS.contains(&kind) {
        return Some(Raises {
            kind: kind.to_owned(),
            errnos,
        });
    }
    let suggestion = nearest(kind, EXCEPTIONS.iter().copied());
    document.report_with(
        spot,
        format!("`{kind}` is no built-in exception"),
        suggestion,
    );
    None
}
