//! Owns the Markdown of a record (GitHub's dialect): for step summaries, issues and release
//! notes. What a target printed stands only in code, which it cannot break out of.

use indexmap::IndexMap;

use crate::journal::Record;
use crate::record::{Finding, Level};
use crate::summary::{ClauseResult, FLAKY, SharedCause, Standing, Summary};
use crate::tally::ClauseVerdict;
use crate::units::{self, counted};
use crate::visible;

/// The Markdown of a record: the outcome, the findings, then every clause by item.
#[must_use]
pub fn render(record: &Record) -> String {
    let summary = Summary::of(record);
    let mut page = Page::default();
    page.outcome(&summary);
    let notes_first = summary.rests_on_notes();
    if notes_first {
        page.notes(record);
    }
    page.particulars(record);
    page.counts(&summary);
    if !notes_first {
        page.notes(record);
    }
    page.findings(&summary);
    page.deviations(&summary);
    page.errata(&summary);
    page.clauses(&summary);
    page.text
}

/// A page that is being written.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn paragraph(&mut self, text: &str) {
        self.line(text);
        self.line("");
    }

    fn outcome(&mut self, summary: &Summary<'_>) {
        self.paragraph(&format!("# {}", prose(&summary.sentence())));
        let pack = &summary.record.header.pack;
        self.paragraph(&format!(
            "{} {}, pack {}, on {}",
            prose(&pack.title),
            prose(&pack.version),
            code(&pack.name),
            code(summary.record.header.target.called())
        ));
        let remarks = summary.remarks();
        for remark in &remarks {
            self.line(&format!("- {}", prose(remark)));
        }
        if !remarks.is_empty() {
            self.line("");
        }
    }

    fn particulars(&mut self, record: &Record) {
        let header = &record.header;
        self.line("| | |");
        self.line("|---|---|");
        if header.target.name.is_some() {
            self.row("URL", &[code(&header.target.url)]);
        }
        match &header.target.identity {
            Some(identity) => {
                self.row(
                    "Target",
                    &[
                        code(&identity.implementation),
                        code(&identity.version),
                        format!("on {}", code(&identity.platform)),
                    ],
                );
                for (name, says) in identity.details() {
                    self.row(name, &[code(&says)]);
                }
                if let Some(bytes) = header.timing.free_memory {
                    self.row("Free memory", &[units::bytes(bytes)]);
                }
                let capabilities: Vec<_> = identity
                    .capabilities
                    .iter()
                    .map(|name| code(name))
                    .collect();
                self.row("Capabilities", &capabilities);
            }
            None => self.row("Target", &["could not be opened".to_owned()]),
        }
        self.row(
            "Pack",
            &[
                code(&header.pack.name),
                code(&header.pack.version),
                format!("SHA-256 {}", code(&header.pack.digest)),
            ],
        );
        self.row(
            "Document",
            &[
                prose(&header.pack.source),
                format!("SHA-256 {}", code(&header.pack.source_sha256)),
            ],
        );
        self.row(
            "Plan",
            &[
                format!(
                    "{}, {},",
                    counted(header.plan.clauses, "clause"),
                    counted(header.plan.cases, "case")
                ),
                format!("SHA-256 {}", code(&header.plan.digest)),
            ],
        );
        self.row("Seed", &[code(&header.seed.to_string())]);
        let started = units::instant(&header.timing.started);
        let took = record.closing.as_ref().map(|closing| {
            format!(
                "took {}",
                units::micros(closing.timing.millis.saturating_mul(1000))
            )
        });
        let times: Vec<_> = started.into_iter().chain(took).collect();
        self.row("Time", &[times.join(", ")]);
        self.row("Tool", &[code(&header.tool)]);
        self.line("");
    }

    fn row(&mut self, name: &str, cells: &[String]) {
        self.cells(&[name.to_owned(), cells.join(" ")]);
    }

    /// A row of a table. A bar would end its cell, in code too.
    fn cells(&mut self, cells: &[String]) {
        let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        self.line(&format!("| {} |", cells.join(" | ")));
    }

    fn counts(&mut self, summary: &Summary<'_>) {
        self.paragraph("## Clauses by level");
        let words = ClauseVerdict::ALL.map(ClauseVerdict::word).join(" | ");
        self.line(&format!("| level | {words} | applicable |"));
        self.line(&format!(
            "|---|{}",
            "---:|".repeat(ClauseVerdict::ALL.len() + 1)
        ));
        for level in Level::ALL {
            let counts = summary.level(level);
            let mut cells = vec![level.word().to_owned()];
            cells.extend(ClauseVerdict::ALL.map(|verdict| counts.of(verdict).to_string()));
            cells.push(counts.applicable().to_string());
            self.cells(&cells);
        }
        self.line("");
    }

    fn notes(&mut self, record: &Record) {
        if record.notes.is_empty() {
            return;
        }
        self.paragraph("## The bench");
        for note in &record.notes {
            match note.says.trim_end().split_once('\n') {
                None => self.line(&format!("- {}", code(&note.says))),
                // A traceback keeps its lines.
                Some((first, rest)) => {
                    self.paragraph(&format!("- {}", code(first)));
                    self.fence("text", rest);
                }
            }
        }
        self.line("");
    }

    fn findings(&mut self, summary: &Summary<'_>) {
        let findings = summary.findings();
        if !findings.shared.is_empty() || !findings.single.is_empty() {
            self.paragraph("## Findings");
        }
        for cause in &findings.shared {
            self.shared(summary, cause);
        }
        for result in &findings.single {
            self.single(summary, result);
        }
        if !findings.flaky.is_empty() {
            self.paragraph("## Flaky clauses");
            self.paragraph(FLAKY);
        }
        for result in &findings.flaky {
            self.single(summary, result);
        }
    }

    fn shared(&mut self, summary: &Summary<'_>, cause: &SharedCause<'_>) {
        self.paragraph(&format!("### {}", cause.title()));
        self.paragraph(cause.advice());
        self.fence("text", cause.observed);
        for result in &cause.results {
            self.line(&format!(
                "- {} ({}): {}",
                code(&result.clause.id),
                result.clause.level.word(),
                prose(&result.clause.says)
            ));
        }
        self.line("");
        if let Some((first, (_, finding))) = cause
            .results
            .iter()
            .find_map(|result| Some((result, result.failing?)))
        {
            self.paragraph(&format!("The first of them, {}:", code(&first.clause.id)));
            self.program(summary, first, finding);
        }
    }

    fn single(&mut self, summary: &Summary<'_>, result: &ClauseResult<'_>) {
        let Some((case, finding)) = result.shown() else {
            return;
        };
        self.paragraph(&format!(
            "### {} {}",
            code(&result.clause.id),
            result.clause.level.word()
        ));
        self.paragraph(&prose(&result.clause.says));
        self.paragraph("Expected:");
        self.fence("text", &finding.expected);
        self.paragraph("Observed:");
        self.fence("text", &finding.observed);
        if !finding.inputs.is_empty() {
            let shrunk = match finding.shrink_runs {
                0 => String::new(),
                1 => ", made small in 1 run".to_owned(),
                runs => format!(", made small in {runs} runs"),
            };
            self.paragraph(&format!("Inputs of {}{shrunk}:", code(&case.id)));
            let inputs: Vec<_> = finding
                .inputs
                .iter()
                .map(|(name, value)| format!("{name} = {value}"))
                .collect();
            self.fence("python", &inputs.join("\n"));
        }
        self.program(summary, result, finding);
    }

    fn program(&mut self, summary: &Summary<'_>, result: &ClauseResult<'_>, finding: &Finding) {
        let flaky = result.flaky.filter(|_| result.failing.is_none());
        if let Some((_, _, because)) = flaky {
            self.paragraph(&prose(because));
        }
        for remark in finding.remarks() {
            self.paragraph(&prose(&remark));
        }
        self.paragraph("Program:");
        self.fence("python", &finding.program);
        if !finding.stdout.is_empty() {
            self.paragraph("It printed:");
            self.fence("text", &finding.stdout);
        }
        if !finding.peers.is_empty() {
            self.paragraph("Peers:");
            self.fence("text", &finding.peers.join("\n"));
        }
        if let Some(capture) = result.shown().and_then(|(case, _)| case.capture.as_ref()) {
            self.paragraph(&format!("Packets, for Wireshark: <{capture}>"));
        }
        if let Some(command) = summary.rerun(result) {
            self.paragraph("To run it again:");
            self.fence("sh", &command);
        }
    }

    fn deviations(&mut self, summary: &Summary<'_>) {
        let header = &summary.record.header;
        let (Some(list), Some(day)) = (&header.deviations, header.timing.day) else {
            return;
        };
        self.paragraph("## Known deviations");
        self.paragraph(&format!("Of {}, as of {day}.", prose(&list.target)));
        for entry in summary.deviations() {
            let deviation = entry.deviation;
            let until = if deviation.holds {
                "until"
            } else {
                "expired after"
            };
            self.line(&format!(
                "- {} <{}>, {until} {}",
                prose(deviation.reason.trim()),
                deviation.link,
                deviation.expires
            ));
            for result in &entry.results {
                let observed = match result.failing {
                    Some((_, finding)) => format!(", observed {}", code(&finding.observed)),
                    None => String::new(),
                };
                self.line(&format!(
                    "  - {} ({}): {}{observed}",
                    code(&result.clause.id),
                    result.clause.level.word(),
                    standing(result)
                ));
            }
        }
        self.line("");
    }

    fn errata(&mut self, summary: &Summary<'_>) {
        let errata = summary.errata();
        if errata.is_empty() {
            return;
        }
        self.paragraph("## Errata of the document");
        self.paragraph(
            "What programs do on this target as the document prints them, wrongly. Nothing of it \
             is a failure of the target.",
        );
        self.line("| program | printed wrongly | on this target | observed |");
        self.line("|---|---|---|---|");
        for result in errata {
            let came = format!(
                "{} {}{}",
                sign(result.verdict),
                result.erratum_words(),
                because(result)
            );
            let observed = result.failing.map(|(_, finding)| code(&finding.observed));
            self.cells(&[
                code(&result.clause.item),
                prose(&result.clause.says),
                came,
                observed.unwrap_or_default(),
            ]);
        }
        self.line("");
    }

    fn clauses(&mut self, summary: &Summary<'_>) {
        self.paragraph("## All clauses");
        let mut items: IndexMap<&str, Vec<&ClauseResult<'_>>> = IndexMap::new();
        let clauses = summary.clauses.iter();
        for result in clauses.filter(|result| !result.clause.is_of_the_document()) {
            items.entry(&result.clause.item).or_default().push(result);
        }
        self.line("| item | clause | level | verdict | says |");
        self.line("|---|---|---|---|---|");
        for (item, mut results) in items {
            results.sort_by_key(|result| result.clause.level);
            for (place, result) in results.into_iter().enumerate() {
                let clause = result.clause;
                let name = clause.id.strip_prefix(item).unwrap_or(&clause.id);
                self.cells(&[
                    if place == 0 {
                        code(item)
                    } else {
                        String::new()
                    },
                    code(name.trim_start_matches('/')),
                    clause.level.word().to_owned(),
                    format!("{}{}", mark(result.verdict), because(result)),
                    prose(&clause.says),
                ]);
            }
        }
    }

    /// A block of code that ends where its text ends, whatever that text is.
    fn fence(&mut self, language: &str, text: &str) {
        let text = visible::block(text);
        let fence = "`".repeat(longest_run(&text).max(2) + 1);
        self.line(&format!("{fence}{language}"));
        self.line(text.strip_suffix('\n').unwrap_or(&text));
        self.paragraph(&fence);
    }
}

