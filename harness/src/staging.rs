//! Owns the step from a check with inputs to a scenario: expressions evaluated, bindings
//! written out, places of documented programs found. Runs nothing.

use std::collections::BTreeMap;

use trueline_adapters::observation::Observation;
use trueline_adapters::scenario::{
    DocumentedPorts, Judged, Peer, Piece, Program, Scenario, Simulation, Step,
};
use trueline_adapters::wifi::Wifi;
use trueline_spec::pack::{Check, CheckKind, PeerStep, PlaceName, binding};
use trueline_spec::placeholder::occurrences;

use crate::judge::{Bindings, Interpreter, Wanted, Wish};
use crate::undecided::Undecided;

/// The name of the one peer of a documented program.
const THE_PEER: &str = "peer";

/// What a case adds to its check, apart from inputs.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The case's id.
    pub name: &'a str,
    /// What is imported as `socket` before every program that is not the document's own.
    pub module: &'a str,
    /// What chance follows from on a simulated network.
    pub seed: u64,
    /// Whether packets are kept.
    pub capture: bool,
    /// The wireless network in the stead of the document's; `None`: it is the document's.
    pub wifi: Option<&'a Wifi>,
}

/// Makes the scenario of each of several cases of a check.
///
/// # Errors
/// When a peer's expression gives no value, or one of a wrong type.
pub fn scenarios(
    cases: &[(Circumstances<'_>, &Bindings)],
    check: &Check,
    interpreter: &Interpreter,
) -> Result<Vec<Scenario>, Undecided> {
    let steps = check.peers.values().flatten();
    let wanted: Vec<_> = steps.filter_map(wanted).collect();
    let inputs: Vec<_> = cases.iter().map(|(_, inputs)| *inputs).collect();
    let wishes = interpreter.values(&wanted, &inputs);
    let wishes = wishes.map_err(|(expression, error)| {
        let line = expression.line;
        error.of(format_args!("a peer's `{expression}` (line {line})"))
    })?;
    let staged = cases.iter().zip(wishes);
    Ok(staged
        .map(|((case, inputs), wishes)| staged_with(*case, check, inputs, wishes))
        .collect())
}

/// Makes the scenario of one case.
///
/// # Errors
/// As [`scenarios`].
pub fn scenario(
    case: Circumstances<'_>,
    check: &Check,
    inputs: &Bindings,
    interpreter: &Interpreter,
) -> Result<Scenario, Undecided> {
    let scenario = scenarios(&[(case, inputs)], check, interpreter)?.pop();
    Ok(scenario.unwrap_or_else(|| staged_with(case, check, inputs, Vec::new())))
}

/// The scenario of one case, with the values of its peers' expressions.
fn staged_with(
    case: Circumstances<'_>,
    check: &Check,
    inputs: &Bindings,
    wishes: Vec<Wish>,
) -> Scenario {
    let mut wishes = wishes.into_iter();
    let peers = check.peers.iter().map(|(name, steps)| Peer {
        name: name.clone(),
        script: steps.iter().map(|of| step(of, &mut wishes)).collect(),
    });
    Scenario {
        name: case.name.to_owned(),
        peers: peers.collect(),
        program: program(case, check, inputs),
        input: check.input.clone(),
        endless: check.endless,
        uses_port: check.uses_port,
        uses_second_port: check.uses_second_port,
        deadline: check.deadline + check.waits,
        waits: check.waits,
        judged: judged(check),
        recurs: check.kind == CheckKind::Property,
        simulation: Simulation {
            network: check.network.clone(),
            seed: case.seed,
            documented: documented_ports(check),
            capture: case.capture,
        },
    }
}

/// What has to be evaluated for a step.
fn wanted(step: &PeerStep) -> Option<Wanted<'_>> {
    match step {
        PeerStep::Send(data)
        | PeerStep::Reply(data)
        | PeerStep::Ask { data, .. }
        | PeerStep::Multicast { data, .. } => Some(Wanted::Bytes(data)),
        PeerStep::ReceiveBytes { count, .. } => Some(Wanted::Count(count)),
        PeerStep::Listen
        | PeerStep::Accept { .. }
        | PeerStep::Connect { .. }
        | PeerStep::ReceiveUntilEof { .. }
        | PeerStep::Pause(_)
        | PeerStep::Shutdown
        | PeerStep::Close
        | PeerStep::Reset
        | PeerStep::Refuse
        | PeerStep::Bind
        | PeerStep::ReceiveFrom { .. }
        | PeerStep::Optional => None,
    }
}

/// The step with its value, which is the next one of those that [`wanted`] asked for.
fn step(step: &PeerStep, wishes: &mut impl Iterator<Item = Wish>) -> Step {
    let mut bytes = || match wishes.next() {
        Some(Wish::Bytes(bytes)) => bytes,
        Some(Wish::Count(_)) | None => Vec::new(),
    };
    match step {
        PeerStep::Listen => Step::Listen,
        PeerStep::Accept { name } => Step::Accept { name: name.clone() },
        PeerStep::Connect { to, name } => Step::Connect {
            to: *to,
            name: name.clone(),
        },
        PeerStep::Send(_) => Step::Send(bytes()),
        PeerStep::ReceiveBytes { name, .. } => Step::ReceiveBytes {
            count: match wishes.next() {
                Some(Wish::Count(count)) => count,
                Some(Wish::Bytes(_)) | None => 0,
            },
            name: name.clone(),
        },
        PeerStep::ReceiveUntilEof { name } => Step::ReceiveUntilEof { name: name.clone() },
        PeerStep::Pause(pause) => Step::Pause(*pause),
        PeerStep::Shutdown => Step::Shutdown,
        PeerStep::Close => Step::Close,
        PeerStep::Reset => Step::Reset,
        PeerStep::Refuse => Step::Refuse,
        PeerStep::Bind => Step::Bind,
        PeerStep::Optional => Step::Optional,
        PeerStep::ReceiveFrom { name, from } => Step::ReceiveFrom {
            name: name.clone(),
            from: from.clone(),
        },
        PeerStep::Reply(_) => Step::Reply(bytes()),
        PeerStep::Ask { name, from, .. } => Step::Ask {
            data: bytes(),
            name: name.clone(),
            from: from.clone(),
        },
        PeerStep::Multicast { group, .. } => Step::Multicast {
            group: *group,
            data: bytes(),
        },
    }
}

/// The ports that stand in a documented program.
fn documented_ports(check: &Check) -> DocumentedPorts {
    let port = |place| check.places.get(&place)?.parse().ok();
    DocumentedPorts {
        peer: port(PlaceName::PeerPort),
        target: port(PlaceName::TargetPort),
    }
}

fn program(case: Circumstances<'_>, check: &Check, inputs: &Bindings) -> Program {
    if check.verbatim {
        return Program::Verbatim(pieces(&check.program, check, case.wifi));
    }
    let module = case.module;
    // A name that only the harness uses stays here: data cost time on the way to a target.
    let used = |name: &str| uses(&check.setup, name) || uses(&check.program, name);
    let bindings = inputs.iter().filter(|(name, _)| used(name));
    let bindings: String = bindings.map(|(name, value)| binding(name, value)).collect();
    Program::Bound {
        opening: format!("import {module} as socket\n"),
        bindings,
        setup: ended(&check.setup),
        body: check.program.clone(),
    }
}

/// What the check's expectations are about, apart from observations.
fn judged(check: &Check) -> Judged {
    let says = |name| {
        let mut holds = check.expect.holds.iter();
        holds.any(|expression| uses(&expression.text, name))
    };
    Judged {
        elapsed: says("elapsed"),
        output: check.expect.stdout.is_some() || says("stdout"),
    }
}

/// Whether the name stands in the Python text, be it only in a comment or a literal.
fn uses(text: &str, name: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| word == name)
}

