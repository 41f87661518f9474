//! Owns the shape of `expect`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::field::{Field, Table, Words};
use crate::vocabulary::EXCEPTIONS;

/// What must hold of what was seen.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename = "$by-shape", rename_all = "lowercase")]
#[schemars(rename = "expect", untagged)]
pub(crate) enum ExpectShape {
    /// Python expressions that must be true, over generated, observed and peers' names,
    /// `elapsed` (seconds) and `stdout`. No exception may end the program.
    #[schemars(extend("minItems" = 1))]
    Sequence(Vec<Field<Words>>),
    /// The same with an exception or a printed text.
    Mapping(ExpectMapping),
}

/// What must hold, with an exception or a printed text.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(rename = "expectation", deny_unknown_fields, extend("minProperties" = 1))]
pub(crate) struct ExpectMapping {
    /// The exception that must end the program. Without it none may.
    pub raises: Field<RaisesShape>,
    /// The exception that may end the program instead: what else is expected is then not asked.
    pub or_raises: Field<RaisesShape>,
    /// What the program prints, exactly, in documented values.
    pub stdout: Field<String>,
    /// Python expressions that must be true.
    pub holds: Field<Vec<Field<Words>>>,
}

/// An exception that ends the program.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename = "$by-shape", rename_all = "lowercase")]
#[schemars(rename = "raises", untagged)]
pub(crate) enum RaisesShape {
    /// A built-in exception: it, or one that is derived from it.
    #[schemars(extend("enum" = EXCEPTIONS))]
    Scalar(String),
    /// The same with the error numbers that it may carry.
    #[schemars(extend(
        "minProperties" = 1,
        "maxProperties" = 1,
        "propertyNames" = {"enum": EXCEPTIONS}
    ))]
    Mapping(Table<Vec<Field<i64>>>),
}
