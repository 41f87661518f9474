//! Owns `trueline schema`: the JSON Schemas of a pack's files and of `targets.yaml`, printed or
//! written. Derives none.

use std::path::{Path, PathBuf};

use trueline_spec::schema;

use super::{Failure, print};
use crate::exit::Exit;
use crate::made_folder;
use crate::replace::replace;
use crate::targets;

/// The flags of `trueline schema`.
#[derive(clap::Args)]
pub struct Arguments {
    /// The schema to print
    #[arg(
        value_enum,
        value_name = "SCHEMA",
        required_unless_present = "out",
        conflicts_with = "out"
    )]
    file: Option<Kind>,
    /// Write all of them into this folder, which is made if need be: pack.schema.json,
    /// items.schema.json, firmwares.schema.json and targets.schema.json
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// What a schema is of.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Kind {
    /// pack.yaml
    Pack,
    /// Every other file of a pack
    Items,
    /// A file in a pack's folder `firmwares`
    Firmwares,
    /// targets.yaml
    Targets,
}

/// Prints one schema, or writes all.
pub fn main(arguments: &Arguments) -> Result<Exit, Failure> {
    if let Some(folder) = &arguments.out {
        write(folder)?;
    }
    match arguments.file {
        Some(Kind::Pack) => print(&schema::pack())?,
        Some(Kind::Items) => print(&schema::items())?,
        Some(Kind::Firmwares) => print(&schema::firmwares())?,
        Some(Kind::Targets) => print(&targets::schema())?,
        None => {}
    }
    Ok(Exit::Conforms)
}

fn write(folder: &Path) -> Result<(), Failure> {
    let failed = |path: &Path, error| {
        let path = path.display();
        Failure::usage(format!(
            "{path} cannot be written: {error}; choose another folder with --out"
        ))
    };
    made_folder::make(folder).map_err(Failure::usage)?;
    let of_targets = ("targets.schema.json", targets::schema());
    for (name, text) in schema::files().into_iter().chain([of_targets]) {
        let path = folder.join(name);
        replace(&path, text.as_bytes()).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}
