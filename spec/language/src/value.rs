//! Owns the values that cross between harness and target: Python's literals, and the few
//! things a target can only describe. Printing is here; reading is in [`crate::literal`].
//! Knows nothing of where a value came from.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::visible;

/// A value as Python writes it.
///
/// `Display` prints the literal that [`crate::literal::parse`] reads back, in ASCII and
/// without control characters, so that it can stand in any program and on any line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer. Larger ones are kept as an [`Value::Object`] of kind `int`.
    Int(i128),
    /// A float; `inf`, `-inf` and `nan` included.
    Float(f64),
    /// A `str`.
    Text(String),
    /// A `bytes`.
    Bytes(#[serde(with = "serde_bytes")] Vec<u8>),
    /// A `bytearray`.
    ByteArray(#[serde(with = "serde_bytes")] Vec<u8>),
    /// A `list`.
    List(Vec<Value>),
    /// A `tuple`.
    Tuple(Vec<Value>),
    /// A `dict`, in the order in which it was written.
    Dict(Vec<(Value, Value)>),
    /// What a call came to: `Returned(value)`, from the target's `outcome(…)`.
    Returned(Box<Value>),
    /// What a call came to: `Raised(…)`, from the target's `outcome(…)`.
    Raised(Box<Exception>),
    /// Anything else: `Object(type name, str(it))`. It equals no literal.
    Object {
        /// The name of its type.
        kind: String,
        /// What `str()` gave for it.
        text: String,
    },
}

/// An exception as the target described it: `Raised(kind, families, errno, text)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The name of its type, as `OSError` or `TimeoutError`.
    pub kind: String,
    /// Which of the built-in exceptions it is an instance of.
    pub families: Vec<String>,
    /// Its first argument where that is an integer.
    pub errno: Option<i64>,
    /// What `str()` gave for it.
    pub text: String,
}

impl Exception {
    /// Whether `except NAME` on the target would have caught it.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.kind == name || self.families.iter().any(|family| family == name)
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind)?;
        match (self.errno, self.text.as_str()) {
            (None, "") => Ok(()),
            (Some(errno), text) if text == errno.to_string() => write!(f, ": {errno}"),
            (_, text) => {
                // What a target said must not act on a terminal, nor fill it.
                write!(
                    f,
                    ": {}",
                    visible::line(&visible::cut(text, visible::LONGEST))
                )
            }
        }
    }
}

impl Value {
    /// Whether it can be a key of a `dict`.
    #[must_use]
    pub fn is_hashable(&self) -> bool {
        match self {
            Value::List(_) | Value::Dict(_) | Value::ByteArray(_) => false,
            Value::Tuple(members) => members.iter().all(Value::is_hashable),
            Value::None
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Bytes(_)
            | Value::Returned(_)
            | Value::Raised(_)
            | Value::Object { .. } => true,
        }
    }

    /// The name of the value's Python type.
    #[must_use]
    pub fn type_name(&self) -> &str {
        match self {
            Value::None => "NoneType",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Text(_) => "str",
            Value::Bytes(_) => "bytes",
            Value::ByteArray(_) => "bytearray",
            Value::List(_) => "list",
            Value::Tuple(_) => "tuple",
            Value::Dict(_) => "dict",
            Value::Returned(_) => "Returned",
            Value::Raised(_) => "Raised",
            Value::Object { kind, .. } => kind,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::None => f.write_str("None"),
            Value::Bool(true) => f.write_str("True"),
            Value::Bool(false) => f.write_str("False"),
            Value::Int(value) => write!(f, "{value}"),
            Value::Float(value) if value.is_nan() => f.write_str("nan"),
            Value::Float(value) if value.is_infinite() => {
                f.write_str(if *value < 0.0 { "-inf" } else { "inf" })
            }
            // `{:?}` always leaves a point or an exponent, so that it is read as a float again.
            Value::Float(value) => write!(f, "{value:?}"),
            Value::Text(text) => write_text(f, text),
            Value::Bytes(bytes) => write_bytes(f, bytes),
            Value::ByteArray(bytes) => {
                f.write_str("bytearray(")?;
                write_bytes(f, bytes)?;
                f.write_str(")")
            }
            Value::List(values) => {
                f.write_str("[")?;
                write_all(f, values)?;
                f.write_str("]")
            }
            Value::Tuple(values) => {
                f.write_str("(")?;
                write_all(f, values)?;
                f.write_str(if values.len() == 1 { ",)" } else { ")" })
            }
            Value::Dict(entries) => {
                f.write_str("{")?;
                for (index, (key, value)) in entries.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{key}: {value}")?;
                }
                f.write_str("}")
            }
            Value::Returned(value) => write!(f, "Returned({value})"),
            Value::Raised(exception) => {
                f.write_str("Raised(")?;
                write_text(f, &exception.kind)?;
                f.write_str(", (")?;
                for family in &exception.families {
                    write_text(f, family)?;
                    f.write_str(",")?;
                }
                match exception.errno {
                    Some(errno) => write!(f, "), {errno}, ")?,
                    None => f.write_str("), None, ")?,
                }
                write_text(f, &exception.text)?;
                f.write_str(")")
            }
            Value::Object { kind, text } => {
                f.write_str("Object(")?;
                write_text(f, kind)?;
                f.write_str(", ")?;
                write_text(f, text)?;
                f.write_str(")")
            }
        }
    }
}

fn write_all(f: &mut fmt::Formatter<'_>, values: &[Value]) -> fmt::Result {
    for (index, value) in values.iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(f, "{comma}{value}")?;
    }
    Ok(())
}

fn write_bytes(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    let quote = quote(bytes.contains(&b'\''), bytes.contains(&b'"'));
    write!(f, "b{quote}")?;
    for byte in bytes {
        match byte {
            b'\\' => f.write_str("\\\\")?,
            b'\n' => f.write_str("\\n")?,
            b'\r' => f.write_str("\\r")?,
            b'\t' => f.write_str("\\t")?,
            _ if char::from(*byte) == quote => write!(f, "\\{quote}")?,
            0x20..=0x7e => write!(f, "{}", *byte as char)?,
            _ => write!(f, "\\x{byte:02x}")?,
        }
    }
    write!(f, "{quote}")
}

/// The quote that Python's own `repr` chooses.
fn quote(has_single: bool, has_double: bool) -> char {
    if has_single && !has_double { '"' } else { '\'' }
}

/// Writes a `str` literal in ASCII: the form that can be put into any program.
fn write_text(f: &mut impl fmt::Write, text: &str) -> fmt::Result {
    let quote = quote(text.contains('\''), text.contains('"'));
    f.write_char(quote)?;
    for character in text.chars() {
        match character {
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            _ if character == quote => write!(f, "\\{quote}")?,
            ' '..='~' => f.write_char(character)?,
            _ if (character as u32) < 0x100 => write!(f, "\\x{:02x}", character as u32)?,
            _ if (character as u32) < 0x1_0000 => write!(f, "\\u{:04x}", character as u32)?,
            _ => write!(f, "\\U{:08x}", character as u32)?,
        }
    }
    f.write_char(quote)
}

/// The `str` literal of `text`, in ASCII and on one line.
#[must_use]
pub fn text_literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    write_text(&mut literal, text).expect("writing to a String cannot fail");
    literal
}
