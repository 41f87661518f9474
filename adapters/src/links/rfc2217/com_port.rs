//! Owns the words of the telnet option for serial lines (RFC 2217): what a line is asked to be,
//! and which of its server's answers is about what. Keeps no state.

use std::fmt;

/// The option's number.
pub(super) const COM_PORT: u8 = 44;
/// A server's answer has the command's number and this.
const ANSWER: u8 = 100;

const SET_BAUDRATE: u8 = 1;
const SET_DATASIZE: u8 = 2;
const SET_PARITY: u8 = 3;
const SET_STOPSIZE: u8 = 4;
const SET_CONTROL: u8 = 5;
const PURGE_DATA: u8 = 12;

/// What a line is asked to be. `Display` writes it as in a URL where it can stand in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    /// So many bits a second.
    Baud(u32),
    /// Eight data bits.
    EightBits,
    /// No parity.
    NoParity,
    /// One stop bit.
    OneStopBit,
    /// No flow control.
    NoFlowControl,
    /// Data terminal ready, on or off.
    Dtr(bool),
    /// Request to send, on or off.
    Rts(bool),
    /// What the server still holds, for either side, is thrown away.
    Purge,
}

impl Setting {
    /// What is said within the option.
    pub(super) fn request(self) -> Vec<u8> {
        let value = match self {
            Setting::Baud(baud) => {
                return [&[COM_PORT, SET_BAUDRATE], &baud.to_be_bytes()[..]].concat();
            }
            Setting::EightBits => [SET_DATASIZE, 8],
            Setting::NoParity => [SET_PARITY, 1],
            Setting::OneStopBit => [SET_STOPSIZE, 1],
            Setting::NoFlowControl => [SET_CONTROL, 1],
            Setting::Dtr(true) => [SET_CONTROL, 8],
            Setting::Dtr(false) => [SET_CONTROL, 9],
            Setting::Rts(true) => [SET_CONTROL, 11],
            Setting::Rts(false) => [SET_CONTROL, 12],
            Setting::Purge => [PURGE_DATA, 3],
        };
        [&[COM_PORT], &value[..]].concat()
    }

    /// What the server's word, within the option, says of this setting; `None` when it is about
    /// something else.
    pub(super) fn answer(self, within: &[u8]) -> Option<Answer> {
        let request = self.request();
        let (&[option, command], value) = within.split_first_chunk::<2>()?;
        let (asked, wanted) = request.split_at(2);
        if option != COM_PORT || command != asked[1].checked_add(ANSWER)? {
            return None;
        }
        let is_mine = match (self, value) {
            (Setting::NoFlowControl, [value]) => matches!(value, 0..=3 | 13..),
            (Setting::Dtr(_), [value]) => matches!(value, 7..=9),
            (Setting::Rts(_), [value]) => matches!(value, 10..=12),
            _ => true,
        };
        if !is_mine {
            return None;
        }
        Some(match value == wanted {
            true => Answer::Done,
            false => Answer::Other(match (self, value.try_into()) {
                (Setting::Baud(_), Ok(baud)) => Some(u32::from_be_bytes(baud)),
                _ => None,
            }),
        })
    }
}

/// What became of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is so now.
    Done,
    /// It is something else, here in numbers where it is a speed.
    Other(Option<u32>),
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = |on: bool| if on { "on" } else { "off" };
        match *self {
            Setting::Baud(baud) => write!(f, "baud={baud}"),
            Setting::EightBits => f.write_str("eight data bits"),
            Setting::NoParity => f.write_str("no parity"),
            Setting::OneStopBit => f.write_str("one stop bit"),
            Setting::NoFlowControl => f.write_str("no flow control"),
            Setting::Dtr(on) => write!(f, "dtr={}", level(on)),
            Setting::Rts(on) => write!(f, "rts={}", level(on)),
            Setting::Purge => f.write_str("empty buffers"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_answers_are_those_of_the_standard() {
        // The answers are those of ser2net 4.3.
        for (setting, request, answer) in [
            (
                Setting::Baud(115_200),
                &[44, 1, 0, 1, 0xc2, 0][..],
                &[44, 101, 0, 1, 0xc2, 0][..],
            ),
            (Setting::EightBits, &[44, 2, 8], &[44, 102, 8]),
            (Setting::NoParity, &[44, 3, 1], &[44, 103, 1]),
            (Setting::OneStopBit, &[44, 4, 1], &[44, 104, 1]),
            (Setting::NoFlowControl, &[44, 5, 1], &[44, 105, 1]),
            (Setting::Purge, &[44, 12, 3], &[44, 112, 3]),
        ] {
            assert_eq!(setting.request(), request);
            assert_eq!(setting.answer(answer), Some(Answer::Done), "{setting}");
        }
    }

    #[test]
    fn an_answer_is_told_from_one_about_another_line() {
        let dtr = Setting::Dtr(true);
        assert_eq!(dtr.answer(&[44, 105, 8]), Some(Answer::Done));
        assert_eq!(dtr.answer(&[44, 105, 9]), Some(Answer::Other(None)));
        assert_eq!(dtr.answer(&[44, 105, 11]), None);
        assert_eq!(dtr.answer(&[44, 107, 8]), None);
        assert_eq!(Setting::Rts(true).answer(&[44, 105, 8]), None);
        assert_eq!(Setting::NoFlowControl.answer(&[44, 105, 8]), None);
    }

    #[test]
    fn another_speed_is_named_and_what_is_cut_off_is_no_speed() {
        let baud = Setting::Baud(115_200);
        let slow = baud.answer(&[44, 101, 0, 0, 0x25, 0x80]);
        assert_eq!(slow, Some(Answer::Other(Some(9600))));
        assert_eq!(baud.answer(&[44, 101, 0]), Some(Answer::Other(None)));
        assert_eq!(baud.answer(&[44, 101]), Some(Answer::Other(None)));
        assert_eq!(baud.answer(&[44]), None);
        assert_eq!(baud.answer(&[]), None);
    }
}
