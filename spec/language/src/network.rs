//! Owns the conditions of a shaped network: their names, how they are written, and what they mean.
//! Shapes no network: that is a simulator's to do.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::duration;

/// The names of the conditions, each with the form of its value.
pub const CONDITIONS: [(&str, &str); 10] = [
    ("latency", "a duration, as in `20ms`"),
    ("jitter", "a duration, as in `5ms`"),
    ("loss", "a share of the packets, as in `5%`"),
    ("duplicate", "a share of the packets, as in `5%`"),
    ("reorder", "a share of the packets, as in `5%`"),
    ("corrupt", "a share of the packets, as in `5%`"),
    ("bandwidth", "bits a second, as in `64kbit` or `1.5Mbit`"),
    ("mtu", "bytes of an IP packet, from 576 to 1500"),
    ("queue", "packets that wait for their turn, from 1 to 1000"),
    (
        "partition",
        "when nothing passes, as in `1s..3s`, or `1s..` for ever",
    ),
];

/// What a network does to the packets between target and peers, in both directions. Without any
/// condition every packet arrives at once, once, whole and in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Network {
    /// How long a packet travels.
    pub latency: Option<Duration>,
    /// How much longer it may travel, at random; packets stay in order.
    pub jitter: Option<Duration>,
    /// How many do not arrive.
    pub loss: Option<Share>,
    /// How many arrive twice.
    pub duplicate: Option<Share>,
    /// How many are overtaken by later ones.
    pub reorder: Option<Share>,
    /// How many arrive with a bit flipped.
    pub corrupt: Option<Share>,
    /// How many bits pass in a second.
    pub bandwidth: Option<u64>,
    /// The longest IP packet, in bytes.
    pub mtu: Option<u16>,
    /// How many packets wait while others pass; what comes then is lost. Only with a bandwidth.
    pub queue: Option<usize>,
    /// When no packet passes, counted from the start of the program.
    pub partition: Option<Range<Duration>>,
}

/// A share of all packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Share {
    millionths: u32,
}

impl Share {
    /// How likely it is that a packet belongs to it, from 0 to 1.
    #[must_use]
    pub fn probability(self) -> f64 {
        f64::from(self.millionths) / 1e6
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", f64::from(self.millionths) / 1e4)
    }
}

impl Network {
    /// Whether there is no condition at all.
    #[must_use]
    pub fn is_ideal(&self) -> bool {
        *self == Network::default()
    }

    /// Whether every packet arrives, once, whole and in order, however late.
    #[must_use]
    pub fn is_reliable(&self) -> bool {
        let unreliable = [self.loss, self.duplicate, self.reorder, self.corrupt];
        unreliable.iter().all(Option::is_none) && self.queue.is_none() && self.partition.is_none()
    }

    /// Whether a packet may be lost again and again, each time that it is sent.
    #[must_use]
    pub fn loses_by_chance(&self) -> bool {
        self.loss.is_some() || self.corrupt.is_some() || self.queue.is_some()
    }

    /// Sets one condition from its name and its value as they are written.
    ///
    /// # Errors
    ///
    /// What is wrong with the value and what would be right, in a sentence. `None`: there is no
    /// such condition.
    pub fn set(&mut self, name: &str, value: &str) -> Option<Result<(), String>> {
        let (_, form) = CONDITIONS
            .iter()
            .find(|(condition, _)| *condition == name)?;
        let value = value.trim();
        let fits = match name {
            "latency" => put(&mut self.latency, duration::parse(value)),
            "jitter" => put(&mut self.jitter, duration::parse(value)),
            "loss" => put(&mut self.loss, share(value)),
            "duplicate" => put(&mut self.duplicate, share(value)),
            "reorder" => put(&mut self.reorder, share(value)),
            "corrupt" => put(&mut self.corrupt, share(value)),
            "bandwidth" => put(&mut self.bandwidth, bandwidth(value)),
            "mtu" => put(&mut self.mtu, within(value, 576..=1500)),
            "queue" => put(&mut self.queue, within(value, 1..=1000)),
            _ => put(&mut self.partition, partition(value)),
        };
        Some(if fits {
            Ok(())
        } else {
            Err(format!("`{name}` is {form}, not `{value}`"))
        })
    }

    /// The conditions that cannot stand without another one, in a sentence.
    #[must_use]
    pub fn contradiction(&self) -> Option<&'static str> {
        (self.queue.is_some() && self.bandwidth.is_none())
            .then_some("nothing queues without a `bandwidth`")
    }
}

