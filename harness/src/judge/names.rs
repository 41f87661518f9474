//! Owns what an expression is made of: the names that it uses freely, and the parts whose
//! values explain its truth. Evaluates nothing.

use std::collections::HashSet;

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprContext};
use ruff_python_parser::parse_expression;
use ruff_text_size::Ranged;

/// The names that the expression reads and does not bind itself, in order of appearance.
/// Empty when it is no expression.
#[must_use]
pub fn free(source: &str) -> Vec<String> {
    walk(source).names
}

/// The parts whose values explain the expression: its free names, and the calls, attributes
/// and subscripts over them, each once, in order of appearance.
#[must_use]
pub fn parts(source: &str) -> Vec<String> {
    walk(source).parts
}

/// The names that a part reads, those included that it binds itself.
pub(super) fn mentioned(part: &Expr) -> HashSet<String> {
    let mut names = Names::default();
    names.visit_expr(part);
    names.0
}

/// The names that a part binds itself.
pub(super) fn bound_in(part: &Expr) -> HashSet<String> {
    let mut bound = Bound::default();
    bound.visit_expr(part);
    bound.0
}

/// The names that a part reads and does not bind itself.
pub(super) fn read(part: &Expr) -> HashSet<String> {
    let bound = bound_in(part);
    let mut names = mentioned(part);
    names.retain(|name| !bound.contains(name));
    names
}

/// The names that are read.
#[derive(Default)]
struct Names(HashSet<String>);

impl<'a> Visitor<'a> for Names {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression
            && name.ctx == ExprContext::Load
        {
            self.0.insert(name.id.to_string());
        }
        walk_expr(self, expression);
    }
}

#[derive(Default)]
struct Walk<'s> {
    source: &'s str,
    bound: HashSet<String>,
    names: Vec<String>,
    parts: Vec<String>,
}

fn walk(source: &str) -> Walk<'_> {
    let mut walk = Walk {
        source,
        ..Walk::default()
    };
    let Ok(parsed) = parse_expression(source) else {
        return walk;
    };
    let expression = parsed.expr();
    walk.bound = bound_in(expression);
    walk.visit_expr(expression);
    walk
}

/// The names that comprehensions and lambdas bind.
#[derive(Default)]
struct Bound(HashSet<String>);

impl<'a> Visitor<'a> for Bound {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx != ExprContext::Load => {
                self.0.insert(name.id.to_string());
            }
            Expr::Lambda(lambda) => {
                let parameters = lambda
                    .parameters
                    .iter()
                    .flat_map(|parameters| parameters.iter());
                self.0
                    .extend(parameters.map(|parameter| parameter.name().to_string()));
            }
            _ => {}
        }
        walk_expr(self, expression);
    }
}

impl<'a> Visitor<'a> for Walk<'_> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression {
            let id = name.id.to_string();
            if !self.bound.contains(&id) && !self.names.contains(&id) {
                self.names.push(id);
            }
        }
        let explains = match expression {
            Expr::Name(name) => !is_builtin(&name.id) && !self.bound.contains(name.id.as_str()),
            Expr::Call(_) | Expr::Attribute(_) | Expr::Subscript(_) => true,
            _ => false,
        };
        if explains {
            self.part(expression);
        }
        match expression {
            Expr::Compare(compare) => {
                // What is compared explains the comparison, unless it says its value itself.
                for operand in std::iter::once(&*compare.left).chain(&compare.comparators) {
                    if matches!(
                        operand,
                        Expr::ListComp(_) | Expr::SetComp(_) | Expr::BinOp(_)
                    ) {
                        self.part(operand);
                    }
                }
                walk_expr(self, expression);
            }
            // The function of a call explains nothing by itself: of `sent.startswith(got)` the
            // operands are `sent` and `got`.
            Expr::Call(call) => {
                match &*call.func {
                    Expr::Attribute(method) => self.visit_expr(&method.value),
                    function => self.visit_expr(function),
                }
                self.visit_arguments(&call.arguments);
            }
            // Of `infos[0][2]` that and `infos` say all; `infos[0]` would say it once more.
            Expr::Attribute(_) | Expr::Subscript(_) => {
                let mut inner = expression;
                loop {
                    inner = match inner {
                        Expr::Attribute(attribute) => &attribute.value,
                        Expr::Subscript(subscript) => {
                            if !matches!(&*subscript.slice, Expr::NumberLiteral(_)) {
                                self.visit_expr(&subscript.slice);
                            }
                            &subscript.value
                        }
                        _ => break,
                    };
                }
                self.visit_expr(inner);
            }
            _ => walk_expr(self, expression),
        }
    }
}

impl Walk<'_> {
    fn part(&mut self, expression: &Expr) {
        let part = self.source[expression.range()].to_owned();
        if !self.uses_bound(expression) && !self.parts.contains(&part) {
            self.parts.push(part);
        }
    }

    /// Whether the part reads a name that is bound around it, so that it has no value alone.
    fn uses_bound(&self, part: &Expr) -> bool {
        !read(part).is_disjoint(&self.bound)
    }
}

/// Functions and types that expectations call; their values explain nothing.
fn is_builtin(name: &str) -> bool {
    const BUILTINS: [&str; 26] = [
        "abs",
        "all",
        "any",
        "bool",
        "bytearray",
        "bytes",
        "dict",
        "enumerate",
        "float",
        "int",
        "isinstance",
        "len",
        "list",
        "max",
        "min",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "sorted",
        "str",
        "sum",
        "tuple",
        "type",
        "zip",
    ];
    BUILTINS.contains(&name) || name.ends_with("Error")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_explained_by_its_operands() {
        assert_eq!(
            parts("1 <= len(got) <= bufsize"),
            ["len(got)", "got", "bufsize"]
        );
        assert_eq!(
            parts("sent.startswith(got)"),
            ["sent.startswith(got)", "sent", "got"]
        );
    }

    #[test]
    fn what_a_part_is_taken_from_is_named_once() {
        assert_eq!(parts("infos[0][2] == 0"), ["infos[0][2]", "infos"]);
        assert_eq!(
            parts("got.value == sent[:4]"),
            ["got.value", "got", "sent[:4]", "sent"]
        );
    }

    #[test]
    fn what_is_computed_for_a_comparison_explains_it() {
        let listing = "[name for name in ['a', 'b'] if name not in names] == []";
        assert_eq!(
            parts(listing),
            [
                "[name for name in ['a', 'b'] if name not in names]",
                "names"
            ]
        );
    }

    #[test]
    fn names_bound_inside_are_not_free() {
        assert_eq!(
            free("[name for name in listed if name not in names]"),
            ["listed", "names"]
        );
        assert_eq!(
            parts("all(len(x) > low for x in got)"),
            ["all(len(x) > low for x in got)", "got", "low"]
        );
    }

    #[test]
    fn what_is_no_expression_has_no_parts() {
        assert!(parts("1 +").is_empty());
        assert!(free("a = 1").is_empty());
    }
}
