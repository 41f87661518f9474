//! Owns the form of `targets.yaml` as it is written, which is its JSON Schema as well. Does not
//! know what its values mean.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use trueline_spec::pack::Capability;
use trueline_spec::schema::of;

use crate::source_file::{Pairs, Word};

/// What a list says, for whoever has written something else.
pub(super) const FORM: &str = "a list says `targets:` and below it, for each name, at least \
                               `url: …`; a URL that ends in a colon stands in quotes, as in \
                               `url: 'sim:'`";

/// The schema of `targets.yaml`, as text (JSON Schema, draft 7).
#[must_use]
pub fn schema() -> String {
    of::<List<'_>>("targets.yaml")
}

/// The targets of a bench.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "`targets`")]
pub(super) struct List<'t> {
    /// Each target by the name that `--target` takes: a word without a colon.
    #[serde(borrow)]
    #[schemars(with = "BTreeMap<String, Entry<'static>>")]
    pub(super) targets: Pairs<'t, Entry<'t>>,
}

/// A target.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    rename = "target",
    deny_unknown_fields,
    expecting = "a target with at least `url`"
)]
pub(super) struct Entry<'t> {
    /// What `--target` would take in its stead, as `serial:/dev/ttyUSB0` or `exec:micropython`.
    #[serde(borrow)]
    pub(super) url: Word<'t>,
    /// The file with the Python that runs on the target after each start and each reset, as
    /// `boot.py` on a board; relative to this list.
    #[serde(borrow, default)]
    pub(super) boot: Option<Word<'t>>,
    /// Where target and peers reach each other.
    #[serde(borrow, default)]
    pub(super) addresses: Option<Addresses<'t>>,
    /// The wireless network that the target joins: the boot file finds its name and password as
    /// `wifi_name` and `wifi_password`, and documented programs have them in the stead of the
    /// document's.
    #[serde(borrow, default)]
    pub(super) wifi: Option<Wifi<'t>>,
    /// A command that resets the target when nothing else brings it back. Its words are split as a
    /// shell splits them, but no shell runs it.
    #[serde(borrow, default)]
    pub(super) reset: Option<Word<'t>>,
    /// Capabilities that the target's bench takes away: clauses that need them are not applicable.
    #[serde(borrow, default)]
    #[schemars(with = "Vec<Capability>")]
    pub(super) without: Vec<Word<'t>>,
    /// The list of its known deviations, as `--deviations` takes it; relative to this list.
    #[serde(borrow, default)]
    pub(super) deviations: Option<Word<'t>>,
    /// Which firmware has to be on it, as `--expect-version` takes it; nothing is run on another.
    #[serde(borrow, default, rename = "expect-version")]
    pub(super) expect_version: Option<Word<'t>>,
}

/// Where target and peers reach each other.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    rename = "addresses",
    deny_unknown_fields,
    expecting = "addresses with `target` and `peer`"
)]
pub(super) struct Addresses<'t> {
    /// The IPv4 address at which the peers reach the target.
    #[serde(borrow, default)]
    pub(super) target: Option<Word<'t>>,
    /// The IPv4 address of this machine at which the target reaches the peers.
    #[serde(borrow, default)]
    pub(super) peer: Option<Word<'t>>,
}

/// The wireless network that a target joins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    rename = "wifi",
    deny_unknown_fields,
    expecting = "a Wi-Fi network with `name` and `password`"
)]
pub(super) struct Wifi<'t> {
    /// Its name, or the variable that holds it, as `env:LAB_WIFI_NAME`.
    #[serde(borrow)]
    pub(super) name: Word<'t>,
    /// The variable that holds its password, as `env:LAB_WIFI_PASSWORD`.
    #[serde(borrow)]
    #[schemars(regex(pattern = r"^env:[A-Za-z_][A-Za-z0-9_]*$"))]
    pub(super) password: Word<'t>,
}
