//! Owns the shape of the files that list the firmware of a pack.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::field::{Field, Table};

/// Firmware that tests the clauses of a pack: boot files for a target.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping with `base`, `correct` or `defects`")]
#[schemars(rename = "firmwares", deny_unknown_fields)]
pub(crate) struct FirmwaresShape {
    /// The correct firmware that each defect is added to. One file of the pack says it.
    pub base: Field<String>,
    /// Firmware that no `must` clause may accuse, by the name of its file in `correct/`, without `.py`.
    pub correct: Field<Table<CorrectShape>>,
    /// Firmware with one defect each, by name.
    pub defects: Field<Table<DefectShape>>,
}

/// Firmware that conforms.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping with `says` and `target`")]
#[schemars(
    rename = "correct-firmware",
    deny_unknown_fields,
    extend("required" = ["says", "target"])
)]
pub(crate) struct CorrectShape {
    /// What is special about it: one sentence.
    pub says: Field<String>,
    /// The target that boots it, as a URL.
    pub target: Field<String>,
    /// The correct firmware whose file goes before its own.
    pub after: Field<String>,
}

/// Firmware with a defect.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    default,
    expecting = "a mapping with `says`, `code`, and `fails` or `escapes`"
)]
#[schemars(
    rename = "defect",
    deny_unknown_fields,
    extend("required" = ["says", "code"]),
    extend("oneOf" = [{"required": ["fails"]}, {"required": ["escapes"]}])
)]
pub(crate) struct DefectShape {
    /// What it does wrongly: one sentence.
    pub says: Field<String>,
    /// Patterns over clause ids; for each of them a `must` or `should` clause fails.
    #[schemars(extend("minItems" = 1))]
    pub fails: Field<Vec<Field<String>>>,
    /// Why no clause can see it: one sentence.
    pub escapes: Field<String>,
    /// Python that goes behind the firmware of `base`.
    pub code: Field<String>,
}
