//! Owns the finding of keys that one mapping of a YAML text has twice, at any depth. Reads no values, and
//! does not know what a file is about.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IgnoredAny, MapAccess, SeqAccess,
    VariantAccess as _, Visitor,
};

use crate::source_file::Word;

/// A key that stands twice in one mapping.
pub struct Repeated<'t> {
    pub first: Word<'t>,
    pub again: Word<'t>,
}

/// Finds them as far as the text can be read: what keeps it from being read is its reader's to say.
pub fn find(text: &str) -> Vec<Repeated<'_>> {
    let found = RefCell::default();
    let walk = Walk { found: &found };
    let _ = walk.deserialize(serde_yaml::Deserializer::from_str(text));
    found.into_inner()
}

/// A value that is walked through.
#[derive(Clone, Copy)]
struct Walk<'f, 't> {
    found: &'f RefCell<Vec<Repeated<'t>>>,
}

impl<'t> DeserializeSeed<'t> for Walk<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Walk<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen: HashMap<String, Word<'t>> = HashMap::new();
        while let Some(again) = map.next_key::<Word<'t>>()? {
            match seen.get(&*again.0) {
                Some(first) => self.found.borrow_mut().push(Repeated {
                    first: first.clone(),
                    again,
                }),
                None => drop(seen.insert(again.0.clone().into_owned(), again)),
            }
            map.next_value_seed(self)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut sequence: A) -> Result<(), A::Error> {
        while sequence.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_enum<A: EnumAccess<'t>>(self, tagged: A) -> Result<(), A::Error> {
        let (IgnoredAny, value) = tagged.variant()?;
        value.newtype_variant_seed(self)
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i128<E>(self, _: i128) -> Result<(), E> {
        Ok(())
    }

    fn visit_u128<E>(self, _: u128) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn keys_are_found_wherever_they_stand_twice() {
        for (text, keys) in [
            ("a: 1\nb: 2\na: 3\n", &["a"][..]),
            ("a: {b: 1, c: [{d: 1, 'd': 2}], b: 2}\n", &["d", "b"]),
            ("- {1: x, 1: y}\n- !t {a: true, a: 1.5}\n", &["1", "a"]),
            ("a: 1\na: 2\na: ~\n", &["a", "a"]),
            ("a: {b: 1}\nc: {b: 1}\n", &[]),
            ("x: &x {b: 1}\ny: *x\n", &[]),
            ("[a, a]\n", &[]),
            ("", &[]),
        ] {
            let found = find(text);
            let found: Vec<_> = found.iter().map(|key| &*key.again.0).collect();
            assert_eq!(found, keys, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nearly_yaml_never_panics(text in "[\\[\\]{}:,'\"|>&*!#\\\\ \\n?ab-]{0,60}") {
            find(&text);
        }
    }
}
