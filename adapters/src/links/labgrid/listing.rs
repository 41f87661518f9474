//! Owns the reading of what `labgrid-client` lists: places, reservations, and the resources of a
//! place. Runs nothing.

use indexmap::IndexMap;
use serde::Deserialize;
use trueline_spec::visible;

use crate::target_url::wired::{Controls, SerialLine, Server, Wired};

/// What labgrid takes for a serial port that does not say how fast it is.
const USUAL_SPEED: u32 = 115_200;

/// A place, as `labgrid-client -v places` shows it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) name: String,
    pub(super) tags: Vec<(String, String)>,
    /// Who has it, as `HOST/USER`.
    pub(super) holder: Option<String>,
}

impl Place {
    /// Whether it is what somebody wants.
    pub(super) fn fits(&self, filters: &[(&str, &str)]) -> bool {
        filters.iter().all(|&(key, value)| {
            let mut tags = self.tags.iter();
            (key == "name" && value == self.name) || tags.any(|(k, v)| k == key && v == value)
        })
    }
}

/// A reservation, as `labgrid-client reservations` shows it, in the order of the queue.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Reservation {
    pub(super) token: String,
    /// Whose it is, as `HOST/USER`.
    pub(super) owner: String,
    pub(super) state: String,
    /// What is wanted, as `KEY=VALUE` with blanks between.
    pub(super) wants: String,
}

/// The places of a farm. What is not understood is passed over: it only is missing where places
/// are told of.
pub(super) fn places(text: &str) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for line in text.lines() {
        if let Some(name) = heading(line, "Place ") {
            places.push(Place {
                name: name.to_owned(),
                ..Place::default()
            });
            continue;
        }
        let (Some(place), Some((key, value))) = (places.last_mut(), member(line)) else {
            continue;
        };
        match key {
            "tags" => {
                let tags = value.split(", ").filter_map(|tag| tag.split_once('='));
                place.tags = tags.map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
            }
            "acquired" if value != "None" => place.holder = Some(value.to_owned()),
            _ => {}
        }
    }
    places
}

/// The reservations of a farm.
pub(super) fn reservations(text: &str) -> Vec<Reservation> {
    let mut reservations: Vec<Reservation> = Vec::new();
    for line in text.lines() {
        if let Some(token) = heading(line, "Reservation ") {
            reservations.push(Reservation {
                token: token.to_owned(),
                ..Reservation::default()
            });
            continue;
        }
        let Some(reservation) = reservations.last_mut() else {
            continue;
        };
        match member(line) {
            Some(("owner", owner)) => reservation.owner = owner.to_owned(),
            Some(("state", state)) => reservation.state = state.to_owned(),
            _ => {}
        }
        if let Some(wants) = line
            .strip_prefix("    main: ")
            .filter(|_| reservation.wants.is_empty())
        {
            reservation.wants = wants.to_owned();
        }
    }
    reservations
}

/// `X` of `Place 'X':`.
fn heading<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.strip_prefix(word)?
        .strip_prefix('\'')?
        .strip_suffix("':")
}

/// Key and value of a line that is indented once.
fn member(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("  ")?;
    (!line.starts_with(' ')).then(|| line.split_once(": "))?
}

/// What `labgrid-client env` says of an acquired place.
#[derive(Deserialize)]
struct Environment {
    targets: IndexMap<String, Target>,
}

#[derive(Deserialize)]
struct Target {
    resources: Vec<IndexMap<String, serde_yaml::Value>>,
}

