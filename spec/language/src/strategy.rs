//! Owns the grammar of `forall` strategies: which sets of values a clause may quantify over.
//! Does not draw values: the harness builds generators from these.
//!
//! ```text
//! strategy  = "bool" | "port" | "ipv4"
//!           | "int(" A ".." B ")" | "float(" A ".." B ")"
//!           | "bytes(" A ".." B ")" | "text(" A ".." B ")"          lengths, in bytes and characters
//!           | "one_of(" literal { "," literal } ")"
//!           | "list(" strategy "," A ".." B ")"
//!           | "chunks(" strategy "," N ")"                           a split into 1 to N pieces
//!           | "any_value" [ "(except " type { "," type } ")" ]       a value of some other type
//! ```
//! Ranges include both ends.

use std::fmt;
use std::str::FromStr;

use crate::literal;
use crate::nearest::nearest;
use crate::value::Value;

/// The most that the generated values of a case may come to, roughly in bytes: a board has little
/// memory, and a larger number is a slip of the pen. So 64 cases draw no more than 64 MiB.
const LARGEST: usize = 1 << 20;
/// The most that may be needed to draw them, roughly in bytes: each member of a list brings what it is
/// made smaller with.
const LARGEST_DRAWING: usize = 64 << 20;
/// How deep lists may stand in lists.
const DEPTH: usize = 8;
/// The words that a strategy can begin with.
const KINDS: [&str; 11] = [
    "bool",
    "port",
    "ipv4",
    "int",
    "float",
    "bytes",
    "text",
    "one_of",
    "list",
    "chunks",
    "any_value",
];
/// The types that `any_value` draws from.
const TYPES: [&str; 10] = [
    "NoneType",
    "bool",
    "int",
    "float",
    "str",
    "bytes",
    "bytearray",
    "list",
    "tuple",
    "dict",
];

/// A set of values that a name ranges over.
#[derive(Debug, Clone, PartialEq)]
pub enum Strategy {
    /// `True` and `False`.
    Bool,
    /// A port number that is not privileged: 1024 to 65535.
    Port,
    /// A dotted quad, as `str`.
    Ipv4,
    /// Integers, both ends included.
    Int(i64, i64),
    /// Floats, both ends included.
    Float(f64, f64),
    /// `bytes` of so many bytes.
    Bytes(usize, usize),
    /// `str` of so many characters of Unicode, control characters and surrogates left out.
    Text(usize, usize),
    /// One of these.
    OneOf(Vec<Value>),
    /// A list with so many members.
    List(Box<Strategy>, usize, usize),
    /// A list of 1 to N pieces, none empty, which joined give a value of the inner strategy
    /// (`bytes` or `text`); an empty value gives an empty list.
    Chunks(Box<Strategy>, usize),
    /// A value of any built-in type but the named ones (`None`, `bool`, `int`, `float`, `str`,
    /// `bytes`, `bytearray`, `list`, `tuple`, `dict`).
    AnyValue {
        /// The types left out, by name (`NoneType` for `None`).
        except: Vec<String>,
    },
}

/// Text that is no strategy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct StrategyError {
    /// Where, in bytes from the start.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead, where that is known.
    pub suggestion: Option<String>,
}

impl Strategy {
    /// Reads a strategy that is the whole of `text`.
    ///
    /// # Errors
    /// When it is none, when its range is empty, or when its values would be too large.
    pub fn parse(text: &str) -> Result<Strategy, StrategyError> {
        let mut reader = Reader {
            text,
            at: 0,
            depth: 0,
        };
        let strategy = reader.strategy()?;
        reader.spaces();
        if reader.at < text.len() {
            return Err(reader.error("nothing can follow the strategy"));
        }
        Ok(strategy)
    }

    /// One of some literals, as `{one_of: […]}` gives them.
    ///
    /// # Errors
    /// When there are none.
    pub fn one_of(values: Vec<Value>) -> Result<Strategy, StrategyError> {
        if values.is_empty() {
            let message = "`one_of` needs at least one value".to_owned();
            return Err(StrategyError {
                at: 0,
                message,
                suggestion: None,
            });
        }
        Ok(Strategy::OneOf(values))
    }

