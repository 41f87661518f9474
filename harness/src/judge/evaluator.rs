//! Owns the interpreter that evaluates a pack's expressions: values in, truth or a value out. Each
//! expression gets names and values of its own, so that none can change what the next one reads. Runs
//! in the judge's worker only: what it computes may end its process. Does not know verdicts.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use rustpython_vm::builtins::{PyBaseExceptionRef, PyBytes, PyCode, PyInt};
use rustpython_vm::compiler::Mode;
use rustpython_vm::gc_state::gc_state;
use rustpython_vm::scope::Scope;
use rustpython_vm::{
    AsObject, Interpreter, PyObjectRef, PyPayload as _, PyRef, PyResult, Settings, VirtualMachine,
};
use trueline_spec::value::Value;
use trueline_spec::visible;

use super::explanation;
use super::names;
use super::operation::{self, Operation, Trial};
use super::questions::{Evaluated, Names, Want};

/// How an expression failed to give a value.
enum Failed {
    /// It uses a name that has no value.
    Unknown(String),
    /// It is no expression.
    Unsound(String),
    /// It needs more memory than the judge may have.
    OutOfMemory,
    /// It raised.
    Raised {
        error: String,
        exception: PyBaseExceptionRef,
        /// The bytes of it in which the operation stands that raised.
        place: Option<Range<usize>>,
    },
}

/// The classes behind the values that are not Python's own, and what else the judge brings along.
const SHAPES: &str = include_str!("shapes.py");

/// The name of an expression's source in tracebacks.
const SOURCE: &str = "<expect>";

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
    /// Gives values that can be observed, for the literals of an expression.
    samples: PyObjectRef,
    /// The same, with what can be computed from them.
    derived: PyObjectRef,
    /// Says whether an operation gives a value with some of them.
    works: PyObjectRef,
}

impl Default for Evaluator {
    fn default() -> Self {
        let mut settings = Settings::default();
        // Ctrl-C is the command line's.
        settings.install_signal_handlers = false;
        // The order of a set's elements is part of an explanation.
        settings.hash_seed = Some(0);
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
                    samples: named("samples")?,
                    derived: named("derived")?,
                    works: named("works")?,
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
        expressions
            .iter()
            .map(|(text, want)| self.value(text, *want, names))
            .collect()
    }

    fn value(&self, text: &str, want: Want, names: &Names) -> Evaluated {
        let wanted = self
            .scope(names)
            .map(|scope| self.wanted(text, want, &scope));
        let failed = match wanted {
            Ok(Ok(Evaluated::False(_))) if want == Want::Explained => {
                return Evaluated::False(self.explain(text, names));
            }
            Ok(Ok(evaluated)) => return evaluated,
            Ok(Err(failed)) => failed,
            Err(error) => return Evaluated::Unsound(error),
        };
        match failed {
            Failed::Unknown(name) => Evaluated::Unknown(name),
            Failed::Unsound(error) => Evaluated::Unsound(error),
            Failed::OutOfMemory => Evaluated::OutOfMemory,
            Failed::Raised {
                error,
                exception,
                place,
            } => {
                let operation = place.and_then(|place| {
                    let observed: HashSet<_> = names.observed.keys().cloned().collect();
                    let is_attribute = self
                        .interpreter
                        .enter(|vm| exception.fast_isinstance(vm.ctx.exceptions.attribute_error));
                    operation::at(text, place, is_attribute, &observed)
                });
                // Where it cannot be tried it stays open.
                let known = operation
                    .and_then(|operation| self.is_of_a_value(text, &operation, names).ok()?);
                let is_of_a_value = match known {
                    Some(known) => Ok(known),
                    None => self.is_spared(text, want, names, &error, exception),
                };
                match is_of_a_value {
                    Ok(true) => Evaluated::Raised {
                        error,
                        seen: self.explain(text, names),
                    },
                    Ok(false) | Err(_) => Evaluated::Unsound(error),
                }
            }
        }
    }

    /// Whether the operation raised because of a value that was observed, and does not with another
    /// one; `None` where that is open.
    fn is_of_a_value(
        &self,
        text: &str,
        operation: &Operation,
        names: &Names,
    ) -> Result<Option<bool>, String> {
        if !operation.depends {
            return Ok(Some(false));
        }
        let (samples, derived) = (&self.shapes.samples, &self.shapes.derived);
        if operation.is_clear {
            if self.works(text, &operation.alone, samples, names)? {
                return Ok(Some(true));
            }
            if operation.is_flat {
                return Ok(Some(false));
            }
        }
        match &operation.with_operands {
            Some(trial) if !self.works(text, trial, derived, names)? => Ok(Some(false)),
            Some(_) | None => Ok(None),
        }
    }

