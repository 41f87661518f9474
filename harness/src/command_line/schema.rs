//! Owns `trueline schema`: the JSON Schemas of a pack's files, printed or written. Derives none.

use std::fs;
use std::path::{Path, PathBuf};

use trueline_spec::schema;

use super::{Failure, print};
use crate::exit::Exit;

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
    /// Write both into this folder, which is made if need be: pack.schema.json and
    /// items.schema.json
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
}

/// Prints one schema, or writes both.
pub fn main(arguments: &Arguments) -> Result<Exit, Failure> {
    if let Some(folder) = &arguments.out {
        write(folder)?;
    }
    match arguments.file {
        Some(Kind::Pack) => print(&schema::pack())?,
        Some(Kind::Items) => print(&schema::items())?,
        None => {}
    }
    Ok(Exit::Conforms)
}

fn write(folder: &Path) -> Result<(), Failure> {
    let failed = |path: &Path, error| {
        Failure::usage(format!("{} cannot be written: {error}", path.display()))
    };
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for (name, text) in schema::files() {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}
