//! Owns the URLs of boards behind a line, and the options that only they have. Opens nothing.
//!
//! | URL | target |
//! |---|---|
//! | `serial:DEVICE` | a board on a serial device of this machine |
//! | `tcp:HOST:PORT` | a REPL behind a plain TCP server |
//! | `rfc2217:HOST:PORT` | a board behind a server that has a serial line |
//!
//! | option | of | what |
//! |---|---|---|
//! | `baud=N` | `serial:`, `rfc2217:`, `tcp:` | bits a second; behind a plain TCP server the line has it already, and it only is told |
//! | `dtr=on` or `off`, `rts=on` or `off` | `serial:`, `rfc2217:` | a control line; unless given, as the opening leaves it |

use std::fmt;
use std::path::PathBuf;

/// What a serial line has unless given: the speed of MicroPython's boards.
const USUAL_BAUD: u32 = 115_200;
/// Every option, and a URL that it makes sense in.
const OPTIONS: [(&str, &str); 3] = [
    ("baud", "serial:/dev/ttyUSB0?baud=115200"),
    ("dtr", "serial:/dev/ttyUSB0?dtr=off"),
    ("rts", "serial:/dev/ttyUSB0?rts=off"),
];

/// A board behind a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wired {
    /// On a serial device.
    Serial {
        /// The device's file.
        device: PathBuf,
        /// Its line.
        line: SerialLine,
    },
    /// Behind a server that speaks RFC 2217.
    Rfc2217 {
        /// Where it listens.
        server: Server,
        /// Its line.
        line: SerialLine,
    },
    /// Behind a plain TCP server.
    Tcp {
        /// Where it listens.
        server: Server,
        /// How fast the real line is, in bits a second, where somebody has said so.
        baud: Option<u32>,
    },
}

/// What is asked of a serial line: eight data bits, no parity, one stop bit, no flow control, and
/// this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SerialLine {
    /// Its speed, in bits a second.
    pub baud: u32,
    /// Its control lines.
    pub controls: Controls,
}

/// Control lines that somebody wants on (active) or off; those that nobody has named stay as the
/// opening leaves them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Controls {
    /// Data terminal ready.
    pub dtr: Option<bool>,
    /// Request to send.
    pub rts: Option<bool>,
}

/// Where a server listens. `Display` writes it as in a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name, or its address without brackets.
    pub host: String,
    /// Its TCP port, not 0.
    pub port: u16,
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Server { host, port } = self;
        match host.contains(':') {
            true => write!(f, "[{host}]:{port}"),
            false => write!(f, "{host}:{port}"),
        }
    }
}

/// What the URL names, or `None` when the scheme is another one's.
pub(super) fn place(scheme: &str, path: &str) -> Option<Result<Wired, String>> {
    Some(match scheme {
        "serial" if path.is_empty() => {
            Err("a device has to follow `serial:`, as in `serial:/dev/ttyUSB0`".to_owned())
        }
        "serial" => Ok(Wired::Serial {
            device: PathBuf::from(path),
            line: USUAL_LINE,
        }),
        "rfc2217" => server(scheme, path).map(|server| Wired::Rfc2217 {
            server,
            line: USUAL_LINE,
        }),
        "tcp" => server(scheme, path).map(|server| Wired::Tcp { server, baud: None }),
        _ => return None,
    })
}

const USUAL_LINE: SerialLine = SerialLine {
    baud: USUAL_BAUD,
    controls: Controls {
        dtr: None,
        rts: None,
    },
};

fn server(scheme: &str, path: &str) -> Result<Server, String> {
    let example = || format!("as in `{scheme}:192.168.50.2:4000`");
    let Some((host, port)) = path.rsplit_once(':') else {
        return Err(format!(
            "a server's name or address and its port have to follow `{scheme}:`, {}, not `{path}`",
            example()
        ));
    };
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    if bare.is_none() && host.contains(':') {
        return Err(format!(
            "an IPv6 address stands in brackets, as in `{scheme}:[::1]:4000`, not `{path}`"
        ));
    }
    let host = bare.unwrap_or(host);
    if host.is_empty() {
        return Err(format!("the server in `{path}` has no name, {}", example()));
    }
    match port.parse() {
        Ok(0) | Err(_) => Err(format!(
            "a port is a number from 1 to 65535, {}, not `{port}`",
            example()
        )),
        Ok(port) => Ok(Server {
            host: host.to_owned(),
            port,
        }),
    }
}

/// Whether any board behind a line has this option.
pub(super) fn is_option(name: &str) -> bool {
    OPTIONS.iter().any(|(option, _)| *option == name)
}

/// Why the option cannot stand where it does.
pub(super) fn misplaced(name: &str) -> String {
    let example = OPTIONS.iter().find(|(option, _)| *option == name);
    let example = example.map_or("", |(_, example)| example);
    format!("`{name}` has no meaning here; it is for a serial line, as in `{example}`")
}

