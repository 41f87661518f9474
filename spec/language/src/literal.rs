//! Owns the reading of Python literals as targets report them: hostile data, never code.
//! Printing is in [`crate::value`]. Evaluates nothing: no operators, no names but the
//! constants, no concatenation.

use crate::value::{Exception, Value};

/// How deep values may stand in each other to be read as what they are.
const DEPTH: usize = 64;

/// Text that is no literal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} at byte {at}")]
pub struct LiteralError {
    /// Where, in bytes from the start.
    pub at: usize,
    /// What would have been right there.
    pub expected: &'static str,
}

/// Reads a literal that is the whole of `text`, spaces around it apart.
///
/// An integer that does not fit [`Value::Int`], and a `str` with a lone surrogate, become a
/// [`Value::Object`] of their type: they equal nothing, and what was written is kept. So does whatever
/// stands deeper than 64 levels.
///
/// # Errors
/// When `text` is anything else.
pub fn parse(text: &str) -> Result<Value, LiteralError> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
    };
    let value = reader.value()?;
    reader.spaces();
    if reader.at < text.len() {
        return Err(reader.expected("the end"));
    }
    Ok(value)
}

/// Reads the literal that `text` begins with, and says how many bytes it takes.
pub(crate) fn parse_prefix(text: &str) -> Result<(Value, usize), LiteralError> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
    };
    let value = reader.value()?;
    Ok((value, reader.at))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

