//! Measures what a small program costs on a target, from scenario to observation:
//! `cargo run --release -p trueline-adapters --example round_trip -- exec:micropython`.

use std::error::Error;
use std::time::{Duration, Instant};

use trueline_adapters::open;
use trueline_adapters::scenario::Scenario;
use trueline_adapters::session::Session;

const RUNS: usize = 5000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "agent:".to_owned());
    let started = Instant::now();
    let mut session = open(&url.parse()?, 0).await?;
    let target = session.target();
    println!(
        "{url}: {} {}, {}, open after {:?}",
        target.implementation,
        target.version,
        target.submission,
        started.elapsed()
    );
    for (name, body) in [
        ("one value", "observe(a=1)".to_owned()),
        (
            "300 bytes",
            format!("x = '{}'\nobserve(n=len(x))", "x".repeat(270)),
        ),
        (
            "4000 bytes",
            format!("x = '{}'\nobserve(n=len(x))", "x".repeat(3970)),
        ),
    ] {
        let scenario = Scenario {
            recurs: true,
            ..Scenario::alone(name, "", body, Duration::from_secs(5))
        };
        let mut times = Vec::with_capacity(RUNS);
        for _ in 0..RUNS {
            let begun = Instant::now();
            session.run(&scenario).await?;
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        println!(
            "{name}: median {:?}, 99 % {:?}",
            times[RUNS / 2],
            times[RUNS * 99 / 100]
        );
    }
    Ok(())
}
