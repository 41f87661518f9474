//! Owns the reading of a clause's check: the fixture merged into it, everything in it that can
//! be wrong reported.

use std::collections::BTreeSet;
use std::time::Duration;

use indexmap::IndexMap;

use crate::context::Context;
use crate::document::Document;
use crate::duration::Span;
use crate::expectation::Expected;
use crate::field::{Field, Words};
use crate::fixture::{Fixtures, continue_scripts};
use crate::interaction::{self, Endless};
use crate::literal;
use crate::network::Network;
use crate::pack::{Capability, Check, CheckKind};
use crate::piece::Piece;
use crate::raw::{CheckShape, NetworkShape, OneOfShape, StrategyShape};
use crate::scope::{Inherited, Scope};
use crate::script::Scripts;
use crate::strategy::{Size, Strategy};
use crate::tree::Spot;

/// How long a program may take where its check does not say.
pub(crate) const DEADLINE: Duration = Duration::from_secs(5);

/// A check, with what target and bench must be able to do for its fixture.
pub(crate) struct Read {
    pub check: Check,
    pub needs: BTreeSet<Capability>,
    /// Whether it says something of the time that the program took.
    pub judges_time: bool,
}

/// Reads what stands under `property` or `example`. `None` where it cannot be read, which has
/// been reported then.
pub(crate) fn read(
    context: &Context<'_>,
    fixtures: &Fixtures,
    owner: Spot,
    shape: &CheckShape,
    kind: CheckKind,
) -> Option<Read> {
    let document = context.document;
    let forall = forall(document, owner, shape, kind);
    let fixture = fixtures.start(document, &shape.using);
    let wires = fixture
        .flatten()
        .map(|ready| ready.wires.clone())
        .unwrap_or_default();
    // Without its fixture a script cannot be judged: how connections stand is not known.
    let scripts = match fixture {
        Some(_) => Scripts::read(document, &shape.peer, &shape.peers, wires),
        None => None,
    };
    let target = shape.target.required(document, owner, "target");
    let program = target.and_then(|(spot, text)| Piece::program(document, spot, text));
    let assume = Piece::expressions(document, &shape.assume);
    let expected = Expected::read(document, owner, &shape.expect);
    let waits = span(&shape.waits, Duration::ZERO);
    let deadline = deadline(document, &shape.deadline);
    let input = interaction::input(document, &shape.input);
    let network = network(document, &shape.network);

    let (forall, program, assume, expected) = (forall?, program?, assume?, expected?);
    let (fixture, scripts) = (fixture?, scripts?);
    let none = Inherited::default();
    let scope = Scope {
        document,
        forall: &forall.names,
        inherited: fixture.map_or(&none, |ready| &ready.inherited),
        program: &program,
        verbatim: false,
        scripts: &scripts,
        assume: &assume,
    };
    scope.check(&expected);
    let judges_time = expected.judges_time();
    let uses_port = scope.uses_port();
    let uses_second_port = scope.uses_second_port();
    let observes = scope.observes();
    let mut start = fixture
        .map(|ready| ready.fixture.clone())
        .unwrap_or_default();
    continue_scripts(&mut start.peers, scripts.steps);
    let endless = Endless {
        allowed: kind == CheckKind::Example,
        has_peer: !start.peers.is_empty(),
        raises: expected.raises(),
    };
    let endless = endless.read(document, &shape.endless);
    let check = Check {
        kind,
        forall: forall.strategies,
        assume: assume
            .iter()
            .map(|piece| piece.to_expression(document))
            .collect(),
        using: shape.using.get().cloned(),
        setup: start.target,
        program: program.text,
        verbatim: false,
        places: IndexMap::new(),
        peers: start.peers,
        input: input?,
        endless: endless?,
        uses_port,
        uses_second_port,
        observes,
        network: network?,
        expect: expected.into_expectation(document),
        deadline: deadline?,
        waits: waits?,
    };
    Some(Read {
        check,
        needs: start.needs,
        judges_time,
    })
}

/// A duration, or what holds without it. `None` where it cannot be read.
pub(crate) fn span(field: &Field<Span>, otherwise: Duration) -> Option<Duration> {
    if field.is_absent() {
        Some(otherwise)
    } else {
        field.get().map(|span| span.0)
    }
}