    /// About how much its largest value takes.
    pub(crate) fn size(&self) -> Size {
        match self {
            Strategy::Bytes(_, most) => Size::of_content(*most),
            Strategy::Text(_, most) => Size::of_content(most.saturating_mul(4)),
            Strategy::List(inner, _, most) => inner.size().times(*most),
            Strategy::Chunks(inner, pieces) => {
                let (whole, piece) = (inner.size(), Size::of_scalar());
                let most = (*pieces).min(whole.value);
                Size {
                    value: whole.value.saturating_add(most.saturating_mul(MEMBER)),
                    // A cut is drawn for each piece, whether there is anything to cut or not.
                    drawing: whole.drawing.saturating_add(piece.times(*pieces).drawing),
                }
            }
            Strategy::OneOf(values) => {
                let sizes = values.iter().map(size_of);
                Size {
                    value: sizes.clone().max().unwrap_or_default(),
                    drawing: sizes.fold(DRAWING, usize::saturating_add),
                }
            }
            Strategy::AnyValue { .. } => Size::of_content(64),
            _ => Size::of_scalar(),
        }
    }
}

/// What a value takes in a list, beside its content.
const MEMBER: usize = 64;
/// What drawing a scalar takes, and what drawing a length and its content takes.
const DRAWING: usize = 4 << 10;

/// How much the values of a strategy take at most, roughly in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Size {
    value: usize,
    drawing: usize,
}

impl Size {
    fn of_scalar() -> Size {
        Size {
            value: 8,
            drawing: DRAWING,
        }
    }

    fn of_content(value: usize) -> Size {
        Size {
            value,
            drawing: value.saturating_add(2 * DRAWING),
        }
    }

    fn times(self, most: usize) -> Size {
        Size {
            value: self.value.saturating_add(MEMBER).saturating_mul(most),
            drawing: self.drawing.saturating_mul(most).saturating_add(DRAWING),
        }
    }

    /// Both beside each other.
    pub(crate) fn and(self, other: Size) -> Size {
        Size {
            value: self.value.saturating_add(other.value),
            drawing: self.drawing.saturating_add(other.drawing),
        }
    }

    /// What is too much of it, if anything is, as the end of a sentence.
    pub(crate) fn excess(self) -> Option<&'static str> {
        if self.value > LARGEST {
            Some("could be larger than 1 MiB")
        } else if self.drawing > LARGEST_DRAWING {
            Some("could not be drawn within 64 MiB")
        } else {
            None
        }
    }
}

fn size_of(value: &Value) -> usize {
    let all = |values: &[Value]| {
        let sizes = values.iter().map(|value| size_of(value) + MEMBER);
        sizes.sum()
    };
    match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) | Value::ByteArray(bytes) => bytes.len(),
        Value::List(values) | Value::Tuple(values) => all(values),
        Value::Dict(entries) => {
            let sizes = entries
                .iter()
                .map(|(key, value)| size_of(key) + size_of(value) + 2 * MEMBER);
            sizes.sum()
        }
        Value::Object { kind, text } => kind.len() + text.len(),
        _ => 8,
    }
}

impl FromStr for Strategy {
    type Err = StrategyError;

    fn from_str(text: &str) -> Result<Self, StrategyError> {
        Strategy::parse(text)
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Strategy::Bool => f.write_str("bool"),
            Strategy::Port => f.write_str("port"),
            Strategy::Ipv4 => f.write_str("ipv4"),
            Strategy::Int(low, high) => write!(f, "int({low}..{high})"),
            Strategy::Float(low, high) => write!(f, "float({low:?}..{high:?})"),
            Strategy::Bytes(low, high) => write!(f, "bytes({low}..{high})"),
            Strategy::Text(low, high) => write!(f, "text({low}..{high})"),
            Strategy::OneOf(values) => {
                let values: Vec<_> = values.iter().map(Value::to_string).collect();
                write!(f, "one_of({})", values.join(", "))
            }
            Strategy::List(inner, low, high) => write!(f, "list({inner}, {low}..{high})"),
            Strategy::Chunks(inner, pieces) => write!(f, "chunks({inner}, {pieces})"),
            Strategy::AnyValue { except } if except.is_empty() => f.write_str("any_value"),
            Strategy::AnyValue { except } => write!(f, "any_value(except {})", except.join(", ")),
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(' ').len();
    }

    fn error(&self, message: impl Into<String>) -> StrategyError {
        self.error_at(self.at, message)
    }

    fn error_at(&self, at: usize, message: impl Into<String>) -> StrategyError {
        StrategyError {
            at,
            message: message.into(),
            suggestion: None,
        }
    }

