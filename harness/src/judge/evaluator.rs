//! Owns the interpreter that evaluates a pack's expressions: values in, truth or a value out. Runs in
//! the judge's worker only: what it computes may end its process. Does not know verdicts.

use std::cell::RefCell;
use std::collections::HashMap;

use rustpython_vm::builtins::{PyBaseExceptionRef, PyBytes, PyCode, PyInt};
use rustpython_vm::compiler::Mode;
use rustpython_vm::gc_state::gc_state;
use rustpython_vm::scope::Scope;
use rustpython_vm::{
    AsObject, Interpreter, PyObjectRef, PyRef, PyResult, Settings, VirtualMachine,
};
use trueline_spec::value::Value;
use trueline_spec::visible;

use super::names;
use super::questions::{Evaluated, Names, Want};

/// How an expression failed to give a value.
enum Failed {
    /// It uses a name that has no value.
    Unknown(String),
    /// It raised what no value could keep it from, or is no expression.
    Unsound(String),
    /// It raised.
    Raised {
        error: String,
        exception: PyBaseExceptionRef,
    },
}

/// The classes behind the values that are not Python's own, and what else the judge brings along.
const SHAPES: &str = include_str!("shapes.py");

/// Evaluates expressions.
pub(super) struct Evaluator {
    interpreter: Interpreter,
    shapes: Shapes,
    compiled: RefCell<HashMap<String, PyRef<PyCode>>>,
}

struct Shapes {
    outcome: PyObjectRef,
    object: PyObjectRef,
    /// Gives the classes of values that raise nothing, for an exception.
    tolerants: PyObjectRef,
}

impl Default for Evaluator {
    fn default() -> Self {
        let mut settings = Settings::default();
        // Ctrl-C is the command line's.
        settings.install_signal_handlers = false;
        let interpreter = Interpreter::without_stdlib(settings);
        let shapes = interpreter.enter_and_expect(
            |vm| {
                let scope = vm.new_scope_with_builtins();
                vm.run_string(scope.clone(), SHAPES, "<judge>".to_owned())?;
                let named = |name: &str| scope.globals.get_item(name, vm);
                Ok(Shapes {
                    outcome: named("Outcome")?,
                    object: named("Object")?,
                    tolerants: named("tolerants")?,
                })
            },
            "the judge's own classes are sound Python",
        );
        // What it is made of is never garbage; there is no need to look through it for some.
        gc_state().freeze();
        Self {
            interpreter,
            shapes,
            compiled: RefCell::default(),
        }
    }
}

impl Evaluator {
    /// What each expression comes to over these names.
    pub(super) fn evaluated(
        &self,
        expressions: &[(String, Want)],
        names: &Names,
    ) -> Vec<Evaluated> {
        let scope = match self.scope(names) {
            Ok(scope) => scope,
            Err(error) => return vec![Evaluated::Unsound(error); expressions.len()],
        };
        expressions
            .iter()
            .map(|(text, want)| self.value(text, *want, &scope, names))
            .collect()
    }

    fn value(&self, text: &str, want: Want, scope: &Scope, names: &Names) -> Evaluated {
        let failed = match self.wanted(text, want, scope) {
            Ok(Evaluated::False(_)) if want == Want::Explained => {
                return Evaluated::False(self.explain(text, scope));
            }
            Ok(evaluated) => return evaluated,
            Err(failed) => failed,
        };
        match failed {
            Failed::Unknown(name) => Evaluated::Unknown(name),
            Failed::Unsound(error) => Evaluated::Unsound(error),
            Failed::Raised { error, exception } => {
                let raises_the_same = |scope: &Scope| {
                    let raised = self.wanted(text, want, scope);
                    matches!(raised, Err(Failed::Raised { error: same, .. }) if same == error)
                };
                match self.without_their_doing(names, exception) {
                    Ok(scopes) if !scopes.iter().all(raises_the_same) => Evaluated::Raised {
                        error,
                        seen: self.explain(text, scope),
                    },
                    Ok(_) | Err(_) => Evaluated::Unsound(error),
                }
            }
        }
    }

