//! Owns the generators: a pack's strategies made into proptest's, so that values are drawn
//! from a seed and shrink towards the simplest. Runs nothing.

use indexmap::IndexMap;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy as _, any};
use proptest::sample::{Index, select};
use proptest::strategy::{BoxedStrategy, Union, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use trueline_spec::strategy::Strategy;
use trueline_spec::value::Value;

use crate::judge::Bindings;

/// The seed of one case.
pub type Seed = [u8; 32];

/// Generated inputs that can be made simpler.
pub struct Inputs {
    names: Vec<String>,
    tree: Box<dyn ValueTree<Value = Vec<Value>>>,
}

impl Inputs {
    /// Draws values for the names of a `forall`.
    ///
    /// # Errors
    /// When proptest refuses the strategy; the text says why.
    pub fn draw(forall: &IndexMap<String, Strategy>, seed: &Seed) -> Result<Self, String> {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, seed);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let strategies: Vec<_> = forall.values().map(generator).collect();
        let tree = strategies
            .new_tree(&mut runner)
            .map_err(|reason| reason.to_string())?;
        Ok(Self {
            names: forall.keys().cloned().collect(),
            tree: Box::new(tree),
        })
    }

    /// The values now.
    #[must_use]
    pub fn current(&self) -> Bindings {
        self.names
            .iter()
            .cloned()
            .zip(self.tree.current())
            .collect()
    }

    /// Makes them simpler; `false` when there is nothing simpler left.
    pub fn simplify(&mut self) -> bool {
        self.tree.simplify()
    }

    /// Takes the last simplification back in part; `false` when that cannot be done.
    pub fn complicate(&mut self) -> bool {
        self.tree.complicate()
    }
}

/// A generator of the strategy's values. Bounds are drawn more often than others, because
/// that is where firmware errs.
fn generator(strategy: &Strategy) -> BoxedStrategy<Value> {
    match strategy {
        Strategy::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Strategy::Port => with_bounds(1024, 65535).prop_map(integer).boxed(),
        Strategy::Ipv4 => any::<[u8; 4]>()
            .prop_map(|quad| Value::Text(std::net::Ipv4Addr::from(quad).to_string()))
            .boxed(),
        Strategy::Int(low, high) => with_bounds(*low, *high).prop_map(integer).boxed(),
        Strategy::Float(low, high) => (*low..=*high).prop_map(Value::Float).boxed(),
        Strategy::Bytes(low, high) => content(*low, *high)
            .prop_map(|(length, plain, seed)| Value::Bytes(bytes(length, plain, seed)))
            .boxed(),
        Strategy::Text(low, high) => content(*low, *high)
            .prop_map(|(length, plain, seed)| Value::Text(text(length, plain, seed)))
            .boxed(),
        Strategy::OneOf(values) => select(values.clone()).boxed(),
        Strategy::List(of, low, high) => vec(generator(of), *low..=*high)
            .prop_map(Value::List)
            .boxed(),
        Strategy::Chunks(of, most) => (generator(of), vec(any::<Index>(), 0..*most))
            .prop_map(|(whole, cuts)| chunks(&whole, &cuts))
            .boxed(),
        Strategy::AnyValue { except } => any_value(except),
    }
}

fn integer(value: i64) -> Value {
    Value::Int(value.into())
}

fn with_bounds(low: i64, high: i64) -> BoxedStrategy<i64> {
    proptest::prop_oneof![8 => low..=high, 1 => Just(low), 1 => Just(high)].boxed()
}

/// Small lengths more often than large ones, and both bounds: firmware errs at few bytes and at
/// the limits of its buffers, and large values cost time on the way to a target.
fn lengths(low: usize, high: usize) -> BoxedStrategy<usize> {
    let up_to = |more: usize| (low..=high.min(low.saturating_add(more))).boxed();
    let ranges = [
        (2, up_to(16)),
        (2, up_to(128)),
        (2, up_to(512)),
        (2, up_to(usize::MAX)),
    ];
    let bounds = [(1, Just(low).boxed()), (1, Just(high).boxed())];
    Union::new_weighted(ranges.into_iter().chain(bounds).collect()).boxed()
}