/// As people read it: `latency 20ms, loss 5%`.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |share: Option<Share>| share.map(|share| share.to_string());
        let span = |span: Option<Duration>| span.map(|span| format!("{span:?}"));
        let partition = self.partition.as_ref().map(|time| {
            let end = match time.end {
                Duration::MAX => String::new(),
                end => format!("{end:?}"),
            };
            format!("{:?}..{end}", time.start)
        });
        let written = [
            ("latency", span(self.latency)),
            ("jitter", span(self.jitter)),
            ("loss", share(self.loss)),
            ("duplicate", share(self.duplicate)),
            ("reorder", share(self.reorder)),
            ("corrupt", share(self.corrupt)),
            ("bandwidth", self.bandwidth.map(bits)),
            ("mtu", self.mtu.map(|mtu| mtu.to_string())),
            ("queue", self.queue.map(|queue| queue.to_string())),
            ("partition", partition),
        ];
        let written = written
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name} {}", value?)));
        f.write_str(&written.collect::<Vec<_>>().join(", "))
    }
}

fn put<T>(condition: &mut Option<T>, value: Option<T>) -> bool {
    let fits = value.is_some();
    if fits {
        *condition = value;
    }
    fits
}

fn number(text: &str) -> Option<f64> {
    let written = text
        .bytes()
        .all(|digit| digit.is_ascii_digit() || digit == b'.');
    text.parse().ok().filter(|_| written)
}

fn share(text: &str) -> Option<Share> {
    let percent = number(text.strip_suffix('%')?).filter(|percent| *percent <= 100.0)?;
    Some(Share {
        // At most a million.
        millionths: (percent * 1e4).round() as u32,
    })
}

/// Slower than 300 bits a second was no line that people remember.
fn bandwidth(text: &str) -> Option<u64> {
    let (digits, unit) = match text.strip_suffix("Mbit") {
        Some(digits) => (digits, 1e6),
        None => match text.strip_suffix("kbit") {
            Some(digits) => (digits, 1e3),
            None => (text.strip_suffix("bit")?, 1.0),
        },
    };
    let bits = number(digits)? * unit;
    (300.0..=1e10).contains(&bits).then_some(bits as u64)
}

fn bits(bandwidth: u64) -> String {
    match bandwidth {
        bits if bits % 1_000_000 == 0 => format!("{}Mbit", bits / 1_000_000),
        bits if bits % 1_000 == 0 => format!("{}kbit", bits / 1_000),
        bits => format!("{bits}bit"),
    }
}

fn within<T: std::str::FromStr + PartialOrd>(
    text: &str,
    range: std::ops::RangeInclusive<T>,
) -> Option<T> {
    text.parse().ok().filter(|value| range.contains(value))
}

fn partition(text: &str) -> Option<Range<Duration>> {
    let (start, end) = text.split_once("..")?;
    let start = duration::parse(start)?;
    let end = match end {
        "" => Duration::MAX,
        end => duration::parse(end)?,
    };
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(conditions: &[(&str, &str)]) -> Network {
        let mut network = Network::default();
        for (name, value) in conditions {
            network
                .set(name, value)
                .unwrap_or_else(|| panic!("there is no condition {name}"))
                .unwrap_or_else(|error| panic!("{error}"));
        }
        network
    }

    #[test]
    fn conditions_are_shown_as_they_are_written() {
        let shaped = network(&[
            ("latency", "20ms"),
            ("loss", "2.5%"),
            ("bandwidth", "64kbit"),
            ("mtu", "576"),
            ("partition", "1s..3s"),
        ]);
        assert_eq!(
            shaped.to_string(),
            "latency 20ms, loss 2.5%, bandwidth 64kbit, mtu 576, partition 1s..3s"
        );
        assert_eq!(
            network(&[("partition", "1s..")]).to_string(),
            "partition 1s.."
        );
    }

    #[test]
    fn a_value_that_does_not_fit_is_told_with_the_form_that_does() {
        for (name, value) in [
            ("latency", "20"),
            ("loss", "0.05"),
            ("loss", "101%"),
            ("loss", "-1%"),
            ("bandwidth", "1"),
            ("bandwidth", "1Mb"),
            ("bandwidth", "0bit"),
            ("mtu", "1501"),
            ("mtu", "500"),
            ("queue", "0"),
            ("partition", "3s..1s"),
            ("partition", "1s"),
        ] {
            let refused = Network::default().set(name, value);
            let error = refused.expect("it is a condition").expect_err(value);
            assert!(error.contains("as in") || error.contains("from"), "{error}");
            assert!(error.contains(value), "{error}");
        }
        assert!(Network::default().set("weather", "bad").is_none());
    }

    #[test]
    fn a_queue_needs_a_bandwidth() {
        assert!(network(&[("queue", "4")]).contradiction().is_some());
        let sound = network(&[("queue", "4"), ("bandwidth", "1Mbit")]);
        assert_eq!(sound.contradiction(), None);
    }
}
