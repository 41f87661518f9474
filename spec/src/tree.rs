//! Owns a YAML document as a tree whose every node knows its place.
//! Does not know what any key means.
//!
//! The YAML parser lends scalars that stand in the text as they are, so their addresses tell
//! where: that gives nearly every place without reading anything twice. For the others there is
//! [`crate::locate`].

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::locate::Step;

/// A node of a document, by number in the order in which nodes begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot(pub u32);

/// What is known of where a node is.
#[derive(Debug, Clone)]
pub(crate) struct SpotRecord {
    /// The node that it stands in, and where there.
    pub parent: Option<(Spot, Step)>,
    /// The key that it is the value of.
    pub key: Option<Spot>,
    /// Its bytes, for scalars that stand in the text as they are.
    pub range: Option<Range<usize>>,
    /// Whether it is a mapping or a sequence.
    pub collection: bool,
}

/// A node with what it holds.
#[derive(Debug)]
pub(crate) struct Node<'t> {
    pub spot: Spot,
    pub data: Data<'t>,
}

/// What a node holds.
#[derive(Debug)]
pub(crate) enum Data<'t> {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(Cow<'t, str>),
    Sequence(Vec<Node<'t>>),
    /// Keys are always [`Data::Text`].
    Mapping(Vec<(Node<'t>, Node<'t>)>),
}

/// A document that has been read.
#[derive(Debug)]
pub(crate) struct Tree<'t> {
    pub root: Node<'t>,
    pub spots: Vec<SpotRecord>,
    /// Keys that stand in their mapping already, with the key.
    pub duplicates: Vec<(Spot, String)>,
}

impl<'t> Tree<'t> {
    /// Reads the one document of `text`.
    pub(crate) fn read(text: &'t str) -> Result<Tree<'t>, serde_yaml::Error> {
        let builder = Builder {
            text,
            spots: RefCell::default(),
            duplicates: RefCell::default(),
        };
        let seed = builder.seed(None, None);
        let root = seed.deserialize(serde_yaml::Deserializer::from_str(text))?;
        Ok(Tree {
            root,
            spots: builder.spots.into_inner(),
            duplicates: builder.duplicates.into_inner(),
        })
    }
}

struct Builder<'t> {
    text: &'t str,
    spots: RefCell<Vec<SpotRecord>>,
    duplicates: RefCell<Vec<(Spot, String)>>,
}

impl<'t> Builder<'t> {
    fn seed(&self, parent: Option<(Spot, Step)>, key: Option<Spot>) -> NodeSeed<'_, 't> {
        let mut spots = self.spots.borrow_mut();
        // More nodes than fit a `u32` would need a file of gigabytes; they would share a place.
        let spot = Spot(u32::try_from(spots.len()).unwrap_or(u32::MAX));
        spots.push(SpotRecord {
            parent,
            key,
            range: None,
            collection: false,
        });
        NodeSeed {
            builder: self,
            spot,
            only_text: false,
        }
    }

