//! Owns the lint of names: that everything a check's Python uses is there, that what it
//! generates and observes is used, and that its expectations can fail.

use std::collections::BTreeSet;

use crate::document::Document;
use crate::expectation::Expected;
use crate::nearest::nearest;
use crate::piece::Piece;
use crate::python::{Name, Names, is_name};
use crate::script::Scripts;
use crate::tree::Spot;
use crate::vocabulary::{
    BUILTINS, MEASURED, PEER, PORT, PRELUDE, SECOND_PORT, is_builtin, is_taken,
};
use crate::wire::Wire;

/// What a fixture contributes to the names of a check, its own fixture's included.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inherited {
    /// The names of its program. Their ranges say nothing: they are of several texts.
    pub setup: Names,
    /// The names under which its peers observe.
    pub peers: Vec<String>,
}

impl Inherited {
    /// Takes the names of one more fixture.
    pub(crate) fn extend(&mut self, program: Names, peers: Vec<(Spot, String)>) {
        self.setup.reads.extend(program.reads);
        self.setup.binds.extend(program.binds);
        self.setup.observed.extend(program.observed);
        self.peers.extend(peers.into_iter().map(|(_, name)| name));
    }
}

/// All Python of one check.
pub(crate) struct Scope<'a> {
    pub document: &'a Document<'a>,
    /// Generated names with their places.
    pub forall: &'a [(Spot, String)],
    pub inherited: &'a Inherited,
    pub program: &'a Piece,
    /// Whether the program is the document's own, which has only what it imports.
    pub verbatim: bool,
    pub scripts: &'a Scripts,
    pub assume: &'a [Piece],
}

