//! Owns how results look on a terminal: written with colours, which the output stream takes
//! out again where nobody wants them. Decides nothing.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use trueline_reports::journal::Record;
use trueline_reports::record::{Level, Outcome};
use trueline_reports::summary::{ClauseResult, Summary};
use trueline_reports::tally::ClauseVerdict;
use trueline_reports::visible;

const BAD: Style = AnsiColor::Red.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const DOUBT: Style = AnsiColor::Yellow.on_default().bold();
const NAME: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();

/// Findings of the `must` level that are shown in full; the others are named.
const SHOWN_IN_FULL: usize = 5;

/// An error, as every command reports it.
pub fn error(says: &str) -> String {
    format!("{BAD}error{BAD:#}: {says}")
}

/// What a run came to: the verdict last, where a terminal leaves the eye.
pub fn summary(record: &Record, summary: &Summary<'_>, out: &Path) -> String {
    let mut text = String::new();
    let mut full = 0;
    for result in summary
        .clauses
        .iter()
        .filter(|result| result.verdict == ClauseVerdict::Fail)
    {
        if result.clause.level == Level::Must && full < SHOWN_IN_FULL {
            full += 1;
            finding(&mut text, result);
        } else {
            headline(&mut text, result, BAD, "fail");
        }
    }
    let undecided = [ClauseVerdict::Inconclusive, ClauseVerdict::NotRun];
    let mut last = None;
    for result in summary
        .clauses
        .iter()
        .filter(|result| undecided.contains(&result.verdict))
    {
        let because = result.because();
        if result.verdict == ClauseVerdict::Inconclusive {
            headline(&mut text, result, DOUBT, result.verdict.word());
            if because != last {
                detail(&mut text, "because", because.as_deref().unwrap_or_default());
            }
        }
        last = because;
    }
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
        format_args!("{style}{}{style:#}", summary.sentence()),
    );
    for remark in summary.remarks() {
        line(&mut text, format_args!("{remark}"));
    }
    let header = &record.header;
    let target = match &header.target.identity {
        Some(identity) => {
            format!(
                "{} ({} {})",
                header.target.url, identity.implementation, identity.version
            )
        }
        None => header.target.url.clone(),
    };
    let millis = record
        .closing
        .as_ref()
        .map_or(0, |closing| closing.timing.millis);
    line(
        &mut text,
        format_args!(
            "{QUIET}{} {} on {target}: {} clauses, {} cases, seed {}, {:.2} s{QUIET:#}",
            header.pack.name,
            header.pack.version,
            header.plan.clauses,
            header.plan.cases,
            header.seed,
            millis as f64 / 1000.0,
        ),
    );
    line(
        &mut text,
        format_args!("Report: {}", out.join("report.html").display()),
    );
    text
}

fn finding(text: &mut String, result: &ClauseResult<'_>) {
    headline(text, result, BAD, "fail");
    let Some((_, finding)) = result.failing else {
        return;
    };
    detail(text, "expected", &finding.expected);
    detail(text, "observed", &finding.observed);
    for (name, value) in &finding.inputs {
        detail(text, "with", &format!("{name} = {value}"));
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
    line(text, format_args!("     {}", clause.says));
}

fn detail(text: &mut String, label: &str, says: &str) {
    for (index, part) in says.lines().enumerate() {
        let label = if index == 0 { label } else { "" };
        line(
            text,
            format_args!("     {QUIET}{label:9}{QUIET:#} {}", visible::line(part)),
        );
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("writing to a String cannot fail");
}