    /// Where a lent scalar stands in the text.
    fn range_of(&self, lent: &str) -> Option<Range<usize>> {
        let start = (lent.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let end = start + lent.len();
        (end <= self.text.len()).then_some(start..end)
    }
}

struct NodeSeed<'b, 't> {
    builder: &'b Builder<'t>,
    spot: Spot,
    /// Keys are text, whatever they look like.
    only_text: bool,
}

impl<'t> NodeSeed<'_, 't> {
    fn node<E>(self, data: Data<'t>) -> Result<Node<'t>, E> {
        Ok(Node {
            spot: self.spot,
            data,
        })
    }

    fn record(&self, change: impl FnOnce(&mut SpotRecord)) {
        if let Some(record) = self
            .builder
            .spots
            .borrow_mut()
            .get_mut(self.spot.0 as usize)
        {
            change(record);
        }
    }
}

impl<'t> DeserializeSeed<'t> for NodeSeed<'_, 't> {
    type Value = Node<'t>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Node<'t>, D::Error> {
        if self.only_text {
            deserializer.deserialize_str(self)
        } else {
            deserializer.deserialize_any(self)
        }
    }
}

impl<'t> Visitor<'t> for NodeSeed<'_, 't> {
    type Value = Node<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.only_text {
            "a word as key"
        } else {
            "a value without a tag"
        })
    }

    fn visit_unit<E: Error>(self) -> Result<Node<'t>, E> {
        self.node(Data::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node<'t>, E> {
        self.node(Data::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node<'t>, E> {
        self.node(Data::Int(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node<'t>, E> {
        self.node(Data::Int(value.into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Node<'t>, E> {
        self.node(Data::Int(value))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Node<'t>, E> {
        let value = i128::try_from(value).map_err(|_| E::custom("the number is too large"))?;
        self.node(Data::Int(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node<'t>, E> {
        self.node(Data::Float(value))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'t str) -> Result<Node<'t>, E> {
        let range = self.builder.range_of(text);
        self.record(|record| record.range = range);
        self.node(Data::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node<'t>, E> {
        self.node(Data::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut access: A) -> Result<Node<'t>, A::Error> {
        self.record(|record| record.collection = true);
        let mut members = Vec::new();
        loop {
            let step = Step {
                index: members.len(),
                key: false,
            };
            let seed = self.builder.seed(Some((self.spot, step)), None);
            match access.next_element_seed(seed)? {
                Some(member) => members.push(member),
                None => return self.node(Data::Sequence(members)),
            }
        }
    }

    fn visit_map<A: MapAccess<'t>>(self, mut access: A) -> Result<Node<'t>, A::Error> {
        self.record(|record| record.collection = true);
        let mut entries: Vec<(Node<'t>, Node<'t>)> = Vec::new();
        let mut seen: HashSet<Cow<'t, str>> = HashSet::new();
        let mut index = 0;
        loop {
            let parent = Some((self.spot, Step { index, key: true }));
            let seed = NodeSeed {
                only_text: true,
                ..self.builder.seed(parent, None)
            };
            let Some(key) = access.next_key_seed(seed)? else {
                return self.node(Data::Mapping(entries));
            };
            let parent = Some((self.spot, Step { index, key: false }));
            let value = access.next_value_seed(self.builder.seed(parent, Some(key.spot)))?;
            index += 1;
            match &key.data {
                Data::Text(text) if !seen.insert(text.clone()) => {
                    let duplicate = (key.spot, text.clone().into_owned());
                    self.builder.duplicates.borrow_mut().push(duplicate);
                }
                _ => entries.push((key, value)),
            }
        }
    }
}

impl Data<'_> {
    /// What it is, in words for a message.
    pub(crate) fn describe(&self) -> String {
        match self {
            Data::Null => "nothing".to_owned(),
            Data::Bool(value) => format!("the truth value `{value}`"),
            Data::Int(value) => format!("the number `{value}`"),
            Data::Float(value) => format!("the number `{value:?}`"),
            Data::Text(text) => {
                let first = text.lines().next().unwrap_or_default();
                let short: String = first.chars().take(30).collect();
                let more = if short.len() < text.trim_end().len() {
                    "…"
                } else {
                    ""
                };
                format!("the text `{short}{more}`")
            }
            Data::Sequence(_) => "a sequence".to_owned(),
            Data::Mapping(_) => "a mapping".to_owned(),
        }
    }

    /// A scalar as Python writes it, text as it stands; `None` for what is no scalar.
    pub(crate) fn words(&self) -> Option<Cow<'_, str>> {
        match self {
            Data::Bool(true) => Some("True".into()),
            Data::Bool(false) => Some("False".into()),
            Data::Int(value) => Some(value.to_string().into()),
            Data::Float(value) => Some(format!("{value:?}").into()),
            Data::Text(text) => Some(Cow::Borrowed(text)),
            Data::Null | Data::Sequence(_) | Data::Mapping(_) => None,
        }
    }
}
