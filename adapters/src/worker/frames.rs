//! Owns how a message is written on a worker's line: its length in four bytes, little endian, and
//! then the message. Reads and writes nothing.

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The longest message. Observations are the longest ones, and what a program may print is far
/// below it.
const LONGEST: usize = 1 << 28;

/// How many bytes the length takes.
pub(super) const HEAD: usize = 4;

/// The message as it goes on the line.
pub(super) fn written<M: Serialize>(message: &M) -> io::Result<Vec<u8>> {
    let mut frame = postcard::to_extend(message, vec![0; HEAD]).map_err(io::Error::other)?;
    let length = frame.len() - HEAD;
    checked(length)?;
    let length = u32::try_from(length).map_err(io::Error::other)?;
    frame[..HEAD].copy_from_slice(&length.to_le_bytes());
    Ok(frame)
}

/// How long the message is that the head announces.
pub(super) fn length(head: [u8; HEAD]) -> io::Result<usize> {
    checked(u32::from_le_bytes(head) as usize)
}

fn checked(length: usize) -> io::Result<usize> {
    match length <= LONGEST {
        true => Ok(length),
        false => Err(io::Error::other(format!(
            "a message of {length} bytes is too long for a worker's line"
        ))),
    }
}

/// The message that was written so.
pub(super) fn read<M: DeserializeOwned>(message: &[u8]) -> io::Result<M> {
    postcard::from_bytes(message).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let message = (
            String::from("é"),
            vec![1u8, 2, 3],
            -170_141_183_460_469_231_731i128,
        );
        let frame = written(&message).expect("it can be written");
        let (head, rest) = frame.split_first_chunk().expect("there is a head");
        assert_eq!(length(*head).expect("it is short"), rest.len());
        let back: (String, Vec<u8>, i128) = read(rest).expect("it can be read");
        assert_eq!(back, message);
    }

    #[test]
    fn a_length_that_no_message_has_is_refused() {
        length([0xff; HEAD]).expect_err("4 GiB");
        read::<String>(&[9, 9]).expect_err("no string");
    }
}
