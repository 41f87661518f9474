//! Owns how a peer stands after each of its steps, and with that which step can come next.

use crate::pack::{PeerStep, TargetPort};

/// How a peer stands.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wire {
    side: Side,
    /// It listens, or has listened.
    listens: bool,
    /// It reaches for the target's port: connects, asks, or sends to a group there.
    reaches: bool,
    /// It connects to the target's second port.
    reaches_second: bool,
    /// It has a connection.
    open: bool,
    /// It has ended its direction of the connection.
    shut: bool,
    /// A datagram has come.
    heard: bool,
    /// The steps from here on are optional.
    optional: bool,
}

/// What a peer speaks, as far as its steps tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Side {
    #[default]
    Open,
    Tcp,
    Udp,
    Refuses,
}

impl Wire {
    /// Whether the peer has an address of its own, to which its name is bound in the program.
    pub(crate) fn has_address(&self) -> bool {
        self.listens || matches!(self.side, Side::Udp | Side::Refuses)
    }

    /// Whether it needs to know a port of the target.
    pub(crate) fn reaches(&self) -> bool {
        self.reaches
    }

    /// Whether it needs to know the second port of the target.
    pub(crate) fn reaches_second(&self) -> bool {
        self.reaches_second
    }

    /// Takes a step; says why it cannot be taken here.
    pub(crate) fn step(&mut self, step: &PeerStep) -> Result<(), String> {
        if self.side == Side::Refuses {
            return Err("nothing can follow `refuse`".into());
        }
        match step {
            PeerStep::Pause(_) => return Ok(()),
            PeerStep::Optional if self.optional => {
                return Err("the steps from here on are optional already".into());
            }
            PeerStep::Optional => self.optional = true,
            PeerStep::Refuse if self.side != Side::Open => {
                return Err("`refuse` is the only step of its peer".into());
            }
            PeerStep::Refuse => self.side = Side::Refuses,
            PeerStep::Bind => match self.side {
                Side::Udp => return Err("this peer is bound already".into()),
                Side::Tcp => return Err(both(step)),
                _ => self.side = Side::Udp,
            },
            PeerStep::ReceiveFrom { .. }
            | PeerStep::Reply(_)
            | PeerStep::Ask { .. }
            | PeerStep::Multicast { .. } => return self.datagram(step),
            _ if self.side == Side::Udp => return Err(both(step)),
            _ => {
                self.side = Side::Tcp;
                return self.stream(step);
            }
        }
        Ok(())
    }

    fn datagram(&mut self, step: &PeerStep) -> Result<(), String> {
        match self.side {
            Side::Tcp => return Err(both(step)),
            Side::Udp => {}
            _ => {
                // It is told once, and the steps behind it are judged as if it were bound.
                self.side = Side::Udp;
                self.heard = true;
                return Err(format!("`{}` needs a `bind` before it", word(step)));
            }
        }
        match step {
            PeerStep::Reply(_) if !self.heard => {
                return Err("`reply` needs a `receive_from` or an `ask` before it".into());
            }
            PeerStep::Multicast { .. } => self.reaches = true,
            PeerStep::Ask { .. } => {
                self.reaches = true;
                self.heard = true;
            }
            _ => self.heard = true,
        }
        Ok(())
    }

    fn stream(&mut self, step: &PeerStep) -> Result<(), String> {
        match step {
            PeerStep::Listen if self.listens => return Err("this peer listens already".into()),
            PeerStep::Listen => self.listens = true,
            PeerStep::Accept { .. } => {
                self.opened();
                if !self.listens {
                    return Err("`accept` needs a `listen` before it".into());
                }
            }
            PeerStep::Connect { .. } if self.open => {
                return Err("this peer is connected already".into());
            }
            PeerStep::Connect { to, .. } => {
                self.reaches = true;
                self.reaches_second |= *to == TargetPort::Second;
                self.opened();
            }
            _ if !self.open => {
                let word = word(step);
                return Err(format!(
                    "`{word}` needs an `accept` or a `connect` before it"
                ));
            }
            PeerStep::Send(_) if self.shut => {
                return Err("`send` cannot follow `shutdown`".into());
            }
            PeerStep::Shutdown => self.shut = true,
            PeerStep::Close | PeerStep::Reset => self.open = false,
            _ => {}
        }
        Ok(())
    }

    fn opened(&mut self) {
        self.open = true;
        self.shut = false;
    }
}

fn both(step: &PeerStep) -> String {
    let word = word(step);
    let (own, other) = match step.is_of_datagrams() {
        true => ("UDP", "TCP"),
        false => ("TCP", "UDP"),
    };
    format!("`{word}` is a step of {own}, and this peer speaks {other}")
}

/// The word for a step in YAML.
fn word(step: &PeerStep) -> &'static str {
    match step {
        PeerStep::Listen => "listen",
        PeerStep::Accept { .. } => "accept",
        PeerStep::Connect { .. } => "connect",
        PeerStep::Send(_) => "send",
        PeerStep::ReceiveBytes { .. } | PeerStep::ReceiveUntilEof { .. } => "receive",
        PeerStep::Pause(_) => "pause",
        PeerStep::Shutdown => "shutdown",
        PeerStep::Close => "close",
        PeerStep::Reset => "reset",
        PeerStep::Refuse => "refuse",
        PeerStep::Bind => "bind",
        PeerStep::ReceiveFrom { .. } => "receive_from",
        PeerStep::Reply(_) => "reply",
        PeerStep::Ask { .. } => "ask",
        PeerStep::Multicast { .. } => "multicast",
        PeerStep::Optional => "optional",
    }
}
