//! Owns the names of cases: which clause a case belongs to, and where it stands among that
//! clause's cases. Does not know which cases were planned.

use std::fmt;

/// A case's place among the cases of its clause. Sorts as planned: regressions first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ordinal {
    /// The one case of a table or an example.
    Only,
    /// An input that failed in an earlier run, from 1.
    Regression(u64),
    /// A generated input, from 1.
    Generated(u64),
}

impl Ordinal {
    /// The id of this case of the clause.
    pub(crate) fn of(self, clause: &str) -> String {
        format!("{clause}{self}")
    }
}

impl fmt::Display for Ordinal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ordinal::Only => Ok(()),
            Ordinal::Regression(number) => write!(f, "#regression-{number}"),
            Ordinal::Generated(number) => write!(f, "#{number}"),
        }
    }
}

/// Takes a case id apart into its clause's id and its ordinal; `None` when it is no case id.
/// A number has one spelling, so that one case cannot go by two names.
pub(crate) fn parse(id: &str) -> Option<(&str, Ordinal)> {
    let Some((clause, ordinal)) = id.split_once('#') else {
        return Some((id, Ordinal::Only));
    };
    let parsed = match ordinal.strip_prefix("regression-") {
        Some(number) => Ordinal::Regression(number.parse().ok()?),
        None => Ordinal::Generated(ordinal.parse().ok()?),
    };
    let canonical = parsed.of(clause) == id;
    let counted_from_one = !matches!(parsed, Ordinal::Regression(0) | Ordinal::Generated(0));
    (canonical && counted_from_one).then_some((clause, parsed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_case_is_told_apart() {
        assert_eq!(parse("a.b/c"), Some(("a.b/c", Ordinal::Only)));
        assert_eq!(parse("a.b/c#12"), Some(("a.b/c", Ordinal::Generated(12))));
        assert_eq!(
            parse("a.b/c#regression-2"),
            Some(("a.b/c", Ordinal::Regression(2)))
        );
    }

    #[test]
    fn a_case_has_one_name() {
        for id in [
            "a#0",
            "a#01",
            "a#+1",
            "a#",
            "a#1#2",
            "a#regression-0",
            "a#regression-",
            "a#x",
        ] {
            assert_eq!(parse(id), None, "{id}");
        }
    }

    #[test]
    fn regressions_come_before_generated_inputs() {
        assert!(Ordinal::Regression(9) < Ordinal::Generated(1));
        assert!(Ordinal::Generated(9) < Ordinal::Generated(10));
    }
}
