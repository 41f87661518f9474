//! Owns the playing of all scripts beside the target's program, from before it starts until
//! after it has ended. Knows neither sockets nor steps.

use std::future::{Future, poll_fn};
use std::net::SocketAddrV4;
use std::pin::pin;
use std::task::Poll;

use super::PeerNet;
use super::actor::Actor;
use super::pulse::Pulse;
use super::reached::Reached;
use crate::error::BenchError;
use crate::observation::PeerLog;
use crate::scenario::Peer;

/// Peers that are ready for the program: those that listen are listening.
pub struct Prepared<'a, N: PeerNet> {
    actors: Vec<Actor<'a, N>>,
}

/// Makes the peers ready, before the program starts: each whose script says `listen`, `bind` or
/// `refuse` gets its socket, once and until the end, wherever the step stands.
///
/// # Errors
///
/// [`BenchError::Network`] when a socket cannot be opened.
pub async fn prepare<'a, N: PeerNet>(
    net: &'a N,
    peers: &'a [Peer],
) -> Result<Prepared<'a, N>, BenchError> {
    let mut actors = Vec::with_capacity(peers.len());
    for peer in peers {
        actors.push(Actor::enter(net, peer).await?);
    }
    Ok(Prepared { actors })
}

impl<'a, N: PeerNet> Prepared<'a, N> {
    /// The peers that have an address of their own by name, in the order of the scenario.
    pub fn addresses(&self) -> impl Iterator<Item = (&'a str, SocketAddrV4)> {
        self.actors.iter().filter_map(Actor::address)
    }

    /// Plays all scripts, each beside the others and beside the program.
    ///
    /// `target` is where peers connect to. `ended` comes when
    /// the program has ended; `finished` is called when no script can get on any more, be it
    /// before that or after it. Until the program's end every peer keeps its connections open, even with its
    /// script finished, because closing one is something that a program can see. Scripts that
    /// are unfinished by then go on until they are finished, or until none has got on for as long
    /// as what `grace` makes takes; pauses in a script do not count.
    ///
    /// A second `accept` or `connect` in a script takes up a new connection; the former one
    /// stays open, out of the script's reach, until the end. At the end, when the logs are
    /// complete, what is still open is broken off with a reset.
    ///
    /// There is a log for each peer, in the order of the scenario. A name is observed when its
    /// step is finished; what an unfinished step had got is in the log's sentence.
    ///
    /// # Errors
    ///
    /// [`BenchError::Network`] when the bench's own network fails, or a script asks for what
    /// cannot be done. It comes at once, without waiting for `ended`.
    pub async fn run<G: Future<Output = ()>>(
        mut self,
        target: Reached,
        ended: impl Future<Output = ()>,
        finished: impl FnOnce(),
        grace: impl FnMut() -> G,
    ) -> Result<Vec<PeerLog>, BenchError> {
        play(&mut self.actors, target, ended, finished, grace).await?;
        let logs = self
            .actors
            .iter_mut()
            .map(|actor| actor.log(target))
            .collect();
        self.actors.into_iter().for_each(Actor::leave);
        Ok(logs)
    }
}

/// Polls every unfinished script at every poll, in order: the outcome depends on nothing but the
/// network, and a waker need not tell who is meant.
async fn play<N: PeerNet, G: Future<Output = ()>>(
    actors: &mut [Actor<'_, N>],
    target: Reached,
    ended: impl Future<Output = ()>,
    finished: impl FnOnce(),
    mut grace: impl FnMut() -> G,
) -> Result<(), BenchError> {
    let mut finished = Some(finished);
    let pulse = Pulse::default();
    let mut scripts: Vec<_> = actors
        .iter_mut()
        .map(|actor| Some(Box::pin(actor.play(target, &pulse))))
        .collect();
    let mut ended = pin!(ended);
    let mut over = pin!(None);
    let mut has_ended = false;
    poll_fn(|context| {
        has_ended = has_ended || ended.as_mut().poll(context).is_ready();
        let before = pulse.beats();
        for slot in &mut scripts {
            let Some(script) = slot else { continue };
            if let Poll::Ready(played) = script.as_mut().poll(context) {
                *slot = None;
                if played.is_err() {
                    return Poll::Ready(played);
                }
            }
        }
        let all_finished = scripts.iter().all(Option::is_none);
        if all_finished && let Some(finished) = finished.take() {
            finished();
        }
        if !has_ended {
            return Poll::Pending;
        }
        if all_finished {
            return Poll::Ready(Ok(()));
        }
        // The scripts were polled first: what has come until now is taken, however late it is.
        if pulse.beats() != before || pulse.is_pausing() {
            over.set(None);
        }
        if pulse.is_pausing() {
            return Poll::Pending;
        }
        if over.is_none() {
            over.set(Some(grace()));
        }
        over.as_mut()
            .as_pin_mut()
            .map_or(Poll::Pending, |over| over.poll(context).map(Ok))
    })
    .await
}
