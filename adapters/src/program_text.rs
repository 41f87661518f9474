//! Owns the filling of a program's places with what the bench has. Does not know what the
//! program does.

use std::fmt::Write;
use std::net::SocketAddrV4;

use trueline_spec::pack::TargetPort;

use crate::error::BenchError;
use crate::observation::Places;
use crate::scenario::{Piece, Program, Scenario, Step};

/// A program in parts that can be run one after the other: each is whole statements, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts(pub(crate) Vec<Part>);

/// A part of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) text: String,
    /// Whether other programs have it, too.
    pub(crate) is_shared: bool,
}

impl Parts {
    /// What differs from program to program, with what comes before it, and what comes after it.
    pub(crate) fn halves(&self) -> (String, String) {
        let (first, rest) = self.0.split_at(self.0.len().min(2));
        let joined = |parts: &[Part]| parts.iter().map(|part| part.text.as_str()).collect();
        (joined(first), joined(rest))
    }

    /// What the program imports before anything else, as a program by itself: whole lines.
    pub(crate) fn imports(&self) -> Parts {
        let text = self.0.first().map_or("", |part| part.text.as_str());
        let lines = text.split_inclusive('\n');
        let imports = lines.take_while(|line| {
            let is_import = line.starts_with("import ") || line.starts_with("from ");
            is_import && line.ends_with('\n') && !line.contains(['(', '\\'])
        });
        Parts(vec![Part::own(imports.collect())])
    }

    /// Whether the program leaves a file of a socket that no name holds, as `print(s.makefile())`
    /// does. It closes its descriptor when it is collected, which would be another socket's by then.
    pub(crate) fn leaves_a_file(&self) -> bool {
        self.0.iter().any(|part| part.text.contains("(s.makefile"))
    }

    /// The whole program.
    pub(crate) fn text(&self) -> String {
        self.0.iter().map(|part| part.text.as_str()).collect()
    }
}

impl Part {
    pub(crate) fn own(text: String) -> Part {
        Part {
            text,
            is_shared: false,
        }
    }

    fn shared(text: &str) -> Part {
        Part {
            text: text.to_owned(),
            is_shared: true,
        }
    }
}

/// Whether a target's port has to be found for the scenario.
pub(crate) fn needs_port(scenario: &Scenario) -> bool {
    let connects = |step: &Step| {
        matches!(
            step,
            Step::Connect { .. } | Step::Ask { .. } | Step::Multicast { .. }
        )
    };
    scenario.uses_port
        || scenario
            .peers
            .iter()
            .any(|peer| peer.script.iter().any(connects))
        || match &scenario.program {
            Program::Bound { .. } => false,
            Program::Verbatim(pieces) => pieces.contains(&Piece::TargetPort),
        }
}

/// Whether a second port of the target has to be found for the scenario.
pub(crate) fn needs_second_port(scenario: &Scenario) -> bool {
    let connects = |step: &Step| {
        matches!(
            step,
            Step::Connect {
                to: TargetPort::Second,
                ..
            }
        )
    };
    let mut steps = scenario.peers.iter().flat_map(|peer| &peer.script);
    scenario.uses_second_port || steps.any(connects)
}

impl Places {
    /// The parts of the program, in their order.
    ///
    /// # Errors
    ///
    /// [`BenchError::Scenario`] when it names a peer that does not listen.
    pub(crate) fn fill(&self, scenario: &Scenario) -> Result<Parts, BenchError> {
        match &scenario.program {
            Program::Bound {
                opening,
                bindings,
                setup,
                body,
            } => Ok(Parts(vec![
                Part::shared(opening),
                Part::own(self.bind(bindings)),
                Part::shared(setup),
                Part {
                    text: body.clone(),
                    is_shared: scenario.recurs,
                },
            ])),
            Program::Verbatim(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    self.put(piece, &mut text)?;
                }
                Ok(Parts(vec![Part::own(text)]))
            }
        }
    }

    /// The bindings, and after them those of the places.
    fn bind(&self, bindings: &str) -> String {
        let mut text = bindings.to_owned();
        for (name, address) in &self.listeners {
            put(
                &mut text,
                format_args!("{name} = ('{}', {})\n", address.ip(), address.port()),
            );
        }
        for (name, port) in [("port", self.port), ("second_port", self.second_port)] {
            if let Some(port) = port {
                put(&mut text, format_args!("{name} = {port}\n"));
            }
        }
        text
    }

    fn put(&self, piece: &Piece, text: &mut String) -> Result<(), BenchError> {
        match piece {
            Piece::Text(piece) | Piece::Value(piece) => text.push_str(piece),
            Piece::PeerAddress(name) => put(text, format_args!("{}", self.listener(name)?.ip())),
            Piece::PeerPort(name) => put(text, format_args!("{}", self.listener(name)?.port())),
            Piece::TargetAddress => put(text, format_args!("{}", self.target)),
            Piece::TargetPort => {
                let port = self.port.ok_or_else(|| {
                    BenchError::Scenario("its program has a port that none was found for".into())
                })?;
                put(text, format_args!("{port}"));
            }
        }
        Ok(())
    }

    fn listener(&self, name: &str) -> Result<SocketAddrV4, BenchError> {
        let listener = self.listeners.iter().find(|(listener, _)| listener == name);
        listener.map(|(_, address)| *address).ok_or_else(|| {
            BenchError::Scenario(format!(
                "its program names the peer `{name}`, which does not listen"
            ))
        })
    }
}

