//! Owns the keeping of secrets: texts in which a password does not stand any more, however the
//! target wrote it. Does not know where texts go.
//!
//! A target has its password, and a hostile one can tell it in a code that nobody knows. What is
//! found here is every spelling that comes by itself: the characters, Python's escapes of them in
//! texts and in bytes, those escaped again where a literal is quoted, hexadecimal digits, and what is
//! left of one where a long text was cut.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use regex::{Captures, Regex};

use crate::wifi::Wifi;

/// What stands where a password stood.
const MARK: &str = "<wifi-password>";
/// Of a password that was cut, so many characters are not left standing.
const LEFT: usize = 4;

/// What may not be in any output. `Debug` tells nothing of it.
#[derive(Clone, Default)]
pub struct Secrets(Option<Regex>);

impl Secrets {
    /// The password of a wireless network.
    pub(crate) fn of(wifi: &Wifi) -> Secrets {
        let pattern = pattern(wifi.password());
        Secrets(Some(Regex::new(&pattern).expect("the pattern is sound")))
    }

    /// The text without secrets.
    #[must_use]
    pub fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(secret) = &self.0 else {
            return Cow::Borrowed(text);
        };
        // An ellipsis that shows where something was cut is found with it, and stays.
        secret.replace_all(text, |found: &Captures<'_>| {
            let begins = if found[0].starts_with('…') {
                "…"
            } else {
                ""
            };
            let ends = if found[0].ends_with('…') { "…" } else { "" };
            format!("{begins}{MARK}{ends}")
        })
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

/// What finds the whole secret, or else the end of one that was cut in front, or else the beginning
/// of one that was cut behind.
fn pattern(secret: &str) -> String {
    let spellings: Vec<String> = secret.chars().map(spelling).collect();
    let whole = spellings.concat();
    let mut digits = String::new();
    for byte in secret.bytes() {
        write!(digits, "{byte:02x}").expect("writing to a String cannot fail");
    }
    // Each more optional than the next one, so that as much as there is is found.
    let (front, kept) = spellings[1..].split_at(spellings.len() - 1 - LEFT);
    let end = front
        .iter()
        .fold(String::new(), |end, spelling| match &*end {
            "" => format!("(?:{spelling})?"),
            end => format!("(?:{end}{spelling})?"),
        })
        + &kept.concat();
    let (kept, back) = spellings[..spellings.len() - 1].split_at(LEFT);
    let beginning = kept.concat()
        + &back
            .iter()
            .rev()
            .fold(String::new(), |beginning, spelling| {
                format!("(?:{spelling}{beginning})?")
            });
    format!("{whole}|(?i-u:{digits})|…{end}|{beginning}(?:…|(?mR:$))")
}

/// A character as it is or escaped, be it several times over.
fn spelling(c: char) -> String {
    let code = u32::from(c);
    let number = format!("(?i-u:x{code:02x}|u{code:04x}|U{code:08x})");
    match c {
        '\\' => format!(r"\\+(?:{number})?"),
        _ => format!(r"(?:\\*{}|\\+{number})", regex::escape(&c.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use trueline_spec::value::{Value, text_literal};

    use super::*;
    use crate::excerpt::excerpt;

    fn secrets(password: &str) -> Secrets {
        Secrets::of(&Wifi::new("Lab", password).expect("it is a password"))
    }

    #[test]
    fn a_password_is_hidden_however_it_is_written() {
        let secrets = secrets(r#"it's a \"x""#);
        for written in [
            r#"it's a \"x""#,
            r#"it\'s a \\"x""#,
            r#"it\'s a \\\"x\""#,
            r#"it\\'s a \\\\\\"x\""#,
            r"\x69t's a \x5c\x22x\x22",
            r"\u0069t\u0027s\u0020a \\\u0022x\u0022",
            "697427732061205c227822",
            "697427732061205C227822",
        ] {
            let text = format!("a {written} b\n[b'{written}', '{written}']");
            assert_eq!(
                secrets.hide(&text),
                "a <wifi-password> b\n[b'<wifi-password>', '<wifi-password>']",
                "{written}"
            );
        }
    }

    #[test]
    fn what_is_left_of_a_cut_password_is_hidden_too() {
        let secrets = secrets("hunter2-hunter3");
        for (cut, hidden) in [
            ("…unter2-hunter3' b", "…<wifi-password>' b"),
            ("…ter3, and b", "…<wifi-password>, and b"),
            ("a hunter2-hu…", "a <wifi-password>…"),
            (
                "hunt… (9 more characters)",
                "<wifi-password>… (9 more characters)",
            ),
            ("a hunter2-\nb\n", "a <wifi-password>\nb\n"),
            ("a hunter2-\r\n", "a <wifi-password>\r\n"),
            ("a hunter2-hunter", "a <wifi-password>"),
        ] {
            assert_eq!(secrets.hide(cut), hidden);
        }
        for other in [
            "hunter of 3",
            "a hunter3",
            "…er3",
            "the hun",
            "hunter2-\u{e4}",
        ] {
            assert_eq!(secrets.hide(other), other);
        }
    }

    #[test]
    fn without_a_secret_texts_are_left_alone() {
        let text = "hunter2-hunter3…";
        assert!(matches!(Secrets::default().hide(text), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn no_password_stands_in_what_messages_show(password in "[ -~]{8,63}", before in ".{0,200}") {
            let secrets = secrets(&password);
            let repr = text_literal(&password);
            let bytes = Value::Bytes(password.clone().into_bytes()).to_string();
            for said in [format!("{before}{password}"), format!("{before}{repr}{bytes}{password}")] {
                let shown = excerpt(said.as_bytes());
                let again = text_literal(&shown);
                for text in [said, shown, again] {
                    let hidden = secrets.hide(&text);
                    prop_assert!(!hidden.contains(&password) && hidden.contains(MARK), "{}", hidden);
                }
            }
        }
    }
}
