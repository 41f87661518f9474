//! Owns the tests of packs as a whole, through the public interface: a folder of text in, a
//! pack or its problems out.

mod embedded;
mod hostile;
mod meaning;
mod places;
mod report;
mod scratch;
mod unsound;
