//! The record of a Trueline run, and everything that is rendered from it.
//!
//! Start at [`record`]: the shape of `record.jsonl`. [`journal`] writes and reads it,
//! [`tally`] says who was judged how, [`summary`] what to make of that. [`html`],
//! [`markdown`] and [`junit`] are functions of a [`journal::Record`] and of nothing else; [`mod@format`]
//! lists them.

pub mod capture_file;
mod case_id;
pub mod day;
mod digest;
pub mod format;
pub mod html;
pub mod journal;
pub mod junit;
pub mod markdown;
pub mod record;
mod rerun;
pub mod summary;
pub mod tally;
mod units;
pub mod web_link;

pub use digest::{digest_of, file_digest, plan_digest};
pub use rerun::rerun_command;
pub use trueline_spec::visible;
pub use units::counted;
