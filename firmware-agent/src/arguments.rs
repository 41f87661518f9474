//! Owns the agent's command line arguments.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

/// A virtual board: runs Waffle Nano programs behind a MicroPython REPL.
#[derive(Debug, Clone, clap::Args)]
pub struct AgentArgs {
    /// Where the REPL is: `stdio`, `pty` (prints the device to connect to) or `tcp:ADDRESS`
    /// (prints the bound address; port 0 takes an unused one).
    #[arg(long, default_value_t = ReplAt::Stdio, value_name = "WHERE")]
    pub repl: ReplAt,
}

/// Where the REPL is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplAt {
    /// On the standard streams.
    Stdio,
    /// On a pseudo-terminal, as a board's serial device.
    Pty,
    /// On a TCP port, as behind a serial-to-network server.
    Tcp(SocketAddr),
}

impl FromStr for ReplAt {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.strip_prefix("tcp:")) {
            ("stdio", _) => Ok(Self::Stdio),
            ("pty", _) => Ok(Self::Pty),
            (_, Some(address)) => address.parse().map(Self::Tcp).map_err(|_| {
                format!("`{address}` is no address; write it as `tcp:127.0.0.1:5555`")
            }),
            _ => Err("expected `stdio`, `pty` or `tcp:ADDRESS`".to_owned()),
        }
    }
}

impl fmt::Display for ReplAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdio => f.write_str("stdio"),
            Self::Pty => f.write_str("pty"),
            Self::Tcp(address) => write!(f, "tcp:{address}"),
        }
    }
}