/// Length, whether the content is an alphabet, and the content's seed. The content follows
/// from these three, so that shrinking is a search over the length and one try with the
/// alphabet, whatever the length.
fn content(
    low: usize,
    high: usize,
) -> impl proptest::strategy::Strategy<Value = (usize, bool, u64)> {
    let length = lengths(low, high);
    // Shrinking a `bool` goes from `true` to `false`: `false` has to be the simpler one.
    (
        length,
        any::<bool>().prop_map(|random| !random),
        any::<u64>().no_shrink(),
    )
}

/// The same seed gives the same prefix for every length, so that a shorter value is a prefix
/// of the longer one.
fn bytes(length: usize, plain: bool, seed: u64) -> Vec<u8> {
    if plain {
        return (b'a'..=b'z').cycle().take(length).collect();
    }
    let mut content = vec![0; length];
    ChaCha8Rng::seed_from_u64(seed).fill_bytes(&mut content);
    content
}

fn text(length: usize, plain: bool, seed: u64) -> String {
    if plain {
        return ('a'..='z').cycle().take(length).collect();
    }
    // One, two, three and four bytes of UTF-8 each.
    let blocks = ['!'..='~', 'à'..='ÿ', '一'..='丿', '😀'..='😏'];
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let character = || {
        let block = &blocks[rng.next_u32() as usize % blocks.len()];
        let size = *block.end() as u32 - *block.start() as u32 + 1;
        char::from_u32(*block.start() as u32 + rng.next_u32() % size).unwrap_or('?')
    };
    std::iter::repeat_with(character).take(length).collect()
}

fn chunks(whole: &Value, cuts: &[Index]) -> Value {
    let positions = |length: usize| {
        let mut positions: Vec<_> = cuts.iter().map(|cut| cut.index(length.max(1))).collect();
        positions.extend([0, length]);
        positions.sort_unstable();
        positions.dedup();
        positions
    };
    let pieces = match whole {
        Value::Text(text) => {
            let characters: Vec<char> = text.chars().collect();
            let positions = positions(characters.len());
            let piece = |pair: &[usize]| Value::Text(characters[pair[0]..pair[1]].iter().collect());
            positions.windows(2).map(piece).collect()
        }
        Value::Bytes(bytes) => {
            let positions = positions(bytes.len());
            positions
                .windows(2)
                .map(|pair| Value::Bytes(bytes[pair[0]..pair[1]].to_vec()))
                .collect()
        }
        other => vec![other.clone()],
    };
    Value::List(pieces)
}

