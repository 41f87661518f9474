//! The spec language of Trueline: what a pack says, how it is read, what makes it unsound.
//!
//! Start at [`pack::Pack`], which is what the rest of Trueline works with, and at
//! [`pack::Pack::load`], which reads one.
//!
//! | module | owns |
//! |---|---|
//! | [`pack`] | items, clauses and checks, once found sound |
//! | [`strategy`] | the sets that `forall` ranges over |
//! | [`value`] | Python values, printed as literals |
//! | [`literal`] | literals, read back |
//! | [`placeholder`] | where documented values stand in documented programs |
//! | [`network`] | the conditions of a shaped network |
//! | [`firmwares`] | the firmware that tests a pack |
//! | [`coverage`] | how much of its document a pack covers |
//! | [`pages`] | what a pack says, as Markdown for people |
//! | [`schema`] | the JSON Schemas of the files, and all keys as tables |
//! | [`built_in`] | the packs in the binary |
//! | [`bounded`], `nesting` | how much is read of what others wrote |
//! | [`problem`] | what is wrong with a pack, and how that is shown |
//!
//! How a file becomes a pack, from the text up:
//!
//! | module | owns |
//! |---|---|
//! | `folder` | the files, their order, their digest |
//! | `tree`, `locate` | YAML as nodes that know their places |
//! | `document` | a file while it is read: places, and the problems found |
//! | `reader`, `field`, `raw` | the shapes of the YAML, read without stopping at a mismatch |
//! | `duration`, `sentence`, `nearest`, `vocabulary` | how small things are written, and known words |
//! | `python`, `piece` | what a piece of Python says about names |
//! | `script`, `wire`, `interaction`, `expectation`, `need`, `scope`, `check` | a check, and the lint of it |
//! | `fixture`, `clause`, `item`, `table`, `example`, `transcript` | what the pack is made of |
//! | `releases` | the items that give back what a target has few of |
//! | `inventory` | the document's sections and what each documents |
//! | `load`, `context` | the pack as a whole |
//!
//! This crate reads the files that it is given and does no other I/O. It runs nothing.

mod admission;
pub mod bounded;
pub mod built_in;
mod check;
mod clause;
mod context;
pub mod coverage;
pub mod document;
mod duration;
mod example;
mod expectation;
pub mod field;
pub mod firmwares;
mod fixture;
mod folder;
mod interaction;
mod inventory;
mod item;
pub mod literal;
mod load;
mod locate;
pub mod nearest;
mod need;
mod nesting;
pub mod network;
pub mod pack;
pub mod pages;
mod piece;
pub mod placeholder;
pub mod problem;
mod python;
mod raw;
mod reader;
mod releases;
pub mod schema;
mod scope;
mod script;
mod sentence;
pub mod strategy;
mod table;
mod transcript;
mod tree;
pub mod value;
pub mod visible;
mod vocabulary;
mod wire;
