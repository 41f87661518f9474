//! Owns the names that Python and the harness bring along: which names a program or an
//! expression may use without binding them.

/// Python's built-in functions and types that expressions and programs may use.
pub(crate) const BUILTINS: &[&str] = &[
    "abs",
    "all",
    "any",
    "bin",
    "bool",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "complex",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "filter",
    "float",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "zip",
    "__import__",
    "__name__",
    "Ellipsis",
    "NotImplemented",
];

/// Those of them that reach out of an expression: programs may use them, expressions may not.
pub(crate) const REACHING_OUT: &[&str] = &["__import__", "help", "input", "open"];

/// Python's built-in exceptions.
pub(crate) const EXCEPTIONS: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BlockingIOError",
    "BrokenPipeError",
    "BufferError",
    "ChildProcessError",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "EOFError",
    "Exception",
    "FileExistsError",
    "FileNotFoundError",
    "FloatingPointError",
    "GeneratorExit",
    "ImportError",
    "IndentationError",
    "IndexError",
    "InterruptedError",
    "IsADirectoryError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotADirectoryError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PermissionError",
    "ProcessLookupError",
    "RecursionError",
    "ReferenceError",
    "RuntimeError",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "SystemError",
    "SystemExit",
    "TabError",
    "TimeoutError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeError",
    "UnicodeTranslateError",
    "ValueError",
    "ZeroDivisionError",
];

/// What the harness puts before every program that is not the document's own.
pub(crate) const PRELUDE: &[&str] = &["socket", "observe", "outcome"];

/// What the harness measures itself and gives to `expect`.
pub(crate) const MEASURED: &[&str] = &[ELAPSED, "stdout"];

/// How long the program took, in seconds.
pub(crate) const ELAPSED: &str = "elapsed";

/// The name of the only peer where `peer` lists its steps.
pub(crate) const PEER: &str = "peer";

/// The name of a port of the target that nobody uses.
pub(crate) const PORT: &str = "port";

/// The name of another such port, for a target that listens twice.
pub(crate) const SECOND_PORT: &str = "second_port";

/// Whether Python itself knows a name.
pub(crate) fn is_builtin(name: &str) -> bool {
    BUILTINS.contains(&name) || EXCEPTIONS.contains(&name)
}

/// Whether a name has its meaning already, so that nothing else may be called by it.
pub(crate) fn is_taken(name: &str) -> bool {
    is_builtin(name)
        || PRELUDE.contains(&name)
        || MEASURED.contains(&name)
        || name == PEER
        || name == PORT
        || name == SECOND_PORT
}
