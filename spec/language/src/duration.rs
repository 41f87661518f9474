//! Owns how durations are written: `50ms` or `1.5s`.

use std::time::Duration;

use serde::Deserialize;
use serde::de::{Deserializer, Error};

/// No case of a suite that people wait for takes longer.
const LONGEST: Duration = Duration::from_secs(3600);

/// A duration as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span(pub Duration);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text).map(Span).ok_or_else(|| {
            D::Error::custom(format!(
                "expected a duration of up to an hour such as `50ms` or `1.5s`, found `{text}`"
            ))
        })
    }
}

/// Reads a duration; `None` where it is none.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 0.001),
        None => (text.strip_suffix('s')?, 1.0),
    };
    let written = number
        .bytes()
        .all(|digit| digit.is_ascii_digit() || digit == b'.');
    let seconds = number.parse::<f64>().ok().filter(|_| written)? * unit;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|duration| *duration <= LONGEST)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse;

    #[test]
    fn seconds_and_milliseconds_are_read() {
        assert_eq!(parse("50ms"), Some(Duration::from_millis(50)));
        assert_eq!(parse("1.5s"), Some(Duration::from_millis(1500)));
        assert_eq!(parse("0s"), Some(Duration::ZERO));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "", "s", "5", "5m", "-1s", "1e3s", "infs", "1 s", "1.2.3s", "3601s",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
