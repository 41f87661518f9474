//! Owns the telnet encoding (RFC 854, 855): which of a connection's bytes are data, and which are
//! commands. Takes bytes in any pieces, does no I/O, and does not know what the commands mean.

const IAC: u8 = 255;
const SE: u8 = 240;
const SB: u8 = 250;
const WILL: u8 = 251;
const WONT: u8 = 252;
const DO: u8 = 253;
const DONT: u8 = 254;

/// How long a subnegotiation may be. Those that matter have five bytes and a text; what is longer
/// is thrown away whole.
const LONGEST: usize = 256;

/// What one side says of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Verb {
    /// It wants to use it.
    Will,
    /// It does not use it.
    Wont,
    /// It wants the other side to use it.
    Do,
    /// It does not want that.
    Dont,
}

/// What the other side said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event {
    /// Data, at least one byte.
    Data(Vec<u8>),
    /// Of an option.
    Option(Verb, u8),
    /// Within an option: its number and what belongs to it, unescaped.
    Within(Vec<u8>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Data,
    Command,
    Option(Verb),
    Within,
    CommandWithin,
}

/// Takes apart what the other side sends.
#[derive(Debug)]
pub(super) struct Decoder {
    state: State,
    within: Vec<u8>,
}

impl Decoder {
    pub(super) fn new() -> Decoder {
        Decoder {
            state: State::Data,
            within: Vec::new(),
        }
    }

    /// What these bytes complete.
    pub(super) fn receive(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        for &byte in bytes {
            self.take(byte, &mut events);
        }
        events
    }

    fn take(&mut self, byte: u8, events: &mut Vec<Event>) {
        self.state = match (self.state, byte) {
            (State::Data, IAC) => State::Command,
            (State::Data, _) => {
                data(events, byte);
                State::Data
            }
            (State::Command, IAC) => {
                data(events, IAC);
                State::Data
            }
            (State::Within, IAC) => State::CommandWithin,
            (State::Within, _) => {
                self.collect(byte);
                State::Within
            }
            (State::CommandWithin, IAC) => {
                self.collect(IAC);
                State::Within
            }
            (State::CommandWithin, SE) => {
                if self.within.len() <= LONGEST {
                    events.push(Event::Within(std::mem::take(&mut self.within)));
                }
                State::Data
            }
            // A command in the middle shows that the end has been lost.
            (State::Command | State::CommandWithin, _) => self.command(byte),
            (State::Option(verb), _) => {
                events.push(Event::Option(verb, byte));
                State::Data
            }
        };
    }

    fn command(&mut self, byte: u8) -> State {
        match byte {
            SB => {
                self.within.clear();
                State::Within
            }
            WILL => State::Option(Verb::Will),
            WONT => State::Option(Verb::Wont),
            DO => State::Option(Verb::Do),
            DONT => State::Option(Verb::Dont),
            // The others stand alone, and ask for nothing that a line to a board could do.
            _ => State::Data,
        }
    }

    fn collect(&mut self, byte: u8) {
        if self.within.len() <= LONGEST {
            self.within.push(byte);
        }
    }
}

fn data(events: &mut Vec<Event>, byte: u8) {
    match events.last_mut() {
        Some(Event::Data(data)) => data.push(byte),
        _ => events.push(Event::Data(vec![byte])),
    }
}

/// Appends data as it travels.
pub(super) fn send_data(data: &[u8], out: &mut Vec<u8>) {
    for &byte in data {
        out.push(byte);
        if byte == IAC {
            out.push(IAC);
        }
    }
}

/// Appends what is said of an option.
pub(super) fn send_option(verb: Verb, option: u8, out: &mut Vec<u8>) {
    let verb = match verb {
        Verb::Will => WILL,
        Verb::Wont => WONT,
        Verb::Do => DO,
        Verb::Dont => DONT,
    };
    out.extend([IAC, verb, option]);
}

/// Appends what is said within an option, whose number comes first.
pub(super) fn send_within(within: &[u8], out: &mut Vec<u8>) {
    out.extend([IAC, SB]);
    send_data(within, out);
    out.extend([IAC, SE]);
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn decoded(pieces: &[&[u8]]) -> Vec<Event> {
        let mut decoder = Decoder::new();
        let pieces = pieces.iter();
        pieces.flat_map(|piece| decoder.receive(piece)).collect()
    }

    /// All data in one piece, and the rest.
    fn sorted(events: Vec<Event>) -> (Vec<u8>, Vec<Event>) {
        let (mut all, mut rest) = (Vec::new(), Vec::new());
        for event in events {
            match event {
                Event::Data(data) => all.extend(data),
                event => rest.push(event),
            }
        }
        (all, rest)
    }

    #[test]
    fn a_command_may_be_cut_anywhere() {
        let bytes = [
            b"a".as_slice(),
            &[IAC, DO, 44, IAC, SB, 44, IAC, IAC, 7, IAC, SE],
            b"b",
        ]
        .concat();
        let wanted = (
            b"ab".to_vec(),
            vec![Event::Option(Verb::Do, 44), Event::Within(vec![44, IAC, 7])],
        );
        for cut in 0..=bytes.len() {
            let (before, after) = bytes.split_at(cut);
            assert_eq!(sorted(decoded(&[before, after])), wanted, "cut at {cut}");
        }
    }

    #[test]
    fn a_subnegotiation_without_an_end_gives_way_to_the_next_command() {
        let events = decoded(&[&[IAC, SB, 44, 1, 2, IAC, WILL, 3, b'x']]);
        let wanted = [Event::Option(Verb::Will, 3), Event::Data(b"x".to_vec())];
        assert_eq!(events, wanted);
    }

    #[test]
    fn an_endless_subnegotiation_is_thrown_away_and_takes_no_memory() {
        let mut decoder = Decoder::new();
        decoder.receive(&[IAC, SB]);
        decoder.receive(&[7; 100_000]);
        assert!(decoder.within.len() <= LONGEST + 1);
        let events = decoder.receive(&[IAC, SE, b'x']);
        assert_eq!(events, [Event::Data(b"x".to_vec())]);
    }

    proptest! {
        #[test]
        fn any_data_arrives_as_it_was_sent(data in vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>()) {
            let mut sent = Vec::new();
            send_data(&data, &mut sent);
            let (before, after) = sent.split_at(at.index(sent.len() + 1));
            prop_assert_eq!(sorted(decoded(&[before, after])), (data, vec![]));
        }

        #[test]
        fn what_is_within_an_option_arrives_as_it_was_sent(within in vec(any::<u8>(), 0..LONGEST)) {
            let mut sent = Vec::new();
            send_within(&within, &mut sent);
            prop_assert_eq!(decoded(&[&sent]), vec![Event::Within(within)]);
        }

        #[test]
        fn the_cut_changes_nothing_whatever_the_bytes(
            bytes in vec(prop_oneof![any::<u8>(), 239_u8..=255], 0..100),
            at in any::<prop::sample::Index>(),
        ) {
            let (before, after) = bytes.split_at(at.index(bytes.len() + 1));
            prop_assert_eq!(sorted(decoded(&[before, after])), sorted(decoded(&[&bytes])));
        }
    }
}