fn any_value(except: &[String]) -> BoxedStrategy<Value> {
    let all: [(&str, BoxedStrategy<Value>); 10] = [
        ("NoneType", Just(Value::None).boxed()),
        ("bool", generator(&Strategy::Bool)),
        ("int", generator(&Strategy::Int(-70_000, 70_000))),
        ("float", generator(&Strategy::Float(-2.0, 2.0))),
        ("str", generator(&Strategy::Text(0, 8))),
        ("bytes", generator(&Strategy::Bytes(0, 8))),
        (
            "bytearray",
            content(0, 8)
                .prop_map(|(n, plain, seed)| Value::ByteArray(bytes(n, plain, seed)))
                .boxed(),
        ),
        (
            "list",
            generator(&Strategy::List(Box::new(Strategy::Int(0, 9)), 0, 3)),
        ),
        (
            "tuple",
            vec(generator(&Strategy::Int(0, 9)), 0..=3)
                .prop_map(Value::Tuple)
                .boxed(),
        ),
        (
            "dict",
            generator(&Strategy::Int(0, 9))
                .prop_map(|value| Value::Dict(vec![(value, Value::None)]))
                .boxed(),
        ),
    ];
    let wanted = all
        .into_iter()
        .filter(|(kind, _)| !except.iter().any(|name| name == kind));
    Union::new(wanted.map(|(_, strategy)| strategy)).boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simplest(strategy: Strategy, fails: impl Fn(&Value) -> bool) -> Value {
        let forall = IndexMap::from([("it".to_owned(), strategy)]);
        for number in 0u8..=255 {
            let mut inputs = Inputs::draw(&forall, &[number; 32]).expect("the strategy is sound");
            if !fails(&inputs.current()["it"]) {
                continue;
            }
            let mut worst = inputs.current()["it"].clone();
            while inputs.simplify() {
                while !fails(&inputs.current()["it"]) {
                    if !inputs.complicate() {
                        return worst;
                    }
                }
                worst = inputs.current()["it"].clone();
            }
            return worst;
        }
        panic!("no draw of 256 fails");
    }

    fn length(value: &Value) -> usize {
        match value {
            Value::Bytes(bytes) => bytes.len(),
            Value::Text(text) => text.chars().count(),
            Value::List(values) => values.len(),
            other => panic!("{other} has no length"),
        }
    }

    #[test]
    fn bytes_shrink_to_the_shortest_that_fails_and_to_an_alphabet() {
        let worst = simplest(Strategy::Bytes(0, 2048), |value| length(value) >= 37);
        assert_eq!(worst, Value::Bytes(bytes(37, true, 0)));
    }

    #[test]
    fn what_is_drawn_is_admitted() {
        for text in [
            "bool",
            "port",
            "ipv4",
            "int(-3..300)",
            "float(0.1..2.0)",
            "bytes(0..64)",
            "text(1..64)",
            "one_of(1, 'a', None)",
            "list(int(0..9), 0..5)",
            "chunks(bytes(0..99), 8)",
            "chunks(text(1..9), 3)",
            "any_value(except int)",
        ] {
            let strategy = Strategy::parse(text).expect("it is a strategy");
            let forall = IndexMap::from([("it".to_owned(), strategy.clone())]);
            for number in 0u8..=255 {
                let inputs = Inputs::draw(&forall, &[number; 32]).expect("it is sound");
                let value = &inputs.current()["it"];
                assert!(strategy.admits(value), "{text}: {value}");
            }
        }
    }

    #[test]
    fn the_same_seed_draws_the_same_values() {
        let forall = IndexMap::from([
            ("data".to_owned(), Strategy::Text(0, 40)),
            (
                "other".to_owned(),
                Strategy::AnyValue {
                    except: vec!["int".into()],
                },
            ),
        ]);
        for number in 0u8..40 {
            let draw = || {
                Inputs::draw(&forall, &[number; 32])
                    .expect("sound")
                    .current()
            };
            assert_eq!(draw(), draw());
            assert!(!matches!(draw()["other"], Value::Int(_)));
        }
    }

    #[test]
    fn chunks_are_not_empty_and_join_to_the_whole() {
        let of = Strategy::Bytes(0, 64);
        for number in 0u8..100 {
            let forall = IndexMap::from([(
                "parts".to_owned(),
                Strategy::Chunks(Box::new(of.clone()), 8),
            )]);
            let inputs = Inputs::draw(&forall, &[number; 32]).expect("sound");
            let Value::List(parts) = &inputs.current()["parts"] else {
                panic!("chunks give a list")
            };
            assert!(parts.len() <= 8);
            assert!(parts.iter().all(|part| length(part) > 0));
            assert!(parts.iter().map(length).sum::<usize>() <= 64);
        }
    }

    #[test]
    fn both_bounds_of_a_range_are_drawn() {
        let forall = IndexMap::from([("n".to_owned(), Strategy::Int(3, 3000))]);
        let drawn: Vec<_> = (0u8..=255)
            .map(|number| {
                Inputs::draw(&forall, &[number; 32])
                    .expect("sound")
                    .current()["n"]
                    .clone()
            })
            .collect();
        assert!(drawn.contains(&Value::Int(3)) && drawn.contains(&Value::Int(3000)));
    }
}
