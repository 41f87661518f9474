//! Owns whether a value is one that a strategy may give: inputs that were kept from an earlier
//! run may come from a clause that has changed since. Draws nothing.

use std::net::Ipv4Addr;

use crate::strategy::Strategy;
use crate::value::Value;

impl Strategy {
    /// Whether the strategy may give this value.
    #[must_use]
    pub fn admits(&self, value: &Value) -> bool {
        match (self, value) {
            (Strategy::Bool, Value::Bool(_)) => true,
            (Strategy::Port, Value::Int(port)) => (1024..=65535).contains(port),
            (Strategy::Ipv4, Value::Text(quad)) => quad.parse::<Ipv4Addr>().is_ok(),
            (Strategy::Int(low, high), Value::Int(number)) => {
                (i128::from(*low)..=i128::from(*high)).contains(number)
            }
            (Strategy::Float(low, high), Value::Float(number)) => (low..=high).contains(&number),
            (Strategy::Bytes(low, high), Value::Bytes(bytes)) => {
                (*low..=*high).contains(&bytes.len())
            }
            (Strategy::Text(low, high), Value::Text(text)) => {
                (*low..=*high).contains(&text.chars().count())
            }
            (Strategy::OneOf(values), value) => values.contains(value),
            (Strategy::List(of, low, high), Value::List(members)) => {
                (*low..=*high).contains(&members.len())
                    && members.iter().all(|member| of.admits(member))
            }
            (Strategy::Chunks(of, most), Value::List(pieces)) => {
                pieces.len() <= *most && joined(of, pieces).is_some_and(|whole| of.admits(&whole))
            }
            // What a target can only describe is drawn by no strategy, whatever its type is called.
            (
                Strategy::AnyValue { .. },
                Value::Returned(_) | Value::Raised(_) | Value::Object { .. },
            ) => false,
            (Strategy::AnyValue { except }, value) => {
                !except.iter().any(|name| name == value.type_name())
            }
            _ => false,
        }
    }
}

/// The value that was split; `None` where a piece is empty or of another type.
fn joined(of: &Strategy, pieces: &[Value]) -> Option<Value> {
    if let Strategy::Text(..) = of {
        let texts = pieces.iter().map(|piece| match piece {
            Value::Text(text) if !text.is_empty() => Some(text.as_str()),
            _ => None,
        });
        return texts.collect::<Option<String>>().map(Value::Text);
    }
    let mut whole = Vec::new();
    for piece in pieces {
        match piece {
            Value::Bytes(bytes) if !bytes.is_empty() => whole.extend_from_slice(bytes),
            _ => return None,
        }
    }
    Some(Value::Bytes(whole))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::literal;

    fn admits(strategy: &str, value: &str) -> bool {
        let strategy = Strategy::parse(strategy).expect("it is a strategy");
        strategy.admits(&literal::parse(value).expect("it is a literal"))
    }

    #[test]
    fn a_value_within_the_bounds_is_admitted() {
        for (strategy, value) in [
            ("bool", "True"),
            ("port", "1024"),
            ("ipv4", "'10.0.0.1'"),
            ("int(-1..1)", "-1"),
            ("float(0.5..1)", "1.0"),
            ("bytes(0..2)", "b''"),
            ("text(1..2)", "'üü'"),
            ("one_of(1, 'a')", "'a'"),
            ("list(int(0..9), 0..2)", "[9, 0]"),
            ("chunks(bytes(0..3), 2)", "[b'a', b'bc']"),
            ("chunks(bytes(0..3), 2)", "[]"),
            ("chunks(text(1..3), 2)", "['a']"),
            ("any_value(except int)", "{'a': 1}"),
        ] {
            assert!(admits(strategy, value), "{strategy} {value}");
        }
    }

    #[test]
    fn any_other_value_is_not() {
        for (strategy, value) in [
            ("bool", "1"),
            ("port", "80"),
            ("ipv4", "'10.0.0'"),
            ("int(-1..1)", "2"),
            ("int(0..1)", "True"),
            ("float(0.5..1)", "1.5"),
            ("float(0.5..1)", "nan"),
            ("bytes(0..2)", "b'abc'"),
            ("bytes(0..2)", "''"),
            ("text(1..2)", "''"),
            ("one_of(1, 'a')", "'b'"),
            ("list(int(0..9), 0..2)", "[10]"),
            ("list(int(0..9), 0..2)", "[1, 2, 3]"),
            ("chunks(bytes(0..3), 2)", "[b'a', b'', b'b']"),
            ("chunks(bytes(0..3), 2)", "[b'ab', b'cd']"),
            ("chunks(bytes(1..3), 2)", "[]"),
            ("any_value(except int)", "1"),
        ] {
            assert!(!admits(strategy, value), "{strategy} {value}");
        }
    }
}
