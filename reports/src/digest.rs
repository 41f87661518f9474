//! Owns the digests of a record: over the plan, over the lines, and over files beside it. Knows where the
//! `timing` member of a line begins, and nothing else of what a line says.

use std::io::{self, BufRead as _, BufReader, Read};

use sha2::{Digest, Sha256};

/// SHA-256 over the ids of all planned cases, each followed by a line feed, in lower-case
/// hexadecimal digits.
///
/// The order of the plan is: clauses as planned; within a clause its regressions by number,
/// then its generated inputs by number.
pub fn plan_digest<I>(cases: I) -> String
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    let mut sha = Sha256::new();
    for case in cases {
        sha.update(case.as_ref());
        sha.update("\n");
    }
    hexadecimal(&sha.finalize())
}

/// SHA-256 of a file's bytes, in lower-case hexadecimal digits.
#[must_use]
pub fn file_digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The same of what can be read, which may be large.
///
/// # Errors
/// When it cannot be read to its end.
pub fn digest_of(read: impl Read) -> io::Result<String> {
    let mut read = BufReader::new(read);
    let mut sha = Sha256::new();
    loop {
        let part = read.fill_buf()?;
        if part.is_empty() {
            return Ok(hexadecimal(&sha.finalize()));
        }
        sha.update(part);
        let length = part.len();
        read.consume(length);
    }
}

/// The running digest over a record's lines.
#[derive(Debug, Clone, Default)]
pub(crate) struct LinesDigest(Sha256);

impl LinesDigest {
    /// Takes in the next line, given without its line feed.
    pub(crate) fn line(&mut self, line: &str) {
        match line.rfind(TIMING) {
            Some(at) => {
                self.0.update(&line[..at]);
                self.0.update("}");
            }
            None => self.0.update(line),
        }
        self.0.update("\n");
    }

    /// The digest over the lines so far.
    pub(crate) fn so_far(&self) -> String {
        hexadecimal(&self.0.clone().finalize())
    }
}

/// How the last member of a line with timing begins. Within a JSON string the quotation marks
/// would be escaped, so these bytes are never a part of a text.
pub(crate) const TIMING: &str = r#","timing":{"#;

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_digest_is_sha_256_over_lines() {
        // printf 'a\nb#1\n' | sha256sum
        assert_eq!(
            plan_digest(["a", "b#1"]),
            "20df407ed996b46eac33777c14dae8389a19a360d5c44acb6c11f9376b170470"
        );
    }

    #[test]
    fn timing_is_left_out_of_the_digest() {
        let digest = |line: &str| {
            let mut lines = LinesDigest::default();
            lines.line(line);
            lines.so_far()
        };
        assert_eq!(
            digest(r#"{"line":"case","timing":{"micros":1}}"#),
            digest(r#"{"line":"case"}"#)
        );
    }

    #[test]
    fn a_text_that_speaks_of_timing_stays_in_the_digest() {
        let digest = |says: &str| {
            let mut lines = LinesDigest::default();
            lines.line(&serde_json::json!({"line": "note", "says": says}).to_string());
            lines.so_far()
        };
        assert_ne!(
            digest(r#"x","timing":{"a":1}}"#),
            digest(r#"x","timing":{"a":2}}"#)
        );
    }
}
