//! Owns the fixtures of a pack while it is read: by name, each built on another or on nothing,
//! with what checks inherit from them, and which of them are used.

use std::cell::RefCell;
use std::collections::BTreeSet;

use indexmap::{IndexMap, IndexSet};

use crate::context::Context;
use crate::document::Document;
use crate::field::{Field, Table};
use crate::nearest::nearest;
use crate::need::{self, Asking};
use crate::pack::{Fixture, PeerStep};
use crate::piece::Piece;
use crate::raw::FixtureShape;
use crate::reader::alternatives;
use crate::scope::{Inherited, Scope};
use crate::script::Scripts;
use crate::sentence;
use crate::tree::Spot;
use crate::wire::Wire;

/// The fixtures of a pack.
#[derive(Debug, Default)]
pub(crate) struct Fixtures {
    entries: IndexMap<String, Entry>,
    used: RefCell<BTreeSet<String>>,
}

#[derive(Debug)]
struct Entry {
    /// The number of its document and its place there.
    at: (usize, Spot),
    state: State,
}

#[derive(Debug)]
enum State {
    Unread,
    Unusable,
    Ready(Box<Ready>),
}

/// A fixture with what checks inherit from it, the fixtures that it builds on included.
#[derive(Debug)]
pub(crate) struct Ready {
    pub fixture: Fixture,
    pub inherited: Inherited,
    pub wires: IndexMap<String, Wire>,
}

/// The fixtures as they are written, before any of them is read.
#[derive(Default)]
pub(crate) struct Written<'w> {
    entries: IndexMap<String, WrittenEntry<'w>>,
}

struct WrittenEntry<'w> {
    context: Context<'w>,
    number: usize,
    spot: Spot,
    shape: &'w Field<FixtureShape>,
}

impl<'w> Written<'w> {
    /// Takes the fixtures of a file.
    pub(crate) fn add(
        &mut self,
        context: Context<'w>,
        number: usize,
        table: &'w Table<FixtureShape>,
    ) {
        for (spot, name, shape) in table.entries() {
            if !is_hyphenated(name) {
                let message = format!("`{name}` is no name of a fixture");
                let suggestion = "write small letters and digits, joined by hyphens".to_owned();
                context.document.report_with(spot, message, suggestion);
            }
            if self.entries.contains_key(name) {
                let message = format!("there is a fixture `{name}` already");
                context.document.report(spot, message);
                continue;
            }
            let entry = WrittenEntry {
                context,
                number,
                spot,
                shape,
            };
            self.entries.insert(name.to_owned(), entry);
        }
    }

    /// Reads them all, each after the one that it builds on.
    pub(crate) fn read(&self) -> Fixtures {
        let unread = self.entries.iter().map(|(name, written)| {
            let at = (written.number, written.spot);
            let state = State::Unread;
            (name.clone(), Entry { at, state })
        });
        let mut fixtures = Fixtures {
            entries: unread.collect(),
            used: RefCell::default(),
        };
        for name in self.entries.keys() {
            for name in self.chain(&fixtures, name).into_iter().rev() {
                let Some(written) = self.entries.get(name) else {
                    continue;
                };
                let ready = written.shape.get().and_then(|shape| {
                    let start = fixtures.start(written.context.document, &shape.using);
                    read(&written.context, written.spot, shape, start)
                });
                if let Some(entry) = fixtures.entries.get_mut(name) {
                    entry.state = match ready {
                        Some(ready) => State::Ready(Box::new(ready)),
                        None => State::Unusable,
                    };
                }
            }
        }
        fixtures
    }

    /// A fixture, the one that it builds on, and so on, as far as they are unread. A circle
    /// ends where it closes, which is reported.
    fn chain<'n>(&'n self, fixtures: &Fixtures, name: &'n str) -> IndexSet<&'n str> {
        let mut chain = IndexSet::new();
        let mut next = Some(name);
        while let Some(name) = next
            && let Some(written) = self.entries.get(name)
            && let Some(State::Unread) = fixtures.entries.get(name).map(|entry| &entry.state)
        {
            chain.insert(name);
            let using = written.shape.get().and_then(|shape| shape.using.placed());
            if let Some((spot, base)) = using
                && let Some(from) = chain.get_index_of(base.as_str())
            {
                let circle = chain.iter().copied().skip(from).chain([base.as_str()]);
                let circle: Vec<_> = circle.map(|name| format!("`{name}`")).collect();
                let message = format!("fixtures build in a circle: {}", circle.join(" on "));
                written.context.document.report(spot, message);
                break;
            }
            next = using.map(|(_, base)| base.as_str());
        }
        chain
    }
}