/// The text with a line feed at its end, unless it is empty.
fn ended(text: &str) -> String {
    match text {
        "" => String::new(),
        text if text.ends_with('\n') => text.to_owned(),
        text => format!("{text}\n"),
    }
}

/// The program cut at the documented values of its places.
fn pieces(program: &str, check: &Check, wifi: Option<&Wifi>) -> Vec<Piece> {
    let mut pieces = vec![Piece::Text(program.to_owned())];
    for (place, documented) in &check.places {
        let filled = match place {
            PlaceName::PeerAddress => Piece::PeerAddress(THE_PEER.to_owned()),
            PlaceName::PeerPort => Piece::PeerPort(THE_PEER.to_owned()),
            PlaceName::TargetAddress => Piece::TargetAddress,
            PlaceName::TargetPort => Piece::TargetPort,
            PlaceName::WlanSsid | PlaceName::WlanPassword => match wifi {
                Some(wifi) => Piece::Value(quotable(of_wlan(*place, wifi))),
                // The bench has the network that the document names.
                None => continue,
            },
        };
        pieces = pieces
            .into_iter()
            .flat_map(|piece| match piece {
                Piece::Text(text) => {
                    let mut cut = Vec::new();
                    let mut done = 0;
                    for found in occurrences(&text, documented) {
                        cut.push(Piece::Text(text[done..found.start].to_owned()));
                        cut.push(filled.clone());
                        done = found.end;
                    }
                    cut.push(Piece::Text(text[done..].to_owned()));
                    cut
                }
                place => vec![place],
            })
            .collect();
    }
    pieces
}

