//! Owns how bytes of a target are shown in a message: a little of them, nothing that a terminal
//! would obey.

use trueline_spec::visible;

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

/// How many lines and how many characters of each a traceback shows.
const LINES: usize = 24;
const LINE: usize = 200;

/// The last lines of what a target said, indented, control characters escaped.
pub(crate) fn lines(bytes: &[u8]) -> String {
    let text = bytes.trim_ascii_end();
    let all: Vec<_> = text.split(|byte| *byte == b'\n').collect();
    let hidden = all.len().saturating_sub(LINES);
    let lines = all[hidden..].iter().map(|line| {
        let line = String::from_utf8_lossy(line.trim_ascii_end());
        format!("    {}", visible::line(&visible::cut(&line, LINE)))
    });
    let above = (hidden > 0).then(|| format!("    … ({hidden} lines above)"));
    above
        .into_iter()
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A traceback without the frames of the helper's loader, which is nobody's concern.
pub(crate) fn without_loader(traceback: &[u8]) -> Vec<u8> {
    let all: Vec<_> = traceback.split_inclusive(|byte| *byte == b'\n').collect();
    let is_of_loader = |line: &&[u8]| memchr::memmem::find(line, b", in _t_load").is_some();
    match all.iter().position(is_of_loader) {
        // The heading stays, and what the loader has called.
        Some(loader) => [&all[..1], &all[loader + 1..]].concat().concat(),
        None => traceback.to_vec(),
    }
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
        let long = lines(&b"x\n".repeat(1000));
        assert!(long.starts_with("    … (976 lines above)\n"), "{long}");
        assert_eq!(long.lines().count(), LINES + 1);
        let wide = lines(&"é".repeat(LINE + 7).into_bytes());
        assert!(wide.ends_with("é… (7 more characters)"), "{wide}");
    }

    #[test]
    fn a_traceback_names_no_frame_of_the_loader() {
        let frame =
            |line: u32, name: &str| format!("  File \"<stdin>\", line {line}, in {name}\r\n");
        let heading = "Traceback (most recent call last):\r\n";
        let rest = format!("{}ValueError: x\r\n", frame(4, "f"));
        let (above, loader) = (frame(1, "<module>"), frame(15, "_t_load"));
        let whole = format!("{heading}{above}{loader}{rest}");
        let shown = without_loader(whole.as_bytes());
        assert_eq!(String::from_utf8_lossy(&shown), format!("{heading}{rest}"));
        assert_eq!(without_loader(rest.as_bytes()), rest.as_bytes());
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
