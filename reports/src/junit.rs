//! Owns the JUnit XML of a record, for the test views of GitLab, Jenkins and their like.
//!
//! A clause is a test case, its item the class. What is red there is what Trueline's exit code
//! is about, so that a green run never shows a red test, nor the other way round:
//!
//! | verdict | element |
//! |---|---|
//! | pass | none |
//! | a `must` clause fails | `<failure type="must">` |
//! | a `should` or `may` clause fails | `<skipped type="should">`, its message and text saying that it fails |
//! | a clause fails as listed among the deviations | `<skipped type="deviation">` with the reason |
//! | a misprinted program does otherwise than expected | `<skipped type="erratum">` |
//! | not applicable | `<skipped type="not-applicable">` with what is missing |
//! | a `must` clause is inconclusive or flaky | `<error type="inconclusive">`, `<error type="flaky">` |
//! | a `should` or `may` clause is inconclusive or flaky | `<skipped>` with the same type |
//! | not run | `<error>` |
//!
//! A run that does not conform though nothing of that kind is in it (no clause applied, or the
//! record breaks off) has a test case `outcome` of its own, an error.

use std::time::Duration;

use indexmap::IndexMap;
use quick_junit::{
    NonSuccessKind, Property, Report, SerializeError, TestCase, TestCaseStatus, TestSuite,
    XmlString,
};

use crate::journal::Record;
use crate::record::Outcome;
use crate::summary::{ClauseResult, Summary};
use crate::tally::ClauseVerdict;
use crate::visible;

/// The JUnit XML of a record.
///
/// # Errors
///
/// When the XML writer fails, which text in memory gives it no reason to.
pub fn render(record: &Record) -> Result<String, SerializeError> {
    let summary = Summary::of(record);
    let header = &record.header;
    let mut suites: IndexMap<&str, TestSuite> = IndexMap::new();
    for result in &summary.clauses {
        suites
            .entry(&result.clause.item)
            .or_insert_with(|| suite(&summary, &result.clause.item))
            .add_test_case(test_case(&summary, result));
    }
    let mut report = Report::new(line(&format!(
        "{} {}",
        header.pack.name, header.pack.version
    )));
    if let Some(closing) = &record.closing {
        report.set_time(Duration::from_millis(closing.timing.millis));
    }
    for (_, mut suite) in suites {
        let time = suite.test_cases.iter().filter_map(|case| case.time).sum();
        suite.set_time(time);
        report.add_test_suite(suite);
    }
    if summary.outcome != Some(Outcome::Conforms) && report.failures + report.errors == 0 {
        report.add_test_suite(outcome(&summary));
    }
    report.to_string()
}

fn outcome(summary: &Summary<'_>) -> TestSuite {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status
        .set_type("outcome")
        .set_message(line(&summary.sentence()));
    let mut case = TestCase::new("outcome", status);
    case.classname = Some("run".into());
    let mut suite = suite(summary, "run");
    suite.add_test_case(case);
    suite
}

fn suite(summary: &Summary<'_>, item: &str) -> TestSuite {
    let header = &summary.record.header;
    let mut suite = TestSuite::new(line(item));
    suite.add_properties([
        property("target", header.target.called()),
        property(
            "pack",
            &format!("{} {}", header.pack.name, header.pack.version),
        ),
        property("pack.sha256", &header.pack.digest),
        property("plan.sha256", &header.plan.digest),
        property("seed", &header.seed.to_string()),
        property("tool", &header.tool),
        property("outcome", &summary.sentence()),
    ]);
    if header.target.name.is_some() {
        suite.add_property(property("target.url", &header.target.url));
    }
    if let Some(identity) = &header.target.identity {
        let said = [
            ("target.implementation", &identity.implementation),
            ("target.version", &identity.version),
            ("target.platform", &identity.platform),
            ("target.machine", &identity.machine),
            ("target.build", &identity.build),
        ];
        let said = said.into_iter().filter(|(_, says)| !says.is_empty());
        suite.add_properties(said.map(|(name, says)| property(name, says)));
    }
    suite
}

