//! Owns how sentences are broken into lines for a terminal: between words, as wide as it is, and
//! the lines that follow stand below the text of the first. Anywhere else lines stay whole. Lines of
//! files that are quoted are none of it.

use std::io::{stderr, stdout};

use terminal_size::terminal_size_of;
use unicode_width::UnicodeWidthStr as _;

/// On a terminal that is narrower lines are not broken here: nothing readable would come of it.
const NARROWEST: usize = 20;
/// How far from its beginning a label may stand before the text of a line.
const LABELS: usize = 20;

/// The text as standard output takes it.
#[must_use]
pub fn for_stdout(text: &str) -> String {
    fitted(text, terminal_size_of(stdout()).map(|(width, _)| width.0))
}

/// The text as standard error takes it.
#[must_use]
pub fn for_stderr(text: &str) -> String {
    fitted(text, terminal_size_of(stderr()).map(|(width, _)| width.0))
}

/// A report of problems as standard error takes it: the sentences are broken, and the lines of the
/// files that it quotes stay.
#[must_use]
pub fn of_problems(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| match is_sentence(line) {
            true => for_stderr(line),
            false => line.to_owned(),
        })
        .collect()
}

fn is_sentence(line: &str) -> bool {
    let plain = anstream::adapter::strip_str(line).to_string();
    plain.starts_with("error: ") || plain.trim_start().starts_with("= help: ")
}

/// How wide a line on standard output may be; `None`: as wide as it is.
#[must_use]
pub fn stdout_width() -> Option<usize> {
    let (width, _) = terminal_size_of(stdout())?;
    readable(width.0)
}

fn readable(width: u16) -> Option<usize> {
    Some(usize::from(width)).filter(|width| *width >= NARROWEST)
}

fn fitted(text: &str, width: Option<u16>) -> String {
    match width.and_then(readable) {
        Some(width) => text
            .split_inclusive('\n')
            .map(|line| broken(line, width))
            .collect(),
        None => text.to_owned(),
    }
}

/// A line, broken between words.
fn broken(line: &str, width: usize) -> String {
    if columns(line.trim_end_matches('\n')) <= width {
        return line.to_owned();
    }
    let indent = indent(line).min(width / 2);
    let (mut text, mut at, mut is_first) = (String::new(), 0, true);
    for word in line.split_inclusive(' ') {
        let wide = columns(word.trim_end());
        if !is_first && at > indent && at + wide > width {
            text.truncate(text.trim_end_matches(' ').len());
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            at = indent;
        }
        is_first &= word.trim().is_empty();
        text.push_str(word);
        at += columns(word);
    }
    text
}

/// Where the text of a line begins: behind its label, if it has one, as `observed` has.
fn indent(line: &str) -> usize {
    let plain = anstream::adapter::strip_str(line).to_string();
    let start = plain.len() - plain.trim_start_matches(' ').len();
    let label = plain[start..].split_once("  ").map(|(label, rest)| {
        let gap = rest.len() - rest.trim_start_matches(' ').len();
        start + columns(label) + 2 + gap
    });
    label.filter(|text| *text <= LABELS).unwrap_or(start)
}

/// How many columns a text takes, styles left out.
fn columns(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_go_on_below_their_text() {
        let line = "     observed  the program ended within a second\n";
        let broken =
            "     observed  the program\n               ended within a\n               second\n";
        assert_eq!(fitted(line, Some(31)), broken);
        assert_eq!(fitted("one two three", Some(20)), "one two three");
        assert_eq!(
            fitted("note: eleven words\nand one line more of them", Some(22)),
            "note: eleven words\nand one line more of\nthem"
        );
    }

    #[test]
    fn a_word_that_is_wider_than_the_terminal_stays_whole() {
        let path = "/a/very/long/path/to/report.html";
        let text = format!("Report: {path} here");
        assert_eq!(fitted(&text, Some(24)), format!("Report:\n{path}\nhere"));
    }

    #[test]
    fn sentences_of_a_report_of_problems_are_told_from_what_it_quotes() {
        for sentence in [
            "error: no",
            "\x1b[1merror: no\x1b[0m",
            " = \x1b[1mhelp\x1b[0m: do",
        ] {
            assert!(is_sentence(sentence), "{sentence}");
        }
        for quoted in ["  |", "7 |     says: error: no", " --> error: no.yaml:1:1"] {
            assert!(!is_sentence(quoted), "{quoted}");
        }
    }

    #[test]
    fn styles_take_no_room() {
        let text = "\x1b[1mbold\x1b[0m and \x1b[31mred words\x1b[0m";
        assert_eq!(fitted(text, Some(22)), text);
    }

    #[test]
    fn nothing_is_broken_where_no_terminal_is() {
        let text = "word ".repeat(100);
        assert_eq!(fitted(&text, None), text);
        assert_eq!(fitted(&text, Some(3)), text);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(
            fitted("世界世界世界 世界世界", Some(20)),
            "世界世界世界\n世界世界"
        );
    }
}
