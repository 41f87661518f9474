//! Owns which firmware a run expects to meet, so that the wrong board is not tested by accident.
//! Asks nobody: what a target says of itself comes with its session.

use std::str::FromStr;

use globset::{GlobBuilder, GlobMatcher};
use trueline_adapters::session::TargetInfo;
use trueline_reports::visible;

/// A pattern for what a target says of itself.
#[derive(Debug, Clone)]
pub struct ExpectedVersion {
    pattern: String,
    matcher: GlobMatcher,
}

impl ExpectedVersion {
    /// The pattern, as it was given.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Holds a target against it: its version, as `1.24.0`; its implementation and version, as
    /// `micropython 1.24.0`; its board; or its build. One of these has to match as a whole.
    ///
    /// # Errors
    /// What the target is and what was expected, in a sentence.
    pub fn check(&self, target: &TargetInfo) -> Result<(), String> {
        let named = format!("{} {}", target.implementation, target.version);
        let said = [&target.version, &named, &target.machine, &target.build];
        if said.into_iter().any(|says| self.matcher.is_match(says)) {
            return Ok(());
        }
        let mut is = format!("`{}`", visible::line(named.trim()));
        for (what, says) in [("board", &target.machine), ("build", &target.build)] {
            if !says.is_empty() {
                is = format!("{is}, {what} `{}`", visible::line(says));
            }
        }
        Err(format!(
            "the target is {is}; `{}` was expected, so nothing was run: version, name and version, \
             board or build has to match as a whole; `*` stands for any part",
            self.pattern
        ))
    }
}

impl FromStr for ExpectedVersion {
    type Err = String;

    fn from_str(pattern: &str) -> Result<ExpectedVersion, String> {
        if pattern.trim().is_empty() {
            return Err("a version has to be named, as in `1.24.*`".to_owned());
        }
        let glob = GlobBuilder::new(pattern).build();
        let glob = glob.map_err(|error| format!("`{pattern}` is no pattern: {}", error.kind()))?;
        Ok(ExpectedVersion {
            pattern: pattern.to_owned(),
            matcher: glob.compile_matcher(),
        })
    }
}
