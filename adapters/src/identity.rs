//! Owns what a target says of itself: the program that asks, and the reading of its answer. Nothing
//! of it has to be there.

use trueline_spec::pack::Capability;
use trueline_spec::value::Value;

use crate::report_lines::Reports;
use crate::session::TargetInfo;

/// Asks a target who it is.
pub(crate) const PROGRAM: &str = "\
import sys
i = getattr(sys, 'implementation', None)
observe(implementation=getattr(i, 'name', ''), platform=getattr(sys, 'platform', ''))
observe(version=[part for part in getattr(i, 'version', ())])
try:
 import network
 observe(wlan=hasattr(network, 'WLAN'))
except ImportError:
 observe(wlan=False)
";
/// Puts what the target has said where it belongs.
pub(crate) fn read(reports: &Reports, info: &mut TargetInfo) {
    let text = |name| match reports.values.get(name) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    info.implementation = text("implementation");
    info.platform = text("platform");
    info.version = match reports.values.get("version") {
        Some(Value::List(parts)) => dotted(parts),
        _ => String::new(),
    };
    if reports.values.get("wlan") == Some(&Value::Bool(true)) {
        info.capabilities.insert(Capability::Wlan);
    }
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
    use super::*;

    #[test]
    fn versions_are_dotted_numbers_and_a_name() {
        let int = |number| Value::Int(number);
        let text = |name: &str| Value::Text(name.to_owned());
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
