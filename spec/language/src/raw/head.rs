//! Owns the shape of `pack.yaml`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::field::Field;

/// Names the pack and the document that it encodes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "pack.yaml",
    deny_unknown_fields,
    extend("required" = ["pack", "version", "title", "module", "source"])
)]
pub(crate) struct PackShape {
    /// The pack's name: small letters and digits, joined by hyphens.
    #[schemars(extend("pattern" = "^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub pack: Field<String>,
    /// The pack's version: three numbers, joined by dots.
    #[schemars(extend("pattern" = r"^[0-9]+\.[0-9]+\.[0-9]+$"))]
    pub version: Field<String>,
    /// What people call the pack.
    pub title: Field<String>,
    /// The module under test. It is imported as `socket` before every program that is not the
    /// document's own.
    #[schemars(extend("pattern" = r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$"))]
    pub module: Field<String>,
    /// The ids of the items that give back what a target has few of, such as the closing of a socket:
    /// a failure of theirs explains those that come only after other programs, and is told before
    /// them.
    #[schemars(extend("minItems" = 1, "uniqueItems" = true))]
    pub releases: Field<Vec<Field<String>>>,
    /// The document that the pack encodes.
    pub source: Field<SourceShape>,
}

/// The document that a pack encodes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "source",
    deny_unknown_fields,
    extend("required" = ["title", "sha256"])
)]
pub(crate) struct SourceShape {
    /// The document's title.
    pub title: Field<String>,
    /// Where it was published.
    pub url: Field<String>,
    /// SHA-256 of the text that was read: 64 small hexadecimal digits.
    #[schemars(extend("pattern" = "^[0-9a-f]{64}$"))]
    pub sha256: Field<String>,
    /// Its sections in its own order, each with the items that it documents: the inventory that
    /// coverage is measured against.
    pub sections: Field<Vec<Field<SectionShape>>>,
}

/// A section of the document.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "section",
    deny_unknown_fields,
    extend("required" = ["title", "items"])
)]
pub(crate) struct SectionShape {
    /// The section's title.
    pub title: Field<String>,
    /// The ids of the items that it documents. An id stands in one section only.
    #[schemars(extend("minItems" = 1, "uniqueItems" = true))]
    pub items: Field<Vec<Field<String>>>,
}
