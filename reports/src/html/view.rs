//! Owns what the template shows: texts that are ready to stand in the page, in its order.
//! Escaping is the template's.

use indexmap::IndexMap;

use crate::record::{Finding, Level};
use crate::summary::{ClauseResult, FLAKY, Summary};
use crate::tally::ClauseVerdict;
use crate::units::{self, counted};

/// The page.
pub(super) struct Page {
    pub(super) title: String,
    pub(super) outcome: Outcome,
    pub(super) particulars: Vec<Particular>,
    pub(super) counts: Vec<CountsRow>,
    pub(super) total: Vec<usize>,
    pub(super) notes: Vec<NoteView>,
    /// Whether they stand before everything else.
    pub(super) notes_first: bool,
    pub(super) shared: Vec<Shared>,
    pub(super) groups: Vec<FindingGroup>,
    pub(super) deviations: Option<Deviations>,
    pub(super) errata: Vec<Erratum>,
    pub(super) sections: Vec<Section>,
    pub(super) clause_count: usize,
    pub(super) pack: String,
    pub(super) tool: String,
}

/// What happened to the bench.
pub(super) struct NoteView {
    pub(super) says: String,
    /// What it quotes below, as a traceback; empty where that is nothing.
    pub(super) quotes: String,
}

impl NoteView {
    fn of(says: &str) -> NoteView {
        let (says, quotes) = says.trim_end().split_once('\n').unwrap_or((says, ""));
        NoteView {
            says: capitalised(says),
            quotes: quotes.to_owned(),
        }
    }
}

/// The verdict on the run.
pub(super) struct Outcome {
    /// The mark that goes with it, by the name that marks have in the template.
    pub(super) mark: &'static str,
    pub(super) words: &'static str,
    pub(super) reason: String,
    pub(super) remarks: Vec<String>,
}

/// A line of the header.
#[derive(Default)]
pub(super) struct Particular {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) code: String,
    pub(super) digest: String,
}

/// The counts of one level, in the order of [`ClauseVerdict::ALL`], the applicable ones last.
pub(super) struct CountsRow {
    pub(super) level: &'static str,
    pub(super) counts: Vec<usize>,
}

/// Failures with one cause.
pub(super) struct Shared {
    pub(super) title: String,
    pub(super) advice: &'static str,
    pub(super) observed: String,
    pub(super) members: Vec<FindingView>,
}

/// Failures of one weight.
pub(super) struct FindingGroup {
    pub(super) title: &'static str,
    pub(super) says: &'static str,
    pub(super) findings: Vec<FindingView>,
}

/// A finding.
pub(super) struct FindingView {
    pub(super) id: String,
    pub(super) level: &'static str,
    pub(super) basis: String,
    pub(super) says: String,
    pub(super) place: String,
    pub(super) case: String,
    pub(super) expected: String,
    pub(super) observed: String,
    pub(super) remarks: Vec<String>,
    pub(super) inputs: Vec<(String, String)>,
    pub(super) found_with: Vec<(String, String)>,
    pub(super) shrunk: String,
    pub(super) program: String,
    pub(super) stdout: String,
    pub(super) peers: String,
    pub(super) capture: Option<String>,
    pub(super) command: String,
}

/// The list of deviations that was given.
pub(super) struct Deviations {
    pub(super) target: String,
    pub(super) day: String,
    pub(super) entries: Vec<DeviationEntry>,
}

/// An entry of that list.
pub(super) struct DeviationEntry {
    pub(super) reason: String,
    pub(super) link: String,
    pub(super) until: String,
    pub(super) clauses: Vec<ListedClause>,
}

/// A clause of such an entry.
pub(super) struct ListedClause {
    pub(super) id: String,
    pub(super) level: &'static str,
    pub(super) says: String,
    pub(super) mark: &'static str,
    pub(super) words: &'static str,
    /// Where it fails as listed: an expired one stands among the findings.
    pub(super) finding: Option<FindingView>,
}

/// What a misprinted program does.
pub(super) struct Erratum {
    pub(super) id: String,
    pub(super) item: String,
    pub(super) says: String,
    pub(super) place: String,
    pub(super) mark: &'static str,
    pub(super) words: &'static str,
    pub(super) because: String,
    pub(super) finding: Option<FindingView>,
}

