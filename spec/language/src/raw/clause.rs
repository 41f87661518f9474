//! Owns the shape of a clause.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::field::Field;
use crate::pack::{Basis, Capability, Level};
use crate::raw::CheckShape;

/// One sentence about an item, and how it is tested.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "clause",
    deny_unknown_fields,
    extend("required" = ["level", "basis", "says"]),
    extend("oneOf" = [{"required": ["property"]}, {"required": ["example"]}])
)]
pub(crate) struct ClauseShape {
    /// How much it weighs.
    pub level: Field<Level>,
    /// What it rests on.
    pub basis: Field<Basis>,
    /// The clause: one sentence that can be wrong of a target.
    pub says: Field<String>,
    /// What target and bench must be able to do, beyond what the fixture needs.
    pub needs: Field<Vec<Field<Capability>>>,
    /// A check for all values of some strategies: it runs many times.
    #[schemars(extend("required" = ["forall"], "properties" = {"endless": false}))]
    pub property: Field<CheckShape>,
    /// A check of one program, which runs once.
    #[schemars(extend("properties" = {"forall": false, "assume": false}))]
    pub example: Field<CheckShape>,
}
