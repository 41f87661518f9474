//! Owns the operation of an expression that raised: its text, what of it depends on observations, and
//! the same operation with other operands. Evaluates nothing, and knows no verdicts.
//!
//! ```text
//! all(v.errno == 1 // n for v in got)      v.errno raised: it depends on `v`, which is of `got`
//!                                          1 // n raised: it depends on nothing observed
//! ```

use std::collections::HashSet;
use std::ops::Range;

use ruff_python_ast::visitor::{Visitor, walk_comprehension, walk_expr};
use ruff_python_ast::{Comprehension, Expr, ExprContext};
use ruff_python_parser::parse_expression;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::names;

/// Functions whose arguments are programs, which may read every name.
const READ_EVERYTHING: [&str; 5] = ["eval", "exec", "globals", "locals", "vars"];

/// The largest number of an expression that is tried as an operand: a sample must not take long.
const LARGEST_TRIED: i64 = 1 << 16;

/// An operation that raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    /// The operation by itself.
    pub(super) alone: Trial,
    /// It with a name in the place of each operand that is computed from observations; `None` where an
    /// operation of its kind has no such operands.
    pub(super) with_operands: Option<Trial>,
    /// Whether its value depends on observations.
    pub(super) depends: bool,
    /// Whether its operands are observed values, or what functions make of them: nothing is taken out of
    /// one, however deep, so that samples of observed values say all there is to say.
    pub(super) is_flat: bool,
    /// Whether it also depends on names that the expression binds to something that is not observed:
    /// what they stood for is not known.
    pub(super) is_clear: bool,
}

/// An expression whose names are to be given values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trial {
    pub(super) text: String,
    pub(super) names: Vec<String>,
}

/// The operation that stands in these bytes of the expression, or the smallest one around them, given
/// the names of all that was observed. Where an attribute is missing, the interpreter gives a place in
/// what it is taken from.
pub(super) fn at(
    source: &str,
    bytes: Range<usize>,
    is_attribute: bool,
    observed: &HashSet<String>,
) -> Option<Operation> {
    let parsed = parse_expression(source).ok()?;
    let size = |at: usize| TextSize::try_from(at).ok();
    let from = size(bytes.start)?;
    let range = TextRange::new(from, size(bytes.end)?.max(from));
    let mut smallest = Smallest {
        range,
        is_attribute,
        found: None,
    };
    smallest.visit_expr(parsed.expr());
    let found = smallest.found?;

    let mut bindings = Bindings::default();
    bindings.visit_expr(parsed.expr());
    let reached = bindings.reached_from(observed.clone());
    let is_bound = |name: &String| {
        bindings
            .0
            .iter()
            .any(|binding| binding.names.contains(name))
    };
    let read = names::read(found);
    let (theirs, others): (Vec<_>, Vec<_>) = read
        .iter()
        .cloned()
        .partition(|name| reached.contains(name));
    let mut depends = !theirs.is_empty();
    let mut varied = theirs;
    if names::mentioned(found)
        .iter()
        .any(|name| READ_EVERYTHING.contains(&name.as_str()))
    {
        depends = true;
        varied.extend(observed.iter().cloned());
    }
    // They need some value for the operation to be tried at all.
    let unknown: Vec<_> = others.into_iter().filter(is_bound).collect();
    let is_clear = unknown.is_empty();
    varied.extend(unknown);
    varied.sort();
    varied.dedup();
    let mut operands = Operands {
        source,
        varied: &varied,
        cut: Vec::new(),
        are_flat: true,
    };
    let has_operands = operands.of(found);
    let is_flat = has_operands && operands.are_flat;
    let with_operands = has_operands.then(|| operands.replaced(found.range()));
    Some(Operation {
        alone: Trial {
            text: format!("({})", &source[found.range()]),
            names: varied,
        },
        with_operands,
        depends,
        is_flat,
        is_clear,
    })
}

