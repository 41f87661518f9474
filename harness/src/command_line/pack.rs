//! Owns the flags that say which pack, for every command that needs one, and the loading of it.
//! Knows nothing of what is in a pack.

use std::path::{Path, PathBuf};

use trueline_spec::built_in;
use trueline_spec::pack::Pack;
use trueline_spec::problem::Problems;

use super::Failure;
use crate::exit::Exit;
use crate::prose;

/// The flags that name a pack, by either of which it can be given.
#[derive(clap::Args)]
pub struct PackFlags {
    /// The folder of the pack, or the name of one that is built in; left out: the one that is built in
    #[arg(value_name = "PACK", conflicts_with = "named")]
    given: Option<PathBuf>,
    /// The same as PACK
    #[arg(long = "pack", value_name = "NAME|DIR")]
    named: Option<PathBuf>,
}

impl PackFlags {
    /// The pack as it was given; `None` where it was left out.
    pub fn given(&self) -> Option<&Path> {
        self.named.as_deref().or(self.given.as_deref())
    }

    /// What stands on the command line without a flag.
    pub fn positional(&self) -> Option<&Path> {
        self.given.as_deref()
    }

    /// The pack in the folder, or the built-in one.
    pub fn load(&self) -> Result<Pack, Failure> {
        let Some(given) = self.given() else {
            return only();
        };
        let is_path = given.components().count() > 1 && !looks_like_a_target(given);
        if given.exists() || is_path {
            return sound(Pack::load(given));
        }
        match given.to_str().and_then(Pack::built_in) {
            Some(pack) => sound(pack),
            None if looks_like_a_target(given) => Err(Failure::usage(format!(
                "`{0}` is no pack, and a target is named by --target: give `--target {0}`",
                given.display()
            ))),
            None => Err(Failure::usage(format!(
                "there is no folder `{}`, and no pack that is built in has this name; built in: {}",
                given.display(),
                listed()
            ))),
        }
    }
}

/// Whether it is a target's URL, or nearly: a scheme and a colon, and no pack is called so.
fn looks_like_a_target(given: &Path) -> bool {
    let scheme = given.to_str().and_then(|text| text.split_once(':'));
    scheme.is_some_and(|(scheme, _)| {
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        !scheme.is_empty() && scheme.chars().all(is_part)
    })
}

/// The built-in pack, where there is no other.
fn only() -> Result<Pack, Failure> {
    match built_in::names()[..] {
        [name] => Pack::built_in(name).map_or_else(|| Err(which()), sound),
        _ => Err(which()),
    }
}

fn which() -> Failure {
    let listed = listed();
    Failure::usage(format!(
        "name a pack with --pack: a folder, or one of {listed}"
    ))
}

/// The names of the built-in packs.
fn listed() -> String {
    let names: Vec<_> = built_in::names()
        .into_iter()
        .map(|name| format!("`{name}`"))
        .collect();
    names.join(", ")
}

fn sound(pack: Result<Pack, Problems>) -> Result<Pack, Failure> {
    pack.map_err(|problems| Failure {
        exit: Exit::Usage,
        // anstream takes the colours out again where they are not wanted.
        says: prose::of_problems(&problems.render(true)),
    })
}
