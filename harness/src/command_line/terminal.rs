//! Owns how results look on a terminal: written with colours, which the output stream takes
//! out again where nobody wants them. Decides nothing.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use trueline_reports::journal::Record;
use trueline_reports::record::{Level, Outcome};
use trueline_reports::summary::{ClauseResult, SharedCause, Standing, Summary};
use trueline_reports::tally::ClauseVerdict;
use trueline_reports::{counted, visible};

use super::doctor::State;

const BAD: Style = AnsiColor::Red.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const DOUBT: Style = AnsiColor::Yellow.on_default().bold();
const NAME: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();

/// Findings of the `must` level that are shown in full; the others are named.
const SHOWN_IN_FULL: usize = 5;
/// Clauses of one sort that are named, a line each; the others are counted.
const NAMED: usize = 20;
/// Clauses that are named below one cause that they share.
const NAMED_OF_A_CAUSE: usize = 3;
/// Lines of a text that are shown; the report has all of them.
const LINES: usize = 6;

/// An error, as every command reports it.
pub fn error(says: &str) -> String {
    format!("{BAD}error{BAD:#}: {says}")
}

/// What an examination of a bench found, with its remedy on a line of its own.
pub fn examined(what: &str, state: State, says: &str, remedy: Option<&str>) -> String {
    let (style, word) = match state {
        State::Ok => (GOOD, "ok"),
        State::Problem => (BAD, "problem"),
        State::NotExamined => (DOUBT, "not examined"),
    };
    let says = says.replace('\n', &format!("\n{:<13}  ", ""));
    let mut text = format!("{what:<13}  {style}{word}{style:#}: {says}\n");
    if let Some(remedy) = remedy {
        text.push_str(&format!("{:<13}  to mend it: {remedy}\n", ""));
    }
    text
}

/// What a run came to: the verdict last, where a terminal leaves the eye. It stays short however
/// much fails: the report has everything. `out` is where that stands, if it does.
pub fn summary(summary: &Summary<'_>, out: Option<&Path>) -> String {
    let mut text = String::new();
    failures(&mut text, summary);
    deviations(&mut text, summary);
    undecided(&mut text, summary);
    if !text.is_empty() {
        text.push('\n');
    }
    let style = match summary.outcome {
        Some(Outcome::Conforms) => GOOD,
        Some(Outcome::DoesNotConform) => BAD,
        Some(Outcome::BenchFailed | Outcome::Interrupted) | None => DOUBT,
    };
    line(
        &mut text,
        format_args!("{style}{}{style:#}", visible::line(&summary.sentence())),
    );
    for remark in summary.remarks() {
        line(&mut text, format_args!("{}", visible::line(&remark)));
    }
    origin(&mut text, summary.record);
    if let Some(out) = out {
        let report = out.join("report.html");
        line(
            &mut text,
            format_args!("Report: {}", visible::line(&report.to_string_lossy())),
        );
    }
    text
}

/// What was run on what.
fn origin(text: &mut String, record: &Record) {
    let header = &record.header;
    let target = match &header.target.identity {
        Some(identity) => {
            let mut says = format!("{} {}", identity.implementation, identity.version);
            if !identity.machine.is_empty() {
                says = format!("{says}, {}", identity.machine);
            }
            format!("{} ({says})", header.target.called())
        }
        None => header.target.called().to_owned(),
    };
    let millis = record
        .closing
        .as_ref()
        .map_or(0, |closing| closing.timing.millis);
    line(
        text,
        format_args!(
            "{QUIET}{} {} on {}: {}, {}, seed {}, {:.2} s{QUIET:#}",
            visible::line(&header.pack.name),
            visible::line(&header.pack.version),
            visible::line(&target),
            counted(header.plan.clauses, "clause"),
            counted(header.plan.cases, "case"),
            header.seed,
            millis as f64 / 1000.0,
        ),
    );
}

/// Shared causes first, then the `must` clauses, a few in full, then a line for each `should`
/// clause. `may` clauses are counted by the remarks.
fn failures(text: &mut String, summary: &Summary<'_>) {
    let findings = summary.findings();
    for cause in &findings.shared {
        shared(text, cause);
    }
    let of = |level: Level| {
        let single = findings.single.iter();
        let of_level = single.filter(move |result| result.clause.level == level);
        of_level.copied().collect::<Vec<_>>()
    };
    let must = of(Level::Must);
    let (full, rest) = must.split_at(must.len().min(SHOWN_IN_FULL));
    for result in full {
        finding(text, result);
    }
    named(text, rest, BAD, "fail", "more must clauses fail");
    let should = of(Level::Should);
    named(text, &should, BAD, "fail", "more should clauses fail");
}

