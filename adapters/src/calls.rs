//! Owns the calls by which the helper on a target runs programs: how they are written, what the
//! target keeps of them, and the sums by which damage is noticed. Sends nothing.
//!
//! A program is its parts. What programs have in common is sent once and from then on named by
//! its number, as long as the target has room for it.

use std::fmt::Write as _;

use trueline_spec::value::text_literal;

use crate::program_text::{Part, Parts};
use crate::report_sum;
use crate::room::Room;

/// A text that is shorter is sent each time: its number and what names it cost as much.
const WORTH_KEEPING: usize = 16;
/// Most texts that are kept at a time.
const SLOTS: usize = 24;
/// Call numbers begin anew after so many, so that they stay short.
const NUMBERS: u64 = 10_000;

/// What a target keeps.
#[derive(Debug)]
pub(crate) struct Calls {
    slots: Vec<Slot>,
    room: Room,
    /// Counts the calls.
    now: u64,
}

#[derive(Debug)]
struct Slot {
    text: String,
    used: u64,
    /// Whether the target is known to have it.
    is_there: bool,
}

/// A call that can be sent.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Its text.
    pub(crate) text: String,
    /// Where the sums of the reports begin, program by program.
    pub(crate) first_sum: u64,
    /// What the target keeps when it has arrived.
    keeps: Vec<usize>,
}

/// A program as it is written in a call.
#[derive(Debug, Default)]
struct Written {
    /// The parts, without the brackets around them.
    text: String,
    /// What goes into the sum.
    said: Vec<String>,
    /// What the parts are, apart from text of the program's own.
    like: Vec<Like>,
    /// This text, if there is one.
    own: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Like {
    Own,
    Kept(usize),
    Collected,
}

impl Written {
    fn say(&mut self, said: &str, text: String) {
        self.said.push(said.to_owned());
        self.text += &text;
        self.text.push(',');
    }
}

impl Calls {
    /// Calls of a target with so much room.
    pub(crate) fn new(room: Room) -> Calls {
        Calls {
            slots: Vec::new(),
            room,
            now: 0,
        }
    }

    /// Writes the call that runs these programs, one after the other.
    pub(crate) fn write(&mut self, programs: &[Parts]) -> Call {
        self.now += 1;
        let number = self.now * 64 % NUMBERS;
        let mut sum = number;
        let mut keeps = Vec::new();
        let mut arguments = String::new();
        let mut like = None;
        for parts in programs {
            let written = self.program(parts, &mut keeps);
            if like.as_ref() == Some(&written.like)
                && let Some(own) = &written.own
            {
                sum = report_sum::go_on_with_text(sum, own);
                put(&mut arguments, format_args!(",{}", text_literal(own)));
                continue;
            }
            for said in &written.said {
                sum = report_sum::go_on_with_text(sum, said);
            }
            put(&mut arguments, format_args!(",({})", written.text));
            like = Some(written.like);
        }
        Call {
            text: format!("_t({number},{sum}{arguments})"),
            first_sum: number + 1,
            keeps,
        }
    }

    /// Writes a program as the tuple of its parts.
    fn program(&mut self, parts: &Parts, keeps: &mut Vec<usize>) -> Written {
        let mut written = Written::default();
        let mut owns = 0;
        for part in parts.0.iter().filter(|part| !part.text.is_empty()) {
            let Some(slot) = self.slot(part) else {
                written.say(&part.text, text_literal(&part.text));
                written.like.push(Like::Own);
                written.own = Some(part.text.clone());
                owns += 1;
                continue;
            };
            written.like.push(Like::Kept(slot));
            if self.slots[slot].is_there || keeps.contains(&slot) {
                written.say(&slot.to_string(), slot.to_string());
            } else {
                let text = text_literal(&part.text);
                written.say(&slot.to_string(), format!("({slot},{text})"));
                written.said.push(part.text.clone());
                keeps.push(slot);
            }
        }
        // On a small board little memory is in one piece else.
        if self.room.is_small || parts.leaves_a_file() {
            written.say("None", "None".to_owned());
            written.like.push(Like::Collected);
        }
        if owns != 1 {
            written.own = None;
        }
        written
    }

    /// The call has arrived whole, and has been run.
    pub(crate) fn arrived(&mut self, call: &Call) {
        for &slot in &call.keeps {
            self.slots[slot].is_there = true;
        }
    }

    /// The target has said how much room it has.
    pub(crate) fn resize(&mut self, room: Room) {
        self.room = room;
        self.forget();
    }

    /// Nothing is known of what the target keeps.
    pub(crate) fn forget(&mut self) {
        self.slots.clear();
    }

