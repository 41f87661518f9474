//! Owns a bound on how deep the brackets of a YAML text stand in each other. The parser has one of its
//! own, but finds out only when it has read everything, in a time that grows with the square of the
//! depth. Reads no values.
//!
//! ```text
//! {a: [1, {b: "]"}]}    three levels; what is quoted, commented or in a literal block is text
//! ```

use std::fmt;

/// How deep they may stand: twice as deep as the parser follows them.
const DEPTH: usize = 256;

/// Brackets that stand in each other too deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooDeep {
    /// Where the first one begins that is too deep.
    pub byte: usize,
    line: usize,
}

impl fmt::Display for TooDeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "brackets stand in each other deeper than {DEPTH} levels, in line {}",
            self.line
        )
    }
}

impl std::error::Error for TooDeep {}

/// Looks through a text, once.
///
/// # Errors
/// When its brackets stand in each other too deep to be read.
pub fn check(text: &str) -> Result<(), TooDeep> {
    let mut scan = Scan {
        text: text.as_bytes(),
        at: 0,
        depth: 0,
        begins: Begins::Node,
    };
    while let Some(byte) = scan.peek() {
        if scan.depth > DEPTH {
            let byte = scan.at - 1;
            let line = text.as_bytes()[..byte]
                .iter()
                .filter(|byte| **byte == b'\n');
            let line = line.count() + 1;
            return Err(TooDeep { byte, line });
        }
        scan.step(byte);
    }
    Ok(())
}

/// What can begin at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begins {
    /// A value: behind an indicator, or at the start of a line.
    Node,
    /// What a colon makes a key of, spaces behind it or not: a quoted scalar has ended, or a bracket.
    Colon,
    /// Nothing: it goes on with a plain scalar.
    Nothing,
}

struct Scan<'t> {
    text: &'t [u8],
    at: usize,
    depth: usize,
    begins: Begins,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn next_is_blank(&self) -> bool {
        let next = self.text.get(self.at + 1);
        next.is_none_or(u8::is_ascii_whitespace)
    }

    fn last_was_blank(&self) -> bool {
        let last = self.at.checked_sub(1).and_then(|at| self.text.get(at));
        last.is_none_or(u8::is_ascii_whitespace)
    }

    fn step(&mut self, byte: u8) {
        let is_flow = self.depth > 0;
        match byte {
            b'\n' => {
                // A plain scalar may go on in the next line: a bracket there begins nothing then, but
                // a scalar in several lines with brackets at their start is none that people write.
                self.begins = Begins::Node;
                self.at += 1;
            }
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'#' if self.last_was_blank() => self.skip_line(),
            b'\'' if self.begins == Begins::Node => self.single_quoted(),
            b'"' if self.begins == Begins::Node => self.double_quoted(),
            b'[' | b'{' if is_flow || self.begins == Begins::Node => {
                self.depth += 1;
                self.goes_on(Begins::Node);
            }
            b']' | b'}' if is_flow => {
                self.depth -= 1;
                self.goes_on(Begins::Colon);
            }
            b',' if is_flow => self.goes_on(Begins::Node),
            b':' if self.next_is_blank() || is_flow && self.begins == Begins::Colon => {
                self.goes_on(Begins::Node);
            }
            b'-' | b'?' if self.begins == Begins::Node && self.next_is_blank() => {
                self.goes_on(Begins::Node);
            }
            b'|' | b'>' if self.begins == Begins::Node && !is_flow => self.block(),
            b'&' | b'!' if self.begins == Begins::Node => self.property(),
            _ => self.goes_on(Begins::Nothing),
        }
    }

    fn goes_on(&mut self, begins: Begins) {
        self.at += 1;
        self.begins = begins;
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        let length = rest.iter().position(|byte| *byte == b'\n');
        self.at += length.unwrap_or(rest.len());
    }

    fn single_quoted(&mut self) {
        self.at += 1;
        // Two quotes are one that does not end it, and the second of them begins where this ends.
        while let Some(byte) = self.peek() {
            self.at += 1;
            match (byte, self.peek()) {
                (b'\'', Some(b'\'')) => self.at += 1,
                (b'\'', _) => break,
                _ => {}
            }
        }
        self.begins = Begins::Colon;
    }

    fn double_quoted(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'"' => break,
                _ => {}
            }
        }
        self.begins = Begins::Colon;
    }

    /// An anchor or a tag: the value that it belongs to follows.
    fn property(&mut self) {
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b"[]{},".contains(byte);
        let rest = &self.text[self.at..];
        self.at += rest.iter().position(ends).unwrap_or(rest.len());
    }

    /// A literal or folded block: as far as its lines are indented like the first one.
    fn block(&mut self) {
        let header = self.indent(self.line_start());
        self.skip_line();
        let mut inside = None;
        while self.peek() == Some(b'\n') {
            let line = self.at + 1;
            let indent = self.indent(line);
            let is_blank = self
                .text
                .get(line + indent)
                .is_none_or(|byte| *byte == b'\n');
            if !is_blank {
                let first = *inside.get_or_insert(indent);
                if indent < first || indent <= header {
                    break;
                }
            }
            self.at = line;
            self.skip_line();
        }
        self.begins = Begins::Node;
    }

    fn line_start(&self) -> usize {
        let before = &self.text[..self.at];
        let last = before.iter().rposition(|byte| *byte == b'\n');
        last.map_or(0, |last| last + 1)
    }

    fn indent(&self, line: usize) -> usize {
        let rest = self.text.get(line..).unwrap_or_default();
        rest.iter().take_while(|byte| **byte == b' ').count()
    }
}