    /// Whether an operation of the expression `text` gives a value with some of these samples.
    fn works(
        &self,
        text: &str,
        trial: &Trial,
        samples: &PyObjectRef,
        names: &Names,
    ) -> Result<bool, String> {
        let scope = self.scope(names)?;
        self.interpreter.enter(|vm| {
            let list = |texts: &mut dyn Iterator<Item = &String>| {
                let texts = texts.map(|text| vm.ctx.new_str(text.as_str()).into());
                vm.ctx.new_list(texts.collect())
            };
            let works = || {
                let literals = operation::literals(text);
                let samples = samples.call((list(&mut literals.iter()),), vm)?;
                let code = vm.compile(&trial.text, Mode::Eval, SOURCE.to_owned());
                let code = code.map_err(|error| vm.new_value_error(error.to_string()))?;
                let known = list(&mut names.observed.keys());
                let tried = list(&mut trial.names.iter());
                let arguments = (code, tried, scope.globals.clone(), samples, known);
                self.shapes.works.call(arguments, vm)?.is_true(vm)
            };
            works().map_err(|error| said(&error, vm))
        })
    }

    /// Whether something observed made it raise this exception: it does not where observed values
    /// raise nothing.
    fn is_spared(
        &self,
        text: &str,
        want: Want,
        names: &Names,
        error: &str,
        exception: PyBaseExceptionRef,
    ) -> Result<bool, String> {
        let scopes = self.without_their_doing(names, exception)?;
        let raises_the_same = |scope: &Scope| {
            let raised = self.wanted(text, want, scope);
            matches!(raised, Err(Failed::Raised { error: same, .. }) if same == error)
        };
        Ok(!scopes.iter().all(raises_the_same))
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
            set(
                "__builtins__",
                Ok(vm.builtins.dict().copy().into_ref(&vm.ctx).into()),
            )?;
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
    fn explain(&self, text: &str, names: &Names) -> String {
        let mut lines = Vec::new();
        for part in names::parts(text) {
            let Ok(scope) = self.scope(names) else {
                continue;
            };
            let shown = self.evaluate(&part, &scope, |object, vm| {
                object
                    .repr(vm)
                    .map(|text| text.to_string_lossy().into_owned())
            });
            if let Some(shown) = shown.ok().as_deref().and_then(explanation::of) {
                lines.push(format!("{} = {}", label(&part), cut(&shown)));
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
            .compile(expression, Mode::Eval, SOURCE.to_owned())
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
    if exception.fast_isinstance(vm.ctx.exceptions.memory_error) {
        return Failed::OutOfMemory;
    }
    Failed::Raised {
        error: said(exception, vm),
        exception: exception.clone(),
        place: place(exception, expression),
    }
}

/// The bytes of the expression in which the operation stands that raised, if it stands there.
fn place(exception: &PyBaseExceptionRef, expression: &str) -> Option<Range<usize>> {
    let (mut next, mut found) = (exception.__traceback__(), None);
    while let Some(traceback) = next {
        let code = &traceback.frame.code;
        if code.source_path().as_str() == SOURCE {
            // It counts bytes, and an instruction has two.
            let at = usize::try_from(traceback.lasti / 2).ok()?;
            found = code.code.locations.get(at).copied();
        }
        next = traceback.next.lock().clone();
    }
    let (from, to) = found?;
    let byte = |line: usize, character: usize| {
        let before: usize = expression
            .split_inclusive('\n')
            .take(line)
            .map(str::len)
            .sum();
        let rest = expression.get(before..)?;
        let mut characters = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
        Some(before + characters.nth(character)?)
    };
    let from = byte(
        from.line.to_zero_indexed(),
        from.character_offset.to_zero_indexed(),
    )?;
    let to = byte(
        to.line.to_zero_indexed(),
        to.character_offset.to_zero_indexed(),
    )?;
    Some(from..to)
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
    #[case("got.nosuch()")]
    #[case("got.nosuch == 1")]
    #[case("got/0 == 1")]
    #[case("got % 0 == 1")]
    #[case("got // len(got) == 1")]
    #[case("(got.nosuch, 1)")]
    #[case("got[len(got)] == 1")]
    #[case("str(got.nosuch).upper() == 'A'")]
    #[case("getattr(got, 'nosuch')")]
    #[case("[got].nosuch")]
    #[case("len(got) // 0 == 1")]
    #[case("1 // (len(got) * 0) == 1")]
    #[case("all(v.nosuch for v in [got])")]
    #[case("all(v.nosuch for v in got)")]
    #[case("[v / 0 for v in got]")]
    #[case("max(map(lambda v: v.nosuch, got))")]
    #[case("(lambda v: v.nosuch)(got)")]
    #[case("(v := got).nosuch")]
    #[case("type(got).nosuch")]
    #[case("dict(a=got)['b']")]
    #[case("(got,)[1]")]
    #[case("eval('got +')")]
    #[case("eval('got.nosuch')")]
    #[case("eval('nosuch + got')")]
    #[case("exec('raise ValueError') or got")]
    #[case("'é' and [1][2] == got")]
    #[case("(1 //\n 0) == got")]
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
    #[case("(lambda a, b: a)(*got)", bytes(b"abc"))]
    #[case("(lambda v: v.errno)(got)", bytes(b"abc"))]
    #[case("dict([(got, 1)])[4]", Value::Int(5.into()))]
    #[case("{got: 1}['x']", Value::Int(5.into()))]
    #[case("eval(got)", Value::Text("1 +".into()))]
    #[case("eval(got)", Value::Text("nosuch".into()))]
    #[case("eval('got[5]')", bytes(b"ab"))]
    #[case("exec(got) or got", Value::Text("import x".into()))]
    #[case("got[0][2]['at'] == 1", Value::List(vec![]))]
    #[case("got.value[0][2]['at'] == 1", Value::Returned(Box::new(Value::None)))]
    #[case("all(v.errno == 5 for v in got)", bytes(b"ab"))]
    #[case("[v.value[1] for v in got]", bytes(b"ab"))]
    #[case("got.decode() == 'a'", bytes(b"\xff"))]
    #[case("got.index(b'x')", bytes(b"ab"))]
    #[case("got.index(7)", Value::Tuple(vec![]))]
    #[case("sum(got) == 3", Value::Text("a".into()))]
    #[case("b''.join(got)", Value::List(vec![Value::None]))]
    #[case("dict(got)", bytes(b"ab"))]
    #[case("'é' and got[5] == 1", bytes(b"ab"))]
    #[case("(1 //\n got) == 1", Value::Int(0.into()))]
    #[case("size // got", Value::Int(0.into()))]
    #[case("eval('got.errno')", bytes(b"ab"))]
    #[case("'a'[size:][got]", Value::Int(9.into()))]
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

    fn all_evaluated(expressions: &[&str], got: Value) -> Vec<Evaluated> {
        let names = Names {
            given: Bindings::from_iter([("size".to_owned(), Value::Int(0.into()))]),
            observed: Bindings::from_iter([("got".to_owned(), got)]),
        };
        let asked: Vec<_> = expressions
            .iter()
            .map(|expression| ((*expression).to_owned(), Want::Explained))
            .collect();
        Evaluator::default().evaluated(&asked, &names)
    }

    #[rstest]
    #[case("globals().update(got=[5], size=5) is None", "got == [5] or size == 5")]
    #[case("exec('got = [5]') is None", "got == [5]")]
    #[case("[got := [5]]", "got == [5]")]
    #[case("got.append(5) is None", "5 in got")]
    #[case("setattr(got[0], 'value', 5) is None", "got[0].value == 5")]
    #[case("__builtins__.update(len=lambda it: 5) is None", "len(got) == 5")]
    #[case("exec('def len(it): return 5', globals()) is None", "len(got) == 5")]
    fn an_expectation_changes_nothing_that_the_next_one_reads(
        #[case] first: &str,
        #[case] second: &str,
    ) {
        let got = Value::List(vec![Value::Returned(Box::new(Value::None))]);
        let evaluated = all_evaluated(&[first, second], got);
        assert_eq!(evaluated[0], Evaluated::True);
        assert!(matches!(evaluated[1], Evaluated::False(_)), "{evaluated:?}");
    }

    #[test]
    fn no_expectation_changes_what_an_outcome_can_do() {
        let got = Value::Returned(Box::new(Value::None));
        let first = "setattr(type(got), 'caught_by', lambda it, kind: True) is None";
        let evaluated = all_evaluated(&[first, "got.caught_by(OSError)"], got);
        assert!(matches!(evaluated[1], Evaluated::False(_)), "{evaluated:?}");
    }

    #[rstest]
    #[case("enumerate(got) == 1 or len(got) == 5", "got = b'ab'\nlen(got) = 2")]
    #[case(
        "list(map(str, got)) == len",
        "list(map(str, got)) = ['97', '98']\ngot = b'ab'"
    )]
    #[case("got.decode == 5", "got = b'ab'")]
    #[case("(x for x in got) == 5", "got = b'ab'")]
    fn an_explanation_has_no_addresses(#[case] expression: &str, #[case] explanation: &str) {
        let evaluated = evaluated(expression, bytes(b"ab"));
        assert_eq!(evaluated, Evaluated::False(explanation.to_owned()));
    }

    #[test]
    fn an_explanation_shows_what_was_observed_and_not_what_an_expectation_made_of_it() {
        let evaluated = evaluated("globals().update(got=5) or got == 6", bytes(b"ab"));
        let Evaluated::False(seen) = evaluated else {
            panic!("{evaluated:?}");
        };
        assert!(seen.lines().any(|line| line == "got = b'ab'"), "{seen}");
    }

    #[test]
    fn memory_that_the_judge_may_not_have_is_nobodys_fault() {
        let evaluated = evaluated("exec('raise MemoryError') or got", bytes(b"ab"));
        assert_eq!(evaluated, Evaluated::OutOfMemory);
    }
}
