//! Owns what a target says of itself: the programs that ask, and the reading of their answers.
//! Nothing of it has to be there, and nothing of it is believed beyond its form.

use indexmap::IndexMap;
use trueline_spec::pack::Capability;
use trueline_spec::value::Value;

use crate::session::TargetInfo;

/// What a target answered, by the names of the programs below.
pub(crate) type Answers = IndexMap<String, Value>;

/// Ask a target who it is, one after the other: a board with a few kilobytes takes no program that
/// asks everything. The memory comes first: what other programs leave behind is in pieces.
pub(crate) const PROGRAMS: [&str; 4] = [
    "\
try:
 import gc
 gc.collect()
 observe(memory=gc.mem_free())
except (ImportError, AttributeError):
 pass
",
    "\
import sys
i = getattr(sys, 'implementation', None)
observe(implementation=getattr(i, 'name', ''), platform=getattr(sys, 'platform', ''))
observe(version=[part for part in getattr(i, 'version', ())])
observe(build=getattr(sys, 'version', ''), machine=getattr(i, '_machine', ''))
try:
 import network
 observe(wlan=hasattr(network, 'WLAN'))
except ImportError:
 observe(wlan=False)
",
    // CPython says more of the machine than of itself here, and nothing of that is used.
    "\
try:
 import os
 u = os.uname()
 observe(uname=[u[3], u[4]])
except (ImportError, AttributeError):
 pass
",
    // Only what firmware has built in, and what costs next to nothing when it is written in Python. A
    // name that is not there stays in MicroPython's memory for good, so a board without sockets, which
    // is a small one, is asked no further.
    "\
def has(name):
 try:
  __import__(name)
  return True
 except Exception:
  return False
found = [n for n in ('usocket', 'socket', 'network') if has(n)]
names = 'ussl ssl uselect select utime time uerrno errno ujson json ustruct struct '
names += 'ubinascii binascii uhashlib hashlib uos os sys gc machine'
observe(modules=found + [n for n in names.split(' ') if found and has(n)])
",
];

/// How many characters of a text are kept.
const LONGEST: usize = 200;
/// How many modules are kept, and how many characters of each name.
const MODULES: usize = 64;
const MODULE: usize = 32;

/// Puts what the target has answered where it belongs.
pub(crate) fn read(answers: &Answers, info: &mut TargetInfo) {
    let text = |name| answers.get(name).map(shown).unwrap_or_default();
    info.implementation = text("implementation");
    info.platform = text("platform");
    info.version = match answers.get("version") {
        Some(Value::List(parts)) => bounded(&dotted(parts), LONGEST),
        _ => String::new(),
    };
    let uname = match answers.get("uname") {
        Some(Value::List(parts)) => parts.iter().map(shown).collect(),
        _ => Vec::new(),
    };
    info.machine = first_said([text("machine"), uname.get(1).cloned().unwrap_or_default()]);
    info.build = first_said([
        without_language(&text("build")).to_owned(),
        uname.first().cloned().unwrap_or_default(),
    ]);
    info.modules = match answers.get("modules") {
        Some(Value::List(names)) => {
            let names = names.iter().take(MODULES).map(shown);
            names.map(|name| bounded(&name, MODULE)).collect()
        }
        _ => Vec::new(),
    };
    info.free_memory = match answers.get("memory") {
        Some(Value::Int(bytes)) => u64::try_from(*bytes).ok(),
        _ => None,
    };
    if answers.get("wlan") == Some(&Value::Bool(true)) {
        info.capabilities.insert(Capability::Wlan);
    }
}

/// A text as it was said, shortened; nothing for what is no text.
fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => bounded(text.trim(), LONGEST),
        _ => String::new(),
    }
}

fn bounded(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What `sys.version` says beside the version of the language, which is no build of a firmware. Old
/// firmware says nothing else there.
fn without_language(version: &str) -> &str {
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '.');
    match version.split_once("; ") {
        Some((language, build)) if is_number(language) => build,
        None if is_number(version) => "",
        _ => version,
    }
}

