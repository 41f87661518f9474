//! Owns what a record says before its first case: the run, the target and the planned
//! clauses, in the record's own shapes. Writes nothing.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use trueline_adapters::session::TargetInfo;
use trueline_adapters::target::Target;
use trueline_adapters::target_url::TargetUrl;
use trueline_reports::{file_digest, record};
use trueline_spec::bounded;
use trueline_spec::pack::{Capability, Level};

use crate::plan::{Plan, PlannedClause};

/// What writes the record.
pub const TOOL: &str = concat!("trueline ", env!("CARGO_PKG_VERSION"));

/// The header of a run; `opened` is `None` when the target could not be opened, and `given` where
/// what the run was given cannot be written down.
#[must_use]
pub fn header(
    plan: &Plan<'_>,
    target: &Target,
    opened: Option<&TargetInfo>,
    given: Option<&record::Given>,
) -> record::Header {
    record::Header {
        format: record::FORMAT.to_owned(),
        version: record::VERSION,
        tool: TOOL.to_owned(),
        pack: record::Pack {
            name: plan.pack.name.clone(),
            version: plan.pack.version.clone(),
            title: plan.pack.title.clone(),
            digest: plan.pack.digest.clone(),
            source: plan.pack.source.title.clone(),
            source_sha256: plan.pack.source.sha256.clone(),
        },
        plan: record::Plan {
            clauses: plan.clauses.len(),
            cases: plan.case_count(),
            digest: plan.digest(),
            cases_per_property: plan.selection.cases,
            only: plan.selection.only.clone(),
            failed_before: plan.digest_of_failed_before(),
        },
        target: record::Target {
            name: target.name().map(str::to_owned),
            url: target.url().to_string(),
            boot: digest_of_boot_file(target.url()),
            reset: digest_of_reset_command(target),
            identity: opened.map(identity),
        },
        deviations: plan.deviations.as_ref().map(|list| record::Deviations {
            target: list.target.clone(),
        }),
        seed: plan.selection.seed,
        timing: record::HeaderTiming {
            started: now(),
            day: plan.deviations.as_ref().map(|list| list.day),
            free_memory: opened.and_then(|opened| opened.free_memory),
            given: given.cloned(),
        },
    }
}

/// SHA-256 of the target's boot file; `None` where it has none, or none that can be read: on such a
/// target nothing is run.
#[must_use]
pub fn digest_of_boot_file(url: &TargetUrl) -> Option<String> {
    let bytes = bounded::read(url.boot()?, bounded::LARGEST_TEXT).ok()?;
    Some(file_digest(&bytes))
}

/// SHA-256 of the words of the command that resets the target, each followed by a line feed; `None`
/// where it has none.
#[must_use]
pub fn digest_of_reset_command(target: &Target) -> Option<String> {
    let words = target.reset()?.iter();
    let lines: String = words.map(|word| format!("{word}\n")).collect();
    Some(file_digest(lines.as_bytes()))
}

/// What a target says of itself.
#[must_use]
pub fn identity(target: &TargetInfo) -> record::Identity {
    record::Identity {
        implementation: target.implementation.clone(),
        version: target.version.clone(),
        platform: target.platform.clone(),
        machine: target.machine.clone(),
        build: target.build.clone(),
        modules: target.modules.clone(),
        submission: target.submission.to_string(),
        capabilities: target
            .capabilities
            .iter()
            .map(Capability::to_string)
            .collect(),
    }
}

fn now() -> String {
    // The format has no part that a valid time could lack.
    OffsetDateTime::now_utc()
        .format(&Rfc3339)
        .unwrap_or_default()
}

/// The record's line of a planned clause.
#[must_use]
pub fn clause(planned: &PlannedClause<'_>) -> record::Clause {
    let clause = planned.clause;
    record::Clause {
        id: clause.id.clone(),
        item: planned.item.id.clone(),
        kind: planned.item.kind.word().to_owned(),
        check: clause.check.kind.word().to_owned(),
        level: match clause.level {
            Level::Must => record::Level::Must,
            Level::Should => record::Level::Should,
            Level::May => record::Level::May,
        },
        basis: clause.basis.word().to_owned(),
        says: clause.says.clone(),
        file: clause.place.file.display().to_string(),
        at: clause.place.line,
        cases: planned.cases.len(),
        releases: planned.item.releases,
        deviation: planned.deviation.clone(),
    }
}
