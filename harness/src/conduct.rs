//! Owns a whole run from a plan and a target's URL to a closed record: opens the target, runs
//! the plan on it, and writes down what could not be. Renders nothing.

use std::io::Write;
use std::time::Instant;

use trueline_adapters::error::BenchError;
use trueline_adapters::open;
use trueline_adapters::session::Session;
use trueline_adapters::target_url::TargetUrl;
use trueline_reports::journal::{WriteError, Writer};
use trueline_reports::record::{Closing, NotRun, Note, Reason};

use crate::heading;
use crate::judge::Judge;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::regressions::Regressions;
use crate::run::Run;
use crate::stop::Stop;

/// Runs `plan` on the target and writes the record to `out`.
///
/// A target that cannot be opened is put on record as well: nothing of the plan was run then.
///
/// # Errors
/// When the record cannot be written.
pub async fn conduct<W: Write>(
    plan: &Plan<'_>,
    url: &TargetUrl,
    out: W,
    regressions: &mut Regressions,
    progress: &Progress,
    stop: &Stop,
) -> Result<Closing, WriteError> {
    let start = Instant::now();
    let opened = tokio::select! {
        biased;
        () = stop.requested() => Err(Unopened::Stopped),
        opened = open(url, plan.selection.seed) => opened.map_err(Unopened::Broke),
    };
    let target = opened.as_ref().ok().map(Session::target);
    let mut journal = Writer::new(out, &heading::header(plan, &url.to_string(), target))?;
    for planned in &plan.clauses {
        journal.clause(&heading::clause(planned))?;
    }
    match opened {
        Ok(mut session) => {
            let judge = Judge::default();
            let run = Run {
                plan,
                session: &mut session,
                judge: &judge,
                journal: &mut journal,
                regressions,
                progress,
                stop,
            };
            run.all().await?;
        }
        Err(unopened) => {
            let because = match unopened {
                Unopened::Stopped => Reason::Interrupted,
                Unopened::Broke(error) => {
                    let says = error.to_string();
                    progress.note(&says);
                    journal.note(&Note { says })?;
                    Reason::BenchLost
                }
            };
            let cases = plan.clauses.iter().flat_map(|planned| &planned.cases);
            let cases = cases.map(|case| case.id.clone()).collect();
            journal.not_run(&NotRun { cases, because })?;
        }
    }
    progress.finish();
    journal.close(u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX))
}

enum Unopened {
    Stopped,
    Broke(BenchError),
}
