//! Owns a target as it is asked for: its URL, and what a bench's list of targets says beside it.
//! Opens nothing, and reads no list.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use trueline_spec::pack::Capability;

use crate::error::BenchError;
use crate::secrets::Secrets;
use crate::target_url::{Place, TargetUrl};
use crate::wifi::Wifi;

/// A target as it is asked for. A URL alone is one. `Display` gives its name, or else its URL.
#[derive(Debug, Clone)]
pub struct Target {
    name: Option<String>,
    url: TargetUrl,
    reset: Option<Vec<String>>,
    without: BTreeSet<Capability>,
    wifi: Option<Wifi>,
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

    /// The target in the reach of a wireless network.
    ///
    /// # Errors
    ///
    /// When its access point is Trueline's own, in a sentence.
    pub fn in_reach_of(self, wifi: Wifi) -> Result<Target, String> {
        self.joins_any()?;
        let wifi = Some(wifi);
        Ok(Target { wifi, ..self })
    }

    /// Says whether it joins other wireless networks than the document's.
    ///
    /// # Errors
    ///
    /// When its access point is Trueline's own, in a sentence.
    pub fn joins_any(&self) -> Result<(), String> {
        match self.url.place() {
            Place::Sim | Place::Agent => Err(format!(
                "`{}` has the access point of the document; leave `wifi` out",
                self.url
            )),
            _ => Ok(()),
        }
    }

    /// Says whether a command can reset it.
    ///
    /// # Errors
    ///
    /// When it is a program that Trueline starts anew by itself, in a sentence.
    pub fn is_reset_by_command(&self) -> Result<(), String> {
        match self.url.is_lasting() {
            true => Ok(()),
            false => Err(format!(
                "`{}` is a program, which Trueline starts anew by itself; leave `reset` out",
                self.url
            )),
        }
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

    /// The wireless network that it can join; `None`: the one that the document names, if any.
    #[must_use]
    pub fn wifi(&self) -> Option<&Wifi> {
        self.wifi.as_ref()
    }

    /// What may not be in any output. Errors and what the target says of itself come from a session
    /// without it; observations come as they are, for the judge, and whoever shows a part of one
    /// hides it first.
    #[must_use]
    pub fn secrets(&self) -> Secrets {
        self.wifi.as_ref().map(Secrets::of).unwrap_or_default()
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
            wifi: None,
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