/// How long a program may take; that it may take no time is reported.
pub(crate) fn deadline(document: &Document<'_>, field: &Field<Span>) -> Option<Duration> {
    let deadline = span(field, DEADLINE)?;
    if let (Some(spot), true) = (field.spot(), deadline.is_zero()) {
        document.report(spot, "no program is done in no time");
    }
    Some(deadline)
}

/// The conditions of the network. `None` where one cannot be read.
fn network(document: &Document<'_>, field: &Field<NetworkShape>) -> Option<Network> {
    let mut network = Network::default();
    if field.is_absent() {
        return Some(network);
    }
    let (owner, shape) = field.placed()?;
    let mut sound = true;
    for (name, condition) in shape.conditions() {
        if condition.is_absent() {
            continue;
        }
        let Some((spot, Words(text))) = condition.placed() else {
            sound = false;
            continue;
        };
        if let Some(Err(message)) = network.set(name, text) {
            document.report(spot, message);
            sound = false;
        }
    }
    let problem = match network.is_ideal() {
        true => sound.then_some("`network` without a condition says nothing"),
        false => network.contradiction(),
    };
    if let Some(problem) = problem {
        document.report(owner, problem);
    }
    sound.then_some(network)
}

/// The generated names.
struct Forall {
    names: Vec<(Spot, String)>,
    strategies: IndexMap<String, Strategy>,
}

fn forall(
    document: &Document<'_>,
    owner: Spot,
    shape: &CheckShape,
    kind: CheckKind,
) -> Option<Forall> {
    let mut forall = Forall {
        names: Vec::new(),
        strategies: IndexMap::new(),
    };
    if kind == CheckKind::Example {
        for (spot, key) in [
            (shape.forall.spot(), "forall"),
            (shape.assume.spot(), "assume"),
        ] {
            if let Some(spot) = spot {
                let message = format!("an `example` runs once: `{key}` belongs to a `property`");
                document.report(spot, message);
            }
        }
        return Some(forall);
    }
    let (spot, table) = shape.forall.required(document, owner, "forall")?;
    if table.0.is_empty() {
        document.report_with(
            spot,
            "a `property` ranges over something",
            "write it as an `example`".to_owned(),
        );
    }
    let mut sound = true;
    let mut size = Size::default();
    for (spot, name, shape) in table.entries() {
        forall.names.push((spot, name.to_owned()));
        match shape
            .placed()
            .and_then(|(spot, shape)| strategy(document, spot, shape))
        {
            Some(strategy) => {
                size = size.and(strategy.size());
                forall.strategies.insert(name.to_owned(), strategy);
            }
            None => sound = false,
        }
    }
    if let (Some(excess), true) = (size.excess(), sound) {
        document.report(spot, format!("all values of a case together {excess}"));
        sound = false;
    }
    sound.then_some(forall)
}

fn strategy(document: &Document<'_>, spot: Spot, shape: &StrategyShape) -> Option<Strategy> {
    let text = match shape {
        StrategyShape::Scalar(text) => text,
        StrategyShape::Mapping(OneOfShape { one_of }) => {
            return one_of_values(document, spot, one_of);
        }
    };
    match Strategy::parse(text) {
        Ok(strategy) => Some(strategy),
        Err(error) => {
            let end = text.len();
            document.report_in(
                spot,
                text,
                error.at.min(end)..end,
                error.message,
                error.suggestion,
            );
            None
        }
    }
}

fn one_of_values(
    document: &Document<'_>,
    owner: Spot,
    field: &Field<Vec<Field<Words>>>,
) -> Option<Strategy> {
    let (spot, list) = field.required(document, owner, "one_of")?;
    let values: Vec<_> = list
        .iter()
        .map(|field| {
            let (spot, Words(text)) = field.placed()?;
            let value = literal::parse(text);
            value
                .map_err(|error| document.report(spot, error.to_string()))
                .ok()
        })
        .collect();
    let values: Option<Vec<_>> = values.into_iter().collect();
    Strategy::one_of(values?)
        .map_err(|error| document.report(spot, error.message))
        .ok()
}
