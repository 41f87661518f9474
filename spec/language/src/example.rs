//! Owns the reading of documented examples: programs that run as the document shows them, with
//! the places in them that the bench fills.

use std::collections::BTreeSet;
use std::time::Duration;

use indexmap::IndexMap;

use crate::check;
use crate::clause;
use crate::context::Context;
use crate::document::Document;
use crate::expectation::Expected;
use crate::field::{Field, Table, Words};
use crate::fixture::is_hyphenated;
use crate::interaction::{self, Endless};
use crate::item::Numbered;
use crate::nearest::nearest;
use crate::need::{self, Asking};
use crate::network::Network;
use crate::pack::{
    Basis, Capability, Check, CheckKind, Clause, Item, ItemKind, Level, PeerStep, PlaceName,
};
use crate::piece::Piece;
use crate::placeholder::occurrences;
use crate::python::Names;
use crate::raw::{AsPrintedShape, ExampleShape};
use crate::reader::alternatives;
use crate::scope::{Inherited, Scope};
use crate::script::Scripts;
use crate::sentence;
use crate::transcript::session;
use crate::tree::Spot;
use crate::vocabulary::PEER;
use crate::wire::Wire;

/// Reads the examples of a file.
pub(crate) fn examples(context: &Context<'_>, table: &Table<ExampleShape>) -> Vec<Numbered> {
    let entries = table.entries();
    entries
        .filter_map(|(spot, id, field)| example(context, spot, id, field.get()?))
        .collect()
}

fn example(context: &Context<'_>, owner: Spot, id: &str, shape: &ExampleShape) -> Option<Numbered> {
    let document = context.document;
    if !id.strip_prefix("example.").is_some_and(is_hyphenated) {
        document.report(
            owner,
            "the id of an example is `example.` and words joined by hyphens",
        );
    }
    let head = clause::head(context, owner, &shape.level, &shape.basis, &shape.says);
    let places = places(document, &shape.places);
    let scripts = Scripts::read(document, &shape.peer, &shape.peers, IndexMap::new());
    let input = interaction::input(document, &shape.input);
    let needs = need::listed(&shape.needs);
    let waits = check::span(&shape.waits, Duration::ZERO);
    let deadline = check::deadline(document, &shape.deadline);
    let shown = shown(document, owner, shape);

    let (places, scripts) = (places?, scripts?);
    let endless = Endless {
        allowed: true,
        has_peer: !scripts.steps.is_empty(),
        raises: shown.as_ref().is_some_and(|shown| shown.expected.raises()),
    };
    let bench = Bench {
        places,
        scripts,
        needs,
        input: input?,
        endless: endless.read(document, &shape.endless)?,
        waits: waits?,
        deadline: deadline?,
    };
    bench.check_filling(document, owner);
    if let Some(shown) = &shown {
        bench.check_places(document, &shown.program.text);
    }
    let as_printed = shape.as_printed.placed();
    let as_printed =
        as_printed.map(|(spot, shape)| as_printed_clause(context, id, spot, shape, &bench));
    let judges_time = shown
        .as_ref()
        .is_some_and(|shown| shown.expected.judges_time());
    bench.check_needs(document, owner, judges_time);

    let (head, shown) = (head?, shown?);
    let (check, needs) = bench.check(document, shown);
    let documented = Clause {
        id: format!("{id}/as-documented"),
        level: head.level,
        basis: head.basis,
        says: head.says.clone(),
        needs,
        check,
        place: document.place(owner),
    };
    let item = Item {
        id: id.to_owned(),
        kind: ItemKind::Example,
        signature: None,
        // The pack's inventory says it.
        releases: false,
        section: None,
        summary: head.says,
        parameters: IndexMap::new(),
        returns: None,
        clauses: std::iter::once(documented)
            .chain(as_printed.flatten())
            .collect(),
    };
    Some(Numbered { spot: owner, item })
}

/// A program of the document, and what it has to show.
struct Shown {
    program: Piece,
    expected: Expected,
}