/// The clauses of an item, or of all constants.
pub(super) struct Section {
    pub(super) title: String,
    pub(super) kind: String,
    pub(super) levels: Vec<LevelRows>,
}

/// The clauses of a section that weigh the same.
pub(super) struct LevelRows {
    pub(super) level: &'static str,
    pub(super) rows: Vec<Row>,
}

/// A clause.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) mark: &'static str,
    pub(super) word: &'static str,
    pub(super) level: &'static str,
    pub(super) basis: String,
    pub(super) says: String,
    pub(super) because: String,
    pub(super) check: String,
    pub(super) cases: String,
    pub(super) time: String,
    pub(super) place: String,
    pub(super) has_finding: bool,
}

impl Page {
    pub(super) fn of(summary: &Summary<'_>) -> Page {
        let header = &summary.record.header;
        let findings = summary.findings();
        let view = |result: &&ClauseResult<'_>| FindingView::of(summary, result);
        let shared = findings.shared.iter().map(|cause| Shared {
            title: cause.title(),
            advice: cause.advice(),
            observed: cause.observed.to_owned(),
            members: cause.results.iter().filter_map(view).collect(),
        });
        let single: Vec<_> = findings.single.iter().filter_map(view).collect();
        let (must, lesser): (Vec<_>, Vec<_>) = single
            .into_iter()
            .partition(|finding| finding.level == Level::Must.word());
        let groups = [
            FindingGroup {
                title: "Failing must clauses",
                says: "Each of them keeps the target from conforming.",
                findings: must,
            },
            FindingGroup {
                title: "Failing should and may clauses",
                says: "They do not change the outcome; users may still run into them.",
                findings: lesser,
            },
            FindingGroup {
                title: "Flaky clauses",
                says: FLAKY,
                findings: findings.flaky.iter().filter_map(view).collect(),
            },
        ];
        let all = summary.of_the_target();
        Page {
            title: format!(
                "{} · {} {} on {}",
                summary.outcome_words(),
                header.pack.name,
                header.pack.version,
                header.target.called()
            ),
            outcome: Outcome {
                mark: outcome_mark(summary),
                words: summary.outcome_words(),
                reason: capitalised(&summary.reason()),
                remarks: summary.remarks(),
            },
            particulars: particulars(summary),
            counts: Level::ALL.map(|level| CountsRow::of(summary, level)).into(),
            total: ClauseVerdict::ALL
                .iter()
                .map(|verdict| all.of(*verdict))
                .chain([all.applicable()])
                .collect(),
            notes_first: summary.rests_on_notes(),
            notes: summary
                .record
                .notes
                .iter()
                .map(|note| NoteView::of(&note.says))
                .collect(),
            shared: shared.collect(),
            groups: groups
                .into_iter()
                .filter(|group| !group.findings.is_empty())
                .collect(),
            deviations: Deviations::of(summary),
            errata: summary
                .errata()
                .into_iter()
                .map(|result| Erratum::of(summary, result))
                .collect(),
            sections: sections(summary),
            clause_count: all.all(),
            pack: format!("{} {}", header.pack.title, header.pack.version),
            tool: header.tool.clone(),
        }
    }
}

impl CountsRow {
    fn of(summary: &Summary<'_>, level: Level) -> CountsRow {
        let counts = summary.level(level);
        CountsRow {
            level: level.word(),
            counts: ClauseVerdict::ALL
                .iter()
                .map(|verdict| counts.of(*verdict))
                .chain([counts.applicable()])
                .collect(),
        }
    }
}

impl Deviations {
    fn of(summary: &Summary<'_>) -> Option<Deviations> {
        let header = &summary.record.header;
        let list = header.deviations.as_ref()?;
        let entries = summary.deviations().into_iter().map(|entry| {
            let deviation = entry.deviation;
            let until = if deviation.holds {
                "until"
            } else {
                "expired after"
            };
            DeviationEntry {
                reason: deviation.reason.trim().to_owned(),
                link: deviation.link.as_str().to_owned(),
                until: format!("{until} {}", deviation.expires),
                clauses: entry
                    .results
                    .into_iter()
                    .map(|result| ListedClause::of(summary, result))
                    .collect(),
            }
        });
        Some(Deviations {
            target: list.target.clone(),
            day: header.timing.day?.to_string(),
            entries: entries.collect(),
        })
    }
}

