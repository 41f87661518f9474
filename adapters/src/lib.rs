//! Everything that Trueline opens a line to: targets, their sessions, and the peers that the
//! target talks to.
//!
//! Start at [`session::Session`]: one verb, [`run`](session::Session::run), takes a
//! [`scenario::Scenario`] and gives an [`observation::Observation`]. [`open()`] gives a session
//! of a [`target::Target`], which a [`target_url::TargetUrl`] is enough for.
//!
//! Below it, `console` drives the [raw REPL's client](raw_repl) over a line of `links`,
//! `program_text` fills a program's places, `helper` puts `target.py` on the target and calls it,
//! `report_lines` reads what it printed, and [`peers`] play their scripts beside the program.
//! What runs in an interpreter of this project runs in a [`worker`] process.

mod bench;
mod boot;
mod calls;
mod console;
mod doubt;
pub mod error;
mod excerpt;
mod free_port;
mod helper;
mod identity;
mod line_clock;
mod links;
pub mod observation;
mod open;
pub mod patience;
pub mod peers;
mod program_text;
pub mod raw_repl;
mod repl_session;
mod report_lines;
mod report_sum;
mod reset_command;
mod room;
pub mod scenario;
pub mod secrets;
pub mod session;
mod sim;
pub mod span;
pub mod target;
pub mod target_url;
pub mod wifi;
pub mod worker;

pub use open::{OpenTarget, open, open_with};
pub use repl_session::ReplSession;
pub use sim::SimSession;
