//! Owns what has to hold of a header, and of a clause's line beside it, before any case is
//! looked at. What cases must add up to is [`crate::tally`]'s.

use super::problem::ProblemKind;
use crate::day::Day;
use crate::record::{Clause, FORMAT, Header, OLDEST_VERSION, VERSION};
use crate::units;

/// What is wrong with a header, if anything is.
pub(super) fn header_problem(header: &Header) -> Option<ProblemKind> {
    if header.format != FORMAT {
        Some(ProblemKind::Format(header.format.clone()))
    } else if !(OLDEST_VERSION..=VERSION).contains(&header.version) {
        Some(ProblemKind::Version(u64::from(header.version)))
    } else if units::instant(&header.timing.started).is_none() {
        Some(ProblemKind::Started(header.timing.started.clone()))
    } else if header.deviations.is_some() != header.timing.day.is_some() {
        Some(ProblemKind::Day)
    } else {
        None
    }
}

/// What is wrong with a clause in a record whose deviations were held against this day.
pub(super) fn clause_problem(day: Option<Day>, clause: &Clause) -> Option<ProblemKind> {
    let deviation = clause.deviation.as_ref()?;
    let id = || clause.id.clone();
    let Some(day) = day else {
        return Some(ProblemKind::Unlisted(id()));
    };
    if deviation.reason.trim().is_empty() {
        Some(ProblemKind::WithoutReason(id()))
    } else if deviation.holds != (day <= deviation.expires) {
        Some(ProblemKind::Holds {
            clause: id(),
            expires: deviation.expires,
            day,
        })
    } else {
        None
    }
}
