//! Owns the interpreter that evaluates a pack's expressions: values in, truth or a value out.
//! Does not know verdicts.

use std::cell::RefCell;
use std::collections::HashMap;

use rustpython_vm::builtins::{PyBaseExceptionRef, PyBytes, PyCode, PyInt};
use rustpython_vm::compiler::Mode;
use rustpython_vm::gc_state::gc_state;
use rustpython_vm::scope::Scope;
use rustpython_vm::{AsObject, Interpreter, PyObjectRef, PyRef, Settings, VirtualMachine};
use trueline_spec::pack::Expression;
use trueline_spec::value::Value;

use super::{Bindings, names};

/// How an expression failed to give a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpressionError {
    /// It uses a name that has no value.
    Unknown(String),
    /// It raised, or is no expression; the text says what.
    Raised(String),
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
pub struct Evaluator {
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
    /// A namespace with these names and Python's built-in ones.
    #[must_use]
    pub fn scope(&self, known: &Bindings) -> Scope {
        self.interpreter.enter_and_expect(
            |vm| {
                let scope = vm.new_scope_with_builtins();
                for (name, value) in known {
                    let object = self.object(value, vm)?;
                    scope.globals.set_item(name.as_str(), object, vm)?;
                }
                Ok(scope)
            },
            "a fresh dict takes every name",
        )
    }

    /// Whether the expression is true.
    ///
    /// # Errors
    /// When it uses an unknown name, or raises.
    pub fn is_true(&self, expression: &Expression, scope: &Scope) -> Result<bool, ExpressionError> {
        self.evaluate(expression, scope, |object, vm| object.is_true(vm))
    }

    /// The expression's value as bytes: `bytes`, `bytearray` or UTF-8 of a `str`.
    ///
    /// # Errors
    /// When it uses an unknown name, raises, or gives something else.
    pub fn bytes(
        &self,
        expression: &Expression,
        scope: &Scope,
    ) -> Result<Vec<u8>, ExpressionError> {
        self.evaluate(expression, scope, |object, vm| {
            if let Some(bytes) = object.downcast_ref::<PyBytes>() {
                return Ok(bytes.as_bytes().to_vec());
            }
            let kind = object.class().name().to_string();
            Err(vm.new_type_error(format!("bytes are wanted here, not {kind}")))
        })
    }

    /// The expression's value as a count.
    ///
    /// # Errors
    /// When it uses an unknown name, raises, or gives something that is no natural number.
    pub fn count(&self, expression: &Expression, scope: &Scope) -> Result<usize, ExpressionError> {
        self.evaluate(expression, scope, |object, vm| {
            let count = object
                .downcast_ref::<PyInt>()
                .and_then(|int| int.as_bigint().try_into().ok());
            let kind = object.class().name().to_string();
            count.ok_or_else(|| vm.new_type_error(format!("a count is wanted here, not {kind}")))
        })
    }

    /// The values of what the expression is made of, a line each: `len(got) = 6`.
    #[must_use]
    pub fn explain(&self, expression: &Expression, scope: &Scope) -> String {
        let mut lines = Vec::new();
        for part in names::parts(&expression.0) {
            let shown = self.evaluate(&Expression(part.clone()), scope, |object, vm| {
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
        expression: &Expression,
        scope: &Scope,
        use_it: impl FnOnce(PyObjectRef, &VirtualMachine) -> Result<T, PyBaseExceptionRef>,
    ) -> Result<T, ExpressionError> {
        self.interpreter.enter(|vm| {
            let code = self.code(expression, vm)?;
            vm.run_code_obj(code, scope.clone())
                .and_then(|object| use_it(object, vm))
                .map_err(|exception| described(&exception, expression, scope, vm))
        })
    }

    fn code(
        &self,
        expression: &Expression,
        vm: &VirtualMachine,
    ) -> Result<PyRef<PyCode>, ExpressionError> {
        if let Some(code) = self.compiled.borrow().get(&expression.0) {
            return Ok(code.clone());
        }
        let code = vm
            .compile(&expression.0, Mode::Eval, "<expect>".to_owned())
            .map_err(|error| ExpressionError::Raised(format!("SyntaxError: {error}")))?;
        self.compiled
            .borrow_mut()
            .insert(expression.0.clone(), code.clone());
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
    expression: &Expression,
    scope: &Scope,
    vm: &VirtualMachine,
) -> ExpressionError {
    if exception.fast_isinstance(vm.ctx.exceptions.name_error)
        && let Some(name) = names::free(&expression.0).into_iter().find(|name| {
            !scope.globals.contains_key(name.as_str(), vm)
                && vm
                    .builtins
                    .get_attr(vm.ctx.intern_str(name.as_str()), vm)
                    .is_err()
        })
    {
        return ExpressionError::Unknown(name);
    }
    let text = exception
        .as_object()
        .str(vm)
        .map(|text| text.to_string_lossy().into_owned())
        .unwrap_or_default();
    ExpressionError::Raised(format!("{}: {text}", exception.class().name()))
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
