//! Owns the command that runs a finding again.

use shlex::Quoter;

use crate::record::{Clause, Header};

/// The command line that runs a clause of the record again, for a POSIX shell; `None` when the
/// target's name or URL or the clause's id holds a NUL, which no command line can.
///
/// The number of cases is named for a property, because a case's number is a part of its seed:
/// with fewer cases the one that failed might not be drawn.
#[must_use]
pub fn rerun_command(header: &Header, clause: &Clause) -> Option<String> {
    let mut words = vec![
        "trueline".to_owned(),
        "run".to_owned(),
        "--target".to_owned(),
        header.target.called().to_owned(),
        "--only".to_owned(),
        clause.id.clone(),
    ];
    if clause.check == "property" {
        words.extend([
            "--cases".to_owned(),
            header.plan.cases_per_property.to_string(),
        ]);
    }
    words.extend(["--seed".to_owned(), header.seed.to_string()]);
    Quoter::new().join(words.iter().map(String::as_str)).ok()
}
