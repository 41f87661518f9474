//! Owns the command that runs a finding again.

use shlex::Quoter;

use crate::record::{Case, Clause, Given, Header};

/// The folder, in that of the run, that its findings are run again in: what is run again does not
/// take the place of the evidence.
const FOLDER: &str = "again";

/// The command line that runs a clause of the record again, for a POSIX shell in the folder in which
/// the run was begun; `failing` is the case that refuted it.
///
/// `None` when the record does not say what the run was given, or when something in it holds a NUL,
/// which no command line can.
///
/// The number of cases is named for a property, because a case's number is a part of its seed:
/// with fewer cases the one that failed might not be drawn.
#[must_use]
pub fn rerun_command(header: &Header, clause: &Clause, failing: Option<&Case>) -> Option<String> {
    let given = header.timing.given.as_ref()?;
    let mut words = vec!["trueline".to_owned(), "run".to_owned()];
    let mut flag = |flag: &str, value: &str| {
        // With a space between, a value that begins with a dash would be taken for a flag.
        match value.starts_with('-') {
            true => words.push(format!("{flag}={value}")),
            false => words.extend([flag.to_owned(), value.to_owned()]),
        }
    };
    flag("--target", header.target.called());
    let Given {
        pack,
        targets,
        deviations,
        expect_version,
        retries,
        regressions,
        out,
    } = given;
    for (name, value) in [
        ("--targets", targets),
        ("--pack", pack),
        ("--deviations", deviations),
        ("--expect-version", expect_version),
    ] {
        if let Some(value) = value {
            flag(name, value);
        }
    }
    if let Some(retries) = retries {
        flag("--retries", &retries.to_string());
    }
    flag("--only", &clause.id);
    if clause.check == "property" {
        flag("--cases", &header.plan.cases_per_property.to_string());
    }
    flag("--seed", &header.seed.to_string());
    if failing.is_some_and(|case| case.id.contains("#regression-")) {
        flag("--regressions", regressions);
    }
    flag("--out", &format!("{}/{FOLDER}", out.trim_end_matches('/')));
    Quoter::new().join(words.iter().map(String::as_str)).ok()
}
