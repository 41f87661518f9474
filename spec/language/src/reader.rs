//! Owns the reading of a node into the shapes of [`crate::raw`]: a `serde` deserializer over
//! [`Node`] that reports every mismatch and every unknown key at its place and goes on.
//! Does not know which shapes there are.
//!
//! Four names have a meaning of their own here: a newtype called [`PLACED`] is read as the
//! node's place and its value, a newtype called [`WORDS`] takes any scalar as text, one called
//! [`AS_WRITTEN`] takes it letter for letter, and an enum
//! called [`BY_SHAPE`] has the variants `scalar`, `sequence` and `mapping` (or some of them).

use std::fmt::Display;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, Expected, IntoDeserializer,
    MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use crate::document::Document;
use crate::nearest::nearest;
use crate::tree::{Data, Node};

/// What is expected where a number is there that is too large.
const INTEGER: &str = "an integer from -9223372036854775808 to 9223372036854775807";

/// The name of a newtype that wants its place.
pub(crate) const PLACED: &str = "$placed";
/// The name of a newtype that takes any scalar as text.
pub(crate) const WORDS: &str = "$words";
/// The name of a newtype that takes any scalar as it is written.
pub(crate) const AS_WRITTEN: &str = "$as-written";
/// The name of an enum whose variants are shapes of nodes.
pub(crate) const BY_SHAPE: &str = "$by-shape";

/// Reads a node; what does not fit is reported to the document.
pub(crate) fn read<'n, T: Deserialize<'n>>(
    node: &'n Node<'n>,
    document: &'n Document<'n>,
) -> Option<T> {
    let reader = Reader { node, document };
    reader.done(T::deserialize(reader)).ok()
}

/// What does not fit.
#[derive(Debug)]
pub(crate) struct Mismatch {
    message: String,
    suggestion: Option<String>,
    /// A word that none of an enum's variants is called by.
    unknown: Option<String>,
    /// Whether the document knows already.
    reported: bool,
}

impl Mismatch {
    fn new(message: impl Into<String>) -> Mismatch {
        Mismatch {
            message: message.into(),
            suggestion: None,
            unknown: None,
            reported: false,
        }
    }
}

impl Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Mismatch {}

impl de::Error for Mismatch {
    fn custom<T: Display>(message: T) -> Mismatch {
        Mismatch::new(message.to_string())
    }

    fn unknown_variant(word: &str, words: &'static [&'static str]) -> Mismatch {
        let known = nearest(word, words.iter().copied());
        let suggestion = known.unwrap_or_else(|| format!("write {}", alternatives(words)));
        Mismatch {
            suggestion: Some(suggestion),
            unknown: Some(word.to_owned()),
            ..Mismatch::new(format!("`{word}` is not known"))
        }
    }
}

/// Words to choose from, as a phrase.
pub(crate) fn alternatives(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "nothing".to_owned(),
    }
}

#[derive(Clone, Copy)]
struct Reader<'n> {
    node: &'n Node<'n>,
    document: &'n Document<'n>,
}

impl<'n> Reader<'n> {
    /// Passes a result on, after its mismatch has been reported here unless it is already.
    fn done<T>(&self, result: Result<T, Mismatch>) -> Result<T, Mismatch> {
        result.map_err(|mut mismatch| {
            if !mismatch.reported {
                let form = || self.document.form().map(str::to_owned);
                let suggestion = mismatch.suggestion.take().or_else(form);
                self.document
                    .report_with(self.node.spot, mismatch.message.as_str(), suggestion);
                mismatch.reported = true;
            }
            mismatch
        })
    }

    fn wrong<T>(&self, expected: &dyn Expected) -> Result<T, Mismatch> {
        self.wrong_for(&expected.to_string())
    }

    fn wrong_for<T>(&self, expected: &str) -> Result<T, Mismatch> {
        let found = self.node.data.describe();
        Err(Mismatch::new(format!("expected {expected}, found {found}")))
    }