fn test_case(summary: &Summary<'_>, result: &ClauseResult<'_>) -> TestCase {
    let clause = result.clause;
    let mut case = TestCase::new(line(&clause.id), status(summary, result));
    case.classname = Some(line(&clause.item));
    case.set_time(Duration::from_micros(result.micros));
    case.extra.insert("file".into(), line(&clause.file));
    case.extra
        .insert("line".into(), line(&clause.at.to_string()));
    case.add_properties([
        property("requirement", &clause.id),
        property("says", &clause.says),
        property("level", clause.level.word()),
        property("basis", &clause.basis),
    ]);
    if let Some(words) = result.standing_words() {
        case.add_property(property("deviation", &words));
    }
    if let Some((_, finding)) = result.shown()
        && !finding.stdout.is_empty()
    {
        case.set_system_out(block(&finding.stdout));
    }
    case
}

fn status(summary: &Summary<'_>, result: &ClauseResult<'_>) -> TestCaseStatus {
    let clause = result.clause;
    let because = result.because().unwrap_or_default();
    let (mut status, kind, message) = match result.verdict {
        ClauseVerdict::Pass => return TestCaseStatus::success(),
        ClauseVerdict::Fail if result.refutes() => (
            TestCaseStatus::non_success(NonSuccessKind::Failure),
            clause.level.word(),
            clause.says.clone(),
        ),
        ClauseVerdict::Fail if result.is_excused() => (
            TestCaseStatus::skipped(),
            "deviation",
            format!(
                "fails as listed, {}",
                result.standing_words().unwrap_or_default()
            ),
        ),
        ClauseVerdict::Fail if clause.is_of_the_document() => (
            TestCaseStatus::skipped(),
            "erratum",
            format!(
                "a program that the document prints wrongly does otherwise than expected: {}",
                clause.says
            ),
        ),
        ClauseVerdict::Fail => (
            TestCaseStatus::skipped(),
            clause.level.word(),
            format!(
                "fails, but is a {} clause: {}",
                clause.level.word(),
                clause.says
            ),
        ),
        ClauseVerdict::NotApplicable => (
            TestCaseStatus::skipped(),
            "not-applicable",
            format!("not applicable: {because}"),
        ),
        ClauseVerdict::Inconclusive | ClauseVerdict::Flaky => {
            let word = result.verdict.word();
            let status = match summary.leaves_open(result) {
                true => TestCaseStatus::non_success(NonSuccessKind::Error),
                false => TestCaseStatus::skipped(),
            };
            (status, word, format!("{word}: {because}"))
        }
        ClauseVerdict::NotRun => (
            TestCaseStatus::non_success(NonSuccessKind::Error),
            "not-run",
            format!("not run: {because}"),
        ),
    };
    status.set_type(kind).set_message(line(&message));
    if let Some(description) = description(summary, result) {
        status.set_description(block(&description));
    }
    status
}

/// The finding in full, beginning with the clause's sentence.
fn description(summary: &Summary<'_>, result: &ClauseResult<'_>) -> Option<String> {
    let (case, finding) = result.shown()?;
    let deviation = match result.standing() {
        Some((_, deviation)) => format!(
            "deviation until {}: {}\n{}\n\n",
            deviation.expires, deviation.reason, deviation.link
        ),
        None => String::new(),
    };
    let mut text = format!(
        "{}\n\n{deviation}expected:\n{}\n\nobserved:\n{}\n",
        result.clause.says,
        indented(&finding.expected),
        indented(&finding.observed)
    );
    if !finding.inputs.is_empty() {
        text.push_str("\ninputs:\n");
        for (name, value) in &finding.inputs {
            text.push_str(&indented(&format!("{name} = {value}")));
            text.push('\n');
        }
    }
    for remark in finding.remarks() {
        text.push_str(&format!("\n{remark}\n"));
    }
    text.push_str(&format!("\ncase: {}\n", case.id));
    if let Some(command) = summary.rerun(result) {
        text.push_str(&format!("run it again: {command}\n"));
    }
    if let Some(capture) = &case.capture {
        text.push_str(&format!("packets: {capture}\n"));
    }
    text.push_str(&format!("\nprogram:\n{}\n", indented(&finding.program)));
    if !finding.peers.is_empty() {
        text.push_str(&format!(
            "\npeers:\n{}\n",
            indented(&finding.peers.join("\n"))
        ));
    }
    Some(text)
}

fn indented(text: &str) -> String {
    text.lines()
        .map(|line| format!("  {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn property(name: &str, value: &str) -> Property {
    Property::new(name, line(value))
}

/// `XmlString` drops what XML cannot hold, tabs and escape sequences: they are made visible
/// before it sees them.
fn line(text: &str) -> XmlString {
    visible::line(text).into()
}

fn block(text: &str) -> XmlString {
    visible::block_without_tabs(text).into()
}
