//! Owns the reading of peers' scripts. Whether a step can follow the one before, the
//! [`crate::wire`] knows.

use std::net::Ipv4Addr;

use indexmap::IndexMap;

use crate::document::Document;
use crate::field::{Field, Table, Words};
use crate::pack::{Expression, PeerStep, TargetPort};
use crate::piece::Piece;
use crate::python::is_name;
use crate::raw::{BareStep, MulticastShape, PortName, ReceiveShape, StepShape, StepWith};
use crate::tree::Spot;
use crate::vocabulary::{PEER, is_taken};
use crate::wire::Wire;

/// The scripts of a check or a fixture.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scripts {
    /// Steps by the peer's name.
    pub steps: IndexMap<String, Vec<PeerStep>>,
    /// The expressions in them.
    pub expressions: Vec<Piece>,
    /// The names under which they observe, with their places.
    pub names: Vec<(Spot, String)>,
    /// How each peer stands at the end.
    pub wires: IndexMap<String, Wire>,
}

impl Scripts {
    /// Reads `peer` or `peers`. `wires` tells how peers stand at the start. `None` where
    /// a script cannot be read, which has been reported then.
    pub(crate) fn read(
        document: &Document<'_>,
        peer: &Field<Vec<Field<StepShape>>>,
        peers: &Field<Table<Vec<Field<StepShape>>>>,
        wires: IndexMap<String, Wire>,
    ) -> Option<Scripts> {
        let mut scripts = Scripts {
            wires,
            ..Scripts::default()
        };
        let mut sound = true;
        if let (Some(_), Some(spot)) = (peer.spot(), peers.spot()) {
            document.report(spot, "`peer` and `peers` cannot stand together");
            sound = false;
        }
        if !peer.is_absent() {
            sound &= scripts.script(document, PEER, peer);
        }
        if let Some(table) = peers.get() {
            for (spot, name, steps) in table.entries() {
                if !is_name(name) {
                    document.report(spot, format!("`{name}` is no name that a program can use"));
                } else if name != PEER && is_taken(name) {
                    document.report(spot, format!("`{name}` has a meaning already"));
                }
                sound &= scripts.script(document, name, steps);
            }
        }
        sound &= peers.is_absent() || peers.get().is_some();
        sound.then_some(scripts)
    }

    /// Reads one script; whether all of it could be read.
    fn script(
        &mut self,
        document: &Document<'_>,
        name: &str,
        shapes: &Field<Vec<Field<StepShape>>>,
    ) -> bool {
        let Some((spot, shapes)) = shapes.placed() else {
            return false;
        };
        if shapes.is_empty() {
            document.report(spot, "a peer without a step does nothing");
        }
        let mut wire = self.wires.get(name).copied().unwrap_or_default();
        let mut steps = Vec::with_capacity(shapes.len());
        for shape in shapes {
            let Some((spot, shape)) = shape.placed() else {
                continue;
            };
            let Some(step) = self.step(document, spot, shape) else {
                continue;
            };
            if let Err(message) = wire.step(&step) {
                document.report(spot, message);
            }
            steps.push(step);
        }
        if let (Some(PeerStep::Optional), Some(last)) = (steps.last(), shapes.last())
            && let Some(spot) = last.spot()
        {
            document.report(spot, "`optional` has no step after it");
        }
        self.wires.insert(name.to_owned(), wire);
        let complete = steps.len() == shapes.len();
        self.steps.insert(name.to_owned(), steps);
        complete
    }