    fn entries<V: Visitor<'n>>(
        self,
        fields: Option<&'static [&'static str]>,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        let result = match &self.node.data {
            Data::Mapping(entries) => visitor.visit_map(Entries {
                left: entries.iter(),
                value: None,
                fields,
                document: self.document,
            }),
            _ => self.wrong(&visitor),
        };
        self.done(result)
    }

    fn variant<V: Visitor<'n>>(self, noun: &str, visitor: V) -> Result<V::Value, Mismatch> {
        let (word, value) = match &self.node.data {
            Data::Text(_) => (self, None),
            Data::Mapping(entries) => match entries.as_slice() {
                [(key, value)] => {
                    let document = self.document;
                    (
                        Reader {
                            node: key,
                            document,
                        },
                        Some(Reader {
                            node: value,
                            document,
                        }),
                    )
                }
                _ => return self.wrong_for(&format!("a {noun}: a mapping with one key")),
            },
            _ => return self.wrong_for(&format!("a {noun}")),
        };
        let result = visitor.visit_enum(Variant { word, value, noun });
        result.map_err(|mut mismatch| {
            if let Some(unknown) = mismatch.unknown.take() {
                mismatch.message = format!("there is no {noun} `{unknown}`");
            }
            word.done::<V::Value>(Err(mismatch))
                .err()
                .unwrap_or_else(|| Mismatch::new(""))
        })
    }

    fn by_shape<V: Visitor<'n>>(
        self,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        let shape = match self.node.data {
            Data::Sequence(_) => "sequence",
            Data::Mapping(_) => "mapping",
            Data::Null => "nothing",
            _ => "scalar",
        };
        if !variants.contains(&shape) {
            let shapes: Vec<_> = variants
                .iter()
                .map(|shape| if *shape == "scalar" { "a word" } else { *shape })
                .map(|shape| {
                    shape
                        .replace("sequence", "a sequence")
                        .replace("mapping", "a mapping")
                })
                .collect();
            return self.wrong_for(&shapes.join(" or "));
        }
        visitor.visit_enum(Shape {
            shape,
            reader: self,
        })
    }
}

impl<'n> Deserializer<'n> for Reader<'n> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let result = match &self.node.data {
            Data::Null => visitor.visit_unit(),
            Data::Bool(value) => visitor.visit_bool(*value),
            Data::Int(value) => visitor.visit_i128(*value),
            Data::Float(value) => visitor.visit_f64(*value),
            Data::Text(text) => visitor.visit_str(text),
            Data::Sequence(_) => return self.deserialize_seq(visitor),
            Data::Mapping(_) => return self.entries(None, visitor),
        };
        self.done(result)
    }

    fn deserialize_bool<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let result = match &self.node.data {
            Data::Bool(value) => visitor.visit_bool(*value),
            _ => self.wrong_for("`true` or `false`"),
        };
        self.done(result)
    }

    fn deserialize_i64<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let result = match &self.node.data {
            Data::Int(value) => match i64::try_from(*value) {
                Ok(value) => visitor.visit_i64(value),
                Err(_) => self.wrong_for(INTEGER),
            },
            // Integers of more than 128 bits come as the float that is nearest to them.
            Data::Float(value) if value.abs() >= 2_f64.powi(127) => self.wrong_for(INTEGER),
            _ => self.wrong_for("an integer"),
        };
        self.done(result)
    }

    fn deserialize_str<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let result = match &self.node.data {
            Data::Text(text) => visitor.visit_str(text),
            Data::Null | Data::Sequence(_) | Data::Mapping(_) => self.wrong_for("text"),
            _ => self
                .wrong_for("text")
                .map_err(|mismatch: Mismatch| Mismatch {
                    suggestion: Some("put it in quotes".to_owned()),
                    ..mismatch
                }),
        };
        self.done(result)
    }

    fn deserialize_string<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_str(visitor)
    }

    fn deserialize_seq<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let result = match &self.node.data {
            Data::Sequence(members) => visitor.visit_seq(Members {
                left: members.iter(),
                document: self.document,
            }),
            _ => self.wrong_for("a sequence"),
        };
        self.done(result)
    }

    fn deserialize_map<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.entries(None, visitor)
    }

    fn deserialize_struct<V: Visitor<'n>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.entries(Some(fields), visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'n>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        let result = match name {
            PLACED => visitor.visit_seq(Placed {
                reader: self,
                part: 0,
            }),
            WORDS => match self.node.data.words() {
                Some(words) => visitor.visit_str(&words),
                None => self.wrong_for("text or a number"),
            },
            AS_WRITTEN => match (&self.node.data, &self.node.written) {
                (Data::Text(text), _) => visitor.visit_str(text),
                (Data::Null | Data::Sequence(_) | Data::Mapping(_), _) | (_, None) => {
                    self.wrong_for("a word or a text")
                }
                (_, Some(written)) => visitor.visit_str(written),
            },
            _ => visitor.visit_newtype_struct(self),
        };
        self.done(result)
    }

    fn deserialize_enum<V: Visitor<'n>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        let result = match name {
            BY_SHAPE => self.by_shape(variants, visitor),
            noun => self.variant(noun, visitor),
        };
        self.done(result)
    }

    fn deserialize_ignored_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <W: Visitor<'n>>
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf option unit
        unit_struct tuple tuple_struct
    }
}

struct Members<'n> {
    left: std::slice::Iter<'n, Node<'n>>,
    document: &'n Document<'n>,
}

