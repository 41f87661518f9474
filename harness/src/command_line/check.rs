//! Owns `trueline check`, and the loading of a pack for every command that needs one.

use std::path::{Path, PathBuf};

use trueline_spec::pack::{CheckKind, Pack};

use super::Failure;
use crate::exit::Exit;

/// The flags of `trueline check`.
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder of the pack; left out: the pack of the Waffle Nano V1 socket API
    #[arg(value_name = "DIR")]
    pack: Option<PathBuf>,
}

/// Reads a pack and says what it holds.
pub fn main(arguments: &Arguments) -> Result<Exit, Failure> {
    let pack = load(arguments.pack.as_deref())?;
    let clauses = pack.clauses().count();
    if clauses == 0 {
        let says = format!("the pack `{}` is sound, but it has no clause", pack.name);
        return Err(Failure::new(Exit::NothingSelected, says));
    }
    let properties = pack
        .clauses()
        .filter(|(_, clause)| clause.check.kind == CheckKind::Property)
        .count();
    anstream::println!(
        "{} {}: sound; {}, {}, {properties} of them properties",
        pack.name,
        pack.version,
        counted(pack.items.len(), "item"),
        counted(clauses, "clause"),
    );
    Ok(Exit::Conforms)
}

fn counted(count: usize, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}

/// The pack in the folder, or the built-in one.
pub fn load(folder: Option<&Path>) -> Result<Pack, Failure> {
    let pack = match folder {
        Some(folder) => Pack::load(folder),
        None => Pack::embedded(),
    };
    pack.map_err(|problems| Failure {
        exit: Exit::Usage,
        // anstream takes the colours out again where they are not wanted.
        says: problems.render(true),
    })
}