    fn step(&mut self, document: &Document<'_>, spot: Spot, shape: &StepShape) -> Option<PeerStep> {
        Some(match shape {
            StepShape::Scalar(BareStep::Listen) => PeerStep::Listen,
            StepShape::Scalar(BareStep::Accept) => PeerStep::Accept { name: None },
            StepShape::Scalar(BareStep::Connect) => PeerStep::Connect {
                to: TargetPort::First,
                name: None,
            },
            StepShape::Scalar(BareStep::Shutdown) => PeerStep::Shutdown,
            StepShape::Scalar(BareStep::Close) => PeerStep::Close,
            StepShape::Scalar(BareStep::Reset) => PeerStep::Reset,
            StepShape::Scalar(BareStep::Refuse) => PeerStep::Refuse,
            StepShape::Scalar(BareStep::Bind) => PeerStep::Bind,
            StepShape::Scalar(BareStep::Optional) => PeerStep::Optional,
            StepShape::Mapping(StepWith::Accept(shape)) => PeerStep::Accept {
                name: self.name(&shape.r#as),
            },
            StepShape::Mapping(StepWith::Connect(shape)) => PeerStep::Connect {
                to: match shape.to.get() {
                    Some(PortName::SecondPort) => TargetPort::Second,
                    Some(PortName::Port) | None => TargetPort::First,
                },
                name: self.name(&shape.r#as),
            },
            StepShape::Mapping(StepWith::Send(words)) => {
                PeerStep::Send(self.expression(document, words)?)
            }
            StepShape::Mapping(StepWith::Receive(shape)) => self.receive(document, spot, shape)?,
            StepShape::Mapping(StepWith::Pause(span)) => PeerStep::Pause(span.0),
            StepShape::Mapping(StepWith::ReceiveFrom(shape)) => PeerStep::ReceiveFrom {
                name: self.name(&shape.r#as),
                from: self.name(&shape.from),
            },
            StepShape::Mapping(StepWith::Reply(words)) => {
                PeerStep::Reply(self.expression(document, words)?)
            }
            StepShape::Mapping(StepWith::Ask(shape)) => {
                shape.send.required(document, spot, "send");
                PeerStep::Ask {
                    data: self.expression(document, &shape.send)?,
                    name: self.name(&shape.r#as),
                    from: self.name(&shape.from),
                }
            }
            StepShape::Mapping(StepWith::Multicast(shape)) => {
                self.multicast(document, spot, shape)?
            }
        })
    }

    fn multicast(
        &mut self,
        document: &Document<'_>,
        owner: Spot,
        shape: &MulticastShape,
    ) -> Option<PeerStep> {
        let group = shape.group.required(document, owner, "group");
        let group = group.and_then(|(spot, text)| {
            let group = text.parse().ok().filter(Ipv4Addr::is_multicast);
            if group.is_none() {
                let message =
                    format!("`{text}` is no group: those are 224.0.0.0 to 239.255.255.255");
                document.report(spot, message);
            }
            group
        });
        shape.send.required(document, owner, "send");
        let data = self.expression(document, &shape.send);
        Some(PeerStep::Multicast {
            group: group?,
            data: data?,
        })
    }

    fn receive(
        &mut self,
        document: &Document<'_>,
        spot: Spot,
        shape: &ReceiveShape,
    ) -> Option<PeerStep> {
        let name = self.name(&shape.r#as);
        match (shape.bytes.is_absent(), shape.until.is_absent()) {
            (false, true) => {
                let count = self.expression(document, &shape.bytes)?;
                Some(PeerStep::ReceiveBytes { count, name })
            }
            (true, false) => {
                shape.until.get()?;
                Some(PeerStep::ReceiveUntilEof { name })
            }
            _ => {
                document.report(
                    spot,
                    "`receive` needs exactly one of `bytes` and `until: eof`",
                );
                None
            }
        }
    }

    fn name(&mut self, field: &Field<String>) -> Option<String> {
        let (spot, name) = field.placed()?;
        self.names.push((spot, name.clone()));
        Some(name.clone())
    }

    fn expression(&mut self, document: &Document<'_>, field: &Field<Words>) -> Option<Expression> {
        let (spot, Words(text)) = field.placed()?;
        let piece = Piece::expression(document, spot, text)?;
        let expression = piece.to_expression(document);
        self.expressions.push(piece);
        Some(expression)
    }
}
