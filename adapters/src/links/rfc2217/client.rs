//! Owns the client's side of RFC 2217: which telnet options are agreed on, and what the server has
//! answered to each setting. Bytes in, bytes out; no I/O and no clock.

use std::collections::HashSet;

use super::com_port::{Answer, COM_PORT, Setting};
use super::telnet::{self, Decoder, Event, Verb};

/// Bytes are eight bits wide, and no line end is changed.
const BINARY: u8 = 0;
/// Neither side waits for the other's permission to speak.
const SUPPRESS_GO_AHEAD: u8 = 3;

/// A connection to a server.
#[derive(Debug)]
pub(super) struct Client {
    decoder: Decoder,
    outgoing: Vec<u8>,
    incoming: Vec<u8>,
    /// What has been said of options. Each thing is said once, so that no server can draw the
    /// client into talking without end.
    said: HashSet<(Verb, u8)>,
    agreement: Option<bool>,
    asked: Vec<(Setting, Option<Answer>)>,
}

impl Client {
    /// Begins with an offer of everything that it needs.
    pub(super) fn new() -> Client {
        let mut client = Client {
            decoder: Decoder::new(),
            outgoing: Vec::new(),
            incoming: Vec::new(),
            said: HashSet::new(),
            agreement: None,
            asked: Vec::new(),
        };
        for option in [COM_PORT, BINARY, SUPPRESS_GO_AHEAD] {
            client.say(Verb::Will, option);
        }
        for option in [BINARY, SUPPRESS_GO_AHEAD] {
            client.say(Verb::Do, option);
        }
        client
    }

    /// Whether the server knows serial lines, once it has said so.
    pub(super) fn agreement(&self) -> Option<bool> {
        self.agreement
    }

    /// Asks for a setting.
    pub(super) fn ask(&mut self, setting: Setting) {
        telnet::send_within(&setting.request(), &mut self.outgoing);
        self.asked.push((setting, None));
    }

    /// What was asked for since the last [`Client::forget`], with the answers that have come.
    pub(super) fn asked(&self) -> &[(Setting, Option<Answer>)] {
        &self.asked
    }

    /// Whether every setting has been answered.
    pub(super) fn is_answered(&self) -> bool {
        self.asked.iter().all(|(_, answer)| answer.is_some())
    }

    /// Waits for no answer any more.
    pub(super) fn forget(&mut self) {
        self.asked.clear();
    }

    /// Takes data for the board.
    pub(super) fn send(&mut self, data: &[u8]) {
        telnet::send_data(data, &mut self.outgoing);
    }

    /// What is to be written to the server.
    pub(super) fn outgoing(&self) -> &[u8] {
        &self.outgoing
    }

    /// So many of the outgoing bytes have been written.
    pub(super) fn sent(&mut self, count: usize) {
        self.outgoing.drain(..count);
    }

    /// Takes what the server has written.
    pub(super) fn receive(&mut self, bytes: &[u8]) {
        for event in self.decoder.receive(bytes) {
            match event {
                Event::Data(data) => self.incoming.extend(data),
                Event::Option(verb, option) => self.hear(verb, option),
                Event::Within(within) => self.note(&within),
            }
        }
    }

    /// What the board has said and nobody has taken.
    pub(super) fn incoming(&self) -> &[u8] {
        &self.incoming
    }

    /// Moves what the board has said to the buffer, as much as there is room for.
    pub(super) fn take(&mut self, buffer: &mut [u8]) -> usize {
        let count = self.incoming.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.incoming[..count]);
        self.incoming.drain(..count);
        count
    }

    fn say(&mut self, verb: Verb, option: u8) {
        if self.said.insert((verb, option)) {
            telnet::send_option(verb, option, &mut self.outgoing);
        }
    }

    fn hear(&mut self, verb: Verb, option: u8) {
        match (verb, option) {
            (Verb::Do, COM_PORT) => self.agreement = Some(true),
            (Verb::Dont, COM_PORT) => self.agreement = Some(false),
            _ => {}
        }
        let is_known = matches!(option, COM_PORT | BINARY | SUPPRESS_GO_AHEAD);
        let reply = match verb {
            Verb::Will if is_known => Verb::Do,
            // An echo would come back to whoever sends a program.
            Verb::Will | Verb::Wont => Verb::Dont,
            Verb::Do if is_known => Verb::Will,
            Verb::Do | Verb::Dont => Verb::Wont,
        };
        self.say(reply, option);
    }

    fn note(&mut self, within: &[u8]) {
        let open = self.asked.iter_mut().filter(|(_, answer)| answer.is_none());
        for (setting, answer) in open {
            *answer = setting.answer(within);
            if answer.is_some() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn written(client: &mut Client) -> Vec<u8> {
        let outgoing = client.outgoing().to_vec();
        client.sent(outgoing.len());
        outgoing
    }

    #[test]
    fn it_offers_what_it_needs_and_says_nothing_twice() {
        let mut client = Client::new();
        let offers = written(&mut client);
        assert_eq!(
            offers,
            [
                255, 251, 44, 255, 251, 0, 255, 251, 3, 255, 253, 0, 255, 253, 3
            ]
        );
        // As ser2net 4.3 greets: it will and wants the other side to suppress go-aheads, will
        // echo, and so on.
        client.receive(
            b"\xff\xfb\x03\xff\xfd\x03\xff\xfb\x01\xff\xfe\x01\xff\xfd\x00\xff\xfb\x00\xff\xfd,hi",
        );
        assert_eq!(client.agreement(), Some(true));
        assert_eq!(client.incoming(), b"hi");
        // It wants no echo from either side.
        assert_eq!(written(&mut client), [255, 254, 1, 255, 252, 1]);
        client.receive(b"\xff\xfb\x01\xff\xfb\x01\xff\xfe\x01");
        assert!(client.outgoing().is_empty());
    }

    #[test]
    fn a_server_that_knows_no_serial_lines_says_so() {
        let mut client = Client::new();
        assert_eq!(client.agreement(), None);
        client.receive(b"\xff\xfe,");
        assert_eq!(client.agreement(), Some(false));
    }

    #[test]
    fn answers_find_their_questions_in_any_order() {
        let mut client = Client::new();
        for setting in [Setting::Dtr(false), Setting::Rts(true), Setting::Rts(false)] {
            client.ask(setting);
        }
        client.receive(b"\xff\xfa,\x69\x0b\xff\xf0\xff\xfa,\x69\x0c\xff\xf0");
        assert!(!client.is_answered());
        client.receive(b"\xff\xfa,\x69\x08\xff\xf0");
        assert!(client.is_answered());
        let answers: Vec<_> = client.asked().iter().map(|(_, answer)| *answer).collect();
        let done = Some(Answer::Done);
        assert_eq!(answers, [Some(Answer::Other(None)), done, done]);
    }

    proptest! {
        #[test]
        fn no_server_is_too_strange(
            bytes in vec(prop_oneof![any::<u8>(), 239_u8..=255, Just(44), 100_u8..113], 0..300),
        ) {
            let mut client = Client::new();
            client.ask(Setting::Baud(9600));
            client.receive(&bytes);
            // Three bytes for each of four verbs and 256 options, and the question.
            prop_assert!(client.outgoing().len() <= 4 * 256 * 3 + 10);
            prop_assert!(client.incoming().len() <= bytes.len());
        }
    }
}
