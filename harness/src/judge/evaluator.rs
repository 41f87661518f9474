//! Owns the interpreter that evaluates a pack's expressions: values in, truth or a value out. Runs in
//! the judge's worker only: what it computes may end its process. Does not know verdicts.

use std::cell::RefCell;
use std::collections::HashMap;

use rustpython_vm::builtins::{PyBaseExceptionRef, PyBytes, PyCode, PyInt};
use rustpython_vm::compiler::Mode;
use rustpython_vm::gc_state::gc_state;
use rustpython_vm::scope::Scope;
use rustpython_vm::{AsObject, Interpreter, PyObjectRef, PyRef, Settings, VirtualMachine};
use trueline_spec::value::Value;

use super::names;
use super::questions::{Evaluated, Names, Want};

/// How an expression failed to give a value.
enum Failed {
    /// It uses a name that has no value.
    Unknown(String),
    /// It raised, or is no expression.
    Raised {
        error: String,
        /// Whether no value could keep it from that.
        is_unsound: bool,
    },
}

/// The classes behind the values that are not Python's own.
const SHAPES: &str = r#"
class Outcome:
    """What a call on the target came to."""
    def __init__(self, value, raised, families, errno, text):
        self.returned = raised is None
        self.value = value
        self.raised = raised
        self.families = families
        self.errno = errno
        self.text = text
    def caught_by(self, kind):
        return kind.__name__ == self.raised or kind.__name__ in self.families
    def __repr__(self):
        if self.returned:
            return 'Returned(%r)' % (self.value,)
        return 'Raised(%s, errno %r, %r)' % (self.raised, self.errno, self.text)

class Object:
    """Something that no literal can say. It equals nothing but itself."""
    def __init__(self, kind, text):
        self.kind = kind
        self.text = text
    def __str__(self):
        return self.text
    def __repr__(self):
        return 'Object(%r, %r)' % (self.kind, self.text)
"#;

/// A value longer than this is cut in explanations: shrinking has made it as small as it
/// gets, and a report has to stay readable.
const LONGEST_SHOWN: usize = 600;

/// Evaluates expressions.
pub(super) struct Evaluator {
    interpreter: Interpreter,
    shapes: Shapes,
    compiled: RefCell<HashMap<String, PyRef<PyCode>>>,
}

struct Shapes {
    outcome: PyObjectRef,
    object: PyObjectRef,
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
                Ok(Shapes {
                    outcome: scope.globals.get_item("Outcome", vm)?,
                    object: scope.globals.get_item("Object", vm)?,
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
            Failed::Raised { error, is_unsound }
                if is_unsound || self.raises_by_itself(text, &error, scope, names) =>
            {
                Evaluated::Unsound(error)
            }
            Failed::Raised { error, .. } => Evaluated::Raised {
                error,
                seen: self.explain(text, scope),
            },
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

    /// Whether a part that depends on nothing observed raises the same.
    fn raises_by_itself(&self, text: &str, error: &str, scope: &Scope, names: &Names) -> bool {
        let observed = |name: &str| names.observed.contains_key(name);
        let parts = names::independent(text, observed);
        parts.iter().any(|part| {
            let part = self.evaluate(part, scope, |_, _| Ok(()));
            matches!(part, Err(Failed::Raised { error: same, .. }) if same == error)
        })
    }

    /// A namespace with these names and Python's built-in ones.
    fn scope(&self, names: &Names) -> Result<Scope, String> {
        self.interpreter.enter(|vm| {
            let scope = vm.new_scope_with_builtins();
            let refused = |name: &str, error: PyBaseExceptionRef| {
                let error = said(&error, vm);
                format!("{error}, for the value of `{name}`")
            };
            for (name, value) in names.observed.iter().chain(&names.given) {
                self.object(value, vm)
                    .and_then(|object| scope.globals.set_item(name.as_str(), object, vm))
                    .map_err(|error| refused(name, error))?;
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
            .map_err(|error| Failed::Raised {
                error: format!("SyntaxError: {error}"),
                is_unsound: true,
            })?;
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
    Failed::Raised {
        error: said(exception, vm),
        is_unsound: [kinds.name_error, kinds.import_error, kinds.syntax_error]
            .into_iter()
            .any(|kind| exception.fast_isinstance(kind)),
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

fn cut(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST_SHOWN {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST_SHOWN).collect();
    format!("{head}… ({} characters more)", length - LONGEST_SHOWN)
}
