//! Owns how characters are shown that would otherwise act, hide or be refused: what a target
//! prints is hostile, and so is a file that somebody else has written. Does not know HTML, XML or Markdown; their own special characters are
//! their renderers' matter.

use std::borrow::Cow;

/// Text of several lines: line feeds and tabs stay.
#[must_use]
pub fn block(text: &str) -> Cow<'_, str> {
    escaped(text, &['\n', '\t'])
}

/// Text of several lines for a place that does not keep tabs.
#[must_use]
pub fn block_without_tabs(text: &str) -> Cow<'_, str> {
    escaped(text, &['\n'])
}

/// Text for a place that has one line.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, &[])
}

fn escaped<'t>(text: &'t str, kept: &[char]) -> Cow<'t, str> {
    let acts = |c: char| !kept.contains(&c) && is_unseen(c);
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            _ if !acts(c) => shown.push(c),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '\0'..='\u{ff}' => shown.push_str(&format!("\\x{:02x}", u32::from(c))),
            '\u{100}'..='\u{ffff}' => shown.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => shown.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    Cow::Owned(shown)
}

/// Whether a reader would not see the character, or see others in a wrong order for it.
/// Everything that XML 1.0 refuses is among them.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
        || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_are_shown_and_not_obeyed() {
        assert_eq!(block("a\x1b[31mb\x07\r\n\tc"), "a\\x1b[31mb\\x07\\r\n\tc");
    }

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(line("a\n\tb\u{2028}c"), "a\\n\\tb\\u2028c");
    }

    #[test]
    fn text_cannot_be_turned_round() {
        assert_eq!(line("a\u{202e}b\u{e0041}"), "a\\u202eb\\U000e0041");
    }

    #[test]
    fn plain_text_is_left_alone() {
        assert!(matches!(block("Grüße, 世界 🦀\n\t."), Cow::Borrowed(_)));
    }

    #[test]
    fn what_is_no_character_is_shown_as_a_number() {
        assert_eq!(
            block("\u{fffe}\u{ffff}\u{1fffe}"),
            "\\ufffe\\uffff\\U0001fffe"
        );
    }
}
