//! Owns a YAML document as a tree whose every node knows its place.
//! Does not know what any key means.
//!
//! The YAML parser lends scalars that stand in the text as they are, so their addresses tell
//! where: that gives nearly every place without reading anything twice. For the others there is
//! [`crate::locate`].

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::locate::Step;

/// The most nodes of a document: far more than people write, and few enough to hold.
const MOST_NODES: usize = 1_000_000;
/// What is said where there are more.
pub(crate) const TOO_MANY: &str = "it holds more than a million values";

/// A node of a document, by number in the order in which nodes begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot(pub(crate) u32);

/// A key that stands a second time in its mapping.
#[derive(Debug)]
pub(crate) struct Duplicate {
    /// Where the first one is.
    pub first: Spot,
    /// Where it is.
    pub again: Spot,
    /// It.
    pub key: String,
}

impl Spot {
    /// The document as a whole.
    pub const WHOLE: Spot = Spot(0);
}

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
    /// A scalar that is no text as it is written, where [`Tree::read_as_written`] has read it.
    pub written: Option<Cow<'t, str>>,
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
    pub duplicates: Vec<Duplicate>,
}

/// A text that is no tree.
#[derive(Debug)]
pub(crate) struct Unreadable {
    pub error: serde_yaml::Error,
    /// How far it was read, at least, in bytes.
    pub read: usize,
}

impl<'t> Tree<'t> {
    /// Reads the one document of `text`.
    pub(crate) fn read(text: &'t str) -> Result<Tree<'t>, Unreadable> {
        let builder = Builder {
            text,
            spots: RefCell::default(),
            duplicates: RefCell::default(),
        };
        let seed = builder.seed(None, None);
        let root = seed.deserialize(serde_yaml::Deserializer::from_str(text));
        let spots = builder.spots.into_inner();
        match root {
            Ok(root) => Ok(Tree {
                root,
                spots,
                duplicates: builder.duplicates.into_inner(),
            }),
            Err(error) => {
                let read = spots
                    .iter()
                    .filter_map(|spot| Some(spot.range.as_ref()?.end));
                let read = read.max().unwrap_or(0);
                Err(Unreadable { error, read })
            }
        }
    }

    /// The same with every scalar as it is written: `1.10` is a number, and as a version another one
    /// than `1.1`.
    pub(crate) fn read_as_written(text: &'t str) -> Result<Tree<'t>, Unreadable> {
        let mut tree = Tree::read(text)?;
        // The parser tells what a scalar is or how it is written, not both. It is asked again along
        // the nodes, of which one is missing where a key stands twice.
        if tree.duplicates.is_empty() {
            let again = Again {
                node: &mut tree.root,
                spots: &mut tree.spots,
                text,
            };
            let read = again.deserialize(serde_yaml::Deserializer::from_str(text));
            read.map_err(|error| Unreadable { error, read: 0 })?;
        }
        Ok(tree)
    }
}

/// A node that is read a second time.
struct Again<'n, 't> {
    node: &'n mut Node<'t>,
    spots: &'n mut [SpotRecord],
    text: &'t str,
}

impl<'t> Again<'_, 't> {
    fn written(self, written: Cow<'t, str>) {
        if let (Cow::Borrowed(lent), Some(record)) =
            (&written, self.spots.get_mut(self.node.spot.0 as usize))
        {
            record.range = range_of(self.text, lent);
        }
        if !matches!(self.node.data, Data::Text(_)) {
            self.node.written = Some(written);
        }
    }
}

impl<'t> DeserializeSeed<'t> for Again<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.node.data {
            Data::Sequence(_) => deserializer.deserialize_seq(self),
            Data::Mapping(_) => deserializer.deserialize_map(self),
            _ => deserializer.deserialize_str(self),
        }
    }
}

impl<'t> Visitor<'t> for Again<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the same as before")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'t str) -> Result<(), E> {
        self.written(Cow::Borrowed(text));
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.written(Cow::Owned(text.to_owned()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut access: A) -> Result<(), A::Error> {
        let Data::Sequence(members) = &mut self.node.data else {
            return Ok(());
        };
        for node in members {
            let (spots, text) = (&mut *self.spots, self.text);
            access.next_element_seed(Again { node, spots, text })?;
        }
        // The parser wants to be asked for the end.
        access.next_element::<IgnoredAny>()?;
        Ok(())
    }

    fn visit_map<A: MapAccess<'t>>(self, mut access: A) -> Result<(), A::Error> {
        let Data::Mapping(entries) = &mut self.node.data else {
            return Ok(());
        };
        for (_, node) in entries {
            let (spots, text) = (&mut *self.spots, self.text);
            access.next_key::<IgnoredAny>()?;
            access.next_value_seed(Again { node, spots, text })?;
        }
        access.next_key::<IgnoredAny>()?;
        Ok(())
    }
}

/// Where a lent scalar stands in the text.
fn range_of(text: &str, lent: &str) -> Option<Range<usize>> {
    let start = (lent.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let end = start + lent.len();
    (end <= text.len()).then_some(start..end)
}

struct Builder<'t> {
    text: &'t str,
    spots: RefCell<Vec<SpotRecord>>,
    duplicates: RefCell<Vec<Duplicate>>,
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

    /// Refuses more nodes than a file can have that is read: with aliases few bytes make many.
    fn bounded<E: Error>(&self) -> Result<(), E> {
        match self.spots.borrow().len() > MOST_NODES {
            true => Err(E::custom(TOO_MANY)),
            false => Ok(()),
        }
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
            written: None,
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
        let range = range_of(self.builder.text, text);
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
            self.builder.bounded()?;
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
        let mut seen: HashMap<Cow<'t, str>, Spot> = HashMap::new();
        let mut index = 0;
        loop {
            self.builder.bounded()?;
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
                Data::Text(text) if seen.contains_key(text) => {
                    self.builder.duplicates.borrow_mut().push(Duplicate {
                        first: seen[text],
                        again: key.spot,
                        key: text.clone().into_owned(),
                    });
                }
                Data::Text(text) => {
                    seen.insert(text.clone(), key.spot);
                    entries.push((key, value));
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
