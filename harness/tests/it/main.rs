//! The harness on real targets. Each module makes claims about one thing; `bench` holds how
//! they run a plan.

mod bench;
mod command_line;
mod deviations;
mod doctor;
mod examples;
mod farm;
mod farm_bench;
mod firmwares;
mod listings;
mod pack;
mod pages;
mod real_targets;
mod resume;
mod secrets;
mod sick_targets;
mod simulator;
mod small_pack;
mod targets;
mod wire_bytes;
