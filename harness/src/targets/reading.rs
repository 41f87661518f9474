//! Owns the step from what `targets.yaml` says to targets, with everything that is wrong in it.
//! Does not know its form.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use trueline_adapters::target::Target;
use trueline_adapters::target_url::TargetUrl;
use trueline_spec::nearest::nearest;
use trueline_spec::pack::Capability;
use trueline_spec::problem::Problem;

use super::Listed;
use super::environment::{Given, WifiKeys, variable};
use super::written::{Addresses, Entry, FORM, List, Wifi};
use crate::source_file::{SourceFile, Unsound, Word};

/// The targets of a list.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn read(
    source: SourceFile<'_>,
    file: &Path,
) -> Result<IndexMap<String, Listed>, Unsound> {
    // A line that is shown may be the one with a password in it.
    targets(source, file).map_err(|unsound| unsound.showing(without_password))
}

/// The line up to a password, unless it only names a variable.
fn without_password(line: &str) -> String {
    let Some((before, after)) = line.split_once(PASSWORD) else {
        return line.to_owned();
    };
    let value = after.trim_start_matches(['"', '\'', ':', ' ']);
    match value.starts_with("env:") {
        true => line.to_owned(),
        false => format!("{before}{PASSWORD}: …"),
    }
}

fn targets(source: SourceFile<'_>, file: &Path) -> Result<IndexMap<String, Listed>, Unsound> {
    let list: List<'_> = source.parse("the list of targets", FORM)?;
    let mut reading = Reading {
        source,
        folder: file.parent().unwrap_or(Path::new("")),
        problems: source.repeated_keys(),
    };
    let mut by_name = IndexMap::new();
    for (name, entry) in &list.targets.0 {
        reading.name(name);
        if let Some(listed) = reading.entry(&name.0, entry) {
            by_name.insert(name.0.clone().into_owned(), listed);
        }
    }
    if !reading.problems.is_empty() {
        return Err(Unsound::new(reading.problems));
    }
    Ok(by_name)
}

/// The key that a password stands behind.
const PASSWORD: &str = "password";

struct Reading<'r> {
    source: SourceFile<'r>,
    /// The list's folder, which files are relative to.
    folder: &'r Path,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    /// `--target` tells names from URLs by the colon.
    fn name(&mut self, name: &Word<'_>) {
        let is_word = |c: char| !c.is_whitespace() && !c.is_control() && c != ':';
        if name.0.is_empty() || !name.0.chars().all(is_word) {
            let message = "a target's name is one word without a colon";
            self.report(name, message, None);
        }
    }

    /// The target; `None` where something in it is wrong.
    fn entry(&mut self, name: &str, entry: &Entry<'_>) -> Option<Listed> {
        let before = self.problems.len();
        let url = self.url(entry);
        let reset = entry.reset.as_ref().and_then(|reset| self.words(reset));
        let without = self.capabilities(&entry.without);
        let deviations = entry.deviations.as_ref().map(|file| self.file(file));
        let expected = entry.expect_version.as_ref();
        let expected = expected.and_then(|word| self.fits(word, word.0.parse()));
        let wifi = entry.wifi.as_ref().and_then(|wifi| self.wifi(wifi));
        if self.problems.len() > before {
            return None;
        }
        let mut target = Target::from(url?).named(name).without(without);
        if let Some(word) = &entry.reset {
            self.fits(word, target.is_reset_by_command());
        }
        if let Some(keys) = &entry.wifi {
            self.fits(&keys.name, target.joins_any());
        }
        if self.problems.len() > before {
            return None;
        }
        if let Some(words) = reset {
            target = target.reset_by(words);
        }
        Some(Listed {
            target,
            deviations,
            expected,
            wifi,
        })
    }

    fn wifi(&mut self, wifi: &Wifi<'_>) -> Option<WifiKeys> {
        let password = self.fits(&wifi.password, variable(&wifi.password.0));
        if password == Some(None) {
            self.password_in_clear(&wifi.password);
        }
        let name = match self.fits(&wifi.name, variable(&wifi.name.0))? {
            Some(variable) => Given::Variable(variable.to_owned()),
            None => Given::Text(wifi.name.0.clone().into_owned()),
        };
        let password = password??.to_owned();
        Some(WifiKeys { name, password })
    }

    fn url(&mut self, entry: &Entry<'_>) -> Option<TargetUrl> {
        let url: Result<TargetUrl, _> = entry.url.0.parse();
        let mut url = url
            .map_err(|error| self.report(&entry.url, &error.to_string(), None))
            .ok();
        if let Some(boot) = &entry.boot {
            let file = self.file(boot);
            url = url.and_then(|url| self.fits(boot, url.with_boot(file)));
        }
        if let Some(Addresses { target, peer }) = &entry.addresses {
            let target_at = target.as_ref().and_then(|target| self.address(target));
            let peer_at = peer.as_ref().and_then(|peer| self.address(peer));
            let word = target.as_ref().or(peer.as_ref()).unwrap_or(&entry.url);
            url = url.and_then(|url| self.fits(word, url.with_addresses(target_at, peer_at)));
        }
        url
    }

    fn password_in_clear(&mut self, password: &Word<'_>) {
        let message = "a password does not stand in this file";
        let remedy = "write `password: env:NAME`, and let the variable NAME hold it";
        let problem = self
            .source
            .problem_at(password, message, Some(remedy.to_owned()));
        let before = problem
            .source
            .chars()
            .take(problem.column.saturating_sub(1));
        self.problems.push(Problem {
            length: 1,
            source: before.collect(),
            ..problem
        });
    }

    fn fits<T>(&mut self, word: &Word<'_>, fits: Result<T, String>) -> Option<T> {
        fits.map_err(|message| self.report(word, &message, None))
            .ok()
    }

    fn address(&mut self, word: &Word<'_>) -> Option<Ipv4Addr> {
        let message = format!(
            "`{}` is no IPv4 address; write one such as 192.168.50.105",
            word.0
        );
        self.fits(word, word.0.parse().map_err(|_| message))
    }

    /// A file relative to the list.
    fn file(&mut self, word: &Word<'_>) -> PathBuf {
        if word.0.is_empty() {
            self.report(word, "a file has to be named here", None);
        }
        self.folder.join(&*word.0)
    }

    fn words(&mut self, word: &Word<'_>) -> Option<Vec<String>> {
        let message = match shlex::split(&word.0) {
            None => "a quote in this command is not closed",
            Some(words) if words.is_empty() => "a command has to stand here",
            Some(words) => return Some(words),
        };
        self.report(word, message, None);
        None
    }

    fn capabilities(&mut self, words: &[Word<'_>]) -> BTreeSet<Capability> {
        let mut found = BTreeSet::new();
        for word in words {
            let all = Capability::ALL;
            let known = all.into_iter().find(|known| known.word() == word.0);
            if known.is_none() {
                let names = all.map(Capability::word);
                let message = format!("there is no capability `{}`", word.0);
                let all = || format!("the capabilities are `{}`", names.join("`, `"));
                let suggestion = nearest(&word.0, names).unwrap_or_else(all);
                self.report(word, &message, Some(suggestion));
            }
            found.extend(known);
        }
        found
    }

    fn report(&mut self, word: &Word<'_>, message: &str, suggestion: Option<String>) {
        self.problems
            .push(self.source.problem_at(word, message, suggestion));
    }
}