    fn require(&mut self, sign: &str) -> Result<(), StrategyError> {
        self.spaces();
        if self.rest().starts_with(sign) {
            self.at += sign.len();
            return Ok(());
        }
        let mut error = self.error(format!("expected `{sign}`"));
        if self.rest().is_empty() {
            error.suggestion = Some(
                "quote the strategy: between braces a comma ends an unquoted value".to_owned(),
            );
        }
        Err(error)
    }

    fn word(&mut self) -> &'t str {
        self.spaces();
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn strategy(&mut self) -> Result<Strategy, StrategyError> {
        self.spaces();
        let start = self.at;
        if self.depth == DEPTH {
            return Err(self.error("strategies stand in each other too deep"));
        }
        self.depth += 1;
        let word = self.word();
        let strategy = match word {
            "bool" => Strategy::Bool,
            "port" => Strategy::Port,
            "ipv4" => Strategy::Ipv4,
            "any_value" => self.any_value()?,
            "int" | "float" | "bytes" | "text" | "one_of" | "list" | "chunks" => {
                self.require("(")?;
                let strategy = self.arguments(word)?;
                self.require(")")?;
                strategy
            }
            "" => return Err(self.error("expected a strategy")),
            unknown => {
                let mut error = self.error_at(start, format!("there is no strategy `{unknown}`"));
                error.suggestion = nearest(unknown, KINDS)
                    .or_else(|| Some(format!("the strategies are {}", KINDS.join(", "))));
                return Err(error);
            }
        };
        if let Some(excess) = strategy.size().excess() {
            return Err(self.error_at(start, format!("its values {excess}")));
        }
        self.depth -= 1;
        Ok(strategy)
    }

    fn arguments(&mut self, kind: &str) -> Result<Strategy, StrategyError> {
        Ok(match kind {
            "int" => {
                let (low, high) = self.range("an integer")?;
                Strategy::Int(low, high)
            }
            "float" => {
                let at = self.at;
                let (low, high): (f64, f64) = self.range("a number")?;
                if !low.is_finite() || !high.is_finite() {
                    return Err(self.error_at(at, "a range has finite ends"));
                }
                Strategy::Float(low, high)
            }
            "bytes" => {
                let (low, high) = self.range("a length")?;
                Strategy::Bytes(low, high)
            }
            "text" => {
                let (low, high) = self.range("a length")?;
                Strategy::Text(low, high)
            }
            "one_of" => Strategy::OneOf(self.literals()?),
            "list" => {
                let inner = self.strategy()?;
                self.require(",")?;
                let (low, high) = self.range("a length")?;
                Strategy::List(Box::new(inner), low, high)
            }
            _ => self.chunks()?,
        })
    }

    fn chunks(&mut self) -> Result<Strategy, StrategyError> {
        self.spaces();
        let start = self.at;
        let inner = self.strategy()?;
        if !matches!(inner, Strategy::Bytes(..) | Strategy::Text(..)) {
            return Err(self.error_at(start, "only `bytes` and `text` can be split into chunks"));
        }
        self.require(",")?;
        self.spaces();
        let start = self.at;
        let pieces: usize = self.number("a number of pieces")?;
        if pieces == 0 {
            return Err(self.error_at(start, "there is at least one piece"));
        }
        Ok(Strategy::Chunks(Box::new(inner), pieces))
    }

    fn literals(&mut self) -> Result<Vec<Value>, StrategyError> {
        self.spaces();
        if self.rest().starts_with(')') {
            return Err(self.error("`one_of` needs at least one value"));
        }
        let mut values = Vec::new();
        loop {
            let (value, length) = literal::parse_prefix(self.rest()).map_err(|error| {
                self.error_at(self.at + error.at, format!("expected {}", error.expected))
            })?;
            self.at += length;
            values.push(value);
            self.spaces();
            if !self.rest().starts_with(',') {
                return Ok(values);
            }
            self.at += 1;
        }
    }

