//! Owns the waiting for one of several sockets, with the numbers that MicroPython has for what a
//! socket can be ready for. Does not know how the sockets are handed over in Python.

use super::Endpoint;
use crate::net::{Errno, Net, Wait, Watch};

/// Receiving or accepting would not wait.
pub const POLLIN: i32 = 1;
/// Sending would not wait.
pub const POLLOUT: i32 = 4;
/// Something went wrong; always told.
pub const POLLERR: i32 = 8;
/// There is no connection; always told.
pub const POLLHUP: i32 = 16;
/// The socket is closed; always told.
pub const POLLNVAL: i32 = 32;

/// Waits until one of the sockets is ready for what it is asked for, and gives what each is
/// ready for: nothing at all when the time is up.
pub fn select(
    net: &mut dyn Net,
    asked: &[(&Endpoint, i32)],
    wait: Wait,
) -> Result<Vec<i32>, Errno> {
    let at_once: Vec<i32> = asked
        .iter()
        .map(|(endpoint, mask)| known(endpoint, *mask))
        .collect();
    let wait = match at_once.iter().any(|mask| *mask != 0) {
        true => Wait::Never,
        false => wait,
    };
    let mut watched: Vec<Watch> = asked
        .iter()
        .filter_map(|(endpoint, mask)| {
            Some(Watch {
                socket: endpoint.id()?,
                input: mask & POLLIN != 0,
                output: mask & POLLOUT != 0,
                ready: Default::default(),
            })
        })
        .collect();
    net.poll(&mut watched, wait)?;
    let mut polled = watched.iter();
    let ready = asked.iter().zip(at_once).map(|((endpoint, _), known)| {
        let polled = endpoint.id().and_then(|_| polled.next()).map_or(0, mask);
        known | polled
    });
    Ok(ready.collect())
}

/// What is known of a socket without asking the network.
fn known(endpoint: &Endpoint, mask: i32) -> i32 {
    match (endpoint.id(), endpoint.has_unread()) {
        (None, _) => POLLNVAL,
        (Some(_), true) => mask & POLLIN,
        (Some(_), false) => 0,
    }
}

fn mask(watch: &Watch) -> i32 {
    let bits = [
        (watch.ready.input, POLLIN),
        (watch.ready.output, POLLOUT),
        (watch.ready.error, POLLERR),
        (watch.ready.hangup, POLLHUP),
    ];
    bits.iter()
        .filter(|(set, _)| *set)
        .map(|(_, bit)| bit)
        .sum()
}
