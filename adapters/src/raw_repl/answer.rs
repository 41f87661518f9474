//! Owns the finding of a program's end in the bytes that follow it: output, `\x04`, traceback,
//! `\x04>`. Does not know what a program is, nor how it was sent.
//!
//! A program may print `\x04` itself. A program that was asked to print an end mark has not
//! ended before that mark, so what looks like an end before it is output.

use memchr::{memchr2, memmem};

use super::greeting;

/// How a program's answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With a prompt, as it should.
    Prompt,
    /// The target started anew meanwhile.
    Restart,
    /// It printed more than is kept.
    Endless,
    /// Something other than a prompt followed the traceback.
    NoPrompt,
}

/// What came after a program, as far as it came.
#[derive(Debug)]
pub(super) struct Answer {
    mark: memmem::Finder<'static>,
    limit: usize,
    bytes: Vec<u8>,
    /// How many marks have come, and how many the programs were asked to print.
    marks: usize,
    wanted: usize,
    /// How far the mark has been looked for.
    searched: usize,
    /// Where the last two `\x04` are that may end output and traceback.
    stops: (Option<usize>, Option<usize>),
    /// Where output ends and where the traceback does, when both have come.
    ended: Option<(usize, usize)>,
}

impl Answer {
    pub(super) fn new(mark: &[u8], limit: usize) -> Answer {
        Answer {
            mark: memmem::Finder::new(mark).into_owned(),
            limit,
            bytes: Vec::new(),
            marks: 0,
            wanted: 1,
            searched: 0,
            stops: (None, None),
            ended: None,
        }
    }

    /// Forgets the last answer and awaits one with so many marks; the memory stays.
    pub(super) fn expect(&mut self, marks: usize) {
        self.bytes.clear();
        self.marks = 0;
        self.wanted = marks;
        self.searched = 0;
        self.stops = (None, None);
        self.ended = None;
    }

    /// What the program printed, as far as it came.
    pub(super) fn output(&self) -> &[u8] {
        &self.bytes[..self.ended.map_or(self.bytes.len(), |(output, _)| output)]
    }

    /// What stands between output and prompt.
    pub(super) fn traceback(&self) -> &[u8] {
        self.ended.map_or(&[], |(output, traceback)| {
            &self.bytes[output + 1..traceback]
        })
    }

    /// How many end marks have come.
    pub(super) fn marks(&self) -> usize {
        self.marks
    }

    fn is_marked(&self) -> bool {
        self.marks >= self.wanted
    }

    /// Takes what came; when that ends the answer, says how, and how much of it was taken.
    pub(super) fn receive(&mut self, bytes: &[u8]) -> Option<(usize, End)> {
        let mut taken = 0;
        while let Some(found) = memchr2(0x04, b'>', &bytes[taken..]) {
            let special = taken + found;
            let end = self
                .text(&bytes[taken..special])
                .or_else(|| match bytes[special] {
                    b'>' => self.prompt(),
                    _ => self.stop(),
                });
            taken = special + 1;
            if let Some(end) = end {
                return Some((taken, end));
            }
        }
        let end = self.text(&bytes[taken..]);
        self.search();
        end.map(|end| (bytes.len(), end))
    }

    fn both_stops(&self) -> Option<(usize, usize)> {
        match self.stops {
            (Some(first), Some(second)) => Some((first, second)),
            _ => None,
        }
    }

    /// After the mark, the rest of the output, a stop, the traceback and a stop, only a prompt
    /// may follow.
    fn is_complete(&self) -> bool {
        self.is_marked() && self.both_stops().is_some()
    }

    fn text(&mut self, text: &[u8]) -> Option<End> {
        if text.is_empty() {
            return None;
        }
        if self.is_complete() {
            return Some(End::NoPrompt);
        }
        let room = self.limit.saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(&text[..text.len().min(room)]);
        (text.len() > room).then_some(End::Endless)
    }

    fn stop(&mut self) -> Option<End> {
        let at = self.bytes.len();
        if let Some(end) = self.text(b"\x04") {
            return Some(end);
        }
        self.search();
        self.stops = match self.stops {
            (None, _) => (Some(at), None),
            (first, None) => (first, Some(at)),
            (_, second) => (second, Some(at)),
        };
        None
    }