fn mark(verdict: ClauseVerdict) -> String {
    format!("{} {}", sign(verdict), verdict.word())
}

fn sign(verdict: ClauseVerdict) -> &'static str {
    match verdict {
        ClauseVerdict::Pass => "✓",
        ClauseVerdict::Fail => "✗",
        ClauseVerdict::Flaky => "≈",
        ClauseVerdict::NotApplicable => "–",
        ClauseVerdict::Inconclusive => "?",
        ClauseVerdict::NotRun => "○",
    }
}

/// Why there is no verdict, or how it stands with the deviations; how the bench broke may quote the target.
fn because(result: &ClauseResult<'_>) -> String {
    match (result.because(), result.verdict) {
        (Some(because), ClauseVerdict::Inconclusive) => format!(": {}", code(&because)),
        (Some(because), _) => format!(": {}", prose(&because)),
        (None, _) => match result.standing() {
            Some((Standing::Excused, _)) => ", a known deviation".to_owned(),
            Some((Standing::Expired, _)) => ", an expired deviation".to_owned(),
            Some((Standing::Stale, _)) => ", though listed as a deviation".to_owned(),
            None => String::new(),
        },
    }
}

/// What a listed deviation came to, below the entry that gives its reason.
fn standing(result: &ClauseResult<'_>) -> String {
    match result.standing() {
        Some((standing, _)) => standing.words().to_owned(),
        None => format!("{}{}", mark(result.verdict), because(result)),
    }
}

/// Text on one line in which no character means anything to Markdown.
fn prose(text: &str) -> String {
    let text = visible::line(text);
    let mut shown = String::with_capacity(text.len() + 8);
    for (place, c) in text.char_indices() {
        let marks_up = matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '&' | '#' | '$'
        );
        if marks_up || place == 0 && matches!(c, '-' | '+') {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}

/// Code on one line that ends where its text ends.
fn code(text: &str) -> String {
    let text = visible::line(text);
    if text.trim().is_empty() {
        return "(empty)".to_owned();
    }
    let ticks = "`".repeat(longest_run(&text) + 1);
    if text.starts_with('`') || text.ends_with('`') {
        format!("{ticks} {text} {ticks}")
    } else {
        format!("{ticks}{text}{ticks}")
    }
}

/// How many backticks stand side by side at most.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