impl ListedClause {
    fn of(summary: &Summary<'_>, result: &ClauseResult<'_>) -> ListedClause {
        let clause = result.clause;
        let words = match result.standing() {
            Some((standing, _)) => standing.words(),
            None => result.verdict.word(),
        };
        ListedClause {
            id: clause.id.clone(),
            level: clause.level.word(),
            says: clause.says.clone(),
            mark: mark(result.verdict),
            words,
            finding: result
                .is_excused()
                .then(|| FindingView::of(summary, result))
                .flatten(),
        }
    }
}

impl Erratum {
    fn of(summary: &Summary<'_>, result: &ClauseResult<'_>) -> Erratum {
        let clause = result.clause;
        Erratum {
            id: clause.id.clone(),
            item: clause.item.clone(),
            says: clause.says.clone(),
            place: format!("{}:{}", clause.file, clause.at),
            mark: mark(result.verdict),
            words: result.erratum_words(),
            because: result.because().unwrap_or_default(),
            finding: FindingView::of(summary, result),
        }
    }
}

impl FindingView {
    fn of(summary: &Summary<'_>, result: &ClauseResult<'_>) -> Option<FindingView> {
        let (case, finding) = result.shown()?;
        let clause = result.clause;
        let flaky = result.flaky.filter(|_| result.failing.is_none());
        let because = flaky.map(|(_, _, because)| because.to_owned());
        Some(FindingView {
            id: clause.id.clone(),
            level: clause.level.word(),
            basis: clause.basis.clone(),
            says: clause.says.clone(),
            place: format!("{}:{}", clause.file, clause.at),
            case: case.id.clone(),
            expected: finding.expected.clone(),
            observed: finding.observed.clone(),
            remarks: because.into_iter().chain(finding.remarks()).collect(),
            inputs: pairs(&finding.inputs),
            found_with: finding.found_with.as_ref().map(pairs).unwrap_or_default(),
            shrunk: shrunk(finding),
            program: finding.program.clone(),
            stdout: finding.stdout.clone(),
            peers: finding.peers.join("\n"),
            capture: case.capture.as_ref().map(ToString::to_string),
            command: summary.rerun(result).unwrap_or_default(),
        })
    }
}

