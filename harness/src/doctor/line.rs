//! Owns the examinations of the way to the target: how it opens, how programs are sent, how long a
//! small one takes, and how fast bytes pass.

use std::time::{Duration, Instant};

use trueline_adapters::observation::Ending;
use trueline_adapters::scenario::{Judged, Scenario};
use trueline_adapters::session::Submission;

use super::Found;
use super::patient::{Patient, scenario};

/// Programs whose median is the round trip.
const TRIPS: usize = 11;
/// A target that takes longer for a program that does nothing is slow for a run of thousands.
const SLOW: Duration = Duration::from_millis(500);
/// Bytes whose passing is measured, and what part of a small board's memory they may take.
const SAMPLE: u64 = 4096;
const SHARE: u64 = 16;
/// Nothing is known of the memory: as much as the smallest boards can spare.
const LEAST: u64 = 512;

/// The target has opened.
pub(super) fn link(patient: &Patient<'_>, took: Duration) -> Found {
    let info = patient.info();
    let name = format!("{} {}", info.implementation, info.version);
    let parts = [name.trim(), &info.machine, &info.build];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let mut says = format!("opened in {}: {}", millis(took), parts.join(", "));
    if let Some(baud) = patient.baud() {
        says = format!("{says}, at {baud} baud");
    }
    Found::Sound(says)
}

/// How programs are sent.
pub(super) fn repl(patient: &Patient<'_>) -> Found {
    Found::Sound(match patient.info().submission {
        Submission::RawPaste => "raw paste: the board says when it can take more".to_owned(),
        Submission::Plain => {
            "plain raw REPL: without flow control, so programs are sent in small pieces".to_owned()
        }
        Submission::Direct => "none in between: programs are called directly".to_owned(),
    })
}

/// The median of some programs that do nothing.
pub(super) async fn round_trip(patient: &mut Patient<'_>) -> Result<Found, Found> {
    let mut trips = Vec::new();
    for _ in 0..TRIPS {
        trips.push(patient.run("").await?);
    }
    trips.sort();
    patient.round_trip = trips[TRIPS / 2];
    let says = format!("{} for an empty program", millis(patient.round_trip));
    if patient.round_trip < SLOW {
        return Ok(Found::Sound(says));
    }
    Ok(Found::problem(
        says,
        "a run of the whole pack takes long this way; choose a faster `baud`, or look what stands \
         between here and the board",
    ))
}

/// A program with a long literal.
pub(super) async fn to_target(patient: &mut Patient<'_>) -> Result<Found, Found> {
    if let Some(not) = without_line(patient) {
        return Ok(not);
    }
    let count = sample(patient);
    let body = format!("observe(n=len('{}'))", "x".repeat(count));
    let took = patient.run(&body).await?;
    Ok(rate(patient, count, took))
}

/// A program that prints much.
pub(super) async fn from_target(patient: &mut Patient<'_>) -> Result<Found, Found> {
    if let Some(not) = without_line(patient) {
        return Ok(not);
    }
    let count = sample(patient);
    let asks = Scenario {
        judged: Judged {
            output: true,
            ..Judged::default()
        },
        ..scenario("", &format!("print('x' * {count})"))
    };
    let begun = Instant::now();
    let observation = patient.observe(&asks).await?;
    let took = begun.elapsed();
    if observation.ending != Ending::Finished || observation.stdout.trim_end().len() != count {
        return Ok(Found::problem(
            format!(
                "of {count} characters that were printed, {} arrived",
                observation.stdout.trim_end().len()
            ),
            "the line loses bytes; choose a slower `baud`, or a better cable",
        ));
    }
    Ok(rate(patient, count, took))
}

fn without_line(patient: &Patient<'_>) -> Option<Found> {
    let is_direct = patient.info().submission == Submission::Direct;
    is_direct.then(|| Found::NotExamined("there is no line to the target".to_owned()))
}

/// How many bytes are sent to see how fast they are.
fn sample(patient: &Patient<'_>) -> usize {
    let free = patient.info().free_memory;
    let count = free.map_or(LEAST, |free| (free / SHARE).min(SAMPLE));
    usize::try_from(count).unwrap_or_default().max(64)
}

fn rate(patient: &Patient<'_>, count: usize, took: Duration) -> Found {
    // What passes beside the sample passes with an empty program as well.
    let took = took.saturating_sub(patient.round_trip).as_secs_f64();
    let rate = count as f64 / took.max(1e-6);
    let mut says = format!("{rate:.0} bytes/s");
    if let Some(baud) = patient.baud() {
        let percent = rate * 1000.0 / f64::from(baud);
        says = format!("{says}, {percent:.0} % of what {baud} baud can do");
    }
    Found::Sound(says)
}

/// A duration for people.
pub(super) fn millis(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1000.0)
}
