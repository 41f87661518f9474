//! Owns how bytes of a target are shown in a message: a little of them, nothing that a terminal
//! would obey.

/// How many bytes are shown.
const SHOWN: usize = 160;

/// The end of what a target said, control characters escaped.
pub(crate) fn excerpt(bytes: &[u8]) -> String {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let hidden = bytes.len().saturating_sub(SHOWN);
    let shown = bytes[hidden..].escape_ascii();
    if hidden == 0 {
        shown.to_string()
    } else {
        format!("…{shown}")
    }
}

/// How many lines and how many bytes of each a traceback shows.
const LINES: usize = 24;
const LINE: usize = 200;

/// The last lines of what a target said, indented, control characters escaped.
pub(crate) fn lines(bytes: &[u8]) -> String {
    let text = bytes.trim_ascii_end();
    let all: Vec<_> = text.split(|byte| *byte == b'\n').collect();
    let shown = &all[all.len().saturating_sub(LINES)..];
    let lines = shown.iter().map(|line| {
        let line = line.trim_ascii_end();
        let line = line[..line.len().min(LINE)].iter();
        let shown = line.map(|byte| match byte {
            b' '..=b'~' => char::from(*byte).to_string(),
            _ => byte.escape_ascii().to_string(),
        });
        format!("    {}", shown.collect::<String>())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The last bytes that a target said, however much it says.
#[derive(Debug, Default)]
pub(crate) struct LastWords(Vec<u8>);

impl LastWords {
    pub(crate) fn hear(&mut self, bytes: &[u8]) {
        let bytes = &bytes[bytes.len().saturating_sub(2 * SHOWN)..];
        let kept = self.0.len().min(2 * SHOWN - bytes.len());
        self.0.drain(..self.0.len() - kept);
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a raw REPL has said something of this, be it damaged: its banner is long enough that
    /// a part of it is left. One that has no memory left is another matter.
    pub(crate) fn are_of_a_raw_repl(&self) -> bool {
        let said = |part: &str| memchr::memmem::find(&self.0, part.as_bytes()).is_some();
        ["raw RE", "w REPL;", "CTRL-B", "RL-B to"]
            .into_iter()
            .any(said)
            && !said("MemoryError")
    }

    /// A clause for the end of a sentence.
    pub(crate) fn told(&self) -> String {
        if self.0.is_empty() {
            "it said nothing".to_owned()
        } else {
            format!("it said last: `{}`", excerpt(&self.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_shown() {
        assert_eq!(excerpt(b"a\x1b[2J\xffb\r\n"), "a\\x1b[2J\\xffb");
    }

    #[test]
    fn only_the_end_of_a_long_text_is_shown() {
        let shown = excerpt(&[b'x'; 1000]);
        assert_eq!(shown.chars().count(), SHOWN + 1);
        assert!(shown.starts_with('…'));
    }

    #[test]
    fn a_traceback_keeps_its_lines_and_nothing_that_a_terminal_obeys() {
        let traceback = b"Traceback:\r\n  File \"<stdin>\"\r\n  \x1b[2Jx\r\n";
        let shown = "    Traceback:\n      File \"<stdin>\"\n      \\x1b[2Jx";
        assert_eq!(lines(traceback), shown);
        assert_eq!(lines(&b"x\n".repeat(1000)).lines().count(), LINES);
    }

    #[test]
    fn the_last_words_are_the_last() {
        let mut words = LastWords::default();
        for piece in [&b"first "[..], &[b'x'; 1000], b" last"] {
            words.hear(piece);
        }
        assert!(words.told().ends_with("xx last`"));
        assert!(words.0.len() <= 2 * SHOWN);
    }
}
