//! Owns which capabilities a check asks for by what is written in it, and that `needs` names
//! them. A program can need more than that, which nothing but `needs` says.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::document::Document;
use crate::field::Field;
use crate::pack::{Capability, PeerStep, PlaceName};
use crate::tree::Spot;

/// The capabilities that are listed and known.
pub(crate) fn listed(list: &Field<Vec<Field<Capability>>>) -> BTreeSet<Capability> {
    list.get()
        .into_iter()
        .flatten()
        .filter_map(|need| need.get().copied())
        .collect()
}

/// What asks for capabilities in a check, a fixture or an example.
#[derive(Default)]
pub(crate) struct Asking<'a> {
    /// The peers' scripts.
    pub peers: Option<&'a IndexMap<String, Vec<PeerStep>>>,
    /// Whether lines of input are given.
    pub input: bool,
    /// Whether the network has conditions.
    pub network: bool,
    /// Whether the time is judged that a program with peers took.
    pub elapsed: bool,
    /// The places of a documented program.
    pub places: Vec<PlaceName>,
}

impl Asking<'_> {
    /// Reports each capability that is asked for and not among `needs`.
    pub(crate) fn report_missing(
        &self,
        document: &Document<'_>,
        owner: Spot,
        needs: &BTreeSet<Capability>,
    ) {
        for (capability, reason) in self.reasons() {
            if !needs.contains(&capability) {
                document.report_with(
                    owner,
                    format!("{reason}, and `needs` does not name `{capability}`"),
                    format!("add `{capability}` to `needs`"),
                );
            }
        }
    }

    /// Each capability once, with what asks for it.
    fn reasons(&self) -> BTreeMap<Capability, &'static str> {
        let mut reasons = BTreeMap::new();
        let steps = self.peers.into_iter().flat_map(IndexMap::values).flatten();
        for (capability, reason) in steps.flat_map(of_step) {
            reasons.entry(*capability).or_insert(*reason);
        }
        if self.input {
            reasons.insert(Capability::Stdin, "there is `input`");
        }
        if self.network {
            reasons.insert(Capability::ShapedNetwork, "there is `network`");
        }
        if self.elapsed && !self.network {
            let reason = "`elapsed` counts what the network takes, too";
            reasons.insert(Capability::PromptNetwork, reason);
        }
        let wlan = [PlaceName::WlanSsid, PlaceName::WlanPassword];
        if self.places.iter().any(|place| wlan.contains(place)) {
            reasons.insert(Capability::Wlan, "there is a place of `wlan`");
        }
        reasons
    }
}

fn of_step(step: &PeerStep) -> &'static [(Capability, &'static str)] {
    const TCP: (Capability, &str) = (Capability::Tcp, "there is a peer of TCP");
    const UDP: (Capability, &str) = (Capability::Udp, "there is a peer of UDP");
    const MULTICAST: (Capability, &str) = (Capability::Multicast, "a peer sends to a group");
    match step {
        PeerStep::Pause(_) | PeerStep::Optional => &[],
        PeerStep::Listen
        | PeerStep::Accept { .. }
        | PeerStep::Connect { .. }
        | PeerStep::Send(_)
        | PeerStep::ReceiveBytes { .. }
        | PeerStep::ReceiveUntilEof { .. }
        | PeerStep::Shutdown
        | PeerStep::Close
        | PeerStep::Reset
        | PeerStep::Refuse => &[TCP],
        PeerStep::Bind
        | PeerStep::ReceiveFrom { .. }
        | PeerStep::Reply(_)
        | PeerStep::Ask { .. } => &[UDP],
        PeerStep::Multicast { .. } => &[UDP, MULTICAST],
    }
}