impl Fixtures {
    /// The fixture that `using` names: `Some(None)` where none is named, `None` where it cannot
    /// be used, which is or has been reported.
    pub(crate) fn start(
        &self,
        document: &Document<'_>,
        using: &Field<String>,
    ) -> Option<Option<&Ready>> {
        if using.is_absent() {
            return Some(None);
        }
        let (spot, name) = using.placed()?;
        self.used.borrow_mut().insert(name.clone());
        match self.entries.get(name).map(|entry| &entry.state) {
            Some(State::Ready(ready)) => Some(Some(ready)),
            Some(State::Unread | State::Unusable) => None,
            None => {
                let names: Vec<&str> = self.entries.keys().map(String::as_str).collect();
                let suggestion = nearest(name, names.iter().copied())
                    .unwrap_or_else(|| format!("the fixtures are {}", alternatives(&names)));
                let message = format!("there is no fixture `{name}`");
                document.report_with(spot, message, suggestion);
                None
            }
        }
    }

    /// Reports the fixtures that no check starts from.
    pub(crate) fn report_unused(&self, documents: &[Document<'_>]) {
        for (name, entry) in &self.entries {
            let (number, spot) = entry.at;
            if !self.used.borrow().contains(name)
                && let Some(document) = documents.get(number)
            {
                document.report(spot, format!("no check uses the fixture `{name}`"));
            }
        }
    }

    /// The fixtures as the pack holds them.
    pub(crate) fn into_pack(self) -> IndexMap<String, Fixture> {
        let entries = self.entries.into_iter();
        entries
            .filter_map(|(name, entry)| match entry.state {
                State::Ready(ready) => Some((name, ready.fixture)),
                State::Unread | State::Unusable => None,
            })
            .collect()
    }
}

/// Whether a name is small letters and digits, joined by hyphens.
pub(crate) fn is_hyphenated(name: &str) -> bool {
    name.split('-').all(|part| {
        !part.is_empty()
            && part
                .bytes()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    })
}

/// Reads a fixture that builds on `start`.
fn read(
    context: &Context<'_>,
    owner: Spot,
    shape: &FixtureShape,
    start: Option<Option<&Ready>>,
) -> Option<Ready> {
    let document = context.document;
    let says = shape.says.required(document, owner, "says");
    if let Some((spot, says)) = says {
        sentence::check(document, spot, says, context.code);
    }
    let target = shape.target.required(document, owner, "target");
    let program = target.and_then(|(spot, text)| Piece::program(document, spot, text));
    // Without the fixture below it neither a script nor a name can be judged.
    let start = start?;
    let wires = start.map(|base| base.wires.clone()).unwrap_or_default();
    let scripts = Scripts::read(document, &shape.peer, &shape.peers, wires);
    let (scripts, program) = (scripts?, program?);
    let mut inherited = start.map(|base| base.inherited.clone()).unwrap_or_default();
    let scope = Scope {
        document,
        forall: &[],
        inherited: &inherited,
        program: &program,
        verbatim: false,
        scripts: &scripts,
        assume: &[],
    };
    scope.check_fixture();
    let mut fixture = start.map_or_else(Fixture::default, |base| base.fixture.clone());
    fixture.says = says?.1.clone();
    fixture.needs.extend(need::listed(&shape.needs));
    continue_with(&mut fixture.target, &program.text);
    continue_scripts(&mut fixture.peers, scripts.steps);
    let asking = Asking {
        peers: Some(&fixture.peers),
        ..Asking::default()
    };
    asking.report_missing(document, owner, &fixture.needs);
    inherited.extend(program.names, scripts.names);
    Some(Ready {
        fixture,
        inherited,
        wires: scripts.wires,
    })
}

/// Puts a program behind another one.
fn continue_with(program: &mut String, next: &str) {
    if !program.is_empty() && !program.ends_with('\n') {
        program.push('\n');
    }
    program.push_str(next);
}

/// Puts each peer's steps behind those that it takes already.
pub(crate) fn continue_scripts(
    peers: &mut IndexMap<String, Vec<PeerStep>>,
    next: IndexMap<String, Vec<PeerStep>>,
) {
    for (name, steps) in next {
        peers.entry(name).or_default().extend(steps);
    }
}
