//! Owns packets that were seen, and how they are written for Wireshark. Knows no stack.
//!
//! The format is pcapng: unlike the older one it has a place for the name of the case. A block is
//! its type, its length, its content filled up to four bytes, and its length again
//! (draft-ietf-opsawg-pcapng).

use std::time::Duration;

use serde::{Deserialize, Serialize};

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const PACKET: u32 = 6;
const BYTE_ORDER: u32 = 0x1a2b_3c4d;
const ETHERNET: u16 = 1;
const COMMENT: u16 = 1;
const INTERFACE_NAME: u16 = 2;
const APPLICATION: u16 = 4;

/// The packets of one program, as they went by at the board's antenna.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Capture {
    pub(super) packets: Vec<Packet>,
}

/// A packet that went by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Packet {
    /// Since the program began.
    pub(super) at: Duration,
    /// An Ethernet frame.
    #[serde(with = "serde_bytes")]
    pub(super) frame: Vec<u8>,
}

impl Capture {
    /// How many packets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.packets.len()
    }

    /// Whether nothing went by.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.packets.is_empty()
    }

    /// The file, with a comment on the whole of it.
    #[must_use]
    pub fn to_pcapng(&self, comment: &str) -> Vec<u8> {
        let mut file = Vec::new();
        let mut section = Vec::new();
        section.extend(BYTE_ORDER.to_le_bytes());
        // Version 1.0, and a section of unknown length.
        section.extend([1, 0, 0, 0]);
        section.extend([0xff; 8]);
        option(&mut section, COMMENT, comment);
        let application = concat!("trueline ", env!("CARGO_PKG_VERSION"));
        option(&mut section, APPLICATION, application);
        section.extend([0; 4]);
        block(&mut file, SECTION, &section);

        let mut interface = Vec::new();
        interface.extend(ETHERNET.to_le_bytes());
        // Reserved, and no limit to a packet's length.
        interface.extend([0; 6]);
        option(
            &mut interface,
            INTERFACE_NAME,
            "the board's wireless interface",
        );
        interface.extend([0; 4]);
        block(&mut file, INTERFACE, &interface);

        for packet in &self.packets {
            let micros = u64::try_from(packet.at.as_micros()).unwrap_or(u64::MAX);
            let length = u32::try_from(packet.frame.len()).unwrap_or(u32::MAX);
            let mut content = Vec::with_capacity(packet.frame.len() + 24);
            content.extend([0; 4]);
            content.extend(((micros >> 32) as u32).to_le_bytes());
            content.extend((micros as u32).to_le_bytes());
            content.extend(length.to_le_bytes());
            content.extend(length.to_le_bytes());
            content.extend(&packet.frame);
            block(&mut file, PACKET, &content);
        }
        file
    }
}

fn block(file: &mut Vec<u8>, kind: u32, content: &[u8]) {
    let filled = content.len().next_multiple_of(4);
    // Frames and names are short.
    let length = (filled as u32 + 12).to_le_bytes();
    file.extend(kind.to_le_bytes());
    file.extend(length);
    file.extend(content);
    file.resize(file.len() + filled - content.len(), 0);
    file.extend(length);
}

fn option(content: &mut Vec<u8>, code: u16, text: &str) {
    // A longer one would not fit into its length.
    let text = &text.as_bytes()[..text.len().min(4096)];
    content.extend(code.to_le_bytes());
    content.extend((text.len() as u16).to_le_bytes());
    content.extend(text);
    content.resize(content.len().next_multiple_of(4), 0);
}
