//! Owns how data becomes Markdown that shows it and does nothing else: a pack's text may hold
//! anything. Knows nothing of packs.

/// The signs that begin or end something in Markdown, wherever they stand.
const SIGNS: &[char] = &[
    '\\', '`', '*', '_', '{', '}', '[', ']', '<', '>', '#', '|', '~', '&', '$', '!',
];

/// A sentence, on one line. What stands between two backticks is code.
pub(super) fn prose(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts: Vec<_> = text.split('`').collect();
    let balanced = parts.len() % 2 == 1;
    let is_code = |at: usize| at % 2 == 1;
    let named = parts.iter().enumerate();
    if !balanced
        || named
            .clone()
            .any(|(at, part)| is_code(at) && part.trim().is_empty())
    {
        return plain(&text);
    }
    named
        .map(|(at, part)| if is_code(at) { code(part) } else { plain(part) })
        .collect()
}

/// Text in which no sign means anything.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, sign) in text.char_indices() {
        let means_something = SIGNS.contains(&sign) && !joins_a_word(text, at, sign);
        if means_something || begins_a_list(text, at, sign) {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped
}

/// Whether a sign is an underscore within a word, which means nothing there.
fn joins_a_word(text: &str, at: usize, sign: char) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + sign.len_utf8()..].chars().next();
    sign == '_'
        && before.is_some_and(char::is_alphanumeric)
        && after.is_some_and(char::is_alphanumeric)
}

/// Whether a sign would make a list or a heading of the line that it begins.
fn begins_a_list(text: &str, at: usize, sign: char) -> bool {
    match sign {
        '-' | '+' | '=' | ':' => at == 0,
        '.' | ')' => {
            let ends = text[at + 1..]
                .chars()
                .next()
                .is_none_or(char::is_whitespace);
            at > 0 && ends && text[..at].bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

/// Code within a line. Line ends become spaces.
pub(super) fn code(text: &str) -> String {
    let text = text.trim().replace(['\r', '\n'], " ");
    let fence = "`".repeat(longest_run(&text) + 1);
    if text.is_empty() {
        return "(nothing)".to_owned();
    }
    if text.starts_with('`') || text.ends_with('`') {
        return format!("{fence} {text} {fence}");
    }
    format!("{fence}{text}{fence}")
}

/// A block of code.
pub(super) fn block(language: &str, text: &str) -> String {
    let fence = "`".repeat((longest_run(text) + 1).max(3));
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{fence}{language}\n{text}{end}{fence}\n")
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|sign| sign != '`');
    runs.map(str::len).max().unwrap_or(0)
}

/// A table with a heading. Cells are Markdown already, of one line.
pub(super) fn table<const N: usize>(
    heading: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut text = format!("| {} |\n{}|\n", heading.join(" | "), "|---".repeat(N));
    for row in rows {
        let cells = row.map(|cell| cell_of(&cell));
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

/// A bar ends a cell, even in code, unless a backslash stands before it.
fn cell_of(markdown: &str) -> String {
    let mut cell = String::with_capacity(markdown.len());
    let mut escaped = false;
    for sign in markdown.chars() {
        if sign == '|' && !escaped {
            cell.push('\\');
        }
        escaped = sign == '\\' && !escaped;
        cell.push(sign);
    }
    cell
}

/// The anchor that a heading gets from its text.
pub(super) fn anchor(heading: &str) -> String {
    let signs = heading.chars().filter_map(|sign| match sign {
        ' ' => Some('-'),
        sign if sign.is_alphanumeric() || sign == '-' || sign == '_' => {
            Some(sign.to_ascii_lowercase())
        }
        _ => None,
    });
    signs.collect()
}

#[cfg(test)]
mod tests {
    use super::{anchor, block, code, prose, table};

    #[test]
    fn a_sentence_keeps_its_signs_and_none_of_them_means_anything() {
        assert_eq!(
            prose("print(s) gives <socket>, a|b,\n  `x*` and *y*."),
            "print(s) gives \\<socket\\>, a\\|b, `x*` and \\*y\\*."
        );
        assert_eq!(prose("a ` b"), "a \\` b");
        assert_eq!(prose("a `` b"), "a \\`\\` b");
        assert_eq!(prose("AF_INET and __del__"), "AF_INET and \\_\\_del\\_\\_");
        assert_eq!(prose("- no list"), "\\- no list");
        assert_eq!(prose("12. no list"), "12\\. no list");
        assert_eq!(prose("1.0 takes 12."), "1.0 takes 12.");
    }

    #[test]
    fn code_is_fenced_longer_than_what_it_holds() {
        assert_eq!(code("a == b"), "`a == b`");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a ``b`` c"), "```a ``b`` c```");
        assert_eq!(
            block("python", "print('```')"),
            "````python\nprint('```')\n````\n"
        );
    }

    #[test]
    fn a_bar_does_not_end_a_cell() {
        let cells = [[code("a | b"), prose("a | b")]];
        assert_eq!(
            table(["x", "y"], cells),
            "| x | y |\n|---|---|\n| `a \\| b` | a \\| b |\n"
        );
    }

    #[test]
    fn an_anchor_is_what_is_left_of_the_heading() {
        assert_eq!(
            anchor("Functions, creating a socket (2)"),
            "functions-creating-a-socket-2"
        );
    }
}