/// The literals of an expression that are worth being tried as operands, as they are written.
pub(super) fn literals(source: &str) -> Vec<String> {
    let mut literals = Literals {
        source,
        found: Vec::new(),
    };
    if let Ok(parsed) = parse_expression(source) {
        literals.visit_expr(parsed.expr());
    }
    literals.found
}

struct Literals<'s> {
    source: &'s str,
    found: Vec<String>,
}

impl<'a> Visitor<'a> for Literals<'_> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        let text = &self.source[expression.range()];
        let is_tried = match expression {
            Expr::NumberLiteral(_) => text
                .parse::<f64>()
                .is_ok_and(|number| number.abs() <= LARGEST_TRIED as f64),
            Expr::StringLiteral(_) | Expr::BytesLiteral(_) => true,
            _ => false,
        };
        if is_tried && !self.found.iter().any(|found| found == text) {
            self.found.push(text.to_owned());
        }
        walk_expr(self, expression);
    }
}

/// The smallest operation around a range. Names and literals are none: they raise nothing.
struct Smallest<'a> {
    range: TextRange,
    is_attribute: bool,
    found: Option<&'a Expr>,
}

impl<'a> Visitor<'a> for Smallest<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        let contains = |range: TextRange| range.contains_range(self.range);
        let is_it = match expression {
            Expr::Attribute(attribute) if self.is_attribute => contains(attribute.value.range()),
            _ if self.is_attribute && contains_attribute(self.found, self.range) => false,
            Expr::Tuple(tuple) => tuple.ctx == ExprContext::Load && contains(tuple.range),
            Expr::List(list) => list.ctx == ExprContext::Load && contains(list.range),
            Expr::Name(_) | Expr::Starred(_) => false,
            other => !other.is_literal_expr() && contains(other.range()),
        };
        let is_smaller = |found: &Expr| found.range().len() > expression.range().len();
        if is_it && self.found.is_none_or(is_smaller) {
            self.found = Some(expression);
        }
        walk_expr(self, expression);
    }
}

/// Whether it is an attribute that is taken from what stands in that range.
fn contains_attribute(found: Option<&Expr>, range: TextRange) -> bool {
    matches!(found, Some(Expr::Attribute(attribute)) if attribute.value.range().contains_range(range))
}

/// Names that an expression binds, with the names that their values come from.
struct Binding {
    names: HashSet<String>,
    from: HashSet<String>,
}

#[derive(Default)]
struct Bindings(Vec<Binding>);

impl Bindings {
    /// The observed names and all that take a value from them.
    fn reached_from(&self, observed: HashSet<String>) -> HashSet<String> {
        let mut reached = observed;
        loop {
            let before = reached.len();
            for binding in &self.0 {
                if !binding.from.is_disjoint(&reached) {
                    reached.extend(binding.names.iter().cloned());
                }
            }
            if reached.len() == before {
                return reached;
            }
        }
    }
}

impl<'a> Visitor<'a> for Bindings {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Named(named) => self.0.push(Binding {
                names: names::bound_in(expression),
                from: names::mentioned(&named.value),
            }),
            Expr::Call(call) => {
                // What a lambda is called with is not known: each argument beside it may be.
                let mut lambdas = Lambdas::default();
                lambdas.visit_expr(expression);
                if !lambdas.parameters.is_empty() {
                    let mut from = names::mentioned(&call.func);
                    for argument in call.arguments.arguments_source_order() {
                        from.extend(names::mentioned(argument.value()));
                    }
                    self.0.push(Binding {
                        names: lambdas.parameters,
                        from,
                    });
                }
            }
            _ => {}
        }
        walk_expr(self, expression);
    }

    fn visit_comprehension(&mut self, comprehension: &'a Comprehension) {
        self.0.push(Binding {
            names: names::bound_in(&comprehension.target),
            from: names::mentioned(&comprehension.iter),
        });
        walk_comprehension(self, comprehension);
    }
}

