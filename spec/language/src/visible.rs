//! Owns how characters are shown that would otherwise act, hide or be refused: what a target
//! prints is hostile, and so is a file that somebody else has written; and how a text is cut that is too
//! long to be shown. Does not know HTML, XML or Markdown; their own special characters are their
//! renderers' matter.

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

/// The most characters of a value or a message of a target that are shown in a sentence: a report has to
/// stay readable.
pub const LONGEST: usize = 600;

/// The text as far as it is shown: `longest` characters of it, and how many more there are.
#[must_use]
pub fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(longest) else {
        return Cow::Borrowed(text);
    };
    let more = text[end..].chars().count();
    let noun = if more == 1 { "character" } else { "characters" };
    Cow::Owned(format!("{}… ({more} more {noun})", &text[..end]))
}

/// A word that somebody else has written, in quotation marks, for a sentence about it.
#[must_use]
pub fn quoted(text: &str) -> String {
    const LONGEST_WORD: usize = 200;
    format!("\"{}\"", line(&cut(text, LONGEST_WORD)))
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
    fn a_long_text_says_how_much_of_it_is_not_shown() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüx", 3), "äöü… (1 more character)");
        assert_eq!(
            cut(&"é".repeat(700), LONGEST),
            "é".repeat(600) + "… (100 more characters)"
        );
        assert_eq!(quoted("a\x1b"), "\"a\\x1b\"");
        assert!(quoted(&"a".repeat(300)).ends_with("a… (100 more characters)\""));
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
