//! Owns `trueline check`: what is said of a pack that is sound. Checks nothing itself.

use trueline_reports::{counted, visible};
use trueline_spec::pack::CheckKind;

use super::pack::PackFlags;
use super::{Failure, print_prose};
use crate::exit::Exit;

/// The flags of `trueline check`.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    pack: PackFlags,
}

/// Reads a pack and says what it holds.
pub fn main(arguments: &Arguments) -> Result<Exit, Failure> {
    let pack = arguments.pack.load()?;
    let clauses = pack.clauses().count();
    if clauses == 0 {
        let says = format!("the pack `{}` is sound, but it has no clause", pack.name);
        return Err(Failure::new(Exit::NothingSelected, says));
    }
    let properties = pack
        .clauses()
        .filter(|(_, clause)| clause.check.kind == CheckKind::Property)
        .count();
    print_prose(&format!(
        "{} {}: sound; {}, {}, {} among them\n",
        pack.name,
        visible::line(&pack.version),
        counted(pack.items.len(), "item"),
        counted(clauses, "clause"),
        super::properties(properties),
    ))?;
    Ok(Exit::Conforms)
}
