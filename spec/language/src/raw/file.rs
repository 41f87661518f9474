//! Owns the shape of every file but `pack.yaml`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::field::{Field, Table, Words};
use crate::raw::{ClauseShape, ConstantShape, ExampleShape, FixtureShape, ListingShape};

/// One item with its clauses, or constants, listings, examples and fixtures, or several of these.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "items.yaml",
    deny_unknown_fields,
    extend("dependencies" = {
        "item": ["kind", "summary"],
        "kind": ["item"],
        "signature": ["item"],
        "summary": ["item"],
        "parameters": ["item"],
        "returns": ["item"],
        "clauses": ["item"],
    }),
    extend("allOf" = [
        {
            "if": {"required": ["item"]},
            "then": {"anyOf": [{"required": ["clauses"]}, {"required": ["examples"]}]},
        },
        {
            "if": {"properties": {"kind": {"const": "statement"}}, "required": ["kind"]},
            "then": {"properties": {"signature": false, "parameters": false, "returns": false}},
        },
        {
            "if": {
                "properties": {"kind": {"enum": ["function", "method"]}},
                "required": ["kind"],
            },
            "then": {"required": ["signature"]},
        },
    ])
)]
pub(crate) struct FileShape {
    /// The id of the item that this file describes: `usocket.getaddrinfo`,
    /// `usocket.socket.recv`, or `statement.` and words joined by hyphens.
    pub item: Field<String>,
    /// What sort of thing the item is. Constants, listings and examples have keys of their own.
    pub kind: Field<Kind>,
    /// How it is called, as `recv(bufsize)`: begins with the item's own name. Functions and
    /// methods have one.
    pub signature: Field<String>,
    /// One sentence on what it does, in words of one's own.
    pub summary: Field<String>,
    /// Its parameters by name. Each stands in the signature.
    pub parameters: Field<Table<ParameterShape>>,
    /// What it returns, in words.
    pub returns: Field<String>,
    /// What must hold of it: clauses by name. A name is small letters and digits, joined by
    /// hyphens, and is never changed: the clause's id is the item's, `/`, and the name.
    #[schemars(extend("propertyNames" = {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}))]
    pub clauses: Field<Table<ClauseShape>>,
    /// Examples of the document by id: `example.` and words joined by hyphens. Each is an item.
    #[schemars(extend("propertyNames" = {"pattern": r"^example\.[a-z0-9]+(-[a-z0-9]+)*$"}))]
    pub examples: Field<Table<ExampleShape>>,
    /// Constants by id, as `usocket.AF_INET`. Each is an item with one clause, `/value` or `/type`.
    pub constants: Field<Table<ConstantShape>>,
    /// Listings by id, which ends in `.listing`. Each is an item with one clause, `/names`.
    #[schemars(extend("propertyNames" = {"pattern": r"\.listing$"}))]
    pub listings: Field<Table<ListingShape>>,
    /// Fixtures by name: small letters and digits, joined by hyphens.
    #[schemars(extend("propertyNames" = {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}))]
    pub fixtures: Field<Table<FixtureShape>>,
}

/// What sort of thing an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename = "kind", rename_all = "lowercase")]
pub(crate) enum Kind {
    /// A function of the module.
    Function,
    /// A method of a type of the module.
    Method,
    /// A sentence of the document that is about no single name.
    Statement,
}

/// A parameter of a function or method.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "parameter",
    deny_unknown_fields,
    extend("required" = ["type", "says"])
)]
pub(crate) struct ParameterShape {
    /// Its type, in words.
    pub r#type: Field<String>,
    /// Its unit, as `byte` or `second`, where it has one.
    pub unit: Field<String>,
    /// What holds where it is left out.
    pub default: Field<Words>,
    /// One sentence on what it means.
    pub says: Field<String>,
}