/// The parameters of all lambdas in an expression.
#[derive(Default)]
struct Lambdas {
    parameters: HashSet<String>,
}

impl<'a> Visitor<'a> for Lambdas {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Lambda(lambda) = expression {
            let parameters = lambda.parameters.iter().flat_map(|all| all.iter());
            self.parameters
                .extend(parameters.map(|parameter| parameter.name().to_string()));
        }
        walk_expr(self, expression);
    }
}

/// Whether an expression takes something out of a value.
fn takes_out(expression: &Expr) -> bool {
    struct Found(bool);
    impl<'a> Visitor<'a> for Found {
        fn visit_expr(&mut self, expression: &'a Expr) {
            self.0 |= matches!(expression, Expr::Subscript(_) | Expr::Attribute(_));
            walk_expr(self, expression);
        }
    }
    let mut found = Found(false);
    found.visit_expr(expression);
    found.0
}

/// The operands of an operation that are computed from what is varied.
struct Operands<'s> {
    source: &'s str,
    varied: &'s [String],
    cut: Vec<TextRange>,
    /// Whether nothing is taken out of a value in any of them.
    are_flat: bool,
}

impl Operands<'_> {
    /// Looks for them; says whether an operation of this kind has any.
    fn of(&mut self, operation: &Expr) -> bool {
        match operation {
            Expr::Attribute(attribute) => self.take(&attribute.value),
            Expr::Subscript(subscript) => {
                self.take(&subscript.value);
                match &*subscript.slice {
                    Expr::Slice(slice) => [&slice.lower, &slice.upper, &slice.step]
                        .into_iter()
                        .flatten()
                        .for_each(|part| self.take(part)),
                    index => self.take(index),
                }
            }
            Expr::BinOp(operation) => {
                self.take(&operation.left);
                self.take(&operation.right);
            }
            Expr::UnaryOp(operation) => self.take(&operation.operand),
            Expr::Compare(compare) => {
                self.take(&compare.left);
                compare.comparators.iter().for_each(|part| self.take(part));
            }
            Expr::Call(call) => {
                match &*call.func {
                    Expr::Attribute(method) => self.take(&method.value),
                    function => self.take(function),
                }
                for argument in call.arguments.arguments_source_order() {
                    self.take(argument.value());
                }
            }
            _ => return false,
        }
        true
    }

    /// Takes what cannot be known of an operand. Of a display of values these are its elements: how
    /// many there are is written down.
    fn take(&mut self, operand: &Expr) {
        match operand {
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| self.take(element)),
            Expr::List(list) => list.elts.iter().for_each(|element| self.take(element)),
            Expr::Set(set) => set.elts.iter().for_each(|element| self.take(element)),
            Expr::Dict(dict) => {
                for item in &dict.items {
                    item.key.iter().for_each(|key| self.take(key));
                    self.take(&item.value);
                }
            }
            Expr::Starred(starred) => self.take(&starred.value),
            Expr::Lambda(_) => {}
            other => {
                let read = names::mentioned(other);
                if self.varied.iter().any(|name| read.contains(name)) {
                    self.cut.push(other.range());
                    self.are_flat &= !takes_out(other);
                }
            }
        }
    }

    /// The operation with a name in the place of each.
    fn replaced(mut self, operation: TextRange) -> Trial {
        self.cut.sort_by_key(|range| range.start());
        let (mut text, mut names) = (String::from("("), Vec::new());
        let mut done = operation.start();
        for range in &self.cut {
            let name = format!("_operand_{}", names.len());
            text += &self.source[TextRange::new(done, range.start())];
            text += &format!("({name})");
            names.push(name);
            done = range.end();
        }
        text += &self.source[TextRange::new(done, operation.end())];
        text.push(')');
        // What reads names out of a program keeps them.
        names.extend(self.varied.iter().cloned());
        Trial { text, names }
    }
}