    fn wanted(&self, text: &str, want: Want, scope: &Scope) -> Result<Evaluated, Failed> {
        self.evaluate(text, scope, |object, vm| match want {
            Want::Explained | Want::Truth => Ok(match object.is_true(vm)? {
                true => Evaluated::True,
                false => Evaluated::False(String::new()),
            }),
            Want::Bytes => {
                if let Some(bytes) = object.downcast_ref::<PyBytes>() {
                    return Ok(Evaluated::Bytes(bytes.as_bytes().to_vec()));
                }
                let kind = object.class().name().to_string();
                Err(vm.new_type_error(format!("bytes are wanted here, not {kind}")))
            }
            Want::Count => {
                let count = object
                    .downcast_ref::<PyInt>()
                    .and_then(|int| int.as_bigint().try_into().ok());
                let kind = object.class().name().to_string();
                let none = || vm.new_type_error(format!("a count is wanted here, not {kind}"));
                count.map(Evaluated::Count).ok_or_else(none)
            }
        })
    }

    /// A namespace with these names and Python's built-in ones.
    fn scope(&self, names: &Names) -> Result<Scope, String> {
        self.scope_of(names, |observed, _| Ok(observed))
    }

    /// Namespaces in which nothing observed can make an expression raise: what raises this exception in
    /// each of them raises it whatever the target does.
    fn without_their_doing(
        &self,
        names: &Names,
        exception: PyBaseExceptionRef,
    ) -> Result<Vec<Scope>, String> {
        let classes = self.interpreter.enter(|vm| {
            let classes = self.shapes.tolerants.call((exception,), vm);
            let classes = classes.and_then(|classes| vm.extract_elements_with(&classes, Ok));
            classes.map_err(|error| said(&error, vm))
        })?;
        let scope = |class: PyObjectRef| self.scope_of(names, |it, vm| class.call((it,), vm));
        classes.into_iter().map(scope).collect()
    }

    fn scope_of(
        &self,
        names: &Names,
        observed: impl Fn(PyObjectRef, &VirtualMachine) -> PyResult,
    ) -> Result<Scope, String> {
        self.interpreter.enter(|vm| {
            let scope = vm.new_scope_with_builtins();
            let set = |name: &str, object: PyResult| {
                object
                    .and_then(|object| scope.globals.set_item(name, object, vm))
                    .map_err(|error| format!("{}, for the value of `{name}`", said(&error, vm)))
            };
            for (name, value) in &names.observed {
                let object = self.object(value, vm);
                set(name, object.and_then(|object| observed(object, vm)))?;
            }
            for (name, value) in &names.given {
                set(name, self.object(value, vm))?;
            }
            Ok(scope)
        })
    }

    /// The values of what the expression is made of, a line each: `len(got) = 6`.
    fn explain(&self, text: &str, scope: &Scope) -> String {
        let mut lines = Vec::new();
        for part in names::parts(text) {
            let shown = self.evaluate(&part, scope, |object, vm| {
                object.repr(vm).map(|text| cut(&text.to_string_lossy()))
            });
            if let Ok(shown) = shown {
                lines.push(format!("{} = {shown}", label(&part)));
            }
        }
        lines.join("\n")
    }

    fn evaluate<T>(
        &self,
        expression: &str,
        scope: &Scope,
        use_it: impl FnOnce(PyObjectRef, &VirtualMachine) -> Result<T, PyBaseExceptionRef>,
    ) -> Result<T, Failed> {
        self.interpreter.enter(|vm| {
            let code = self.code(expression, vm)?;
            vm.run_code_obj(code, scope.clone())
                .and_then(|object| use_it(object, vm))
                .map_err(|exception| described(&exception, expression, scope, vm))
        })
    }

    fn code(&self, expression: &str, vm: &VirtualMachine) -> Result<PyRef<PyCode>, Failed> {
        if let Some(code) = self.compiled.borrow().get(expression) {
            return Ok(code.clone());
        }
        let code = vm
            .compile(expression, Mode::Eval, "<expect>".to_owned())
            .map_err(|error| Failed::Unsound(format!("SyntaxError: {error}")))?;
        self.compiled
            .borrow_mut()
            .insert(expression.to_owned(), code.clone());
        Ok(code)
    }