    fn any_value(&mut self) -> Result<Strategy, StrategyError> {
        let mut except: Vec<String> = Vec::new();
        if !self.rest().starts_with('(') {
            return Ok(Strategy::AnyValue { except });
        }
        self.at += 1;
        self.spaces();
        let at = self.at;
        if self.word() != "except" {
            return Err(self.error_at(at, "expected `except` and names of types"));
        }
        loop {
            self.spaces();
            let at = self.at;
            let word = self.word();
            let name = if word == "None" { "NoneType" } else { word };
            if !TYPES.contains(&name) {
                let mut error = self.error_at(at, format!("`any_value` draws no `{word}`"));
                error.suggestion = nearest(word, TYPES)
                    .or_else(|| Some(format!("its types are {}", TYPES.join(", "))));
                return Err(error);
            }
            if except.iter().any(|earlier| earlier == name) {
                return Err(self.error_at(at, format!("`{word}` is left out already")));
            }
            except.push(name.to_owned());
            self.spaces();
            if !self.rest().starts_with(',') {
                break;
            }
            self.at += 1;
        }
        if except.len() == TYPES.len() {
            return Err(self.error_at(at, "this leaves no value"));
        }
        self.require(")")?;
        Ok(Strategy::AnyValue { except })
    }

    fn range<T>(&mut self, what: &str) -> Result<(T, T), StrategyError>
    where
        T: Number + PartialOrd + fmt::Debug,
    {
        self.spaces();
        let start = self.at;
        let low: T = self.number(what)?;
        self.require("..")?;
        let high: T = self.number(what)?;
        if low > high {
            // This is how numbers are written that would have hundreds of digits.
            return Err(self.error_at(start, format!("{low:?} is more than {high:?}")));
        }
        Ok((low, high))
    }

    /// A number, up to the `..` or the bracket behind it.
    fn number<T: Number>(&mut self, what: &str) -> Result<T, StrategyError> {
        self.spaces();
        let rest = self.rest();
        let end = rest
            .find("..")
            .into_iter()
            .chain(rest.find([')', ',']))
            .min();
        let end = end.unwrap_or(rest.len());
        let written = rest[..end].trim_end();
        let digits = written.starts_with(|first: char| first.is_ascii_digit() || first == '-');
        let number = written.parse().ok().filter(|_| digits);
        let number = number.ok_or_else(|| {
            let whole = written.strip_prefix('-').unwrap_or(written);
            let is_whole = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
            self.error(match is_whole {
                true => format!("expected {what} {}", T::RANGE),
                false => format!("expected {what}"),
            })
        })?;
        self.at += end;
        Ok(number)
    }
}

/// Numbers of a strategy.
trait Number: FromStr {
    /// Which whole ones there are.
    const RANGE: &str;
}

impl Number for i64 {
    const RANGE: &str = "from -9223372036854775808 to 9223372036854775807";
}

impl Number for usize {
    const RANGE: &str = "from 0 to 18446744073709551615";
}