impl<'n> SeqAccess<'n> for Members<'n> {
    type Error = Mismatch;

    fn next_element_seed<S: DeserializeSeed<'n>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mismatch> {
        let document = self.document;
        self.left
            .next()
            .map(|node| seed.deserialize(Reader { node, document }))
            .transpose()
    }
}

struct Entries<'n> {
    left: std::slice::Iter<'n, (Node<'n>, Node<'n>)>,
    value: Option<&'n Node<'n>>,
    /// The keys that are known; `None`: any.
    fields: Option<&'static [&'static str]>,
    document: &'n Document<'n>,
}

impl Entries<'_> {
    fn report_unknown(&self, key: &Node<'_>) {
        if let (Some(fields), Data::Text(text)) = (self.fields, &key.data)
            && !fields.contains(&text.as_ref())
        {
            let suggestion = nearest(text, fields.iter().copied())
                .unwrap_or_else(|| format!("the keys are {}", fields.join(", ")));
            let message = format!("there is no key `{text}` here");
            self.document.report_with(key.spot, message, suggestion);
        }
    }
}

impl<'n> MapAccess<'n> for Entries<'n> {
    type Error = Mismatch;

    fn next_key_seed<S: DeserializeSeed<'n>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mismatch> {
        let Some((key, value)) = self.left.next() else {
            return Ok(None);
        };
        self.report_unknown(key);
        self.value = Some(value);
        seed.deserialize(Reader {
            node: key,
            document: self.document,
        })
        .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'n>>(&mut self, seed: S) -> Result<S::Value, Mismatch> {
        let node = self
            .value
            .take()
            .ok_or_else(|| Mismatch::new("a value without its key"))?;
        seed.deserialize(Reader {
            node,
            document: self.document,
        })
    }
}

/// The place of a node, then its value.
struct Placed<'n> {
    reader: Reader<'n>,
    part: u8,
}

impl<'n> SeqAccess<'n> for Placed<'n> {
    type Error = Mismatch;

    fn next_element_seed<S: DeserializeSeed<'n>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mismatch> {
        // In a list of a bench a key with nothing behind it is as good as left out.
        let is_of_a_bench = self.reader.document.form().is_some();
        if is_of_a_bench && matches!(self.reader.node.data, Data::Null) {
            return Ok(None);
        }
        self.part += 1;
        match self.part {
            1 => seed
                .deserialize(self.reader.node.spot.0.into_deserializer())
                .map(Some),
            2 => self.reader.done(seed.deserialize(self.reader)).map(Some),
            _ => Ok(None),
        }
    }
}

/// A variant by its word, with the value behind it where there is one.
struct Variant<'n, 'w> {
    word: Reader<'n>,
    value: Option<Reader<'n>>,
    noun: &'w str,
}

impl<'n> EnumAccess<'n> for Variant<'n, '_> {
    type Error = Mismatch;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'n>>(self, seed: S) -> Result<(S::Value, Self), Mismatch> {
        let word = self.word.node.data.words().unwrap_or_default();
        let variant = seed.deserialize(StrDeserializer::<Mismatch>::new(&word))?;
        Ok((variant, self))
    }
}

impl<'n> VariantAccess<'n> for Variant<'n, '_> {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        match self.value {
            None => Ok(()),
            Some(_) => Err(Mismatch::new(format!("this {} takes no value", self.noun))),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'n>>(self, seed: S) -> Result<S::Value, Mismatch> {
        match self.value {
            Some(value) => seed.deserialize(value),
            None => Err(Mismatch::new(format!("this {} needs a value", self.noun))),
        }
    }

    fn tuple_variant<V: Visitor<'n>>(self, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.word.wrong(&visitor)
    }

    fn struct_variant<V: Visitor<'n>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.word.wrong(&visitor)
    }
}

/// A variant that is called by the shape of its node.
struct Shape<'n> {
    shape: &'static str,
    reader: Reader<'n>,
}

impl<'n> EnumAccess<'n> for Shape<'n> {
    type Error = Mismatch;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'n>>(self, seed: S) -> Result<(S::Value, Self), Mismatch> {
        let variant = seed.deserialize(StrDeserializer::<Mismatch>::new(self.shape))?;
        Ok((variant, self))
    }
}

impl<'n> VariantAccess<'n> for Shape<'n> {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'n>>(self, seed: S) -> Result<S::Value, Mismatch> {
        seed.deserialize(self.reader)
    }

    fn tuple_variant<V: Visitor<'n>>(self, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.reader.wrong(&visitor)
    }

    fn struct_variant<V: Visitor<'n>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.reader.wrong(&visitor)
    }
}