    /// Where a part is kept, or will be.
    fn slot(&mut self, part: &Part) -> Option<usize> {
        let length = part.text.len();
        if !part.is_shared || length < WORTH_KEEPING || length > self.room.kept {
            return None;
        }
        let known = self.slots.iter().position(|slot| slot.text == part.text);
        let slot = match known {
            Some(slot) => slot,
            None => self.take_in(&part.text)?,
        };
        self.slots[slot].used = self.now;
        Some(slot)
    }

    /// Makes room for a text by giving up those that were not used for longest, but none that this
    /// call needs. A number that is taken over frees its text on the target, too.
    fn take_in(&mut self, text: &str) -> Option<usize> {
        let new = Slot {
            text: text.to_owned(),
            used: self.now,
            is_there: false,
        };
        let kept: usize = self.slots.iter().map(|slot| slot.text.len()).sum();
        if self.slots.len() < SLOTS && kept + text.len() <= self.room.kept {
            self.slots.push(new);
            return Some(self.slots.len() - 1);
        }
        let oldest = self
            .slots
            .iter()
            .enumerate()
            .min_by_key(|(_, slot)| slot.used);
        let (oldest, slot) = oldest.filter(|(_, slot)| slot.used < self.now)?;
        if kept - slot.text.len() + text.len() > self.room.kept {
            return None;
        }
        self.slots[oldest] = new;
        Some(oldest)
    }
}

fn put(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments)
        .expect("writing to a String cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "import usocket as socket\n";

    fn room(kept: usize) -> Room {
        Room {
            kept,
            ..Room::of(None)
        }
    }

    fn shared(text: &str) -> Part {
        Part {
            text: text.to_owned(),
            is_shared: true,
        }
    }

    fn own(text: &str) -> Part {
        Part {
            text: text.to_owned(),
            is_shared: false,
        }
    }

    #[test]
    fn what_programs_share_is_sent_once() {
        let mut calls = Calls::new(room(1000));
        let programs = [
            Parts(vec![shared(LONG), own("a=1\n")]),
            Parts(vec![shared(LONG)]),
        ];
        let first = calls.write(&programs);
        assert!(
            first
                .text
                .ends_with(r",((0,'import usocket as socket\n'),'a=1\n',),(0,))"),
            "{}",
            first.text
        );
        calls.arrived(&first);
        let second = calls.write(&programs);
        assert!(
            second.text.ends_with(r",(0,'a=1\n',),(0,))"),
            "{}",
            second.text
        );
    }

    #[test]
    fn a_program_like_the_one_before_it_is_its_own_text_alone() {
        let program = |text: &str| Parts(vec![shared(LONG), own(text)]);
        let call = Calls::new(room(1000)).write(&[program("a=1\n"), program("a=2\n")]);
        assert!(call.text.ends_with(r"'a=1\n',),'a=2\n')"), "{}", call.text);
    }

    #[test]
    fn what_did_not_arrive_is_sent_again() {
        let mut calls = Calls::new(room(1000));
        let program = [Parts(vec![shared(LONG)])];
        let arguments = |call: Call| call.text.split_once("((").map(|(_, rest)| rest.to_owned());
        let first = calls.write(&program);
        let second = calls.write(&program);
        assert_eq!(arguments(first), arguments(second.clone()));
        calls.arrived(&second);
        calls.forget();
        let third = calls.write(&program);
        assert_eq!(arguments(third), arguments(second));
    }

    #[test]
    fn what_is_used_least_makes_room() {
        let mut calls = Calls::new(room(60));
        let texts = [
            "a = 1  # a long text\n",
            "b = 2  # a long text\n",
            "c = 3  # a long text\n",
        ];
        for text in texts {
            let call = calls.write(&[Parts(vec![shared(text)])]);
            calls.arrived(&call);
        }
        let of = |calls: &mut Calls, text: &str| calls.write(&[Parts(vec![shared(text)])]).text;
        assert!(of(&mut calls, texts[1]).ends_with(",(1,))"));
        assert!(of(&mut calls, texts[2]).ends_with(",(0,))"));
        assert!(of(&mut calls, texts[0]).contains("((1,'a = "));
    }

    #[test]
    fn no_call_gives_up_what_it_needs_itself() {
        let mut calls = Calls::new(room(30));
        let call = calls.write(&[
            Parts(vec![shared(LONG)]),
            Parts(vec![shared("from errno import EINVAL\n")]),
        ]);
        assert!(call.text.contains("((0,'import"), "{}", call.text);
        assert!(call.text.contains("('from errno"), "{}", call.text);
    }

    #[test]
    fn a_target_without_room_keeps_nothing() {
        let call = Calls::new(room(0)).write(&[Parts(vec![shared(LONG)])]);
        assert!(
            call.text.contains(r"('import usocket as socket\n',)"),
            "{}",
            call.text
        );
    }
}
