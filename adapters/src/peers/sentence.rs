//! Owns the sentences that say where a script was left and why. Does not decide when.

use trueline_spec::value::Value;

use super::Breach;
use crate::scenario::Step;

/// How many bytes of a stream a sentence shows.
const EXCERPT: usize = 64;

/// How far the step at hand has come.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Bytes of a `send` that the network took, or datagrams of an `ask`.
    pub(super) sent: usize,
    /// What a `receive` has got.
    pub(super) received: Vec<u8>,
    /// Whether the last finished attempt of a `connect` was refused.
    pub(super) refused: bool,
}

/// The word for a step in a spec.
pub(super) fn word(step: &Step) -> &'static str {
    match step {
        Step::Listen => "listen",
        Step::Accept { .. } => "accept",
        Step::Connect { .. } => "connect",
        Step::Send(_) => "send",
        Step::ReceiveBytes { .. } | Step::ReceiveUntilEof { .. } => "receive",
        Step::Pause(_) => "pause",
        Step::Shutdown => "shutdown",
        Step::Close => "close",
        Step::Reset => "reset",
        Step::Refuse => "refuse",
        Step::Bind => "bind",
        Step::ReceiveFrom { .. } => "receive_from",
        Step::Reply(_) => "reply",
        Step::Ask { .. } => "ask",
        Step::Multicast { .. } => "multicast",
        Step::Optional => "optional",
    }
}

/// What the step was waiting for when time was over. `port` is the target's.
pub(super) fn waiting(step: &Step, progress: &Progress, port: Option<u16>) -> String {
    match step {
        Step::Accept { .. } => "waited for a connection that did not come".to_owned(),
        Step::Connect { .. } if progress.refused => {
            format!("the target refused the connection{}", on(port))
        }
        Step::Connect { .. } => format!("the target did not answer the connection{}", on(port)),
        Step::Send(data) => format!(
            "waited for the target to take {}; it took {}",
            bytes(data.len()),
            progress.sent
        ),
        Step::ReceiveBytes { count, .. } => format!(
            "waited for {} and got {}",
            bytes(*count),
            with_excerpt(progress.received.len().to_string(), &progress.received)
        ),
        Step::ReceiveUntilEof { .. } => format!(
            "waited for the end of the stream after {}",
            with_excerpt(bytes(progress.received.len()), &progress.received)
        ),
        Step::Pause(duration) => format!("had not yet paused for {duration:?}"),
        Step::ReceiveFrom { .. } => "waited for a datagram that did not come".to_owned(),
        Step::Ask { .. } => {
            let times = if progress.sent == 1 { "time" } else { "times" };
            let sent = progress.sent;
            format!(
                "sent its datagram {sent} {times}{} and got no answer",
                on(port)
            )
        }
        Step::Listen
        | Step::Shutdown
        | Step::Close
        | Step::Reset
        | Step::Refuse
        | Step::Bind
        | Step::Reply(_)
        | Step::Multicast { .. }
        | Step::Optional => {
            format!("had no time for `{}`", word(step))
        }
    }
}

/// What the target did that ended the script. `port` is the target's.
pub(super) fn broken(
    step: &Step,
    progress: &Progress,
    breach: &Breach,
    port: Option<u16>,
) -> String {
    match step {
        Step::Connect { .. } => match breach {
            Breach::Refused => format!("the target refused the connection{}", on(port)),
            Breach::Reset | Breach::Ended => {
                format!("the connection{} was reset by the target", on(port))
            }
            Breach::Unreachable(error) => {
                format!("the target could not be reached{} ({error})", on(port))
            }
        },
        Step::Send(data) => {
            let length = bytes(data.len());
            format!(
                "{} after {} of {length} were sent",
                broken_off(breach),
                progress.sent
            )
        }
        Step::ReceiveBytes { count, .. } if matches!(breach, Breach::Ended) => format!(
            "waited for {}, and the stream ended after {}",
            bytes(*count),
            with_excerpt(bytes(progress.received.len()), &progress.received)
        ),
        Step::ReceiveBytes { .. } | Step::ReceiveUntilEof { .. } => {
            let length = bytes(progress.received.len());
            format!(
                "{} after {}",
                broken_off(breach),
                with_excerpt(length, &progress.received)
            )
        }
        _ => broken_off(breach),
    }
}

fn broken_off(breach: &Breach) -> String {
    match breach {
        Breach::Refused => "the connection was refused by the target".to_owned(),
        Breach::Reset => "the connection was reset by the target".to_owned(),
        Breach::Ended => "the target ended its direction of the stream".to_owned(),
        Breach::Unreachable(error) => format!("the target did not answer any more ({error})"),
    }
}

fn on(port: Option<u16>) -> String {
    port.map(|port| format!(" on port {port}"))
        .unwrap_or_default()
}

fn bytes(count: usize) -> String {
    format!("{count} byte{}", if count == 1 { "" } else { "s" })
}

/// `length`, and behind it how the data begins, escaped: it is the target's and may be anything.
fn with_excerpt(length: String, data: &[u8]) -> String {
    if data.is_empty() {
        return length;
    }
    let (excerpt, first) = match data.get(..EXCERPT) {
        Some(start) if data.len() > EXCERPT => (start, ", first"),
        _ => (data, ":"),
    };
    format!("{length}{first} {}", Value::Bytes(excerpt.to_vec()))
}
