//! Owns the filling of a program's places with what the bench has. Does not know what the
//! program does.

use std::fmt::Write;
use std::net::SocketAddrV4;

use crate::error::BenchError;
use crate::observation::Places;
use crate::scenario::{Piece, Program, Scenario, Step};

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

impl Places {
    /// The program's text.
    ///
    /// # Errors
    ///
    /// [`BenchError::Scenario`] when it names a peer that does not listen.
    pub(crate) fn fill(&self, program: &Program) -> Result<String, BenchError> {
        match program {
            Program::Bound { prelude, body } => Ok(self.bind(prelude, body)),
            Program::Verbatim(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    self.put(piece, &mut text)?;
                }
                Ok(text)
            }
        }
    }

    fn bind(&self, prelude: &str, body: &str) -> String {
        let mut text = String::with_capacity(prelude.len() + body.len() + 64);
        text.push_str(prelude);
        if !prelude.is_empty() && !prelude.ends_with('\n') {
            text.push('\n');
        }
        for (name, address) in &self.listeners {
            put(
                &mut text,
                format_args!("{name} = ('{}', {})\n", address.ip(), address.port()),
            );
        }
        if let Some(port) = self.port {
            put(&mut text, format_args!("port = {port}\n"));
        }
        text.push_str(body);
        text
    }

    fn put(&self, piece: &Piece, text: &mut String) -> Result<(), BenchError> {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
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
        }
    }

    #[test]
    fn a_bound_program_gets_its_names_between_prelude_and_body() {
        let program = Program::Bound {
            prelude: "import usocket as socket".to_owned(),
            body: "s.connect(peer)\n".to_owned(),
        };
        assert_eq!(
            places().fill(&program).expect("every place is known"),
            "import usocket as socket\npeer = ('10.0.0.2', 5000)\nport = 6000\ns.connect(peer)\n"
        );
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
            places().fill(&program).expect("every place is known"),
            "c('10.0.0.2',5000) b('10.0.0.1',6000)"
        );
    }

    #[test]
    fn a_peer_that_does_not_listen_has_no_address() {
        let program = Program::Verbatim(vec![Piece::PeerPort("other".to_owned())]);
        let error = places().fill(&program).expect_err("there is no such peer");
        assert!(error.to_string().contains("`other`"), "{error}");
    }

    #[test]
    fn a_port_is_needed_by_a_connecting_peer_or_a_place_for_it() {
        let mut scenario = Scenario {
            name: "case".to_owned(),
            program: Program::Verbatim(vec![Piece::TargetAddress]),
            peers: vec![Peer {
                name: "peer".to_owned(),
                script: vec![Step::Listen],
            }],
            input: Vec::new(),
            endless: false,
            uses_port: false,
            deadline: Duration::ZERO,
            simulation: Default::default(),
        };
        assert!(!needs_port(&scenario));
        scenario.program = Program::Verbatim(vec![Piece::TargetPort]);
        assert!(needs_port(&scenario));
        scenario.program = Program::Verbatim(vec![]);
        scenario.peers[0].script = vec![Step::Connect { name: None }];
        assert!(needs_port(&scenario));
    }
}