fn pairs(inputs: &std::collections::BTreeMap<String, String>) -> Vec<(String, String)> {
    inputs
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn shrunk(finding: &Finding) -> String {
    match finding.shrink_runs {
        0 => "as drawn".to_owned(),
        1 => "shrunk in 1 run".to_owned(),
        runs => format!("shrunk in {runs} runs"),
    }
}

fn outcome_mark(summary: &Summary<'_>) -> &'static str {
    use crate::record::Outcome as Came;
    match summary.outcome {
        Some(Came::Conforms) => mark(ClauseVerdict::Pass),
        Some(Came::DoesNotConform) => mark(ClauseVerdict::Fail),
        Some(Came::BenchFailed) => mark(ClauseVerdict::Inconclusive),
        Some(Came::Interrupted) | None => mark(ClauseVerdict::NotRun),
    }
}

fn mark(verdict: ClauseVerdict) -> &'static str {
    match verdict {
        ClauseVerdict::Pass => "pass",
        ClauseVerdict::Fail => "fail",
        ClauseVerdict::Flaky => "flaky",
        ClauseVerdict::NotApplicable => "not-applicable",
        ClauseVerdict::Inconclusive => "inconclusive",
        ClauseVerdict::NotRun => "not-run",
    }
}

fn particulars(summary: &Summary<'_>) -> Vec<Particular> {
    let record = summary.record;
    let header = &record.header;
    let named = |name, value: String| Particular {
        name,
        value,
        ..Particular::default()
    };
    let mut lines = Vec::new();
    let url = header.target.url.clone();
    if let Some(name) = &header.target.name {
        lines.push(named("Called", name.clone()));
    }
    match &header.target.identity {
        Some(identity) => {
            let says = format!(
                "{} {} on {}, programs by {}",
                identity.implementation, identity.version, identity.platform, identity.submission
            );
            lines.push(Particular {
                code: url,
                ..named("Target", says)
            });
            for (name, says) in identity.details() {
                lines.push(named(name, says));
            }
            if let Some(bytes) = header.timing.free_memory {
                lines.push(named("Free memory", units::bytes(bytes)));
            }
            lines.push(named("Capabilities", identity.capabilities.join(", ")));
        }
        None => {
            let says = "could not be opened".to_owned();
            lines.push(Particular {
                code: url,
                ..named("Target", says)
            });
        }
    }
    let pack = format!("{} {}", header.pack.name, header.pack.version);
    let plan = format!(
        "{}, {}, {} for each property",
        counted(header.plan.clauses, "clause"),
        counted(header.plan.cases, "case"),
        header.plan.cases_per_property
    );
    let digested = |name, value: String, digest: &str| Particular {
        digest: digest.to_owned(),
        ..named(name, value)
    };
    lines.push(digested("Pack", pack, &header.pack.digest));
    lines.push(digested(
        "Document",
        header.pack.source.clone(),
        &header.pack.source_sha256,
    ));
    lines.push(digested("Plan", plan, &header.plan.digest));
    lines.push(Particular {
        code: header.seed.to_string(),
        ..named("Seed", String::new())
    });
    let mut time = units::instant(&header.timing.started).unwrap_or_default();
    if let Some(closing) = &record.closing {
        let took = units::micros(closing.timing.millis.saturating_mul(1000));
        time.push_str(&format!("; it took {took}"));
    }
    lines.push(named("Started", time));
    if let Some(closing) = &record.closing {
        let lines_before = "all lines before the closing one, times left out".to_owned();
        lines.push(digested("Record", lines_before, &closing.digest));
    }
    lines
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

fn sections(summary: &Summary<'_>) -> Vec<Section> {
    let mut by_item: IndexMap<&str, Vec<&ClauseResult<'_>>> = IndexMap::new();
    let clauses = summary.clauses.iter();
    for result in clauses.filter(|result| !result.clause.is_of_the_document()) {
        // A table for each of fifty constants would be fifty headings over one row.
        let title = if result.clause.kind == "constant" {
            "Constants"
        } else {
            &result.clause.item
        };
        by_item.entry(title).or_default().push(result);
    }
    by_item
        .into_iter()
        .map(|(title, results)| section(title, &results))
        .collect()
}

fn section(title: &str, results: &[&ClauseResult<'_>]) -> Section {
    let levels = Level::ALL.map(|level| LevelRows {
        level: level.word(),
        rows: results
            .iter()
            .filter(|result| result.clause.level == level)
            .map(|result| Row::of(result))
            .collect(),
    });
    let kind = results
        .first()
        .map_or("", |result| result.clause.kind.as_str());
    Section {
        title: title.to_owned(),
        kind: if kind == "constant" {
            String::new()
        } else {
            kind.to_owned()
        },
        levels: levels
            .into_iter()
            .filter(|level| !level.rows.is_empty())
            .collect(),
    }
}

impl Row {
    fn of(result: &ClauseResult<'_>) -> Row {
        let clause = result.clause;
        let run = clause.cases.saturating_sub(result.cases.not_run);
        let name = match clause.kind.as_str() {
            "constant" => &clause.id,
            _ => clause
                .id
                .strip_prefix(&clause.item)
                .and_then(|name| name.strip_prefix('/'))
                .unwrap_or(&clause.id),
        };
        Row {
            id: clause.id.clone(),
            name: name.to_owned(),
            mark: mark(result.verdict),
            word: result.verdict.word(),
            level: clause.level.word(),
            basis: clause.basis.clone(),
            says: clause.says.clone(),
            because: result
                .because()
                .or_else(|| result.standing_words())
                .unwrap_or_default(),
            check: clause.check.clone(),
            cases: if run == clause.cases {
                run.to_string()
            } else {
                format!("{run} of {}", clause.cases)
            },
            time: units::micros(result.micros),
            place: format!("{}:{}", clause.file, clause.at),
            has_finding: result.shown().is_some(),
        }
    }
}
