//! Owns the shapes of constants and listings.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::field::Field;
use crate::pack::{Basis, Level};

/// A constant: an `int` of a known value, or a name of which only the type is known.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "constant",
    deny_unknown_fields,
    extend("required" = ["level", "basis", "says"]),
    extend("oneOf" = [{"required": ["value"]}, {"required": ["type"]}])
)]
pub(crate) struct ConstantShape {
    /// Its value: that it is an `int` of this value is the clause.
    pub value: Field<i64>,
    /// Its type, where the document gives no value: that it is of this type is the clause.
    #[schemars(extend("enum" = crate::table::TYPES))]
    pub r#type: Field<String>,
    /// How much the clause weighs.
    pub level: Field<Level>,
    /// What the clause rests on.
    pub basis: Field<Basis>,
    /// The clause, and what the constant means, in one sentence.
    pub says: Field<String>,
}

/// Names that the document lists.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "listing",
    deny_unknown_fields,
    extend("required" = ["of", "names", "level", "basis", "says"])
)]
pub(crate) struct ListingShape {
    /// The Python expression whose `dir()` is taken, as `socket` or `socket.socket`.
    pub of: Field<String>,
    /// The names that must be in it. Others may be.
    #[schemars(extend("minItems" = 1, "uniqueItems" = true))]
    pub names: Field<Vec<Field<String>>>,
    /// How much the clause weighs.
    pub level: Field<Level>,
    /// What the clause rests on.
    pub basis: Field<Basis>,
    /// The clause, in one sentence.
    pub says: Field<String>,
}