impl Number for f64 {
    /// Whatever is written in digits is one.
    const RANGE: &str = "";
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Strategy as Subject, TYPES};
    use crate::value::Value;

    fn problem(text: &str) -> (usize, String, Option<String>) {
        let error = Subject::parse(text).expect_err("the text is no strategy");
        (error.at, error.message, error.suggestion)
    }

    #[test]
    fn every_documented_form_is_read() {
        for text in [
            "bool",
            "port",
            "ipv4",
            "int(0..9)",
            "int(-5..-5)",
            "float(0.1..2.0)",
            "bytes(0..64)",
            "text(0..64)",
            "one_of(1, 'a', None)",
            "list(int(0..9), 0..5)",
            "chunks(bytes(1..99), 8)",
            "any_value",
            "any_value(except int, str)",
        ] {
            let strategy = Subject::parse(text).expect("the form is documented");
            assert_eq!(strategy.to_string(), text);
        }
    }

    #[test]
    fn none_may_be_named_by_its_value() {
        let strategy = Subject::parse("any_value(except None)").expect("`None` names its type");
        assert_eq!(strategy.to_string(), "any_value(except NoneType)");
    }

    #[test]
    fn a_misspelt_word_is_corrected() {
        assert_eq!(
            problem("byte(1..2)"),
            (
                0,
                "there is no strategy `byte`".into(),
                Some("did you mean `bytes`?".into())
            )
        );
        assert_eq!(problem("any_value(except integer)").0, 17);
    }

    #[test]
    fn unsound_strategies_are_refused_with_their_place() {
        for (text, at, message) in [
            ("int(9..0)", 4, "9 is more than 0"),
            ("int(a..0)", 4, "expected an integer"),
            ("int(-..0)", 4, "expected an integer"),
            (
                "int(0..9223372036854775808)",
                7,
                "expected an integer from -9223372036854775808 to 9223372036854775807",
            ),
            (
                "bytes(-1..0)",
                6,
                "expected a length from 0 to 18446744073709551615",
            ),
            (
                "chunks(bytes(0..9), 18446744073709551616)",
                20,
                "expected a number of pieces from 0 to 18446744073709551615",
            ),
            (
                "bytes(0..2000000)",
                0,
                "its values could be larger than 1 MiB",
            ),
            (
                "list(bytes(0..99999), 0..99)",
                0,
                "its values could be larger than 1 MiB",
            ),
            (
                "list(bool, 0..18446744073709551615)",
                0,
                "its values could be larger than 1 MiB",
            ),
            (
                "list(bytes(0..0), 0..18446744073709551615)",
                0,
                "its values could be larger than 1 MiB",
            ),
            (
                "list(list(list(any_value, 0..0), 0..9999), 0..9999)",
                0,
                "its values could be larger than 1 MiB",
            ),
            (
                "chunks(bytes(0..9), 18446744073709551615)",
                0,
                "its values could not be drawn within 64 MiB",
            ),
            ("float(0..1e999)", 6, "a range has finite ends"),
            ("float(1e308..-1e308)", 6, "1e308 is more than -1e308"),
            ("one_of()", 7, "`one_of` needs at least one value"),
            ("one_of(1, x)", 10, "expected a value"),
            (
                "chunks(int(0..9), 2)",
                7,
                "only `bytes` and `text` can be split into chunks",
            ),
            ("chunks(bytes(0..9), 0)", 20, "there is at least one piece"),
            ("bool bool", 5, "nothing can follow the strategy"),
            ("", 0, "expected a strategy"),
        ] {
            let (found_at, found, _) = problem(text);
            assert_eq!((found_at, found.as_str()), (at, message), "{text}");
        }
        let everything = format!("any_value(except {})", TYPES.join(", "));
        assert_eq!(problem(&everything).1, "this leaves no value");
    }

    #[test]
    fn a_strategy_that_a_comma_cut_off_is_said_to_need_quotes() {
        let (at, message, suggestion) = problem("one_of(1");
        assert_eq!((at, message.as_str()), (8, "expected `)`"));
        assert!(suggestion.is_some_and(|says| says.starts_with("quote the strategy")));
    }

    #[test]
    fn nesting_has_an_end() {
        assert!(Subject::parse(&"list(".repeat(100_000)).is_err());
    }

    fn strategies() -> impl Strategy<Value = Subject> {
        let length = || (0..50_usize, 0..50_usize).prop_map(|(low, more)| (low, low + more));
        let ranged = prop_oneof![
            length().prop_map(|(low, high)| Subject::Bytes(low, high)),
            length().prop_map(|(low, high)| Subject::Text(low, high)),
        ];
        let leaves = prop_oneof![
            Just(Subject::Bool),
            Just(Subject::Port),
            Just(Subject::Ipv4),
            (any::<i64>(), any::<i64>())
                .prop_map(|(one, other)| Subject::Int(one.min(other), one.max(other))),
            (-1e30..1e30, -1e30..1e30).prop_map(|(one, other): (f64, f64)| Subject::Float(
                one.min(other),
                one.max(other)
            )),
            ranged.clone(),
            proptest::collection::vec(any::<i64>().prop_map(|n| Value::Int(n.into())), 1..4)
                .prop_map(Subject::OneOf),
            (ranged, 1..9_usize)
                .prop_map(|(inner, pieces)| Subject::Chunks(Box::new(inner), pieces)),
            proptest::sample::subsequence(TYPES.map(str::to_owned).to_vec(), 0..TYPES.len())
                .prop_map(|except| Subject::AnyValue { except }),
        ];
        leaves.prop_recursive(2, 4, 1, move |inner| {
            (inner, length())
                .prop_map(|(inner, (low, high))| Subject::List(Box::new(inner), low, high))
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(strategy in strategies()) {
            prop_assume!(strategy.size().excess().is_none());
            prop_assert_eq!(Subject::parse(&strategy.to_string()), Ok(strategy));
        }

        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            if let Err(error) = Subject::parse(&text) {
                prop_assert!(text.is_char_boundary(error.at));
            }
        }

        #[test]
        fn nearly_strategies_never_panic(
            text in "(int|list|chunks|one_of|any_value|float)\\(?[a-z0-9.,() '-]{0,30}"
        ) {
            if let Err(error) = Subject::parse(&text) {
                prop_assert!(text.is_char_boundary(error.at));
            }
        }
    }
}