fn put(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments)
        .expect("writing to a String cannot fail");
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use super::*;
    use crate::scenario::Peer;

    fn places() -> Places {
        let peer = Ipv4Addr::new(10, 0, 0, 2);
        Places {
            target: Ipv4Addr::new(10, 0, 0, 1),
            listeners: vec![("peer".to_owned(), SocketAddrV4::new(peer, 5000))],
            port: Some(6000),
            second_port: None,
        }
    }

    fn scenario(program: Program) -> Scenario {
        Scenario {
            name: "case".to_owned(),
            program,
            peers: vec![Peer {
                name: "peer".to_owned(),
                script: vec![Step::Listen],
            }],
            input: Vec::new(),
            endless: false,
            uses_port: false,
            uses_second_port: false,
            deadline: Duration::ZERO,
            waits: Duration::ZERO,
            judged: Default::default(),
            recurs: true,
            simulation: Default::default(),
        }
    }

    #[test]
    fn a_bound_program_gets_its_names_between_bindings_and_setup() {
        let filled = places().fill(&scenario(Program::Bound {
            opening: "import usocket as socket\n".to_owned(),
            bindings: "n = 1\n".to_owned(),
            setup: "s = socket.socket()\n".to_owned(),
            body: "s.connect(peer)\n".to_owned(),
        }));
        let parts = filled.expect("every place is known");
        assert_eq!(
            parts.text(),
            "import usocket as socket\nn = 1\npeer = ('10.0.0.2', 5000)\nport = 6000\n\
             s = socket.socket()\ns.connect(peer)\n"
        );
        let shared: Vec<_> = parts.0.iter().map(|part| part.is_shared).collect();
        assert_eq!(shared, [true, false, true, true]);
    }

    #[test]
    fn a_programs_imports_are_its_first_whole_lines() {
        for (text, imports) in [
            (
                "import a\nfrom b import c\nx = 1\nimport d\n",
                "import a\nfrom b import c\n",
            ),
            ("from b import (\n c)\n", ""),
            ("import a, \\\n b\n", ""),
            ("important = 1\n", ""),
            ("import a", ""),
        ] {
            let parts = Parts(vec![Part::own(text.to_owned())]);
            assert_eq!(parts.imports().text(), imports);
        }
    }

    #[test]
    fn a_documented_program_stands_as_it_is_around_its_places() {
        let program = Program::Verbatim(vec![
            Piece::Text("c('".to_owned()),
            Piece::PeerAddress("peer".to_owned()),
            Piece::Text("',".to_owned()),
            Piece::PeerPort("peer".to_owned()),
            Piece::Text(") b('".to_owned()),
            Piece::TargetAddress,
            Piece::Text("',".to_owned()),
            Piece::TargetPort,
            Piece::Text(")".to_owned()),
        ]);
        assert_eq!(
            places()
                .fill(&scenario(program))
                .expect("every place is known")
                .text(),
            "c('10.0.0.2',5000) b('10.0.0.1',6000)"
        );
    }

    #[test]
    fn a_peer_that_does_not_listen_has_no_address() {
        let program = Program::Verbatim(vec![Piece::PeerPort("other".to_owned())]);
        let error = places()
            .fill(&scenario(program))
            .expect_err("there is no such peer");
        assert!(error.to_string().contains("`other`"), "{error}");
    }

    #[test]
    fn a_port_is_needed_by_a_connecting_peer_or_a_place_for_it() {
        let mut scenario = scenario(Program::Verbatim(vec![Piece::TargetAddress]));
        assert!(!needs_port(&scenario));
        scenario.program = Program::Verbatim(vec![Piece::TargetPort]);
        assert!(needs_port(&scenario));
        scenario.program = Program::Verbatim(vec![]);
        scenario.peers[0].script = vec![connect(TargetPort::First)];
        assert!(needs_port(&scenario));
    }

    #[test]
    fn a_second_port_is_needed_by_who_connects_to_it_or_a_program_that_uses_it() {
        let mut scenario = scenario(Program::Verbatim(vec![]));
        scenario.peers[0].script = vec![connect(TargetPort::First)];
        assert!(!needs_second_port(&scenario));
        scenario.peers[0].script.push(connect(TargetPort::Second));
        assert!(needs_second_port(&scenario));
        scenario.peers.clear();
        scenario.uses_second_port = true;
        assert!(needs_second_port(&scenario));
    }

    fn connect(to: TargetPort) -> Step {
        Step::Connect { to, name: None }
    }

    #[test]
    fn a_second_port_has_a_name_of_its_own() {
        let places = Places {
            second_port: Some(6001),
            ..places()
        };
        let bindings = places.bind("");
        assert!(
            bindings.ends_with("port = 6000\nsecond_port = 6001\n"),
            "{bindings}"
        );
    }
}
