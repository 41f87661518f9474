//! Owns how durations, instants, sizes and counts are written.

use std::fmt::Display;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::{format_description, offset};

/// A duration in the unit that reads best.
pub(crate) fn micros(micros: u64) -> String {
    // Reports want three digits, not the last microsecond.
    let value = micros as f64;
    match micros {
        0..1_000 => format!("{micros} µs"),
        1_000..1_000_000 => format!("{} ms", three_digits(value / 1e3)),
        1_000_000..120_000_000 => format!("{} s", three_digits(value / 1e6)),
        _ => format!("{} min {} s", micros / 60_000_000, micros / 1_000_000 % 60),
    }
}

/// So many of a thing, as `1 clause` and `2 clauses`.
#[must_use]
pub fn counted<N: Display + From<u8> + PartialEq>(count: N, what: &str) -> String {
    let s = if count == N::from(1) { "" } else { "s" };
    format!("{count} {what}{s}")
}

fn three_digits(value: f64) -> String {
    let decimals = match value {
        ..10.0 => 2,
        10.0..100.0 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}

/// A size, its digits in groups of three.
pub(crate) fn bytes(bytes: u64) -> String {
    let digits = bytes.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    format!("{grouped} bytes")
}

/// The instant that RFC 3339 text names, for people; `None` when it names none.
pub(crate) fn instant(text: &str) -> Option<String> {
    let format = format_description!(
        "[day padding:none] [month repr:long] [year], [hour]:[minute]:[second] UTC"
    );
    OffsetDateTime::parse(text, &Rfc3339)
        .ok()?
        .checked_to_offset(offset!(UTC))?
        .format(format)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_keep_three_digits() {
        let shown: Vec<_> = [
            0,
            999,
            1_234,
            56_789,
            999_999,
            1_500_000,
            61_000_000,
            754_000_000,
        ]
        .map(micros)
        .into();
        assert_eq!(
            shown,
            [
                "0 µs",
                "999 µs",
                "1.23 ms",
                "56.8 ms",
                "1000 ms",
                "1.50 s",
                "61.0 s",
                "12 min 34 s"
            ]
        );
    }

    #[test]
    fn sizes_have_their_digits_in_groups() {
        assert_eq!(bytes(9), "9 bytes");
        assert_eq!(bytes(123_456), "123\u{a0}456 bytes");
        assert_eq!(bytes(1_234_567), "1\u{a0}234\u{a0}567 bytes");
    }

    #[test]
    fn instants_are_shown_in_utc() {
        assert_eq!(
            instant("2026-03-01T01:30:00+02:00").as_deref(),
            Some("28 February 2026, 23:30:00 UTC")
        );
        assert_eq!(instant("yesterday"), None);
    }
}
