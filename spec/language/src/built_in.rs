//! Owns the packs that are built into the binary: their names, and the folder of each. Does not know
//! what a pack says.

use include_dir::{Dir, include_dir};

/// All of them, each in the folder of its name.
static PACKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../packs");

/// The names of the packs, sorted.
#[must_use]
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = PACKS.dirs().filter_map(|dir| dir.path().to_str()).collect();
    names.sort_unstable();
    names
}

/// The folder of the pack with this name.
pub(crate) fn folder(name: &str) -> Option<&'static Dir<'static>> {
    PACKS.dirs().find(|dir| dir.path().to_str() == Some(name))
}