fn first_said<const N: usize>(texts: [String; N]) -> String {
    let mut said = texts.into_iter().filter(|text| !text.is_empty());
    said.next().unwrap_or_default()
}

/// A version as its parts: numbers, and what else a release is called.
fn dotted(parts: &[Value]) -> String {
    let mut version = String::new();
    for part in parts {
        match part {
            Value::Int(number) if version.is_empty() => version = number.to_string(),
            Value::Int(number) => version = format!("{version}.{number}"),
            Value::Text(name) if name.is_empty() => {}
            // CPython's are numbers, the kind of release, and its count.
            Value::Text(name) if name == "final" => break,
            Value::Text(name) => {
                version = format!("{version}-{name}");
                break;
            }
            _ => break,
        }
    }
    version
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::net::Ipv4Addr;

    use super::*;
    use crate::scenario::Addresses;
    use crate::session::{Clock, Submission};

    /// What is made of answers.
    fn info(answers: &[(&str, Value)]) -> TargetInfo {
        let address = Ipv4Addr::LOCALHOST;
        let addresses = Addresses {
            target: address,
            peer: address,
        };
        let (submission, clock) = (Submission::Plain, Clock::Real);
        let mut info =
            TargetInfo::not_asked(String::new(), submission, clock, BTreeSet::new(), addresses);
        let answers = answers.iter();
        let answers = answers.map(|(name, value)| ((*name).to_owned(), value.clone()));
        read(&answers.collect(), &mut info);
        info
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn old_firmware_says_board_and_build_by_uname() {
        let uname = Value::List(vec![text("v1.9.2 on 2017-09-01"), text("micro:bit")]);
        let old = info(&[("build", text("3.4.0")), ("uname", uname.clone())]);
        assert_eq!(
            (old.build.as_str(), old.machine.as_str()),
            ("v1.9.2 on 2017-09-01", "micro:bit")
        );
        let build = text("3.4.0; MicroPython v1.24.0 on 2024-10-25");
        let new = info(&[
            ("build", build),
            ("machine", text("ESP32")),
            ("uname", uname),
        ]);
        assert_eq!(new.machine, "ESP32");
        assert_eq!(new.build, "MicroPython v1.24.0 on 2024-10-25");
    }

    #[test]
    fn answers_of_any_form_and_length_are_taken() {
        let long = text(&"ä".repeat(2000));
        let list = |value: &Value| Value::List(vec![value.clone(); 100]);
        let names = [
            "implementation",
            "version",
            "build",
            "machine",
            "uname",
            "modules",
        ];
        for value in [
            long.clone(),
            list(&long),
            Value::None,
            list(&Value::Int(-1)),
        ] {
            let said = info(&names.map(|name| (name, value.clone())));
            let texts = [
                &said.implementation,
                &said.version,
                &said.build,
                &said.machine,
            ];
            assert!(texts.iter().all(|text| text.chars().count() <= LONGEST + 1));
            assert!(said.modules.len() <= MODULES);
        }
        for (value, bytes) in [
            (Value::Int(2048), Some(2048)),
            (Value::Int(-1), None),
            (Value::Int(i128::MAX), None),
            (text("2048"), None),
        ] {
            assert_eq!(info(&[("memory", value)]).free_memory, bytes);
        }
    }

    #[test]
    fn versions_are_dotted_numbers_and_a_name() {
        let int = |number| Value::Int(number);
        assert_eq!(dotted(&[int(1), int(9), int(2)]), "1.9.2");
        assert_eq!(
            dotted(&[int(1), int(29), int(0), text("preview")]),
            "1.29.0-preview"
        );
        assert_eq!(dotted(&[int(1), int(29), int(0), text("")]), "1.29.0");
        assert_eq!(
            dotted(&[int(3), int(11), int(7), text("final"), int(0)]),
            "3.11.7"
        );
        assert_eq!(dotted(&[]), "");
    }
}
