//! Owns the shapes of peers' steps.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::duration::Span;
use crate::field::{Field, Words};

/// What a peer does next: a word, or a word with what it needs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename = "$by-shape", rename_all = "lowercase")]
#[schemars(rename = "step", untagged)]
pub(crate) enum StepShape {
    /// A step that stands alone.
    Scalar(BareStep),
    /// A step with a value.
    Mapping(StepWith),
}

/// A step that stands alone.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename = "step that stands alone", rename_all = "lowercase")]
#[schemars(rename = "bare_step")]
pub(crate) enum BareStep {
    /// Opens a listening TCP socket before the program starts. The peer's name is its address
    /// in the program.
    Listen,
    /// Takes one connection.
    Accept,
    /// Connects to the target's `port`, trying again while that refuses.
    Connect,
    /// Ends the peer's direction of the connection.
    Shutdown,
    /// Closes the connection.
    Close,
    /// Breaks the connection off with a reset.
    Reset,
    /// Takes a TCP port on which nobody listens, for as long as the program runs. The peer's
    /// name is that address. It is the only step of its peer.
    Refuse,
    /// Opens a UDP socket before the program starts. The peer's name is its address in the
    /// program.
    Bind,
    /// Makes the steps after it optional: a target that does without them is not failed for it.
    Optional,
}

/// A step with a value.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename = "step with a value", rename_all = "snake_case")]
#[schemars(rename = "step_with_value", deny_unknown_fields)]
pub(crate) enum StepWith {
    /// Takes one connection.
    Accept(NamedShape),
    /// Connects to the target, trying again while that refuses.
    Connect(ConnectShape),
    /// Sends the bytes that a Python expression over generated names gives.
    Send(Field<Words>),
    /// Receives so many bytes, or until the stream ends.
    Receive(ReceiveShape),
    /// Does nothing for a while.
    Pause(Span),
    /// Takes the next datagram.
    ReceiveFrom(DatagramShape),
    /// Sends one datagram, a Python expression over generated names, to whoever the last one
    /// came from.
    Reply(Field<Words>),
    /// Sends a datagram to the target's `port`, again and again until an answer comes.
    Ask(AskShape),
    /// Sends one datagram to a group, on the target's `port`.
    Multicast(MulticastShape),
}

/// Under which name an address is observed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(rename = "named_address", deny_unknown_fields)]
pub(crate) struct NamedShape {
    /// The name of the address of the connection's other side, the tuple `(address, port)`.
    pub r#as: Field<String>,
}

/// Where a peer connects to.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(rename = "connection", deny_unknown_fields)]
pub(crate) struct ConnectShape {
    /// The target's port; left out, it is `port`.
    pub to: Field<PortName>,
    /// The name of the peer's own address, the tuple `(address, port)`.
    pub r#as: Field<String>,
}

/// A port of the target, as a program calls it.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename = "port of the target", rename_all = "snake_case")]
#[schemars(rename = "target_port")]
pub(crate) enum PortName {
    /// The one that most programs have enough of.
    Port,
    /// The other one.
    SecondPort,
}

/// How much a peer receives.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "receive",
    deny_unknown_fields,
    extend("oneOf" = [{"required": ["bytes"]}, {"required": ["until"]}])
)]
pub(crate) struct ReceiveShape {
    /// How many bytes, a Python expression over generated names. The script ends here if the
    /// stream ends before; what came is observed.
    pub bytes: Field<Words>,
    /// Receives until the stream ends.
    pub until: Field<Until>,
    /// The name of the bytes that came.
    pub r#as: Field<String>,
}

/// Where a peer stops to receive.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename = "end", rename_all = "lowercase")]
pub(crate) enum Until {
    /// The end of the stream.
    Eof,
}

/// A datagram that a peer takes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(rename = "datagram", deny_unknown_fields)]
pub(crate) struct DatagramShape {
    /// The name of its bytes.
    pub r#as: Field<String>,
    /// The name of its sender, the tuple `(address, port)`.
    pub from: Field<String>,
}

/// A datagram that a peer sends until it is answered.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(rename = "question", deny_unknown_fields, extend("required" = ["send"]))]
pub(crate) struct AskShape {
    /// The datagram, a Python expression over generated names.
    pub send: Field<Words>,
    /// The name of the answer's bytes.
    pub r#as: Field<String>,
    /// The name of the answer's sender, the tuple `(address, port)`.
    pub from: Field<String>,
}

/// A datagram to a group.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "group_datagram",
    deny_unknown_fields,
    extend("required" = ["group", "send"])
)]
pub(crate) struct MulticastShape {
    /// The group's address, from 224.0.0.0 to 239.255.255.255.
    #[schemars(extend("format" = "ipv4"))]
    pub group: Field<String>,
    /// The datagram, a Python expression over generated names.
    pub send: Field<Words>,
}
