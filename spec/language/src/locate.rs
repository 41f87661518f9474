//! Owns the way from a path in a YAML document to its place in the text, where reading the
//! document has not told it. Slow, since it reads the document again: for problems only.
//!
//! The YAML parser tells the place of an event through nothing but the error that its visitor
//! returns there. So the document is read again along the path, and the visitor at its end
//! returns an error.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// One step down into a mapping or a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    /// Which entry or member, from 0.
    pub index: usize,
    /// Whether the entry's key is meant, and not its value.
    pub key: bool,
}

/// The byte at which the node at the end of `path` begins.
pub(crate) fn locate(text: &str, path: &[Step]) -> Option<usize> {
    let error = Walk { path }
        .deserialize(serde_yaml::Deserializer::from_str(text))
        .err()?;
    byte_of(text, &error)
}

/// The byte at which an error was found.
#[must_use]
pub fn byte_of(text: &str, error: &serde_yaml::Error) -> Option<usize> {
    // The place of a character that YAML does not have stands in the message only.
    let said = error.to_string();
    let position = said.rsplit_once(" at position ");
    let position = position.and_then(|(_, position)| position.parse().ok());
    // The parser counts bytes here, whatever it calls them.
    position
        .or_else(|| Some(error.location()?.index()))
        .filter(|byte| text.is_char_boundary(*byte))
}

struct Walk<'p> {
    path: &'p [Step],
}

impl Walk<'_> {
    fn here<E: Error>(self) -> Result<(), E> {
        Err(E::custom("the end of the path"))
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the end of the path")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Some((step, path)) = self.path.split_first() else {
            return self.here();
        };
        for _ in 0..step.index {
            if members.next_element::<IgnoredAny>()?.is_none() {
                return Ok(());
            }
        }
        members.next_element_seed(Walk { path })?;
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let Some((step, path)) = self.path.split_first() else {
            return self.here();
        };
        for _ in 0..step.index {
            if entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_none() {
                return Ok(());
            }
        }
        if step.key {
            entries.next_key_seed(Walk { path })?;
            return Ok(());
        }
        if entries.next_key::<IgnoredAny>()?.is_none() {
            return Ok(());
        }
        entries.next_value_seed(Walk { path })
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.here()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.here()
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<(), E> {
        self.here()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.here()
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<(), E> {
        self.here()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.here()
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.here()
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.here()
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, locate};

    fn value(index: usize) -> Step {
        Step { index, key: false }
    }

    fn key(index: usize) -> Step {
        Step { index, key: true }
    }

    const TEXT: &str = "\
# Größe
a: 1
b:
  - true
  - {x: ~, y: 2.5}
  - \"multi\\tple\"
c: |
  block
d: [é, 7]
";

    fn text_at(path: &[Step]) -> Option<&'static str> {
        locate(TEXT, path).map(|byte| &TEXT[byte..])
    }

    #[test]
    fn keys_and_values_of_every_kind_are_found() {
        for (path, begins) in [
            (&[key(0)][..], "a: 1"),
            (&[value(0)], "1\nb"),
            (&[key(1)], "b:"),
            (&[value(1), value(0)], "true"),
            (&[value(1), value(1)], "{x"),
            (&[value(1), value(1), key(0)], "x:"),
            (&[value(1), value(1), value(0)], "~"),
            (&[value(1), value(1), key(1)], "y:"),
            (&[value(1), value(1), value(1)], "2.5"),
            (&[value(1), value(2)], "\"multi"),
            (&[value(2)], "|"),
            (&[value(3)], "[é"),
            (&[value(3), value(1)], "7]"),
        ] {
            let found = text_at(path).expect("the path exists");
            assert!(found.starts_with(begins), "{path:?} gives {found:?}");
        }
    }

    #[test]
    fn a_path_that_leads_nowhere_has_no_place() {
        assert_eq!(locate(TEXT, &[value(9), value(1)]), None);
    }
}
