//! Owns the flags that say which pack, for every command that needs one, and the loading of it.
//! Knows nothing of what is in a pack.

use std::path::{Path, PathBuf};

use trueline_spec::pack::Pack;
use trueline_spec::problem::Problems;

use super::Failure;
use crate::exit::Exit;
use crate::prose;

/// The flags that name a pack, by either of which it can be given.
#[derive(clap::Args)]
pub struct PackFlags {
    /// The folder of the pack, or the name of one that is built in; left out: the pack of the Waffle
    /// Nano V1 socket API
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
            return embedded();
        };
        let is_path = given.components().count() > 1 && !looks_like_a_target(given);
        if given.exists() || is_path {
            return sound(Pack::load(given));
        }
        let pack = embedded()?;
        match given.as_os_str() == pack.name.as_str() {
            true => Ok(pack),
            false if looks_like_a_target(given) => Err(Failure::usage(format!(
                "`{0}` is no pack, and a target is named by --target: give `--target {0}`",
                given.display()
            ))),
            false => Err(Failure::usage(format!(
                "there is no folder `{}`, and no pack that is built in has this name; `{}` is built \
                 in",
                given.display(),
                pack.name
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

fn embedded() -> Result<Pack, Failure> {
    sound(Pack::embedded())
}

fn sound(pack: Result<Pack, Problems>) -> Result<Pack, Failure> {
    pack.map_err(|problems| Failure {
        exit: Exit::Usage,
        // anstream takes the colours out again where they are not wanted.
        says: prose::of_problems(&problems.render(true)),
    })
}
