//! Owns `trueline notices`: the licences of the libraries in the program, printed. Does not know which
//! libraries there are: `.ci/notices` writes the text.

use super::{Failure, print};
use crate::exit::Exit;

/// The program carries them, so that whoever passes it on passes them on, too.
const LIBRARIES: &str = include_str!("../../notices/libraries.txt");

/// Prints all notices.
pub fn main() -> Result<Exit, Failure> {
    print(LIBRARIES)?;
    Ok(Exit::Conforms)
}
