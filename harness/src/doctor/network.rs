//! Owns the examinations of the ways between target and peers, each begun by the one and by the
//! other.

use trueline_adapters::observation::{Ending, Observation};
use trueline_adapters::scenario::{Peer, Step};
use trueline_spec::pack::{Capability, TargetPort};

use super::Found;
use super::board::without_module;
use super::patient::{Patient, beside, ended};

/// Addresses as this target has them: some want what `getaddrinfo` gives.
const ADDRESS: &str = "def address(a): return socket.getaddrinfo(a[0], a[1])[0][-1]\n";

/// The bytes that go each way.
const PING: &[u8] = b"ping";
const PONG: &[u8] = b"pong";

/// A way that is examined.
struct Way {
    needs: Capability,
    /// Whether the target begins.
    out: bool,
    script: Vec<Step>,
    body: &'static str,
}

/// The target connects to a peer.
pub(super) async fn tcp_to_peer(patient: &mut Patient<'_>) -> Result<Found, Found> {
    let way = Way {
        needs: Capability::Tcp,
        out: true,
        script: vec![
            Step::Listen,
            Step::Accept { name: None },
            received(),
            Step::Send(PONG.to_vec()),
        ],
        body: "s = socket.socket()\ns.connect(address(peer))\ns.send(b'ping')\ns.recv(4)\n\
               s.close()\n",
    };
    examine(patient, way).await
}

/// A peer connects to the target.
pub(super) async fn tcp_from_peer(patient: &mut Patient<'_>) -> Result<Found, Found> {
    let way = Way {
        needs: Capability::Tcp,
        out: false,
        script: vec![
            Step::Connect {
                to: TargetPort::First,
                name: None,
            },
            Step::Send(PONG.to_vec()),
            received(),
        ],
        body: "s = socket.socket()\ns.bind(address(('0.0.0.0', port)))\ns.listen(1)\n\
               c = s.accept()[0]\nc.recv(4)\nc.send(b'ping')\nc.close()\ns.close()\n",
    };
    examine(patient, way).await
}

/// The target sends a datagram first.
pub(super) async fn udp_to_peer(patient: &mut Patient<'_>) -> Result<Found, Found> {
    let way = Way {
        needs: Capability::Udp,
        out: true,
        script: vec![
            Step::Bind,
            Step::ReceiveFrom {
                name: None,
                from: None,
            },
            Step::Reply(PONG.to_vec()),
        ],
        body: "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
               s.sendto(b'ping', address(peer))\ns.recvfrom(4)\ns.close()\n",
    };
    examine(patient, way).await
}

/// A peer sends a datagram first.
pub(super) async fn udp_from_peer(patient: &mut Patient<'_>) -> Result<Found, Found> {
    let way = Way {
        needs: Capability::Udp,
        out: false,
        script: vec![
            Step::Bind,
            Step::Ask {
                data: PONG.to_vec(),
                name: None,
                from: None,
            },
        ],
        body: "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
               s.bind(address(('0.0.0.0', port)))\nd, who = s.recvfrom(4)\n\
               s.sendto(b'ping', who)\ns.close()\n",
    };
    examine(patient, way).await
}

fn received() -> Step {
    Step::ReceiveBytes {
        count: PING.len(),
        name: None,
    }
}

async fn examine(patient: &mut Patient<'_>, way: Way) -> Result<Found, Found> {
    if let Some(not) = without_module(patient) {
        return Ok(not);
    }
    let info = patient.info();
    if !info.capabilities.contains(&way.needs) {
        let because = format!("the bench has no `{}` for it", way.needs);
        return Ok(Found::NotExamined(because));
    }
    let addresses = info.addresses;
    let peer = Peer {
        name: "peer".to_owned(),
        script: way.script,
    };
    let body = format!("{ADDRESS}{}", way.body);
    let scenario = beside(peer, !way.out, &patient.pack.module, &body);
    let observation = patient.observe(&scenario).await?;
    let kind = way.needs.to_string().to_uppercase();
    let (says, option) = match way.out {
        true => {
            let peer = addresses.peer;
            (
                format!("{kind} from the target to {peer} and back"),
                "peer=IP",
            )
        }
        false => {
            let target = addresses.target;
            (
                format!("{kind} from here to {target} and back"),
                "target=IP",
            )
        }
    };
    let Some(why) = failure(&observation) else {
        return Ok(Found::Sound(says));
    };
    Ok(Found::problem(
        format!("no {says}: {why}"),
        format!(
            "name the address by which they reach each other with `{option}`, see that the board is \
             in that network, and that no firewall stands between"
        ),
    ))
}

/// Why the bytes did not go both ways, if they did not.
fn failure(observation: &Observation) -> Option<String> {
    let peer = observation
        .peers
        .iter()
        .find_map(|peer| peer.stopped.as_ref());
    match (&observation.ending, peer) {
        (Ending::Finished, None) => None,
        (Ending::Finished, Some(stopped)) => Some(format!("at the peer: {stopped}")),
        (ending, None) => Some(format!("on the target: {}", ended(ending))),
        (ending, Some(stopped)) => Some(format!(
            "on the target: {}; at the peer: {stopped}",
            ended(ending)
        )),
    }
}
