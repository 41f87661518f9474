//! Owns the list of the forms in which a record is shown. To add one is to write its room and add a line
//! here. Renders nothing itself.

use crate::journal::Record;
use crate::{html, junit, markdown};

/// A form of report.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// What it is called on a command line.
    pub word: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// The name of its file beside a record.
    pub file: &'static str,
    /// Makes the text of a record.
    pub render: fn(&Record) -> Result<String, NotRendered>,
}

/// All of them, in the order in which they are written.
pub const FORMATS: &[Format] = &[
    Format {
        word: "html",
        title: "HTML",
        file: "report.html",
        render: |record| html::render(record).map_err(not_rendered),
    },
    Format {
        word: "markdown",
        title: "Markdown",
        file: "report.md",
        render: |record| Ok(markdown::render(record)),
    },
    Format {
        word: "junit",
        title: "JUnit XML",
        file: "junit.xml",
        render: |record| junit::render(record).map_err(not_rendered),
    },
];

/// A report that could not be made of a record.
#[derive(Debug, thiserror::Error)]
#[error("the report could not be rendered: {0}")]
pub struct NotRendered(String);

fn not_rendered(error: impl std::fmt::Display) -> NotRendered {
    NotRendered(error.to_string())
}
