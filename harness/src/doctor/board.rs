//! Owns the examinations of what the target has: memory for the pack's programs, a clock, the module
//! under test, and sockets.

use std::time::Duration;

use trueline_adapters::observation::{Ending, Observation};
use trueline_adapters::scenario::Scenario;
use trueline_adapters::session::Clock;
use trueline_reports::counted;
use trueline_spec::value::Value;

use super::Found;
use super::line::millis;
use super::patient::{Patient, ROOM, ended, scenario};

/// How long the target is told to wait by its own clock.
const SPELL: Duration = Duration::from_millis(300);
/// By how much of it clocks may differ: far more than any quartz is off, and less than a clause that
/// is about time leaves.
const TOLERANCE: f64 = 0.1;
/// How often clocks are compared before they are said to differ.
const LOOKS: usize = 3;
/// Sockets that the documented board can have.
const SOCKETS: usize = 9;

/// Compiles the pack's longest program on the target, and runs nothing of it.
pub(super) async fn memory(patient: &mut Patient<'_>) -> Result<Found, Found> {
    let text = |clause: &trueline_spec::pack::Clause| {
        format!("{}\n{}", clause.check.setup, clause.check.program)
    };
    let clauses = patient.pack.clauses().map(|(_, clause)| clause);
    let Some(longest) = clauses.max_by_key(|clause| text(clause).len()) else {
        return Ok(Found::NotExamined("the pack has no clause".to_owned()));
    };
    let program = text(longest);
    let lines = program.lines().map(|line| format!(" {line}\n"));
    let body = format!("def program():\n pass\n{}", lines.collect::<String>());
    let why = match patient.observe(&scenario("", &body)).await {
        Ok(observation) if observation.ending == Ending::Finished => None,
        Ok(observation) => Some(ended(&observation.ending)),
        Err(Found::Problem { says, .. }) if !patient.is_lost() => Some(says),
        Err(found) => return Err(found),
    };
    let free = match patient.info().free_memory {
        Some(bytes) => format!("{} free", counted(bytes, "byte")),
        None => "it does not say how much is free".to_owned(),
    };
    let what = format!(
        "the pack's longest program, {}",
        counted(program.len(), "byte")
    );
    Ok(match why {
        None => Found::Sound(format!("{free}; {what}, fits")),
        Some(why) => Found::problem(
            format!("{free}; {what} of {}, does not fit: {why}", longest.id),
            ROOM,
        ),
    })
}

/// Waits by the target's clock, and looks how long that took by the bench's. A machine that is busy
/// adds to what is seen here, so it is looked at again before anything is said of the target.
pub(super) async fn clock(patient: &mut Patient<'_>) -> Result<Found, Found> {
    if patient.info().clock == Clock::Virtual {
        return Ok(Found::NotExamined("its time is simulated".to_owned()));
    }
    let mut found = compare_clocks(patient).await?;
    for _ in 1..LOOKS {
        if matches!(found, Found::Sound(_)) {
            break;
        }
        found = compare_clocks(patient).await?;
    }
    Ok(found)
}

async fn compare_clocks(patient: &mut Patient<'_>) -> Result<Found, Found> {
    let body = format!(
        "import time\n\
         ticks = getattr(time, 'ticks_ms', lambda: int(time.time() * 1000))\n\
         diff = getattr(time, 'ticks_diff', lambda a, b: a - b)\n\
         begun = ticks()\n\
         time.sleep({})\n\
         observe(took=diff(ticks(), begun))\n",
        SPELL.as_secs_f64()
    );
    let waits = Scenario {
        waits: SPELL,
        ..scenario("", &body)
    };
    let observation = patient.observe(&waits).await?;
    let (Ending::Finished, Some(Value::Int(took))) =
        (&observation.ending, observation.values.get("took"))
    else {
        return Ok(Found::problem(
            format!("it has no clock to ask: {}", ended(&observation.ending)),
            "clauses that wait or look at the time will fail; give it `time` with `sleep` and \
             `ticks_ms`, in the boot file if need be",
        ));
    };
    let host = observation
        .elapsed
        .most()
        .saturating_sub(patient.round_trip);
    let target = Duration::from_millis(u64::try_from(*took).unwrap_or(0));
    let says = format!(
        "{} passed on the target and {} here",
        millis(target),
        millis(host)
    );
    let room = SPELL.mul_f64(TOLERANCE) + patient.round_trip;
    let agree = host.abs_diff(target) <= room && target + room >= SPELL;
    Ok(match agree {
        true => Found::Sound(says),
        false => Found::problem(
            says,
            "timeouts would be judged wrongly; set the board's clock right, and examine it again \
             when this machine is not busy",
        ),
    })
}

/// Imports the module under test.
pub(super) async fn modules(patient: &mut Patient<'_>) -> Result<Found, Found> {
    let module = patient.pack.module.import.clone();
    let observation = patient
        .observe(&scenario("", &format!("import {module}\n")))
        .await?;
    let others = match patient.info().modules.join(", ") {
        names if names.is_empty() => "it names no other modules".to_owned(),
        names => format!("it has {names}"),
    };
    patient.has_module = observation.ending == Ending::Finished;
    Ok(match observation.ending {
        Ending::Finished => Found::Sound(format!("`{module}` can be imported; {others}")),
        ending => Found::problem(
            format!(
                "`{module}` cannot be imported: {}; {others}",
                ended(&ending)
            ),
            format!(
                "give a boot file that makes `{module}`, with `boot=FILE`, or another firmware"
            ),
        ),
    })
}

/// Opens sockets until there are no more.
pub(super) async fn sockets(patient: &mut Patient<'_>) -> Result<Found, Found> {
    if let Some(not) = without_module(patient) {
        return Ok(not);
    }
    let body = format!(
        "def many(kind):\n\
         \x20kept = []\n\
         \x20try:\n\
         \x20 while len(kept) < {SOCKETS}:\n\
         \x20  kept.append(socket.socket(socket.AF_INET, kind))\n\
         \x20except OSError as e:\n\
         \x20 observe(why=str(e))\n\
         \x20for s in kept: s.close()\n\
         \x20return len(kept)\n\
         observe(tcp=many(socket.SOCK_STREAM))\n\
         observe(udp=many(socket.SOCK_DGRAM))\n"
    );
    let opening = format!("import {} as socket\n", patient.pack.module.import);
    let observation = patient.observe(&scenario(&opening, &body)).await?;
    let count = |name| match observation.values.get(name) {
        Some(Value::Int(count)) => *count,
        _ => 0,
    };
    let says = format!(
        "{} TCP or {} UDP sockets at once, of the {SOCKETS} that the documented board has",
        count("tcp"),
        count("udp")
    );
    if observation.ending == Ending::Finished && count("tcp") > 0 && count("udp") > 0 {
        return Ok(Found::Sound(says));
    }
    Ok(Found::problem(
        format!("{says}: {}", why(&observation)),
        "close the sockets that a boot file or `main.py` leaves open, or start the board anew",
    ))
}

fn why(observation: &Observation) -> String {
    match (&observation.ending, observation.values.get("why")) {
        (Ending::Finished, Some(Value::Text(why))) => why.clone(),
        (ending, _) => ended(ending),
    }
}

/// What needs sockets is not examined where there are none.
pub(super) fn without_module(patient: &Patient<'_>) -> Option<Found> {
    let module = &patient.pack.module.import;
    (!patient.has_module).then(|| Found::NotExamined(format!("`{module}` cannot be imported")))
}