    fn object(
        &self,
        value: &Value,
        vm: &VirtualMachine,
    ) -> Result<PyObjectRef, PyBaseExceptionRef> {
        let all = |values: &[Value]| {
            values
                .iter()
                .map(|value| self.object(value, vm))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(match value {
            Value::None => vm.ctx.none(),
            Value::Bool(value) => vm.ctx.new_bool(*value).into(),
            Value::Int(value) => vm.ctx.new_int(*value).into(),
            Value::Float(value) => vm.ctx.new_float(*value).into(),
            Value::Text(text) => vm.ctx.new_str(text.as_str()).into(),
            Value::Bytes(bytes) => vm.ctx.new_bytes(bytes.clone()).into(),
            Value::ByteArray(bytes) => {
                let bytes = vm.ctx.new_bytes(bytes.clone());
                vm.ctx.types.bytearray_type.as_object().call((bytes,), vm)?
            }
            Value::List(values) => vm.ctx.new_list(all(values)?).into(),
            Value::Tuple(values) => vm.ctx.new_tuple(all(values)?).into(),
            Value::Dict(entries) => {
                let dict = vm.ctx.new_dict();
                for (key, value) in entries {
                    dict.set_item(&*self.object(key, vm)?, self.object(value, vm)?, vm)?;
                }
                dict.into()
            }
            Value::Returned(value) => {
                let nothing = vm.ctx.none();
                let families = vm.ctx.new_tuple(Vec::new());
                let arguments = (
                    self.object(value, vm)?,
                    nothing.clone(),
                    families,
                    nothing.clone(),
                    nothing,
                );
                self.shapes.outcome.call(arguments, vm)?
            }
            Value::Raised(exception) => {
                let name = |text: &str| PyObjectRef::from(vm.ctx.new_str(text));
                let families = exception
                    .families
                    .iter()
                    .map(|family| name(family))
                    .collect();
                let errno = exception
                    .errno
                    .map_or_else(|| vm.ctx.none(), |errno| vm.ctx.new_int(errno).into());
                let arguments = (
                    vm.ctx.none(),
                    name(&exception.kind),
                    vm.ctx.new_tuple(families),
                    errno,
                    name(&exception.text),
                );
                self.shapes.outcome.call(arguments, vm)?
            }
            Value::Object { kind, text } => self.shapes.object.call(
                (vm.ctx.new_str(kind.as_str()), vm.ctx.new_str(text.as_str())),
                vm,
            )?,
        })
    }
}

fn described(
    exception: &PyBaseExceptionRef,
    expression: &str,
    scope: &Scope,
    vm: &VirtualMachine,
) -> Failed {
    if exception.fast_isinstance(vm.ctx.exceptions.name_error)
        && let Some(name) = names::free(expression).into_iter().find(|name| {
            !scope.globals.contains_key(name.as_str(), vm)
                && vm
                    .builtins
                    .get_attr(vm.ctx.intern_str(name.as_str()), vm)
                    .is_err()
        })
    {
        return Failed::Unknown(name);
    }
    let kinds = &vm.ctx.exceptions;
    let error = said(exception, vm);
    match [kinds.name_error, kinds.import_error, kinds.syntax_error]
        .into_iter()
        .any(|kind| exception.fast_isinstance(kind))
    {
        true => Failed::Unsound(error),
        false => Failed::Raised {
            error,
            exception: exception.clone(),
        },
    }
}

fn said(exception: &PyBaseExceptionRef, vm: &VirtualMachine) -> String {
    let text = exception
        .as_object()
        .str(vm)
        .map(|text| text.to_string_lossy().into_owned())
        .unwrap_or_default();
    format!("{}: {}", exception.class().name(), cut(&text))
}

/// A part's own text, short enough to find its value behind it.
fn label(part: &str) -> String {
    const LONGEST: usize = 60;
    if part.chars().count() <= LONGEST {
        return part.to_owned();
    }
    part.chars().take(LONGEST).chain(['…']).collect()
}

/// Shrinking has made a value as small as it gets.
fn cut(text: &str) -> String {
    visible::cut(text, visible::LONGEST).into_owned()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use trueline_spec::value::Value;

    use super::*;
    use crate::judge::Bindings;

    fn evaluated(expression: &str, got: Value) -> Evaluated {
        let names = Names {
            given: Bindings::from_iter([("size".to_owned(), Value::Int(0.into()))]),
            observed: Bindings::from_iter([("got".to_owned(), got)]),
        };
        let asked = [(expression.to_owned(), Want::Explained)];
        let mut answer = Evaluator::default().evaluated(&asked, &names);
        answer.pop().expect("one expression has one answer")
    }

    fn bytes(literal: &[u8]) -> Value {
        Value::Bytes(literal.to_vec())
    }

    #[rstest]
    #[case("{[1]: got}")]
    #[case("len(got, 2)")]
    #[case("(lambda: got)(1)")]
    #[case("[x.foo for x in [1] if got]")]
    #[case("[x.foo for x in [1] if len(got) == 2]")]
    #[case("'%r %d' % (got,)")]
    #[case("[got][5]")]
    #[case("(got, got)['a']")]
    #[case("got == bytes([1]) * (1 // size)")]
    #[case("len(got) == 1 // size")]
    #[case("all(x > 1 // size for x in got)")]
    #[case("got == 1 // 0")]
    #[case("got and int('x')")]
    #[case("sorted([got, 1][5])")]
    #[case("__import__('time').sleep(8) or got")]
    #[case("exec('import time') or got")]
    #[case("open('/etc/hostname').read() == got")]
    #[case("got ==")]
    fn what_raises_whatever_is_observed_is_a_fault_of_the_pack(#[case] expression: &str) {
        let evaluated = evaluated(expression, bytes(b"ab"));
        assert!(matches!(evaluated, Evaluated::Unsound(_)), "{evaluated:?}");
    }

    #[rstest]
    #[case("len(got) == 1", Value::None)]
    #[case("got[5] == 1", bytes(b"ab"))]
    #[case("[1, 2][got]", Value::Int(7.into()))]
    #[case("[1, 2].index(got)", Value::Int(7.into()))]
    #[case("{1: 2}[got]", Value::Int(7.into()))]
    #[case("1 // got", Value::Int(0.into()))]
    #[case("1 // len(got)", bytes(b""))]
    #[case("1 // int(got)", Value::Int(0.into()))]
    #[case("max(got) == 1", bytes(b""))]
    #[case("list(got)[0] == 1", bytes(b""))]
    #[case("sorted(got)[2] == 1", bytes(b"ab"))]
    #[case("str(got)[40]", bytes(b"ab"))]
    #[case("[a for a, b in got]", Value::List(vec![Value::Text("abc".into())]))]
    #[case("[a for a, b in got]", Value::List(vec![Value::Text("a".into())]))]
    #[case("next(x for x in got if x == 3)", bytes(b"ab"))]
    #[case("[x for x in [1, 2] if x in got][0]", bytes(b"ab"))]
    #[case("bytes([got])", Value::Int(300.into()))]
    #[case("b'abc'.startswith(got)", Value::Int(5.into()))]
    #[case("int(got)", bytes(b"x"))]
    #[case("int(str(got))", bytes(b"x"))]
    #[case("b'a' + got", Value::Text("a".into()))]
    #[case("got in b'abc'", Value::Text("a".into()))]
    #[case("got.errno > 5", Value::Int(7.into()))]
    #[case("got.value[0]", Value::Returned(Box::new(Value::None)))]
    #[case("'%d' % got", Value::Text("a".into()))]
    #[case("-got", bytes(b"x"))]
    #[case("got < 5", bytes(b"x"))]
    #[case("5 < got", bytes(b"x"))]
    fn what_raises_for_what_was_observed_is_the_targets(
        #[case] expression: &str,
        #[case] got: Value,
    ) {
        let evaluated = evaluated(expression, got);
        assert!(
            matches!(evaluated, Evaluated::Raised { .. }),
            "{evaluated:?}"
        );
    }
}