fn shared(text: &mut String, cause: &SharedCause<'_>) {
    // Clauses of a cause come with the weightiest first.
    if cause
        .results
        .first()
        .is_none_or(|result| result.clause.level == Level::May)
    {
        return;
    }
    line(
        text,
        format_args!("{BAD}fail{BAD:#} {NAME}{}{NAME:#}", cause.title()),
    );
    detail(text, "observed", cause.observed);
    for result in cause.results.iter().take(NAMED_OF_A_CAUSE) {
        let level = result.clause.level.word();
        let id = &result.clause.id;
        line(text, format_args!("     {id} {QUIET}({level}){QUIET:#}"));
    }
    let more = cause.results.len().saturating_sub(NAMED_OF_A_CAUSE);
    if more > 0 {
        line(text, format_args!("     … and {more} more"));
    }
}

/// A line for each entry of the list of deviations that has to be looked at.
fn deviations(text: &mut String, summary: &Summary<'_>) {
    for (standing, word) in [(Standing::Expired, "expired"), (Standing::Stale, "stale")] {
        for result in summary.standing(standing) {
            let words = result.standing_words().unwrap_or_default();
            line(
                text,
                format_args!(
                    "{DOUBT}{word}{DOUBT:#} {NAME}{}{NAME:#} {}",
                    result.clause.id,
                    visible::line(&words)
                ),
            );
        }
    }
}

/// Clauses of any level that nobody can say anything of, each reason once.
fn undecided(text: &mut String, summary: &Summary<'_>) {
    let broken: Vec<_> = summary
        .clauses
        .iter()
        .filter(|result| result.is_undecided() && result.verdict != ClauseVerdict::NotRun)
        .collect();
    let mut last = None;
    for result in broken.iter().take(NAMED) {
        headline(text, result, DOUBT, result.verdict.word());
        let because = result.because();
        if because != last {
            detail(text, "because", because.as_deref().unwrap_or_default());
        }
        last = because;
    }
    let more = broken.len().saturating_sub(NAMED);
    if more > 0 {
        line(text, format_args!("… and {more} more are undecided"));
    }
}

fn named(text: &mut String, results: &[&ClauseResult<'_>], style: Style, word: &str, beyond: &str) {
    for result in results.iter().take(NAMED) {
        headline(text, result, style, word);
    }
    let more = results.len().saturating_sub(NAMED);
    if more > 0 {
        line(text, format_args!("… and {more} {beyond}"));
    }
}

fn finding(text: &mut String, result: &ClauseResult<'_>) {
    headline(text, result, BAD, "fail");
    line(
        text,
        format_args!("     {}", visible::line(&result.clause.says)),
    );
    let Some((case, finding)) = result.failing else {
        return;
    };
    detail(text, "expected", &finding.expected);
    detail(text, "observed", &finding.observed);
    for remark in finding.remarks() {
        line(text, format_args!("     {}", visible::line(&remark)));
    }
    for (name, value) in &finding.inputs {
        detail(text, "with", &format!("{name} = {value}"));
    }
    if let Some(capture) = &case.capture {
        detail(text, "packets", capture.as_str());
    }
}

fn headline(text: &mut String, result: &ClauseResult<'_>, style: Style, word: &str) {
    let clause = result.clause;
    let level = clause.level.word();
    line(
        text,
        format_args!(
            "{style}{word}{style:#} {NAME}{}{NAME:#} {QUIET}({level}){QUIET:#}",
            clause.id
        ),
    );
}

fn detail(text: &mut String, label: &str, says: &str) {
    for (index, part) in says.lines().take(LINES).enumerate() {
        let label = if index == 0 { label } else { "" };
        line(
            text,
            format_args!("     {QUIET}{label:9}{QUIET:#} {}", visible::line(part)),
        );
    }
    if says.lines().nth(LINES).is_some() {
        line(text, format_args!("     {:9} …", ""));
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("writing to a String cannot fail");
}