fn shown(document: &Document<'_>, owner: Spot, shape: &ExampleShape) -> Option<Shown> {
    let Some(spot) = shape.transcript.spot() else {
        let program = shape.program.required(document, owner, "program");
        let program = program.and_then(|(spot, text)| Piece::program(document, spot, text));
        let expected = Expected::read(document, owner, &shape.expect);
        return Some(Shown {
            program: program?,
            expected: expected?,
        });
    };
    for (other, key) in [
        (shape.program.spot(), "program"),
        (shape.expect.spot(), "expect"),
    ] {
        if let Some(other) = other {
            document.report(other, format!("`transcript` takes the place of `{key}`"));
        }
    }
    let text = shape.transcript.get()?;
    match session(text) {
        Ok(session) => {
            let names = Names::of_program(&session.program).unwrap_or_default();
            let program = Piece {
                spot,
                text: session.program,
                names,
            };
            Some(Shown {
                program,
                expected: Expected::printed(session.stdout),
            })
        }
        Err(problems) => {
            for problem in problems {
                document.report_in(spot, text, problem.range, problem.message, None);
            }
            None
        }
    }
}

fn as_printed_clause(
    context: &Context<'_>,
    id: &str,
    owner: Spot,
    shape: &AsPrintedShape,
    example: &Bench,
) -> Option<Clause> {
    let document = context.document;
    let says = shape.says.required(document, owner, "says");
    if let Some((spot, says)) = says {
        sentence::check(document, spot, says, context.code);
    }
    let own_scripts = !shape.peer.is_absent() || !shape.peers.is_absent();
    let scripts = if own_scripts {
        Scripts::read(document, &shape.peer, &shape.peers, IndexMap::new())
    } else {
        Some(example.scripts.clone())
    };
    let expected = Expected::read(document, owner, &shape.expect);
    let program = context.filled(shape.program.required(document, owner, "program"));
    // What is printed may be no Python at all: that is then what the clause says.
    let names = program
        .and_then(|text| Names::of_program(text).ok())
        .unwrap_or_default();
    let (spot, text) = (shape.program.spot()?, program?.to_owned());
    let expected = expected?;
    let mut scripts = scripts?;
    if expected.raises() {
        // It may break before it comes to its peers: what it printed until then is judged.
        for steps in scripts.steps.values_mut() {
            let is_there_before = matches!(steps.first(), Some(PeerStep::Listen | PeerStep::Bind));
            steps.insert(usize::from(is_there_before), PeerStep::Optional);
        }
    }
    let present =
        |(_, place): &(&PlaceName, &Placed)| occurrences(&text, &place.documented).next().is_some();
    let places = example.places.iter().filter(present);
    let bench = Bench {
        places: places.map(|(name, place)| (*name, place.clone())).collect(),
        scripts,
        needs: if shape.needs.is_absent() {
            example.needs.clone()
        } else {
            need::listed(&shape.needs)
        },
        input: if shape.input.is_absent() {
            example.input.clone()
        } else {
            interaction::input(document, &shape.input)?
        },
        // A program that an exception ends is not endless, whatever is evidently meant.
        endless: example.endless && !expected.raises(),
        ..*example
    };
    bench.check_needs(document, owner, expected.judges_time());
    let program = Piece { spot, text, names };
    let (check, needs) = bench.check(document, Shown { program, expected });
    Some(Clause {
        id: format!("{id}/as-printed"),
        level: Level::May,
        basis: Basis::Erratum,
        says: says?.1.trim().to_owned(),
        needs,
        check,
        place: document.place(owner),
    })
}

/// What a documented program runs with.
struct Bench {
    places: IndexMap<PlaceName, Placed>,
    scripts: Scripts,
    needs: BTreeSet<Capability>,
    input: Vec<String>,
    endless: bool,
    waits: Duration,
    deadline: Duration,
}

/// A documented value with its place in the pack.
#[derive(Debug, Clone)]
struct Placed {
    spot: Spot,
    documented: String,
}