impl Wired {
    /// The options that it takes beside those of every target, as they are written.
    pub(super) fn options(&self) -> &'static [&'static str] {
        match self {
            Wired::Serial { .. } | Wired::Rfc2217 { .. } => &["baud=N", "dtr=on|off", "rts=on|off"],
            Wired::Tcp { .. } => &["baud=N"],
        }
    }

    /// Whether it takes an option that [`is_option`] knows.
    pub(super) fn takes(&self, name: &str) -> bool {
        let mut options = self.options().iter();
        options.any(|option| super::option_name(option) == name)
    }

    /// Takes an option that [`is_option`] knows.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match (self, name) {
            (Wired::Serial { line, .. } | Wired::Rfc2217 { line, .. }, _) => {
                line.set(name, value)?
            }
            (Wired::Tcp { baud: known, .. }, "baud") => *known = Some(baud(value)?),
            _ => return Err(misplaced(name)),
        }
        Ok(())
    }
}

impl SerialLine {
    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "baud" => self.baud = baud(value)?,
            "dtr" => self.controls.dtr = Some(level(name, value)?),
            "rts" => self.controls.rts = Some(level(name, value)?),
            _ => return Err(misplaced(name)),
        }
        Ok(())
    }
}

fn baud(value: &str) -> Result<u32, String> {
    match value.parse() {
        Ok(0) | Err(_) => Err(format!(
            "`baud` is a number of bits a second from 1 to 4294967295, as 115200, not `{value}`"
        )),
        Ok(baud) => Ok(baud),
    }
}

fn level(name: &str, value: &str) -> Result<bool, String> {
    match value {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(format!("`{name}` is `on` or `off`, not `{value}`")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Place, TargetUrl};
    use super::*;

    fn wired(text: &str) -> Wired {
        let url: TargetUrl = text.parse().unwrap_or_else(|error| panic!("{error}"));
        match url.place() {
            Place::Wired(wired) => wired.clone(),
            place => panic!("{place:?} is behind no line"),
        }
    }

    #[test]
    fn a_serial_line_has_the_usual_speed_and_untouched_control_lines_unless_given() {
        let device = PathBuf::from("/dev/ttyUSB0");
        let usual = Wired::Serial {
            device: device.clone(),
            line: USUAL_LINE,
        };
        assert_eq!(wired("serial:/dev/ttyUSB0"), usual);
        let line = SerialLine {
            baud: 74_880,
            controls: Controls {
                dtr: Some(false),
                rts: Some(true),
            },
        };
        let given = Wired::Serial { device, line };
        assert_eq!(
            wired("serial:/dev/ttyUSB0?baud=74880&dtr=off&rts=on"),
            given
        );
        let server = Server {
            host: "bench".to_owned(),
            port: 4000,
        };
        assert_eq!(
            wired("rfc2217:bench:4000?rts=on&dtr=off&baud=74880"),
            Wired::Rfc2217 { server, line }
        );
    }

    #[test]
    fn a_server_has_a_name_or_an_address_of_either_kind() {
        for (text, host, shown) in [
            ("tcp:bench.lan:4000", "bench.lan", "bench.lan:4000"),
            ("tcp:10.0.0.1:4000", "10.0.0.1", "10.0.0.1:4000"),
            ("tcp:[fe80::1]:4000?boot=b.py", "fe80::1", "[fe80::1]:4000"),
        ] {
            let Wired::Tcp { server, baud } = wired(text) else {
                panic!("{text} is a server");
            };
            assert_eq!((server.host.as_str(), server.port), (host, 4000));
            assert_eq!(server.to_string(), shown);
            assert_eq!(baud, None);
        }
    }

    #[test]
    fn what_is_wrong_with_a_line_is_told_with_what_would_be_right() {
        for (text, says) in [
            ("serial:", "as in `serial:/dev/ttyUSB0`"),
            ("serial:?baud=1", "as in `serial:/dev/ttyUSB0`"),
            ("serial:/dev/a?baud=fast", "a number of bits a second"),
            ("serial:/dev/a?baud=0", "a number of bits a second"),
            ("serial:/dev/a?dtr=high", "`dtr` is `on` or `off`"),
            ("serial:/dev/a?baut=1", "is `baud=N` meant?"),
            ("serial:/dev/a?loss=1", "is for a simulated network"),
            (
                "agent:?baud=9600",
                "as in `serial:/dev/ttyUSB0?baud=115200`",
            ),
            (
                "exec:a?boot=b&dtr=on",
                "as in `serial:/dev/ttyUSB0?dtr=off`",
            ),
            ("tcp:", "a server's name or address and its port"),
            ("tcp:bench", "a server's name or address and its port"),
            ("tcp::1", "has no name"),
            ("tcp:bench:0", "a number from 1 to 65535"),
            ("tcp:bench:telnet", "a number from 1 to 65535"),
            ("tcp:fe80::1:4000", "stands in brackets"),
            ("tcp:bench:1?rts=on", "`rts` has no meaning here"),
            ("rfc2217:bench", "as in `rfc2217:192.168.50.2:4000`"),
        ] {
            let refusal = text.parse::<TargetUrl>().expect_err("it is no target");
            let refusal = refusal.to_string();
            assert!(refusal.contains(says), "{text}: {refusal}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange(text in "(serial|tcp|rfc2217):[a-z0-9:/\\[\\]?&=%]{0,40}") {
            text.parse::<TargetUrl>().ok();
        }
    }
}
