//! Owns the agent's command line arguments.

use std::env::{self, VarError};
use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use crate::net::AccessPoint;
use crate::uart::Baud;

/// A virtual board: runs Waffle Nano programs behind a MicroPython REPL.
#[derive(Debug, Clone, clap::Args)]
pub struct AgentArgs {
    /// Where the REPL is: `stdio`, `pty` (prints the device to connect to) or `tcp:ADDRESS`
    /// (prints the bound address; port 0 takes an unused one).
    #[arg(long, default_value_t = ReplAt::Stdio, value_name = "WHERE")]
    pub repl: ReplAt,

    /// The speed of the line, as of a UART with 8 data bits, no parity and one stop bit: no more
    /// than a tenth of N bytes a second pass it, each way. Left out, they pass at once
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub baud: Option<Baud>,

    /// The name of the wireless network that is in the board's reach.
    #[arg(long, default_value = AccessPoint::DOCUMENTED_SSID, value_name = "SSID")]
    pub wlan: String,

    /// The environment variable that has the network's password; without it, the password is the
    /// one that the document's programs give.
    #[arg(long, value_name = "NAME")]
    pub wlan_password_env: Option<String>,
}

impl AgentArgs {
    /// The access point in the board's reach; or what is wrong with the variable for its
    /// password, whose value is not told.
    pub(crate) fn access_point(&self) -> Result<AccessPoint, String> {
        let password = match &self.wlan_password_env {
            None => AccessPoint::DOCUMENTED_PASSWORD.to_owned(),
            Some(name) => match env::var(name) {
                Ok(password) if !password.is_empty() => password,
                Ok(_) => return Err(format!("`{name}` is empty; give it the password")),
                Err(VarError::NotPresent) => {
                    return Err(format!("`{name}` is not set; export it with the password"));
                }
                Err(VarError::NotUnicode(_)) => return Err(format!("`{name}` is not UTF-8")),
            },
        };
        Ok(AccessPoint::new(&self.wlan, password))
    }
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
