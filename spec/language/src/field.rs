//! Owns the building blocks of `raw`: values that keep their place and never stop the
//! reading, ordered tables, and text that may be written as a number.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::document::Document;
use crate::reader::{AS_WRITTEN, PLACED, WORDS};
use crate::tree::Spot;

/// A value with its place: absent, unfit (which has been reported then), or there.
#[derive(Debug, Clone)]
pub struct Field<T> {
    spot: Option<Spot>,
    value: Option<T>,
}

impl<T> Default for Field<T> {
    fn default() -> Self {
        Field {
            spot: None,
            value: None,
        }
    }
}

impl<T> Field<T> {
    /// The value, where it is there and fit.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The value with its place.
    #[must_use]
    pub fn placed(&self) -> Option<(Spot, &T)> {
        self.spot.zip(self.value.as_ref())
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.spot.is_none()
    }

    /// Its place, where something is written.
    #[must_use]
    pub fn spot(&self) -> Option<Spot> {
        self.spot
    }

    /// The value with its place; that it is absent is reported as a problem of `owner`.
    pub fn required(&self, document: &Document<'_>, owner: Spot, key: &str) -> Option<(Spot, &T)> {
        if self.is_absent() {
            let form = document.form().map(str::to_owned);
            document.report_with(owner, format!("`{key}` is missing"), form);
        }
        self.placed()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(PLACED, PlacedVisitor(PhantomData))
    }
}

struct PlacedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PlacedVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Field<T>, A::Error> {
        let spot = parts.next_element()?.map(Spot);
        // What does not fit has been reported by whoever found it.
        let value = parts.next_element().ok().flatten();
        Ok(Field { spot, value })
    }
}

/// A mapping whose keys are names, in the order in which it is written.
#[derive(Debug, Clone)]
pub struct Table<T>(pub Vec<(Field<String>, Field<T>)>);

impl<T> Table<T> {
    /// The entries whose key can be read, with the key's place.
    pub fn entries(&self) -> impl Iterator<Item = (Spot, &str, &Field<T>)> {
        self.0.iter().filter_map(|(key, value)| {
            let (spot, key) = key.placed()?;
            Some((spot, key.as_str(), value))
        })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Table<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TableVisitor(PhantomData))
    }
}

struct TableVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for TableVisitor<T> {
    type Value = Table<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Table<T>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Table(entries))
    }
}

/// Text that may be written as a number or a truth value: then it is what Python writes for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words(pub String);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = deserializer.deserialize_newtype_struct(WORDS, TextVisitor)?;
        Ok(Words(text))
    }
}

/// A scalar as it is written, whatever it looks like: `1.10` stays what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsWritten(pub String);

impl<'de> Deserialize<'de> for AsWritten {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = deserializer.deserialize_newtype_struct(AS_WRITTEN, TextVisitor)?;
        Ok(AsWritten(text))
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}
