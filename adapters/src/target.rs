//! Owns a target as it is asked for: its URL, and what a bench's list of targets says beside it.
//! Opens nothing, and reads no list.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use trueline_spec::pack::Capability;

use crate::error::BenchError;
use crate::target_url::TargetUrl;

/// A target as it is asked for. A URL alone is one. `Display` gives its name, or else its URL.
#[derive(Debug, Clone)]
pub struct Target {
    name: Option<String>,
    url: TargetUrl,
    reset: Option<Vec<String>>,
    without: BTreeSet<Capability>,
}

impl Target {
    /// The target with a name by which people know it.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Target {
        let name = Some(name.into());
        Target { name, ..self }
    }

    /// The target with a command that resets it: its words, at least one.
    #[must_use]
    pub fn reset_by(self, words: Vec<String>) -> Target {
        let reset = Some(words).filter(|words| !words.is_empty());
        Target { reset, ..self }
    }

    /// The target without capabilities that it would have: its bench cannot do that.
    #[must_use]
    pub fn without(self, without: BTreeSet<Capability>) -> Target {
        Target { without, ..self }
    }

    /// Its name in the list of targets; `None` where only its URL was given.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &TargetUrl {
        &self.url
    }

    /// The words of the command that resets it when nothing else brings it back, at least one.
    #[must_use]
    pub fn reset(&self) -> Option<&[String]> {
        self.reset.as_deref()
    }

    /// What is taken away from the capabilities that are found.
    pub(crate) fn taken_away(&self) -> &BTreeSet<Capability> {
        &self.without
    }
}

impl From<TargetUrl> for Target {
    fn from(url: TargetUrl) -> Target {
        Target {
            name: None,
            url,
            reset: None,
            without: BTreeSet::new(),
        }
    }
}

impl FromStr for Target {
    type Err = BenchError;

    fn from_str(url: &str) -> Result<Target, BenchError> {
        url.parse().map(TargetUrl::into)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => f.write_str(name),
            None => self.url.fmt(f),
        }
    }
}
