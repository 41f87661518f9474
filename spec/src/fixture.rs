//! Owns the fixtures of a pack while it is read: by name, with what checks inherit from them,
//! and which of them are used.

use std::cell::RefCell;
use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::check;
use crate::context::Context;
use crate::document::Document;
use crate::field::Table;
use crate::nearest::nearest;
use crate::pack::Fixture;
use crate::piece::Piece;
use crate::raw::FixtureShape;
use crate::reader::alternatives;
use crate::scope::{Inherited, Scope};
use crate::script::{Scripts, Wire};
use crate::sentence;
use crate::tree::Spot;

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
    /// `None` where it could not be read.
    ready: Option<Ready>,
}

/// A fixture with what checks inherit from it.
#[derive(Debug)]
pub(crate) struct Ready {
    pub fixture: Fixture,
    pub inherited: Inherited,
    pub wires: IndexMap<String, Wire>,
}

/// A fixture's name looked up.
pub(crate) enum Found<'f> {
    /// It can be used.
    Ready(&'f Ready),
    /// It is there, or is not; either way the reason has been reported.
    Unusable,
}

impl Fixtures {
    /// Reads the fixtures of a file.
    pub(crate) fn add(
        &mut self,
        context: &Context<'_>,
        number: usize,
        table: &Table<FixtureShape>,
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
            let ready = shape
                .placed()
                .and_then(|(_, shape)| read(context, spot, shape));
            self.entries.insert(
                name.to_owned(),
                Entry {
                    at: (number, spot),
                    ready,
                },
            );
        }
    }

    /// Looks a fixture up; that it is unknown is reported.
    pub(crate) fn find(&self, document: &Document<'_>, spot: Spot, name: &str) -> Found<'_> {
        self.used.borrow_mut().insert(name.to_owned());
        match self.entries.get(name) {
            Some(Entry {
                ready: Some(ready), ..
            }) => Found::Ready(ready),
            Some(_) => Found::Unusable,
            None => {
                let names: Vec<&str> = self.entries.keys().map(String::as_str).collect();
                let suggestion = nearest(name, names.iter().copied())
                    .unwrap_or_else(|| format!("the fixtures are {}", alternatives(&names)));
                let message = format!("there is no fixture `{name}`");
                document.report_with(spot, message, suggestion);
                Found::Unusable
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
            .filter_map(|(name, entry)| Some((name, entry.ready?.fixture)))
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

fn read(context: &Context<'_>, owner: Spot, shape: &FixtureShape) -> Option<Ready> {
    let document = context.document;
    let says = shape.says.required(document, owner, "says");
    if let Some((spot, says)) = says {
        sentence::check(document, spot, says, context.code);
    }
    let needs = check::needs(&shape.needs);
    let scripts = Scripts::read(document, &shape.peer, &shape.peers, IndexMap::new());
    let target = shape.target.required(document, owner, "target");
    let program = target.and_then(|(spot, text)| Piece::program(document, spot, text));
    let (scripts, program) = (scripts?, program?);
    check::report_missing_tcp(document, owner, &scripts.steps, &needs);
    let scope = Scope {
        document,
        forall: &[],
        inherited: &Inherited::default(),
        program: &program,
        verbatim: false,
        scripts: &scripts,
        assume: &[],
    };
    scope.check_fixture();
    let fixture = Fixture {
        says: says?.1.clone(),
        needs,
        target: program.text,
        peers: scripts.steps,
    };
    let peers = scripts.names.into_iter().map(|(_, name)| name).collect();
    let inherited = Inherited {
        setup: program.names,
        peers,
    };
    Some(Ready {
        fixture,
        inherited,
        wires: scripts.wires,
    })
}
