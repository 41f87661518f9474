//! Owns the member `chain` of a record's lines: where it stands in a line, and what it is made of.
//! Does not know what a line says.
//!
//! It ties each line to all lines above it, so that a record without its closing line shows, too,
//! when one of them was changed.

use crate::digest::{LinesDigest, TIMING};

/// How many digits of the digest a line carries: enough to find every accident, and short.
const DIGITS: usize = 16;
/// How the member begins. Within a JSON string the quotation marks would be escaped.
const MEMBER: &str = r#","chain":""#;

/// The value for the line that the digest has taken in last.
pub(super) fn value(digest: &LinesDigest) -> String {
    let mut digits = digest.so_far();
    digits.truncate(DIGITS);
    digits
}

/// The line with its chain: the last member, or the last one before `timing`.
pub(super) fn insert(line: &str, chain: &str) -> String {
    let (before, after) = line.split_at(place(line));
    format!("{before}{MEMBER}{chain}\"{after}")
}

/// The line without its chain, and the chain; `None` where it has none.
pub(super) fn take(line: &str) -> Option<(String, &str)> {
    let (before, after) = line.split_at_checked(place(line))?;
    let (before, chain) = before.strip_suffix('"')?.rsplit_once(MEMBER)?;
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let is_whole = chain.len() == DIGITS && chain.bytes().all(is_digit);
    is_whole.then(|| (format!("{before}{after}"), chain))
}

/// Where it stands, or would stand.
fn place(line: &str) -> usize {
    line.rfind(TIMING)
        .unwrap_or_else(|| line.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::{insert, take};

    #[test]
    fn what_was_inserted_is_taken_out_again() {
        for line in [
            r#"{"line":"note","says":"a"}"#,
            r#"{"line":"case","id":"a/b","timing":{"micros":1}}"#,
            r#"{"line":"note","says":"\",\"chain\":\"0123456789abcdef\""}"#,
        ] {
            let chained = insert(line, "0123456789abcdef");
            assert_eq!(
                take(&chained),
                Some((line.to_owned(), "0123456789abcdef")),
                "{chained}"
            );
            assert_eq!(take(line), None);
        }
    }

    #[test]
    fn whatever_stands_in_a_line_is_no_reason_to_panic() {
        for line in ["", "é", "\"", "\",\"chain\":\"é\"", ",\"timing\":{"] {
            assert_eq!(take(line), None);
        }
    }
}