impl Scope<'_> {
    /// Reports every name that is not there, not used or not judged.
    pub(crate) fn check(&self, expected: &Expected) {
        self.check_own_names();
        if !self.verbatim {
            self.check_program();
        }
        self.check_inputs();
        self.check_second_port();
        self.check_expected(expected);
        self.check_use(expected);
    }

    /// A fixture's program has the same names, and nothing to expect.
    pub(crate) fn check_fixture(&self) {
        self.check_own_names();
        self.check_program();
        self.check_inputs();
    }

    fn generated(&self) -> impl Iterator<Item = &str> {
        self.forall.iter().map(|(_, name)| name.as_str())
    }

    fn observed(&self) -> impl Iterator<Item = &str> {
        let setup = &self.inherited.setup.observed;
        setup
            .iter()
            .chain(&self.program.names.observed)
            .map(|seen| seen.name.as_str())
    }

    /// The names that the program observes, its fixture's included.
    pub(crate) fn observes(&self) -> BTreeSet<String> {
        self.observed().map(str::to_owned).collect()
    }

    fn seen_by_peers(&self) -> impl Iterator<Item = &str> {
        let own = self.scripts.names.iter().map(|(_, name)| name.as_str());
        own.chain(self.inherited.peers.iter().map(String::as_str))
    }

    /// Generated names and the names of peers have one meaning each.
    fn check_own_names(&self) {
        let peers = self.scripts.wires.keys();
        let mut known: BTreeSet<&str> = peers.map(String::as_str).collect();
        known.extend(self.inherited.peers.iter().map(String::as_str));
        let setup = &self.inherited.setup.observed;
        known.extend(setup.iter().map(|seen| seen.name.as_str()));
        for (spot, name) in self.forall.iter().chain(&self.scripts.names) {
            if !is_name(name) {
                self.document
                    .report(*spot, format!("`{name}` is no name that Python can use"));
            } else if is_taken(name) {
                self.document
                    .report(*spot, format!("`{name}` has a meaning already"));
            } else if !known.insert(name) {
                self.document
                    .report(*spot, format!("`{name}` stands for two things"));
            }
        }
        for range in &self.program.names.unnamed {
            let message = "this does not say what is observed";
            let suggestion = Some("write `observe(name=value)`".to_owned());
            self.program
                .report(self.document, range, message.to_owned(), suggestion);
        }
        for seen in &self.program.names.observed {
            let problem = if is_taken(&seen.name) {
                "has a meaning already"
            } else if known.contains(seen.name.as_str()) {
                "is generated or seen by a peer already"
            } else {
                continue;
            };
            let message = format!("`{}` {problem}", seen.name);
            let suggestion = Some("observe it under another name".to_owned());
            self.program
                .report(self.document, &seen.range, message, suggestion);
        }
    }

    /// The names that the bench binds for the program.
    fn bench(&self) -> BTreeSet<&str> {
        let wires = self.scripts.wires.iter();
        let placed = wires.filter(|(_, wire)| wire.has_address());
        let peers = placed.map(|(name, _)| name.as_str());
        peers.chain([PORT, SECOND_PORT]).collect()
    }

    /// Whether the fixture or the program uses the target's port.
    pub(crate) fn uses_port(&self) -> bool {
        self.uses(PORT)
    }

    /// Whether the fixture or the program uses the target's second port.
    pub(crate) fn uses_second_port(&self) -> bool {
        self.uses(SECOND_PORT)
    }

    fn uses(&self, port: &str) -> bool {
        !self.verbatim && (self.inherited.setup.reads(port) || self.program.names.reads(port))
    }

    /// Nobody listens on a port that the program does not know.
    fn check_second_port(&self) {
        let mut wires = self.scripts.wires.values();
        if wires.any(Wire::reaches_second) && !self.uses_second_port() {
            let message = "a peer connects to `second_port`, which the program does not use";
            self.document.report(self.program.spot, message);
        }
    }

    fn check_program(&self) {
        let mut known = self.bench();
        known.extend(self.generated());
        known.extend(PRELUDE);
        known.extend(self.inherited.setup.binds.iter().map(String::as_str));
        known.extend(self.program.names.binds.iter().map(String::as_str));
        self.check_reads(self.program, &known, |name| match name {
            PEER => "`peer` is there only when the peer listens, binds or refuses".to_owned(),
            _ => format!("nothing binds `{name}`"),
        });
    }

    /// Conditions and peers know the generated values only.
    fn check_inputs(&self) {
        let known: BTreeSet<&str> = self.generated().collect();
        for piece in self.assume.iter().chain(&self.scripts.expressions) {
            self.check_reads(piece, &known, |name| format!("`{name}` is not generated"));
        }
        for piece in self.assume {
            if !piece
                .names
                .reads
                .iter()
                .any(|read| known.contains(read.name.as_str()))
            {
                self.document
                    .report(piece.spot, "this does not depend on what is generated");
            }
        }
    }

    fn check_expected(&self, expected: &Expected) {
        let mut judged: BTreeSet<&str> = self.observed().collect();
        judged.extend(self.seen_by_peers());
        judged.extend(MEASURED);
        let mut known = judged.clone();
        known.extend(self.generated());
        for piece in &expected.holds {
            self.check_reads(piece, &known, |name| format!("nothing observes `{name}`"));
            let unknown = piece
                .names
                .reads
                .iter()
                .any(|read| !is_known(&read.name, &known));
            let judges = piece
                .names
                .reads
                .iter()
                .any(|read| judged.contains(read.name.as_str()));
            if !judges && !unknown {
                self.document.report_with(
                    piece.spot,
                    "this cannot fail: it depends on nothing that was observed",
                    "observe a value in `target` and judge it here".to_owned(),
                );
            }
        }
    }

    fn check_reads(&self, piece: &Piece, known: &BTreeSet<&str>, message: impl Fn(&str) -> String) {
        let mut reported = BTreeSet::new();
        for Name { name, range } in &piece.names.reads {
            if is_known(name, known)
                || piece.names.binds.contains(name)
                || !reported.insert(name.as_str())
            {
                continue;
            }
            let words = known.iter().chain(BUILTINS).copied();
            piece.report(self.document, range, message(name), nearest(name, words));
        }
    }

    /// What is generated is used, and what is observed is judged.
    fn check_use(&self, expected: &Expected) {
        let pieces = self
            .assume
            .iter()
            .chain(&self.scripts.expressions)
            .chain(&expected.holds);
        let pieces: Vec<_> = pieces
            .chain([self.program])
            .map(|piece| &piece.names)
            .collect();
        for (spot, name) in self.forall {
            let used = self.inherited.setup.reads(name);
            if !used && !pieces.iter().any(|names| names.reads(name)) {
                self.document
                    .report(*spot, format!("`{name}` is generated and used nowhere"));
            }
        }
        let mut reported = BTreeSet::new();
        for seen in &self.program.names.observed {
            let judged = expected
                .holds
                .iter()
                .any(|piece| piece.names.reads(&seen.name));
            if !judged && reported.insert(&seen.name) {
                let message = format!("`{}` is observed and never judged", seen.name);
                self.program
                    .report(self.document, &seen.range, message, None);
            }
        }
    }
}

fn is_known(name: &str, known: &BTreeSet<&str>) -> bool {
    known.contains(name) || is_builtin(name)
}
