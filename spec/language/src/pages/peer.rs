//! Owns the peers' scripts in words.

use std::time::Duration;

use indexmap::IndexMap;

use super::markdown::{code, prose};
use crate::pack::{PeerStep, TargetPort};
use crate::vocabulary::PEER;

/// What the peers do, as lists in Markdown; empty without peers. `inherited` steps, which come
/// first, are left out. In a documented program nothing is bound to a peer's name.
pub(super) fn scripts(
    peers: &IndexMap<String, Vec<PeerStep>>,
    inherited: Option<&IndexMap<String, Vec<PeerStep>>>,
    verbatim: bool,
) -> String {
    let mut text = String::new();
    for (name, steps) in peers {
        let known = inherited
            .and_then(|peers| peers.get(name))
            .map_or(0, Vec::len);
        let own = steps.get(known..).unwrap_or_default();
        if own.is_empty() {
            continue;
        }
        let then = if known > 0 {
            ", after the fixture's steps"
        } else {
            ""
        };
        let who = if name == PEER {
            "The peer".to_owned()
        } else {
            format!("The peer {}", code(name))
        };
        text.push_str(&format!("{who}{then}:\n\n"));
        for (number, step) in own.iter().enumerate() {
            text.push_str(&format!(
                "{}. {}\n",
                number + 1,
                words(step, name, verbatim)
            ));
        }
        text.push('\n');
    }
    text
}

fn words(step: &PeerStep, peer: &str, verbatim: bool) -> String {
    let address = if verbatim {
        ".".to_owned()
    } else {
        format!("; its address is {} in the program.", code(peer))
    };
    match step {
        PeerStep::Listen => format!("Listens on a TCP port before the program starts{address}"),
        PeerStep::Refuse => {
            format!("Takes a TCP port on which nobody listens, before the program starts{address}")
        }
        PeerStep::Bind => format!("Opens a UDP socket before the program starts{address}"),
        PeerStep::Accept { name } => {
            format!(
                "Accepts a connection{}.",
                named(name, "its remote address is")
            )
        }
        PeerStep::Connect { to, name } => format!(
            "Connects to the target's {}, trying again while that refuses{}.",
            match to {
                TargetPort::First => "port",
                TargetPort::Second => "second port",
            },
            named(name, "its own address is")
        ),
        PeerStep::Send(data) => format!("Sends {}.", code(&data.text)),
        PeerStep::ReceiveBytes { count, name } => format!(
            "Receives {} bytes{}.",
            code(&count.text),
            named(name, "what came is")
        ),
        PeerStep::ReceiveUntilEof { name } => format!(
            "Receives until the stream ends{}.",
            named(name, "what came is")
        ),
        PeerStep::Pause(time) => format!("Waits {}.", seconds(*time)),
        PeerStep::Shutdown => "Ends its own direction of the stream.".to_owned(),
        PeerStep::Close => "Closes the connection.".to_owned(),
        PeerStep::Reset => "Breaks the connection off with a reset.".to_owned(),
        PeerStep::ReceiveFrom { name, from } => {
            format!("Takes the next datagram{}.", datagram(name, from))
        }
        PeerStep::Reply(data) => {
            format!(
                "Sends {} to whoever the last datagram came from.",
                code(&data.text)
            )
        }
        PeerStep::Ask { data, name, from } => format!(
            "Sends the datagram {} to the target's port, again and again until an answer comes{}.",
            code(&data.text),
            datagram(name, from)
        ),
        PeerStep::Multicast { group, data } => format!(
            "Sends the datagram {} to the group {}, on the target's port.",
            code(&data.text),
            prose(&group.to_string())
        ),
        PeerStep::Optional => "From here on its steps are optional: a target that does without \
                               them is not failed for it."
            .to_owned(),
    }
}

fn named(name: &Option<String>, what: &str) -> String {
    name.as_ref()
        .map_or_else(String::new, |name| format!("; {what} {}", code(name)))
}

fn datagram(name: &Option<String>, from: &Option<String>) -> String {
    named(name, "its bytes are") + &named(from, "its sender is")
}

/// A time, as people write it.
pub(super) fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}
