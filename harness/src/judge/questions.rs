//! Owns what is asked of the judge's worker and what it answers. Evaluates nothing.

use serde::{Deserialize, Serialize};

use super::Bindings;

/// What an expression is evaluated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Want {
    /// Whether it is true, and if not, the values of what it is made of.
    Explained,
    /// Whether it is true.
    Truth,
    /// Bytes.
    Bytes,
    /// A natural number.
    Count,
}

/// Expressions to be evaluated over each of several namespaces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Question {
    pub(super) expressions: Vec<(String, Want)>,
    pub(super) cases: Vec<Names>,
}

/// A namespace.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Names {
    /// What the harness knows by itself.
    pub(super) given: Bindings,
    /// What the target has a part in: only these may make a sound expression raise.
    pub(super) observed: Bindings,
}

/// What each expression came to, for each case.
pub(super) type Answer = Vec<Vec<Evaluated>>;

/// What an expression came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Evaluated {
    /// It is true.
    True,
    /// It is false; the text has the values of its parts, a line each.
    False(String),
    /// Its bytes.
    Bytes(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Its number.
    Count(usize),
    /// It uses a name that has no value.
    Unknown(String),
    /// It raised because of what was observed.
    Raised {
        /// The exception.
        error: String,
        /// The values of its parts, a line each.
        seen: String,
    },
    /// It raises whatever is observed: the pack is at fault.
    Unsound(String),
    /// It needs more memory than the judge may have.
    OutOfMemory,
}