/// A serial port that the exporter serves.
#[derive(Deserialize)]
struct SerialPort {
    host: Option<String>,
    port: Option<u16>,
    speed: Option<u32>,
    #[serde(default)]
    protocol: Protocol,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum Protocol {
    Raw,
    #[default]
    Rfc2217,
}

/// The name of the acquired place, and the line to its board.
pub(super) fn line(text: &str) -> Result<(String, Wired), String> {
    let environment: Environment = serde_yaml::from_str(text)
        .map_err(|error| format!("what labgrid says of the place is not understood: {error}"))?;
    let mut targets = environment.targets.into_iter();
    let (name, target) = targets.next().ok_or("labgrid says nothing of the place")?;
    let resources = target.resources.into_iter().flatten();
    let mut ports = resources.filter(|(class, _)| class == "NetworkSerialPort");
    let port = match (ports.next(), ports.next()) {
        (Some((_, port)), None) => port,
        (None, _) => {
            return Err(format!(
                "the place `{}` has no serial port; add a match for its NetworkSerialPort",
                visible::line(&name)
            ));
        }
        (Some(_), Some(_)) => {
            return Err(format!(
                "the place `{}` has several serial ports; give its board a place with one match",
                visible::line(&name)
            ));
        }
    };
    let wired = wired(port).map_err(|reason| {
        format!(
            "the serial port of the place `{}` {reason}",
            visible::line(&name)
        )
    })?;
    Ok((name, wired))
}

fn wired(port: serde_yaml::Value) -> Result<Wired, String> {
    let port: SerialPort =
        serde_yaml::from_value(port).map_err(|error| format!("is not understood: {error}"))?;
    let (Some(host), Some(number @ 1..)) = (port.host, port.port) else {
        return Err("is not served; is its exporter well?".to_owned());
    };
    let server = Server { host, port: number };
    let baud = port.speed.filter(|speed| *speed > 0);
    Ok(match port.protocol {
        Protocol::Raw => Wired::Tcp { server, baud },
        Protocol::Rfc2217 => Wired::Rfc2217 {
            server,
            line: SerialLine {
                baud: baud.unwrap_or(USUAL_SPEED),
                controls: Controls::default(),
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As labgrid 26.0 printed it.
    const PLACES: &str = "\
Place 'b1':
  comment: the one: with the red dot
  tags: board=waffle, site=lab
  matches:
    */board1/*
  acquired: vm/root
  acquired resources:
    lab1/board1/NetworkSerialPort/NetworkSerialPort
  created: 2026-11-25 01:34:35.460845
  changed: 2026-11-25 01:34:38.539178
  reservation: WTPOL8VMEA
Place 'b2':
  matches:
  acquired: None
  acquired resources:
";
    const RESERVATIONS: &str = "\
Reservation 'WTPOL8VMEA':
  owner: vm/root
  token: WTPOL8VMEA
  state: acquired
  filters:
    main: name=b1
  allocations:
    main: b1
  created: 2026-11-25 01:34:37.614671
Reservation 'H3591HGQBS':
  owner: vm/bob
  token: H3591HGQBS
  state: waiting
  filters:
    main: board=waffle site=lab
";

    #[test]
    fn places_have_tags_and_holders() {
        let places = places(PLACES);
        assert_eq!(places.len(), 2);
        assert_eq!(places[0].holder.as_deref(), Some("vm/root"));
        assert!(places[0].fits(&[("board", "waffle"), ("site", "lab")]));
        assert!(places[0].fits(&[("name", "b1")]));
        assert!(!places[0].fits(&[("site", "home")]));
        assert_eq!((places[1].name.as_str(), &places[1].holder), ("b2", &None));
        assert!(!places[1].fits(&[("board", "waffle")]));
    }

    #[test]
    fn reservations_stand_in_the_order_of_the_queue() {
        let reservations = reservations(RESERVATIONS);
        let shown: Vec<_> = reservations
            .iter()
            .map(|r| [&r.token, &r.owner, &r.state, &r.wants].map(String::as_str))
            .collect();
        assert_eq!(
            shown,
            [
                ["WTPOL8VMEA", "vm/root", "acquired", "name=b1"],
                ["H3591HGQBS", "vm/bob", "waiting", "board=waffle site=lab"],
            ]
        );
    }

    fn environment(port: &str) -> String {
        format!(
            "targets:\n  b1:\n    resources:\n    - Other: {{}}\n    - NetworkSerialPort: {port}\n"
        )
    }

    #[test]
    fn a_serial_port_is_plain_or_speaks_rfc_2217_which_is_the_usual() {
        let server = || Server {
            host: "lab".to_owned(),
            port: 5555,
        };
        let raw = "{host: lab, port: 5555, speed: 9600, protocol: raw}";
        let plain = Wired::Tcp {
            server: server(),
            baud: Some(9600),
        };
        assert_eq!(line(&environment(raw)), Ok(("b1".to_owned(), plain)));
        let usual = Wired::Rfc2217 {
            server: server(),
            line: SerialLine {
                baud: USUAL_SPEED,
                controls: Controls::default(),
            },
        };
        let port = "{host: lab, port: 5555}";
        assert_eq!(line(&environment(port)), Ok(("b1".to_owned(), usual)));
    }

    #[test]
    fn a_place_without_one_usable_port_is_refused_with_the_remedy() {
        let twice = environment("{host: a, port: 1}") + "    - NetworkSerialPort: {}\n";
        for (text, says) in [
            (environment("{host: a, port: null}"), "is not served"),
            (environment("{host: a, port: 0}"), "is not served"),
            (
                environment("{host: a, port: 1, protocol: ssh}"),
                "not understood",
            ),
            (twice, "has several serial ports"),
            (
                "targets: {b: {resources: []}}".to_owned(),
                "has no serial port",
            ),
            ("targets: {}".to_owned(), "says nothing"),
            ("oops".to_owned(), "not understood"),
        ] {
            let refusal = line(&text).expect_err("there is no line");
            assert!(refusal.contains(says), "{text}: {refusal}");
        }
    }

    proptest! {
        #[test]
        fn no_listing_is_too_strange(text in "(Place |Reservation |'|':|  |main: |\n|a: b|, |=|\\PC){0,30}") {
            places(&text);
            reservations(&text);
            line(&text).ok();
        }
    }
}
