//! Owns the tests of packs as a whole, through the public interface: a folder of text in, a
//! pack or its problems out.

mod built_in;
mod coverage;

mod firmwares;
mod fixtures;
mod hostile;
mod interaction;
mod inventory;
mod meaning;
mod network;
mod pages;
mod peers;
mod places;
mod report;
mod schema;
mod scratch;
mod unsound;
