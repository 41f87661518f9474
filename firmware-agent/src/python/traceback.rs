//! Owns how an exception is written: MicroPython's traceback, whose last line is always
//! `Type: text`.

use std::fmt::Write;

use rustpython_vm::builtins::PyBaseExceptionRef;
use rustpython_vm::{AsObject, VirtualMachine};

/// The traceback, each line ended by a newline.
pub fn traceback(error: &PyBaseExceptionRef, vm: &VirtualMachine) -> String {
    let mut text = String::new();
    let mut entries = Vec::new();
    let mut next = error.__traceback__();
    while let Some(entry) = next {
        let code = &entry.frame.code;
        entries.push(format!(
            "  File \"{}\", line {}, in {}\n",
            code.source_path(),
            entry.lineno,
            code.obj_name
        ));
        next = entry.next.lock().clone();
    }
    if !entries.is_empty() {
        text.push_str("Traceback (most recent call last):\n");
        text.extend(shortened(entries));
    }
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}: {}", error.class().name(), message(error, vm));
    text
}

/// A recursion that went too deep has a thousand entries that say the same.
fn shortened(entries: Vec<String>) -> Vec<String> {
    const KEPT: usize = 32;
    if entries.len() <= 2 * KEPT {
        return entries;
    }
    let left_out = format!("  ... {} more\n", entries.len() - 2 * KEPT);
    let tail = entries[entries.len() - KEPT..].to_vec();
    entries
        .into_iter()
        .take(KEPT)
        .chain([left_out])
        .chain(tail)
        .collect()
}

/// The text after the type. What a program's own `__str__` raises is not the point here.
fn message(error: &PyBaseExceptionRef, vm: &VirtualMachine) -> String {
    let args = error.args();
    let class = error.class();
    let text = if class.fast_issubclass(vm.ctx.exceptions.key_error) && args.len() == 1 {
        // Python would give the representation.
        args[0].str(vm)
    } else {
        error.as_object().str(vm)
    };
    text.map(|text| text.to_string_lossy().into_owned())
        .unwrap_or_default()
}
