//! Owns the step from what `targets.yaml` says to targets, with everything that is wrong in it.
//! Does not know its form.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use trueline_adapters::error::BenchError;
use trueline_adapters::target::Target;
use trueline_adapters::target_url::TargetUrl;
use trueline_spec::document::{Document, Spot};
use trueline_spec::field::{AsWritten, Field};
use trueline_spec::nearest::nearest;
use trueline_spec::pack::Capability;

use super::Listed;
use super::environment::{Given, WifiKeys, variable};
use super::written::{Addresses, Entry, LIST, List, Wifi};
use crate::source_file::{self, Unsound};

/// The targets of a list.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn read(file: &Path) -> Result<IndexMap<String, Listed>, Unsound> {
    let text = source_file::read(file, LIST.what)?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let take = |document: &Document<'_>, list: &List| targets(document, list, folder);
    // A line that is shown may be the one with a password in it.
    source_file::parse(file, text, LIST, take).map_err(|unsound| unsound.showing(without_password))
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

/// The targets that are sound; the document knows what is wrong with the others.
fn targets(document: &Document<'_>, list: &List, folder: &Path) -> IndexMap<String, Listed> {
    let reading = Reading { document, folder };
    let mut by_name = IndexMap::new();
    let targets = list.targets.required(document, Spot::WHOLE, "targets");
    for (spot, name, entry) in targets.iter().flat_map(|(_, targets)| targets.entries()) {
        reading.name(spot, name);
        let listed = entry.placed();
        let listed = listed.and_then(|(spot, entry)| reading.entry(name, spot, entry));
        by_name.extend(listed.map(|listed| (name.to_owned(), listed)));
    }
    by_name
}

/// The key that a password stands behind.
const PASSWORD: &str = "password";

/// A scalar with its place.
#[derive(Clone, Copy)]
struct Word<'r> {
    spot: Spot,
    text: &'r str,
}

struct Reading<'r> {
    document: &'r Document<'r>,
    /// The list's folder, which files are relative to.
    folder: &'r Path,
}

/// The scalar, where it is there and fit.
fn word(field: &Field<AsWritten>) -> Option<Word<'_>> {
    let (spot, AsWritten(text)) = field.placed()?;
    Some(Word { spot, text })
}

impl Reading<'_> {
    /// `--target` tells names from URLs by the colon.
    fn name(&self, spot: Spot, name: &str) {
        let is_word = |c: char| !c.is_whitespace() && !c.is_control() && c != ':';
        if name.is_empty() || !name.chars().all(is_word) {
            let message = "a target's name is one word without a colon";
            self.document.report(spot, message);
        }
    }

    /// The target; `None` where something in it is wrong.
    fn entry(&self, name: &str, owner: Spot, entry: &Entry) -> Option<Listed> {
        let before = self.document.problem_count();
        let url = self.url(owner, entry);
        let reset = word(&entry.reset).and_then(|reset| self.words(reset));
        let without = self.capabilities(entry.without.get().into_iter().flatten());
        let deviations = word(&entry.deviations).map(|file| self.file(file));
        let expected = word(&entry.expect_version);
        let expected = expected.and_then(|word| self.fits(word, word.text.parse()));
        let wifi = entry.wifi.placed();
        let wifi = wifi.and_then(|(spot, wifi)| self.wifi(spot, wifi));
        if self.document.problem_count() > before {
            return None;
        }
        let mut target = Target::from(url?).named(name).without(without);
        if let Some(word) = word(&entry.reset) {
            self.fits(word, target.is_reset_by_command());
        }
        if let Some(name) = entry.wifi.get().and_then(|wifi| word(&wifi.name)) {
            self.fits(name, target.joins_any());
        }
        if self.document.problem_count() > before {
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

    fn wifi(&self, owner: Spot, wifi: &Wifi) -> Option<WifiKeys> {
        wifi.name.required(self.document, owner, "name");
        wifi.password.required(self.document, owner, PASSWORD);
        let (name, password) = (word(&wifi.name), word(&wifi.password));
        let variable_of = |word: Word<'_>| {
            let variable = self.fits(word, variable(word.text))?;
            Some(variable.map(str::to_owned))
        };
        let variable = password.and_then(variable_of);
        if let (Some(None), Some(password)) = (&variable, password) {
            self.password_in_clear(password);
        }
        let name = name?;
        let name = match variable_of(name)? {
            Some(variable) => Given::Variable(variable),
            None => Given::Text(name.text.to_owned()),
        };
        let password = variable??;
        Some(WifiKeys { name, password })
    }

    fn url(&self, owner: Spot, entry: &Entry) -> Option<TargetUrl> {
        entry.url.required(self.document, owner, "url");
        let written = word(&entry.url);
        let mut url: Option<TargetUrl> = written.and_then(|word| {
            let url: Result<_, BenchError> = word.text.parse();
            self.fits(word, url.map_err(|error| error.to_string()))
        });
        if let Some(boot) = word(&entry.boot) {
            let file = self.file(boot);
            url = url.and_then(|url| self.fits(boot, url.with_boot(file)));
        }
        if let Some(Addresses { target, peer }) = entry.addresses.get() {
            let (target, peer) = (word(target), word(peer));
            let target_at = target.and_then(|target| self.address(target));
            let peer_at = peer.and_then(|peer| self.address(peer));
            let at = target.or(peer).or(written)?;
            url = url.and_then(|url| self.fits(at, url.with_addresses(target_at, peer_at)));
        }
        url
    }

    /// At the key: the password may stand in a line of its own, which is not shown then.
    fn password_in_clear(&self, password: Word<'_>) {
        let message = "a password does not stand in this file";
        let remedy = "write `password: env:NAME`, and let the variable NAME hold it";
        self.document
            .report_at_key(password.spot, message, remedy.to_owned());
    }

    fn fits<T>(&self, word: Word<'_>, fits: Result<T, String>) -> Option<T> {
        fits.map_err(|message| self.document.report(word.spot, message))
            .ok()
    }

    fn address(&self, word: Word<'_>) -> Option<Ipv4Addr> {
        let message = format!(
            "`{}` is no IPv4 address; write one such as 192.168.50.105",
            word.text
        );
        self.fits(word, word.text.parse().map_err(|_| message))
    }

    /// A file relative to the list.
    fn file(&self, word: Word<'_>) -> PathBuf {
        if word.text.is_empty() {
            self.document
                .report(word.spot, "a file has to be named here");
        }
        self.folder.join(word.text)
    }

    fn words(&self, word: Word<'_>) -> Option<Vec<String>> {
        let message = match shlex::split(word.text) {
            None => "a quote in this command is not closed",
            Some(words) if words.is_empty() => "a command has to stand here",
            Some(words) => return Some(words),
        };
        self.document.report(word.spot, message);
        None
    }

    fn capabilities<'l>(
        &self,
        fields: impl Iterator<Item = &'l Field<AsWritten>>,
    ) -> BTreeSet<Capability> {
        let mut found = BTreeSet::new();
        for Word { spot, text } in fields.filter_map(word) {
            let all = Capability::ALL;
            let known = all.into_iter().find(|known| known.word() == text);
            if known.is_none() {
                let names = all.map(Capability::word);
                let message = format!("there is no capability `{text}`");
                let all = || format!("the capabilities are `{}`", names.join("`, `"));
                let suggestion = nearest(text, names).unwrap_or_else(all);
                self.document.report_with(spot, message, suggestion);
            }
            found.extend(known);
        }
        found
    }
}
