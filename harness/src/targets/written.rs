//! Owns the form of `targets.yaml` as it is written, which is its JSON Schema as well. Does not
//! know what its values mean.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use trueline_spec::field::{AsWritten, Field, Table};
use trueline_spec::pack::Capability;
use trueline_spec::schema::of;

use crate::source_file::Kind;

/// A list of targets.
pub(super) const LIST: Kind = Kind {
    what: "the list of targets",
    form: "a list says `targets:` and below it, for each name, at least `url: …`; a URL that ends in a \
           colon stands in quotes, as in `url: 'sim:'`",
};

/// The schema of `targets.yaml`, as text (JSON Schema, draft 7).
#[must_use]
pub fn schema() -> String {
    of::<List>("targets.yaml")
}

/// The targets of a bench.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "`targets`")]
#[schemars(deny_unknown_fields, extend("required" = ["targets"]))]
pub(super) struct List {
    /// Each target by the name that `--target` takes: a word without a colon.
    #[schemars(with = "BTreeMap<String, Entry>")]
    pub(super) targets: Field<Table<Entry>>,
}

/// A target.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename = "target", default, expecting = "a target with at least `url`")]
#[schemars(deny_unknown_fields, extend("required" = ["url"]))]
pub(super) struct Entry {
    /// What `--target` would take in its stead, as `serial:/dev/ttyUSB0` or `exec:micropython`.
    pub(super) url: Field<AsWritten>,
    /// The file with the Python that runs on the target after each start and each reset, as
    /// `boot.py` on a board; relative to this list.
    pub(super) boot: Field<AsWritten>,
    /// Where target and peers reach each other.
    pub(super) addresses: Field<Addresses>,
    /// The wireless network that the target joins: the boot file finds its name and password as
    /// `wifi_name` and `wifi_password`, and documented programs have them in the stead of the
    /// document's.
    pub(super) wifi: Field<Wifi>,
    /// A command that resets the target when nothing else brings it back. Its words are split as a
    /// shell splits them, but no shell runs it.
    pub(super) reset: Field<AsWritten>,
    /// Capabilities that the target's bench takes away: clauses that need them are not applicable.
    #[schemars(with = "Vec<Capability>")]
    pub(super) without: Field<Vec<Field<AsWritten>>>,
    /// The list of its known deviations, as `--deviations` takes it; relative to this list.
    pub(super) deviations: Field<AsWritten>,
    /// Which firmware has to be on it, as `--expect-version` takes it; nothing is run on another.
    #[serde(rename = "expect-version")]
    pub(super) expect_version: Field<AsWritten>,
}

/// Where target and peers reach each other.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    rename = "addresses",
    default,
    expecting = "addresses with `target` and `peer`"
)]
#[schemars(deny_unknown_fields)]
pub(super) struct Addresses {
    /// The IPv4 address at which the peers reach the target.
    pub(super) target: Field<AsWritten>,
    /// The IPv4 address of this machine at which the target reaches the peers.
    pub(super) peer: Field<AsWritten>,
}

/// The wireless network that a target joins.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    rename = "wifi",
    default,
    expecting = "a Wi-Fi network with `name` and `password`"
)]
#[schemars(deny_unknown_fields, extend("required" = ["name", "password"]))]
pub(super) struct Wifi {
    /// Its name, or the variable that holds it, as `env:LAB_WIFI_NAME`.
    pub(super) name: Field<AsWritten>,
    /// The variable that holds its password, as `env:LAB_WIFI_PASSWORD`.
    #[schemars(regex(pattern = r"^env:[A-Za-z_][A-Za-z0-9_]*$"))]
    pub(super) password: Field<AsWritten>,
}