    fn prompt(&mut self) -> Option<End> {
        if let Some((output, traceback)) = self.both_stops()
            && traceback + 1 == self.bytes.len()
        {
            self.ended = Some((output, traceback));
            return Some(End::Prompt);
        }
        if let Some(end) = self.text(b">") {
            return Some(end);
        }
        (greeting::is_start(&self.bytes) || greeting::is_raw(&self.bytes)).then_some(End::Restart)
    }

    /// Looks for marks in what has not been searched yet. What looked like stops before the last
    /// one was printed by a program.
    fn search(&mut self) {
        let length = self.mark.needle().len();
        while !self.is_marked() {
            match self.mark.find(&self.bytes[self.searched..]) {
                Some(at) => {
                    self.marks += 1;
                    self.searched += at + length;
                    self.stops = (None, None);
                }
                None => {
                    // A mark may have come in part.
                    let rest = self.bytes.len().saturating_sub(length.saturating_sub(1));
                    self.searched = self.searched.max(rest);
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(said: &[u8]) -> (Answer, Option<(usize, End)>) {
        let mut answer = Answer::new(b"~mark!", 1000);
        let end = answer.receive(said);
        (answer, end)
    }

    #[test]
    fn output_and_traceback_are_told_apart() {
        let said = b"hello\r\n\x04Traceback\r\n\x04>";
        let (answer, end) = read(said);
        assert_eq!(end, Some((said.len(), End::Prompt)));
        assert_eq!(answer.output(), b"hello\r\n");
        assert_eq!(answer.traceback(), b"Traceback\r\n");
        assert_eq!(answer.marks(), 0);
    }

    #[test]
    fn a_printed_stop_before_the_last_of_several_marks_is_output() {
        let said = b"~mark!ok\r\na\x04b\x04c~mark!ok\r\n\x04\x04>";
        let mut answer = Answer::new(b"~mark!", 1000);
        answer.expect(2);
        assert_eq!(answer.receive(said), Some((said.len(), End::Prompt)));
        assert_eq!(answer.output(), b"~mark!ok\r\na\x04b\x04c~mark!ok\r\n");
        assert_eq!(answer.marks(), 2);
    }

    #[test]
    fn a_printed_stop_before_the_mark_is_output() {
        let said = b"a\x04b\x04c\r\n~mark!ok\r\n\x04\x04>";
        let (answer, end) = read(said);
        assert_eq!(end, Some((said.len(), End::Prompt)));
        assert_eq!(answer.output(), b"a\x04b\x04c\r\n~mark!ok\r\n");
        assert_eq!(answer.marks(), 1);
    }

    #[test]
    fn a_restart_is_seen_in_the_middle_of_output() {
        for said in [
            &b"half a li\r\nMicroPython v1.9\r\nType \"help()\" for more information.\r\n>>> "[..],
            b"\x04\x04\r\nMPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>",
        ] {
            assert_eq!(read(said).1.map(|(_, end)| end), Some(End::Restart));
        }
    }

    #[test]
    fn text_after_the_traceback_is_no_prompt() {
        assert_eq!(
            read(b"~mark!ok\n\x04\x04x").1.map(|(_, end)| end),
            Some(End::NoPrompt)
        );
    }

    #[test]
    fn output_beyond_the_limit_is_endless_and_not_kept() {
        let (answer, end) = read(&[b'x'; 5000]);
        assert_eq!(end.map(|(_, end)| end), Some(End::Endless));
        assert_eq!(answer.output().len(), 1000);
    }

    proptest! {
        #[test]
        fn the_split_does_not_matter(
            said in prop::collection::vec(
                prop_oneof![
                    Just(b"\x04".to_vec()), Just(b">".to_vec()), Just(b"~mark!".to_vec()),
                    Just(b"~ma".to_vec()), Just(b"\n".to_vec()), prop::collection::vec(any::<u8>(), 0..40),
                ],
                0..30,
            ),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let said = said.concat();
            let (whole, end) = read(&said);
            let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(said.len() + 1)).collect();
            cuts.extend([0, said.len()]);
            cuts.sort_unstable();
            let mut pieces = Answer::new(b"~mark!", 1000);
            let mut pieces_end = None;
            for cut in cuts.windows(2) {
                if let Some((taken, end)) = pieces.receive(&said[cut[0]..cut[1]]) {
                    pieces_end = Some((cut[0] + taken, end));
                    break;
                }
            }
            prop_assert_eq!(end.map(|(_, end)| end), pieces_end.map(|(_, end)| end));
            prop_assert_eq!(whole.output(), pieces.output());
            prop_assert_eq!(whole.traceback(), pieces.traceback());
        }
    }
}
