//! The harness on real targets. Each module makes claims about one thing; `bench` holds how
//! they run a plan.

mod bench;
mod command_line;
mod examples;
mod pack;
mod real_targets;
mod sick_targets;
mod wrong_firmware;
