//! The harness on real targets. Each module makes claims about one thing; `bench` holds how
//! they run a plan.

mod bench;
mod command_line;
mod confirmation;
mod console;
mod deviations;
mod doctor;
mod documents;
mod examples;
mod farm;
mod farm_bench;
mod files;
mod firmwares;
mod forging;
mod held_up;
mod limits;
mod lines;
mod listings;
mod microbit;
mod notices;
mod pack;
mod pages;
mod real_targets;
#[path = "../../../adapters/tests/targets/relay.rs"]
#[expect(dead_code, reason = "claims about sessions need more of it")]
mod relay;
mod report;
mod rerun;
mod resume;
mod running;
mod secrets;
#[path = "../../../adapters/tests/targets/ser2net.rs"]
mod ser2net;
mod sick_targets;
mod simulator;
mod small_pack;
mod targets;
mod wire_bytes;
mod words;
