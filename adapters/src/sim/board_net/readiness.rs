//! Owns what a socket is ready for, as `poll` tells it.

use smoltcp::socket::{raw, tcp, udp};
use trueline_agent::net::{Errno, Events, Watch};

use super::{At, BoardNet};

impl BoardNet {
    pub(super) fn ready(&self, watch: &Watch) -> Result<Events, Errno> {
        let socket = self.socket(watch.socket)?;
        let all = |input, output| Events {
            input: watch.input && input,
            output: watch.output && output,
            ..Events::default()
        };
        Ok(match socket.at {
            At::Nowhere | At::Gone => Events {
                hangup: true,
                ..all(false, true)
            },
            At::Listening(id) => all(self.board(|board| board.has_waiting(id)), false),
            At::Datagrams(handle) => all(
                self.board(|board| board.look::<udp::Socket>(handle).can_recv()),
                true,
            ),
            At::Raw(handle) => all(
                self.board(|board| board.look::<raw::Socket>(handle).can_recv()),
                true,
            ),
            At::Stream { handle, .. } => self.board(|board| {
                let stream = board.look::<tcp::Socket>(handle);
                match stream.state() {
                    tcp::State::SynSent | tcp::State::SynReceived => Events::default(),
                    tcp::State::Closed => Events {
                        error: true,
                        hangup: true,
                        ..all(true, true)
                    },
                    _ => {
                        let input = stream.can_recv() || !stream.may_recv();
                        all(input, stream.can_send() || !stream.may_send())
                    }
                }
            }),
        })
    }
}