impl Bench {
    /// Reports places that nothing can fill, and peers that no program can reach.
    fn check_filling(&self, document: &Document<'_>, owner: Spot) {
        let wires = &self.scripts.wires;
        for name in [PlaceName::PeerAddress, PlaceName::PeerPort] {
            if let Some(place) = self.places.get(&name)
                && !wires.get(PEER).is_some_and(Wire::has_address)
            {
                let word = name.word();
                document.report_with(
                    place.spot,
                    format!("nothing fills `{word}`"),
                    "a `peer` fills it that listens, binds or refuses".to_owned(),
                );
            }
        }
        if wires.values().any(Wire::reaches) && !self.places.contains_key(&PlaceName::TargetPort) {
            document.report_with(
                owner,
                "a peer reaches for the target, and no place says at which port",
                "add `target.port` to `places`".to_owned(),
            );
        }
    }

    /// Reports capabilities that are asked for and not named.
    fn check_needs(&self, document: &Document<'_>, owner: Spot, judges_time: bool) {
        let asking = Asking {
            peers: Some(&self.scripts.steps),
            input: !self.input.is_empty(),
            network: false,
            elapsed: judges_time && !self.scripts.steps.is_empty(),
            places: self.places.keys().copied().collect(),
        };
        asking.report_missing(document, owner, &self.needs);
    }

    /// Reports documented values that do not stand in the program.
    fn check_places(&self, document: &Document<'_>, program: &str) {
        for place in self.places.values() {
            if occurrences(program, &place.documented).next().is_none() {
                let message = format!("`{}` does not stand in the program", place.documented);
                document.report(place.spot, message);
            }
        }
    }

    fn check(&self, document: &Document<'_>, shown: Shown) -> (Check, BTreeSet<Capability>) {
        let Shown { program, expected } = shown;
        let scope = Scope {
            document,
            module: None,
            forall: &[],
            inherited: &Inherited::default(),
            program: &program,
            verbatim: true,
            scripts: &self.scripts,
            assume: &[],
        };
        scope.check(&expected);
        let observes = scope.observes();
        let places = self.places.iter();
        let check = Check {
            kind: CheckKind::Example,
            forall: IndexMap::new(),
            assume: Vec::new(),
            using: None,
            setup: String::new(),
            program: program.text,
            verbatim: true,
            places: places
                .map(|(name, place)| (*name, place.documented.clone()))
                .collect(),
            peers: self.scripts.steps.clone(),
            input: self.input.clone(),
            endless: self.endless,
            uses_port: false,
            uses_second_port: false,
            observes,
            expect: expected.into_expectation(document),
            deadline: self.deadline,
            network: Network::default(),
            waits: self.waits,
        };
        (check, self.needs.clone())
    }
}

fn places(
    document: &Document<'_>,
    field: &Field<Table<Words>>,
) -> Option<IndexMap<PlaceName, Placed>> {
    let mut places: IndexMap<PlaceName, Placed> = IndexMap::new();
    let Some(table) = field.get() else {
        return field.is_absent().then_some(places);
    };
    for (spot, word, value) in table.entries() {
        let words = PlaceName::ALL.map(PlaceName::word);
        let Some(name) = PlaceName::ALL.into_iter().find(|name| name.word() == word) else {
            let suggestion = nearest(word, words)
                .unwrap_or_else(|| format!("the places are {}", alternatives(&words)));
            document.report_with(spot, format!("there is no place `{word}`"), suggestion);
            continue;
        };
        let Some((spot, Words(documented))) = value.placed() else {
            continue;
        };
        if let Some((other, _)) = places
            .iter()
            .find(|(_, place)| place.documented == *documented)
        {
            let message = format!("`{documented}` stands for `{}` already", other.word());
            document.report(spot, message);
        }
        places.insert(
            name,
            Placed {
                spot,
                documented: documented.clone(),
            },
        );
    }
    Some(places)
}