/// What stands in a place of a wireless network.
fn of_wlan(place: PlaceName, wifi: &Wifi) -> &str {
    match place {
        PlaceName::WlanPassword => wifi.password(),
        _ => wifi.name(),
    }
}

/// The text as it stands in a Python literal, whichever quotes that has.
fn quotable(text: &str) -> String {
    let mut quotable = String::new();
    for c in text.chars() {
        if matches!(c, '\\' | '\'' | '"') {
            quotable.push('\\');
        }
        quotable.push(c);
    }
    quotable
}

/// `text` in documented values, with the values that the session had in their stead.
#[must_use]
pub fn filled(text: &str, check: &Check, observation: &Observation, wifi: Option<&Wifi>) -> String {
    exchange(text, &mapping(check, observation, wifi))
}

/// `text` as the session had it, in documented values.
#[must_use]
pub fn documented(
    text: &str,
    check: &Check,
    observation: &Observation,
    wifi: Option<&Wifi>,
) -> String {
    let back = mapping(check, observation, wifi)
        .into_iter()
        .map(|(from, to)| (to, from))
        .collect();
    exchange(text, &back)
}

fn mapping(
    check: &Check,
    observation: &Observation,
    wifi: Option<&Wifi>,
) -> BTreeMap<String, String> {
    let places = &observation.places;
    check
        .places
        .iter()
        .filter_map(|(place, documented)| {
            let mut listeners = places.listeners.iter();
            let mut peer = || {
                listeners
                    .find(|(name, _)| name == THE_PEER)
                    .map(|(_, at)| at)
            };
            let actual = match place {
                PlaceName::PeerAddress => peer()?.ip().to_string(),
                PlaceName::PeerPort => peer()?.port().to_string(),
                PlaceName::TargetAddress => places.target.to_string(),
                PlaceName::TargetPort => places.port?.to_string(),
                PlaceName::WlanSsid | PlaceName::WlanPassword => of_wlan(*place, wifi?).to_owned(),
            };
            Some((documented.clone(), actual))
        })
        .collect()
}

fn exchange(text: &str, mapping: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    for (from, to) in mapping {
        let mut exchanged = String::new();
        let mut done = 0;
        for found in occurrences(&text, from) {
            exchanged.push_str(&text[done..found.start]);
            exchanged.push_str(to);
            done = found.end;
        }
        text = exchanged + &text[done..];
    }
    text
}