#[cfg(test)]
mod tests {
    use super::{DEPTH, check};

    #[test]
    fn what_stands_too_deep_is_found_however_it_is_written() {
        for open in [
            "[",
            "{a: ",
            "[{a: ",
            "{a:\n",
            "{\"a\":",
            "{\"]\": ",
            "{'''}': ",
            "- [",
            "a: [",
            "? [",
            "&a [",
            "!t [",
            "{a: 'b', c: ",
            "[ # ]\n",
            "{a:'b: ",
            "{a#: ",
        ] {
            let text = open.repeat(20_000);
            assert!(check(&text).is_err(), "{open}");
            let block = format!("a: |\n  ]]\nb: {text}");
            assert!(check(&block).is_err(), "{open} behind a block");
        }
    }

    #[test]
    fn brackets_that_are_text_count_for_nothing() {
        for text in [
            "a: '[[[ '' [[[ '\n",
            "a: \"[[[ \\\" [[[ \"\n",
            "a: b[[[ [[[\n",
            "# [[[\na: 1 # [[[\n",
            "a:\n  b: |\n    [[[\n\n      [[[\n  c: >-\n    {{{\n",
            "- |\n [[[\n",
            "a[[[: {b: [1, 2]}\n",
            "x'[[[: 1\n",
            "{a: \"]\", b: [1, {c: 2}]}\n",
        ] {
            let text = text.repeat(DEPTH);
            assert_eq!(check(&text), Ok(()), "{}", &text[..text.len() / DEPTH]);
        }
    }

    #[test]
    fn as_deep_as_the_parser_goes_is_fine() {
        let text = format!("{}{}", "[".repeat(DEPTH), "]".repeat(DEPTH));
        assert_eq!(check(&text), Ok(()));
        let deeper = check(&format!("a: 1\nb: [{text}]")).expect_err("it is deeper");
        assert_eq!((deeper.byte, deeper.line), (8 + DEPTH, 2));
    }

    #[test]
    fn every_file_of_a_built_in_pack_is_fine() {
        for name in crate::built_in::names() {
            let folder = crate::built_in::folder(name).expect("it is built in");
            let folder = crate::folder::Folder::built_in(folder).expect("it can be read");
            for file in &folder.files {
                assert_eq!(check(&file.text), Ok(()), "{}", file.path.display());
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_text_never_panics(text: String) {
            let _ = check(&text);
        }

        #[test]
        fn nearly_yaml_never_panics(text in "[\\[\\]{}:,'\"|>&!#\\\\ \\n?a-]{0,60}") {
            let _ = check(&text);
        }
    }
}