/// The characters of a string literal; `None` stands for a lone surrogate.
type Characters = Vec<Option<char>>;

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn expected(&self, expected: &'static str) -> LiteralError {
        LiteralError {
            at: self.at,
            expected,
        }
    }

    fn spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(' ').len();
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes the word or sign that comes next, spaces before it included, if it is this one.
    fn takes(&mut self, sign: &str) -> bool {
        self.spaces();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn require(&mut self, sign: &str, expected: &'static str) -> Result<(), LiteralError> {
        if self.takes(sign) {
            Ok(())
        } else {
            Err(self.expected(expected))
        }
    }

    fn value(&mut self) -> Result<Value, LiteralError> {
        self.spaces();
        if self.depth == DEPTH {
            return Ok(self.unread());
        }
        self.depth += 1;
        let value = match self.peek() {
            Some('[') => Value::List(self.sequence('[', ']')?.0),
            Some('(') => self.tuple()?,
            Some('{') => self.dict()?,
            Some('\'' | '"') => self.text_value()?,
            Some('b') if self.rest()[1..].starts_with(['\'', '"']) => Value::Bytes(self.bytes()?),
            Some('-' | '.' | '0'..='9') => self.number()?,
            Some(first) if first.is_ascii_alphabetic() => self.word()?,
            _ => return Err(self.expected("a value")),
        };
        self.depth -= 1;
        Ok(value)
    }

    /// What stands too deep to be read: everything until its brackets are closed. What is wrong in it
    /// goes unnoticed.
    fn unread(&mut self) -> Value {
        let rest = self.rest();
        let kind = match rest.chars().next() {
            Some('[') => "list",
            Some('(') => "tuple",
            Some('{') => "dict",
            _ => "object",
        };
        let mut open = 0_usize;
        let mut quote = None;
        let mut is_escaped = false;
        let end = rest.char_indices().find_map(|(at, c)| {
            if let Some(closing) = quote {
                if is_escaped {
                    is_escaped = false;
                } else if c == '\\' {
                    is_escaped = true;
                } else if c == closing {
                    quote = None;
                }
                return None;
            }
            match c {
                '\'' | '"' => quote = Some(c),
                '[' | '(' | '{' => open += 1,
                ']' | ')' | '}' if open == 0 => return Some(at),
                ']' | ')' | '}' => open -= 1,
                ',' | ':' if open == 0 => return Some(at),
                _ => {}
            }
            None
        });
        let text = &rest[..end.unwrap_or(rest.len())];
        self.at += text.len();
        Value::Object {
            kind: kind.to_owned(),
            text: text.to_owned(),
        }
    }

    /// The members between two brackets, and whether a comma follows the last one.
    fn sequence(&mut self, open: char, close: char) -> Result<(Vec<Value>, bool), LiteralError> {
        self.at += open.len_utf8();
        let mut members = Vec::new();
        let mut comma = false;
        loop {
            self.spaces();
            if self.peek() == Some(close) {
                self.at += close.len_utf8();
                return Ok((members, comma));
            }
            if !members.is_empty() && !comma {
                return Err(self.expected("a comma or the closing bracket"));
            }
            members.push(self.value()?);
            comma = self.takes(",");
        }
    }

    fn tuple(&mut self) -> Result<Value, LiteralError> {
        let (members, comma) = self.sequence('(', ')')?;
        if members.len() == 1 && !comma {
            self.at -= 1;
            return Err(self.expected("a comma, as in `(1,)`"));
        }
        Ok(Value::Tuple(members))
    }

    fn dict(&mut self) -> Result<Value, LiteralError> {
        self.at += 1;
        let mut entries = Vec::new();
        let mut comma = true;
        loop {
            if self.takes("}") {
                return Ok(Value::Dict(entries));
            }
            if !comma {
                return Err(self.expected("a comma or the closing brace"));
            }
            self.spaces();
            let at = self.at;
            let key = self.value()?;
            if !key.is_hashable() {
                self.at = at;
                return Err(self.expected("a key that can be hashed"));
            }
            self.require(":", "a colon")?;
            entries.push((key, self.value()?));
            comma = self.takes(",");
        }
    }

    fn word(&mut self) -> Result<Value, LiteralError> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let start = self.at;
        self.at += end;
        match &rest[..end] {
            "None" => Ok(Value::None),
            "True" => Ok(Value::Bool(true)),
            "False" => Ok(Value::Bool(false)),
            "nan" => Ok(Value::Float(f64::NAN)),
            "inf" => Ok(Value::Float(f64::INFINITY)),
            "bytearray" => {
                self.require("(", "`(`")?;
                self.spaces();
                if !self.rest().starts_with("b'") && !self.rest().starts_with("b\"") {
                    return Err(self.expected("a bytes literal"));
                }
                let bytes = self.bytes()?;
                self.require(")", "`)`")?;
                Ok(Value::ByteArray(bytes))
            }
            "Returned" => {
                self.require("(", "`(`")?;
                let value = self.value()?;
                self.require(")", "`)`")?;
                Ok(Value::Returned(Box::new(value)))
            }
            "Raised" => self.raised(),
            "Object" => {
                self.require("(", "`(`")?;
                let kind = self.plain_text()?;
                self.require(",", "a comma")?;
                let text = self.plain_text()?;
                self.require(")", "`)`")?;
                Ok(Value::Object { kind, text })
            }
            _ => {
                self.at = start;
                Err(self.expected("a value"))
            }
        }
    }

    fn raised(&mut self) -> Result<Value, LiteralError> {
        self.require("(", "`(`")?;
        let kind = self.plain_text()?;
        self.require(",", "a comma")?;
        self.require("(", "the tuple of the families")?;
        let mut families = Vec::new();
        let mut comma = true;
        while !self.takes(")") {
            if !comma {
                return Err(self.expected("a comma or the closing bracket"));
            }
            families.push(self.plain_text()?);
            comma = self.takes(",");
        }
        self.require(",", "a comma")?;
        let errno = if self.takes("None") {
            None
        } else {
            self.spaces();
            let at = self.at;
            let wrong = LiteralError {
                at,
                expected: "an error number or `None`",
            };
            let Some('-' | '0'..='9') = self.peek() else {
                return Err(wrong);
            };
            let Value::Int(number) = self.number()? else {
                return Err(wrong);
            };
            Some(i64::try_from(number).map_err(|_| wrong)?)
        };
        self.require(",", "a comma")?;
        let text = self.plain_text()?;
        self.require(")", "`)`")?;
        Ok(Value::Raised(Box::new(Exception {
            kind,
            families,
            errno,
            text,
        })))
    }

    fn number(&mut self) -> Result<Value, LiteralError> {
        let start = self.at;
        let negative = self.takes("-");
        if let Some(word) = ["inf", "nan"]
            .into_iter()
            .find(|word| self.rest().starts_with(word))
        {
            self.at += word.len();
            return Ok(Value::Float(if word == "inf" {
                f64::NEG_INFINITY
            } else {
                f64::NAN
            }));
        }
        let whole = self.digits();
        let mut float = false;
        let mut fraction = 0;
        if self.rest().starts_with('.') {
            float = true;
            self.at += 1;
            fraction = self.digits();
        }
        if whole == 0 && fraction == 0 {
            return Err(self.expected("a digit"));
        }
        if self.rest().starts_with(['e', 'E']) {
            float = true;
            self.at += 1;
            if self.rest().starts_with(['+', '-']) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.expected("a digit"));
            }
        }
        if self
            .peek()
            .is_some_and(|next| next.is_alphanumeric() || next == '_')
        {
            return Err(self.expected("the end of the number"));
        }
        let number = &self.text[start..self.at];
        if float {
            let value = number.parse().map_err(|_| LiteralError {
                at: start,
                expected: "a float",
            })?;
            return Ok(Value::Float(value));
        }
        if whole > 1 && self.text[start + usize::from(negative)..].starts_with('0') {
            return Err(LiteralError {
                at: start,
                expected: "an integer without leading zeros",
            });
        }
        Ok(number.parse().map_or_else(
            |_| Value::Object {
                kind: "int".into(),
                text: number.into(),
            },
            Value::Int,
        ))
    }

    fn digits(&mut self) -> usize {
        let rest = self.rest();
        let count = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        self.at += count;
        count
    }

    fn text_value(&mut self) -> Result<Value, LiteralError> {
        let start = self.at;
        let characters = self.characters()?;
        let text: Option<String> = characters.into_iter().collect();
        Ok(text.map_or_else(
            || Value::Object {
                kind: "str".into(),
                text: self.text[start..self.at].into(),
            },
            Value::Text,
        ))
    }

    /// A `str` where only text will do: lone surrogates are replaced.
    fn plain_text(&mut self) -> Result<String, LiteralError> {
        self.spaces();
        let characters = self.characters()?;
        Ok(characters
            .into_iter()
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect())
    }

    fn quote(&mut self) -> Result<char, LiteralError> {
        let quote = self.peek().filter(|quote| matches!(quote, '\'' | '"'));
        let quote = quote.ok_or_else(|| self.expected("a quote"))?;
        self.at += 1;
        Ok(quote)
    }

    fn characters(&mut self) -> Result<Characters, LiteralError> {
        let quote = self.quote()?;
        let mut characters = Vec::new();
        loop {
            let Some(next) = self.peek() else {
                return Err(self.expected("the closing quote"));
            };
            if next == quote {
                self.at += 1;
                return Ok(characters);
            }
            if next == '\\' {
                characters.push(char::from_u32(self.escape(true)?));
            } else if next.is_control() {
                return Err(self.expected("an escape in place of a control character"));
            } else {
                characters.push(Some(next));
                self.at += next.len_utf8();
            }
        }
    }

    fn bytes(&mut self) -> Result<Vec<u8>, LiteralError> {
        self.at += 1;
        let quote = self.quote()?;
        let mut bytes = Vec::new();
        loop {
            let Some(next) = self.peek() else {
                return Err(self.expected("the closing quote"));
            };
            if next == quote {
                self.at += 1;
                return Ok(bytes);
            }
            let byte = if next == '\\' {
                let at = self.at;
                let too_large = LiteralError {
                    at,
                    expected: "an escape of one byte",
                };
                u8::try_from(self.escape(false)?).map_err(|_| too_large)?
            } else {
                let byte = u8::try_from(next)
                    .ok()
                    .filter(|byte| matches!(byte, b' '..=b'~'));
                let byte = byte.ok_or_else(|| self.expected("a printable ASCII character"))?;
                self.at += 1;
                byte
            };
            bytes.push(byte);
        }
    }

    /// One escape, from its backslash on; `wide` allows those of `str` only.
    fn escape(&mut self, wide: bool) -> Result<u32, LiteralError> {
        let start = self.at;
        self.at += 1;
        let Some(letter) = self.peek() else {
            return Err(self.expected("an escape"));
        };
        if letter.is_digit(8) {
            let rest = self.rest();
            let digits = rest
                .chars()
                .take(3)
                .take_while(|digit| digit.is_digit(8))
                .count();
            self.at += digits;
            return u32::from_str_radix(&rest[..digits], 8).map_err(|_| LiteralError {
                at: start,
                expected: "an octal number",
            });
        }
        let code = match letter {
            '\\' | '\'' | '"' => letter as u32,
            'n' => 0x0a,
            'r' => 0x0d,
            't' => 0x09,
            'a' => 0x07,
            'b' => 0x08,
            'f' => 0x0c,
            'v' => 0x0b,
            'x' => return self.hexadecimal(2),
            'u' if wide => return self.hexadecimal(4),
            'U' if wide => {
                let code = self.hexadecimal(8)?;
                if code > 0x10_ffff {
                    return Err(LiteralError {
                        at: start,
                        expected: "a code point of Unicode",
                    });
                }
                return Ok(code);
            }
            _ => {
                return Err(LiteralError {
                    at: start,
                    expected: "an escape",
                });
            }
        };
        self.at += 1;
        Ok(code)
    }

    fn hexadecimal(&mut self, count: usize) -> Result<u32, LiteralError> {
        self.at += 1;
        let digits = self
            .rest()
            .get(..count)
            .filter(|d| d.bytes().all(|d| d.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.expected("hexadecimal digits"))?;
        self.at += count;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fails_at(text: &str) -> (usize, &'static str) {
        let error = parse(text).expect_err("the text is no literal");
        (error.at, error.expected)
    }

    #[test]
    fn what_interpreters_print_is_read() {
        let text = |text: &str| Value::Text(text.into());
        for (printed, value) in [
            ("None", Value::None),
            ("-5", Value::Int(-5)),
            ("1e-07", Value::Float(1e-7)),
            ("1.", Value::Float(1.0)),
            ("-inf", Value::Float(f64::NEG_INFINITY)),
            ("\"it's\"", text("it's")),
            (
                "'caf\u{e9} \\u4f60\\U0001f600\\x7f\\0\\101'",
                text("caf\u{e9} 你😀\u{7f}\0A"),
            ),
            ("b\"\\x00'\\xff\"", Value::Bytes(b"\x00'\xff".to_vec())),
            ("bytearray(b'ab')", Value::ByteArray(b"ab".to_vec())),
            ("()", Value::Tuple(vec![])),
            ("(1,)", Value::Tuple(vec![Value::Int(1)])),
            ("[1,2, ]", Value::List(vec![Value::Int(1), Value::Int(2)])),
            ("{'a': 1}", Value::Dict(vec![(text("a"), Value::Int(1))])),
            (" Returned( None ) ", Value::Returned(Box::new(Value::None))),
        ] {
            assert_eq!(parse(printed), Ok(value), "{printed}");
        }
    }

    #[test]
    fn an_exception_carries_kind_families_number_and_text() {
        let exception = Exception {
            kind: "TimeoutError".into(),
            families: vec!["OSError".into(), "Exception".into()],
            errno: Some(110),
            text: "110".into(),
        };
        let printed = "Raised('TimeoutError', ('OSError', 'Exception'), 110, '110')";
        assert_eq!(parse(printed), Ok(Value::Raised(Box::new(exception))));
    }

    #[test]
    fn an_integer_that_does_not_fit_is_kept_as_an_object() {
        let digits = "9".repeat(60);
        assert_eq!(
            parse(&digits),
            Ok(Value::Object {
                kind: "int".into(),
                text: digits.clone()
            })
        );
    }

    #[test]
    fn a_lone_surrogate_makes_an_object_that_equals_no_text() {
        let object = Value::Object {
            kind: "str".into(),
            text: r"'\ud800'".into(),
        };
        assert_eq!(parse(r"'\ud800'"), Ok(object));
    }

    #[test]
    fn errors_say_where_and_what_was_expected() {
        assert_eq!(fails_at(""), (0, "a value"));
        assert_eq!(fails_at("[1 2]"), (3, "a comma or the closing bracket"));
        assert_eq!(fails_at("(1)"), (2, "a comma, as in `(1,)`"));
        assert_eq!(fails_at("'a"), (2, "the closing quote"));
        assert_eq!(fails_at("b'\\u1234'"), (2, "an escape"));
        assert_eq!(fails_at("b'\\777'"), (2, "an escape of one byte"));
        assert_eq!(fails_at("'\\q'"), (1, "an escape"));
        assert_eq!(fails_at("'\\xg0'"), (3, "hexadecimal digits"));
        assert_eq!(fails_at("007"), (0, "an integer without leading zeros"));
        assert_eq!(fails_at("0x10"), (1, "the end of the number"));
        assert_eq!(fails_at("1 + 1"), (2, "the end"));
        assert_eq!(fails_at("'a' 'b'"), (4, "the end"));
        assert_eq!(fails_at("{1}"), (2, "a colon"));
        assert_eq!(fails_at("{[1]: 2}"), (1, "a key that can be hashed"));
        assert_eq!(
            fails_at("{1: 2, ({},): 3}"),
            (7, "a key that can be hashed")
        );
        assert_eq!(fails_at("__import__('os')"), (0, "a value"));
        assert_eq!(fails_at("socket"), (0, "a value"));
    }

    #[test]
    fn a_depth_bomb_is_an_error() {
        for open in ["[", "(", "{1:", "Returned(", "[(["] {
            let bomb = open.repeat(100_000);
            parse(&bomb).expect_err("it is never closed");
        }
    }

    #[test]
    fn what_stands_deeper_than_64_levels_is_kept_as_it_is_written() {
        let nested = |inner: &str| format!("{}{inner}{}", "[".repeat(64), ",]".repeat(64));
        for (inner, kind) in [
            ("[1, (2,)]", "list"),
            ("(']', \"'\", '\\'')", "tuple"),
            ("{1: [2]}", "dict"),
            ("7", "object"),
            ("Returned([1])", "object"),
        ] {
            let mut value = parse(&nested(inner)).expect(inner);
            for _ in 0..64 {
                let Value::List(members) = value else {
                    panic!("{value} is no list");
                };
                value = members.into_iter().next().expect("it has a member");
            }
            let (kind, text) = (kind.to_owned(), inner.to_owned());
            assert_eq!(value, Value::Object { kind, text });
        }
        let deepest = format!("{}{}", "[".repeat(64), "]".repeat(64));
        assert!(parse(&deepest).is_ok());
    }

    fn scalars() -> impl Strategy<Value = Value> {
        let exception = (
            any::<String>(),
            proptest::collection::vec(any::<String>(), 0..3),
            any::<Option<i64>>(),
            any::<String>(),
        );
        prop_oneof![
            Just(Value::None),
            any::<bool>().prop_map(Value::Bool),
            any::<i128>().prop_map(Value::Int),
            any::<f64>().prop_map(Value::Float),
            any::<String>().prop_map(Value::Text),
            any::<Vec<u8>>().prop_map(Value::Bytes),
            any::<Vec<u8>>().prop_map(Value::ByteArray),
            exception.prop_map(|(kind, families, errno, text)| {
                Value::Raised(Box::new(Exception {
                    kind,
                    families,
                    errno,
                    text,
                }))
            }),
            (any::<String>(), any::<String>())
                .prop_map(|(kind, text)| Value::Object { kind, text }),
        ]
    }

    fn values() -> impl Strategy<Value = Value> {
        scalars().prop_recursive(4, 32, 4, |inner| {
            let many = proptest::collection::vec(inner.clone(), 0..4);
            let key = inner
                .clone()
                .prop_filter("it can be hashed", Value::is_hashable);
            let pairs = proptest::collection::vec((key, inner.clone()), 0..4);
            prop_oneof![
                many.clone().prop_map(Value::List),
                many.prop_map(Value::Tuple),
                pairs.prop_map(Value::Dict),
                inner.prop_map(|value| Value::Returned(Box::new(value))),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(value in values()) {
            let read = parse(&value.to_string()).expect("a printed value is a literal");
            prop_assert_eq!(read, value);
        }

        #[test]
        fn arbitrary_text_is_a_value_or_an_error(text in any::<String>()) {
            if let Err(error) = parse(&text) {
                prop_assert!(error.at <= text.len());
            }
        }

        #[test]
        fn nearly_literals_are_values_or_errors(
            text in r#"[\[\](){}:,'"bnxuU0-9.eE \\-]{0,40}|(Raised|Object|bytearray|-)?\(?.{0,20}"#
        ) {
            if let Err(error) = parse(&text) {
                prop_assert!(text.is_char_boundary(error.at));
            }
        }
    }
}
