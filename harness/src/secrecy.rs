//! Owns that what a run tells of its cases holds no secret, whatever a target printed, raised or
//! reported. What breaks and what a target says of itself come from the session without secrets.

use trueline_adapters::secrets::Secrets;
use trueline_reports::record::{Finding, Verdict};

use crate::run::Event;

/// The event without secrets. Inputs that refuted a clause stay as they are: the harness drew them.
#[must_use]
pub fn without_secrets(mut event: Event, secrets: &Secrets) -> Event {
    match &mut event {
        Event::Case {
            verdict: Verdict::Fail { finding },
            ..
        } => hide_in(finding, secrets),
        Event::Case {
            verdict: Verdict::Flaky { finding, because },
            ..
        } => {
            hide_in(finding, secrets);
            hide(because, secrets);
        }
        Event::Case {
            verdict: Verdict::Inconclusive { because: says, .. },
            ..
        }
        | Event::Note(says) => hide(says, secrets),
        Event::Case { .. } | Event::NotRun { .. } | Event::End(_) => {}
    }
    event
}

fn hide_in(finding: &mut Finding, secrets: &Secrets) {
    let Finding {
        expected,
        observed,
        inputs,
        found_with,
        shrink_runs: _,
        program,
        stdout,
        peers,
        after: _,
        unconfirmed,
        sign: _,
    } = finding;
    let inputs = inputs.values_mut();
    let inputs = inputs.chain(found_with.iter_mut().flat_map(|inputs| inputs.values_mut()));
    let texts = [expected, observed, program, stdout];
    let texts = texts.into_iter().chain(peers).chain(inputs);
    for says in texts.chain(unconfirmed) {
        hide(says, secrets);
    }
}

fn hide(says: &mut String, secrets: &Secrets) {
    let hidden = secrets.hide(says);
    if hidden != *says {
        *says = hidden.into_owned();
    }
}
